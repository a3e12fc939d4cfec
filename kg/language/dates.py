"""Dates with the precision that a text supports, and what an expression of time means on a given day.

:mod:`kg.language.timex` finds the expressions; here they are resolved. A value is never more exact than the words: what does not
fix a day, month or year stays ``None``, and so does whatever contradicts itself (a Monday that was a Tuesday).
"""

from __future__ import annotations

import calendar as gregorian
import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from kg.errors import DateError

_DAY = datetime.timedelta(days=1)
_WEEK = 7
_PLANNED_AHEAD = 120
"""Days by which the window of a year moves for planned events: two months back, ten ahead, instead of six and six."""
_CLEARLY_NEARER = 30
"""Days by which one year's occurrence must be nearer than the next best, or the year is open."""
_FORM = re.compile(r"\d{4}(-\d\d(-\d\d(/\d{4}-\d\d-\d\d)?)?)?", re.ASCII)


class Precision(StrEnum):
    """How exact a period is."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    INTERVAL = "interval"


_EXACT = (Precision.DAY, Precision.INTERVAL)


class Basis(StrEnum):
    """What a date rests on: the words alone, the publication date, or a day that the article's own text determined."""

    TEXT = "text"
    PUBLISHED = "published"
    INFERRED = "inferred"


class Direction(IntEnum):
    """Which occurrence is meant, seen from the reference day: last, this, next."""

    PAST = -1
    CURRENT = 0
    NEXT = 1


