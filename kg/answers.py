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


@dataclass(frozen=True, slots=True)
class Table:
    """The result of a SELECT: a cell is an IRI (or ``_:blank``) as ``str``, a literal, or None where it is unbound.

    ``truncated`` says that there were more rows than the limit.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
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
    rows = [[_printable(_plain(cell and _compact(cell))) for cell in row] for row in table.rows]
    header = list(table.columns)
    widths = [max(map(_width, column)) for column in zip(header, *rows, strict=True)]
    lines = [header, ["-" * width for width in widths], *rows]
    return "".join(_line(cells, widths) for cells in lines)


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
    return "".join(c for c in " ".join(text.split()) if not unicodedata.category(c).startswith("C"))


def _width(text: str) -> int:
    """Columns that a terminal gives to the text: none for combining marks, two for wide characters."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return _GAP.join(padded).rstrip() + "\n"
