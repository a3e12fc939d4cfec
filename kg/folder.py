"""The graph folder: what a rebuild keeps and what it gives.

    graph/kg.nq  kg.trig     the graph
    graph/store/             the same as an Oxigraph database
    graph/claims.jsonl       one claim a line
    graph/merges.tsv         which entities were taken for one, with score and reasons, and what is proposed
    graph/page.html          the page to look at
    graph/manifest.json      of which articles the graph is made, and how
    graph/judgements.tsv     what people decided about entities; the only file here that is edited by hand
    graph/kept.db            the articles, what was found in each, and the claims before anything is merged (kg.kept)
    graph/versions/          the files of the graph, whole: the current ones and those before them

The first six are links through ``graph/current`` into a folder of ``versions``. A run writes a new one beside, and then
turns ``current`` to it in one step: a reader sees all of the old files or all of the new ones, never a half of either.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TextIO

from kg.errors import GraphError
from kg.kept import Kept, Made
from kg.model import Article, Claim, Document
from kg.records import dump

VERSION = 3
"""Of the folder's layout; raised when an older folder cannot be read any more."""
TEXTS = ("kg.nq", "kg.trig", "claims.jsonl", "merges.tsv", "page.html", "manifest.json")
"""The files of a version that are the same bytes for the same articles and judgements."""
PUBLIC = (*TEXTS, "store")
PRIVATE = 0o700
"""Who may enter a new graph folder: its owner alone, for what is in it may endanger people. Later it is left as it is."""


def write_atomically(path: pathlib.Path, text: str, *, safe: bool = True) -> None:
    """Write a text file so that it is there whole or not at all.

    Without ``safe`` a loss of power may lose it; a killed process never does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        write_text(partial, text, safe=safe)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: pathlib.Path, text: str, *, safe: bool = True) -> None:
    """Write a text file to the disk, where no reader looks for it yet."""
    write_lines(path, [text], safe=safe)


def write_lines(path: pathlib.Path, pieces: Iterable[str], *, safe: bool = True) -> None:
    """Write the pieces of a text file to the disk, where no reader looks for it yet."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(pieces)
        if safe:
            sync(out)


def sync(out: TextIO) -> None:
    """Bring an open file to the disk, so that it survives a loss of power."""
    out.flush()
    os.fsync(out.fileno())


