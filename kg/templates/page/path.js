// The shortest path between two entities, over what passes the filters and is affirmed by somebody.
let found = { key: "", steps: null };

function shortestPath(from, to) {
  const came = new Map([[from, null]]);
  let edge = [from];
  while (edge.length && !came.has(to)) {
    const next = [];
    for (const id of edge) {
      for (const relation of touching.get(id)) {
        const end = other(relation, id);
        if (!end || came.has(end) || !passes(relation) || !relation.shown.some((claim) => claim.polarity === "positive")) continue;
        came.set(end, [relation, id]);
        next.push(end);
      }
    }
    edge = next;
  }
  if (!came.has(to)) return null;
  const steps = [];
  for (let id = to; came.get(id); id = came.get(id)[1]) steps.unshift({ relation: came.get(id)[0], from: came.get(id)[1], to: id });
  return steps;
}

function pathSteps() {
  if (view.focus?.[0] !== "path") return [];
  const key = JSON.stringify([view.focus, address().replace(/at=[^&]*/, "")]);
  if (found.key !== key) found = { key, steps: shortestPath(view.focus[1], view.focus[2]) };
  return found.steps || [];
}
const pathRelations = () => pathSteps().map((step) => step.relation);
const pathNodes = () => [...(view.focus?.slice(1) || []), ...pathSteps().map((step) => step.to)];

function askPath(from, after) {
  const box = make("input", { type: "search", autocomplete: "off", dir: "auto", placeholder: say("path-end") });
  box.setAttribute("aria-label", say("path-end"));
  const list = make("ul", { className: "found", hidden: true });
  const search = make("div", { className: "search path-search" }, box, list);
  picker(box, list, (to) => focusOn(["path", from, to]));
  after.closest(".actions").replaceWith(search);
  box.focus();
}

function pathDetails(from, to) {
  const steps = pathSteps();
  const heading = make("h2", { tabIndex: -1 }, link(from), make("span", { className: "verb" }, " … "), link(to));
  if (!steps.length) return [heading, make("p", { className: "hint" }, say("no-path"))];
  return [
    heading,
    make("p", { className: "hint" }, `${say("path-length")}: ${number(steps.length)}. ${say("path-note")}`),
    make("ol", { className: "relations path" }, ...steps.map((step) => relationItem(step.relation))),
  ];
}
