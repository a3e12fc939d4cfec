"""The graph in the forms of other tools."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from kg import inference, network, store
from kg.folder import GraphFolder
from kg.jsonld import write_jsonld
from kg.rdf import Quad, serialize_nquads, write_trig, write_turtle
from kg.tabular import claims_csv, to_csv

if TYPE_CHECKING:
    from networkx import MultiDiGraph

RDF: dict[str, Callable[[list[Quad]], str]] = {
    "nq": serialize_nquads, "trig": write_trig, "ttl": write_turtle, "jsonld": write_jsonld,
}  # fmt: skip
"""Forms of all quads; Turtle has no named graphs, it holds the statements of all as one."""
NETWORKS: dict[str, Callable[[MultiDiGraph], str]] = {"graphml": network.graphml, "gexf": network.gexf}
"""Forms of entities and direct edges only."""
TABLES = "csv"
"""Three tables: nodes, edges and claims."""
FORMATS = (*RDF, *NETWORKS, TABLES)

_NODES = ("label", "name_ar", "name_en", "kind", "known", "wikidata", "held")
_EDGES = ("relation", "sources", "denials", "articles", "outlets", "first", "last", "disputed")


def export(folder: GraphFolder, form: str, *, inferred: bool = False) -> str:
    """The graph of a folder in one of the forms of :data:`RDF` or :data:`NETWORKS`.

    With ``inferred``, what follows from the ontology is added to the forms of RDF, in a graph of its own.

    Raises:
        GraphError: there is no graph, or it is damaged.

    """
    folder.require()
    quads = list(store.read_quads(folder.nquads))
    if form in NETWORKS:
        return NETWORKS[form](network.network(quads))
    return RDF[form]([*quads, *(inference.infer(folder.nquads) if inferred else ())])


def tables(folder: GraphFolder) -> dict[str, str]:
    """The graph of a folder as files for a spreadsheet: their names and contents.

    Raises:
        GraphError: there is no graph, or it is damaged.

    """
    made = network.load(folder.path)
    nodes = ([name, *(values[column] for column in _NODES)] for name, values in made.nodes(data=True))
    edges = ([one, other, *(values[column] for column in _EDGES)] for one, other, values in made.edges(data=True))
    records = map(json.loads, folder.claims.read_text(encoding="utf-8").splitlines())
    return {
        "nodes.csv": to_csv(["id", *_NODES], nodes),
        "edges.csv": to_csv(["source", "target", *_EDGES], edges),
        "claims.csv": claims_csv(records),
    }
