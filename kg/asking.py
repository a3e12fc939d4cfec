"""What ``kg query`` does: a named query, a file or text becomes an answer to print."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg import answers, inference, queries, store
from kg.answers import Result
from kg.errors import QueryError
from kg.folder import GraphFolder
from kg.sparql import check_read_only

if TYPE_CHECKING:
    from kg.endpoint import Endpoint

MOST_ROWS = 100_000
"""Rows or triples that an answer may have; a query that gives more is meant differently."""


def listing() -> str:
    """The named queries with what they tell, in English and Arabic."""
    lines = []
    for query in queries.available():
        parameters = " ".join(f"{name}={default}" for name, default in query.parameters)
        lines += [f"{query.name} {parameters}".rstrip(), f"    {query.english}", f"    {query.arabic}"]
    return "\n".join(lines) + "\n"


def text_of(query: str, parameters: Sequence[str]) -> str:
    """The SPARQL of a named query with its parameters (``round=astana-5``) filled, or of a file that ends in ``.rq``.

    Raises:
        QueryError: there is no such query, file or parameter.

    """
    if query.endswith((".rq", ".sparql")):
        try:
            return pathlib.Path(query).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise QueryError(
                f"{query} cannot be read: {reason}; name a file of SPARQL, or a query that kg query lists"
            ) from error
    values = dict(_pair(parameter) for parameter in parameters)
    return queries.load(query).fill(values)


def _pair(parameter: str) -> tuple[str, str]:
    name, equals, value = parameter.partition("=")
    if not equals:
        raise QueryError(f"{parameter!r}: write parameters as name=value, for example round=my-round-5")
    return name, value


def answer(folder: GraphFolder, sparql: str, form: str, *, inferred: bool = False) -> str:
    """The answer to a query over a graph as ``table``, ``csv``, ``json`` or ``ttl``.

    With ``inferred``, what follows from the ontology is also there, in a graph of its own.

    Raises:
        QueryError: the query is malformed or not allowed, or its answer has no such form.

    """
    check_read_only(sparql)
    graph = inference.load(folder.nquads) if inferred else store.open_best(folder.store, folder.nquads)
    return written(store.query(graph, sparql, limit=MOST_ROWS), form)


def remote_answer(endpoint: Endpoint, sparql: str, form: str) -> str:
    """The answer of a server to a query, in the same forms.

    Raises:
        QueryError: as for :func:`answer`.
        EndpointError: the server cannot be reached or does not answer it.

    """
    return written(endpoint.query(sparql, limit=MOST_ROWS), form)


def written(result: Result, form: str) -> str:
    """An answer as ``table``, ``csv``, ``json`` or ``ttl``; triples are N-Triples in every form.

    Raises:
        QueryError: it has no such form.

    """
    if isinstance(result, str):
        return result
    if form == "json":
        return json.dumps(json.loads(answers.to_json(result)), ensure_ascii=False, indent=1) + "\n"
    if form == "ttl":
        raise QueryError("ttl is the form of CONSTRUCT and DESCRIBE; this query gives a table: use table, csv or json")
    if isinstance(result, bool):
        return f"{'yes' if result else 'no'}\n"
    return answers.to_csv(result) if form == "csv" else answers.to_text(result)
