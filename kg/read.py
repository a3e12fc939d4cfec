"""Stage 1, read: files and folders become articles.

``.txt`` is one article named like the file, ``.json`` one article, ``.jsonl`` one a line; a folder is all of these below
it, in order of their paths. JSON fields: ``id, title, outlet, published (or time), url, text``; only ``text`` must be
there. Bytes are UTF-8, UTF-16 or Windows-1256. What cannot be read is reported as :class:`Unreadable` in its place.
"""

from __future__ import annotations

import codecs
import datetime
import email.utils
import json
import os
import pathlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.errors import ReadError
from kg.model import Article

SUFFIXES = (".txt", ".json", ".jsonl")
LONGEST_ARTICLE = 400_000
"""Characters. The longest of 29,406 news articles has 36,000; a file with more is not an article."""
LARGEST_FILE = 64 * 2**20
"""Bytes of a .txt or .json file; .jsonl is read line by line and may be of any size."""

_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UNSAFE = re.compile("[\x00\ud800-\udfff]")
_ARABIC = re.compile("[\u0620-\u064a]")
_MOJIBAKE = re.compile("[\x80-\x9f\u00c0-\u00df]")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or a line of one, that gives no article, and why."""

    path: str
    reason: str


def read_articles(sources: Iterable[pathlib.Path]) -> Iterator[Article | Unreadable]:
    """The articles of these files and folders, in the order given; a file that is reached twice is read once."""
    seen: set[pathlib.Path] = set()
    for source in sources:
        files = list(_files(source))
        if not files:
            yield Unreadable(str(source), "no such file or folder" if not source.exists() else _no_articles(source))
        for file in files:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield from _read_file(file)


def _no_articles(source: pathlib.Path) -> str:
    return f"no {', '.join(SUFFIXES)} file in it" if source.is_dir() else f"not one of {', '.join(SUFFIXES)}"


def _files(source: pathlib.Path) -> Iterator[pathlib.Path]:
    if source.is_dir():
        yield from sorted(path for path in source.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    elif source.is_file() and source.suffix.lower() in SUFFIXES:
        yield source


def _read_file(path: pathlib.Path) -> Iterator[Article | Unreadable]:
    try:
        if path.suffix.lower() == ".jsonl":
            yield from _read_lines(path)
        else:
            yield _read_one(path)
    except (ReadError, OSError) as error:
        yield Unreadable(str(path), getattr(error, "strerror", None) or str(error))


def _read_one(path: pathlib.Path) -> Article:
    if path.stat().st_size > LARGEST_FILE:
        raise ReadError(f"larger than {LARGEST_FILE >> 20} MB; an article is not, so split it or use .jsonl")
    text = decode(path.read_bytes())
    return _from_text(_name(path), text) if path.suffix.lower() == ".txt" else _from_json(text, _name(path))


def _read_lines(path: pathlib.Path) -> Iterator[Article | Unreadable]:
    with path.open("rb") as lines:
        head = lines.read(4)
        lines.seek(0)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise ReadError("a .jsonl file must be UTF-8")
        number = 0
        while line := lines.readline(LARGEST_FILE):
            number += 1
            if not line.strip():
                continue
            try:
                yield _from_json(decode(line), f"{_name(path)}-{number}")
            except ReadError as error:
                yield Unreadable(f"{path}, line {number}", str(error))


def decode(data: bytes) -> str:
    """Bytes as text: by byte order mark, else UTF-8, else UTF-16 or Windows-1256 if that gives Arabic.

    Raises:
        ReadError: none of the encodings fits.

    >>> decode("سوريا".encode("cp1256")) == decode("سوريا".encode("utf-16")) == "سوريا"
    True
    """
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            return _decode(data[len(mark) :], encoding)
    if b"\x00" not in data[:4096]:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return _plausible(data, ("cp1256",))
    return _plausible(data, ("utf-16-le", "utf-16-be"))


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(f"broken {encoding.upper()} at byte {error.start}") from error


def _plausible(data: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        text = data.decode(encoding, errors="replace")
        letters = len(_ARABIC.findall(text))
        if "\ufffd" not in text and letters > len(text) / 4 and letters > len(_MOJIBAKE.findall(text)):
            return text
    raise ReadError("neither UTF-8, UTF-16 nor Windows-1256 text; save it as UTF-8")


def _name(path: pathlib.Path) -> str:
    """The file's name without its ending, the same in every locale; bytes that are not UTF-8 are written as escapes."""
    return os.fsencode(path.stem).decode("utf-8", "backslashreplace")


def _from_text(name: str, text: str) -> Article:
    title = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return _article(id=name, title=title, text=text)


def _from_json(text: str, name: str) -> Article:
    try:
        fields = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ReadError(f"not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise ReadError(f"an article must be a JSON object; found {type(fields).__name__}")
    title, body = _string(fields, "title"), _string(fields, "text")
    return _article(
        id=_string(fields, "id") or name, title=title, outlet=_string(fields, "outlet"), url=_string(fields, "url"),
        published=_published(_string(fields, "published") or _string(fields, "time")),
        text=f"{title}\n\n{body}" if title else body,
    )  # fmt: skip


def _string(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str | int):
        raise ReadError(f"the field {name!r} must be text; found {type(value).__name__}")
    return str(value)


def _published(value: str) -> datetime.date | None:
    """A day from an ISO, RFC 2822 or day/month/year date; an unknown date stays unknown, a wrong one is an error."""
    text = value.strip()
    if not text:
        return None
    for parse in (_iso, _day_first, email.utils.parsedate_to_datetime):
        try:
            day = parse(text)
        except ValueError:
            continue
        return datetime.date(day.year, day.month, day.day)
    raise ReadError(f"the date {value!r} is none of 2018-02-25, 25/02/2018, Sun, 25 Feb 2018; correct or remove it")


def _iso(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text[:10])


def _day_first(text: str) -> datetime.date:
    return datetime.datetime.strptime(text[:10], "%d/%m/%Y").replace(tzinfo=datetime.UTC).date()


def _article(
    *,
    id: str,  # noqa: A002
    text: str,
    title: str = "",
    outlet: str = "",
    url: str = "",
    published: datetime.date | None = None,
) -> Article:
    """An article whose text can be written as UTF-8 anywhere: lone surrogates and NUL become U+FFFD, in place."""
    if not text.strip():
        raise ReadError("no text in it")
    if len(text) > LONGEST_ARTICLE:
        raise ReadError(f"{len(text):,} characters; an article has at most {LONGEST_ARTICLE:,}")
    return Article(
        id=_clean(id),
        text=_clean(text),
        title=_clean(title),
        outlet=_clean(outlet),
        published=published,
        url=_clean(url),
    )


def _clean(text: str) -> str:
    return _UNSAFE.sub("\ufffd", text)
