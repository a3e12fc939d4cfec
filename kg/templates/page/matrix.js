// Who was at which round: attended, absent, boycotted, disputed; expected or invited where no more is told.
const SIGNS = { attended: "●", absent: "✕", boycotted: "⊘", disputed: "!", expected: "○", invited: "✉" };
const SEATS = new Set(["attended", "boycotted", "invitedTo"]);
const ROWS = 60;
let matrixLimit = ROWS;

const cellRelations = (actor, round) => touching.get(actor).filter((relation) => relation.s === actor && relation.o === round && SEATS.has(relation.p));

/** What the shown claims say of an actor and a round, as one of the signs. */
function seat(ways) {
  const has = (p, polarity, modality) => ways.some((way) => way.p === p &&
    way.shown.some((claim) => claim.polarity === polarity && (!modality || claim.modality === modality)));
  const there = has("attended", "positive", "actual");
  const away = has("attended", "negative");
  const boycotted = has("boycotted", "positive");
  if ((there && (away || boycotted)) || (boycotted && has("boycotted", "negative"))) return "disputed";
  if (boycotted) return "boycotted";
  if (there) return "attended";
  if (has("attended", "positive")) return away ? "disputed" : "expected";
  return away ? "absent" : has("invitedTo", "positive") ? "invited" : null;
}

function matrix() {
  const cells = new Map();
  for (const relation of visible) {
    if (!SEATS.has(relation.p) || entities.get(relation.o)?.kind !== "Round") continue;
    if (!cells.has(relation.s)) cells.set(relation.s, new Map());
    gather(cells.get(relation.s), relation.o, relation);
  }
  for (const [actor, row] of cells) {
    for (const [round, ways] of row) {
      const sign = seat(ways);
      if (sign) row.set(round, sign);
      else row.delete(round);
    }
    if (!row.size) cells.delete(actor);
  }
  return cells;
}

function matrixCell(actor, round, sign) {
  if (!sign) return make("td", {});
  const open = make("button", { type: "button", className: "sign " + sign, onclick: () => focusOn(["cell", actor, round]) }, SIGNS[sign]);
  const told = `${titleOf(actor)} – ${titleOf(round)}: ${say(sign)}`;
  open.setAttribute("aria-label", told);
  open.title = told;
  return make("td", { className: String(view.focus) === `cell,${actor},${round}` ? "chosen" : "" }, open);
}

function roundHead(round) {
  const days = periods.get(round.id);
  return make("th", { scope: "col" }, link(round.id), make("small", {}, days ? dayText(days[0].slice(0, 7)) : ""));
}

function showMatrix() {
  const cells = matrix();
  const columns = rounds.filter((round) => [...cells.values()].some((row) => row.has(round.id)));
  const actors = [...cells.keys()].sort((a, b) => cells.get(b).size - cells.get(a).size || byRank(a, b));
  byId("matrix-empty").hidden = actors.length > 0;
  byId("matrix-table").hidden = !actors.length;
  byId("matrix-head").replaceChildren(make("tr", {}, make("th", { scope: "col" }, say("who")), ...columns.map(roundHead)));
  byId("matrix-body").replaceChildren(...actors.slice(0, matrixLimit).map((actor) => make("tr", {},
    make("th", { scope: "row" }, symbolOf(actor), link(actor)),
    ...columns.map((round) => matrixCell(actor, round.id, cells.get(actor).get(round.id))))));
  byId("matrix-more").hidden = actors.length <= matrixLimit;
  byId("signs").replaceChildren(...Object.entries(SIGNS).map(([key, sign]) =>
    make("li", {}, make("span", { className: "sign " + key, ariaHidden: "true" }, sign), " ", say(key))));
}

function cellDetails(actor, round) {
  const ways = cellRelations(actor, round);
  return [
    make("h2", { tabIndex: -1 }, link(actor), make("span", { className: "verb" }, " · "), link(round)),
    ...ways.flatMap((way) => [
      make("h3", {}, label(way.p)), make("p", { className: "badges" }, ...badges(way), sourcesBadge(way)), claimList(way)]),
  ];
}
