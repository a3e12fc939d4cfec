// The panel: an entity with its names, roles and neighbours; a relation with every claim and its sentence.
const fact = (term, ...values) => [make("dt", {}, term), make("dd", {}, ...values)];

function sentence(claim) {
  const letters = Array.from(claim.sentence());
  const slice = (from, to) => letters.slice(from, to).join("");
  return make("blockquote", { dir: "rtl", lang: "ar" },
    slice(0, claim.start), make("mark", {}, slice(claim.start, claim.end)), slice(claim.end));
}

function sourceOf(claim) {
  const article = articles.get(claim.article) || { title: "", outlet: "", published: "", url: "" };
  const heading = name(article.title || say("untitled"));
  const linked = article.url ? make("a", { href: article.url, rel: "noopener noreferrer", target: "_blank" }, heading) : heading;
  return [
    article.outlet ? fact(say("outlet"), name(article.outlet)) : [],
    fact(say("article"), linked, " ", make("code", {}, name(claim.article))),
    article.published ? fact(say("published"), day(article.published)) : [],
  ];
}

function claimCard(relation, claim) {
  const reversed = claim.s !== relation.s && relation.o;
  const facts = [
    fact(say("speaker"), claim.says && entities.has(claim.says) ? link(claim.says) : say("outlet-itself")),
    fact(say("event-date"), ...(claim.when ? [day(claim.when), ` (${label(claim.basis)})`] : [say("unknown")])),
    claim.role ? fact(say("role"), name(claim.role)) : [],
    ...sourceOf(claim),
    fact(say("rule"), make("code", { dir: "ltr" }, claim.rule), ` · ${say("confidence")} ${Math.round(claim.confidence * 100)}%`),
  ];
  return make("li", { className: `claim ${stance(claim)}${claimPasses(claim, relation) ? "" : " filtered"}` },
    make("p", { className: "badges" }, badge(label(claim.polarity), claim.polarity), badge(label(claim.modality), claim.modality),
      ...(reversed ? [make("span", { className: "hint" }, entityName(relation.o), ` ${label(relation.p)} `, entityName(relation.s))] : [])),
    sentence(claim), make("dl", {}, ...facts.flat()));
}

const claimList = (relation) => make("ol", { className: "claims" }, ...relation.claims.map((claim) => claimCard(relation, claim)));

function relationHead(relation, tag = "h2") {
  return make(tag, { tabIndex: -1 }, link(relation.s), make("span", { className: "verb" }, ` ${relationLabel(relation)} `), target(relation));
}

function relationDetails(relation) {
  return [
    relationHead(relation),
    make("p", { className: "badges" }, ...badges(relation), sourcesBadge(relation)),
    ...(relation.disputed && relation.stances.includes("negative") ? [make("p", { className: "conflict" }, say("conflict"))] : []),
    ...against(relation),
    ...(passes(relation) ? [] : [make("p", { className: "hint" }, say("hidden-now"))]),
    make("h3", {}, `${say("claims")} (${number(relation.claims.length)})`),
    claimList(relation),
  ];
}

/** What cannot be true together with it: another town or day of the same round. */
function against(relation) {
  const others = relation.against.map((id) => relations.get(id)).filter(Boolean);
  return others.length ? [make("p", { className: "conflict" }, say("against")), make("ul", { className: "relations" }, ...others.map(relationItem))] : [];
}

function relationItem(relation) {
  return make("li", {}, make("button", { type: "button", className: "relation", onclick: () => focusOn(["id", relation.id]) },
    make("span", {}, entityName(relation.s), " ", make("b", {}, relationLabel(relation)), " ", object(relation)),
    make("span", { className: "badges" }, ...badges(relation), sourcesBadge(relation))));
}

/** A heading with relations under it; of many, the first are shown. */
function section(heading, items, limit = 60) {
  if (!items.length) return [];
  const list = make("ul", { className: "relations" }, ...items.slice(0, limit).map(relationItem));
  const rest = items.slice(limit);
  const more = button(`${say("more")} (${number(rest.length)})`, () => { list.append(...rest.map(relationItem)); more.remove(); });
  return [make("h3", {}, `${heading} (${number(items.length)})`), list, ...(rest.length ? [more] : [])];
}

