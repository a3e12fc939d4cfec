// The SPARQL editor of the query page: CodeMirror 6 with completion of prefixes, properties and classes.
// It lives in a shadow root, where CodeMirror's styles are adopted style sheets, which the page's policy allows.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const KEYWORDS = (
  "SELECT DISTINCT REDUCED ASK CONSTRUCT DESCRIBE WHERE PREFIX BASE FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER BIND " +
  "VALUES EXISTS NOT IN AS COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI " +
  "COALESCE IF CONCAT CONTAINS STRSTARTS STRENDS REGEX REPLACE YEAR MONTH DAY GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET"
).split(" ");

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "#7a1f5c", fontWeight: "600" },
  { tag: tags.string, color: "#1b6b3a" },
  { tag: tags.comment, color: "#5b6472", fontStyle: "italic" },
  { tag: tags.variableName, color: "#1d4e89" },
  { tag: tags.atom, color: "#8a4b08" },
  { tag: tags.number, color: "#8a4b08" },
]);

const THEME = EditorView.theme({
  "&": { border: "1px solid #8a94a3", borderRadius: "6px", fontSize: "15px", background: "#fff" },
  "&.cm-focused": { outline: "3px solid #f0b429" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", minHeight: "16em", maxHeight: "60vh", overflow: "auto" },
});

// What a vocabulary gives to choose from: "st:attended" for every IRI that begins with a known namespace.
function options(vocabulary) {
  const short = (iri) => {
    const [prefix, namespace] = Object.entries(vocabulary.prefixes).find(([, space]) => iri.startsWith(space)) || [];
    return prefix ? `${prefix}:${iri.slice(namespace.length)}` : `<${iri}>`;
  };
  return [
    ...vocabulary.properties.map((iri) => ({ label: short(iri), type: "property", detail: vocabulary.labels?.[iri], boost: 2 })),
    ...vocabulary.classes.map((iri) => ({ label: short(iri), type: "class", detail: vocabulary.labels?.[iri], boost: 1 })),
    ...Object.keys(vocabulary.prefixes).map((prefix) => ({ label: `${prefix}:`, type: "namespace" })),
    ...KEYWORDS.map((word) => ({ label: word, type: "keyword", boost: -1 })),
  ];
}

// After "PREFIX" the whole declaration is offered; else what begins with the word before the cursor, also a variable.
function completions(vocabulary) {
  const all = options(vocabulary);
  const declarations = Object.entries(vocabulary.prefixes).map(([prefix, iri]) => ({ label: `${prefix}: <${iri}>`, type: "namespace" }));
  return (context) => {
    const declared = context.matchBefore(/PREFIX\s+[\w-]*/i);
    if (declared) return { from: declared.from + declared.text.search(/[\w-]*$/), options: declarations };
    const word = context.matchBefore(/[?$]?[\w-]*:?[\w-]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const variables = [...new Set(context.state.doc.toString().match(/[?$]\w+/g))].filter((name) => name !== word.text);
    return { from: word.from, options: [...all, ...variables.map((label) => ({ label, type: "variable" }))], validFor: /^[?$]?[\w-]*:?[\w-]*$/ };
  };
}

// Put an editor into `parent`. `vocabulary` may be a promise. Gives { text(), replace(text), focus() }.
function open(parent, { text, label, vocabulary, onRun }) {
  const root = parent.attachShadow({ mode: "open" });
  let source = () => null;
  Promise.resolve(vocabulary).then((known) => { source = completions(known); }, () => {});
  const run = { key: "Mod-Enter", preventDefault: true, run: () => { onRun(); return true; } };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), highlightSpecialChars(), history(), drawSelection(), bracketMatching(), closeBrackets(), THEME,
        StreamLanguage.define(sparql), syntaxHighlighting(COLOURS), EditorView.lineWrapping,
        autocompletion({ override: [(context) => source(context)], icons: false }),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
        keymap.of([run, ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    replace: (fresh) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: fresh } }),
    focus: () => view.focus(),
  };
}

window.kgEditor = { open };
