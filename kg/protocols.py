"""How graphs get onto a server: the SPARQL 1.1 Graph Store HTTP Protocol, or SPARQL 1.1 Update.

Beside the graphs, the server keeps a list of them, the named graph :data:`LISTED`: a graph that ``kg publish`` manages
is an ``sd:NamedGraph`` there, and has a ``schema:sha256`` while, and only while, it stands on the server whole and with
that content. Where list and graph cannot be changed in one step, the list never promises too much: the hash is taken off
before a graph is touched, and comes back when it is complete. So a run can be killed at any point.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kg import store
from kg.answers import Table
from kg.endpoint import Answer, Endpoint
from kg.errors import EndpointError
from kg.ids import BASE
from kg.rdf import PREFIXES, Literal

LISTED = f"{BASE}graph/published"
"""The graph with the list of what is published."""
INCOMING = f"{BASE}graph/incoming"
"""Where a graph that needs several updates stands until it is complete."""
PAGE = 5_000
"""Graphs that one query for the list asks for: Virtuoso, as it comes, gives no more than 10,000 rows."""
AT_ONCE = 500
"""Graphs that one update of the list names."""

Hashes = Mapping[str, str]
"""The graphs on the list, each with the hash of its content, or the empty text where that is not certain."""

_TURTLE = "text/turtle"
_RDF = "application/n-triples, text/turtle;q=0.9"
_UPDATE = "application/sparql-update"
_TYPE = PREFIXES["rdf"] + "type"
_NAMED_GRAPH = "http://www.w3.org/ns/sparql-service-description#NamedGraph"
_HASH = PREFIXES["schema"] + "sha256"


@dataclass(frozen=True, slots=True)
class NamedGraph:
    """A graph that goes in one request: its IRI, the hash of its content, and that content as N-Triples."""

    iri: str
    hash: str
    text: str


class Server(Protocol):
    """What a protocol must be able to do. Everything may be done twice, with the same result."""

    def listed(self) -> Hashes:
        """Read the list; empty if nothing was ever published."""

    def announce(self, graphs: Sequence[str], known: Hashes) -> None:
        """Put these graphs on the list, of which ``known`` is read, without hash: their content is about to change."""

    def send(self, graphs: Sequence[NamedGraph]) -> None:
        """Put these graphs in the place of what is there under their names, and note their hashes."""

    def send_long(self, graph: str, pieces: Iterable[str], content_hash: str) -> None:
        """Do the same for one graph that comes in pieces of N-Triples."""

    def remove(self, graphs: Sequence[str], known: Hashes) -> None:
        """Delete these graphs, and take them off the list."""


@dataclass(frozen=True, slots=True)
class GraphStore:
    """Over the Graph Store HTTP Protocol: a PUT replaces a graph in one step, as far as the server does.

    Of a graph in several pieces readers see a part until the last of them.
    """

    endpoint: Endpoint

    def listed(self) -> Hashes:
        """Read the list by a GET."""
        answer = self.endpoint.request("GET", accept=_RDF, parameters={"graph": LISTED}, also=(404,))
        return {} if answer.status == 404 else _read_list(answer, self.endpoint.url)

    def announce(self, graphs: Sequence[str], known: Hashes) -> None:
        """Write the list anew, without the hashes of these graphs."""
        self._write_list({**known, **dict.fromkeys(graphs, "")})

    def send(self, graphs: Sequence[NamedGraph]) -> None:
        """Send the graphs, each by a request of its own, then their hashes."""
        for graph in graphs:
            self._request("PUT", graph.iri, graph.text)
        self._request("POST", LISTED, "".join(_hash_line(graph.iri, graph.hash) for graph in graphs))

    def send_long(self, graph: str, pieces: Iterable[str], content_hash: str) -> None:
        """Send the first piece by a PUT, the others by POST, then the hash."""
        for number, piece in enumerate(pieces):
            self._request("POST" if number else "PUT", graph, piece)
        self._request("POST", LISTED, _hash_line(graph, content_hash))

    def remove(self, graphs: Sequence[str], known: Hashes) -> None:
        """Delete the graphs, then write the list anew."""
        for graph in graphs:
            self._request("DELETE", graph, also=(404,))
        self._write_list({graph: known[graph] for graph in known.keys() - set(graphs)})

    def _write_list(self, known: Hashes) -> None:
        self._request("PUT", LISTED, "".join(_list_lines(known)))

    def _request(self, method: str, graph: str, text: str | None = None, *, also: tuple[int, ...] = ()) -> Answer:
        body, content = (None, "") if text is None else (text.encode(), _TURTLE)
        return self.endpoint.request(method, body, content=content, parameters={"graph": graph}, also=also)


@dataclass(frozen=True, slots=True)
class Update:
    """Over SPARQL Update: several graphs and their hashes come in one request, which a server carries out as a whole.

    A graph in several pieces is collected in :data:`INCOMING` and then copied: a MOVE that arrives twice would leave nothing.
    ``asks`` answers queries.
    """

    endpoint: Endpoint
    asks: Endpoint

    def listed(self) -> Hashes:
        """Read the list page by page: some servers cut long answers off without a word."""
        found: dict[str, str] = {}
        try:
            while page := self._page(max(found, default="")):
                found |= page
        except EndpointError as error:
            raise EndpointError(
                f"{error}. If the server answers queries at another address, add --query-url"
            ) from error
        return found

    def announce(self, graphs: Sequence[str], known: Hashes) -> None:
        """Take the hashes of these graphs off the list, and put on it those that are not there."""
        for some in _batches(graphs):
            self._update(
                *_delete(LISTED, (_hash_line(graph, known[graph]) for graph in some if known.get(graph))),
                *_insert(LISTED, map(_name_line, some)),
            )

    def send(self, graphs: Sequence[NamedGraph]) -> None:
        """Send all in one request."""
        steps = ((_clear(graph.iri), *_insert(graph.iri, [graph.text])) for graph in graphs)
        hashes = _insert(LISTED, (_hash_line(graph.iri, graph.hash) for graph in graphs))
        self._update(*itertools.chain.from_iterable(steps), *hashes)

    def send_long(self, graph: str, pieces: Iterable[str], content_hash: str) -> None:
        """Send the pieces one by one, then let the server put all in place at once."""
        self._update(_clear(INCOMING))
        for piece in pieces:
            self._update(*_insert(INCOMING, [piece]))
        copy = f"COPY SILENT GRAPH <{INCOMING}> TO GRAPH <{graph}>"
        self._update(copy, *_insert(LISTED, [_hash_line(graph, content_hash)]))
        self._update(*_drop(INCOMING))

    def remove(self, graphs: Sequence[str], known: Hashes) -> None:
        """Delete the graphs and take them off the list, many in one request."""
        for some in _batches(graphs):
            drops = (step for graph in some for step in _drop(graph))
            self._update(*drops, *_delete(LISTED, _list_lines({graph: known[graph] for graph in some})))

    def _page(self, after: str) -> dict[str, str]:
        result = self.asks.query(
            f"SELECT ?g ?h {{ GRAPH <{LISTED}> {{ ?g a <{_NAMED_GRAPH}> OPTIONAL {{ ?g <{_HASH}> ?h }} }}"
            f' FILTER (STR(?g) > "{after}") }} ORDER BY STR(?g) LIMIT {PAGE}'
        )
        rows = result.rows if isinstance(result, Table) else ()
        return {str(graph): found.value if isinstance(found, Literal) else "" for graph, found in rows}

    def _update(self, *steps: str) -> None:
        if steps:
            self.endpoint.request("POST", " ;\n".join(steps).encode(), content=_UPDATE)


def probe(endpoint: Endpoint, asks: Endpoint) -> Server:
    """The protocol that is spoken at this address: Update if it takes one that does nothing, else the other.

    Raises:
        EndpointError: the server cannot be reached, or does not know the user.

    """
    answer = endpoint.request("POST", b"INSERT DATA {}", content=_UPDATE, also=(400, 404, 405, 406, 415, 501))
    done = answer.status < 300 and answer.media != "text/html"  # else it is an error, or a form for people
    return Update(endpoint, asks) if done else GraphStore(endpoint)


def _batches(graphs: Sequence[str]) -> Iterator[Sequence[str]]:
    return (graphs[start : start + AT_ONCE] for start in range(0, len(graphs), AT_ONCE))


def _read_list(answer: Answer, url: str) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        for graph, _, value, _ in store.parse(answer.body, answer.media):
            if isinstance(value, Literal):
                found[graph] = value.value
            else:
                found.setdefault(graph, "")
    except ValueError as error:
        raise EndpointError(f"{url} is no address of the Graph Store Protocol: it answers with {error}") from error
    return found


def _name_line(graph: str) -> str:
    return f"<{graph}> <{_TYPE}> <{_NAMED_GRAPH}> .\n"


def _hash_line(graph: str, content_hash: str) -> str:
    return f'<{graph}> <{_HASH}> "{content_hash}" .\n'


def _list_lines(known: Hashes) -> Iterator[str]:
    for graph, content_hash in sorted(known.items()):
        yield _name_line(graph)
        if content_hash:
            yield _hash_line(graph, content_hash)


def _clear(graph: str) -> str:
    return f"CLEAR SILENT GRAPH <{graph}>"


def _drop(graph: str) -> tuple[str, str]:
    """The steps that delete a graph; Virtuoso drops only graphs that were created, and clears all."""
    return _clear(graph), f"DROP SILENT GRAPH <{graph}>"


def _insert(graph: str, texts: Iterable[str]) -> list[str]:
    return _data("INSERT", graph, texts)


def _delete(graph: str, texts: Iterable[str]) -> list[str]:
    return _data("DELETE", graph, texts)


def _data(verb: str, graph: str, texts: Iterable[str]) -> list[str]:
    """The step that inserts or deletes these N-Triples, or none if there are none."""
    triples = "".join(texts)
    return [f"{verb} DATA {{ GRAPH <{graph}> {{\n{triples}}} }}"] if triples else []
