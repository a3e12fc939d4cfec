"""Which round or meeting is meant: by number, by date, by place, or because the article is about it.

Every decision has its reason in words, and what the calendar and the text do not determine stays a mere track or
nothing at all.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kg.knowledge import Event, KnowledgeBase
from kg.language.cues import has_role
from kg.language.dates import Period, Precision
from kg.language.timex import TimeExpression
from kg.language.words import Word
from kg.link.names import NameHit
from kg.link.talks import TalksFinder, TalksMention
from kg.model import DatedSpan, Entity, Link
from kg.span import Span
from kg.vocabulary import Kind

DAYS_AROUND_ROUND = 10
"""A new or unnumbered round in a dated article is one held at most so many days from its publication."""
DAYS_AROUND_MEETING = 60
"""``قمة طهران`` without a date is the known meeting there that is nearest to the publication, within so many days."""
WORDS_TO_DATE = 22
"""How far from a mention of talks, in words of its sentence, a date may stand that dates it."""
SYRIA = "syria"
"""Places in Syria are what meetings are about rather than where they are, but for the known ones (Hmeimim)."""
WORDS_TO_PLACE = 16
EXACT = (Precision.DAY, Precision.INTERVAL)

Dated = TypeVar("Dated", TimeExpression, DatedSpan)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence: its words, the known names in it, and the mentions of talks."""

    words: tuple[Word, ...]
    hits: tuple[NameHit, ...]
    talks: tuple[TalksMention, ...]


@dataclass(frozen=True, slots=True)
class _Context:
    """What all of an article says about the talks."""

    dates: tuple[DatedSpan, ...]
    today: datetime.date | None
    tracks: tuple[str, ...]
    topic: Event | None


class Occasions:
    """Resolves mentions of talks against the calendar of a knowledge base."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._finder = TalksFinder(base)

    def line(self, words: tuple[Word, ...], hits: Iterable[NameHit]) -> Line:
        """A sentence with the mentions of talks found in it."""
        return Line(words, tuple(hits), tuple(self._finder.find(words)))

    def named_rounds(self, lines: Sequence[Line], times: Sequence[TimeExpression]) -> list[Event]:
        """The known rounds that the article names by number, or by day and month in the same sentence."""
        tracks = _tracks(lines)
        found = [
            event
            for line in lines
            for mention in line.talks
            for event in (self._numbered(mention, tracks) or self._by_day(line, mention, times, tracks),)
            if event
        ]
        return list(dict.fromkeys(found))

    def link(
        self, lines: Sequence[Line], times: Sequence[TimeExpression], dates: tuple[DatedSpan, ...],
        today: datetime.date | None,
    ) -> tuple[list[Link], Entity | None]:  # fmt: skip
        """Links for every mention of talks and meetings, and the round that the article is mainly about."""
        tracks = _tracks(lines)
        topic = self._topic(lines, times, dates, today, tracks)
        context = _Context(dates, today, tracks, topic)
        links = [link for line in lines for link in self._line_links(line, times, context)]
        return links, topic.entity if topic else None

    def _line_links(self, line: Line, times: Sequence[TimeExpression], context: _Context) -> Iterator[Link]:
        for mention in line.talks:
            if link := self._round_link(line, mention, times, context) or self._meeting_link(line, mention, context):
                yield link

    # Rounds

    def _numbered(self, mention: TalksMention, tracks: Sequence[str]) -> Event | None:
        track = mention.track or (tracks[0] if len(tracks) == 1 else "")
        return self._base.round(track, mention.number) if track and mention.number else None

    def _by_day(
        self, line: Line, mention: TalksMention, times: Sequence[TimeExpression], tracks: Sequence[str]
    ) -> Event | None:
        """The one known round on the written day and month that stand near the mention, whatever the year."""
        if not _may_be_round(mention):
            return None
        events = [e for track in _candidates(mention, tracks) for e in self._base.rounds_of(track)]
        for time in _near(line, mention.span, times):
            fitting = {event for event in events if _same_day(event.period, time)}
            if len(fitting) == 1:
                return fitting.pop()
        return None

    def _by_date(self, line: Line, mention: TalksMention, context: _Context) -> Event | None:
        """The one known round that overlaps a resolved date near the mention."""
        events = [e for track in _candidates(mention, context.tracks) for e in self._base.rounds_of(track)]
        for dated in _near(line, mention.span, context.dates):
            if dated.date and dated.date.period.precision is not Precision.YEAR:
                fitting = {event for event in events if event.period.overlaps(dated.date.period)}
                if len(fitting) == 1:
                    return fitting.pop()
        return None

    def _by_publication(self, mention: TalksMention, context: _Context) -> Event | None:
        """The round of the mention's track that is held around the day of publication."""
        if not (context.today and mention.track and mention.single and mention.order == "new"):
            return None
        events = [e for e in self._base.rounds_of(mention.track) if _days(e.period, context.today) <= DAYS_AROUND_ROUND]
        return events[0] if len(events) == 1 else None

    def _topic(
        self, lines: Sequence[Line], times: Sequence[TimeExpression], dates: tuple[DatedSpan, ...],
        today: datetime.date | None, tracks: tuple[str, ...],
    ) -> Event | None:  # fmt: skip
        """The round that most mentions name; of several, the one that is named first."""
        context = _Context(dates, today, tracks, None)
        found = Counter(
            event
            for line in lines
            for mention in line.talks
            if mention.order != "last"
            if (event := self._direct(line, mention, times, context)[0])
        )
        return max(found, key=lambda event: found[event]) if found else None

    def _direct(
        self, line: Line, mention: TalksMention, times: Sequence[TimeExpression], context: _Context
    ) -> tuple[Event | None, str]:
        """The round that a mention determines by itself, with the reason."""
        if event := self._numbered(mention, context.tracks):
            return event, f"round {event.number} by its number"
        if not _may_be_round(mention):
            return None, ""
        if event := self._by_date(line, mention, context):
            return event, f"the round held on {event.period.value}, by the date beside it"
        if event := self._by_day(line, mention, times, context.tracks):
            return event, f"the only known round on that day and month ({event.period.value})"
        if event := self._by_publication(mention, context):
            return event, f"the round held on {event.period.value}, around the publication"
        return None, ""

    def _round_link(
        self, line: Line, mention: TalksMention, times: Sequence[TimeExpression], context: _Context
    ) -> Link | None:
        event, reason = self._direct(line, mention, times, context)
        topic = context.topic
        if (
            not event
            and not mention.number
            and mention.order != "last"
            and topic
            and self._means(mention, topic, context)
        ):
            event, reason = topic, f"«{topic.entity.names[0]}», the talks that the article is about"
        track = self._base.entities.get(mention.track or (event.track if event else ""))
        found = [event.entity if event else None, track]
        if not mention.single:
            found.reverse()
        entities = tuple(entity for entity in found if entity)
        return Link(mention.span, entities, reason or "the track, no round told") if entities else None

    @staticmethod
    def _means(mention: TalksMention, topic: Event, context: _Context) -> bool:
        if mention.track:
            return mention.track == topic.track
        return mention.definite and topic.track in context.tracks

    # Meetings outside the tracks

    def _in_syria(self, place: str) -> bool:
        while place and place != SYRIA:
            place = self._base.parents.get(place, "")
        return place == SYRIA

    def _is_host(self, place: Entity) -> bool:
        return any(event.place == place.id for event in self._base.events)

    def _meeting_link(self, line: Line, mention: TalksMention, context: _Context) -> Link | None:
        place = _place(line, mention)
        if not place or (self._in_syria(place.id) and not self._is_host(place)):
            return None
        dated = [d.date.period for d in _near(line, mention.span, context.dates) if d.date]
        known = [event for event in self._base.events if event.place == place.id and not event.number]
        for period in dated:
            for event in known:
                if event.period.overlaps(period):
                    return Link(
                        mention.span, (event.entity,), f"the known meeting in {place.names[1]} on {event.period.value}"
                    )
            if period.precision in EXACT:
                return Link(
                    mention.span, (_new_meeting(place, period),), f"a meeting in {place.names[1]} on {period.value}"
                )
        if dated or not context.today or not mention.single:
            return None
        near = [e for e in known if _days(e.period, context.today) <= DAYS_AROUND_MEETING]
        if len(near) != 1:
            return None
        return Link(mention.span, (near[0].entity,), f"the known meeting in {place.names[1]} near the publication")


