"""RDF as plain values, and the two ways to write it: N-Quads and TriG, each the same bytes for the same quads."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from kg.ids import BASE
from kg.vocabulary import TERMS

ONTOLOGY = f"{BASE}ontology#"

PREFIXES: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "id": f"{BASE}id/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "st": ONTOLOGY,
    "time": "http://www.w3.org/2006/time#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes that TriG files declare and that a query may use without declaring them."""

_NAMESPACES = {namespace: prefix for prefix, namespace in PREFIXES.items()}
"""The prefix of each namespace; all of them end in a slash or hash sign, and no local name has one."""
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]')
_SEPARATOR = "\x1f"
"""Sorts before every character of an IRI or a written literal, and is in none of them."""
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LOCAL_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?", re.ASCII)


class Literal(NamedTuple):
    """A text with a language tag or a datatype IRI; with neither it is an ``xsd:string``."""

    value: str
    language: str = ""
    datatype: str = ""


Term: TypeAlias = str | Literal
"""An IRI, as a plain ``str``, or a literal."""


class Quad(NamedTuple):
    """One RDF statement and the named graph that it is in; all are IRIs but an object that is a :class:`Literal`."""

    subject: str
    predicate: str
    object: Term
    graph: str


@functools.lru_cache(maxsize=4096)
def term(name: str) -> str:
    """The IRI of a prefixed name; what begins with ``st:`` must be one of :data:`kg.vocabulary.TERMS`.

    >>> term("xsd:date")
    'http://www.w3.org/2001/XMLSchema#date'
    >>> term("st:polrity")
    Traceback (most recent call last):
    KeyError: 'st:polrity is no term of the ontology'
    """
    prefix, _, local = name.partition(":")
    if prefix == "st" and local not in TERMS:
        raise KeyError(f"{name} is no term of the ontology")
    return PREFIXES[prefix] + local


def typed(value: str, datatype: str) -> Literal:
    """A literal of one of XML Schema's datatypes, named without prefix."""
    return Literal(value, datatype=PREFIXES["xsd"] + datatype)


def nquad(quad: Quad) -> str:
    """A quad as a line of N-Quads, without its end.

    >>> nquad(Quad("http://s", "http://p", Literal("\\n", "ar"), "http://g"))
    '<http://s> <http://p> "\\\\n"@ar <http://g> .'
    """
    subject, predicate, value, graph = quad
    return f"<{subject}> <{predicate}> {_full(value)} <{graph}> ."


def serialize_nquads(quads: Iterable[Quad]) -> str:
    """N-Quads, one sorted line for each different quad."""
    return "".join(f"{line}\n" for line in sorted(set(map(nquad, quads))))


def write_triples(quads: Iterable[Quad]) -> str:
    """N-Triples (which are also Turtle): the statements of all graphs as one, sorted, each once.

    >>> write_triples([Quad("http://s", "http://p", "http://o", "http://g")])
    '<http://s> <http://p> <http://o> .\\n'
    """
    return "".join(sorted({f"<{s}> <{p}> {_full(o)} .\n" for s, p, o, _ in quads}))


def write_turtle(quads: Iterable[Quad]) -> str:
    """Turtle with prefixes: the statements of all graphs as one, sorted, each once."""
    rows = _rows(sorted({by_graph(quad._replace(graph="")) for quad in quads}))
    blocks = itertools.groupby(rows, lambda row: row[1])
    return _header() + "".join("\n" + _subject_block(subject, list(group), indent="") for subject, group in blocks)


def write_trig(quads: Iterable[Quad]) -> str:
    """TriG with prefixes; graphs, subjects, predicates and objects sorted, each quad once."""
    return "".join(trig(sorted(set(map(by_graph, quads)))))


def by_graph(quad: Quad) -> str:
    """A quad as a line; sorted lines are in the order of graph, subject, predicate and object."""
    subject, predicate, value, graph = quad
    return _SEPARATOR.join((graph, subject, predicate, _full(value)))


def trig(lines: Iterable[str]) -> Iterator[str]:
    """The pieces of a TriG file with prefixes, of different sorted lines of :func:`by_graph`."""
    yield _header()
    for graph, rows in itertools.groupby(_rows(lines), lambda row: row[0]):
        yield f"\n{_node(graph)} {{\n"
        for subject, some in itertools.groupby(rows, lambda row: row[1]):
            yield _subject_block(subject, list(some))
        yield "}\n"


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """Graph, subject, predicate and object of lines of :func:`by_graph`."""
    return (line.split(_SEPARATOR) for line in lines)


def _header() -> str:
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(PREFIXES.items()))


def short(node: str) -> str:
    """An IRI as prefixed name, where one of :data:`PREFIXES` fits, else as it is.

    >>> short("https://w3id.org/syria-talks/id/astana-5")
    'id:astana-5'
    """
    begin = max(node.rfind("/"), node.rfind("#")) + 1
    prefix, local = _NAMESPACES.get(node[:begin]), node[begin:]
    return f"{prefix}:{local}" if prefix and _LOCAL_NAME.fullmatch(local) else node


def _escape(character: re.Match[str]) -> str:
    return _SHORT_ESCAPES.get(character[0]) or f"\\u{ord(character[0]):04X}"


def _full(value: Term) -> str:
    """A term as N-Quads has it."""
    if not isinstance(value, Literal):
        return f"<{value}>"
    text = f'"{_ESCAPED.sub(_escape, value.value)}"'
    if value.language:
        return f"{text}@{value.language}"
    return f"{text}^^<{value.datatype}>" if value.datatype else text


@functools.lru_cache(100_000)
def _node(node: str) -> str:
    shortened = short(node)
    return f"<{node}>" if shortened == node else shortened


def _abbreviated(value: str) -> str:
    """An object as :func:`_full` writes it, its IRIs with prefixes."""
    if value.startswith("<"):
        return _node(value[1:-1])
    if value.endswith(">"):
        text, _, datatype = value.rpartition("^^<")
        return f"{text}^^{_node(datatype[:-1])}"
    return value


def _subject_block(subject: str, rows: list[list[str]], *, indent: str = "  ") -> str:
    predicates = itertools.groupby(rows, lambda row: row[2])
    lines = (f"{_node(name)} {', '.join(_abbreviated(row[3]) for row in group)}" for name, group in predicates)
    body = " ;\n    ".join(lines)
    return f"{indent}{_node(subject)} {body} .\n"
