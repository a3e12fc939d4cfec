"""The graph as JSON-LD 1.1, with the context in ``ontology/context.jsonld``; one object a node, graphs kept apart.

A property is written by the context's term for it where that term has the same type or language, and else by its short
name and a value with its type. So nothing is lost, and what is common is short.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from typing import Any

from kg.project import ontology_texts
from kg.rdf import PREFIXES, Literal, Quad, Term, short, term

Json = dict[str, Any]


def context() -> Json:
    """The context: prefixes, and terms for the properties."""
    read: Json = json.loads(ontology_texts("context.jsonld")["context"])["@context"]
    return read


def write_jsonld(quads: Iterable[Quad]) -> str:
    """JSON-LD with its context in it, so that nobody has to fetch it; sorted, each quad once."""
    terms = _terms(context())
    ordered = sorted(set(quads), key=lambda quad: (quad.graph, quad.subject, quad.predicate, str(quad.object)))
    graphs = [
        {"@id": short(graph), "@graph": [_node(subject, list(some), terms) for subject, some in _by_subject(group)]}
        for graph, group in itertools.groupby(ordered, lambda quad: quad.graph)
    ]
    return json.dumps({"@context": context(), "@graph": graphs}, ensure_ascii=False, indent=1) + "\n"


def _by_subject(quads: Iterable[Quad]) -> Iterable[tuple[str, Iterable[Quad]]]:
    return itertools.groupby(quads, lambda quad: quad.subject)


def _terms(found: Json) -> dict[tuple[str, str, str], str]:
    """The context's terms by property, type (``@id`` for an IRI) and language."""
    terms = {}
    for name, meaning in found.items():
        if name in PREFIXES or name.startswith("@"):
            continue
        plain = {"@id": meaning} if isinstance(meaning, str) else meaning
        datatype = plain.get("@type", "")
        full = term(datatype) if ":" in datatype else datatype
        terms[term(plain["@id"]), full, plain.get("@language", "")] = name
    return terms


def _node(subject: str, quads: list[Quad], terms: dict[tuple[str, str, str], str]) -> Json:
    node: Json = {"@id": short(subject)}
    for quad in quads:
        key, value = _pair(quad.predicate, quad.object, terms)
        if key in node:
            node[key] = [*node[key], value] if isinstance(node[key], list) else [node[key], value]
        else:
            node[key] = value
    return node


def _pair(predicate: str, value: Term, terms: dict[tuple[str, str, str], str]) -> tuple[str, Any]:
    if predicate == term("rdf:type") and isinstance(value, str):
        return "@type", short(value)
    kind = (value.datatype, value.language) if isinstance(value, Literal) else ("@id", "")
    plain = value.value if isinstance(value, Literal) else short(value)
    if name := terms.get((predicate, *kind)):
        return name, plain
    return short(predicate), _value(value)


def _value(value: Term) -> Any:
    if isinstance(value, str):
        return {"@id": short(value)}
    extra = (
        {"@language": value.language} if value.language else {"@type": short(value.datatype)} if value.datatype else {}
    )
    return {"@value": value.value, **extra}
