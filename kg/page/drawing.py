"""The graph as a pyvis network: nodes with their names, edges with their claims, and what vis-network is told to do."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from kg.layout import positions
from kg.model import Entity
from kg.page import plain
from kg.page.looks import KINDS
from kg.page.relations import Relation
from kg.vocabulary import SIGNATURES, Predicate

WHOLE = 350
"""Nodes up to which a graph is drawn whole at first."""
FIRST = 200
"""Nodes drawn at first of a larger graph: the most telling ones."""


class _Ids(list[str]):
    """The ids that pyvis keeps in a list and looks up for every edge, found at once."""

    def __init__(self) -> None:
        super().__init__()
        self._known: set[object] = set()

    def append(self, value: str) -> None:
        self._known.add(value)
        super().append(value)

    def __contains__(self, value: object) -> bool:
        return value in self._known


def network(
    order: Sequence[str], entities: Mapping[str, Entity], relations: Sequence[Relation], claims: Mapping[str, Any]
) -> Any:
    """The pyvis network of all entities, in this order, and of all relations between them.

    ``claims`` has what an edge carries of its claims, by the id of its relation. Only what is drawn at first has a
    place; the script puts others beside their neighbours when they are asked for.
    """
    from pyvis.network import Network

    made = Network(directed=True, cdn_resources="in_line")
    made.node_ids = _Ids()
    degrees = Counter(end for relation in relations for end in (relation.subject, relation.object))
    places = _places(order, relations)
    for key in order:
        made.add_node(key, **_node(entities[key], degrees[key]), **places.get(key, {}))
    bends = _bends(relations)
    for relation in relations:
        made.add_edge(relation.subject, relation.object, **_edge(relation, bends[relation.id], claims[relation.id]))
    made.set_options(json.dumps(_options()))
    return made


def _places(order: Sequence[str], relations: Sequence[Relation]) -> dict[str, dict[str, int]]:
    """Where the nodes stand that are drawn at first."""
    first = set(order if len(order) <= WHOLE else order[:FIRST])
    return positions(sorted(first), [(r.subject, r.object) for r in relations if {r.subject, r.object} <= first])


def _node(entity: Entity, degree: int) -> dict[str, Any]:
    found = plain.names(entity)
    return {
        "label": found[0],
        "shape": KINDS[entity.kind][0],
        "group": entity.kind.value,
        "size": round(min(16 + 4 * math.sqrt(degree), 48)),
        "names": found,
        "en": plain.english(found),
        "known": entity.known,
    }


def _edge(relation: Relation, bend: int, claims: Any) -> dict[str, Any]:
    arrows = "" if SIGNATURES[relation.predicate].symmetric else "to"
    width = round(min(2.5 + 2.2 * math.log2(relation.sources), 14), 1)
    details = {"bend": bend} if bend else {}
    return {"id": relation.id, "p": relation.predicate.value, "arrows": arrows, "width": width,
            "sources": relation.sources, "claims": claims, **details, **conflict(relation)}  # fmt: skip


def conflict(relation: Relation) -> dict[str, Any]:
    """What the page is told of a relation that is disputed: with which others it cannot be true together."""
    return {"contradicts": list(relation.contradicts)} if relation.contradicts else {}


def _bends(relations: Sequence[Relation]) -> dict[str, int]:
    """How far each edge bends and to which side, so that those between the same two nodes lie side by side."""
    pairs: dict[frozenset[str], list[Relation]] = defaultdict(list)
    for relation in relations:
        pairs[frozenset((relation.subject, relation.object))].append(relation)
    bends = {}
    for group in pairs.values():
        for rank, relation in enumerate(sorted(group, key=lambda r: (list(Predicate).index(r.predicate), r.id))):
            side = 1 if (rank % 2 == 1) == (relation.subject < relation.object) else -1
            bends[relation.id] = side * ((rank + 1) // 2)
    return bends


def _options() -> dict[str, Any]:
    """What vis-network is told: no physics, quiet colours, and how each kind looks."""
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {"hover": True, "multiselect": False, "tooltipDelay": 1_000_000, "keyboard": False},
        "groups": {kind.value: {"shape": shape, "color": _color(color)} for kind, (shape, color) in KINDS.items()},
        "nodes": {
            "borderWidth": 2,
            "borderWidthSelected": 3,
            "font": {"size": 15, "color": "#1f2937", "strokeWidth": 4, "strokeColor": "#ffffff"},
            "scaling": {"label": {"drawThreshold": 5}},
        },
        "edges": {
            "font": {"size": 12, "color": "#475569", "strokeWidth": 4, "strokeColor": "#ffffff"},
            "arrows": {"to": {"scaleFactor": 0.9}},
            "scaling": {"label": {"drawThreshold": 6}},
            "selectionWidth": 1.5,
            "hoverWidth": 0.6,
        },
    }


def _color(color: str) -> dict[str, Any]:
    chosen = {"background": color, "border": "#f59e0b"}
    return {"background": color, "border": color, "highlight": chosen, "hover": {"background": color, "border": color}}
