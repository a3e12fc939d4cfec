"""The graph folder: what a rebuild keeps and what it gives.

    graph/kg.nq  kg.trig     the graph
    graph/store/             the same as an Oxigraph database
    graph/claims.jsonl       one claim a line
    graph/page.html          the page to look at
    graph/manifest.json      the ids of the articles that the graph is made of
    graph/articles/          each article with its annotation, so that it is not annotated again

Every file is written beside its place and then moved there: a reader sees the old one or the new one.
"""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.errors import GraphError
from kg.ids import digest
from kg.model import Article, Document
from kg.records import document_of, document_record, dump

VERSION = 1
"""Of the folder's layout; raised when an older folder cannot be read any more."""


def write_atomically(path: pathlib.Path, text: str) -> None:
    """Write a text file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class GraphFolder:
    """A folder of the layout above, which need not exist yet."""

    path: pathlib.Path

    @property
    def nquads(self) -> pathlib.Path:
        """The graph as N-Quads, sorted."""
        return self.path / "kg.nq"

    @property
    def trig(self) -> pathlib.Path:
        """The graph as TriG."""
        return self.path / "kg.trig"

    @property
    def store(self) -> pathlib.Path:
        """The graph as an Oxigraph database."""
        return self.path / "store"

    @property
    def claims(self) -> pathlib.Path:
        """The claims, one JSON object a line."""
        return self.path / "claims.jsonl"

    @property
    def page(self) -> pathlib.Path:
        """The page to look at."""
        return self.path / "page.html"

    @property
    def _manifest(self) -> pathlib.Path:
        return self.path / "manifest.json"

    def exists(self) -> bool:
        """Whether a rebuild has ended here before."""
        return self._manifest.is_file()

    def require(self) -> None:
        """Do nothing if a graph is here.

        Raises:
            GraphError: there is none; the message says how to make one.

        """
        if not self.exists():
            raise GraphError(f"no graph in {self.path}; make one with: kg rebuild SOURCE --graph {self.path}")

    def stamp(self) -> tuple[int, int]:
        """Two numbers that are others after every rebuild; zeros if there is no graph."""
        try:
            found = self._manifest.stat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_ino

    def article_ids(self) -> tuple[str, ...]:
        """The articles that the graph is made of, in order.

        Raises:
            GraphError: the folder is damaged or of another version.

        """
        if not self.exists():
            return ()
        try:
            manifest = json.loads(self._manifest.read_text(encoding="utf-8"))
            version, ids = manifest["version"], tuple(manifest["articles"])
        except (ValueError, KeyError, TypeError) as error:
            raise GraphError(f"{self._manifest} is damaged; delete it and run kg rebuild with the sources") from error
        if version != VERSION:
            raise GraphError(f"{self.path} was made by another version of kg; rebuild it from its sources elsewhere")
        return ids

    def write_manifest(self, ids: Iterable[str]) -> None:
        """Record the articles of the graph."""
        write_atomically(
            self._manifest, json.dumps({"version": VERSION, "articles": list(ids)}, ensure_ascii=False) + "\n"
        )

    def documents(self) -> Iterator[Document]:
        """The annotated articles of the graph, in order.

        Raises:
            GraphError: one is missing or damaged.

        """
        for identifier in self.article_ids():
            document = self._read(identifier)
            if document is None:
                raise GraphError(
                    f"the annotation of {identifier!r} is missing or damaged; run kg rebuild with the sources"
                )
            yield document

    def document(self, article: Article, model: str) -> Document | None:
        """The kept annotation of exactly this article by this model, if there is one."""
        document = self._read(article.id)
        return document if document and document.article == article and document.model == model else None

    def keep(self, document: Document) -> None:
        """Keep an annotation."""
        write_atomically(self._record(document.article.id), dump(document_record(document)) + "\n")

    def forget_all_but(self, ids: Iterable[str]) -> None:
        """Delete the annotations of articles that the graph is not made of any more."""
        wanted = {self._record(identifier) for identifier in ids}
        for path in (self.path / "articles").glob("*.json"):
            if path not in wanted:
                path.unlink()

    def _record(self, identifier: str) -> pathlib.Path:
        return self.path / "articles" / f"{digest(identifier)}.json"

    def _read(self, identifier: str) -> Document | None:
        try:
            return document_of(json.loads(self._record(identifier).read_text(encoding="utf-8")))
        except (OSError, KeyError, TypeError, ValueError):
            return None
