"""What a worker can do: answer a query, describe a thing as RDF, or read what a page shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any

from kg.errors import QueryError
from kg.ids import BASE
from kg.serve import description, engine, explorer, views
from kg.serve.jobs import Job, Reply, State
from kg.serve.library import Library, UnknownError, iri_of, text

JSON = "application/json"

_THING = """
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ BIND (<{0}> AS ?s) ?s ?p ?o }}
  UNION {{ ?s ?p <{0}> BIND (<{0}> AS ?o) }}
  UNION {{ <{0}> <http://www.w3.org/ns/oa#hasSelector> ?s . ?s ?p ?o }}
}}
"""
_GRAPH = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{0}> {{ ?s ?p ?o }} }}"


def perform(library: Library, job: Job, out: IO[bytes]) -> Reply:
    """Do a job, its answer written to ``out``."""
    try:
        return Reply(State.DONE, TASKS[job.task](library, out, **job.arguments))
    except QueryError as error:
        return Reply(State.REFUSED, str(error))
    except UnknownError as error:
        return Reply(State.UNKNOWN, str(error))
    except engine.UnacceptableError as error:
        return Reply(State.UNACCEPTABLE, str(error))
    except OSError as error:
        return Reply(State.TOO_LARGE, str(error))
    except MemoryError as error:
        return Reply(State.TOO_MUCH_MEMORY, str(error))


def query(
    library: Library, out: IO[bytes], *, sparql: str, wants: Sequence[str], default: Sequence[str], named: Sequence[str]
) -> str:
    """Answer a query of a client."""
    return engine.answer(library.store, sparql, wants, out, default=default, named=named)


def thing(library: Library, out: IO[bytes], *, name: str, wants: Sequence[str]) -> str:
    """Describe one of the graph's own things: an article by its whole graph, anything else by what touches it.

    ``name`` is the end of its IRI: ``id/astana-5``.
    """
    iri = iri_of(BASE, name)
    graphs = engine.graph_names(library.store)
    written = engine.describe(library.store, (_GRAPH if iri in graphs else _THING).format(iri), wants, out)
    if iri not in graphs and not library.count(f"{{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }}"):
        raise UnknownError(f"there is nothing in this graph about {iri}")
    return written


def service(library: Library, out: IO[bytes], *, endpoint: str, wants: Sequence[str]) -> str:
    """Describe the endpoint at this address."""
    rows = library.rows("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    graphs = {text(row["g"]): int(text(row["n"])) for row in rows}
    return engine.write(description.service(endpoint, graphs), wants, out)


def view(library: Library, out: IO[bytes], *, name: str, arguments: Mapping[str, Any]) -> str:
    """Read what a page shows."""
    out.write(json.dumps(VIEWS[name](library, **arguments)).encode())
    return JSON


VIEWS: Mapping[str, Callable[..., dict[str, Any]]] = {
    view.__name__: view
    for view in (
        views.home, views.listing, views.articles, views.entity, views.claim, views.article, views.find, views.vocabulary,
        explorer.first, explorer.near, explorer.named,
    )
}  # fmt: skip
TASKS: Mapping[str, Callable[..., str]] = {"query": query, "thing": thing, "service": service, "view": view}
