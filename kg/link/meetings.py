"""Meetings outside the tracks: which known one is meant, or which new one, by place, date and sort of meeting."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from kg.knowledge import Event, KnowledgeBase, domain
from kg.language.cues import has_role, is_future
from kg.language.dates import Period, Precision
from kg.language.timex import TimeExpression
from kg.language.titles import COMMAS
from kg.link.nearby import Line, days_between, is_across_quotes, is_same_day, near, words_between
from kg.link.talks import DISCUSSION, ENCOUNTER, TalksMention, is_after_or_before, is_called_last, sorts_of
from kg.link.venues import (
    WORDS_TO_PLACE,
    city_before,
    city_of,
    country_of,
    destination_of,
    holds,
    host_of,
    is_called_after_place,
    is_near,
    places_in,
    seats,
)
from kg.model import DatedSpan, Entity, Link
from kg.vocabulary import Kind

DAYS_AROUND = 60
"""``قمة طهران`` without a date is the known summit there that is nearest to the publication, within so many days."""
DAYS_AROUND_MET, DAYS_TO_TELL = 14, 2
"""So near, two people who meet in a place tell which meeting it is, and, of those who hold summits, even without a place."""
DAYS_AROUND_ROUND, DAYS_AFTER_ROUND = 3, 40
"""A round held elsewhere than usual (``مفاوضات سوتشي``) is named by that place in its days, and as the last one after."""
WORDS_TO_KNOWN, WORDS_TO_NEW = 22, 8
"""How far a date may stand from a meeting to tell which known one it is, and to make it a new one."""
WORDS_TO_BODY = 2
EXACT = (Precision.DAY, Precision.INTERVAL)
TALKS = frozenset(("round", "talks"))
TOLD_BY_NAME = frozenset(("summit", "conference", "talks"))
"""Sorts of which there are so few in a place that the sort tells which one; of the others it needs a participant."""
BETWEEN, WORDS_TO_BETWEEN = "بين", 4
NAMED_SO = frozenset(("summit", "conference"))
"""Sorts that are not said of meetings of other sorts."""
NOT_NEW = frozenset(("round", DISCUSSION))
"""Sorts that a place and a date do not make a meeting of its own."""
BOTH = 2
ENOUGH_PARTICIPANTS = 3
"""So many participants named in the sentence tell which meeting it is, whatever it is called."""


def people_at(line: Line, event: Event) -> set[Entity]:
    """The people at a meeting whom the line names."""
    return {entity for entity in _participants(line, event) if entity.kind is Kind.PERSON}


def others_meet(line: Line, mention: TalksMention, event: Event) -> bool:
    """Whether others meet than those of an event, as ``بين`` behind a meeting tells: ``قمة الاثنين بين بوتين وترامب``."""
    behind = [hit for hit in line.hits if hit.span > mention.span and hit.entities[0].kind is Kind.PERSON]
    near_by = [hit for hit in behind if words_between(line, mention.span, hit.span) <= WORDS_TO_PLACE]
    meeting = dict.fromkeys(hit.entities[0] for hit in sorted(near_by, key=lambda hit: hit.span))
    if mention.sort not in NAMED_SO:
        before = [hit for hit in line.hits if hit.span < mention.span and hit.entities[0].kind is Kind.PERSON]
        beside = [hit for hit in before if words_between(line, mention.span, hit.span) == 1]
        meeting = dict.fromkeys([*(hit.entities[0] for hit in beside), *list(meeting)[: 1 if before else BOTH]])
    elif not any(
        w.folded == BETWEEN and words_between(line, mention.span, w.span) < WORDS_TO_BETWEEN for w in line.words
    ):
        return False
    return bool(meeting.keys() - people_at(line, event))


class Meetings:
    """Resolves mentions of meetings against the known ones."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        states = {entity.id for entity in base.entities.values() if entity.kind is Kind.STATE}
        self._of_states = {event for event in base.events if len(event.participants & states) >= BOTH}
        self._meetings = [e for e in base.events if len(e.participants) >= BOTH and not e.number]
        self._sorts = {event: sorts_of(" ".join(event.entity.names)) for event in base.events}

    def by_day(self, line: Line, mention: TalksMention, times: Sequence[TimeExpression]) -> Event | None:
        """The one known meeting in the place of the mention on the written day and month nearest to it."""
        place = city_of(line, mention)
        for time in near(line, mention.span, times) if place else ():
            if fitting := [event for event in self._known(place) if is_same_day(event.period, time)]:
                return fitting[0] if len(fitting) == 1 else None
        return None

    def link(
        self, line: Line, mention: TalksMention, dates: Sequence[DatedSpan], today: datetime.date | None
    ) -> Link | None:
        """The known meeting that a mention names, or the new one that it dates."""
        if mention.sort == "round" and mention.number:
            return None
        place = city_of(line, mention) or self._seat(line, mention)
        country = country_of(line, mention)
        where = place or city_before(line, mention) or country or host_of(line, mention, Kind.STATE)
        if country and (event := self._round_elsewhere(line, mention, country, today)):
            return Link(mention.span, (event.entity,), f"the round held in {country.names[1]} then")
        if not where:
            return self._of_people(line, mention, dates, today)
        if event := self._round_elsewhere(line, mention, where, today):
            return Link(mention.span, (event.entity,), f"the round held in {where.names[1]} then")
        near_enough = not self._is_at_home(where.id) or is_near(line, mention, where)
        dated = list(near(line, mention.span, dates, WORDS_TO_KNOWN))
        for one in dated:
            if event := self._dated(line, mention, where, one):
                return _known(mention, event, f"on {event.period.value}")
            if place and one is dated[0] and one.date and _makes_new(line, mention, one) and near_enough:
                entity = _new_meeting(place, one.date.period)
                return Link(mention.span, (entity,), f"a meeting in {place.names[1]} on {one.date.period.value}")
        return None if any(one.date for one in dated) else self._around(line, mention, where, today)

    def _around(self, line: Line, mention: TalksMention, place: Entity, today: datetime.date | None) -> Link | None:
        """The one known meeting of this sort in a place around the publication."""
        if not today or not (mention.single or mention.sort in TALKS):
            return None
        gone = is_called_last(line.words, mention.span)
        around = [e for e in self._known(place) if days_between(e.period, today) <= DAYS_AROUND]
        gone = gone or (not mention.single and not is_future(line.words, mention.span))
        known = [event for event in around if not gone or event.period.start <= today]
        called = [e for e in known if self._fits(line, mention, e) and self._is_called(line, mention, e)]
        told = _most_named(line, called)
        return _known(mention, told[0], "near the publication") if len(told) == 1 else None

    def _of_people(
        self, line: Line, mention: TalksMention, dates: Sequence[DatedSpan], today: datetime.date | None
    ) -> Link | None:
        """The one known meeting of two people whom a line names, on the day that it tells or around the publication."""
        if mention.track or mention.order == "last" or is_called_last(line.words, mention.span):
            return None
        told = next((one.date.period for one in near(line, mention.span, dates, WORDS_TO_NEW) if one.date), None)
        if (told and told.precision is Precision.YEAR) or not (told or today) or line.is_about("phone"):
            return None
        beside = line if mention.sort in NAMED_SO else _beside(line, mention)
        people = {hit.entities[0].id for hit in beside.hits if hit.entities[0].kind is Kind.PERSON}
        met = [e for e in self._meetings if len(people & e.participants) >= BOTH] if len(people) >= BOTH else []
        met = [event for event in met if _is_on(event.period, told, today)]
        fitting = [event for event in met if mention.sort not in NAMED_SO or event in self._of_states]
        found = [event for event in fitting if not others_meet(line, mention, event)]
        return _known(mention, found[0], "of these people") if len(found) == 1 else None

    def _known(self, place: Entity | None) -> list[Event]:
        """The known meetings in a place or state."""
        if not place:
            return []
        inside = (
            {place.id}
            if place.kind is Kind.PLACE
            else {one for one, of in self._base.parents.items() if of == place.id}
        )
        return [event for event in self._base.events if event.place in inside and not event.number]

    def _dated(self, line: Line, mention: TalksMention, place: Entity, dated: DatedSpan) -> Event | None:
        """The known meeting in a place at a date: on that day, or the one of its sort in that month."""
        if not dated.date or is_across_quotes(line, mention.span, dated.span):
            return None
        if dated.span < mention.span and _is_of_a_clause_before(line, mention, dated):
            return None
        found = [event for event in self._known(place) if event.period.overlaps(dated.date.period)]
        if dated.date.period.precision not in EXACT:
            found = _most_named(line, [event for event in found if self._fits(line, mention, event)])
            return found[0] if len(found) == 1 else None
        starting = [event for event in found if event.period.start == dated.date.period.start]
        return next(iter(starting or [event for event in found if self._fits(line, mention, event)]), None)

    def _fits(self, line: Line, mention: TalksMention, event: Event) -> bool:
        """Whether a mention without an exact date can be this meeting: its sort, or a participant named beside it."""
        if mention.sort in TOLD_BY_NAME and mention.sort in self._sorts[event]:
            return True
        named, people = _participants(line, event), people_at(line, event)
        met = len(named) >= BOTH and bool(people) and mention.sort not in TOLD_BY_NAME
        return len(named) >= ENOUGH_PARTICIPANTS or len(people) >= BOTH or met

    def _is_called(self, line: Line, mention: TalksMention, event: Event) -> bool:
        """Whether a mention calls a meeting by its sort and as one of the domain, or enough of its participants are named."""
        named, people = _participants(line, event), people_at(line, event)
        if others_meet(line, mention, event):
            return False
        if not mention.single and not people and len(named) < BOTH:
            return False
        if mention.sort in self._sorts[event]:
            return bool(people) or bool(named and line.is_about("about")) or is_called_after_place(line, mention)
        if mention.sort in NAMED_SO:
            return mention.sort == "summit" and len(people) >= BOTH and event in self._of_states
        return len(people) >= BOTH or len(named) >= ENOUGH_PARTICIPANTS

    def _round_elsewhere(
        self, line: Line, mention: TalksMention, place: Entity, today: datetime.date | None
    ) -> Event | None:
        """The numbered round that is held in another place than its track's usual one, around the publication."""
        if not today or mention.sort not in TALKS or mention.track or not line.is_about("about"):
            return None
        found = [
            event
            for event in self._base.events
            if event.number
            and place.id in (event.place, self._base.parents.get(event.place))
            and event.place != self._base.tracks[event.track].place
        ]
        for event in found:
            after = (today - event.period.end).days
            if days_between(event.period, today) <= DAYS_AROUND_ROUND or (
                mention.order == "last" and 0 <= after <= DAYS_AFTER_ROUND
            ):
                return event
        return None

    def _seat(self, line: Line, mention: TalksMention) -> Entity | None:
        """Where the body sits whose session a mention names (``جلسة مجلس الأمن``)."""
        behind = [hit for hit in line.hits if hit.span > mention.span]
        beside = [hit for hit in behind if words_between(line, mention.span, hit.span) <= WORDS_TO_BODY]
        bodies = [*beside, *(hit for hit in line.hits if holds(line, hit, mention))]
        told = (seats().get(entity.id) for hit in bodies for entity in hit.entities)
        session = mention.sort == "meeting" and mention.single
        return next((seat for seat in told if seat), None) if session else None

    def _is_at_home(self, place: str) -> bool:
        """Whether a place is in the country that the talks are about."""
        homes = domain("home")
        while place and place not in homes:
            place = self._base.parents.get(place, "")
        return place in homes