@dataclass(frozen=True, slots=True)
class Manifest:
    """Of which articles a graph is made, and how: for each its id and the key under which it is kept, in order.

    ``judgements`` is a hash of what people decided, ``copies`` what :func:`kg.reprints.copies` says of the articles,
    ``claims`` counts the claims by their relation, ``new`` the entities that are in no seed table.
    """

    made: Made
    judgements: str
    articles: Mapping[str, str]
    copies: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[str, int] = field(default_factory=dict)
    new: int = 0

    def same_as(self, other: Manifest) -> bool:
        """Whether both are of one graph."""
        return (self.made, self.judgements, self.articles) == (other.made, other.judgements, other.articles)

    def write(self, folder: pathlib.Path) -> None:
        """Write it into a folder of :meth:`GraphFolder.next_version`."""
        write_text(folder / "manifest.json", dump({"version": VERSION, **asdict(self)}) + "\n")


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
    def merges(self) -> pathlib.Path:
        """Which entities were taken for one, and why."""
        return self.path / "merges.tsv"

    @property
    def page(self) -> pathlib.Path:
        """The page to look at."""
        return self.path / "page.html"

    @property
    def judgements(self) -> pathlib.Path:
        """What people decided about entities."""
        return self.path / "judgements.tsv"

    @property
    def _manifest(self) -> pathlib.Path:
        return self.path / "manifest.json"

    @property
    def _current(self) -> pathlib.Path:
        return self.path / "current"

    @property
    def _versions(self) -> pathlib.Path:
        return self.path / "versions"

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

    def manifest(self) -> Manifest:
        """Of which articles the graph is made, and how.

        Raises:
            GraphError: there is no graph, or the folder is damaged or of another version.

        """
        self.require()
        try:
            fields = json.loads(self._manifest.read_text(encoding="utf-8"))
            version = fields.pop("version")
            if version == VERSION:
                return Manifest(**fields | {"made": Made(**fields["made"])})
        except (ValueError, KeyError, TypeError) as error:
            raise GraphError(f"{self._manifest} is damaged; delete it and run kg rebuild with the sources") from error
        raise GraphError(f"{self.path} was made by another version of kg; rebuild it from its sources elsewhere")

    def intact(self) -> bool:
        """Whether the files of the graph are as they were written."""
        version = self._current.resolve()
        return _content(version) == version.name.partition("-")[0] and all((self.path / n).exists() for n in PUBLIC)

    # ---- what is kept of each article

    def kept(self, *, write: bool = False) -> Kept:
        """What is kept of each article; with ``write``, to be changed, which only one run at a time may.

        Raises:
            GraphError: it is missing or damaged.

        """
        return Kept(self.path / "kept.db", write=write)

    def articles(self) -> Iterator[Article]:
        """The articles of the graph, in order.

        Raises:
            GraphError: one is missing or damaged.

        """
        manifest = self.manifest()
        with self.kept() as kept:
            yield from map(kept.article, manifest.articles.values())

    def documents(self) -> Iterator[Document]:
        """The annotated articles of the graph, in order.

        Raises:
            GraphError: one is missing or damaged.

        """
        manifest = self.manifest()
        with self.kept() as kept:
            for key in manifest.articles.values():
                yield kept.document(key, manifest.made.model)

    def document(self, article: str) -> Document:
        """One annotated article of the graph, by its id.

        Raises:
            GraphError: it is missing or damaged.

        """
        manifest = self.manifest()
        with self.kept() as kept:
            return kept.document(manifest.articles[article], manifest.made.model)

    def raw_claims(self) -> Iterator[Claim]:
        """The claims of the graph in the order of its articles, before anything is merged.

        Raises:
            GraphError: those of an article are missing or damaged.

        """
        manifest = self.manifest()
        with self.kept() as kept:
            for key in manifest.articles.values():
                yield from kept.claims(key, manifest.made)

    # ---- how the graph changes

    @contextlib.contextmanager
    def change(self) -> Iterator[None]:
        """Hold the folder for one change; leftovers of runs that were killed are cleared away.

        The lock is the system's: it is free again as soon as the run that holds it has ended, however it ended.

        Raises:
            GraphError: another run holds it, or the disk is full or cannot be written; the graph is as it was.

        """
        from filelock import FileLock, Timeout

        try:
            self.path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            with FileLock(self.path / ".lock", timeout=0):
                self._clear()
                yield
        except Timeout as error:
            raise GraphError(
                f"{self.path} is being changed by another run of kg; wait until it has ended, then run this again"
            ) from error
        except OSError as error:
            raise GraphError(
                f"{self.path} cannot be written ({error}); the graph is as it was."
                " Free space or mend the disk, then run the same command again: it continues where it stopped"
            ) from error

    @contextlib.contextmanager
    def next_version(self) -> Iterator[pathlib.Path]:
        """An empty folder to write the files of the graph into; at the end it takes the place of those before it.

        If the body raises, the graph stays as it is. Call it within :meth:`change`.
        """
        fresh = self._versions / f".new-{os.getpid()}"
        fresh.mkdir(parents=True)
        try:
            yield fresh
            self._switch(self._settled(fresh))
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _settled(self, fresh: pathlib.Path) -> pathlib.Path:
        """The version under its name, a hash of its texts; if the same stands there already, that one."""
        name = _content(fresh)
        for number in range(len(list(self._versions.iterdir())) + 1):
            place = self._versions / (f"{name}-{number}" if number else name)
            if not place.exists():
                fresh.rename(place)
                return place
            if _content(place) == name and (place / "store").is_dir():
                return place
        return fresh

    def _switch(self, version: pathlib.Path) -> None:
        """Turn ``current`` to a version, in one step, and see that the public names go through it.

        The version before stays, for readers that have it open; those before that are deleted.
        """
        _sync_folder(self._versions)
        before = self._current.resolve() if self._current.is_symlink() else None
        _point(self._current, pathlib.Path("versions", version.name))
        for name in PUBLIC:
            _point(self.path / name, pathlib.Path("current", name))
        _sync_folder(self.path)
        for old in self._versions.iterdir():
            if old.resolve() not in (version.resolve(), before):
                shutil.rmtree(old, ignore_errors=True)

    def _clear(self) -> None:
        """Delete what killed runs left half-written; nobody else writes here now."""
        for partial in (*self.path.glob(".*.partial"), *self.path.glob("*/.*.partial")):
            partial.unlink(missing_ok=True)
        for new in self._versions.glob(".*"):
            shutil.rmtree(new, ignore_errors=True)


def _content(version: pathlib.Path) -> str:
    """A hash of the texts of a version; of what is missing, as if it were empty."""
    found = hashlib.sha256()
    for name in TEXTS:
        path = version / name
        found.update(hashlib.sha256(path.read_bytes() if path.is_file() else b"").digest())
    return found.hexdigest()[:16]


def _point(link: pathlib.Path, target: pathlib.Path) -> None:
    """Make ``link`` a symbolic link to ``target``, in one step if it was a link or a file before."""
    if link.is_symlink() and link.readlink() == target:
        return
    if link.is_dir() and not link.is_symlink():
        shutil.rmtree(link)
    partial = link.with_name(f".{link.name}.{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    partial.symlink_to(target)
    partial.replace(link)


def _sync_folder(folder: pathlib.Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
