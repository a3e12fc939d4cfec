"""Sources become articles, and a report: per source what was used, what was not, and why."""

from __future__ import annotations

import pathlib
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from kg.errors import ReadError
from kg.language.identify import foreign
from kg.model import Article
from kg.read import limits
from kg.read.apart import Apart
from kg.read.encoding import readable
from kg.read.files import files_of, opened
from kg.read.formats import SUFFIXES, by_ending
from kg.read.items import Blob, Cause, Found, Ignored, Item, Options, Unreadable
from kg.read.leaves import Leaf, read_leaf
from kg.read.web import downloaded, is_url

Source: TypeAlias = pathlib.Path | str
"""A file, a folder, ``-`` for standard input, or an address."""
STANDARD_INPUT = "-"
_AS_FOUND = Options()


@dataclass(slots=True)
class Account:
    """What became of one source: articles used, things not used by reason, files of other kinds that were passed over."""

    source: str
    used: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    left_out: Counter[Cause] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)

    def record(self) -> dict[str, Any]:
        """For programs: plain values, counts by name."""
        counters: dict[str, Counter[Any]] = {
            "formats": self.formats, "not_used": self.left_out, "passed_over": self.ignored,
        }  # fmt: skip
        counts = {name: {str(key): found[key] for key in sorted(found)} for name, found in counters.items()}
        return {"source": self.source, "used": self.used, **counts}

    def __str__(self) -> str:
        """In one line, for people.

        >>> str(Account("a.zip", 3, Counter(html=3), Counter({Cause.LANGUAGE: 1}), Counter(css=2)))
        'a.zip: 3 articles (3 html); not used: 1 not in Arabic; passed over: 2 css'
        """
        parts = [f"{self.used} articles" + (f" ({_counts(self.formats)})" if self.formats else "")]
        parts += [f"not used: {_counts(self.left_out)}"] if self.left_out else []
        parts += [f"passed over: {_counts(self.ignored)}"] if self.ignored else []
        return f"{self.source}: {'; '.join(parts)}"


def _counts(counter: Counter[str] | Counter[Cause]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counter.items(), key=lambda pair: (-pair[1], pair[0])))


class Intake:
    """The articles of some sources, each id once. When all have been taken, it knows what became of each source.

    >>> from kg.resources import folder
    >>> intake = Intake([folder("seeds") / "articles"])
    >>> [article.id for article in intake], intake.unreadable, intake.accounts[0].used
    (['seed-000', 'seed-001', 'seed-002', 'seed-003', 'seed-004'], [], 5)
    """

    def __init__(self, sources: Iterable[Source], options: Options = _AS_FOUND) -> None:
        self._sources = tuple(sources)
        self._options = options
        self.accounts: list[Account] = []
        self.unreadable: list[Unreadable] = []

    @classmethod
    def of(cls, sources: Iterable[Source] | Intake) -> Intake:
        """The intake of these sources, or the one that is given."""
        return sources if isinstance(sources, Intake) else cls(sources)

    def __bool__(self) -> bool:
        """Whether there are sources at all."""
        return bool(self._sources)

    def __iter__(self) -> Iterator[Article]:
        return (item.article for item in self.items() if isinstance(item, Found))

    def items(self) -> Iterator[Item]:
        """Articles with where they are from, and what is not used, in order; counted while they are taken."""
        self.accounts, self.unreadable = [], []
        ids: dict[str, tuple[str, str]] = {}
        seen: set[pathlib.Path] = set()
        with Apart() as apart:
            for source in self._sources:
                account = Account(str(source))
                self.accounts.append(account)
                for item in read_items(source, self._options, apart, seen):
                    told = _told(item, ids)
                    self._count(told, account)
                    yield told

    def _count(self, item: Item, account: Account) -> None:
        if isinstance(item, Found):
            account.used += 1
            account.formats[item.format] += 1
        elif isinstance(item, Ignored):
            account.ignored[item.kind] += 1
        else:
            account.left_out[item.cause] += 1
            self.unreadable.append(item)


