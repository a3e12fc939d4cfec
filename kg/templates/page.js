"use strict";
// Every text of the data goes into the page as a text node: there is no innerHTML here, and no HTML tooltip.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const LARGE = 1500; // nodes above which choosing one does not dim the others
  const FEW = 150; // names written into a drawing with more nodes than that
  const PAGE = 100; // rows shown at a time
  const STANCES = ["actual", "planned", "possible", "negative"];
  const LOOKS = {
    actual: { dashes: false, color: "#8592a6" },
    planned: { dashes: [12, 6], color: "#2f6fb5" },
    possible: { dashes: [2, 6], color: "#7a5ea8" },
    negative: { dashes: [12, 5, 2, 5], color: "#b42318" },
  };
  const DISPUTED = "#b45309";
  const TEXT = {
    ar: {
      known: "في قاعدة المعرفة", fresh: "جديد: ليس في قاعدة المعرفة", also: "أسماء أخرى", dates: "تواريخ الانعقاد",
      relations: "العلاقات", said: "أقوال منسوبة إليه", claims: "الادعاءات", by: "المتحدث", outlet: "الوسيلة نفسها",
      date: "تاريخ الحدث", unknown: "غير معروف", role: "الصفة", article: "المقال", source: "الوسيلة",
      published: "تاريخ النشر", rule: "القاعدة", confidence: "الثقة", disputed: "متناقض", only: "المتناقض فقط",
      disputes: "ما تتناقض فيه الادعاءات", central: "الأكثر ارتباطًا", nothing: "لا شيء يطابق البحث", of: "من", untitled: "بلا عنوان", hidden: "محجوب الآن بالمرشحات",
      conflict: "تثبته مصادر وتنفيه أخرى", empty: "لا علاقات تطابق المرشحات",
    },
    en: {
      known: "in the knowledge base", fresh: "new: not in the knowledge base", also: "Other names", dates: "Dates held",
      relations: "Relations", said: "Statements attributed to it", claims: "Claims", by: "Speaker", outlet: "the outlet itself",
      date: "Event date", unknown: "unknown", role: "Role", article: "Article", source: "Outlet",
      published: "Published", rule: "Rule", confidence: "Confidence", disputed: "contradicted", only: "Contradicted only",
      disputes: "Where claims contradict each other", central: "Most connected", nothing: "Nothing matches", of: "of", untitled: "untitled", hidden: "hidden by the filters now",
      conflict: "Affirmed and denied by claims", empty: "No relation matches the filters",
    },
  };

  let language = "ar";
  const say = (key) => TEXT[language][key];
  const label = (term) => (data.labels[term] || [term, term])[language === "ar" ? 0 : 1];
  const title = (entity) => (language === "ar" ? entity.names[0] : entity.en);

  const entities = new Map(data.entities.map((entity) => [entity.id, entity]));
  const relations = new Map(data.relations.map((relation) => [relation.id, relation]));
  const touching = new Map(data.entities.map((entity) => [entity.id, []]));
  const spoken = new Map();
  const stance = (claim) => (claim.polarity === "negative" ? "negative" : claim.modality);
  for (const relation of data.relations) {
    for (const end of new Set([relation.s, relation.o])) if (end) touching.get(end).push(relation);
    relation.stances = STANCES.filter((name) => relation.claims.some((claim) => stance(claim) === name));
    relation.disputed = relation.stances.includes("negative") && relation.stances.length > 1;
    for (const speaker of new Set(relation.claims.map((claim) => claim.says))) {
      if (speaker) spoken.set(speaker, [...(spoken.get(speaker) || []), relation]);
    }
  }

  // Search: the folding of kg.arabic, whose table comes with the data; also without articles, as kg.arabic.key.
  const unit = (c) => data.folds[c] ?? (/[\p{L}\p{N}]/u.test(c) ? c : /[\p{Mn}\p{Cf}]/u.test(c) ? "" : " ");
  const fold = (text) =>
    Array.from(text.normalize("NFKC").toLowerCase(), unit).join("").split(" ").filter(Boolean).join(" ");
  const bare = (folded) => folded.replace(/(^| )\u0627\u0644(?=\S{2})/g, "$1");
  for (const entity of data.entities) {
    const forms = entity.names.map(fold);
    entity.forms = [...new Set([...forms, ...forms.map(bare)])];
  }
  const matches = (entity, query) => entity.forms.some((form) => form.includes(query) || form.includes(bare(query)));
  const begins = (entity, query) => entity.forms.some((form) => form.startsWith(query) || form.startsWith(bare(query)));

  // Building elements
  const make = (tag, properties, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (name in element && name !== "dir") element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  };
  const name = (text) => make("bdi", {}, text);
  const entityName = (id) => name(title(entities.get(id)));
  const link = (id) => make("button", { type: "button", className: "link", onclick: () => select(id) }, entityName(id));
  const badge = (text, kind) => make("span", { className: "badge " + kind }, text);
  const object = (relation) => (relation.date ? day(relation.date) : entityName(relation.o));
  const target = (relation) => (relation.date ? day(relation.date) : link(relation.o));

  const day = (value) => {
    const parts = value.split("/").map((part) => {
      const fields = part.split("-");
      const shape = { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" };
      if (fields.length < 3) delete shape.day;
      if (fields.length < 2) delete shape.month;
      const full = new Date(0);
      full.setUTCFullYear(Number(fields[0]), Number(fields[1] || 1) - 1, Number(fields[2] || 1));
      return new Intl.DateTimeFormat(language === "ar" ? "ar-SY-u-nu-latn-ca-gregory" : "en-GB", shape).format(full);
    });
    return make("time", { title: value, ...(parts.length < 2 && { dateTime: value }) }, parts.join(" – "));
  };

  const SVG = "http://www.w3.org/2000/svg";
  const OUTLINES = {
    square: "2,2 14,2 14,14 2,14", diamond: "8,0.5 15.5,8 8,15.5 0.5,8", triangle: "8,1 15.5,14.5 0.5,14.5",
    triangleDown: "0.5,1.5 15.5,1.5 8,15", hexagon: "4,1.5 12,1.5 16,8 12,14.5 4,14.5 0,8",
    star: "8,0 10.2,5.4 16,5.8 11.5,9.6 13,15.4 8,12.2 3,15.4 4.5,9.6 0,5.8 5.8,5.4",
  };
  const draw = (tag, attributes) => {
    const element = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const symbol = (kind, known = true) => {
    const [shape, color] = data.looks[kind];
    const paint = { fill: known ? color : "#fff", stroke: color, "stroke-width": 1.6 };
    const svg = draw("svg", { viewBox: "-1 -1 18 18", "aria-hidden": "true" });
    svg.append(OUTLINES[shape] ? draw("polygon", { points: OUTLINES[shape], ...paint }) : draw("circle", { cx: 8, cy: 8, r: 7, ...paint }));
    return svg;
  };
  const stroke = (look) => {
    const svg = draw("svg", { viewBox: "0 0 34 10", "aria-hidden": "true", class: "stroke" });
    const dash = look.dashes ? { "stroke-dasharray": look.dashes.map((n) => n / 1.6).join(" ") } : {};
    svg.append(draw("line", { x1: 1, y1: 5, x2: 33, y2: 5, stroke: look.color, "stroke-width": 2.4, ...dash }));
    return svg;
  };

  // What is shown now
  const off = { kinds: new Set(), predicates: new Set(), stances: new Set() };
  let only = false;
  let chosen = null;
  let limit = PAGE;
  const told = (relation) => relation.stances.filter((name) => !off.stances.has(name));
  const kindOff = (id) => off.kinds.has(entities.get(id).kind);
  const passes = (relation) =>
    !off.predicates.has(relation.p) && told(relation).length > 0 && (!only || relation.disputed) &&
    !kindOff(relation.s) && !(relation.o && kindOff(relation.o));

  const relationLabel = (relation) => {
    const [first] = told(relation);
    const marks = relation.disputed ? [say("disputed")] : first && first !== "actual" ? [label(first)] : [];
    return [label(relation.p), ...marks.map((mark) => "(" + mark + ")")].join(" ");
  };

  const nodes = new vis.DataSet(data.nodes);
  const edges = new vis.DataSet(data.edges);
  let network = null;

  const opacity = Math.max(0.3, 0.9 - data.edges.length / 5000);
  const edgeLook = (relation, visible) => {
    const look = LOOKS[told(relation)[0]] || LOOKS.actual;
    const color = relation.disputed ? DISPUTED : look.color;
    return {
      id: relation.id, hidden: !visible, label: relationLabel(relation), dashes: look.dashes,
      color: { color, highlight: color, hover: color, opacity: faded(relation.s, relation.o) ? 0.12 : opacity },
    };
  };
  let near = null; // the chosen entities and their neighbours, or null where nothing is dimmed
  const faded = (...ids) => near !== null && !(ids.every((id) => near.has(id)) && ids.some((id) => near.centre.has(id)));

  function focus() {
    near = null;
    if (!chosen || data.nodes.length > LARGE) return;
    const relation = relations.get(chosen);
    const centre = relation ? [relation.s, relation.o].filter(Boolean) : [chosen];
    near = new Set(centre);
    near.centre = new Set(centre);
    if (relation) return;
    for (const other of touching.get(chosen)) for (const end of [other.s, other.o]) if (end) near.add(end);
  }

  const lit = (id) => near === null || near.has(id);

  // Captions keep their size on the screen; where two would overlap, the better connected node has its name shown.
  function captions() {
    const scale = network ? network.getScale() : 1;
    const size = Math.min(Math.max(14, 12.5 / scale), 250);
    const large = data.nodes.length > LARGE; // then few names while all is in view, and every one from close by
    const taken = [];
    const free = (box, place) => large && (scale > 0.6 || place > FEW) ? scale > 0.6 : !taken.some((other) =>
      box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
    const around = ({ x, y }, r) => ({ left: x - r, right: x + r, top: y - r, bottom: y + r });
    const rank = (node) => (near !== null && near.centre.has(node.id) ? 2e6 : near !== null && near.has(node.id) ? 1e6 : 0) + node.size;
    const updates = [...data.nodes].sort((a, b) => rank(b) - rank(a)).map((node, place) => {
      const { hidden, x, y } = nodes.get(node.id);
      const text = language === "ar" ? node.label : node.en;
      const half = text.length * size * 0.27;
      const box = { left: x - half, right: x + half, top: y + node.size, bottom: y + node.size + size * 1.35 };
      const shown = !hidden && lit(node.id) && free(box, place);
      if (shown) taken.push(box);
      if (!hidden && lit(node.id) && !large) taken.push(around({ x, y }, node.size * 0.7));
      return { id: node.id, label: shown ? text : "", font: { size } };
    });
    nodes.update(updates);
  }

  function refresh() {
    focus();
    const visible = data.relations.filter(passes);
    const shown = new Set(visible.map((relation) => relation.id));
    const ends = new Set(visible.flatMap((relation) => [relation.s, relation.o]));
    const all = !only && !off.predicates.size && !off.stances.size;
    nodes.update(data.nodes.map((node) => ({
      id: node.id, hidden: kindOff(node.id) || !(all || ends.has(node.id)), opacity: lit(node.id) ? 1 : 0.15,
    })));
    captions();
    edges.update(data.edges.map((edge) => edgeLook(relations.get(edge.id), shown.has(edge.id))));
    list(visible);
  }

  // The list: everything that the drawing has, and the dates
  function list(visible) {
    const query = fold(byId("search").value);
    const rows = visible.filter((relation) =>
      !query || [relation.s, relation.o].some((id) => id && matches(entities.get(id), query)));
    byId("shown").textContent = rows.length ? `${rows.length} ${say("of")} ${data.relations.length}` : say("empty");
    byId("rows").replaceChildren(...rows.slice(0, limit).map(row));
    byId("more").hidden = rows.length <= limit;
  }

  function row(relation) {
    const button = make("button", { type: "button", className: "link" }, label(relation.p));
    button.setAttribute("aria-label", `${title(entities.get(relation.s))} – ${relationLabel(relation)} – ${object(relation).textContent}`);
    const line = make("tr", { className: relation.id === chosen ? "chosen" : "", onclick: () => select(relation.id) },
      make("td", {}, symbol(entities.get(relation.s).kind, entities.get(relation.s).known), entityName(relation.s)),
      make("td", {}, button),
      make("td", {}, ...(relation.o ? [symbol(entities.get(relation.o).kind, entities.get(relation.o).known)] : []), object(relation)),
      make("td", {}, ...badges(relation)),
      make("td", { className: "number" }, String(relation.claims.length)));
    line.dataset.id = relation.id;
    return line;
  }

  const badges = (relation) => [
    ...relation.stances.map((name) => badge(label(name), name)),
    ...(relation.disputed ? [badge(say("disputed"), "disputed")] : []),
  ];

  // The panel
  const fact = (term, ...values) => [make("dt", {}, term), make("dd", {}, ...values)];

  function claimCard(relation, claim) {
    const [number, start, end] = claim.quote;
    const letters = Array.from(data.texts[number]);
    const slice = (from, to) => letters.slice(from, to).join("");
    const article = data.articles[claim.article];
    const heading = article && article.title ? article.title : say("untitled");
    const facts = [
      fact(say("by"), claim.says ? link(claim.says) : say("outlet")),
      fact(say("date"), ...(claim.when ? [day(claim.when[0]), ` (${label(claim.when[1])})`] : [say("unknown")])),
      claim.role ? fact(say("role"), name(claim.role)) : [],
      fact(say("article"), article && article.url
        ? make("a", { href: article.url, rel: "noopener noreferrer", target: "_blank" }, name(heading))
        : name(heading), " ", make("code", {}, name(claim.article))),
      article && article.outlet ? fact(say("source"), name(article.outlet)) : [],
      article && article.published ? fact(say("published"), day(article.published)) : [],
      fact(say("rule"), make("code", { dir: "ltr" }, claim.rule)),
      fact(say("confidence"), make("meter", { min: 0, max: 1, value: claim.confidence }), ` ${Math.round(claim.confidence * 100)}%`),
    ];
    const reverse = claim.s !== relation.s && relation.o;
    const told = reverse ? [entityName(relation.o), ` ${label(relation.p)} `, entityName(relation.s)] : null;
    return make("li", { className: "claim " + stance(claim) },
      make("p", { className: "badges" }, badge(label(claim.polarity), claim.polarity), badge(label(claim.modality), claim.modality),
        ...(told ? [make("span", { className: "hint" }, ...told)] : [])),
      make("blockquote", { dir: "rtl", lang: "ar" }, slice(0, start), make("mark", {}, slice(start, end)), slice(end)),
      make("dl", {}, ...facts.flat()));
  }

  function relationDetails(relation) {
    return [
      make("h2", { tabIndex: -1 }, link(relation.s), make("span", { className: "verb" }, ` ${label(relation.p)} `), target(relation)),
      make("p", { className: "badges" }, ...badges(relation)),
      ...(relation.disputed ? [make("p", { className: "conflict" }, say("conflict"))] : []),
      ...(passes(relation) ? [] : [make("p", { className: "hint" }, say("hidden"))]),
      make("h3", {}, `${say("claims")} (${relation.claims.length})`),
      make("ol", { className: "claims" }, ...relation.claims.map((claim) => claimCard(relation, claim))),
    ];
  }

  const relationItem = (relation) =>
    make("li", {}, make("button", { type: "button", className: "relation", onclick: () => select(relation.id) },
      make("span", {}, entityName(relation.s), " ", make("b", {}, label(relation.p)), " ", object(relation)),
      make("span", { className: "badges" }, ...badges(relation), badge(String(relation.claims.length), "number"))));
  const section = (heading, items) =>
    items.length ? [make("h3", {}, `${heading} (${items.length})`), make("ul", { className: "relations" }, ...items.map(relationItem))] : [];

  function entityDetails(entity) {
    const others = entity.names.filter((other) => other !== title(entity));
    const all = touching.get(entity.id);
    return [
      make("h2", { tabIndex: -1 }, symbol(entity.kind, entity.known), name(title(entity))),
      make("p", { className: "badges" }, badge(label(entity.kind), "kind"), badge(say(entity.known ? "known" : "fresh"), entity.known ? "known" : "fresh")),
      ...(others.length ? [make("details", { open: others.length <= 5 }, make("summary", {}, `${say("also")} (${others.length})`),
        make("ul", { className: "names" }, ...others.map((other) => make("li", {}, name(other)))))] : []),
      make("p", {}, make("code", { dir: "ltr", className: "id" }, entity.id)),
      ...section(say("dates"), all.filter((relation) => relation.date)),
      ...section(say("relations"), all.filter((relation) => !relation.date)),
      ...section(say("said"), spoken.get(entity.id) || []),
    ];
  }

  /** Before anything is chosen: where the claims contradict each other, and who is in most relations. */
  function overview() {
    const busy = [...data.entities].sort((a, b) => touching.get(b.id).length - touching.get(a.id).length).slice(0, 10);
    return [
      welcome,
      ...section(say("disputes"), data.relations.filter((relation) => relation.disputed)),
      make("h3", {}, say("central")),
      make("ul", { className: "relations" }, ...busy.map((entity) => make("li", {},
        make("button", { type: "button", className: "relation", onclick: () => select(entity.id) },
          make("span", {}, symbol(entity.kind, entity.known), " ", entityName(entity.id), " ",
            make("small", {}, `${label(entity.kind)} · ${touching.get(entity.id).length}`)))))),
    ];
  }

  function panel() {
    const relation = relations.get(chosen);
    byId("details").replaceChildren(...(relation ? relationDetails(relation) : chosen ? entityDetails(entities.get(chosen)) : overview()));
    byId("panel").classList.toggle("open", Boolean(chosen));
    byId("close").hidden = !chosen;
    byId("panel").scrollTop = 0;
    if (matchMedia("(min-width: 1051px)").matches) byId("rows").querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  }

  /** Shows an entity or a relation, by id; null closes the panel. The address keeps it, so that "back" works. */
  function select(id) {
    const hash = id ? "#" + encodeURIComponent(id) : "#";
    show(id);
    if (location.hash !== (id ? hash : "")) location.hash = hash;
  }

  /** The id in the address, empty if there is none. */
  function addressed() {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return ""; // an address that somebody cut off
    }
  }

  let welcome = null;
  function show(id) {
    chosen = entities.has(id) || relations.has(id) ? id : null;
    refresh();
    panel();
    byId("details").querySelector("h2")?.focus({ preventScroll: true });
    if (network) mark();
  }

  function mark() {
    const relation = relations.get(chosen);
    network.setSelection({ nodes: chosen && !relation ? [chosen] : [], edges: relation && relation.o ? [chosen] : [] }, { highlightEdges: false });
    const ids = relation ? [relation.s, relation.o].filter(Boolean) : chosen ? [chosen] : [];
    const box = byId("canvas").getBoundingClientRect();
    const outside = (id) => {
      const spot = network.canvasToDOM(network.getPosition(id));
      return spot.x < 20 || spot.y < 20 || spot.x > box.width - 20 || spot.y > box.height - 20;
    };
    if (!ids.some(outside)) return;
    network.fit({ nodes: ids, minZoomLevel: 0.2, maxZoomLevel: Math.max(network.getScale(), 0.6), animation: false });
    captions();
  }

  // Filters
  function checkbox(group, key, count, ...content) {
    const input = make("input", { type: "checkbox", checked: true });
    input.addEventListener("change", () => {
      off[group][input.checked ? "delete" : "add"](key);
      limit = PAGE;
      refresh();
    });
    input.dataset.key = key;
    const text = make("span", { className: "term" });
    text.dataset.term = key;
    byId(group).append(make("label", {}, input, ...content, text, make("small", {}, String(count))));
  }

  function filters() {
    const tally = (values) => values.reduce((counts, value) => counts.set(value, (counts.get(value) || 0) + 1), new Map());
    const ordered = (counts, order) => order.filter((key) => counts.has(key)).map((key) => [key, counts.get(key)]);
    const terms = Object.keys(data.labels);
    const kinds = tally(data.entities.map((entity) => entity.kind));
    for (const [kind, count] of ordered(kinds, Object.keys(data.looks))) checkbox("kinds", kind, count, symbol(kind));
    const stances = tally(data.relations.flatMap((relation) => relation.stances));
    for (const [name, count] of ordered(stances, STANCES)) checkbox("stances", name, count, stroke(LOOKS[name]));
    const predicates = tally(data.relations.map((relation) => relation.p));
    for (const [predicate, count] of [...predicates].sort((a, b) => b[1] - a[1] || terms.indexOf(a[0]) - terms.indexOf(b[0]))) {
      checkbox("predicates", predicate, count);
    }
    disputedSwitch();
    for (const [id, on] of [["all", true], ["none", false]]) {
      byId(id).onclick = () => {
        for (const input of byId("predicates").querySelectorAll("input")) {
          input.checked = on;
          off.predicates[on ? "delete" : "add"](input.dataset.key);
        }
        refresh();
      };
    }
  }

  function disputedSwitch() {
    const count = data.relations.filter((relation) => relation.disputed).length;
    if (!count) return;
    const input = make("input", { type: "checkbox", id: "only", onchange: () => { only = input.checked; refresh(); } });
    const text = make("span", { className: "term" });
    text.dataset.say = "only";
    byId("stances").append(make("label", {}, input, stroke({ color: DISPUTED, dashes: false }), text, make("small", {}, String(count))));
  }

  // Search
  function search() {
    const query = fold(byId("search").value);
    const weight = (entity) => touching.get(entity.id).length + (begins(entity, query) ? 1e6 : 0);
    const found = query ? data.entities.filter((entity) => matches(entity, query)).sort((a, b) => weight(b) - weight(a)).slice(0, 12) : [];
    const items = found.map((entity) => make("li", {},
      make("button", { type: "button", onclick: () => pick(entity.id) },
        symbol(entity.kind, entity.known), name(title(entity)), make("small", {}, label(entity.kind)))));
    byId("found").replaceChildren(...(query && !items.length ? [make("li", { className: "hint" }, say("nothing"))] : items));
    byId("found").hidden = !query;
    limit = PAGE;
    list(data.relations.filter(passes));
  }

  function pick(id) {
    byId("found").hidden = true;
    select(id);
  }

  function searching() {
    const box = byId("search");
    let wait = 0;
    box.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(search, data.entities.length > 500 ? 150 : 0); });
    box.addEventListener("focus", () => { if (box.value) byId("found").hidden = false; });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") byId("found").querySelector("button")?.click();
      if (event.key === "ArrowDown") { event.preventDefault(); byId("found").querySelector("button")?.focus(); }
      if (event.key === "Escape") byId("found").hidden = true;
    });
    byId("found").addEventListener("keydown", (event) => {
      const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
      if (step) { event.preventDefault(); (document.activeElement.closest("li")[step]?.firstChild || box).focus(); }
      if (event.key === "Escape") { byId("found").hidden = true; box.focus(); }
    });
    document.addEventListener("click", (event) => { if (!event.target.closest(".search")) byId("found").hidden = true; });
  }

  // Languages: the page is written in Arabic, its English stands in data-en attributes.
  const swaps = [];
  function collect() {
    const targets = { en: null, enLabel: "aria-label", enPlaceholder: "placeholder", enLang: "lang" };
    for (const element of document.querySelectorAll("[data-en],[data-en-label],[data-en-placeholder]")) {
      for (const [key, attribute] of Object.entries(targets)) {
        if (!(key in element.dataset)) continue;
        swaps.push({ element, attribute, en: element.dataset[key], ar: attribute ? element.getAttribute(attribute) : element.textContent });
      }
    }
  }

  function order() {
    const names = new Intl.Collator(language);
    const terms = Object.keys(data.labels);
    const subject = (relation) => title(entities.get(relation.s));
    data.relations.sort((a, b) => names.compare(subject(a), subject(b)) || terms.indexOf(a.p) - terms.indexOf(b.p) || (a.id < b.id ? -1 : 1));
  }

  function speak(wanted) {
    language = wanted;
    order();
    document.documentElement.lang = wanted;
    document.documentElement.dir = wanted === "ar" ? "rtl" : "ltr";
    for (const { element, attribute, ...texts } of swaps) {
      if (attribute) element.setAttribute(attribute, texts[wanted]);
      else element.textContent = texts[wanted];
    }
    document.title = document.querySelector("h1").textContent;
    if (!data.entities.length) return;
    for (const text of document.querySelectorAll(".term")) text.textContent = text.dataset.say ? say(text.dataset.say) : label(text.dataset.term);
    refresh();
    panel();
    search();
    byId("found").hidden = true;
  }

  function canvas() {
    const font = getComputedStyle(document.body).fontFamily;
    const options = data.options;
    options.nodes.font.face = options.edges.font.face = font;
    network = new vis.Network(byId("canvas"), { nodes, edges }, options);
    network.on("click", ({ nodes: [node], edges: [edge] }) => select(node ?? edge ?? null));
    network.on("hoverNode", () => { byId("canvas").classList.add("over"); });
    network.on("blurNode", () => { byId("canvas").classList.remove("over"); });
    network.on("hoverEdge", () => { byId("canvas").classList.add("over"); });
    network.on("blurEdge", () => { byId("canvas").classList.remove("over"); });
    network.fit();
    captions();
    let wait = 0;
    network.on("zoom", () => { clearTimeout(wait); wait = setTimeout(captions, 80); });
    network.on("dragEnd", ({ nodes: moved }) => {
      if (moved.length) nodes.update(moved.map((id) => ({ id, ...network.getPosition(id) })));
    });
    const zoom = (factor) => { network.moveTo({ scale: network.getScale() * factor }); captions(); };
    byId("in").onclick = () => zoom(1.3);
    byId("out").onclick = () => zoom(1 / 1.3);
    byId("fit").onclick = () => { network.fit(); captions(); };
  }

  function start() {
    collect();
    byId("language").onclick = () => speak(language === "ar" ? "en" : "ar");
    if (!data.entities.length) return;
    welcome = byId("details").firstElementChild;
    filters();
    searching();
    byId("more").onclick = () => { limit += PAGE; list(data.relations.filter(passes)); };
    byId("close").onclick = () => select(null);
    speak("ar");
    try {
      canvas();
    } catch (problem) {
      console.warn(problem); // without a canvas the list still has everything
    }
    const fromAddress = () => {
      const id = addressed() || null;
      if (id !== chosen && (id === null || entities.has(id) || relations.has(id))) show(id);
    };
    window.addEventListener("hashchange", fromAddress);
    if (location.hash.length > 1) fromAddress();
  }

  start();
  window.kg = { get network() { return network; }, nodes, edges, select, fold, entities, relations };
})();
