"""Meetings outside the tracks: which known one is meant, or which new one, by place, date and sort of meeting."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg import seeds
from kg.knowledge import Event, KnowledgeBase, domain
from kg.language.arabic import fold
from kg.language.cues import has_role
from kg.language.dates import Period, Precision
from kg.language.timex import TimeExpression
from kg.language.words import QUOTES, Word
from kg.link.names import NameHit
from kg.link.nearby import Line, days_between, is_across_quotes, is_same_day, near, words_between
from kg.link.talks import TalksMention, is_about, is_after_or_before, sorts_of
from kg.model import DatedSpan, Entity, Link
from kg.vocabulary import Kind

DAYS_AROUND = 60
"""``قمة طهران`` without a date is the known summit there that is nearest to the publication, within so many days."""
DAYS_AROUND_ROUND, DAYS_AFTER_ROUND = 3, 40
"""A round held elsewhere than usual (``مفاوضات سوتشي``) is named by that place in its days, and as the last one after."""
WORDS_TO_KNOWN, WORDS_TO_NEW = 22, 8
"""How far a date may stand from a meeting to tell which known one it is, and to make it a new one."""
WORDS_TO_BODY = 2
WORDS_TO_PLACE, WORDS_BACK_TO_PLACE = 16, 6
EXACT = (Precision.DAY, Precision.INTERVAL)
TALKS = frozenset(("round", "talks"))
TOLD_BY_NAME = frozenset(("summit", "conference", "talks"))
"""Sorts of which there are so few in a place that the sort tells which one; of the others it needs a participant."""
WHERE = "حيث"
TO = frozenset(map(fold, ("إلى", "الى")))
VISIT_REACH = 4
ENOUGH_PARTICIPANTS = 3
"""So many participants named in the sentence tell which meeting it is, whatever it is called."""


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Where an international body meets, unless it is said."""

    body: str
    place: str


@functools.cache
def _seats() -> dict[str, str]:
    """The places of the table ``seeds/seats.tsv``, by body."""
    return {row.body: row.place for row in seeds.read("seats.tsv", SeatRow)}


def people_at(line: Line, event: Event) -> set[Entity]:
    """The people at a meeting whom the line names."""
    return {entity for entity in _participants(line, event) if entity.kind is Kind.PERSON}


