"""The formats, one row each: how a file of it is recognised, and which function reads it.

A reader takes a :class:`Blob` and gives articles; a container gives further blobs. What is ``plain`` is read in this
process; for everything else there is one that can be ended, see :mod:`kg.read.apart`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.read.items import Blob, Options

HEAD = 4_096
"""Bytes at the beginning by which a format is recognised."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, endings, content types, first bytes, and where its reader is."""

    name: str
    suffixes: tuple[str, ...]
    reader: str
    media: tuple[str, ...] = ()
    magic: tuple[bytes, ...] = ()
    holds: bool = False
    plain: bool = False

    def open(self, blob: Blob, options: Options) -> Iterator[Any]:
        """What the reader gives for these bytes: articles, or blobs if the format holds files."""
        module, _, function = self.reader.partition(":")
        read: Callable[[Blob, Options], Iterator[Any]] = getattr(importlib.import_module(module), function)
        return read(blob, options)


FORMATS: tuple[Format, ...] = (
    Format("text", (".txt",), "kg.read.plain:text", ("text/plain",), plain=True),
    Format("json", (".json",), "kg.read.plain:json_file", ("application/json",), plain=True),
    Format("jsonl", (".jsonl", ".ndjson"), "kg.read.plain:json_lines", ("application/x-ndjson",), plain=True),
    Format("csv", (".csv", ".tsv"), "kg.read.sheets:csv_file", ("text/csv", "text/tab-separated-values")),
    Format("excel", (".xlsx", ".xlsm", ".xls", ".ods"), "kg.read.sheets:workbook"),
    Format("html", (".html", ".htm", ".xhtml"), "kg.read.html:page", ("text/html", "application/xhtml+xml")),
    Format("feed", (".rss", ".atom", ".xml"), "kg.read.feed:feed", ("application/rss+xml", "application/atom+xml")),
    Format("pdf", (".pdf",), "kg.read.pdf:document", ("application/pdf",), (b"%PDF-",)),
    Format("warc", (".warc", ".warc.gz", ".arc", ".arc.gz"), "kg.read.warc:records", magic=(b"WARC/",), holds=True),
    Format("zip", (".zip",), "kg.read.archives:zipped", magic=(b"PK\x03\x04", b"PK\x05\x06"), holds=True),
    Format("gzip", (".gz",), "kg.read.archives:gzipped", magic=(b"\x1f\x8b",), holds=True),
    Format("xz", (".xz",), "kg.read.archives:xzipped", magic=(b"\xfd7zXZ\x00",), holds=True),
    Format("bz2", (".bz2",), "kg.read.archives:bzipped", magic=(b"BZh",), holds=True),
)
"""All formats."""

BY_NAME = {form.name: form for form in FORMATS}
_BY_SUFFIX = {suffix: form for form in FORMATS for suffix in form.suffixes}
_BY_MEDIA = {media: form for form in FORMATS for media in form.media}
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)*<(!doctype html|html|head|body|rss|feed|rdf:RDF)\b",
    re.IGNORECASE | re.DOTALL,
)
SUFFIXES = tuple(_BY_SUFFIX)
"""The endings of files that are read."""


def by_ending(name: str) -> Format | None:
    """The format that a file's ending tells.

    >>> by_ending("news/a.HTML").name, by_ending("style.css")
    ('html', None)
    """
    *_, last, ending = ("", "", *name.lower().split("."))
    return _BY_SUFFIX.get(f".{last}.{ending}") or _BY_SUFFIX.get(f".{ending}") if "." in name else None


def by_media(media: str) -> Format | None:
    """The format that a content type tells.

    >>> by_media("text/html; charset=windows-1256").name
    'html'
    """
    return _BY_MEDIA.get(media.partition(";")[0].strip().lower())


def by_content(head: bytes) -> Format | None:
    """The format of what begins with these bytes; None if it is only some text.

    >>> by_content(b'{"text": "1"}\\n{"text": "2"}').name
    'jsonl'
    """
    for form in FORMATS:
        if head.startswith(form.magic or (b"\0none",)):
            return BY_NAME["excel"] if form.name == "zip" and _is_workbook(head) else form
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if match := _MARKUP.match(start):
        return BY_NAME["html" if match[1].lower() in (b"!doctype html", b"html", b"head", b"body") else "feed"]
    if start.startswith(b"{"):
        return BY_NAME["jsonl" if re.search(rb"\}\s*\n\s*\{", start) or b"\n" not in start.rstrip() else "json"]
    return BY_NAME["json"] if start.startswith(b"[{") else None


def guess(blob: Blob, options: Options) -> Format:
    """The format of a blob: by its ending, else the one that the user named, its content type, or its content."""
    if form := by_ending(blob.name):
        return form
    found = by_content(blob.stream.peek(HEAD)[:HEAD])
    if found and found.holds:
        return found
    return BY_NAME.get(options.format) or by_media(blob.media) or found or BY_NAME["text"]


def _is_workbook(head: bytes) -> bool:
    return b"[Content_Types].xml" in head or b"_rels/" in head or b"opendocument.spreadsheet" in head
