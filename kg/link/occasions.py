"""Which round or meeting is meant: by number, by date, by place, or because the article is about it.

Every decision has its reason in words, and what the calendar and the text do not determine stays a mere track or
nothing at all.
"""

from __future__ import annotations

import datetime
import functools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.knowledge import Event, KnowledgeBase, domain, knowledge_base
from kg.language.arabic import fold
from kg.language.cues import has_role
from kg.language.dates import Precision
from kg.language.inference import NamedRound
from kg.language.signs import Starts
from kg.language.timex import TimeExpression
from kg.language.words import Word
from kg.link.meetings import Meetings, others_meet, people_at
from kg.link.names import NameHit
from kg.link.nearby import Line, days_between, is_same_day, near, words_between
from kg.link.talks import DISCUSSION, ENCOUNTER, TalksFinder, TalksMention, tells_of
from kg.model import DatedSpan, Entity, Link
from kg.vocabulary import Kind

DAYS_AROUND_ROUND = 10
"""A new or unnumbered round in a dated article is one held at most so many days from its publication."""
DAYS_TO_NEXT, DAYS_SINCE_LAST = 120, 250
"""The next round begins, and the last one ended, at most so many days from the publication."""
WORDS_TO_DATE, WORDS_TO_OWN_DATE = 22, 8
"""How far from a mention of talks a date may stand that dates it, with the name of their track and without it."""
GATHERINGS = frozenset(("summit", "meeting", "visit"))
"""Sorts of meeting of which ``القمة``, ``الاجتماع`` or ``اللقاء`` means the one that was told of."""
TOO_FEW_TO_TELL = 3
"""Sentences, a title among them, that can leave out which country they are about."""
BOTH = 2
"""So many of its participants beside a noun of meeting tell that it is theirs."""


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
        self._meetings = Meetings(base)

    @property
    def firsts(self) -> Collection[str]:
        """The words with which mentions of talks begin."""
        return self._finder.firsts

    def line(self, words: tuple[Word, ...], hits: Iterable[NameHit], starts: Starts) -> Line:
        """A sentence with the mentions of talks found in it."""
        return Line(words, tuple(hits), tuple(self._finder.find(words, starts["talks"])), starts)

    def named_rounds(self, lines: Sequence[Line], times: Sequence[TimeExpression]) -> list[NamedRound]:
        """The known rounds and meetings that the article names by number, or by day and month in the same sentence."""
        tracks = self._tracks(lines)
        found = (
            NamedRound(event.period, line.span)
            for line in lines
            for mention in line.talks
            for event in (
                self._numbered(mention, tracks)
                or self._by_day(line, mention, times, tracks)
                or self._meetings.by_day(line, mention, times),
            )
            if event
        )
        return list(dict.fromkeys(found))

    def link(
        self, lines: Sequence[Line], times: Sequence[TimeExpression], dates: tuple[DatedSpan, ...],
        today: datetime.date | None,
    ) -> tuple[list[Link], Entity | None]:  # fmt: skip
        """Links for every mention of talks and meetings, and the round that the article is mainly about."""
        tracks = self._tracks(lines)
        topic = self._topic(lines, times, dates, today, tracks)
        context = _Context(dates, today, tracks, topic)
        links = [link for line in lines for link in self._line_links(line, times, context)]
        return links, topic.entity if topic else None

    def pointing_back(self, lines: Sequence[Line], links: Sequence[Link], dates: Sequence[DatedSpan]) -> Iterator[Link]:
        """Links for what means the one meeting that an article tells of: ``القمة`` behind it, or two who take part."""
        told = [link for link in links if link.entities[0].kind is Kind.MEETING]
        if len({link.entities[0] for link in told}) != 1:
            return
        meeting, first = told[0].entities[0], min(link.span for link in told)
        event = next((event for event in self._base.events if event.entity == meeting), None)
        kinds = [self._base.entities[one].kind for one in event.participants] if event else []
        bilateral = kinds.count(Kind.PERSON) >= BOTH and set(kinds) <= {Kind.PERSON, Kind.STATE}
        for line in lines:
            both = event is not None and len(people_at(line, event)) >= BOTH
            for mention in line.talks:
                plain = mention.single and not (mention.track or mention.number) and mention.sort in GATHERINGS
                back = mention.definite and not mention.order and mention.span > first
                if _is_of_another(line, mention, event, dates, bilateral=bilateral):
                    continue
                if plain and (back or (both and not mention.order)):
                    yield Link(mention.span, (meeting,), f"«{meeting.names[0]}», the one meeting of the article")

    def _line_links(self, line: Line, times: Sequence[TimeExpression], context: _Context) -> Iterator[Link]:
        for mention in line.talks:
            if link := self._link(line, mention, times, context):
                yield link

    def _link(
        self, line: Line, mention: TalksMention, times: Sequence[TimeExpression], context: _Context
    ) -> Link | None:
        """The round that a mention determines, else the meeting, else the round of the article or the mere track."""
        event, reason = self._direct(line, mention, times, context)
        if not event:
            meeting = self._meetings.link(line, mention, context.dates, context.today)
            if meeting and not (mention.track and meeting.entities[0].known is False):
                return meeting
        return self._round_link(mention, event, reason, context)

    # Rounds

    def _tracks(self, lines: Iterable[Line]) -> tuple[str, ...]:
        """The tracks that an article names, or in whose city it tells of a numbered round."""
        return tuple(dict.fromkeys(track for line in lines for m in line.talks if (track := self._track(line, m))))

    def _track(self, line: Line, mention: TalksMention) -> str:
        """The track of a mention: its own, or for a round with a number that of the one city of talks in the sentence."""
        if mention.track or not mention.number:
            return mention.track
        places = {entity.id for hit in line.hits for entity in hit.entities}
        seats = [track.id for track in self._base.tracks.values() if track.place in places]
        known = [track for track in seats if self._base.round(track, mention.number)]
        return known[0] if len(known) == 1 and mention.sort == "round" else ""

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
        for time in near(line, mention.span, times, _reach(mention)):
            fitting = {event for event in events if is_same_day(event.period, time)}
            if len(fitting) == 1:
                return fitting.pop()
        return None

    def _by_date(self, line: Line, mention: TalksMention, context: _Context) -> Event | None:
        """The one known round that overlaps a resolved date near the mention."""
        events = [e for track in _candidates(mention, context.tracks) for e in self._base.rounds_of(track)]
        for dated in near(line, mention.span, context.dates, _reach(mention)):
            if dated.date and _can_date(line, mention, dated):
                fitting = {event for event in events if event.period.overlaps(dated.date.period)}
                if len(fitting) == 1:
                    return fitting.pop()
        return None

    def _by_publication(self, mention: TalksMention, context: _Context) -> Event | None:
        """The round of the mention's track that is held around the day of publication, next after it or last before."""
        if not (context.today and mention.track and mention.single):
            return None
        day, rounds = context.today, self._base.rounds_of(mention.track)
        if mention.order == "next":
            coming = [e for e in rounds if 0 <= (e.period.start - day).days <= DAYS_TO_NEXT]
            return min(coming, key=lambda event: event.period, default=None)
        if mention.order == "last":
            gone = [e for e in rounds if 0 <= (day - e.period.end).days <= DAYS_SINCE_LAST]
            return max(gone, key=lambda event: event.period, default=None)
        around = [e for e in rounds if days_between(e.period, day) <= DAYS_AROUND_ROUND]
        return around[0] if mention.order == "new" and len(around) == 1 else None

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
            return event, f"the round held on {event.period.value}, as seen from the publication"
        return None, ""

    def _round_link(self, mention: TalksMention, event: Event | None, reason: str, context: _Context) -> Link | None:
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


