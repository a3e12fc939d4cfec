// Languages, tabs, and the beginning.

/** Put every word of the page into the chosen language, then show the view in it. */
function speak() {
  document.documentElement.lang = view.language;
  document.documentElement.dir = view.language === "ar" ? "rtl" : "ltr";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of document.querySelectorAll("[data-word-label]")) element.setAttribute("aria-label", say(element.dataset.wordLabel));
  for (const element of document.querySelectorAll("[data-word-hint]")) element.setAttribute("placeholder", say(element.dataset.wordHint));
  for (const element of document.querySelectorAll(".term[data-term]")) element.textContent = label(element.dataset.term);
  for (const element of document.querySelectorAll(".term[data-family]")) {
    element.textContent = data.families.find((family) => family.family === element.dataset.family)[view.language];
  }
  document.title = say("title");
  if (byId("home")) byId("home").href = inLanguage(data.server.home);
  byId("language").lang = view.language === "ar" ? "en" : "ar";
  if (entities.size) refresh();
}

function startTabs() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  tabs.forEach((tab) => {
    tab.onclick = () => change({ tab: tab.dataset.tab }, true);
    tab.addEventListener("keydown", (event) => {
      const ahead = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      const seen = tabs.filter((one) => one.offsetParent);
      const next = seen[(seen.indexOf(tab) + (event.key === ahead ? 1 : -1) + seen.length) % seen.length];
      next.focus();
      next.click();
    });
  });
}

function fromAddress() {
  if (address() === (location.hash || "#")) return;
  showAddress();
  fetchNamed();
}

/** With a server, ask for what the address is about, and show it unless somebody looks at something else by then. */
async function fetchNamed() {
  const { hash } = location;
  if (!data.server || !named(hash).length) return;
  for (const id of named(hash)) await ask(data.server.near, id);
  if (location.hash === hash) showAddress();
}

function showAddress() {
  const camera = String(view.camera);
  view = viewOf(location.hash);
  byId("search").value = view.query;
  speak();
  if (network && (String(view.camera) !== camera)) moveCamera();
}

function start() {
  view = viewOf(location.hash);
  byId("language").onclick = () => {
    if (entities.size) change({ language: view.language === "ar" ? "en" : "ar" });
    else { view.language = view.language === "ar" ? "en" : "ar"; speak(); }
  };
  if (!entities.size) return speak();
  byId("search").value = view.query;
  buildFilters();
  buildRounds();
  startTabs();
  startSearch();
  startList();
  startExport();
  byId("close").onclick = () => focusOn(null);
  byId("matrix-more").onclick = () => { matrixLimit += ROWS; showMatrix(); };
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input")) { event.preventDefault(); byId("search").focus(); }
    if (event.key === "Escape" && view.focus && !event.target.closest(".search, #export")) focusOn(null);
  });
  speak();
  try {
    startDrawing();
    refresh();
    moveCamera();
  } catch (problem) {
    console.warn(problem); // without a canvas the list still has everything
  }
  addEventListener("hashchange", fromAddress);
  addEventListener("popstate", fromAddress);
  fetchNamed();
  document.documentElement.dataset.ready = "yes";
}

window.kg = {
  get network() { return network; }, get view() { return view; }, get visible() { return visible; }, get drawn() { return drawn; },
  nodes, edges, entities, relations, fold, focusOn, change, addPart, svgText, csvText, address,
};
start();
