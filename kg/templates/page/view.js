// What is shown now. All of it stands in the address, so that the address of the page is a link to the exact view.
const TABS = ["drawing", "matrix", "list", "filters"];
const GROUPS = ["kinds", "predicates", "stances", "outlets"];
const PAGE = 100; // rows shown at a time

const fresh = () => ({
  language: "ar", tab: "drawing", focus: null, query: "", only: false, undated: false, since: "", until: "", all: false,
  rounds: null, opened: new Set(), camera: null, limit: PAGE,
  off: Object.fromEntries(GROUPS.map((group) => [group, new Set()])),
});
let view = fresh();
let visible = []; // the relations that pass, each with the claims that pass in `shown` and their stances in `told`

const outletOf = (claim) => articles.get(claim.article)?.outlet || "";
const kindOff = (id) => view.off.kinds.has(entities.get(id).kind);
const filtered = () => view.only || view.since || view.until || view.rounds || GROUPS.some((group) => view.off[group].size);

/** The place in the order of rounds of the round that a relation is about, -1 if it is about none. */
const placeOf = (relation) => roundPlaces.get(relation.s) ?? roundPlaces.get(relation.o) ?? -1;
let roundPlaces = new Map();

/** The days of the event: those that the claim gives, else those of the round it is about; null if nobody knows. */
const eventDays = (claim, relation) => claim.days || (relation.date && daysOf(relation.date)) || periods.get(relation.o) || periods.get(relation.s) || null;

function inRounds(claim, relation) {
  if (!view.rounds) return true;
  const [from, to] = view.rounds;
  const place = placeOf(relation);
  if (place >= 0) return from <= place && place <= to;
  if (!claim.days) return view.undated;
  const start = from ? (periods.get(rounds[from].id) || ["9999"])[0] : "0000";
  const next = to + 1 < rounds.length ? (periods.get(rounds[to + 1].id) || ["9999"])[0] : "9999";
  return claim.days[1] >= start && claim.days[0] < next;
}

function inDates(claim, relation) {
  if (!view.since && !view.until) return true;
  const days = eventDays(claim, relation);
  return days ? (!view.since || days[1] >= view.since) && (!view.until || days[0] <= view.until) : view.undated;
}

const claimPasses = (claim, relation) =>
  !view.off.stances.has(stance(claim)) && !view.off.outlets.has(outletOf(claim)) && inRounds(claim, relation) && inDates(claim, relation);

function passes(relation) {
  if (view.off.predicates.has(relation.p) || (view.only && !relation.disputed)) return false;
  if (kindOff(relation.s) || (relation.o && kindOff(relation.o))) return false;
  relation.shown = filtered() ? relation.claims.filter((claim) => claimPasses(claim, relation)) : relation.claims;
  relation.told = relation.shown === relation.claims ? relation.stances
    : STANCES.filter((term) => relation.shown.some((claim) => stance(claim) === term));
  return relation.shown.length > 0;
}

// The address
function address() {
  const params = new URLSearchParams();
  const put = (key, value) => { if (value) params.append(key, value === true ? "1" : value); };
  put("lang", view.language === "ar" ? "" : view.language);
  put("tab", view.tab === "drawing" ? "" : view.tab);
  if (view.focus) for (const id of view.focus.slice(1)) put(view.focus[0], id);
  if (data.server && chosenRelation()) put("around", chosenRelation().s);
  put("q", view.query);
  for (const group of GROUPS) for (const key of view.off[group]) params.append("hide-" + group, key);
  for (const key of ["only", "undated", "since", "until", "all"]) put(key, view[key]);
  if (view.rounds) for (const place of view.rounds) put("round", rounds[place].id);
  for (const id of view.opened) put("open", id);
  if (view.camera) put("at", view.camera.map((value) => Math.round(value * 1000) / 1000).join(","));
  return "#" + params;
}

const LENGTH = { id: 1, path: 2, cell: 2 };
function focusOf(params) {
  for (const [kind, length] of Object.entries(LENGTH)) {
    const ids = params.getAll(kind);
    if (ids.length === length && ids.every((id) => entities.has(id) || (kind === "id" && relations.has(id)))) return [kind, ...ids];
  }
  return null;
}

/** The view that an address describes; what it names and the graph does not have is left out. */
function viewOf(hash) {
  const params = new URLSearchParams(hash.slice(1));
  const read = fresh();
  read.language = params.get("lang") === "en" ? "en" : "ar";
  read.tab = TABS.includes(params.get("tab")) ? params.get("tab") : "drawing";
  read.focus = focusOf(params);
  read.query = params.get("q") || "";
  for (const group of GROUPS) read.off[group] = new Set(params.getAll("hide-" + group));
  for (const key of ["only", "undated", "all"]) read[key] = params.get(key) === "1";
  for (const key of ["since", "until"]) read[key] = /^\d{4}-\d\d-\d\d$/.test(params.get(key)) ? params.get(key) : "";
  const places = params.getAll("round").map((id) => rounds.findIndex((round) => round.id === id));
  if (places.length === 2 && places[0] >= 0 && places[0] <= places[1]) read.rounds = places;
  for (const id of params.getAll("open")) if (entities.has(id)) read.opened.add(id);
  const camera = (params.get("at") || "").split(",").map(Number);
  if ([3, 4].includes(camera.length) && camera.every(Number.isFinite) && camera[0] > 0) read.camera = camera;
  return read;
}

/** Entities that an address is about; that of a relation says whose it is. */
function named(hash) {
  const params = new URLSearchParams(hash.slice(1));
  return [params.has("around") ? "around" : "id", "path", "cell", "open"].flatMap((key) => params.getAll(key));
}

/** Write the view into the address; a step is one that the back button undoes. */
function remember(step) {
  const wanted = address();
  if (wanted === (location.hash || "#")) return;
  try {
    history[step ? "pushState" : "replaceState"](null, "", wanted);
  } catch {
    // shown inside another page, which has the address
  }
}

/** Change the view and show it. */
function change(changes, step = false) {
  const named = view.language;
  Object.assign(view, changes);
  remember(step);
  if (view.language !== named) speak();
  else refresh();
}

/** Choose something; where the drawing was clicked, it stays as it is. */
const focusOn = (focus, stay = false) => {
  if (focus && matchMedia("(max-width: 1050px)").matches) byId("panel").dataset.back = String(window.scrollY);
  change({ focus, ...(stay ? {} : { camera: null }) }, true);
  panelFocus();
};
const chosenEntity = () => (view.focus?.[0] === "id" && entities.has(view.focus[1]) ? view.focus[1] : null);
const chosenRelation = () => (view.focus?.[0] === "id" ? relations.get(view.focus[1]) || null : null);

function refresh() {
  roundPlaces = new Map(rounds.map((round, place) => [round.id, place]));
  visible = [...relations.values()].filter(passes);
  byId("views").dataset.tab = view.tab;
  showTabs();
  showRounds();
  if (view.tab === "matrix") showMatrix();
  else showList();
  showDrawing();
  showPanel();
}