def _is_of_another(
    line: Line, mention: TalksMention, event: Event | None, dates: Sequence[DatedSpan], *, bilateral: bool
) -> bool:
    """Whether a meeting is another one than a known one: another date stands right behind it, or others meet."""
    if not event:
        return False
    behind = [one for one in near(line, mention.span, dates, WORDS_TO_OWN_DATE) if one.span > mention.span]
    if any(one.date and not one.date.period.overlaps(event.period) for one in behind):
        return True
    people = {hit.entities[0] for hit in line.hits if hit.entities[0].kind is Kind.PERSON}
    return others_meet(line, mention, event) or (bilateral and len(people) >= BOTH and not people_at(line, event))


def _candidates(mention: TalksMention, tracks: Sequence[str]) -> Sequence[str]:
    return (mention.track,) if mention.track else tracks


def _may_be_round(mention: TalksMention) -> bool:
    told = mention.track or mention.definite or mention.order
    return bool(told) and not mention.number and mention.sort not in (ENCOUNTER, DISCUSSION)


def _can_date(line: Line, mention: TalksMention, dated: DatedSpan) -> bool:
    """Whether a date tells when the talks are: not a year, not *since*, and a month only behind them or right before."""
    if not dated.date or dated.date.period.precision is Precision.YEAR:
        return False
    before = [word.folded for word in line.words if word.span.end <= dated.span.start][-2:]
    if any(has_role(word, "since") for word in before):
        return False
    exact = dated.date.period.precision is not Precision.MONTH
    return exact or words_between(line, mention.span, dated.span) <= WORDS_TO_OWN_DATE or dated.span > mention.span


