"""Expressions of time from news, each in its clause, worked out by reading: ``expressions/dates.tsv``.

``dates`` gives value, precision and basis of every date in the clause, ``-`` if it names none or leaves it open.
"""

from __future__ import annotations

import csv
import functools
import pathlib

from kg.language.dates import Period
from tests.factory import reading

TABLE = pathlib.Path(__file__).parent / "expressions" / "dates.tsv"


@functools.cache
def judged() -> list[tuple[str, list[str], list[str]]]:
    """Clause, what a reader says, what the program says."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["text"], expected(row["dates"]), resolved(row["text"], row["published"])) for row in rows]


def expected(cell: str) -> list[str]:
    return [] if cell == "-" else cell.split(" | ")


def resolved(text: str, published: str) -> list[str]:
    dates = [dated.date for dated in reading(text, published=published).dates if dated.date]
    return [f"{date.period.value} {date.period.precision.value} {date.basis.value}" for date in dates]


def test_the_table_is_large_and_consistent() -> None:
    values = [value.split() for _, dates, _ in judged() for value in dates]
    assert len(judged()) >= 400
    assert all(Period(value).precision == precision for value, precision, _ in values)


def test_nothing_is_silently_wrong() -> None:
    assert [(text, want, got) for text, want, got in judged() if not set(got) <= set(want)] == []


def test_nearly_all_are_right() -> None:
    wrong = [(text, want, got) for text, want, got in judged() if got != want]
    assert len(wrong) <= 0.03 * len(judged()), wrong