def _beside(line: Line, mention: TalksMention) -> Line:
    """A line with the names alone that stand near a mention."""
    return replace(
        line, hits=tuple(h for h in line.hits if words_between(line, mention.span, h.span) <= WORDS_TO_PLACE)
    )


def _is_on(period: Period, told: Period | None, today: datetime.date | None) -> bool:
    """Whether a meeting is on the days told, or at most a day or so from the publication."""
    if told:
        return period.overlaps(told)
    return today is not None and days_between(period, today) <= DAYS_TO_TELL


def _most_named(line: Line, events: Sequence[Event]) -> list[Event]:
    """Of several meetings those of which a line names the most participants."""
    most = max((len(_participants(line, event)) for event in events), default=0)
    return [event for event in events if len(_participants(line, event)) == most]


def _participants(line: Line, event: Event) -> set[Entity]:
    """The participants of a meeting whom the line names."""
    return {hit.entities[0] for hit in line.hits if hit.entities[0].id in event.participants}


def _makes_new(line: Line, mention: TalksMention, dated: DatedSpan) -> bool:
    """Whether a date makes a mention with a place a meeting of its own: an exact one beside it, in its own clause."""
    if not dated.date or dated.date.period.precision not in EXACT or mention.sort in NOT_NEW:
        return False
    if is_across_quotes(line, mention.span, dated.span):
        return False
    if dated.span < mention.span and _is_of_a_clause_before(line, mention, dated):
        return False
    if words_between(line, mention.span, dated.span) <= WORDS_TO_NEW or _is_of_visit(line, mention, dated):
        return True
    return mention.sort == ENCOUNTER and _is_beside_place(line, mention, dated)


