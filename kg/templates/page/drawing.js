// The drawing: vis-network holds exactly what is drawn; of a large graph that is the most telling part of what passes.
const SPACE = 120; // pixels from node to node where the script finds a place
const NEAR = 40; // neighbours drawn with an entity that is chosen
const MANY = 1500; // drawn nodes from which edges are not drawn while the drawing moves
const DASH = 2.5; // how much longer dashes are in the drawing than in the legend
const CAPTIONS = 400; // names written at most
const nodes = new vis.DataSet();
const edges = new vis.DataSet();
let network = null;
let drawn = new Set();
let bright = null; // ids of what stands out, or null where all does

const neighbours = (id) => [...new Set(touching.get(id).filter(passes).map((relation) => other(relation, id)))].filter((end) => end && end !== id);

/** What must be drawn because of what is chosen or opened. */
function wanted() {
  const [kind, ...ids] = view.focus || [];
  const relation = chosenRelation();
  const found = relation ? [relation.s, relation.o] : kind === "path" ? [...ids, ...pathNodes()] : ids;
  if (chosenEntity()) found.push(...neighbours(ids[0]).slice(0, NEAR));
  for (const id of view.opened) found.push(id, ...neighbours(id));
  return found.filter(Boolean);
}

function chooseDrawn() {
  const ends = new Set(visible.flatMap((relation) => (relation.o ? [relation.s, relation.o] : [])));
  const fits = (id) => !kindOff(id) && (ends.has(id) || !filtered());
  const order = [...entities.keys()].filter(fits);
  const count = view.all || order.length <= data.whole ? order.length : data.first;
  drawn = new Set([...order.slice(0, count), ...wanted()]);
  return order.length;
}

// Places of nodes that come later: beside a neighbour that is drawn, where nothing stands yet.
const taken = new Set();
const nowhere = { x: 0, y: 0 };
const spot = (x, y) => `${Math.round(x / SPACE)},${Math.round((y / SPACE) * 1.6)}`;
function place(entity) {
  if (entity.x !== undefined) return taken.add(spot(entity.x, entity.y));
  const anchor = touching.get(entity.id).map((relation) => entities.get(other(relation, entity.id) ?? "")).find((end) => end?.x !== undefined);
  const turns = anchor || nowhere;
  const { x: left, y: top } = turns;
  for (let step = (turns.step || 0) + 1; ; step += 1) {
    const radius = SPACE * 0.6 * Math.sqrt(step), angle = step * 2.39996;
    const x = Math.round(left + radius * Math.cos(angle)), y = Math.round(top + radius * Math.sin(angle) * 0.7);
    if (taken.has(spot(x, y))) continue;
    Object.assign(entity, { x, y });
    turns.step = step; // what stood in the way up to here still does
    return taken.add(spot(x, y));
  }
}

function findBright() {
  const relation = chosenRelation();
  const [kind, ...ids] = view.focus || [];
  if (!kind) return null;
  if (kind === "path") return { nodes: new Set(pathNodes()), edges: new Set(pathRelations().map((step) => step.id)) };
  if (relation) return { nodes: new Set([relation.s, relation.o]), edges: new Set([relation.id]) };
  const ways = kind === "cell" ? cellRelations(...ids) : touching.get(ids[0]);
  return { nodes: new Set([...ids, ...ways.flatMap((way) => [way.s, way.o])]), edges: new Set(ways.map((way) => way.id)) };
}
const lit = (id) => bright === null || bright.nodes.has(id);

function nodeLook(entity) {
  const [shape, color] = data.kinds[entity.kind];
  return {
    id: entity.id, x: entity.x, y: entity.y, shape, size: entity.size, label: "", opacity: lit(entity.id) ? 1 : 0.13,
    color: { background: entity.known ? color : "#ffffff", border: color, highlight: { background: entity.known ? color : "#ffffff", border: "#f59e0b" } },
  };
}

function edgeLook(relation) {
  const stands = bright === null || bright.edges.has(relation.id);
  const line = lineOf(relation);
  const { color } = families.get(relation.p);
  const bend = relation.bend && { enabled: true, type: relation.bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(relation.bend) * 0.16 };
  return {
    id: relation.id, from: relation.s, to: relation.o, smooth: bend || false, dashes: LINES[line].length ? LINES[line].map((length) => length * DASH) : false,
    width: relation.width,
    arrows: { to: { enabled: !data.symmetric.includes(relation.p) }, middle: { enabled: BARRED.has(line), type: "bar", scaleFactor: 1.2 } },
    label: " ",
    color: { color, highlight: color, hover: color, opacity: stands ? 0.85 : 0.07 },
  };
}

