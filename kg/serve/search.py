"""Full-text search over names and sentences, in the spelling-blind form of :func:`kg.language.arabic.fold`.

The index is SQLite's FTS5, in a file of its own that lives as long as the server. Of every word it holds all readings:
``وللنظام`` is found by ``النظام``. It also keeps the articles' texts, which are not in the RDF graph.
"""

from __future__ import annotations

import pathlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.ids import article_iri
from kg.language.arabic import fold, stems, without_article
from kg.model import Document

NAME, SENTENCE = "name", "sentence"
_MOST_WORDS = 16
"""Words of a search that count."""
_SCHEMA = """
CREATE VIRTUAL TABLE entries USING fts5(words, kind UNINDEXED, iri UNINDEXED, start UNINDEXED, text UNINDEXED);
CREATE TABLE articles(iri TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sentences(article TEXT, start INTEGER, end INTEGER, PRIMARY KEY(article, start)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search found: the name of an entity, or a sentence of an article, where it begins and how it goes."""

    kind: str
    iri: str
    start: int
    text: str


def build(path: pathlib.Path, names: Iterable[tuple[str, str]], documents: Iterable[Document]) -> None:
    """Write the index of these names, each with the IRI of its entity, and of the articles' sentences."""
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(_SCHEMA)
        connection.executemany("INSERT INTO entries VALUES (?, ?, ?, 0, ?)", map(_name_row, names))
        for document in documents:
            _add(connection, document)
    connection.close()


def open_index(path: pathlib.Path) -> sqlite3.Connection:
    """The index, for reading; it opens no other file later."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("SELECT COUNT(*) FROM entries").fetchone()
    return connection


def find(connection: sqlite3.Connection, text: str, kind: str, *, limit: int, offset: int = 0) -> tuple[list[Hit], int]:
    """The best hits of one kind, and how many there are in all; each word may be the beginning of one."""
    match = _match(text)
    if not match:
        return [], 0
    where = "FROM entries WHERE entries MATCH ? AND kind = ?"
    (total,) = connection.execute(f"SELECT COUNT(*) {where}", (match, kind)).fetchone()
    found = connection.execute(
        f"SELECT kind, iri, start, text {where} ORDER BY bm25(entries), length(text), iri, start LIMIT ? OFFSET ?",
        (match, kind, limit, offset),
    )
    return [Hit(*row) for row in found], total


def text_of(connection: sqlite3.Connection, article: str) -> str:
    """The text of an article, by its IRI; empty if it is not kept."""
    row = connection.execute("SELECT text FROM articles WHERE iri = ?", (article,)).fetchone()
    return str(row[0]) if row else ""


def sentences_of(connection: sqlite3.Connection, article: str) -> list[tuple[int, int]]:
    """Where the sentences of an article begin and end."""
    return list(connection.execute("SELECT start, end FROM sentences WHERE article = ? ORDER BY start", (article,)))


def readings(text: str) -> str:
    """Every word of a text in all its readings, without article.

    >>> readings("وللنظام")
    'وللنظام للنظام نظام'
    """
    return " ".join(form for word in fold(text).split() for form in dict.fromkeys(_forms(word)))


def _forms(word: str) -> Iterator[str]:
    for stem, _ in stems(word):
        yield without_article(stem)


def _match(text: str) -> str:
    """The FTS5 query: every word of the search, in the form of the index, as the beginning of a word there."""
    words = [without_article(word) for word in fold(text).split()[:_MOST_WORDS]]
    return " ".join(f'"{word}"*' for word in words)


def _name_row(pair: tuple[str, str]) -> tuple[str, str, str, str]:
    iri, name = pair
    return readings(name), NAME, iri, name


def _add(connection: sqlite3.Connection, document: Document) -> None:
    """Put an article in. SQLite keeps UTF-8: what is no valid Unicode becomes a question mark of the same length."""
    iri, text = article_iri(document.article.id), document.article.text.encode("utf-8", "replace").decode()
    spans = [sentence.span for sentence in document.sentences]
    connection.execute("INSERT OR REPLACE INTO articles VALUES (?, ?)", (iri, text))
    connection.executemany("INSERT OR REPLACE INTO sentences VALUES (?, ?, ?)", ((iri, s.start, s.end) for s in spans))
    rows = ((readings(s.of(text)), SENTENCE, iri, s.start, s.of(text)) for s in spans)
    connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", rows)
