"""Make ``docs/ontology.html`` of the ontology, its mappings and its shapes: every term in Arabic and English, for people.

::

    python scripts/make_ontology_page.py          # writes docs/ontology.html
    python scripts/make_ontology_page.py --check  # exit code 1 if it is not what the ontology says
"""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Iterator
from typing import Any

import jinja2
import rdflib
from rdflib import OWL, RDF, RDFS, SH, SKOS, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

ROOT = pathlib.Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology"
TARGET = ROOT / "docs" / "ontology.html"
BASE = "https://w3id.org/syria-talks/"
ST = f"{BASE}ontology#"
SECTIONS = (
    ("classes", "الأصناف", "Classes"),
    ("relations", "العلاقات", "Relations"),
    ("inverses", "العلاقات المعكوسة", "Inverse relations"),
    (
        "properties",
        "خصائص الادعاءات والقضايا والمقالات والكيانات",
        "Properties of claims, propositions, articles, entities",
    ),
)
TEMPLATE = """\
<!DOCTYPE html>
<html lang="ar" dir="rtl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title.ar }} · {{ title.en }}</title>
<style>
body { font: 1rem/1.6 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; color: #1c2430; background: #fff; }
h1, h2 { line-height: 1.3; } h2 { border-bottom: 2px solid #c9d3df; margin-top: 3rem; }
.term { border: 1px solid #d8dfe8; border-radius: .5rem; margin: 1rem 0; padding: .5rem 1rem; }
.term:target { border-color: #24609e; box-shadow: 0 0 0 2px #24609e40; }
.term h3 { margin: 0; display: flex; justify-content: space-between; gap: 1rem; flex-wrap: wrap; }
[lang=en] { direction: ltr; text-align: left; } dl { display: grid; grid-template-columns: 11rem 1fr; margin: .5rem 0 0; }
dl { direction: ltr; text-align: left; } dt { color: #52606f; } dd { margin: 0; overflow-wrap: anywhere; }
code { direction: ltr; unicode-bidi: isolate; } a { color: #24609e; } nav li { display: inline-block; margin-inline-end: 1rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }
</style>
</head>
<body>
<header>
<h1>{{ title.ar }}</h1><p lang="en"><strong>{{ title.en }}</strong>, version {{ version }}</p>
<p>{{ description.ar }}</p><p lang="en">{{ description.en }}</p>
<p lang="en"><code>@prefix st: &lt;{{ namespace }}&gt; .</code></p>
<nav><ul>{% for key, ar, en in sections %}
<li><a href="#{{ key }}">{{ ar }} · <span lang="en">{{ en }}</span></a></li>
{% endfor %}</ul></nav>
</header>
{% for key, ar, en in sections %}
<section id="{{ key }}">
<h2>{{ ar }} <span lang="en">{{ en }}</span></h2>
{% for term in terms[key] %}
<article class="term" id="{{ term.name }}">
<h3><span>{{ term.label.ar }}</span><span lang="en">{{ term.label.en }} <code>st:{{ term.name }}</code></span></h3>
<p>{{ term.definition.ar }}</p><p lang="en">{{ term.definition.en }}</p>
{% if term.facts %}<dl>{% for name, values in term.facts %}
<dt>{{ name }}</dt><dd>{% for value in values %}{% if value.link %}<a href="{{ value.link }}">{{ value.text }}</a>\
{% else %}{{ value.text }}{% endif %}{{ ", " if not loop.last }}{% endfor %}</dd>{% endfor %}
</dl>{% endif %}
</article>
{% endfor %}
</section>
{% endfor %}
</body>
</html>
"""
FACTS = (
    ("subclass of", RDFS.subClassOf), ("property of", RDFS.domain), ("value", RDFS.range), ("inverse of", OWL.inverseOf),
    ("sub-property of", RDFS.subPropertyOf), ("disjoint with", OWL.disjointWith), ("close to", SKOS.closeMatch),
    ("narrower than", SKOS.broadMatch), ("related to", SKOS.relatedMatch),
)  # fmt: skip


