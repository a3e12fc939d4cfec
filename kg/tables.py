"""Seed tables: TSV files that people edit by hand, read into typed rows.

The header is the list of the row type's fields; a cell with several values separates them by ``|``; an empty cell is an
empty value. What is wrong is reported with the table, the row number as an editor shows it, and what is allowed.
"""

from __future__ import annotations

import dataclasses
import datetime
import pathlib
import typing
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from kg.errors import TableError

Row = TypeVar("Row")


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


def read_table(path: pathlib.Path, row_type: type[Row]) -> list[Row]:
    """The rows of a TSV file as instances of a dataclass whose fields are the columns, in the file's order.

    Raises:
        TableError: the header is not the type's fields, a row has another number of cells, or a cell does not parse.

    """
    wanted = typing.get_type_hints(row_type)
    names = [field.name for field in dataclasses.fields(row_type)]  # type: ignore[arg-type]
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    if header.split("\t") != names:
        raise TableError(path.name, 1, f"the columns must be {', '.join(names)}; found {header.split(chr(9))}")
    rows = []
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        if len(cells) != len(names):
            raise TableError(path.name, number, f"{len(cells)} cells where there are {len(names)} columns")
        try:
            values = {name: _parse(wanted[name], cell.strip()) for name, cell in zip(names, cells, strict=True)}
        except ValueError as error:
            raise TableError(path.name, number, str(error)) from error
        rows.append(row_type(**values))
    return rows
