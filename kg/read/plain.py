"""Plain text and JSON: read line by line or whole, in this process."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

from kg.errors import ReadError
from kg.model import Article
from kg.read import limits
from kg.read.articles import article, article_of
from kg.read.encoding import decode
from kg.read.items import Blob, Cause, LeftOutError, Options, Unreadable


def text(blob: Blob, options: Options) -> Iterator[Article | Unreadable]:  # noqa: ARG001
    """The whole text is one article, its first line the title."""
    content = decode(blob.whole(limits.LARGEST_FILE))
    title = next((line.strip() for line in content.splitlines() if line.strip()), "")
    yield article(id=blob.stem, title=title, text=content)


def json_file(blob: Blob, options: Options) -> Iterator[Article | Unreadable]:
    """An object is one article, a list of objects many."""
    found = _parsed(decode(blob.whole(limits.LARGEST_FILE)))
    if not isinstance(found, list):
        yield article_of(_fields(found), options.columns, blob.stem)
        return
    if not found:
        raise LeftOutError("an empty list: no article in it", Cause.EMPTY)
    for number, fields in enumerate(found, 1):
        try:
            yield article_of(_fields(fields), options.columns, f"{blob.stem}-{number}")
        except ReadError as error:
            yield Unreadable.of(f"{blob.path}, article {number}", error)


def json_lines(blob: Blob, options: Options) -> Iterator[Article | Unreadable]:
    """Each line is one article."""
    for number, line in enumerate(_lines(blob), 1):
        if not line.strip():
            continue
        try:
            if len(line) > limits.LONGEST_LINE:
                raise ReadError(f"a line of more than {limits.LONGEST_LINE >> 20} MB; an article is not so long")
            yield article_of(_fields(_parsed(decode(line))), options.columns, f"{blob.stem}-{number}")
        except ReadError as error:
            yield Unreadable.of(f"{blob.path}, line {number}", error)


def _lines(blob: Blob) -> Iterator[bytes]:
    """The lines; of one that is too long only the beginning, one byte longer than is allowed."""
    lines = blob.stream
    first = True
    while line := lines.readline(limits.LONGEST_LINE + 1):
        if first and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise ReadError("a .jsonl file must be UTF-8")
        first = False
        rest = line
        while len(rest) > limits.LONGEST_LINE and not rest.endswith(b"\n"):
            rest = lines.readline(limits.LONGEST_LINE + 1)
        yield line


def _parsed(content: str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"not JSON: {error}") from error


def _fields(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ReadError(f"an article must be a JSON object; found {type(value).__name__}")
    return value