def _is_beside_place(line: Line, mention: TalksMention, dated: DatedSpan) -> bool:
    """Whether a date follows, but for a comma or *in*, the place of a meeting told before it (``التقى … في موسكو الاثنين``)."""
    behind = [hit for hit, _ in places_in(line) if mention.span < hit.span < dated.span]
    if not behind or words_between(line, mention.span, dated.span) > WORDS_TO_PLACE:
        return False
    between = [word.folded for word in line.words if behind[-1].span.end <= word.span.start < dated.span.start]
    return all(word in COMMAS or word in ("في", "يوم") for word in between)


def _is_of_visit(line: Line, mention: TalksMention, dated: DatedSpan) -> bool:
    """Whether a date tells when somebody goes where he meets others: ``وفي 29 آب زار أنقرة حيث التقى``."""
    words = [word.folded for word in line.words if dated.span.end <= word.span.start < mention.span.start]
    return bool(destination_of(line, mention)) and len(words) <= WORDS_TO_NEW


def _is_of_a_clause_before(line: Line, mention: TalksMention, dated: DatedSpan) -> bool:
    """Whether a date before a mention is told of something else: ``قال الثلاثاء إنه``, ``الثلاثاء بعد لقاء``, ``ووقع``."""
    between = [w.folded for w in line.words if dated.span.end <= w.span.start < mention.span.start]
    if any(has_role(word, "complement") or word.startswith("و") for word in between):
        return True
    return bool(between) and is_after_or_before(between[-1])


def _known(mention: TalksMention, event: Event, why: str) -> Link:
    return Link(mention.span, (event.entity,), f"the known meeting «{event.entity.names[1]}» {why}")


def _new_meeting(place: Entity, period: Period) -> Entity:
    day = period.start.isoformat()
    return Entity(
        f"{place.id}-{day}",
        Kind.MEETING,
        (f"اجتماع {place.names[0]} {day}", f"Meeting in {place.names[1]}, {day}"),
        known=False,
    )
