"""The answers to SPARQL queries as values, and how they are written: CSV, JSON, and columns for a terminal."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kg import tabular
from kg.rdf import Literal, Term, short

BLANK_PREFIX = "_:"
"""What the name of a blank node begins with."""
_GAP = "  "

Row: TypeAlias = tuple[Term | None, ...]
"""A cell is an IRI (or ``_:blank``) as ``str``, a literal, or None where it is unbound."""


@dataclass(frozen=True, slots=True)
class Table:
    """The result of a SELECT.

    ``truncated`` says that there were more rows than the limit.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    truncated: bool = False


Result: TypeAlias = Table | bool | str
"""Of SELECT a table, of ASK a truth value, of CONSTRUCT and DESCRIBE sorted N-Triples (which are also Turtle)."""


def to_csv(table: Table) -> str:
    """CSV with full IRIs and bare values; formulas are disarmed, see :func:`kg.tabular.to_csv`.

    >>> to_csv(Table(("n",), ((Literal("=1+1"),), (Literal("-3"),)))).split()
    ['n', "'=1+1", '-3']
    """
    return tabular.to_csv(table.columns, ([_plain(cell) for cell in row] for row in table.rows))


def to_json(result: Table | bool) -> str:
    """SPARQL 1.1 Query Results JSON.

    >>> to_json(True)
    '{"head": {}, "boolean": true}'
    """
    if isinstance(result, bool):
        return json.dumps({"head": {}, "boolean": result})
    bindings = [
        {column: _json_term(cell) for column, cell in zip(result.columns, row, strict=True) if cell is not None}
        for row in result.rows
    ]
    return json.dumps({"head": {"vars": list(result.columns)}, "results": {"bindings": bindings}}, ensure_ascii=False)


def to_text(table: Table) -> str:
    """Aligned columns for a terminal: short IRIs, one line a row, no control or bidi characters.

    >>> print(to_text(Table(("who", "n"), (("https://w3id.org/syria-talks/id/iran", Literal("2")),))), end="")
    who      n
    -------  -
    id:iran  2
    """
    cells = [
        list(table.columns),
        *([_printable(_plain(cell and _compact(cell))) for cell in row] for row in table.rows),
    ]
    sizes = [list(map(_width, row)) for row in cells]
    widths = [max(column) for column in zip(*sizes, strict=True)]
    header, *rows = (_line(row, own, widths) for row, own in zip(cells, sizes, strict=True))
    return "".join([header, _line(["-" * width for width in widths], widths, widths), *rows])


def _plain(cell: Term | None) -> str:
    return (cell.value if isinstance(cell, Literal) else cell) or ""


def _compact(cell: Term) -> Term:
    return cell if isinstance(cell, Literal) else short(cell)


def _json_term(cell: Term) -> dict[str, str]:
    if isinstance(cell, Literal):
        extra = {"xml:lang": cell.language} if cell.language else {"datatype": cell.datatype} if cell.datatype else {}
        return {"type": "literal", "value": cell.value, **extra}
    if cell.startswith(BLANK_PREFIX):
        return {"type": "bnode", "value": cell.removeprefix(BLANK_PREFIX)}
    return {"type": "uri", "value": cell}


def _printable(text: str) -> str:
    """The text on one line, without characters that steer terminals or the direction of writing."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(c for c in line if not unicodedata.category(c).startswith("C"))


class _Columns(dict[str, int]):
    """The columns that a terminal gives to each character seen so far: none to combining marks, two to wide ones."""

    def __missing__(self, character: str) -> int:
        wide = unicodedata.east_asian_width(character) in "WF"
        self[character] = 0 if unicodedata.combining(character) else 1 + wide
        return self[character]


_COLUMNS = _Columns()


def _width(text: str) -> int:
    """Columns that a terminal gives to a text."""
    return len(text) if text.isascii() else sum(map(_COLUMNS.__getitem__, text))


def _line(cells: Sequence[str], sizes: Sequence[int], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - size) for cell, size, width in zip(cells, sizes, widths, strict=True))
    return _GAP.join(padded).rstrip() + "\n"
