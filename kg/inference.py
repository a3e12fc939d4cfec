"""What follows from the ontology: classes above, properties above, and edges seen from their other end.

Computed on request and never kept in the graph's files: the statements stand in a graph of their own,
:data:`kg.naming.INFERRED`, which says that no article said them. The rules are the CONSTRUCT queries in
``ontology/rules``; a domain or range is no rule, it is what may stand there (see the head of the ontology).
"""

from __future__ import annotations

import pathlib

from pyoxigraph import Store

from kg import store as stores
from kg.naming import INFERRED
from kg.project import ontology_texts
from kg.provenance import inference_quads
from kg.rdf import ONTOLOGY, Quad, Term


def load(path: pathlib.Path) -> Store:
    """The N-Quads file in a store in memory, with all that follows from it.

    Raises:
        GraphError: the file is missing or not N-Quads.

    """
    store = stores.load(path)
    stores.insert(store, infer(path))
    return store


def infer(path: pathlib.Path) -> set[Quad]:
    """What follows from the graph in the N-Quads file and does not stand in it, with the mark of the graph it is in.

    Raises:
        GraphError: the file is missing or not N-Quads.

    """
    said = {(s, p, o) for s, p, o, _ in stores.read_quads(path)}
    store = stores.load(path)
    for text in ontology_texts("*.ttl").values():
        stores.insert_turtle(store, text, ONTOLOGY.removesuffix("#"))
    found: set[Quad] = set()
    while fresh := {quad for quad in _apply_rules(store) - found if _is_new(quad, said)}:
        stores.insert(store, fresh)
        found |= fresh
    return found | set(inference_quads()) if found else found


def _apply_rules(store: Store) -> set[Quad]:
    rules = ontology_texts("rules/*.rq").values()
    return {quad for rule in rules for quad in stores.construct(store, rule, INFERRED)}


def _is_new(quad: Quad, said: set[tuple[str, str, Term]]) -> bool:
    """Whether it is about the graph, not about the ontology, and does not stand there already."""
    return not quad.subject.startswith((ONTOLOGY, "_:")) and quad[:3] not in said