const roles = (id) => [...new Set([...relations.values()].flatMap((relation) => relation.claims)
  .filter((claim) => claim.s === id && claim.role).map((claim) => claim.role))];

function entityDetails(entity) {
  const names = entity.names.filter((one) => one !== title(entity));
  const all = touching.get(entity.id);
  const held = periods.get(entity.id);
  const id = make("code", { dir: "ltr", className: "id" }, entity.id);
  return [
    make("h2", { tabIndex: -1 }, symbolOf(entity.id), name(title(entity))),
    make("p", { className: "badges" }, badge(label(entity.kind), "kind"), badge(say(entity.known ? "known" : "new"), entity.known ? "known" : "new")),
    ...(held ? [make("p", { className: "hint" }, `${say("calendar")}: `, day(held.join("/")))] : []),
    ...entityActions(entity),
    ...(names.length ? [make("details", { open: names.length <= 5 }, make("summary", {}, `${say("other-names")} (${number(names.length)})`),
      make("ul", { className: "names" }, ...names.map((one) => make("li", {}, name(one)))))] : []),
    ...(roles(entity.id).length ? [make("h3", {}, say("roles")), make("ul", { className: "names" }, ...roles(entity.id).map((role) => make("li", {}, name(role))))] : []),
    ...section(say("dates-held"), all.filter((relation) => relation.date)),
    ...section(say("relations"), all.filter((relation) => !relation.date)),
    ...section(say("said"), spoken.get(entity.id) || []),
    make("p", {}, data.server?.entity ? make("a", { href: inLanguage(data.server.entity + encodeURIComponent(entity.id)) }, id) : id),
  ];
}

function entityActions(entity) {
  const all = neighbours(entity.id);
  const hidden = all.filter((id) => !drawn.has(id)).length;
  const open = () => { view.opened.add(entity.id); change({}, true); };
  return [make("p", { className: "actions" },
    ...(hidden ? [button(`${say("draw-neighbours")} (${number(all.length)})`, open)] : []),
    ...(entities.size > 1 ? [button(say("path-to"), (event) => askPath(entity.id, event.target))] : []))];
}

/** Before anything is chosen: where the claims contradict each other, and who is in most relations. */
function overview() {
  const busy = [...entities.values()].filter((entity) => entity.kind !== "Round")
    .sort((a, b) => touching.get(b.id).length - touching.get(a.id).length).slice(0, 10);
  const item = (entity) => make("li", {}, make("button", { type: "button", className: "relation", onclick: () => lookAt(entity.id) },
    make("span", {}, symbolOf(entity.id), " ", entityName(entity.id), " ",
      make("small", {}, `${label(entity.kind)} · ${number(touching.get(entity.id).length)}`))));
  return [
    make("p", { className: "hint" }, say("welcome")),
    ...section(say("disputes"), [...relations.values()].filter((relation) => relation.disputed), 10),
    make("h3", {}, say("central")), make("ul", { className: "relations" }, ...busy.map(item)),
  ];
}

function details() {
  const [kind, ...ids] = view.focus || [];
  if (!kind) return overview();
  if (kind === "path") return pathDetails(...ids);
  if (kind === "cell") return cellDetails(...ids);
  return chosenRelation() ? relationDetails(chosenRelation()) : entityDetails(entities.get(ids[0]));
}

let shownFocus = "";
function showPanel() {
  byId("details").replaceChildren(...details());
  byId("panel").classList.toggle("open", Boolean(view.focus));
  byId("close").hidden = !view.focus;
  const focus = String(view.focus);
  if (focus !== shownFocus) byId("panel").scrollTop = 0;
  shownFocus = focus;
}

/** Take the reader to what was chosen. */
function panelFocus() {
  byId("details").querySelector("h2")?.focus({ preventScroll: true });
  const small = matchMedia("(max-width: 1050px)").matches;
  if (small) scrollTo(0, view.focus ? 0 : Number(byId("panel").dataset.back || 0));
  else byId("rows").querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
}
