"""The day that an article without publication date calls today, where its own text determines it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.language.dates import Anchor, Direction, MonthReference, Period, Precision, TimeExpression

_DAY = datetime.timedelta(days=1)
_EXACT = (Precision.DAY, Precision.INTERVAL)


def infer_reference(expressions: Sequence[TimeExpression], known: Sequence[Period]) -> datetime.date | None:
    """The day that an article without publication date calls today, if its text determines it.

    ``known`` are the dates of the rounds that the article is about. Evidence, in this order:

    - *today* with a date; its year written, or the only year at hand in which the weekday is right;
    - *today Tuesday* where a full date names the same weekday, or where one day of the known rounds is a Tuesday;
    - the date of a known round called *this* month's: only the month is known then (:class:`MonthReference`);
    - the date of a known round called *next*: the month before it stands for the months before, good enough for
      the year and for months named with *last* and *next*; also a :class:`MonthReference`.

    Evidence that contradicts other evidence gives None, as does none.

    >>> today = TimeExpression(0, 13, anchor=Anchor.DAY, weekdays=(1, 1))
    >>> infer_reference([today], [Period("2017-07-04/2017-07-05")])
    datetime.date(2017, 7, 4)
    """
    current = _called(Direction.CURRENT, expressions, known)
    coming = _called(Direction.NEXT, expressions, known)
    days = set(_todays(expressions, [p for p in known if p not in current + coming]))
    months = {p.start.replace(day=1) for p in current} or {_month_before(p.start) for p in coming}
    found = days or {MonthReference(m.year, m.month, m.day) for m in months}
    if len(found) != 1:
        return None
    (reference,) = found
    in_month = all(p.start.replace(day=1) == reference.replace(day=1) for p in current)
    return reference if in_month and all(reference <= p.start for p in coming) else None


def _month_before(day: datetime.date) -> datetime.date:
    """The first day of the month before that of ``day``."""
    return (day.replace(day=1) - _DAY).replace(day=1)


def _todays(expressions: Sequence[TimeExpression], known: Sequence[Period]) -> Iterator[datetime.date]:
    """The days that each *today* can be: several if the evidence leaves it open."""
    written = [e for e in expressions if e.year and e.days and e.weekdays]
    full = {resolved.period.start for e in written if (resolved := e.resolve(None))}
    years = {e.year for e in expressions if e.year} | {p.start.year for p in known}
    for today in expressions:
        if today.anchor is not Anchor.DAY or today.shift:
            continue
        if today.month and today.days:
            yield from _in_years(today, {today.year} if today.year else years)
        elif today.weekdays:
            yield from (day for day in full or _days(known) if day.weekday() == today.weekdays[0])


def _days(known: Sequence[Period]) -> set[datetime.date]:
    """Every day of the periods that are exact to the day."""
    exact = [p for p in known if p.precision in _EXACT]
    return {p.start + n * _DAY for p in exact for n in range((p.end - p.start).days + 1)}


def _in_years(today: TimeExpression, years: set[int]) -> Iterator[datetime.date]:
    """The days on which the written day, month and weekday fall in these years."""
    if today.weekdays is None and today.year is None:
        return
    for year in sorted(years):
        resolved = replace(today, year=year).resolve(None)
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
