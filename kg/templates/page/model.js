// The graph: entities and relations by id, from one or several parts (kg/page/part.py says what a part has).
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const STANCES = ["actual", "planned", "possible", "negative"];
const entities = new Map();
const relations = new Map();
const touching = new Map();
const spoken = new Map();
const articles = new Map();
const periods = new Map();
const families = new Map(data.families.flatMap((family) => family.predicates.map((p) => [p, family])));

const stance = (claim) => (claim.polarity === "negative" ? "negative" : claim.modality);
const later = (make) => { let value; return () => (value ??= make()); };
const gather = (map, key, value) => { if (map.has(key)) map.get(key).push(value); else map.set(key, [value]); };

/** The first and last day of a period: "2017-07" is "2017-07-01" to "2017-07-31", days being compared as texts. */
function daysOf(value) {
  const [first, last = first] = value.split("/");
  return [(first + "-01-01").slice(0, 10), last.length === 4 ? last + "-12-31" : last.length === 7 ? last + "-31" : last];
}

function claimOf(fields, texts) {
  const claim = {};
  data.claim.forEach((name, place) => { claim[name] = fields[place]; });
  claim.days = claim.when && daysOf(claim.when);
  claim.sentence = () => texts()[claim.text];
  return claim;
}

/** Put a part into the graph; what is there already stays. */
function addPart(part, texts) {
  for (const [id, [title, outlet, published, url]] of Object.entries(part.articles)) articles.set(id, { title, outlet, published, url });
  for (const [id, period] of Object.entries(part.rounds)) periods.set(id, daysOf(period));
  const begun = entities.size > 0; // what comes later gets its place beside what stands already
  for (const { x, y, ...node } of part.nodes) if (!entities.has(node.id)) addEntity(begun || x === undefined ? node : { ...node, x, y });
  for (const edge of [...part.edges, ...part.dates]) addRelation(edge, texts);
}

function addEntity(node) {
  entities.set(node.id, { ...node, kind: node.group, rank: entities.size, forms: later(() => formsOf(node.names)) });
  touching.set(node.id, []);
}

function addRelation(edge, texts) {
  const known = relations.get(edge.id);
  const ids = new Set(known && known.claims.map((claim) => claim.id));
  const claims = edge.claims.map((fields) => claimOf(fields, texts)).filter((claim) => !ids.has(claim.id));
  if (known && !claims.length) return;
  const relation = known || { id: edge.id, s: edge.from, p: edge.p, o: edge.to, date: edge.value, bend: edge.bend || 0, width: edge.width, claims: [], sources: 0, against: [] };
  relation.claims.push(...claims);
  relation.sources = Math.max(relation.sources, edge.sources);
  relation.stances = STANCES.filter((name) => relation.claims.some((claim) => stance(claim) === name));
  relation.against = edge.contradicts || relation.against;
  relation.disputed = relation.against.length > 0 || (relation.stances.includes("negative") && relation.claims.some((claim) => claim.polarity === "positive"));
  relation.shown = relation.claims;
  relation.told = relation.stances;
  for (const speaker of new Set(claims.map((claim) => claim.says))) if (speaker) gather(spoken, speaker, relation);
  if (known) return;
  relations.set(relation.id, relation);
  for (const end of new Set([relation.s, relation.o])) if (end) touching.get(end).push(relation);
}

const other = (relation, id) => (relation.s === id ? relation.o : relation.s);
const byRank = (a, b) => entities.get(a).rank - entities.get(b).rank;

// Names: the folding of kg.language.arabic, whose table comes with the data; also without articles, as its key().
const unit = (c) => data.folds[c] ?? (/[\p{L}\p{N}]/u.test(c) ? c : /[\p{Mn}\p{Cf}]/u.test(c) ? "" : " ");
const fold = (text) => Array.from(text.normalize("NFKC").toLowerCase(), unit).join("").split(" ").filter(Boolean).join(" ");
const bare = (folded) => folded.replace(/(^| )\u0627\u0644(?=\S{2})/g, "$1");
const formsOf = (names) => [...new Set(names.map(fold).flatMap((form) => [form, bare(form)]))];
const matches = (entity, query) => entity.forms().some((form) => form.includes(query) || form.includes(bare(query)));
const begins = (entity, query) => entity.forms().some((form) => form.startsWith(query) || form.startsWith(bare(query)));

/** The rounds of talks in the graph, by their day; those whose day nobody knows come last. */
function roundsInOrder() {
  const names = new Intl.Collator("ar", { numeric: true });
  const day = (entity) => (periods.get(entity.id) || ["9999"])[0];
  return [...entities.values()].filter((entity) => entity.kind === "Round")
    .sort((a, b) => (day(a) < day(b) ? -1 : day(a) > day(b) ? 1 : names.compare(a.names[0], b.names[0])));
}

const evidence = later(() => JSON.parse(byId("evidence").textContent).texts);
addPart(data, evidence);
let rounds = roundsInOrder();

/** Ask the server for a part, once, and put it into the graph; say so if it does not answer. */
const asked = new Set();
async function ask(address, value) {
  const whole = address + encodeURIComponent(value);
  if (asked.has(whole)) return;
  try {
    const response = await fetch(whole);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    grow(await response.json());
    asked.add(whole);
  } catch {
    announce(say("server-silent"));
  }
}

function grow(part) {
  const between = view.rounds?.map((place) => rounds[place].id); // its place in the order of rounds may change
  addPart(part, () => part.texts);
  rounds = roundsInOrder();
  view.rounds = between ? between.map((id) => rounds.findIndex((round) => round.id === id)) : null;
  fillFilters();
  fillRounds();
  speak();
}
