"""The graph as a networkx network: entities are nodes, direct edges are edges with what is counted of their sources.

From Python::

    from kg.network import load
    network = load("graph")        # networkx.MultiDiGraph; nodes are ids, edges have the relation as their key
    network.nodes["russia"]["label"], network.edges["russia", "astana-5", "attended"]["sources"]
"""

from __future__ import annotations

import pathlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from kg import store
from kg.folder import GraphFolder
from kg.ids import iri
from kg.naming import ASSERTED, ENTITIES, FACTS
from kg.rdf import ONTOLOGY, Literal, Quad, Term, term

if TYPE_CHECKING:
    from networkx import MultiDiGraph

Properties: TypeAlias = Mapping[str, list[Term]]

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DATE = re.compile(r' lastmodifieddate="[^"]*"')


def load(folder: str | pathlib.Path) -> MultiDiGraph:
    """The network of a graph folder.

    Raises:
        GraphError: there is no graph, or it is damaged.

    """
    graph = GraphFolder(pathlib.Path(folder))
    graph.require()
    return network(store.read_quads(graph.nquads))


def network(quads: Iterable[Quad]) -> MultiDiGraph:
    """The network of the quads of a graph.

    Nodes have ``label``, ``name_ar``, ``name_en``, ``kind``, ``known``, ``wikidata`` and ``held`` (the days of an event).
    Edges have ``relation``, ``sources``, ``denials``, ``articles``, ``outlets``, ``first``, ``last`` and ``disputed``.
    """
    import networkx

    found = list(quads)
    made = networkx.MultiDiGraph()
    days = _days(found)
    for node, properties in sorted(_nodes(found, ENTITIES).items()):
        if term("st:known") in properties:
            made.add_node(local(node), **_entity(properties), held=" | ".join(sorted(days[node])))
    for _, properties in sorted(_nodes(found, FACTS).items()):
        if _first(properties, "st:asserted") == "true" and isinstance(properties[term("rdf:object")][0], str):
            ends = [local(str(properties[term(name)][0])) for name in ("rdf:subject", "rdf:object", "rdf:predicate")]
            made.add_edge(ends[0], ends[1], key=ends[2], **_edge(properties))
    return made


def graphml(made: MultiDiGraph) -> str:
    """GraphML, the same bytes for the same network."""
    import networkx

    return "\n".join(networkx.generate_graphml(made)) + "\n"


def gexf(made: MultiDiGraph) -> str:
    """GEXF 1.2, without the day of writing."""
    import networkx

    return _DATE.sub("", "\n".join(networkx.generate_gexf(made))) + "\n"


def _nodes(quads: Iterable[Quad], graph: str) -> dict[str, defaultdict[str, list[Term]]]:
    nodes: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if quad.graph == graph:
            nodes[quad.subject][quad.predicate].append(quad.object)
    return nodes


def _days(quads: Iterable[Quad]) -> defaultdict[str, set[str]]:
    """The asserted days of each event."""
    days: defaultdict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.graph == ASSERTED and isinstance(quad.object, Literal):
            days[quad.subject].add(quad.object.value)
    return days


def _entity(properties: Properties) -> dict[str, Any]:
    names = [name for name in properties[term("skos:prefLabel")] if isinstance(name, Literal)]
    return {
        "label": _first(properties, "rdfs:label"),
        **{f"name_{code}": next((_xml(n.value) for n in names if n.language == code), "") for code in ("ar", "en")},
        "kind": local(_first(properties, "rdf:type")),
        "known": _first(properties, "st:known") == "true",
        "wikidata": _first(properties, "skos:exactMatch").rpartition("/")[2],
    }


def _edge(properties: Properties) -> dict[str, Any]:
    return {
        "relation": local(_first(properties, "rdf:predicate")),
        "sources": int(_first(properties, "st:independentSources")),
        "denials": int(_first(properties, "st:denyingSources")),
        "articles": int(_first(properties, "st:articleCount")),
        "outlets": " | ".join(sorted(_texts(properties, "st:reportedBy"))),
        "first": _first(properties, "st:firstReported"),
        "last": _first(properties, "st:lastReported"),
        "disputed": _first(properties, "st:disputed") == "true",
    }


def _texts(properties: Properties, name: str) -> Iterator[str]:
    values = properties.get(term(name), [])
    return (_xml(value.value if isinstance(value, Literal) else value) for value in values)


def _first(properties: Properties, name: str) -> str:
    return min(_texts(properties, name), default="")


def local(node: str) -> str:
    """The id of an entity or the name of a term, from its IRI; other IRIs as they are."""
    return node.removeprefix(iri("")).removeprefix(ONTOLOGY)


def _xml(text: str) -> str:
    """The text without characters that no XML file may hold."""
    return _NOT_XML.sub("", text)
