"""Tables: CSV, TSV and workbooks, one article a row. The first row names the columns, see :mod:`kg.read.articles`."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kg.errors import ReadError
from kg.model import Article
from kg.read import limits
from kg.read.articles import article_of, recognise, unrecognised
from kg.read.encoding import encoding_of
from kg.read.items import Blob, Options, Unreadable

_DELIMITERS = "\t,;|"
_SAMPLE = 65_536


def csv_file(blob: Blob, options: Options) -> Iterator[Article | Unreadable]:
    """The rows of a table whose cells are separated by comma, semicolon, tab or bar."""
    head = blob.stream.peek(_SAMPLE)[:_SAMPLE]
    encoding = encoding_of(head)
    csv.field_size_limit(limits.LONGEST_LINE)
    lines = io.TextIOWrapper(blob.stream, encoding, errors="surrogateescape", newline="")
    first = head.decode(encoding, errors="replace").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    yield from _rows(_cells(csv.reader(_bounded(lines), delimiter=delimiter), blob.path), blob, blob.stem, options)


def _bounded(lines: io.TextIOWrapper) -> Iterator[str]:
    """The lines; what is longer than a line may be comes in pieces, which the reader of cells then refuses."""
    while line := lines.readline(limits.LONGEST_LINE):
        yield line


def _cells(reader: Iterator[list[str]], path: str) -> Iterator[Sequence[Any] | Unreadable]:
    """The rows; one that cannot be split into cells is named, and the next one begins behind it."""
    for number in itertools.count(1):
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Unreadable(f"{path}, row {number}", str(error))


def workbook(blob: Blob, options: Options) -> Iterator[Article | Unreadable]:
    """The rows of the sheets of an Excel or OpenDocument file; sheets without a column of text are passed over.

    Raises:
        ReadError: no sheet has such a column, or the file is damaged.

    """
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(blob.whole(limits.LARGEST_FILE)))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except python_calamine.CalamineError as error:
        raise ReadError(f"not a workbook that can be opened: {error}") from error
    headers = {name: _header(next(iter(sheet.iter_rows()), [])) for name, sheet in sheets}
    telling = [(name, sheet) for name, sheet in sheets if "text" in recognise(headers[name], options.columns)]
    if not telling:
        raise ReadError(
            f"no column holds the text; {unrecognised(cell for header in headers.values() for cell in header)}"
        )
    for name, sheet in telling:
        stem = blob.stem if len(telling) == 1 else f"{blob.stem}-{name}"
        yield from _rows(sheet.iter_rows(), blob, stem, options)


def _rows(
    rows: Iterable[Sequence[Any] | Unreadable], blob: Blob, stem: str, options: Options
) -> Iterator[Article | Unreadable]:
    """The articles of a table; rows are numbered as a spreadsheet shows them, from 1, the header being the first."""
    header: list[str] = []
    for number, row in enumerate(rows, 1):
        if isinstance(row, Unreadable):
            yield row
        elif not header:
            header = _header(row)
            if any(header) and "text" not in recognise(header, options.columns):
                raise ReadError(f"no column holds the text; {unrecognised(header)}")
        elif any(cell not in ("", None) for cell in row):
            yield _article(
                dict(zip(header, map(_text, row), strict=False)),
                options,
                f"{stem}-{number}",
                f"{blob.path}, row {number}",
            )


def _article(fields: dict[str, str], options: Options, name: str, path: str) -> Article | Unreadable:
    try:
        if any("\udc80" <= character <= "\udcff" for value in fields.values() for character in value):
            raise ReadError("bytes in it that are no text; save the table as UTF-8")
        return article_of(fields, options.columns, name)
    except ReadError as error:
        return Unreadable.of(path, error)


def _header(row: Sequence[Any]) -> list[str]:
    header = [_text(cell).strip() for cell in row]
    return header if any(header) else []


def _text(cell: Any) -> str:
    """A cell as text: whole numbers without a point, days as ISO dates.

    >>> _text(3.0), _text(datetime.datetime(2018, 2, 25))
    ('3', '2018-02-25')
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)
