"""The service description: what the endpoint can do (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.rdf import PREFIXES, Term, typed

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_TYPE = PREFIXES["rdf"] + "type"
_FORMATS = [
    f"http://www.w3.org/ns/formats/{name}"
    for name in (
        "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
        "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
    )
]  # fmt: skip

Triple = tuple[str, str, Term]


def service(endpoint: str, graphs: Mapping[str, int]) -> Iterator[Triple]:
    """The description of the endpoint at this address over these named graphs, each with its number of triples.

    The default graph is the union of the named ones. Nodes without a meaning elsewhere are named after the endpoint.
    """
    dataset, union = f"{endpoint}#dataset", f"{endpoint}#union"
    yield endpoint, _TYPE, f"{_SD}Service"
    yield endpoint, f"{_SD}endpoint", endpoint
    yield endpoint, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Query"
    yield endpoint, f"{_SD}feature", f"{_SD}UnionDefaultGraph"
    yield from ((endpoint, f"{_SD}resultFormat", form) for form in _FORMATS)
    yield endpoint, f"{_SD}defaultDataset", dataset
    yield dataset, _TYPE, f"{_SD}Dataset"
    yield dataset, f"{_SD}defaultGraph", union
    yield from _graph(union, sum(graphs.values()))
    for number, (name, size) in enumerate(sorted(graphs.items()), 1):
        node, graph = f"{endpoint}#named-{number}", f"{endpoint}#graph-{number}"
        yield dataset, f"{_SD}namedGraph", node
        yield node, _TYPE, f"{_SD}NamedGraph"
        yield node, f"{_SD}name", name
        yield node, f"{_SD}graph", graph
        yield from _graph(graph, size)


def _graph(node: str, size: int) -> Iterator[Triple]:
    yield node, _TYPE, f"{_SD}Graph"
    yield node, f"{_VOID}triples", typed(str(size), "integer")