def read() -> Any:
    """The ontology with its mappings."""
    graph: Any = rdflib.Graph().parse(ONTOLOGY / "syria-talks.ttl")
    return graph.parse(ONTOLOGY / "mappings" / "skos.ttl")


def bilingual(graph: Any, node: Node, prop: URIRef) -> dict[str, str]:
    """The Arabic and the English text of a property."""
    return {text.language: str(text) for text in graph.objects(node, prop)}


def values(graph: Any, node: Node) -> Iterator[dict[str, str]]:
    """A node for people: a term of ours with a link to it, an outside one, or the members of a union or list."""
    members = graph.value(node, OWL.unionOf) or graph.value(node, OWL.oneOf)
    if members and not isinstance(node, URIRef):
        for member in Collection(graph, members):
            yield from values(graph, member)
    elif str(node).startswith(ST):
        yield {"text": f"st:{str(node).removeprefix(ST)}", "link": f"#{str(node).removeprefix(ST)}"}
    elif isinstance(node, URIRef):
        label = graph.value(node, SKOS.prefLabel)
        short = node.n3(graph.namespace_manager).strip("<>")
        yield {
            "text": f"{short} ({label})" if label else short,
            "link": "" if str(node).startswith(BASE) else str(node),
        }
    else:
        yield {"text": str(node), "link": ""}


def facts(graph: Any, node: Node) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """What is said of a term, in the order of :data:`FACTS`."""
    for name, prop in FACTS:
        found = [value for target in graph.objects(node, prop) for value in values(graph, target)]
        if found:
            yield name, sorted(found, key=lambda value: value["text"])
    kinds = {OWL.SymmetricProperty: "symmetric", OWL.FunctionalProperty: "at most one value"}
    marks = [text for kind, text in kinds.items() if (node, RDF.type, kind) in graph]
    if (node, URIRef(ST + "attributable"), None) in graph:
        enough = graph.value(node, URIRef(ST + "attributable")).toPython()
        marks.append(
            "a speaker's word suffices for an edge" if enough else "a speaker's word does not suffice for an edge"
        )
    if marks:
        yield "note", [{"text": mark, "link": ""} for mark in marks]
    shapes = sum(1 for _ in shapes_graph().triples((None, SH.path, node)))
    if shapes:
        yield "checked by", [{"text": f"{shapes} shapes", "link": ""}]


def shapes_graph(cache: list[Any] = []) -> Any:  # noqa: B006
    """The shapes, read once."""
    if not cache:
        cache.append(rdflib.Graph().parse(ONTOLOGY / "shapes" / "records.ttl"))
    return cache[0]


def section(graph: Any, node: Node) -> str:
    """Where a term stands."""
    if (node, RDF.type, OWL.Class) in graph:
        return "classes"
    if (node, OWL.inverseOf, None) in graph:
        return "inverses"
    return "relations" if (node, URIRef(ST + "attributable"), None) in graph else "properties"


def page() -> str:
    """The whole page."""
    graph = read()
    terms: dict[str, list[dict[str, Any]]] = {key: [] for key, _, _ in SECTIONS}
    for node in sorted({s for s in graph.subjects(RDF.type) if isinstance(s, URIRef) and s.startswith(ST)}):
        terms[section(graph, node)].append(
            {
                "name": str(node).removeprefix(ST), "label": bilingual(graph, node, RDFS.label),
                "definition": bilingual(graph, node, SKOS.definition), "facts": list(facts(graph, node)),
            }
        )  # fmt: skip
    about = URIRef(ST.removesuffix("#"))
    return jinja2.Environment(autoescape=True, trim_blocks=True).from_string(TEMPLATE).render(
        title=bilingual(graph, about, rdflib.DCTERMS.title), description=bilingual(graph, about, rdflib.DCTERMS.description),
        version=graph.value(about, OWL.versionInfo), namespace=ST, sections=SECTIONS, terms=terms,
    )  # fmt: skip


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(TARGET.read_text(encoding="utf-8") != page())
    TARGET.write_text(page(), encoding="utf-8", newline="\n")
