// Elements. Every text of the data goes into the page as a text node: there is no innerHTML, and no HTML tooltip.
const say = (key) => data.words[key][view.language === "ar" ? 0 : 1];
const label = (term) => (data.labels[term] || [term, term])[view.language === "ar" ? 0 : 1];
const title = (entity) => (view.language === "ar" ? entity.names[0] : entity.en);
const titleOf = (id) => title(entities.get(id));
const number = (count) => count.toLocaleString("en");

function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name in element && name !== "dir") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

const name = (text) => make("bdi", {}, text);
const entityName = (id) => name(titleOf(id));
const link = (id) => make("button", { type: "button", className: "link", onclick: () => lookAt(id) }, entityName(id));
const badge = (text, kind) => make("span", { className: "badge " + kind }, text);
const object = (relation) => (relation.date ? day(relation.date) : entityName(relation.o));
const target = (relation) => (relation.date ? day(relation.date) : link(relation.o));
const button = (text, onclick, className = "small") => make("button", { type: "button", className, onclick }, text);

function dayText(value) {
  return value.split("/").map((part) => {
    const fields = part.split("-");
    const shape = { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" };
    if (fields.length < 3) delete shape.day;
    if (fields.length < 2) delete shape.month;
    const full = new Date(0);
    full.setUTCFullYear(Number(fields[0]), Number(fields[1] || 1) - 1, Number(fields[2] || 1));
    return new Intl.DateTimeFormat(view.language === "ar" ? "ar-SY-u-nu-latn-ca-gregory" : "en-GB", shape).format(full);
  }).join(" – ");
}
const day = (value) => make("time", { title: value, ...(!value.includes("/") && { dateTime: value }) }, dayText(value));

const SVG = "http://www.w3.org/2000/svg";
const OUTLINES = {
  square: "2,2 14,2 14,14 2,14", diamond: "8,0.5 15.5,8 8,15.5 0.5,8", triangle: "8,1 15.5,14.5 0.5,14.5",
  triangleDown: "0.5,1.5 15.5,1.5 8,15", hexagon: "4,1.5 12,1.5 16,8 12,14.5 4,14.5 0,8",
  star: "8,0 10.2,5.4 16,5.8 11.5,9.6 13,15.4 8,12.2 3,15.4 4.5,9.6 0,5.8 5.8,5.4",
};
function draw(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
function outline(kind, known) {
  const [shape, color] = data.kinds[kind];
  const paint = { fill: known ? color : "#fff", stroke: color, "stroke-width": 1.6 };
  return OUTLINES[shape] ? draw("polygon", { points: OUTLINES[shape], ...paint }) : draw("circle", { cx: 8, cy: 8, r: 7, ...paint });
}
const symbol = (kind, known = true) => draw("svg", { viewBox: "-1 -1 18 18", "aria-hidden": "true" }, outline(kind, known));
const symbolOf = (id) => symbol(entities.get(id).kind, entities.get(id).known);

/** How an edge is drawn: the colour is that of its family of predicates, the line tells how it is told. */
const LINES = { actual: [], planned: [7, 5], possible: [1.5, 4], negative: [], disputed: [14, 4] };
const BARRED = new Set(["negative"]);
function stroke(color, line) {
  const svg = draw("svg", { viewBox: "0 0 34 12", "aria-hidden": "true", class: "stroke" },
    draw("line", { x1: 1, y1: 6, x2: 33, y2: 6, stroke: color, "stroke-width": line === "disputed" ? 3.4 : 2.4, "stroke-dasharray": LINES[line].join(" ") }));
  if (BARRED.has(line)) svg.append(draw("line", { x1: 17, y1: 0.5, x2: 17, y2: 11.5, stroke: color, "stroke-width": 2.4 }));
  return svg;
}

/** Which line an edge has: disputed, or as the plainest of its shown claims is told. */
const lineOf = (relation) => (relation.disputed ? "disputed" : relation.told[0] || relation.stances[0]);

function relationLabel(relation) {
  const line = lineOf(relation);
  return line === "actual" ? label(relation.p) : `${label(relation.p)} (${line === "disputed" ? say("disputed") : label(line)})`;
}
const relationText = (relation) =>
  `${titleOf(relation.s)} – ${relationLabel(relation)} – ${relation.date ? dayText(relation.date) : titleOf(relation.o)}`;
const badges = (relation) => [
  ...relation.stances.map((term) => badge(label(term), term)),
  ...(relation.disputed ? [badge(say("disputed"), "disputed")] : []),
];
const sourcesBadge = (relation) => badge(`${say("sources")}: ${number(relation.sources)}`, "sources");

const inLanguage = (page) => `${page}?lang=${view.language}`; // pages of the server that hands out this one

function announce(text) {
  byId("status").textContent = text;
}
