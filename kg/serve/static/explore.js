// The explorer: the graph around one entity; a click on another loads what is around it, a click on a relation its
// sentences. The list below the drawing holds the same for those who do not see it.
"use strict";

const holder = document.getElementById("drawing");
const told = document.getElementById("told");
const list = document.getElementById("list");
const language = holder.dataset.language;
const labels = JSON.parse(document.getElementById("labels").textContent);
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const LONGEST = 30;
const LOOKS = {
  Person: ["dot", "#0072b2"], State: ["square", "#d55e00"], GovernmentBody: ["square", "#e9a820"],
  ArmedGroup: ["triangle", "#7f1d4e"], PoliticalBody: ["hexagon", "#117733"], InternationalOrganization: ["hexagon", "#56b4e9"],
  MediaOutlet: ["triangleDown", "#8a8a2b"], Organization: ["hexagon", "#7b8494"], GroupActor: ["triangleDown", "#b05cb0"],
  Place: ["diamond", "#2a9d8f"], Track: ["star", "#c9a227"], Round: ["star", "#332288"], Meeting: ["star", "#5b8fd0"],
  Agreement: ["diamond", "#cc6677"],
};

const nodes = new vis.DataSet();
const edges = new vis.DataSet();
const loaded = new Set();
const network = new vis.Network(holder, { nodes, edges }, {
  physics: { solver: "forceAtlas2Based", stabilization: { iterations: 150 }, forceAtlas2Based: { springLength: 130 } },
  interaction: { hover: true, keyboard: false },
  nodes: { borderWidth: 2, font: { size: 15, color: "#1f2937", strokeWidth: 4, strokeColor: "#ffffff" } },
  edges: { font: { size: 12, color: "#475569", strokeWidth: 4, strokeColor: "#ffffff" }, arrows: { to: { scaleFactor: 0.55 } }, color: "#64748b" },
});

const plain = (text) => text.replace(CONTROLS, "");
// The drawing writes left to right; the mark keeps the ellipsis at the end of an Arabic name.
const end = (text) => (/^[^A-Za-z]*[\u0590-\u08ff]/.test(text) ? "…\u200f" : "…");
const cut = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()}${end(text)}` : text);
const only = (claims, index, value) => claims.every((one) => one[index] === value);

function node(card) {
  const [shape, colour] = LOOKS[card.kind] || ["dot", "#7b8494"];
  return { id: card.path, label: cut(plain(card[language])), shape, color: { background: colour, border: colour, highlight: { background: colour, border: "#f59e0b" } }, size: 14 };
}

// An edge that is nowhere told as a fact is dashed; one that is only denied is red as well.
function edge(centre, found) {
  const [from, to] = found.outgoing ? [centre, found.other.path] : [found.other.path, centre];
  const denied = only(found.told, 0, "negative");
  const fact = found.told.some(([polarity, modality]) => polarity === "positive" && modality === "actual");
  return {
    id: `${from} ${found.predicate} ${to}`, from, to, label: labels[found.predicate], arrows: found.symmetric ? "" : "to", dashes: !fact,
    color: denied ? "#b3261e" : "#64748b", width: 1 + Math.log2(found.claims), told: `/relation${from.slice(3)}/${found.predicate}${to.slice(3)}`,
  };
}

// Put what is around an entity into the drawing; what is there already stays.
function add(found) {
  nodes.update(found.nodes.map(node));
  edges.update(found.edges.map((one) => edge(found.node, one)));
  loaded.add(found.node);
  nodes.update({ id: found.node, size: 22, borderWidth: 4 });
  document.getElementById("shown").textContent = nodes.length;
  holder.dataset.nodes = nodes.length;
}

async function expand(path) {
  if (loaded.has(path)) return;
  const response = await fetch(`/neighbours${path.slice(3)}`);
  if (!response.ok) return;
  const found = await response.json();
  delete holder.dataset.still;
  add(found);
  found.edges.forEach((one) => row(found, one));
  if (found.around >= found.nodes.length) note(found);
}

// Of an entity with very many neighbours only those with most claims are shown; that is said.
function note(found) {
  const cut = document.getElementById("cut");
  const line = document.createElement("li");
  const name = found.nodes.find((card) => card.path === found.node)[language];
  line.textContent = `${plain(name)}: ${found.nodes.length - 1} ${cut.dataset.of} ${found.around}`;
  cut.append(line);
}

async function tell(address) {
  const response = await fetch(address, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  told.replaceChildren(...page.body.children);
  told.scrollTop = 0;
}

function anchor(href, text, style) {
  const made = document.createElement("a");
  Object.assign(made, { href, textContent: plain(text), className: style });
  return made;
}

// One line of the list, as the server writes them.
function row(found, one) {
  const made = edge(found.node, one);
  if ([...list.children].some((line) => line.dataset.edge === made.id)) return;
  const cards = Object.fromEntries(found.nodes.map((card) => [card.path, card]));
  const line = document.createElement("li");
  line.dataset.edge = made.id;
  line.append(anchor(made.from, cards[made.from][language], "entity"), " ", anchor(made.told, made.label, "relation"), " ",
    anchor(made.to, cards[made.to][language], "entity"), " ", anchor(`/explore${one.other.path}`, list.dataset.expand, "expand"));
  list.append(line);
}

network.on("click", ({ nodes: [clicked], edges: [crossed] }) => {
  if (clicked) expand(clicked);
  else if (crossed) tell(edges.get(crossed).told);
});
network.on("doubleClick", ({ nodes: [clicked] }) => clicked && location.assign(clicked));
network.on("stabilized", () => {
  if (!holder.dataset.still) network.fit();
  holder.dataset.still = "yes";
});
list.addEventListener("click", (event) => {
  const link = event.target.closest("a.relation, a.expand");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.className === "relation") tell(link.getAttribute("href"));
  else expand(link.getAttribute("href").slice("/explore".length));
});
fetch(`/neighbours${holder.dataset.node.slice(3)}`).then((response) => response.json()).then((found) => {
  add(found);
  for (const line of list.children) line.dataset.edge = `${line.dataset.subject} ${line.dataset.predicate} ${line.dataset.target}`;
});
window.kgExplorer = { network, nodes, edges };
