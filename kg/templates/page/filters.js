// The legend, which filters.
const tally = (values) => values.reduce((counts, value) => counts.set(value, (counts.get(value) || 0) + 1), new Map());

function term(key, from) {
  const text = make("span", { className: "term" });
  text.dataset[from] = key;
  return text;
}

function toggle(group, key, on) {
  view.off[group][on ? "delete" : "add"](key);
}

function checkbox(group, key, count, ...content) {
  const input = make("input", { type: "checkbox" });
  input.dataset.group = group;
  input.dataset.key = key;
  input.addEventListener("change", () => { toggle(group, key, input.checked); change({ limit: PAGE }); });
  return make("label", {}, input, ...content, make("small", {}, number(count)));
}

function switchFor(key, ...content) {
  const input = make("input", { type: "checkbox", id: key });
  input.addEventListener("change", () => change({ [key]: input.checked, limit: PAGE }));
  return make("label", {}, input, ...content);
}

function familyFilter(family, counts) {
  const input = make("input", { type: "checkbox" });
  input.dataset.family = family.family;
  const own = family.predicates.filter((predicate) => counts.has(predicate));
  input.addEventListener("change", () => {
    for (const predicate of own) toggle("predicates", predicate, input.checked);
    change({ limit: PAGE });
  });
  const text = make("span", { className: "term" });
  text.dataset.family = family.family;
  return make("div", { className: "family" },
    make("label", { className: "head" }, input, stroke(family.color, "actual"), text),
    ...own.map((predicate) => checkbox("predicates", predicate, counts.get(predicate), term(predicate, "term"))));
}

/** Put in what the graph has; it may have grown. */
function fillFilters() {
  for (const old of document.querySelectorAll("#predicates .family, :is(#kinds, #stances, #outlets) label")) old.remove();
  const all = [...relations.values()];
  const ordered = (counts, order) => order.filter((key) => counts.has(key)).map((key) => [key, counts.get(key)]);
  const predicates = tally(all.map((relation) => relation.p));
  const used = data.families.filter((family) => family.predicates.some((predicate) => predicates.has(predicate)));
  byId("predicates").append(...used.map((family) => familyFilter(family, predicates)));
  const kinds = tally([...entities.values()].map((entity) => entity.kind));
  for (const [kind, count] of ordered(kinds, Object.keys(data.kinds))) byId("kinds").append(checkbox("kinds", kind, count, symbol(kind), term(kind, "term")));
  const stances = tally(all.flatMap((relation) => relation.stances));
  for (const [stance, count] of ordered(stances, STANCES)) byId("stances").append(checkbox("stances", stance, count, stroke("#475569", stance), term(stance, "term")));
  const disputed = all.filter((relation) => relation.disputed).length;
  if (disputed) byId("stances").append(switchFor("only", stroke("#475569", "disputed"), term("only-disputed", "word"), make("small", {}, number(disputed))));
  const outlets = tally(all.flatMap((relation) => [...new Set(relation.claims.map(outletOf))]));
  const byCount = [...outlets].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  for (const [outlet, count] of byCount) byId("outlets").append(checkbox("outlets", outlet, count, outlet ? name(outlet) : term("no-outlet", "word")));
}

function buildFilters() {
  fillFilters();
  byId("dates").append(switchFor("undated", term("undated", "word")));
  for (const key of ["since", "until"]) byId(key).addEventListener("change", () => change({ [key]: byId(key).value, limit: PAGE }));
  byId("reset").onclick = () => change({ ...fresh(), language: view.language, tab: view.tab, focus: view.focus });
  byId("every").onclick = () => { view.off.predicates.clear(); change({ limit: PAGE }); };
  byId("none").onclick = () => { view.off.predicates = new Set([...relations.values()].map((relation) => relation.p)); change({ limit: PAGE }); };
}

/** Make the boxes agree with the view. */
function showFilters() {
  for (const input of document.querySelectorAll("[data-group]")) input.checked = !view.off[input.dataset.group].has(input.dataset.key);
  for (const input of document.querySelectorAll("input[data-family]")) {
    const boxes = [...input.closest(".family").querySelectorAll("[data-group]")];
    input.checked = boxes.every((box) => box.checked);
    input.indeterminate = !input.checked && boxes.some((box) => box.checked);
  }
  for (const key of ["only", "undated"]) if (byId(key)) byId(key).checked = view[key];
  for (const key of ["since", "until"]) byId(key).value = view[key];
  byId("reset").hidden = !filtered();
}

// The slider over the rounds: from one round to another, both counted.
function fillRounds() {
  byId("rounds").hidden = rounds.length < 2;
  for (const key of ["from", "to"]) byId(key).max = rounds.length - 1;
}

function buildRounds() {
  fillRounds();
  for (const key of ["from", "to"]) byId(key).addEventListener("input", () => slide(key));
}

function slide(moved) {
  let [from, to] = ["from", "to"].map((key) => Number(byId(key).value));
  if (from > to) moved === "from" ? (to = from) : (from = to);
  change({ rounds: from === 0 && to === rounds.length - 1 ? null : [from, to], limit: PAGE });
}

function roundText(place) {
  const days = periods.get(rounds[place].id);
  return days ? `${title(rounds[place])} (${dayText(days[0].slice(0, 7))})` : title(rounds[place]);
}

function showRounds() {
  showFilters();
  if (rounds.length < 2) return;
  const places = view.rounds || [0, rounds.length - 1];
  ["from", "to"].forEach((key, side) => {
    byId(key).value = places[side];
    byId(key).setAttribute("aria-valuetext", roundText(places[side]));
    byId(key + "-text").textContent = roundText(places[side]);
  });
  byId("rounds-note").textContent = view.rounds ? say("rounds-note") : say("all-rounds");
}

function showTabs() {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.tab === view.tab));
    tab.tabIndex = tab.dataset.tab === view.tab ? 0 : -1;
  }
}