/** Make the data set hold these items and no others. */
function hold(set, items) {
  const ids = new Set(items.map((item) => item.id));
  set.remove(set.getIds().filter((id) => !ids.has(id)));
  set.update(items);
}

function showDrawing() {
  if (!network) return;
  const total = chooseDrawn();
  bright = findBright();
  const shown = visible.filter((relation) => relation.o && drawn.has(relation.s) && drawn.has(relation.o));
  const order = [...drawn].sort(byRank);
  for (const id of order) place(entities.get(id));
  network.setOptions({ interaction: { hover: order.length < MANY, hideEdgesOnDrag: order.length >= MANY, hideEdgesOnZoom: order.length >= MANY } });
  hold(nodes, order.map((id) => nodeLook(entities.get(id))));
  hold(edges, shown.map((relation) => edgeLook(relation)));
  extent(order.length, total);
  mark();
  captions();
}

/** Says how much of the graph is drawn, and why this. */
function extent(count, total) {
  byId("extent").hidden = count >= total && !view.all;
  byId("extent-text").textContent = `${say("drawn")} ${number(count)} ${say("of")} ${number(total)}. ${count < total ? say("telling") : ""}`;
  byId("all").textContent = say(view.all ? "telling-only" : "draw-all");
  byId("nothing").hidden = count > 0;
}

// Captions keep their size on the screen; where two would overlap, the better connected node has its name shown.
const LABEL = 30;
const SURE = 25; // names that may lie over other nodes
const ellipsis = (text) => (/^[^A-Za-z]*[\u0590-\u08ff]/.test(text) ? "…\u200f" : "…"); // at the end of an Arabic name, wherever it stands
const cut = (text) => (text.length <= LABEL ? text : text.slice(0, LABEL).trimEnd() + ellipsis(text));

const overlap = (one, two) => one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;

function captions() {
  const scale = network.getScale();
  const size = Math.min(Math.max(13, 13 / scale), 400);
  const boxes = [];
  captionNodes(size, scale, boxes);
  captionEdges(size * 0.88, boxes);
}

function inView(scale) {
  const { x: middle, y: centre } = network.getViewPosition();
  const box = byId("canvas").getBoundingClientRect();
  return ({ x, y }) => Math.abs(x - middle) * scale < box.width / 2 && Math.abs(y - centre) * scale < box.height / 2;
}

/** The names that fit when written this large, by id; where they stand goes into the boxes. */
function nameNodes(ids, size, boxes) {
  const focus = new Set(view.focus?.slice(1));
  const weight = (id) => (focus.has(id) ? -2e7 : 0) - entities.get(id).size * 1e4 + entities.get(id).rank;
  const named = new Map();
  for (const id of ids.sort((a, b) => weight(a) - weight(b))) {
    if (named.size >= CAPTIONS) break;
    const { x, y, size: radius } = entities.get(id);
    const text = cut(titleOf(id));
    const half = text.length * size * 0.27;
    const one = { left: x - half, right: x + half, top: y + radius, bottom: y + radius + size * 1.35 };
    if (boxes.some((two) => (named.size >= SURE || !two.node) && overlap(one, two))) continue;
    boxes.push(one, { node: true, left: x - radius * 0.7, right: x + radius * 0.7, top: y - radius * 0.7, bottom: y + radius });
    named.set(id, text);
  }
  return named;
}

function captionNodes(size, scale, boxes) {
  const sees = inView(scale);
  const named = nameNodes([...drawn].filter((id) => lit(id) && sees(entities.get(id))), size, boxes);
  const before = new Map(nodes.get({ fields: ["id", "label", "font"] }).map((node) => [node.id, node]));
  nodes.update([...drawn].map((id) => ({ id, label: named.get(id) || "", font: { size, strokeWidth: size * 0.3 } }))
    .filter((node) => before.get(node.id).label !== node.label || (node.label && before.get(node.id).font?.size !== size)));
}

/** Edges have their relation written where they stand out, or where few are drawn, and where there is room. */
function captionEdges(size, boxes) {
  const few = edges.length <= 40;
  const updates = edges.get({ fields: ["id", "label"] }).flatMap(({ id, label: before }) => {
    const relation = relations.get(id);
    const text = bright ? bright.edges.has(id) : few;
    const [a, b] = [entities.get(relation.s), entities.get(relation.o)];
    const words = text ? relationLabel(relation) : " ";
    const half = words.length * size * 0.27, x = (a.x + b.x) / 2, y = (a.y + b.y) / 2;
    const one = { left: x - half, right: x + half, top: y - size * 0.7, bottom: y + size * 0.7 };
    const shown = text && Math.hypot(b.x - a.x, b.y - a.y) > 1.5 * half && !boxes.some((two) => overlap(one, two));
    if (shown) boxes.push(one);
    if (!shown && before === " ") return [];
    return [{ id, label: shown ? words : " ", font: { size, strokeWidth: size * 0.3, vadjust: BARRED.has(lineOf(relation)) ? -size : 0 } }];
  });
  edges.update(updates);
}

