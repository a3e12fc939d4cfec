"""Tables for spreadsheets, as CSV: claims, nodes and edges, answers to queries."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

CLAIM_COLUMNS = (
    "article", "subject", "predicate", "object", "polarity", "modality", "says", "date", "evidence", "rule", "confidence",
)  # fmt: skip
_FORMULA = re.compile(r"[=+\-@\t\r](?![\d.,]+$)")


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""CSV; what begins like a formula and is no number gets an apostrophe, so that a spreadsheet shows it as text.

    >>> to_csv(["a"], [["=1+1"], ["-3"]])
    "a\n'=1+1\n-3\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def claims_csv(records: Iterable[dict[str, Any]]) -> str:
    """The claims, given as the records of ``claims.jsonl``, one a line with the names of their ends."""
    return to_csv(CLAIM_COLUMNS, ([_of(record, column) for column in CLAIM_COLUMNS] for record in records))


def _of(record: dict[str, Any], column: str) -> object:
    value = record[column]
    if column == "evidence":
        return value["text"]
    if column == "date":
        return value["value"] if value else ""
    if isinstance(value, dict):
        return value["date"] if "date" in value else value["names"][0]
    return "" if value is None else value


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text
