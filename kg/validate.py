"""Whether a graph is as the ontology's SHACL shapes want it, and if not: which node, in which article, and what to do.

The only module that imports ``shacl``, an engine in Rust; the tests let pySHACL find the same violations.
"""

from __future__ import annotations

import pathlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import store
from kg.ids import BASE
from kg.project import ontology_texts
from kg.rdf import Literal, Quad, short, term, write_triples

if TYPE_CHECKING:
    from shacl import Report, Shapes

SHOWN = 10
"""Nodes that the readable report shows for each problem; the other formats show all."""

_ARTICLES = f"{BASE}article/"
_TERM = re.compile(r'<(?P<iri>[^>]*)>|"(?P<text>(?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A node that is not as a shape wants it. ``message`` tells what is wanted and what to do, ``articles`` are ids."""

    message: str
    node: str
    path: str
    value: str
    shape: str
    articles: tuple[str, ...]


def shapes_text() -> str:
    """All shapes, as Turtle."""
    return "\n".join(ontology_texts("shapes/*.ttl").values())


def data_text(quads: Iterable[Quad]) -> str:
    """What is validated, as Turtle: the statements of all graphs, and the ontology with its classes."""
    return write_triples(quads) + "\n".join(ontology_texts("*.ttl").values())


def validate(path: pathlib.Path) -> tuple[Violation, ...]:
    """What is wrong with the graph in an N-Quads file, sorted; empty if nothing is.

    Raises:
        GraphError: the file is missing or not N-Quads.

    """
    quads = list(store.read_quads(path))
    report = _shapes().validate_turtle(data_text(quads))
    articles = _articles(quads, {_plain(result.focus_node) for result in report.results})
    return tuple(sorted(_violations(report, articles)))


def report_text(violations: Sequence[Violation]) -> str:
    """The violations for people: each problem once, with the nodes that have it."""
    if not violations:
        return "The graph holds to all shapes.\n"
    groups: defaultdict[str, list[Violation]] = defaultdict(list)
    for violation in violations:
        groups[violation.message].append(violation)
    lines = [f"{len(violations)} violations of {len(groups)} shapes", ""]
    for message, found in groups.items():
        lines += [message, *(f"  {_line(violation)}" for violation in found[:SHOWN])]
        lines += [f"  ... and {len(found) - SHOWN} more", ""] if len(found) > SHOWN else [""]
    return "\n".join(lines)


def report_turtle(path: pathlib.Path) -> str:
    """The report as SHACL has it, for other tools.

    Raises:
        GraphError: the file is missing or not N-Quads.

    """
    return _shapes().validate_turtle(data_text(store.read_quads(path))).turtle


def _shapes() -> Shapes:
    from shacl import Shapes

    return Shapes.from_turtle(shapes_text())


def _violations(report: Report, articles: dict[str, tuple[str, ...]]) -> Iterator[Violation]:
    for result in report.results:
        node = _plain(result.focus_node)
        yield Violation(
            result.message or result.component, node, _plain(result.path or ""), _plain(result.value or ""),
            _plain(result.source_shape or ""), articles.get(node, ()),
        )  # fmt: skip


def _plain(text: str) -> str:
    """A term in N-Triples syntax as its IRI or text."""
    found = _TERM.match(text)
    return (found["iri"] if found["iri"] is not None else found["text"]) if found else text


def _line(violation: Violation) -> str:
    where = f"in {', '.join(violation.articles[:3])}" if violation.articles else "in no article"
    more = f" and {len(violation.articles) - 3} more" if len(violation.articles) > 3 else ""
    said = f" {short(violation.path)}" if violation.path else ""
    value = f" = {short(violation.value)}" if violation.value and violation.value != violation.node else ""
    return f"{short(violation.node)}{said}{value}  ({where}{more})"


def _articles(quads: Iterable[Quad], nodes: set[str]) -> dict[str, tuple[str, ...]]:
    """For each of the nodes, the ids of the articles in whose graphs it stands."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for quad in quads:
        if not quad.graph.startswith(_ARTICLES):
            continue
        if quad.predicate == term("dcterms:identifier") and isinstance(quad.object, Literal):
            names[quad.graph] = quad.object.value
        for node in nodes.intersection((quad.subject, quad.object if isinstance(quad.object, str) else "")):
            found[node].add(quad.graph)
    return {node: tuple(sorted(names.get(graph, graph) for graph in graphs)) for node, graphs in found.items()}