class Meetings:
    """Resolves mentions of meetings against the known ones."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._hosts = {event.place for event in base.events}
        self._sorts = {event: sorts_of(" ".join(event.entity.names)) for event in base.events}

    def by_day(self, line: Line, mention: TalksMention, times: Sequence[TimeExpression]) -> Event | None:
        """The one known meeting in the place of the mention on the written day and month nearest to it."""
        place = _place(line, mention)
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
        place = _place(line, mention) or self._seat(line, mention)
        where = place or _place_before(line, mention)
        if (country := _country(line, mention)) and (event := self._round_elsewhere(line, mention, country, today)):
            return Link(mention.span, (event.entity,), f"the round held in {country.names[1]} then")
        if not where or (self._is_at_home(where.id) and where.id not in self._hosts):
            return None
        if event := self._round_elsewhere(line, mention, where, today):
            return Link(mention.span, (event.entity,), f"the round held in {where.names[1]} then")
        dated = list(near(line, mention.span, dates, WORDS_TO_KNOWN))
        for one in dated:
            if event := self._dated(line, mention, where, one):
                return _known(mention, event, f"on {event.period.value}")
            if place and one is dated[0] and one.date and _makes_new(line, mention, one):
                entity = _new_meeting(place, one.date.period)
                return Link(mention.span, (entity,), f"a meeting in {place.names[1]} on {one.date.period.value}")
        return None if any(one.date for one in dated) else self._around(line, mention, where, today)

    def _around(self, line: Line, mention: TalksMention, place: Entity, today: datetime.date | None) -> Link | None:
        """The one known meeting of this sort in a place around the publication."""
        if not today or not mention.single:
            return None
        known = [e for e in self._known(place) if days_between(e.period, today) <= DAYS_AROUND]
        told = [e for e in known if self._fits(line, mention, e) and self._is_called(line, mention, e)]
        return _known(mention, told[0], "near the publication") if len(told) == 1 else None

    def _known(self, place: Entity | None) -> list[Event]:
        """The known meetings in a place."""
        return [event for event in self._base.events if place and event.place == place.id and not event.number]

    def _dated(self, line: Line, mention: TalksMention, place: Entity, dated: DatedSpan) -> Event | None:
        """The known meeting in a place at a date: on that day, or the one of its sort in that month."""
        if not dated.date or is_across_quotes(line, mention.span, dated.span):
            return None
        found = [event for event in self._known(place) if event.period.overlaps(dated.date.period)]
        if dated.date.period.precision not in EXACT:
            found = _most_named(line, [event for event in found if self._fits(line, mention, event)])
            return found[0] if len(found) == 1 else None
        return next(iter(found), None)

    def _fits(self, line: Line, mention: TalksMention, event: Event) -> bool:
        """Whether a mention without an exact date can be this meeting: its sort, or a participant named beside it."""
        if mention.sort in TOLD_BY_NAME and mention.sort in self._sorts[event]:
            return True
        named = _participants(line, event)
        return len(named) >= ENOUGH_PARTICIPANTS or (bool(people_at(line, event)) and mention.sort not in TOLD_BY_NAME)

    def _is_called(self, line: Line, mention: TalksMention, event: Event) -> bool:
        """Whether a mention calls a meeting by its sort and as one of the domain, or enough of its participants are named."""
        named = _participants(line, event)
        told = bool(people_at(line, event)) or is_about(line.words, "about") or _is_name(line, mention)
        return (mention.sort in self._sorts[event] and told) or len(named) >= ENOUGH_PARTICIPANTS

    def _round_elsewhere(
        self, line: Line, mention: TalksMention, place: Entity, today: datetime.date | None
    ) -> Event | None:
        """The numbered round that is held in another place than its track's usual one, around the publication."""
        if not today or mention.sort not in TALKS or mention.track or not is_about(line.words, "about"):
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
        bodies = [hit for hit in line.hits if 0 <= words_between(line, mention.span, hit.span) <= WORDS_TO_BODY]
        seats = (_seats().get(entity.id, "") for hit in bodies for entity in hit.entities)
        session = mention.sort == "meeting" and mention.single
        return next((self._base.entities.get(seat) for seat in seats if seat), None) if session else None

    def _is_at_home(self, place: str) -> bool:
        """Whether a place is in the country that the talks are about: there meetings are held only where one is known."""
        homes = domain("home")
        while place and place not in homes:
            place = self._base.parents.get(place, "")
        return place in homes


def _place(line: Line, mention: TalksMention) -> Entity | None:
    """The city behind a noun of meeting: at once (``قمة سوتشي``) or after ``في`` within the clause."""
    at = sum(word.span.start < mention.span.end - 1 for word in line.words)
    inside = next((place for hit, place in _places(line) if hit.span.inside(mention.span)), None)
    if inside:
        return inside
    for hit, place in _places(line):
        if hit.span.start < mention.span.end or not 0 <= hit.first - at <= WORDS_TO_PLACE:
            continue
        between = [w for w in line.words if mention.span.end <= w.span.start < line.words[hit.first].span.start]
        if any(_is_topic(between, n) for n in range(len(between))):
            return None
        if _is_where(line, hit, between):
            return place
    return _whither(line, mention)


def _country(line: Line, mention: TalksMention) -> Entity | None:
    """The state behind ``في`` right after a noun of meeting: ``محادثات في روسيا``."""
    at = sum(word.span.start < mention.span.end - 1 for word in line.words)
    behind = at < len(line.words) and line.words[at].folded == "في"
    hit = next((hit for hit in line.hits if behind and hit.first == at + 1), None)
    return next((entity for entity in hit.entities if entity.kind is Kind.STATE), None) if hit else None


