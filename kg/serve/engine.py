"""Queries to the store, their answers written to a file in the format that the client wants.

Besides :mod:`kg.store` the only module that imports pyoxigraph: here answers are written while they are found, there
they become values.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import IO, Any, cast

import pyoxigraph
from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Store

from kg.errors import KgError, QueryError
from kg.rdf import PREFIXES, Literal, Term
from kg.serve.media import GRAPHS, RESULTS, choose
from kg.sparql import check_read_only, data_set

_RESULTS = {
    RESULTS["json"]: QueryResultsFormat.JSON,
    RESULTS["xml"]: QueryResultsFormat.XML,
    RESULTS["csv"]: QueryResultsFormat.CSV,
    RESULTS["tsv"]: QueryResultsFormat.TSV,
}
_GRAPHS = {
    GRAPHS["ttl"]: RdfFormat.TURTLE,
    GRAPHS["nt"]: RdfFormat.N_TRIPLES,
    GRAPHS["jsonld"]: RdfFormat.JSON_LD,
    GRAPHS["rdf"]: RdfFormat.RDF_XML,
}


_XML = (RESULTS["xml"], GRAPHS["rdf"])
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_REPLACEMENT = "\ufffd".encode()


class UnacceptableError(KgError):
    """The client wants a format that this kind of answer does not have."""


def graph_names(store: Store) -> list[str]:
    """The IRIs of the named graphs, sorted."""
    return sorted(str(graph.value) for graph in store.named_graphs())


def answer(
    store: Store, sparql: str, wants: Sequence[str], out: IO[bytes], *,
    default: Sequence[str] = (), named: Sequence[str] = (),
) -> str:  # fmt: skip
    """Write the answer to a query in the first wanted format that fits; the media type written.

    ``default`` and ``named`` are the data set that the protocol gives, which goes before that of the query (SPARQL 1.1
    Protocol, section 2.1.4). With neither, a query reads all graphs as one.

    Raises:
        QueryError: the query is malformed, or not one that only reads this graph.
        UnacceptableError: the answer has none of the wanted formats.

    """
    check_read_only(sparql)
    chosen = data_set(sparql)
    _check_known([*default, *named, *chosen], store)
    try:
        found = store.query(sparql, prefixes=dict(PREFIXES), **_data_set(default, named, union=not chosen))
        return _write(found, wants, out)
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise QueryError(f"the query cannot be answered: {error}") from error


def write(triples: Iterable[tuple[str, str, Term]], wants: Sequence[str], out: IO[bytes]) -> str:
    """Write triples of our own in the first wanted format of graphs; the media type written.

    Raises:
        UnacceptableError: none of the wanted formats is one of graphs.

    """
    media = _acceptable(wants, _GRAPHS)
    made = [pyoxigraph.Triple(NamedNode(s), NamedNode(p), _node(o)) for s, p, o in triples]
    pyoxigraph.serialize(made, _file(media, out), _GRAPHS[media], prefixes=_prefixes(made))
    return media


def describe(store: Store, sparql: str, wants: Sequence[str], out: IO[bytes]) -> str:
    """Write the graph that one of our own CONSTRUCT queries gives, with our prefixes; the media type written."""
    media = _acceptable(wants, _GRAPHS)
    found = store.query(sparql, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
    triples = sorted(set(found), key=str)  # type: ignore[arg-type]
    pyoxigraph.serialize(triples, _file(media, out), _GRAPHS[media], prefixes=_prefixes(triples))
    return media


def _node(value: Term) -> NamedNode | pyoxigraph.Literal:
    if isinstance(value, Literal):
        return pyoxigraph.Literal(value.value, datatype=NamedNode(value.datatype))
    return NamedNode(value)


def _prefixes(triples: Sequence[Any]) -> dict[str, str]:
    """The prefixes that these triples use."""
    text = " ".join(map(str, triples))
    return {name: namespace for name, namespace in PREFIXES.items() if f"<{namespace}" in text}


class _XmlFile(io.RawIOBase):
    """Writes XML on, with U+FFFD for the characters that XML 1.0 cannot hold, and carriage returns that parsers keep."""

    def __init__(self, out: IO[bytes]) -> None:
        super().__init__()
        self._out, self._held = out, b""

    def write(self, data: Any) -> int:
        """Write some bytes; the beginning of a character that might have to be replaced waits for its end."""
        text = self._held + bytes(data)
        begun = text.rfind(b"\xef", -2)
        kept = len(text) if begun < 0 else begun
        self._held = text[kept:]
        self._out.write(_NOT_XML.sub(_REPLACEMENT, text[:kept]).replace(b"\r", b"&#13;"))
        return len(bytes(data))


def _file(media: str, out: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", _XmlFile(out)) if media in _XML else out


def _check_known(names: Sequence[str], store: Store) -> None:
    known = set(graph_names(store))
    if unknown := [name for name in names if name not in known]:
        raise QueryError(
            f"this graph has no named graph <{unknown[0]}>; those it has: SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} }}"
        )


def _data_set(default: Sequence[str], named: Sequence[str], *, union: bool) -> dict[str, Any]:
    if not default and not named:
        return {"use_default_graph_as_union": union}
    return {
        "default_graph": [NamedNode(name) for name in default],
        "named_graphs": [NamedNode(name) for name in named],
    }


def _write(found: QueryBoolean | QuerySolutions | QueryTriples, wants: Sequence[str], out: IO[bytes]) -> str:
    if isinstance(found, QueryTriples):
        media = _acceptable(wants, _GRAPHS)
        pyoxigraph.serialize(found, _file(media, out), _GRAPHS[media], prefixes=dict(PREFIXES))
        return media
    media = _acceptable(wants, _RESULTS)
    found.serialize(_file(media, out), _RESULTS[media])
    return media


def _acceptable(wants: Sequence[str], offered: dict[str, Any]) -> str:
    media = choose(wants, list(offered))
    if media is None:
        raise UnacceptableError(f"this answer comes as {', '.join(offered)}; wanted was {', '.join(wants)}")
    return media
