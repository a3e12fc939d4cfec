// The query page: the editor instead of the text area, and answers as a table whose things are links.
"use strict";

const form = document.getElementById("ask");
const area = document.getElementById("sparql");
const result = document.getElementById("result");
const stop = document.getElementById("stop");
const words = result.dataset;
const BASE = words.base;
const MOST_SHOWN = 1000;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
let running = null;

const vocabulary = fetch("/vocabulary.json").then((response) => response.json());
const editor = window.kgEditor.open(document.getElementById("editor"), { text: area.value, label: "SPARQL", vocabulary, onRun: ask });
area.hidden = true;

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text.replace(CONTROLS, "");
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function cell(term) {
  const made = element("td");
  if (!term) return made;
  if (term.type === "uri") made.append(link(term.value));
  else made.append(element("bdi", term.value, term["xml:lang"] ? { lang: term["xml:lang"] } : {}));
  return made;
}

// A thing of this graph leads to its page here; an address of the web to the web; nothing else is a link.
function link(iri) {
  if (iri.startsWith(BASE) && /^(id|article|claim|graph|evidence)\//.test(iri.slice(BASE.length))) {
    return element("a", iri.slice(BASE.length), { href: `/${iri.slice(BASE.length)}`, dir: "ltr" });
  }
  if (/^https?:\/\//.test(iri)) return element("a", iri, { href: iri, dir: "ltr", rel: "external noreferrer nofollow" });
  return element("bdi", iri, { dir: "ltr" });
}

function table(found) {
  const rows = found.results.bindings;
  const made = element("table");
  const head = element("tr");
  head.append(...found.head.vars.map((name) => element("th", name, { scope: "col" })));
  made.append(element("thead"), element("tbody"));
  made.tHead.append(head);
  for (const row of rows.slice(0, MOST_SHOWN)) {
    const line = element("tr");
    line.append(...found.head.vars.map((name) => cell(row[name])));
    made.tBodies[0].append(line);
  }
  const scroller = element("div", "", { class: "table", tabindex: "0" });
  scroller.append(made);
  const shown = Math.min(rows.length, MOST_SHOWN);
  const count = shown < rows.length ? `${shown} / ${rows.length} ${words.rows}` : `${rows.length} ${words.rows}`;
  return rows.length ? [element("p", count, { class: "count" }), scroller] : [element("p", words.none, { class: "count" })];
}

async function show(response) {
  if (!response.ok) return [element("p", await response.text(), { class: "error", dir: "auto" })];
  if (!response.headers.get("content-type").includes("sparql-results+json")) return [element("pre", await response.text(), { dir: "ltr" })];
  const found = await response.json();
  return "boolean" in found ? [element("p", found.boolean ? words.yes : words.no, { class: "count" })] : table(found);
}

async function ask() {
  if (running) running.abort();
  const mine = (running = new AbortController());
  stop.hidden = false;
  result.replaceChildren(element("p", words.running));
  let parts;
  try {
    const headers = { "content-type": "application/sparql-query", accept: "application/sparql-results+json, text/turtle;q=0.9" };
    parts = await show(await fetch("/sparql", { method: "POST", headers, body: editor.text(), signal: mine.signal }));
  } catch (error) {
    parts = error.name === "AbortError" ? [] : [element("p", words.failed, { class: "error" })];
  }
  if (running !== mine) return;
  running = null;
  stop.hidden = true;
  result.replaceChildren(...parts);
  result.dataset.done = "yes";
}

stop.addEventListener("click", () => running && running.abort());
form.addEventListener("submit", (event) => {
  area.value = editor.text();
  if (event.submitter && event.submitter.id !== "run") return;
  event.preventDefault();
  ask();
});
if ("run" in words) ask();
