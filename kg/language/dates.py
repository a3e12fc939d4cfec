"""Dates with the precision that a text supports, and what an expression of time means on a given day.

:mod:`kg.language.timex` finds the expressions; here they are resolved. A value is never more exact than the words: what does not
fix a day, month or year stays ``None``, and so does whatever contradicts itself (a Monday that was a Tuesday).
"""

from __future__ import annotations

import calendar as gregorian
import datetime
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from kg.errors import DateError

_DAY = datetime.timedelta(days=1)
_WEEK = 7
_PLANNED_AHEAD = 120
"""Days by which the window of a year moves for planned events: two months back, ten ahead, instead of six and six."""
_CLEARLY_NEARER = 30
"""Days by which one year's occurrence must be nearer than the next best, or the year is open."""
_PAST_REACH, _COMING_REACH = 200, 120
"""Days within which a date without year is called by its month alone: looking back, and looking ahead without a plan."""
_FEW_DAYS_AHEAD, _FEW_DAYS_BACK = 3, 2
"""Days within which a bare weekday is the one next to the reference: ahead with a verb in the present, back with none."""
_FORM = re.compile(r"\d{4}(-\d\d(-\d\d(/\d{4}-\d\d-\d\d)?)?)?", re.ASCII)


class Precision(StrEnum):
    """How exact a period is."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    INTERVAL = "interval"


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


class Tense(StrEnum):
    """How the words around an expression tell what happens then: as done, as being or about to be done, as planned."""

    UNTOLD = "untold"
    PAST = "past"
    PRESENT = "present"
    FUTURE = "future"


class MonthReference(datetime.date):
    """A reference of which only the month is known; days counted from it (*yesterday*, *Thursday*) stay unresolved.

    >>> MonthReference(2018, 11, 1)
    MonthReference(2018, 11, 1)
    """


class YearReference(MonthReference):
    """A reference of which only the year is known; months and days seen from it stay unresolved as well.

    >>> TimeExpression(0, 1, anchor=Anchor.MONTH, direction=Direction.PAST).resolve(YearReference(2018, 1, 1)) is None
    True
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
        return _days(self.value)[0]

    @property
    def end(self) -> datetime.date:
        """The last day covered."""
        return _days(self.value)[1]

    def overlaps(self, other: Period) -> bool:
        """Whether a day belongs to both.

        >>> Period("2017-07").overlaps(Period("2017-07-04/2017-07-05"))
        True
        """
        return self.start <= other.end and other.start <= self.end


