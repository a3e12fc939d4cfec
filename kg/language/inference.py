"""The day that an article without publication date calls today, where its own text determines it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.language.dates import Anchor, Direction, MonthReference, Period, Precision, TimeExpression, YearReference
from kg.span import Span

_DAY = datetime.timedelta(days=1)
_EXACT = (Precision.DAY, Precision.INTERVAL)


@dataclass(frozen=True, slots=True)
class NamedRound:
    """A known round that a sentence of the article names: when it was held, and where the sentence is."""

    period: Period
    sentence: Span


def infer_reference(expressions: Sequence[TimeExpression], named: Sequence[NamedRound] = ()) -> datetime.date | None:
    """The day that an article without publication date calls today, if its text determines it.

    Evidence, in this order:

    - *today*, *yesterday* or *tomorrow* with a date; its year written, or that of the latest round named if the weekday
      is right in it (other years in a text are too often long ago, and one in seven fits any weekday);
    - *today Tuesday* where a full date names the same weekday, or where its sentence names a known round of which one
      day is a Tuesday;
    - the date of a known round called *this* month's, or one of *this* month whose year is determined in the same way
      or which is the month of the latest round named: only the month is known then (:class:`MonthReference`);
    - the date of a known round called *next*: the month before it stands for the months before, good enough for
      the year and for months named with *last* and *next*; also a :class:`MonthReference`;
    - *this year 2018*: only the year is known (:class:`YearReference`).

    Evidence that contradicts other evidence gives None, as does none.

    >>> today = TimeExpression(0, 13, anchor=Anchor.DAY, weekdays=(1, 1))
    >>> infer_reference([today], [NamedRound(Period("2017-07-04/2017-07-05"), Span(0, 40))])
    datetime.date(2017, 7, 4)
    """
    known = [one.period for one in named]
    current = _called(Direction.CURRENT, expressions, known)
    coming = _called(Direction.NEXT, expressions, known)
    years = {max(p.start.year for p in known)} if known else set()
    days = set(_todays(expressions, [one for one in named if one.period not in current + coming], years))
    months = {p.start.replace(day=1) for p in current} | set(_months(expressions, years))
    months = months or _month_of_latest(expressions, known)
    months = months or {_month_before(p.start) for p in coming}
    found = days or {MonthReference(m.year, m.month, 1) for m in months} or _this_year(expressions)
    if len(found) != 1:
        return None
    (reference,) = found
    if isinstance(reference, YearReference):
        return reference
    in_month = all(month == reference.replace(day=1) for month in months if not coming or current)
    return reference if in_month and all(reference <= p.start for p in coming) else None


def _month_before(day: datetime.date) -> datetime.date:
    """The first day of the month before that of ``day``."""
    return (day.replace(day=1) - _DAY).replace(day=1)


def _this_year(expressions: Sequence[TimeExpression]) -> set[datetime.date]:
    """The years written out and called *this* one."""
    years = {e.year for e in expressions if e.direction is Direction.CURRENT and e.year}
    return {YearReference(year, 1, 1) for year in years if year}


def _todays(
    expressions: Sequence[TimeExpression], named: Sequence[NamedRound], years: set[int]
) -> Iterator[datetime.date]:
    """The days that each *today* can be: several if the evidence leaves it open."""
    written = [e for e in expressions if e.year and e.days and e.weekdays]
    full = {resolved.period.start for e in written if (resolved := e.resolve(None))}
    for today in expressions:
        if today.anchor is not Anchor.DAY:
            continue
        if today.month and today.days:
            yield from (day - today.shift * _DAY for day in _in_years(today, {today.year} if today.year else years))
        elif today.weekdays and not today.shift:
            beside = [one.period for one in named if one.sentence.start <= today.start < one.sentence.end]
            yield from (day for day in full or _days(beside) if day.weekday() == today.weekdays[0])


def _months(expressions: Sequence[TimeExpression], years: set[int]) -> Iterator[datetime.date]:
    """The months called *this* one: their year written, or that of the latest round, if the weekday is right in it."""
    for current in expressions:
        if current.direction is Direction.CURRENT and current.month and not current.last_month:
            months = {day.replace(day=1) for day in _in_years(current, {current.year} if current.year else years)}
            yield from months


def _month_of_latest(expressions: Sequence[TimeExpression], known: Sequence[Period]) -> set[datetime.date]:
    """The month of the latest round, if a day of *this* month is one of it."""
    latest = max((p.start for p in known), default=None)
    current = {e.month for e in expressions if e.direction is Direction.CURRENT and e.month and not e.year}
    return {latest.replace(day=1)} if latest and current == {latest.month} else set()


def _days(known: Sequence[Period]) -> set[datetime.date]:
    """Every day of the periods that are exact to the day."""
    exact = [p for p in known if p.precision in _EXACT]
    return {p.start + n * _DAY for p in exact for n in range((p.end - p.start).days + 1)}


def _in_years(expression: TimeExpression, years: set[int]) -> Iterator[datetime.date]:
    """The days on which the written day, month and weekday fall in these years."""
    if expression.weekdays is None and expression.year is None:
        return
    for year in sorted(years):
        resolved = replace(expression, year=year, anchor=None, direction=None).resolve(None)
        if resolved:
            yield resolved.period.start


def _called(direction: Direction, expressions: Sequence[TimeExpression], known: Sequence[Period]) -> list[Period]:
    """The known rounds whose day and month an expression gives with this direction."""
    return [
        period
        for period in known
        for e in expressions
        if e.direction is direction and e.days and period.precision in _EXACT
        if (e.month, e.days[0]) == (period.start.month, period.start.day)
        if e.days[1] in (e.days[0], period.end.day)
    ]
