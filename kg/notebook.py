"""A graph in a notebook: claims and answers as pandas tables, edges as a networkx graph, the page inline.

    import kg
    graph = kg.open("graph")
    graph.claims()                                   # a table, one claim a row
    graph.query("who-attended", round="astana-5")    # a named query, or SPARQL
    graph.network()                                  # a networkx.MultiDiGraph
    graph                                            # the page, in the notebook

pandas comes with ``pip install kg[notebook]``.
"""

from __future__ import annotations

import functools
import html
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg import network, page, queries, store
from kg.answers import Table
from kg.contents import Contents, read_contents
from kg.errors import NotebookError, QueryError
from kg.folder import GraphFolder
from kg.model import Article
from kg.rdf import Literal, Term, short
from kg.records import claim_record

if TYPE_CHECKING:
    import networkx
    import pandas

_MOST_ROWS = 1_000_000
_HEIGHT = 700
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + "integer": int, _XSD + "decimal": float, _XSD + "double": float}


def open_graph(path: str | pathlib.Path = "graph") -> Graph:
    """The graph in a folder that ``kg rebuild`` made; also called ``kg.open``.

    Raises:
        GraphError: there is none; the message says how to make one.

    """
    folder = GraphFolder(pathlib.Path(path))
    folder.require()
    return Graph(folder)


@dataclass(frozen=True)
class Graph:
    """A built graph, opened for reading. What changes in the folder later is seen by opening it again."""

    folder: GraphFolder = field(repr=False)

    def __str__(self) -> str:
        found = self._contents
        return f"graph of {len(found.articles)} articles, {len(found.claims)} claims in {self.folder.path}"

    @functools.cached_property
    def _contents(self) -> Contents:
        return read_contents(self.folder)

    @functools.cached_property
    def _store(self) -> Any:
        return store.load(self.folder.nquads)

    def claims(self) -> pandas.DataFrame:
        """One claim a row: ids, Arabic and English names of both ends, how it is told, and the words that say it.

        ``start`` and ``end`` are where the evidence stands in the article's text; ``date`` is an ISO day, month, year or
        ``first/last``, None where it is unknown.
        """
        found = self._contents
        rows = [_row(claim_record(claim), found.articles) for claim in found.claims]
        return _pandas().DataFrame(rows, columns=COLUMNS)

    def query(self, query: str, **parameters: str) -> pandas.DataFrame:
        """The table that a named query (its parameters by name) or a SPARQL SELECT gives.

        IRIs of the known prefixes are written short (``id:astana-5``), numbers are numbers.

        Raises:
            QueryError: there is no such query, it is malformed or not allowed, or it gives no table.

        """
        result = store.query(self._store, _sparql(query, parameters), limit=_MOST_ROWS)
        if not isinstance(result, Table):
            raise QueryError("only SELECT gives a table; ask others with kg query")
        rows = [[_value(cell) for cell in row] for row in result.rows]
        return _pandas().DataFrame(rows, columns=list(result.columns))

    def network(self) -> networkx.MultiDiGraph:
        """The direct edges as :func:`kg.network.load` gives them, each with its sources; nodes are ids."""
        return network.load(self.folder.path)

    def page(self) -> str:
        """The explorer page, as ``kg html`` writes it."""
        found = self._contents
        return page.render(found.claims, list(found.articles.values()), sources=found.sources)

    def _repr_html_(self) -> str:
        """The page in a frame of its own, which can neither reach the notebook nor the network."""
        content = html.escape(self.page())
        rights = "allow-scripts allow-downloads allow-popups allow-modals"
        return (
            f'<iframe srcdoc="{content}" sandbox="{rights}" width="100%" height="{_HEIGHT}" '
            f'style="border: 1px solid #ccc" title="{html.escape(str(self))}"></iframe>'
        )


COLUMNS = [
    "article", "outlet", "published", "subject", "subject_ar", "subject_en", "predicate", "object", "object_ar", "object_en",
    "polarity", "modality", "says", "date", "evidence", "start", "end", "rule", "confidence",
]  # fmt: skip
"""The columns of :meth:`Graph.claims`."""


def _sparql(query: str, parameters: Mapping[str, str]) -> str:
    """The SPARQL of a named query with its parameters, or the query itself if it is SPARQL already."""
    if not any(mark in query for mark in "{ \n"):
        return queries.load(query).fill(parameters)
    if parameters:
        raise QueryError("only named queries have parameters")
    return query


def _row(record: Mapping[str, Any], articles: Mapping[str, Article]) -> list[Any]:
    article, evidence = articles[record["article"]], record["evidence"]
    return [
        article.id, article.outlet, article.published, *_end(record["subject"]), record["predicate"], *_end(record["object"]),
        record["polarity"], record["modality"], record["says"]["id"] if record["says"] else None,
        record["date"]["value"] if record["date"] else None, evidence["text"], evidence["start"], evidence["end"],
        record["rule"], record["confidence"],
    ]  # fmt: skip


def _end(end: Mapping[str, Any]) -> list[str]:
    """The id with the first name and the first Latin one; of a date, the date."""
    names = [end["date"]] if "date" in end else end["names"]
    return [end.get("id", names[0]), names[0], next((name for name in names if name.isascii()), names[0])]


def _value(cell: Term | None) -> Any:
    """A cell as Python knows it: numbers as numbers, IRIs short, texts bare."""
    if isinstance(cell, Literal):
        return _NUMBERS.get(cell.datatype, str)(cell.value)
    return short(cell) if cell else None


def _pandas() -> Any:
    try:
        import pandas
    except ImportError as error:
        raise NotebookError("tables need pandas; install it with: pip install 'kg[notebook]'") from error
    return pandas
