"""Where the nodes of the page stand: computed here, so that the page opens at once. The same graph, the same places."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

SPRING = 300
"""Nodes laid out by springs; in a larger component these are its best connected, and the rest surrounds them."""
SPACE = 130
"""Pixels from node to node, about the width of a label."""
SCREEN = 1.15
"""Width by height of a component; with others beside it, that is about what a screen has room for."""
_GOLDEN = math.pi * (3 - math.sqrt(5))

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, width, height."""


def positions(nodes: Sequence[str], edges: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Where each node stands, in pixels: connected ones together, the largest component on top."""
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(sorted(nodes))
    graph.add_edges_from(sorted({(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]}))
    components = sorted(map(sorted, networkx.connected_components(graph)), key=lambda part: (-len(part), part))
    placed = _pack([_component(graph, component) for component in components])
    return {node: {"x": round(x), "y": round(y)} for node, (x, y) in placed.items()}


def _component(graph: Any, nodes: list[str]) -> dict[str, Point]:
    """One connected component: its best connected nodes by springs, the others in spirals around their neighbours."""
    import networkx

    hubs = sorted(sorted(nodes, key=lambda node: (-graph.degree(node), node))[:SPRING])
    core = networkx.Graph()
    core.add_nodes_from(hubs)
    core.add_edges_from(sorted(edge for edge in graph.edges(hubs) if core.has_node(edge[1])))
    springs = networkx.spring_layout(core, seed=1, iterations=150, k=1.6 / math.sqrt(len(hubs)), method="force")
    placed = _spread(springs, SPACE * math.sqrt(len(nodes) / len(hubs)))
    queue = sorted(hubs, key=lambda node: (-graph.degree(node), node))
    for hub in queue:
        rest = sorted(node for node in graph[hub] if node not in placed)
        for number, node in enumerate(rest, 1):
            placed[node] = _spiral(placed[hub], number)
        queue.extend(rest)
    return placed


def _spread(springs: dict[str, Any], space: float) -> dict[str, Point]:
    """The nodes in pixels, a dense middle loosened until no label covers another node.

    Distances from the middle are evened out first; then whatever stands in the other's box is moved apart along the side
    where less is missing.
    """
    import numpy as np

    points = np.array([springs[node] for node in springs], dtype=float)
    points -= np.median(points, axis=0)
    radius = np.maximum(np.hypot(points[:, :1], points[:, 1:]), 1e-9)
    points *= radius**-0.5 * space * math.sqrt(len(points)) * np.array([0.75, 0.5])
    box = np.array([space * 1.25, space])
    for _ in range(150):
        apart = points[:, None] - points[None]
        missing = np.maximum(box - np.abs(apart), 0)
        missing[missing.min(axis=2) == 0] = 0
        missing[range(len(points)), range(len(points))] = 0
        if not missing.any():
            break
        missing[missing > missing.min(axis=2, keepdims=True)] = 0
        points += (np.sign(apart) * missing).sum(axis=1) * 0.3
    wide, tall = points.std(axis=0)
    points[:, 0] *= max(1.0, float(SCREEN * tall / wide)) if wide else 1.0
    return {node: (float(x), float(y)) for node, (x, y) in zip(springs, points, strict=True)}


def _spiral(center: Point, number: int) -> Point:
    """The place of the n-th of many points around a centre, as seeds stand in a sunflower."""
    radius = SPACE * 0.55 * math.sqrt(number)
    return center[0] + radius * math.cos(number * _GOLDEN), center[1] + radius * math.sin(number * _GOLDEN)


def _pack(parts: Sequence[dict[str, Point]]) -> dict[str, Point]:
    """The components together, about as wide and high as a screen: the small ones beside the first, if it is most."""
    boxes = [_box(part) for part in parts]
    areas = [wide * tall for _, _, wide, tall in boxes]
    if not parts or 2 * areas[0] < sum(areas):
        return _rows(list(zip(parts, boxes, strict=True)), 0.0, math.sqrt(sum(areas) * SCREEN))
    _, _, wide, tall = boxes[0]
    beside = _rows(list(zip(parts[1:], boxes[1:], strict=True)), wide, 1.2 * sum(areas[1:]) / tall)
    return _rows([(parts[0], boxes[0])], 0.0, wide) | beside


def _rows(parts: Sequence[tuple[dict[str, Point], Box]], left: float, wide: float) -> dict[str, Point]:
    """Components in rows from ``left`` on, ``wide`` or as wide as the widest of them."""
    widest = max([wide, *(box[2] for _, box in parts)])
    placed: dict[str, Point] = {}
    row, top, height = 0.0, 0.0, 0.0
    for part, (first, upper, across, tall) in parts:
        if row + across > widest + 1:
            row, top, height = 0.0, top + height, 0.0
        placed |= {node: (x - first + row + left, y - upper + top) for node, (x, y) in part.items()}
        row, height = row + across, max(height, tall)
    return placed


def _box(part: dict[str, Point]) -> Box:
    """Left, top, width and height of a component, with the room that keeps it apart from the next."""
    xs, ys = zip(*part.values(), strict=True)
    return min(xs), min(ys), max(xs) - min(xs) + SPACE * 1.4, max(ys) - min(ys) + SPACE
