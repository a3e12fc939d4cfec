"""What the workers answer from: the graph as a store, and the index of names and texts."""

from __future__ import annotations

import pathlib
import re
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from kg import store as kg_store
from kg.answers import Table
from kg.errors import KgError
from kg.folder import GraphFolder
from kg.ids import BASE
from kg.merge import ENTITIES
from kg.rdf import Literal, Term
from kg.serve import search

ARTICLE, CLAIM, ENTITY = f"{BASE}article/", f"{BASE}claim/", f"{BASE}id/"
_LOCAL = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*", re.ASCII)


class UnknownError(KgError):
    """There is no such thing in the graph."""


def iri_of(namespace: str, name: str) -> str:
    """The IRI of something of ours, from what an address says.

    >>> iri_of(ENTITY, "astana-5")
    'https://w3id.org/syria-talks/id/astana-5'

    Raises:
        UnknownError: the name has characters that no name of ours has.

    """
    if not _LOCAL.fullmatch(name):
        raise UnknownError(f"there is nothing in this graph about {namespace}{name}")
    return namespace + name


@dataclass(slots=True)
class Library:
    """A loaded graph. The index is opened by each worker for itself, as SQLite wants it."""

    store: Any
    index_path: pathlib.Path
    _index: sqlite3.Connection | None = field(default=None)

    @property
    def index(self) -> sqlite3.Connection:
        """The index, opened on first use."""
        if self._index is None:
            self._index = search.open_index(self.index_path)
        return self._index

    def rows(self, sparql: str) -> list[dict[str, Term]]:
        """The rows of one of our own SELECT queries; a variable that is not bound is not there."""
        table = kg_store.query(self.store, sparql)
        if not isinstance(table, Table):
            raise TypeError("rows are those of a SELECT")
        return [
            {name: cell for name, cell in zip(table.columns, row, strict=True) if cell is not None}
            for row in table.rows
        ]  # fmt: skip

    def count(self, pattern: str) -> int:
        """How many solutions a graph pattern has."""
        return int(text(self.rows(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")[0]["n"]))


def text(value: Term | None) -> str:
    """An IRI or the text of a literal; empty for nothing."""
    return (value.value if isinstance(value, Literal) else value) or ""


def open_library(folder: GraphFolder, scratch: pathlib.Path) -> Library:
    """Load the graph of a folder, and write the index into ``scratch``.

    Raises:
        GraphError: there is no graph, or it is damaged.

    """
    folder.require()
    library = Library(kg_store.load(folder.nquads), scratch / "index.db")
    search.build(library.index_path, _names(library), folder.documents())
    return library


def _names(library: Library) -> list[tuple[str, str]]:
    found = library.rows(
        f"SELECT ?entity ?name {{ GRAPH <{ENTITIES}> {{ ?entity skos:prefLabel|skos:altLabel ?name }} }}"
    )
    return [(text(row["entity"]), text(row["name"])) for row in found]
