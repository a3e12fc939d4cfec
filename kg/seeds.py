"""The seed tables that are in use: ours, and those of the project above them.

A row of a project takes the place of our row of the same key, and is added where there is none. Before the key two words
may stand: ``remove russia`` takes our row away, ``add russia`` puts the values of its lists to those of our row (and takes
its other cells where they are filled). A project that replaces our tables is alone with its tables of the domain
(:data:`DOMAIN`); what knows the Arabic language stays.
"""

from __future__ import annotations

import difflib
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from kg import project
from kg.errors import TableError
from kg.project import Tables
from kg.resources import folder as resource
from kg.tables import Line, columns, lists, parse, read_lines

Row = TypeVar("Row")
DOMAIN = frozenset(
    (
        "actors.tsv", "agreements.tsv", "domain.tsv", "groups.tsv", "meetings.tsv", "offices.tsv", "parts.tsv", "places.tsv",
        "rounds.tsv", "seats.tsv", "states.tsv", "tracks.tsv",
    )
)  # fmt: skip
"""The tables that know the Syria talks; all others know Arabic."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "calendar.tsv": ("kind", "value"),
    "offices.tsv": ("person", "office", "organisation", "start"),
    "talk_words.tsv": ("role", "value"),
    "titles.tsv": ("role", "organisation"),
}
"""The columns that tell a row from all others, where it is not the first alone."""
_REMOVE, _ADD = "remove ", "add "


class Sourced(NamedTuple, Generic[Row]):
    """A row with the table and the number at which an editor shows it."""

    table: str
    number: int
    row: Row


def read(name: str, row_type: type[Row]) -> list[Row]:
    """The rows of a table in use, in order: ours, then those that the project adds.

    Raises:
        TableError: a table is wrong, or a row is to be removed or added to that does not exist.

    """
    return [parse(line, row_type) for line in _merged(name, row_type)]


def sourced(name: str, row_type: type[Row], folder: pathlib.Path | None = None) -> list[Sourced[Row]]:
    """The same, or the rows of the table in one folder alone, each with its place.

    Raises:
        TableError: a table is wrong.
        OSError: the folder has no such table.

    """
    lines = list(read_lines(folder / name, row_type)) if folder else _merged(name, row_type)
    return [Sourced(line.table, line.number, parse(line, row_type)) for line in lines]


def files() -> list[pathlib.Path]:
    """All files that decide what the tables in use are, the settings of the project among them."""
    here = project.current()
    own = [*here.seeds.glob("*.tsv")] if here.seeds else []
    settings = [here.folder / project.FILE] if here.folder else []
    return sorted([*resource("seeds").glob("*.tsv"), resource("seeds") / project.FILE, *own, *settings])


def _merged(name: str, row_type: type[Any]) -> list[Line]:
    here = project.current()
    ours = resource("seeds") / name
    replaced = here.tables is Tables.REPLACE and name in DOMAIN
    lines = [] if replaced else list(read_lines(ours, row_type))
    own = here.seeds / name if here.seeds else None
    if own is None or not own.is_file():
        return lines
    table = "/".join(own.parts[-3:])
    return _overridden(
        lines, read_lines(own, row_type, table=table), KEYS.get(name, columns(row_type)[:1]), lists(row_type)
    )


def _overridden(ours: Sequence[Line], own: Iterator[Line], key: Sequence[str], several: frozenset[str]) -> list[Line]:
    """Our rows with the project's in their place or behind them; rows of one table with one key all stay."""
    mine: dict[tuple[str, ...], list[Line]] = {}
    changed: dict[tuple[str, ...], list[Line]] = {}
    for line in ours:
        mine.setdefault(_key(line, key), []).append(line)
    for line in own:
        cells = dict(line.cells)
        mark = next((mark for mark in (_REMOVE, _ADD) if cells[key[0]].startswith(mark)), "")
        cells[key[0]] = cells[key[0]].removeprefix(mark).strip()
        plain = line._replace(cells=cells)
        place = _key(plain, key)
        if mark and place not in mine:
            raise TableError(line.table, line.number, _nothing(mark, place, list(mine)))
        before = changed.setdefault(place, [])
        if mark == _ADD:
            plain = _joined((before or mine[place])[-1], plain, several)
            before.clear()
        if mark != _REMOVE:
            before.append(plain)
    kept = [line for place, lines in mine.items() for line in changed.pop(place, lines)]
    return kept + [line for lines in changed.values() for line in lines]


def _key(line: Line, key: Sequence[str]) -> tuple[str, ...]:
    return tuple(line.cells[column] for column in key)


def _joined(old: Line, new: Line, several: frozenset[str]) -> Line:
    """The older row with what the newer adds; its place is that of the newer."""
    cells = {
        name: "|".join(filter(None, (cell, new.cells[name]))) if name in several else new.cells[name] or cell
        for name, cell in old.cells.items()
    }
    return new._replace(cells=cells)


def _nothing(mark: str, place: tuple[str, ...], known: Sequence[tuple[str, ...]]) -> str:
    near = difflib.get_close_matches(place[0], [one[0] for one in known], n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"there is no row {' '.join(place).strip()!r} to {mark}{'to' if mark == _ADD else ''}".rstrip() + hint
