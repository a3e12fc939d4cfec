"""Sentences as talks are looked for in them, and what is dated near a mention."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from kg.language.cues import has_role
from kg.language.dates import Period
from kg.language.signs import Starts
from kg.language.timex import TimeExpression
from kg.language.words import QUOTES, Word, words_of
from kg.link.names import NameHit
from kg.link.talks import TalksMention, tells_of
from kg.model import DatedSpan
from kg.span import Span

WORDS_TO_DATE = 22
"""How far from a mention of talks, in words of its sentence, a date may stand that dates it."""

NAME_IN_QUOTES = 5
"""Words of a name within which the mark stands that closes it."""

CHARACTERS_BEFORE = 24
"""Enough of a text for the two words before a date."""

Dated = TypeVar("Dated", TimeExpression, DatedSpan)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence: its words, the known names in it, the mentions of talks, and where whatever else is sought can begin."""

    words: tuple[Word, ...]
    hits: tuple[NameHit, ...]
    talks: tuple[TalksMention, ...]
    starts: Starts

    @property
    def span(self) -> Span:
        """From the first word to the last; ValueError if there is none."""
        if not self.words:
            raise ValueError("a sentence without words has no span")
        return Span(self.words[0].span.start, self.words[-1].span.end)

    def is_about(self, role: str) -> bool:
        """Whether one of the words is in this role (about, elsewhere, sport), with or without clitics."""
        return any(tells_of(self.words[at].folded, role) for at in self.starts[role])


def near(line: Line, span: Span, dated: Iterable[Dated], reach: int = WORDS_TO_DATE) -> Iterator[Dated]:
    """What is dated in the line at most ``reach`` words from the span, the nearest first.

    What stands before the span counts as twice as far.
    """
    area = line.span
    inside = [(d, Span(d.start, d.end) if isinstance(d, TimeExpression) else d.span) for d in dated]
    distances = [(words_between(line, span, s), n, d) for n, (d, s) in enumerate(inside) if s.inside(area)]
    for distance, _, item in sorted(distances, key=lambda triple: triple[:2]):
        if distance <= reach:
            yield item


def words_between(line: Line, span: Span, other: Span) -> int:
    """Words between two spans; a span before the mention counts twice as far."""
    first, second = sorted((span, other))
    count = sum(first.end <= word.span.start < second.start for word in line.words)
    return 2 * count + 1 if other < span else count


def is_across_quotes(line: Line, span: Span, other: Span) -> bool:
    """Whether a quotation begins or ends between two spans, but for the marks around a short name that begins the first."""
    first, second = sorted((span, other))
    between = [word.folded in QUOTES for word in line.words if first.end <= word.span.start < second.start]
    before = [word.folded in QUOTES for word in line.words if word.span.end <= first.start][-1:]
    own = before == [True] and sum(between) == 1 and any(between[:NAME_IN_QUOTES])
    return any(between) and not own


def is_same_day(period: Period, time: TimeExpression) -> bool:
    """Whether the written day and month are the period's first day, or its first and last."""
    if not time.days or not time.month or time.month != period.start.month:
        return False
    return time.days[0] == period.start.day and time.days[1] in (period.start.day, period.end.day)


def days_between(period: Period, day: datetime.date) -> int:
    """Days from a day to the nearest day of a period."""
    return max(0, (period.start - day).days, (day - period.end).days)


def is_since(text: str, position: int) -> bool:
    """Whether one of the two words before a position is *since* or *until*."""
    before = words_of(text, Span(max(0, position - CHARACTERS_BEFORE), position))[-2:]
    return any(has_role(word.folded, "since") for word in before)
