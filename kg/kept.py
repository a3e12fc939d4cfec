"""What is kept of each article, so that no work is done twice: one SQLite file in the graph folder.

==============  ===================================================================================================
table           a row
==============  ===================================================================================================
articles        an article as it was read, under a hash of all that it says
annotations     what a language model found in it, and the sketch by which its copies are found (:mod:`kg.reprints`)
claims          the claims that a set of rules found in an annotation, before anything is merged
rules           what a set of rules was, so that the next finds out which articles it need not read again
==============  ===================================================================================================

Records are compressed JSON. Rows are only added and deleted, many in one transaction: a run that is killed at any
moment loses the work of seconds, and leaves no row half-written. Those who read and the one who writes do not wait for
each other (SQLite's write-ahead log).
"""

from __future__ import annotations

import contextlib
import functools
import os
import pathlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from kg.errors import GraphError
from kg.model import Article, Claim, Document
from kg.records import article_of, article_record, claims_of, document_of, pack, unpack

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS articles (key TEXT PRIMARY KEY, record BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS annotations (
    key TEXT, model TEXT, sketch BLOB NOT NULL, record BLOB NOT NULL, PRIMARY KEY (key, model)
);
CREATE TABLE IF NOT EXISTS claims (
    key TEXT, model TEXT, rules TEXT, record BLOB NOT NULL, PRIMARY KEY (key, model, rules)
);
CREATE TABLE IF NOT EXISTS rules (rules TEXT PRIMARY KEY, base TEXT NOT NULL, record BLOB NOT NULL);
"""
_SECONDS = 60
"""How long to wait while another process reads or writes."""


@dataclass(frozen=True, slots=True)
class Made:
    """Which model annotated, and a hash of the rules that found the claims."""

    model: str
    rules: str


@dataclass(frozen=True, slots=True)
class Result:
    """What was found in the article under ``key``; ``annotation`` and ``sketch`` are empty if they are kept already.

    If nothing was found because something went wrong, ``problem`` tells what, and the rest is empty.
    """

    key: str
    annotation: bytes = b""
    sketch: bytes = b""
    claims: bytes = b""
    problem: str = ""


Value = TypeVar("Value")


class Kept:
    """The file, open for one process. Use it as a context manager."""

    def __init__(self, path: pathlib.Path, *, write: bool = False) -> None:
        """Open it; with ``write``, make it if it is missing.

        Raises:
            GraphError: it is missing or damaged.

        """
        self._path = path
        with self._told():
            how = "mode=rwc" if write else "mode=ro" if os.access(path.parent, os.W_OK) else "immutable=1"
            self._rows = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", timeout=_SECONDS, uri=True)
            if write:
                self._rows.executescript(_SCHEMA)

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()

    # ---- articles

    def add_articles(self, articles: Iterable[Article]) -> dict[str, str]:
        """Keep articles as they were read; the key of each by its id. Those that are kept already cost next to nothing."""
        keys = {}
        with self._told(), self._rows:
            for article in articles:
                key = keys[article.id] = article.fingerprint
                if not self._rows.execute("SELECT 1 FROM articles WHERE key = ?", (key,)).fetchone():
                    self._rows.execute("INSERT INTO articles VALUES (?, ?)", (key, pack(article_record(article))))
        return keys

    def article_record(self, key: str) -> bytes:
        """An article, packed.

        Raises:
            GraphError: it is missing.

        """
        return self._record("SELECT record FROM articles WHERE key = ?", key)

    def article(self, key: str) -> Article:
        """The article under a key.

        Raises:
            GraphError: it is missing or damaged.

        """
        return self._read(lambda: article_of(unpack(self.article_record(key))))

    # ---- annotations

    def annotation_record(self, key: str, model: str) -> bytes:
        """An annotation, packed.

        Raises:
            GraphError: it is missing.

        """
        return self._record("SELECT record FROM annotations WHERE key = ? AND model = ?", key, model)

    def document(self, key: str, model: str) -> Document:
        """The annotated article under a key.

        Raises:
            GraphError: it is missing or damaged.

        """
        annotation = self.annotation_record(key, model)
        return self._read(lambda: document_of(self.article(key), unpack(annotation), model))

    def sketch(self, key: str, model: str) -> bytes:
        """By what copies of the article are found, see :func:`kg.reprints.sketch`.

        Raises:
            GraphError: it is missing.

        """
        return self._record("SELECT sketch FROM annotations WHERE key = ? AND model = ?", key, model)

    # ---- claims

    def claims(self, key: str, made: Made) -> list[Claim]:
        """The claims of the article under a key.

        Raises:
            GraphError: they are missing or damaged.

        """
        query = "SELECT record FROM claims WHERE key = ? AND model = ? AND rules = ?"
        record = self._record(query, key, made.model, made.rules)
        return self._read(lambda: claims_of(unpack(record)))

    # ---- rules

    def add_rules(self, rules: str, base: str, record: list[Any]) -> None:
        """Keep what a set of rules is: a record of its parts, which can be compared with those of the same base."""
        with self._told(), self._rows:
            self._rows.execute("INSERT OR REPLACE INTO rules VALUES (?, ?, ?)", (rules, base, pack(record)))

    def rules(self, base: str) -> dict[str, Any]:
        """The records of all sets of rules of this base.

        Raises:
            GraphError: one is damaged.

        """
        with self._told():
            rows = self._rows.execute("SELECT rules, record FROM rules WHERE base = ?", (base,)).fetchall()
        return {rules: self._read(functools.partial(unpack, record)) for rules, record in rows}

    def take_over(self, keys: Iterable[str], earlier: Made, made: Made) -> None:
        """Keep the claims that earlier rules found in these articles as those of other rules too."""
        query = "INSERT OR IGNORE INTO claims SELECT key, model, ?, record FROM claims WHERE key = ? AND model = ? AND rules = ?"
        with self._told(), self._rows:
            self._rows.executemany(query, [(made.rules, key, earlier.model, earlier.rules) for key in keys])

    # ---- all of them

    def add(self, results: Iterable[Result], made: Made) -> None:
        """Keep what was found."""
        good = [result for result in results if not result.problem]
        with self._told(), self._rows:
            self._rows.executemany(
                "INSERT OR REPLACE INTO annotations VALUES (?, ?, ?, ?)",
                [(r.key, made.model, r.sketch, r.annotation) for r in good if r.annotation],
            )
            self._rows.executemany(
                "INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?)",
                [(r.key, made.model, made.rules, r.claims) for r in good],
            )

    def annotated(self, model: str) -> set[str]:
        """The keys of all articles that this model annotated."""
        return self._keys("SELECT key FROM annotations WHERE model = ?", model)

    def done(self, made: Made) -> set[str]:
        """The keys of all articles whose claims are kept."""
        return self._keys("SELECT key FROM claims WHERE model = ? AND rules = ?", made.model, made.rules)

    def forget(self, wanted: set[str], made: Made) -> None:
        """Delete all articles but those wanted, and all annotations and claims that were made otherwise."""
        with self._told(), self._rows:
            self._rows.execute("DELETE FROM annotations WHERE model != ?", (made.model,))
            self._rows.execute("DELETE FROM claims WHERE model != ? OR rules != ?", (made.model, made.rules))
            self._rows.execute("DELETE FROM rules WHERE rules != ?", (made.rules,))
            for table in ("articles", "annotations", "claims"):
                unwanted = self._keys(f"SELECT key FROM {table}") - wanted  # noqa: S608
                self._rows.executemany(f"DELETE FROM {table} WHERE key = ?", [(key,) for key in unwanted])  # noqa: S608
        self._tidy()

    def _tidy(self) -> None:
        """Give the room of deleted rows back, once it is more than half of the file."""
        free, pages = (self._rows.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count"))
        if free > pages / 2:
            with self._told():
                self._rows.execute("VACUUM")

    def _keys(self, query: str, *values: str) -> set[str]:
        with self._told():
            return {key for (key,) in self._rows.execute(query, values)}

    def _record(self, query: str, *values: str) -> bytes:
        with self._told():
            row = self._rows.execute(query, values).fetchone()
        if row is None:
            raise GraphError(f"{self._path} has no {values[0]}; run kg rebuild with the sources")
        return bytes(row[0])

    def _read(self, read: Callable[[], Value]) -> Value:
        try:
            return read()
        except (KeyError, TypeError, ValueError, zlib.error) as error:
            self._refuse(error)

    def _refuse(self, error: Exception) -> NoReturn:
        raise GraphError(f"{self._path} is damaged ({error}); delete it and run kg rebuild with the sources") from error

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite complains about, as an error that says what to do."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise GraphError(
                f"{self._path} cannot be read or written ({error}); the graph is as it was."
                " Free space or mend the disk, then run the same command again: it continues where it stopped"
            ) from error
        except sqlite3.DatabaseError as error:
            self._refuse(error)
