"""Expressions of time from news, each in its clause, worked out by reading: ``expressions/dates.tsv``.

``dates`` gives value, precision and basis of every date in the clause, ``-`` if it names none or leaves it open.
"""

from __future__ import annotations

import csv
import datetime
import functools
import pathlib

import pytest

from kg.language.dates import Basis, MonthReference, Period
from kg.resources import folder
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


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("seed-000", MonthReference(2021, 6, 1)),
        ("seed-001", MonthReference(2018, 11, 1)),
        ("seed-002", datetime.date(2017, 7, 4)),
        ("seed-003", MonthReference(2017, 10, 1)),
        ("seed-004", MonthReference(2017, 1, 1)),
    ],
)
def test_the_seed_articles_are_dated_by_their_own_text(name: str, reference: datetime.date) -> None:
    read = reading((folder("seeds") / "articles" / f"{name}.txt").read_text(encoding="utf-8"))
    assert (read.reference, type(read.reference), read.basis) == (reference, type(reference), Basis.INFERRED)


@pytest.mark.parametrize(
    ("name", "dates"),
    [
        ("seed-001", {"الشهر الجاري": "2018-11", "17 أيلول/سبتمبر الماضي": "2018-09-17", "اليوم": None}),
        ("seed-002", {"غد الأربعاء": "2017-07-05", "أيار/ مايو الماضي": "2017-05"}),
        ("seed-003", {"30-31 من شهر تشرين أول الجاري": "2017-10-30/2017-10-31", "أيلو الماضي": "2017-09", "أمس": None}),
        ("seed-004", {"23 يناير الجاري": "2017-01-23", "30 ديسمبر المنصرم": "2016-12-30", "امس الأربعاء": None}),
    ],
)
def test_what_the_inferred_date_resolves_and_what_it_leaves_open(name: str, dates: dict[str, str | None]) -> None:
    text = (folder("seeds") / "articles" / f"{name}.txt").read_text(encoding="utf-8")
    found = {dated.span.of(text): dated.date.period.value if dated.date else None for dated in reading(text).dates}
    assert {expression: found[expression] for expression in dates} == dates


def test_an_article_whose_text_determines_no_date_gets_none() -> None:
    read = reading("قالت الوزارة اليوم الثلاثاء 4 تموز إن الجولة الماضية فشلت. وكان ذلك منذ عام 2017.")
    assert read.reference is None
    assert [dated.span for dated in read.dates if dated.date and dated.date.basis is not Basis.TEXT] == []
