"""The dates of an article: each expression of time, resolved as its sentence tells it.

What only the speaker's day determines (*today*, *Tuesday*) stays open inside a quotation, whose day is unknown, and a
date without year stays open in a sentence that tells of another year.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from kg.language.dates import Anchor, Basis, Tense
from kg.language.tense import is_quoted, is_the_day, tense_at
from kg.language.timex import TimeExpression
from kg.language.words import Word
from kg.link.nearby import is_since
from kg.model import DatedSpan
from kg.span import Span

CHARACTERS_BACK = 300
"""How far back a written year may stand that a story goes on in."""


def dated_spans(
    text: str, sentences: Sequence[Sequence[Word]], times: Sequence[TimeExpression], reference: datetime.date | None,
    basis: Basis,
) -> tuple[DatedSpan, ...]:  # fmt: skip
    """The expressions of time of a text with what they mean; ``sentences`` are its words, in order."""
    dated = []
    remaining = [words for words in sentences if words][::-1]
    for time in times:
        while remaining and remaining[-1][-1].span.end <= time.start:
            remaining.pop()
        dated.append(_dated(text, remaining[-1] if remaining else (), time, times, reference, basis))
    return tuple(dated)


def _dated(
    text: str, words: Sequence[Word], time: TimeExpression, times: Sequence[TimeExpression],
    reference: datetime.date | None, basis: Basis,
) -> DatedSpan:  # fmt: skip
    span = Span(time.start, time.end)
    if time.year or reference is None or not words:
        return DatedSpan(span, time.resolve(reference, basis))
    tense = tense_at(words, span)
    if _is_open(text, words, time) or (
        tense is Tense.PAST and _is_of_another_year(text, words, time, times, reference.year)
    ):
        return DatedSpan(span, None)
    return DatedSpan(span, time.resolve(reference, basis, tense=tense))


def _is_open(text: str, words: Sequence[Word], time: TimeExpression) -> bool:
    """Whether a bare *today*, *yesterday* or weekday is a quoted speaker's, or *today* not the day of writing."""
    if not time.is_deictic:
        return False
    span = Span(time.start, time.end)
    today = time.anchor is Anchor.DAY and not time.shift
    return is_quoted(text, span) or (today and not is_the_day(words, span))


def _is_of_another_year(
    text: str, words: Sequence[Word], time: TimeExpression, times: Sequence[TimeExpression], current: int
) -> bool:
    """Whether a month without year is told beside a past year: in its sentence, or as what is dated next.

    *Since* a year is no such year.
    """
    if not time.month or time.direction is not None or time.weekdays:
        return False
    area = Span(words[0].span.start, words[-1].span.end)
    before = [t for t in times if time.start - CHARACTERS_BACK <= t.start < time.start][-1:]
    beside = [t for t in times if area.start <= t.start < area.end and not t.month]
    years = [t for t in (*before, *beside) if t.year and t.year < current]
    return any(not is_since(text, year.start) for year in years)