def _reach(mention: TalksMention) -> int:
    """How far a date may stand that dates a mention."""
    return WORDS_TO_DATE if mention.track else WORDS_TO_OWN_DATE


def of_the_domain(lines: Sequence[Line]) -> list[Line]:
    """The lines without what is told of other conflicts, in them or the whole article: other talks in one city, football.

    *The opposition* is that of the country the tables are about only in an article that names it.
    """
    if not any(line.talks or any(map(_is_unnamed_side, line.hits)) for line in lines):
        return list(lines)
    ours = any(line.is_about("about") or any(map(_is_ours, line.talks)) for line in lines)
    if len(lines) > TOO_FEW_TO_TELL and not ours and not any(map(_names_home, lines)):
        lines = [replace(line, hits=tuple(hit for hit in line.hits if not _is_unnamed_side(hit))) for line in lines]
    return [_line_of_the_domain(line, elsewhere=not ours) if line.talks else line for line in lines]


def _is_unnamed_side(hit: NameHit) -> bool:
    """Whether a name means a side of the conflict by a common noun that other countries' sides are called by as well."""
    side = hit.entities[0]
    return side.kind is Kind.GROUP_ACTOR and side.id in _sides() and not _has_own_name(hit.name)


@functools.cache
def _sides() -> frozenset[str]:
    """The ids of what belongs to the countries that the tables are about."""
    parents, sides = knowledge_base().parents, set(domain("home"))
    while more := {child for child, parent in parents.items() if parent in sides} - sides:
        sides |= more
    return frozenset(sides)


@functools.lru_cache(maxsize=4096)
def _has_own_name(name: str) -> bool:
    """Whether one of its words is of these countries (``الحكومة السورية``)."""
    return any(tells_of(fold(word), "about") for word in name.split())


def _names_home(line: Line) -> bool:
    """Whether a line names a place in a country that the tables are about, or somebody of it by a name of his own."""
    named = (entity for hit in line.hits for entity in hit.entities)
    return any(entity.id in _sides() and entity.kind is not Kind.GROUP_ACTOR for entity in named)


def _is_shared(track: str) -> bool:
    """Whether other talks than those of the domain are held under the name of the track's city."""
    return bool(track) and track not in domain("own_tracks")


def _is_ours(mention: TalksMention) -> bool:
    """Whether a mention alone shows what the article is on: a track whose city means it, or a round by its number."""
    return mention.track in domain("own_tracks") or bool(mention.track and mention.number)


def _line_of_the_domain(line: Line, *, elsewhere: bool) -> Line:
    """A line without the tracks whose city is named in a sentence, or an article, on something else, or on sports."""
    if line.is_about("about"):
        return line
    if line.is_about("sport"):
        return replace(line, talks=tuple(m for m in line.talks if m.track and not _is_shared(m.track)))
    if not elsewhere and not line.is_about("elsewhere"):
        return line
    talks = tuple(replace(m, track="", number=0) if _is_shared(m.track) else m for m in line.talks)
    hits = tuple(hit for hit in line.hits if not any(_is_shared_track(entity) for entity in hit.entities))
    return replace(line, hits=hits, talks=talks)


def _is_shared_track(entity: Entity) -> bool:
    return entity.kind is Kind.TRACK and _is_shared(entity.id)