def _told(item: Item, seen: dict[str, tuple[str, str]]) -> Item:
    """The item; something else in the place of an article whose id has come before."""
    if not isinstance(item, Found):
        return item
    fingerprint = item.article.fingerprint
    if item.article.id not in seen:
        seen[item.article.id] = (fingerprint, item.path)
        return item
    known, where = seen[item.article.id]
    if known == fingerprint:
        return Ignored(item.path, "repeated word for word")
    reason = f"another article has this id ({where}); give one of them another id"
    return Unreadable(item.article.id, reason, Cause.REPEATED)


def read_items(source: Source, options: Options, apart: Apart, seen: set[pathlib.Path]) -> Iterator[Item]:
    """What a source gives; files in ``seen`` are not read again, those that are read are put into it."""
    return map(_in_arabic, _items(source, options, apart, seen))


def _in_arabic(item: Item) -> Item:
    """The item; what is to be said in the place of an article in another language."""
    if isinstance(item, Found) and (language := foreign(item.article.text)):
        where = item.path if item.article.id in item.path else f"{item.path}, {item.article.id}"
        return Unreadable(where, f"{language}; only Arabic is read", Cause.LANGUAGE)
    return item


def _items(source: Source, options: Options, apart: Apart, seen: set[pathlib.Path]) -> Iterator[Item]:
    if source == STANDARD_INPUT:
        yield from _standard_input(options, apart)
    elif is_url(source):
        yield from _address(str(source), options, apart)
    else:
        path = pathlib.Path(source)
        try:
            yield from _folder(path, options, apart, seen) if path.is_dir() else _named(path, options, apart, seen)
        except OSError as error:
            yield Unreadable.of(str(path), error)


def _folder(folder: pathlib.Path, options: Options, apart: Apart, seen: set[pathlib.Path]) -> Iterator[Item]:
    empty = True
    for path in files_of(folder):
        if by_ending(path.name) is None:
            yield Ignored(str(path), path.suffix.lower()[1:21] or "without ending")
            continue
        empty = False
        yield from _file(path, readable(path.relative_to(folder).as_posix()), options, apart, seen)
    if empty:
        yield Unreadable(str(folder), f"no {', '.join(SUFFIXES)} file in it", Cause.EMPTY)


def _named(path: pathlib.Path, options: Options, apart: Apart, seen: set[pathlib.Path]) -> Iterator[Item]:
    """A file that was named: it is read in any case if the user says what it is."""
    if not path.exists():
        yield Unreadable(str(path), "no such file or folder")
    elif path.is_file() and not by_ending(path.name) and not options.format:
        yield Unreadable(str(path), f"not one of {', '.join(SUFFIXES)}; if it is, say so: --input-format NAME")
    else:
        yield from _file(path, readable(path.name), options, apart, seen)


def _file(path: pathlib.Path, name: str, options: Options, apart: Apart, seen: set[pathlib.Path]) -> Iterator[Item]:
    shown = readable(str(path))
    if not path.is_file():
        yield Unreadable(shown, "not a file: a pipe, a device, or a link to nothing")
        return
    if (real := path.resolve()) in seen:
        return
    seen.add(real)
    form = by_ending(name)
    if not form or not form.plain:
        yield from apart.read(path, options, path=shown, name=name)
        return
    try:
        with opened(path) as stream:
            yield from read_leaf(Leaf(Blob(shown, name, stream), form), options)
    except (ReadError, OSError) as error:
        yield Unreadable.of(shown, error)


def _standard_input(options: Options, apart: Apart) -> Iterator[Item]:
    """What comes on standard input, by way of a file that only this user can read and that is gone afterwards."""
    with tempfile.NamedTemporaryFile(prefix="kg-") as file:
        size = 0
        while data := sys.stdin.buffer.read(1 << 20):
            size += len(data)
            if size > limits.LARGEST_INPUT:
                yield Unreadable(
                    "standard input", f"more than {limits.LARGEST_INPUT >> 30} GB; write it to a file first"
                )
                return
            file.write(data)
        file.flush()
        yield from apart.read(pathlib.Path(file.name), options, path="standard input", name="stdin")


def _address(url: str, options: Options, apart: Apart) -> Iterator[Item]:
    if not options.fetch:
        yield Unreadable(url, "kg takes nothing from the web unless told to: --fetch")
        return
    try:
        with downloaded(url) as page:
            yield from apart.read(page.file, options, path=url, name=page.name, url=page.url, media=page.media)
    except (ReadError, OSError) as error:
        yield Unreadable.of(url, error)
