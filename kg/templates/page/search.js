// Search by any name in any spelling. The same box finds what to look at and where a path should end.
const FOUND = 12;

function findEntities(query) {
  const weight = (entity) => entity.rank - (begins(entity, query) ? 1e6 : 0);
  return query ? [...entities.values()].filter((entity) => matches(entity, query)).sort((a, b) => weight(a) - weight(b)).slice(0, FOUND) : [];
}

function picker(box, list, pick, changed = () => {}) {
  const close = () => { list.hidden = true; box.setAttribute("aria-expanded", "false"); };
  const choose = (id) => { close(); pick(id); };
  const item = (entity) => make("li", {}, make("button", { type: "button", onclick: () => choose(entity.id) },
    symbolOf(entity.id), name(title(entity)), make("small", {}, label(entity.kind))));
  const search = async () => {
    const query = fold(box.value);
    if (query && data.server) await ask(data.server.find, box.value);
    const items = findEntities(query).map(item);
    list.replaceChildren(...(query && !items.length ? [make("li", { className: "hint" }, say("nothing-found"))] : items));
    list.hidden = !query;
    box.setAttribute("aria-expanded", String(Boolean(query)));
    if (query) announce(`${say("found")}: ${number(items.length)}`);
    changed(box.value);
  };
  let wait = 0;
  const settle = async () => { if (wait) { clearTimeout(wait); wait = 0; await search(); } }; // who types fast need not wait
  box.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => { wait = 0; search(); }, entities.size > 500 || data.server ? 150 : 0);
  });
  box.addEventListener("focus", () => { if (box.value && list.childElementCount) list.hidden = false; });
  box.addEventListener("keydown", async (event) => {
    if (event.key === "Escape") close();
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    await settle();
    const first = list.querySelector("button");
    if (event.key === "Enter") first?.click();
    else first?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (step) { event.preventDefault(); (document.activeElement.closest("li")[step]?.firstChild || box).focus(); }
    if (event.key === "Escape") { close(); box.focus(); }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search")) close(); });
}

function startSearch() {
  picker(byId("search"), byId("found"), (id) => { view.query = ""; byId("search").value = ""; lookAt(id); },
    (query) => change({ query, limit: PAGE }));
}

/** Choose an entity; with a server, its neighbourhood is asked for first. */
async function lookAt(id, stay = false) {
  if (data.server) await ask(data.server.near, id);
  focusOn(["id", id], stay);
}
