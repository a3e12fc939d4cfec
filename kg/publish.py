"""What ``kg publish`` does: the graphs of a folder onto a SPARQL server, and only those that are not there already."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Store

from kg import store as stores
from kg.folder import GraphFolder
from kg.protocols import Hashes, NamedGraph, Server

TRIPLES = 2_000
"""That a request carries; the compiler of Virtuoso 7 runs out of memory at an update of some 5,000."""


@dataclass(frozen=True, slots=True)
class Size:
    """A graph that is to be sent: its IRI, the hash of its content, and how many triples it has."""

    iri: str
    hash: str
    triples: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: the graphs to send, to remove, and how many stand there already; ``known`` is the server's list."""

    send: tuple[Size, ...]
    remove: tuple[str, ...]
    unchanged: int
    known: Hashes

    @property
    def triples(self) -> int:
        """All that is to be sent."""
        return sum(graph.triples for graph in self.send)


def opened(folder: GraphFolder) -> Store:
    """The graph of a folder, as it is now: a rebuild meanwhile does not change it.

    Raises:
        GraphError: there is none.

    """
    folder.require()
    return stores.open_disk_store(folder.store.resolve())


def plan(graph: Store, server: Server) -> Plan:
    """Compare a graph with the list of a server.

    Raises:
        EndpointError: the server cannot be reached, or does not give its list.

    """
    known = server.listed()
    here = [_size(graph, name) for name in stores.graph_names(graph)]
    fresh = tuple(size for size in here if known.get(size.iri) != size.hash)
    gone = tuple(sorted(known.keys() - {size.iri for size in here}))
    return Plan(fresh, gone, len(here) - len(fresh), known)


def carry_out(
    plan: Plan, graph: Store, server: Server, told: Callable[[int], object], *, triples: int = TRIPLES
) -> None:
    """Do what is planned, at most so many triples a request; ``told`` hears the number of those that are there now.

    It can be stopped at any point: what is complete on the server is not in the next plan.

    Raises:
        EndpointError: the server cannot be reached, or refuses it.

    """
    changing = [size.iri for size in plan.send]
    if changing:
        server.announce(changing, plan.known)
    for batch in _batches(plan.send, triples):
        _send(batch, graph, server, triples)
        told(sum(size.triples for size in batch))
    if plan.remove:
        known = {**plan.known, **{size.iri: size.hash for size in plan.send}}
        server.remove(plan.remove, known)


def _send(batch: Sequence[Size], graph: Store, server: Server, triples: int) -> None:
    if batch[0].triples > triples:
        server.send_long(batch[0].iri, stores.pieces(graph, batch[0].iri, triples), batch[0].hash)
    else:
        server.send(
            [NamedGraph(size.iri, size.hash, "".join(stores.pieces(graph, size.iri, triples))) for size in batch]
        )


def _batches(sizes: Sequence[Size], triples: int) -> Iterator[list[Size]]:
    """Graphs in their order, as many at once as have no more triples; a graph with more is alone."""
    batch: list[Size] = []
    for size in sizes:
        if batch and sum(one.triples for one in [*batch, size]) > triples:
            yield batch
            batch = []
        batch.append(size)
    if batch:
        yield batch


def _size(graph: Store, name: str) -> Size:
    content, count = hashlib.sha256(), 0
    for piece in stores.pieces(graph, name, TRIPLES):
        content.update(piece.encode())
        count += piece.count("\n")
    return Size(name, content.hexdigest(), count)