def _tracks(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.track for line in lines for mention in line.talks if mention.track))


def _candidates(mention: TalksMention, tracks: Sequence[str]) -> Sequence[str]:
    return (mention.track,) if mention.track else tracks


def _may_be_round(mention: TalksMention) -> bool:
    return bool(mention.track or mention.definite or mention.order) and not mention.number


def _near(line: Line, span: Span, dated: Iterable[Dated]) -> Iterator[Dated]:
    """What is dated in the line not too many words from the span, the nearest first, what follows before what precedes."""
    area = Span(line.words[0].span.start, line.words[-1].span.end)
    inside = [(d, Span(d.start, d.end) if isinstance(d, TimeExpression) else d.span) for d in dated]
    distances = [(_words_between(line, span, s), n, d) for n, (d, s) in enumerate(inside) if s.inside(area)]
    for distance, _, item in sorted(distances, key=lambda triple: triple[:2]):
        if distance <= WORDS_TO_DATE:
            yield item


def _words_between(line: Line, span: Span, other: Span) -> int:
    """Words between two spans; a span before the mention counts twice as far."""
    first, second = sorted((span, other))
    count = sum(first.end <= word.span.start < second.start for word in line.words)
    return 2 * count + 1 if other < span else count


def _same_day(period: Period, time: TimeExpression) -> bool:
    """Whether the written day and month are the round's first day, or its first and last."""
    if not time.days or not time.month or time.month != period.start.month:
        return False
    return time.days[0] == period.start.day and time.days[1] in (period.start.day, period.end.day)


def _days(period: Period, day: datetime.date) -> int:
    """Days from a day to the nearest day of a period."""
    return max(0, (period.start - day).days, (day - period.end).days)


def _place(line: Line, mention: TalksMention) -> Entity | None:
    """The city after a noun of meeting: at once (``قمة سوتشي``) or behind ``في`` within the clause."""
    at = sum(word.span.start < mention.span.end - 1 for word in line.words)
    for hit in line.hits:
        place = next((e for e in hit.entities if e.kind is Kind.PLACE), None)
        if not place or hit.span.start < mention.span.end or not 0 <= hit.first - at <= WORDS_TO_PLACE:
            continue
        between = [w.folded for w in line.words if mention.span.end <= w.span.start < hit.span.start]
        if any(has_role(word, "about") for word in between):
            return None
        clitic = line.words[hit.first].span.start < hit.span.start
        if not between or between[-1] == "في" or (clitic and line.words[hit.first].folded.startswith("ب")):
            return place
    return None


def _new_meeting(place: Entity, period: Period) -> Entity:
    day = period.start.isoformat()
    return Entity(
        f"{place.id}-{day}",
        Kind.MEETING,
        (f"اجتماع {place.names[0]} {day}", f"Meeting in {place.names[1]}, {day}"),
        known=False,
    )