class Anchor(StrEnum):
    """What an expression hangs on: the reference day (``day``), its month or year, or something it does not name."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class MonthReference(datetime.date):
    """A reference of which only the month is known; days counted from it (*yesterday*, *Thursday*) stay unresolved.

    >>> MonthReference(2018, 11, 1)
    MonthReference(2018, 11, 1)
    """


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """An ISO day '2017-07-04', month '2017-07', year '2017', or interval of two days '2017-07-04/2017-07-05'.

    >>> Period("2017-07").end
    datetime.date(2017, 7, 31)
    >>> Period("2017-02-30")
    Traceback (most recent call last):
    kg.errors.DateError: '2017-02-30' is not a date: day is out of range for month
    """

    value: str

    def __post_init__(self) -> None:
        """Raise :class:`kg.errors.DateError` unless the value is one of the four forms and exists in the calendar."""
        if not _FORM.fullmatch(self.value):
            raise DateError(f"{self.value!r} is not YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DD/YYYY-MM-DD")
        try:
            backwards = self.start >= self.end and self.precision is Precision.INTERVAL
        except ValueError as error:
            raise DateError(f"{self.value!r} is not a date: {error}") from error
        if backwards:
            raise DateError(f"{self.value!r} is not an interval: its first day must be before its last")

    @classmethod
    def of(cls, first: datetime.date, last: datetime.date) -> Period:
        """The day, or the interval from the first day to the last.

        >>> Period.of(datetime.date(2017, 7, 4), datetime.date(2017, 7, 4))
        Period(value='2017-07-04')
        """
        return cls(first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}")

    @property
    def precision(self) -> Precision:
        """How exact the period is; the form of its value says it."""
        forms = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
        return forms.get(len(self.value), Precision.INTERVAL)

    @property
    def start(self) -> datetime.date:
        """The first day covered."""
        return datetime.date.fromisoformat((self.value + "-01-01")[:10])

    @property
    def end(self) -> datetime.date:
        """The last day covered."""
        first = self.start
        if self.precision is Precision.YEAR:
            return first.replace(month=12, day=31)
        if self.precision is Precision.MONTH:
            return first.replace(day=gregorian.monthrange(first.year, first.month)[1])
        return datetime.date.fromisoformat(self.value.rpartition("/")[2] or self.value)

    def overlaps(self, other: Period) -> bool:
        """Whether a day belongs to both.

        >>> Period("2017-07").overlaps(Period("2017-07-04/2017-07-05"))
        True
        """
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True, slots=True)
class ResolvedDate:
    """A period, and what it rests on."""

    period: Period
    basis: Basis


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """What a slice of a text says about time, in parts; parts that are not said are ``None`` or empty.

    >>> tuesday = TimeExpression(0, 13, anchor=Anchor.DAY, weekdays=(1, 1))
    >>> tuesday.resolve(datetime.date(2017, 7, 4), Basis.PUBLISHED)
    ResolvedDate(period=Period(value='2017-07-04'), basis=<Basis.PUBLISHED: 'published'>)
    >>> tuesday.resolve(datetime.date(2017, 7, 5)) is tuesday.resolve(None) is None
    True
    """

    start: int
    """First character of the slice, 0-based: the number, month word or weekday word."""
    end: int
    """One past the last character."""
    weekdays: tuple[int, int] | None = None
    """First and last weekday, 0 is Monday; equal for a single one."""
    days: tuple[int, int] | None = None
    """First and last day of the month, not yet checked against the calendar."""
    month: int | None = None
    last_month: int | None = None
    """Month of the last day where it is another one than that of the first."""
    year: int | None = None
    anchor: Anchor | None = None
    shift: int = 0
    """Days from the reference, for ``Anchor.DAY``: -1 is yesterday."""
    direction: Direction | None = None

    def resolve(
        self, reference: datetime.date | None, basis: Basis = Basis.PUBLISHED, *, future: bool = False
    ) -> ResolvedDate | None:
        """What the expression means on the day ``reference``, or None if that is open or contradictory.

        ``future`` is for planned events: a weekday without *last* or *next* is then the coming one, and a month without
        year lies between two months back and ten ahead rather than within six months of the reference. Where two years
        are about equally near, the date stays open.
        """
        try:
            period = self._written() if self.year else self._relative(reference, future=future)
        except (ValueError, OverflowError):
            return None
        if period is None or not self._agrees(period):
            return None
        return ResolvedDate(period, Basis.TEXT if self.year else basis)

    def _written(self) -> Period | None:
        """The period if the year is written out."""
        return None if self.year is None or self.anchor is Anchor.UNKNOWN else self._in_year(self.year)

    def _relative(self, reference: datetime.date | None, *, future: bool) -> Period | None:
        """The period as seen from the reference."""
        if reference is None or self.anchor is Anchor.UNKNOWN:
            return None
        if self.anchor in (Anchor.MONTH, Anchor.YEAR):
            return self._in_unit(reference)
        if self.month:
            return self._nearby(reference, future=future)
        if isinstance(reference, MonthReference):
            return None
        if self.anchor is Anchor.DAY:
            day = reference + self.shift * _DAY
            return Period.of(day, day)
        return self._week(reference, future=future)

    def _in_year(self, year: int) -> Period:
        """The written day, month or whole year; ValueError if it does not exist."""
        if self.month is None:
            return Period(f"{year:04}")
        if self.days is None:
            return Period(f"{year:04}-{self.month:02}")
        first = datetime.date(year, self.month, self.days[0])
        last_month = self.last_month or self.month
        last = datetime.date(year + (last_month < self.month), last_month, self.days[1])
        if last < first:
            raise DateError(f"{self.days[0]}-{self.days[1]} runs backwards")
        return Period.of(first, last)

    def _in_unit(self, reference: datetime.date) -> Period | None:
        """The last, this or next month or year, or the written day or month in it."""
        if self.direction is None:
            return None
        if self.anchor is Anchor.YEAR:
            return self._in_year(reference.year + self.direction)
        years, month = divmod(reference.month - 1 + self.direction, 12)
        whole = Period(f"{reference.year + years:04}-{month + 1:02}")
        if self.days is None:
            return whole
        return Period.of(whole.start.replace(day=self.days[0]), whole.start.replace(day=self.days[1]))

    def _nearby(self, reference: datetime.date, *, future: bool) -> Period | None:
        """The occurrence of a day or month without year that is meant on the reference day."""
        found = list(self._occurrences(reference))
        if self.direction is Direction.CURRENT:
            found = [p for p in found if (p.start.year, p.start.month) == (reference.year, reference.month)]
        elif self.direction is Direction.PAST:
            found = [p for p in found if p.end < reference or (self.days and p.start <= reference)][-1:]
        elif self.direction is Direction.NEXT:
            found = [p for p in found if p.start > reference or (self.days and p.start == reference)][:1]
        centre = reference + _PLANNED_AHEAD * _DAY * future
        found.sort(key=lambda period: _gap(period, centre))
        if len(found) > 1 and _gap(found[1], centre) - _gap(found[0], centre) < _CLEARLY_NEARER:
            return None
        return found[0] if found else None

    def _occurrences(self, reference: datetime.date) -> Iterator[Period]:
        """The date in the years around the reference, where it exists."""
        for year in range(reference.year - 1, reference.year + 2):
            try:
                yield self._in_year(year)
            except ValueError:
                continue

    def _week(self, reference: datetime.date, *, future: bool) -> Period | None:
        """The weekdays next to the reference; *last Tuesday* on a Tuesday is a week ago, plain *Tuesday* is today."""
        if self.weekdays is None or self.direction is Direction.CURRENT:
            return None
        length = (self.weekdays[1] - self.weekdays[0]) % _WEEK
        back = (reference.weekday() - self.weekdays[0]) % _WEEK
        if self.direction is Direction.PAST:
            back = (reference.weekday() - self.weekdays[1] - 1) % _WEEK + 1 + length
        elif self.direction is Direction.NEXT:
            back -= _WEEK
        elif future:
            back = -(-back % _WEEK)
        first = reference - back * _DAY
        return Period.of(first, first + length * _DAY)

    def _agrees(self, period: Period) -> bool:
        """Whether the named weekdays are those of the period."""
        if self.weekdays is None:
            return True
        first, last = self.weekdays
        return first == period.start.weekday() and last in (first, period.end.weekday())


def _gap(period: Period, day: datetime.date) -> int:
    """Days between the day and the nearest day of the period."""
    return max((period.start - day).days, (day - period.end).days, 0)


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
