"""Tables: TSV files that people edit by hand, read into typed rows.

The header is the list of the row type's fields; a cell with several values separates them by ``|``; an empty cell is an
empty value. Empty lines and lines that begin with ``#`` are for people. What is wrong is reported with the table, the row
number as an editor shows it, and what is allowed.
"""

from __future__ import annotations

import dataclasses
import datetime
import pathlib
import typing
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from kg.errors import TableError

Row = TypeVar("Row")
COMMENT = "#"


class Line(NamedTuple):
    """A row as it is written: its table and number as an editor shows it, and its cells by column."""

    table: str
    number: int
    cells: Mapping[str, str]


def _values(cell: str) -> tuple[str, ...]:
    return tuple(value.strip() for value in cell.split("|") if value.strip())


def _date(cell: str) -> datetime.date | None:
    return datetime.date.fromisoformat(cell) if cell else None


def _boolean(cell: str) -> bool:
    if cell not in ("", "yes", "no"):
        raise ValueError("write yes or no")
    return cell == "yes"


PARSERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: lambda cell: int(cell) if cell else 0,
    float: lambda cell: float(cell) if cell else 0.0,
    bool: _boolean,
    tuple[str, ...]: _values,
    datetime.date | None: _date,
}


def _parser(wanted: Any) -> Callable[[str], Any]:
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return wanted
    return PARSERS[wanted]


def _parse(wanted: Any, cell: str) -> Any:
    try:
        return _parser(wanted)(cell)
    except ValueError as error:
        choices = f"; allowed: {', '.join(wanted)}" if isinstance(wanted, type) and issubclass(wanted, StrEnum) else ""
        raise ValueError(f"{cell!r} is not valid ({error}{choices})") from error


def columns(row_type: type[Any]) -> tuple[str, ...]:
    """The columns of a table of these rows, in order."""
    return tuple(field.name for field in dataclasses.fields(row_type))


def lists(row_type: type[Any]) -> frozenset[str]:
    """The columns whose cells have several values."""
    return frozenset(name for name, wanted in _TYPES[row_type].items() if wanted == tuple[str, ...])


class _Types(dict[type[Any], dict[str, Any]]):
    """The types of the columns of each type of row, found out when it is first met."""

    def __missing__(self, row_type: type[Any]) -> dict[str, Any]:
        self[row_type] = typing.get_type_hints(row_type)
        return self[row_type]


_TYPES = _Types()


def read_lines(path: pathlib.Path, row_type: type[Any], *, table: str = "") -> Iterator[Line]:
    """The rows of a TSV file as they are written, in order; ``table`` is what messages call it, else the file's name.

    Raises:
        TableError: the file is not UTF-8, the header is not the type's fields, or a row has another number of cells.

    """
    table, names = table or path.name, columns(row_type)
    try:
        header, *lines = path.read_text(encoding="utf-8-sig").splitlines() or [""]
    except UnicodeDecodeError as error:
        raise TableError(table, 0, f"is not UTF-8 ({error}); save it as text, TAB, UTF-8") from error
    if tuple(header.split("\t")) != names:
        raise TableError(table, 1, f"the columns must be {', '.join(names)}; found {header.split(chr(9))}")
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        if not line.strip() or line.startswith(COMMENT):
            continue
        if len(cells) != len(names):
            raise TableError(table, number, f"{len(cells)} cells where there are {len(names)} columns")
        yield Line(table, number, {name: cell.strip() for name, cell in zip(names, cells, strict=True)})


def parse(line: Line, row_type: type[Row]) -> Row:
    """A row as an instance of a dataclass whose fields are the columns.

    Raises:
        TableError: a cell does not parse.

    """
    wanted = _TYPES[row_type]
    try:
        return row_type(**{name: _parse(wanted[name], cell) for name, cell in line.cells.items()})
    except ValueError as error:
        raise TableError(line.table, line.number, str(error)) from error


def read_table(path: pathlib.Path, row_type: type[Row]) -> list[Row]:
    """The rows of a TSV file as instances of a dataclass whose fields are the columns, in the file's order.

    Raises:
        TableError: the file is not UTF-8, the header is not the type's fields, a row has another number of cells, or a
            cell does not parse.

    """
    return [parse(line, row_type) for line in read_lines(path, row_type)]