/** Select what is chosen. Unless somebody moved the drawing, it shows what stands out, or all. */
function mark() {
  const relation = chosenRelation();
  const entity = chosenEntity();
  network.setSelection({ nodes: entity ? [entity] : [], edges: relation && edges.get(relation.id) ? [relation.id] : [] }, { highlightEdges: false });
  const state = [view.focus, drawn.size, byId("canvas").clientWidth].join();
  if (!view.camera && state !== marked) moveCamera();
  marked = state;
}
let marked = "";

function keepCamera() {
  const { x, y } = network.getViewPosition();
  view.camera = [network.getScale(), x, y, ...(turned ? [1] : [])];
  remember(false);
  captions();
}

function moveCamera() {
  if (view.camera) network.moveTo({ scale: view.camera[0], position: { x: view.camera[1], y: view.camera[2] } });
  else {
    const ids = bright ? [...bright.nodes].filter((id) => drawn.has(id)) : [];
    network.fit({ nodes: ids.length ? ids : [...drawn], minZoomLevel: 0.02, maxZoomLevel: bright ? 0.8 : 1.2, animation: false });
    network.moveTo({ scale: network.getScale() * 0.92 }); // room for the names at the edge
  }
  captions();
}

function zoomBy(factor) {
  network.moveTo({ scale: network.getScale() * factor });
  keepCamera();
}

function fitAll() {
  view.camera = null;
  moveCamera();
  remember(false);
}

/** Arrow keys move the drawing, plus and minus zoom, zero shows all. */
function drawingKeys(event) {
  const steps = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] };
  const actions = { "+": () => zoomBy(1.3), "=": () => zoomBy(1.3), "-": () => zoomBy(1 / 1.3), "0": fitAll };
  if (steps[event.key]) {
    const { x, y } = network.getViewPosition();
    const [right, down] = steps[event.key].map((pixels) => pixels / network.getScale());
    network.moveTo({ position: { x: x + right, y: y + down } });
    keepCamera();
  } else if (actions[event.key]) actions[event.key]();
  else return;
  event.preventDefault();
}

function hovering() {
  const caption = (text) => { byId("caption").textContent = text; byId("canvas").classList.toggle("over", Boolean(text)); };
  network.on("hoverNode", ({ node }) => caption(`${titleOf(node)} – ${label(entities.get(node).kind)}`));
  network.on("hoverEdge", ({ edge }) => caption(relationText(relations.get(edge))));
  network.on("blurNode", () => caption(""));
  network.on("blurEdge", () => caption(""));
}

/** On a screen that is higher than wide, the drawing is too. */
let turned = false;
function turn() {
  const { width, height } = byId("canvas").getBoundingClientRect();
  turned = height > width * 1.1;
  if (turned) for (const entity of entities.values()) if (entity.x !== undefined) [entity.x, entity.y] = [entity.y, entity.x];
  if (view.camera && (view.camera[3] === 1) !== turned) view.camera = null; // it belongs to another screen
}

function startDrawing() {
  turn();
  const options = data.options;
  options.nodes.font.face = options.edges.font.face = getComputedStyle(document.body).fontFamily;
  network = new vis.Network(byId("canvas"), { nodes, edges }, options);
  network.on("click", ({ nodes: [node], edges: [edge] }) => {
    keepCamera();
    if (node) lookAt(node, true);
    else focusOn(edge ? ["id", edge] : null, true);
  });
  network.on("dragEnd", ({ nodes: moved }) => {
    for (const id of moved) Object.assign(entities.get(id), network.getPosition(id));
    keepCamera();
  });
  let wait = 0;
  network.on("zoom", () => { clearTimeout(wait); wait = setTimeout(keepCamera, 80); });
  network.on("resize", () => { clearTimeout(wait); wait = setTimeout(() => { if (view.camera) captions(); else moveCamera(); }, 80); });
  hovering();
  byId("canvas").addEventListener("keydown", drawingKeys);
  byId("in").onclick = () => zoomBy(1.3);
  byId("out").onclick = () => zoomBy(1 / 1.3);
  byId("fit").onclick = fitAll;
  byId("all").onclick = () => change({ all: !view.all, camera: null });
}