@functools.lru_cache(maxsize=4096)
def _days(value: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a period with this value."""
    first = datetime.date.fromisoformat((value + "-01-01")[:10])
    if len(value) == len("2017"):
        return first, first.replace(month=12, day=31)
    if len(value) == len("2017-07"):
        return first, first.replace(day=gregorian.monthrange(first.year, first.month)[1])
    return first, datetime.date.fromisoformat(value.rpartition("/")[2])


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
        self, reference: datetime.date | None, basis: Basis = Basis.PUBLISHED, *, tense: Tense = Tense.UNTOLD
    ) -> ResolvedDate | None:
        """What the expression means on the day ``reference``, or None if that is open or contradictory.

        ``tense`` decides where neither *last* nor *next* is said. A weekday of something done is the last one, of something
        planned the coming one; otherwise it is the one at most three days ahead or two back, and open beyond. A month
        of something done lies in the past 200 days, of something planned between two months back and ten ahead;
        otherwise it is the nearest. Where two years are about equally near, the date stays open.
        """
        try:
            period = self._written() if self.year else self._relative(reference, tense)
        except (ValueError, OverflowError):
            return None
        if period is None or not self._agrees(period):
            return None
        return ResolvedDate(period, Basis.TEXT if self.year else basis)

    @property
    def is_deictic(self) -> bool:
        """Whether the expression is only a day seen from the speaker's: *yesterday*, *Tuesday*, not *next Tuesday*."""
        if self.year or self.month or self.days or self.direction is not None:
            return False
        return self.weekdays is not None if self.anchor is None else self.anchor is Anchor.DAY and self.weekdays is None

    def _written(self) -> Period | None:
        """The period if the year is written out."""
        return None if self.year is None or self.anchor is Anchor.UNKNOWN else self._in_year(self.year)

    def _relative(self, reference: datetime.date | None, tense: Tense) -> Period | None:
        """The period as seen from the reference."""
        if reference is None or self.anchor is Anchor.UNKNOWN:
            return None
        if isinstance(reference, YearReference) and self.anchor is not Anchor.YEAR:
            return None
        if self.anchor in (Anchor.MONTH, Anchor.YEAR):
            return self._in_unit(reference)
        if self.month:
            return self._nearby(reference, tense)
        if isinstance(reference, MonthReference):
            return None
        if self.anchor is Anchor.DAY:
            day = reference + self.shift * _DAY
            return Period.of(day, day)
        return self._week(reference, tense)

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

    def _nearby(self, reference: datetime.date, tense: Tense) -> Period | None:
        """The occurrence of a day or month without year that is meant on the reference day."""
        found = list(self._occurrences(reference))
        if self.direction is not None:
            return self._directed(found, reference)
        if tense is Tense.PAST:
            found = [p for p in found if p.start <= reference][-1:]
            return found[0] if found and _gap(found[0], reference) <= _PAST_REACH else None
        centre = reference + _PLANNED_AHEAD * _DAY * (tense is Tense.FUTURE)
        found.sort(key=lambda period: _gap(period, centre))
        if not found or (len(found) > 1 and _gap(found[1], centre) - _gap(found[0], centre) < _CLEARLY_NEARER):
            return None
        distant = tense is not Tense.FUTURE and (found[0].start - reference).days > _COMING_REACH
        return None if distant else found[0]

    def _directed(self, found: list[Period], reference: datetime.date) -> Period | None:
        """The last, this or next one of the occurrences; that of a range over two months is told by its end."""
        if self.direction is Direction.CURRENT:
            month = (reference.year, reference.month)
            return next((p for p in found if month in ((p.start.year, p.start.month), (p.end.year, p.end.month))), None)
        if self.direction is Direction.PAST:
            return next((p for p in reversed(found) if p.end < reference or (self.days and p.start <= reference)), None)
        edge = "end" if self.last_month else "start"
        days = ((getattr(p, edge), p) for p in found)
        return next((p for day, p in days if day > reference or (self.days and day == reference)), None)

    def _occurrences(self, reference: datetime.date) -> Iterator[Period]:
        """The date in the years around the reference, where it exists."""
        for year in range(reference.year - 1, reference.year + 2):
            try:
                yield self._in_year(year)
            except ValueError:
                continue

    def _week(self, reference: datetime.date, tense: Tense) -> Period | None:
        """The weekdays next to the reference; *last Tuesday* on a Tuesday is a week ago, plain *Tuesday* is today."""
        if self.weekdays is None or self.direction is Direction.CURRENT:
            return None
        length = (self.weekdays[1] - self.weekdays[0]) % _WEEK
        since = (reference.weekday() - self.weekdays[0]) % _WEEK
        back: int | None
        if self.direction is Direction.PAST:
            back = (reference.weekday() - self.weekdays[1] - 1) % _WEEK + 1 + length
        elif self.direction is Direction.NEXT:
            back = since - _WEEK
        else:
            back = _days_back(since, length, tense)
        if back is None:
            return None
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


def _days_back(since: int, length: int, tense: Tense) -> int | None:
    """How many days before the reference (after it, if negative) weekdays begin that were last begun ``since`` days ago."""
    if since <= length:
        return since
    if tense is Tense.PAST:
        return since
    if tense is Tense.FUTURE:
        return since - _WEEK
    if tense is Tense.PRESENT:
        return since - _WEEK if _WEEK - since <= _FEW_DAYS_AHEAD else None
    return since if since - length <= _FEW_DAYS_BACK else None
