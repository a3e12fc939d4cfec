// The list: everything that passes the filters, the dates too. What the drawing shows can be read here.
let sorting = null; // a column, with its direction; at first the best supported relations come first

const COLUMNS = {
  subject: (relation) => titleOf(relation.s),
  predicate: (relation) => label(relation.p),
  object: (relation) => relation.date || titleOf(relation.o),
  told: (relation) => `${relation.disputed ? 0 : 1}${STANCES.indexOf(relation.stances[0])}`,
  sources: (relation) => relation.sources,
};

function sorted(found) {
  if (!sorting) return found;
  const names = new Intl.Collator(view.language, { numeric: true });
  const [column, sign] = sorting;
  const keys = new Map(found.map((relation) => [relation, COLUMNS[column](relation)]));
  const compare = (a, b) => (typeof a === "number" ? a - b : names.compare(a, b));
  return [...found].sort((a, b) => sign * compare(keys.get(a), keys.get(b)));
}

function row(relation) {
  const open = make("button", { type: "button", className: "link" }, label(relation.p));
  open.setAttribute("aria-label", relationText(relation));
  const line = make("tr", { className: view.focus?.[1] === relation.id ? "chosen" : "", onclick: () => focusOn(["id", relation.id]) },
    make("td", {}, symbolOf(relation.s), entityName(relation.s)),
    make("td", { className: "predicate" }, open),
    make("td", {}, ...(relation.o ? [symbolOf(relation.o)] : []), object(relation)),
    make("td", {}, ...badges(relation)),
    make("td", { className: "number" }, number(relation.sources)));
  line.dataset.id = relation.id;
  return line;
}

/** What passes the filters and, while somebody types, has the words of the search box on one side. */
function listed() {
  const query = fold(view.query);
  return query ? visible.filter((relation) => [relation.s, relation.o].some((id) => id && matches(entities.get(id), query))) : visible;
}

function showList() {
  const rows = sorted(listed());
  byId("shown").textContent = rows.length ? `${number(rows.length)} ${say("of")} ${number(relations.size)}` : say("no-relation");
  byId("rows").replaceChildren(...rows.slice(0, view.limit).map(row));
  byId("more").hidden = rows.length <= view.limit;
  for (const head of document.querySelectorAll("[data-column]")) {
    const direction = sorting?.[0] === head.dataset.column ? sorting[1] : 0;
    head.closest("th").setAttribute("aria-sort", ["descending", "none", "ascending"][direction + 1]);
  }
}

function startList() {
  byId("more").onclick = () => { view.limit += PAGE; showList(); };
  for (const head of document.querySelectorAll("[data-column]")) {
    head.onclick = () => {
      const same = sorting?.[0] === head.dataset.column;
      sorting = same && sorting[1] < 0 ? null : [head.dataset.column, same ? -1 : 1];
      showList();
    };
  }
}
