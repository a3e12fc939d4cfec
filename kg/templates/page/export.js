// The view to take away: as a picture, as a table, as an address.
function save(content, type, file) {
  const address = typeof content === "string" && content.startsWith("data:") ? content : URL.createObjectURL(new Blob([content], { type }));
  make("a", { href: address, download: file }).click();
  if (address.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The room that the drawing takes, and how large letters are on it: as they are well read on a page of paper. */
function paper() {
  const points = [...drawn].map((id) => entities.get(id));
  const edge = (pick, key) => points.map((point) => point[key]).reduce((a, b) => pick(a, b), points.length ? points[0][key] : 0);
  const [left, right, top, bottom] = [edge(Math.min, "x"), edge(Math.max, "x"), edge(Math.min, "y"), edge(Math.max, "y")];
  const size = Math.max(14, (right - left) / 75);
  const [aside, above] = [Math.max(size * 7, 350 - (right - left) / 2), size * 4];
  return { left: left - aside, top: top - above, width: right - left + 2 * aside, height: bottom - top + 2 * above, size };
}

const write = (x, y, size, words, more = {}) => draw("text", { x, y, "font-size": size, "text-anchor": "middle", fill: "#1f2937", ...more }, words);

function drawnEdge(relation) {
  const [a, b] = [entities.get(relation.s), entities.get(relation.o)];
  const line = lineOf(relation);
  const { color } = families.get(relation.p);
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const along = [(b.x - a.x) / length, (b.y - a.y) / length];
  const aside = relation.bend * 0.32 * length;
  const middle = { x: (a.x + b.x) / 2 - along[1] * aside, y: (a.y + b.y) / 2 + along[0] * aside };
  const end = { x: b.x - along[0] * (b.size + 4), y: b.y - along[1] * (b.size + 4) };
  const pen = { stroke: color, "stroke-width": relation.width, fill: "none", "stroke-opacity": 0.85 };
  const dash = LINES[line].length ? { "stroke-dasharray": LINES[line].map((length) => length * DASH).join(" ") } : {};
  const marker = data.symmetric.includes(relation.p) ? {} : { "marker-end": `url(#${families.get(relation.p).family})` };
  const stands = bright === null || bright.edges.has(relation.id);
  const group = draw("g", stands ? {} : { opacity: 0.1 }, draw("path", { d: `M${a.x} ${a.y}Q${middle.x} ${middle.y} ${end.x} ${end.y}`, ...pen, ...dash, ...marker }));
  const half = { x: (a.x + 2 * middle.x + b.x) / 4, y: (a.y + 2 * middle.y + b.y) / 4 };
  if (BARRED.has(line)) group.append(draw("path", { d: `M${half.x - along[1] * 16} ${half.y + along[0] * 16}L${half.x + along[1] * 16} ${half.y - along[0] * 16}`, ...pen, "stroke-width": 4 }));
  group.append(draw("title", {}, relationText(relation)));
  return group;
}

function drawnNode(id, names, letters) {
  const { x, y, size, kind, known } = entities.get(id);
  const shape = draw("g", { transform: `translate(${x - size} ${y - size}) scale(${size / 8})` }, outline(kind, known));
  const group = draw("g", lit(id) ? {} : { opacity: 0.15 }, shape);
  if (names.has(id)) {
    const halo = { stroke: "#fff", "stroke-width": letters * 0.3, "paint-order": "stroke", "stroke-linejoin": "round" };
    group.append(write(x, y + size + letters * 1.1, letters, names.get(id), halo));
  }
  group.append(draw("title", {}, titleOf(id)));
  return group;
}

const arrowHead = (family) => draw("marker", { id: family.family, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 16, markerHeight: 16, markerUnits: "userSpaceOnUse", orient: "auto" },
  draw("path", { d: "M0 0L8 4L0 8Z", fill: family.color }));

/** Families, lines and kinds that occur, in rows under the drawing. */
function legendOf(shown, { left, top, width, height, size }) {
  const used = data.families.filter((family) => shown.some((relation) => family.predicates.includes(relation.p)));
  const lines = [...new Set(shown.map(lineOf))].filter((line) => line !== "actual");
  const kinds = Object.keys(data.kinds).filter((kind) => [...drawn].some((id) => entities.get(id).kind === kind));
  const sized = (found, wide, tall) => { found.setAttribute("width", wide * size); found.setAttribute("height", tall * size); return found; };
  const items = [
    ...used.map((family) => [sized(stroke(family.color, "actual"), 2.4, 1), family[view.language]]),
    ...lines.map((line) => [sized(stroke("#475569", line), 2.4, 1), line === "disputed" ? say("disputed") : label(line)]),
    ...kinds.map((kind) => [sized(symbol(kind), 2.4, 1), label(kind)]),
  ];
  const columns = Math.max(3, Math.floor(width / (size * 11))), column = width / columns;
  const group = draw("g", {});
  items.forEach(([mark, words], place) => {
    const turn = place % columns, x = left + column * (view.language === "ar" ? columns - turn - 0.5 : turn + 0.5);
    const y = top + height + size * (2 + 3 * Math.floor(place / columns));
    mark.setAttribute("x", x - 1.2 * size);
    mark.setAttribute("y", y - 2 * size);
    group.append(mark, write(x, y, size * 0.85, words));
  });
  return { group, tall: size * (2 + 3 * Math.ceil(items.length / columns)) };
}

/** The drawing as an SVG document of its own, with a title and what its colours and lines mean. */
function picture() {
  const shown = visible.filter((relation) => edges.get(relation.id));
  const area = paper();
  const legend = legendOf(shown, area);
  const names = nameNodes([...drawn].filter(lit), area.size, []);
  const full = [area.left, area.top - 3 * area.size, area.width, area.height + 3 * area.size + legend.tall].map(Math.round);
  return draw("svg", { xmlns: SVG, viewBox: full.join(" "), width: full[2], height: full[3], "font-family": getComputedStyle(document.body).fontFamily },
    draw("title", {}, document.title), draw("defs", {}, ...data.families.map(arrowHead)),
    draw("rect", { x: full[0], y: full[1], width: full[2], height: full[3], fill: "#fff" }),
    write(area.left + area.width / 2, area.top - area.size, area.size * 1.4, document.title, { "font-weight": 700 }),
    ...shown.map(drawnEdge), ...[...drawn].map((id) => drawnNode(id, names, area.size)), legend.group);
}

const svgText = () => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture())}\n`;

/** The same picture as PNG, as sharp as a browser can make it up to 8,000 pixels. */
function savePng() {
  const svg = svgText();
  const { width, height } = picture().viewBox.baseVal;
  const scale = Math.min(2, 8000 / Math.max(width, height));
  const image = new Image();
  image.onload = () => {
    const canvas = make("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(blob, "image/png", "kg.png"), "image/png");
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
}

const HEADER = ["subject", "predicate", "object", "polarity", "modality", "speaker", "date", "basis", "role", "outlet", "published", "article", "title", "url", "evidence", "sentence", "rule", "confidence"];

/** A cell of CSV; what a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value) {
  const text = String(value ?? "");
  const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvRow(relation, claim) {
  const ends = claim.s !== relation.s && relation.o ? [relation.o, relation.s] : [relation.s, relation.o];
  const article = articles.get(claim.article) || {};
  const words = Array.from(claim.sentence()).slice(claim.start, claim.end).join("");
  return [titleOf(ends[0]), label(relation.p), relation.date || titleOf(ends[1]), label(claim.polarity), label(claim.modality),
    claim.says && entities.has(claim.says) ? titleOf(claim.says) : "", claim.when, claim.basis && label(claim.basis), claim.role, article.outlet, article.published,
    claim.article, article.title, article.url, words, claim.sentence(), claim.rule, claim.confidence];
}

/** One line for each claim that is shown; the mark at the start tells spreadsheets that it is UTF-8. */
const csvText = () => "\ufeff" + [HEADER.map((key) => say("csv-" + key)), ...sorted(listed()).flatMap((relation) =>
  relation.shown.map((claim) => csvRow(relation, claim)))].map((fields) => fields.map(cell).join(",") + "\r\n").join("");

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    announce(say("copied"));
    byId("link").textContent = say("copied");
    setTimeout(() => { byId("link").textContent = say("link"); }, 2000);
  } catch {
    prompt(say("link"), location.href);
  }
}

function startExport() {
  byId("link").onclick = copyLink;
  byId("png").onclick = savePng;
  byId("svg").onclick = () => save(svgText(), "image/svg+xml", "kg.svg");
  byId("csv").onclick = () => save(csvText(), "text/csv;charset=utf-8", "kg.csv");
  byId("print").onclick = () => print();
  addEventListener("beforeprint", () => byId("paper").replaceChildren(network ? picture() : ""));
  addEventListener("afterprint", () => byId("paper").replaceChildren());
  document.addEventListener("click", (event) => { if (!event.target.closest("#export")) byId("export").open = false; });
  byId("export").addEventListener("keydown", (event) => { if (event.key === "Escape") { byId("export").open = false; byId("export").firstElementChild.focus(); } });
}