def _whither(line: Line, mention: TalksMention) -> Entity | None:
    """The city to which somebody goes and meets there: ``ينتقل إلى باريس حيث يلتقي``."""
    before = [(hit, place) for hit, place in _places(line) if hit.span.end <= mention.span.start]
    for hit, place in before[-1:]:
        words = [word.folded for word in line.words if hit.span.end <= word.span.start < mention.span.start]
        if words and words[0] == WHERE and len(words) <= WORDS_BACK_TO_PLACE:
            return place
    return None


def _is_topic(words: Sequence[Word], at: int) -> bool:
    """Whether what follows is what a meeting is about: not where it is, unless it is only the domain (``حول سوريا في``)."""
    return has_role(words[at].folded, "about") and not is_about(words[at + 1 : at + 2], "about")


def _is_name(line: Line, mention: TalksMention) -> bool:
    """Whether the place follows a noun of meeting at once: ``قمة طهران``."""
    return any(words_between(line, mention.span, hit.span) == 0 for hit, _ in _places(line))


def _place_before(line: Line, mention: TalksMention) -> Entity | None:
    """The city right before a noun of meeting: ``تعقد في أنقرة قمة``."""
    before = [(hit, place) for hit, place in _places(line) if hit.span.end <= mention.span.start]
    for hit, place in before[-1:]:
        words = [word for word in line.words if hit.span.end <= word.span.start < mention.span.start]
        if len(words) <= WORDS_BACK_TO_PLACE and hit.first and _is_where(line, hit, line.words[: hit.first]):
            return place
    return None


def _most_named(line: Line, events: Sequence[Event]) -> list[Event]:
    """Of several meetings those of which a line names the most participants."""
    most = max((len(_participants(line, event)) for event in events), default=0)
    return [event for event in events if len(_participants(line, event)) == most]


def _participants(line: Line, event: Event) -> set[Entity]:
    """The participants of a meeting whom the line names."""
    return {hit.entities[0] for hit in line.hits if hit.entities[0].id in event.participants}


def _places(line: Line) -> Iterator[tuple[NameHit, Entity]]:
    """The names of places in a line, but for the country itself."""
    homes = domain("home")
    for hit in line.hits:
        if place := next(
            (entity for entity in hit.entities if entity.kind is Kind.PLACE and entity.id not in homes), None
        ):
            yield hit, place


def _is_where(line: Line, hit: NameHit, between: Sequence[Word]) -> bool:
    """Whether the words before a place make it the one where something is: nothing, ``في``, or ``في`` with a noun."""
    first = line.words[hit.first]
    if first.span.start < hit.span.start and first.folded.startswith("ب"):
        return True
    words = [word.folded for word in between if word.folded not in QUOTES]
    while words and (has_role(words[-1], "place_noun") or (words[-1].endswith("يه") and len(words) > 1)):
        words.pop()
    nouns = len([word for word in between if word.folded not in QUOTES]) > len(words)
    if any(has_role(word, "visit") for word in words[-VISIT_REACH:]) and words[-1] in TO:
        return True  # «خلال زيارة مفاجئة إلى طهران»
    return not words or words[-1] == "في" or (nouns and has_role(words[-1].removeprefix("ب"), "place_noun"))


def _makes_new(line: Line, mention: TalksMention, dated: DatedSpan) -> bool:
    """Whether a date makes a mention with a place a meeting of its own: an exact one beside it, in its own clause."""
    if not dated.date or dated.date.period.precision not in EXACT or mention.sort == "round":
        return False
    if is_across_quotes(line, mention.span, dated.span):
        return False
    if dated.span < mention.span and _is_of_a_clause_before(line, mention, dated):
        return False
    return words_between(line, mention.span, dated.span) <= WORDS_TO_NEW


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
