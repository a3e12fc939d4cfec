"""Where talks are held, by the words around their noun: behind ``في``, before them, or where somebody goes for them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg import seeds
from kg.knowledge import domain, knowledge_base
from kg.language.arabic import LAM, WAW
from kg.language.cues import TO_HOLD, TOWARDS, has_role
from kg.language.words import QUOTES, Word
from kg.link.names import NameHit
from kg.link.nearby import Line, words_between
from kg.link.talks import ENCOUNTER, TalksMention, tells_of
from kg.model import Entity
from kg.vocabulary import Kind

WORDS_TO_PLACE, WORDS_BACK_TO_PLACE = 16, 6
"""How far a place may stand behind and before a noun of meeting."""
WORDS_TO_HELD = 9
"""Words between a body that holds a meeting and the meeting, at most."""
WHERE = "حيث"
VISIT_REACH = 4
"""Words between a place that somebody visits, or his going there, and what he does there."""


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Where an international body meets, unless it is said, or what is in the seat of another body is."""

    body: str
    place: str


@functools.cache
def seats() -> dict[str, Entity]:
    """The places of the table ``seeds/seats.tsv``, by body."""
    entities = knowledge_base().entities
    return {row.body: entities[row.place] for row in seeds.read("seats.tsv", SeatRow)}


def city_of(line: Line, mention: TalksMention) -> Entity | None:
    """The city behind a noun of meeting: at once (``قمة سوتشي``) or after ``في`` within the clause."""
    at = sum(word.span.start < mention.span.end - 1 for word in line.words)
    inside = next((place for hit, place in places_in(line) if hit.span.inside(mention.span)), None)
    if inside:
        return inside
    for hit, place in places_in(line):
        if hit.span.start < mention.span.end or not 0 <= hit.first - at <= WORDS_TO_PLACE:
            continue
        between = [w for w in line.words if mention.span.end <= w.span.start < line.words[hit.first].span.start]
        if any(_is_topic(between, n) for n in range(len(between))):
            return None
        if _is_where(line, hit, between):
            return place
    return destination_of(line, mention) or host_of(line, mention) or _held_before(line, mention)


def city_before(line: Line, mention: TalksMention) -> Entity | None:
    """The city right before a noun of meeting: ``تعقد في أنقرة قمة``."""
    before = [(hit, place) for hit, place in places_in(line) if hit.span.end <= mention.span.start]
    for hit, place in before[-1:]:
        words = [word for word in line.words if hit.span.end <= word.span.start < mention.span.start]
        if len(words) <= WORDS_BACK_TO_PLACE and hit.first and _is_where(line, hit, line.words[: hit.first]):
            return place
    return None


def country_of(line: Line, mention: TalksMention) -> Entity | None:
    """The state behind ``في`` right after a noun of meeting: ``محادثات في روسيا``."""
    at = sum(word.span.start < mention.span.end - 1 for word in line.words)
    behind = at < len(line.words) and line.words[at].folded == "في"
    hit = next((hit for hit in line.hits if behind and hit.first == at + 1), None)
    return next((entity for entity in hit.entities if entity.kind is Kind.STATE), None) if hit else None


def host_of(line: Line, mention: TalksMention, kind: Kind = Kind.PLACE) -> Entity | None:
    """The city, or state, that hosts what is held: ``تستضيف طهران، الجمعة، قمة``."""
    for hit in line.hits:
        host = next((entity for entity in hit.entities if entity.kind is kind), None)
        if not host or hit.span > mention.span or not hit.first:
            continue
        words = [word for word in line.words if hit.span.end <= word.span.start < mention.span.start]
        if has_role(line.words[hit.first - 1].folded, "hosting") and len(words) <= WORDS_BACK_TO_PLACE:
            return host
    return None


def destination_of(line: Line, mention: TalksMention) -> Entity | None:
    """The city to which somebody goes and meets there: ``ينتقل إلى باريس حيث يلتقي``."""
    before = [(hit, place) for hit, place in places_in(line) if hit.span.end <= mention.span.start]
    for hit, place in before[-1:]:
        words = [word.folded for word in line.words if hit.span.end <= word.span.start < mention.span.start]
        if words and WHERE in (words[0], words[-1]) and len(words) <= WORDS_BACK_TO_PLACE:
            return place
        if (
            mention.sort == ENCOUNTER
            and len(words) <= VISIT_REACH
            and _is_visited(line, hit)
            and _goes_on(line, mention)
        ):
            return place  # «زار بيروت الاثنين والتقى عون»
        led = hit.first > 0 and line.words[hit.first - 1].folded == TOWARDS
        if led and (_is_to_hold(words) or (not words and mention.span.start > hit.span.end and _is_for(line, mention))):
            return place  # «وصل إلى دمشق لإجراء محادثات», «توجه إلى بروكسل للقاء أشتون»
    return None


def is_near(line: Line, mention: TalksMention, place: Entity) -> bool:
    """Whether a place stands within few words of a mention."""
    distances = (words_between(line, mention.span, hit.span) for hit, one in places_in(line) if one == place)
    return any(distance <= WORDS_BACK_TO_PLACE for distance in distances)


def is_called_after_place(line: Line, mention: TalksMention) -> bool:
    """Whether the place follows a noun of meeting at once: ``قمة طهران``."""
    starts = {word.span.start for word in line.words}
    return any(
        hit.span.start in starts and words_between(line, mention.span, hit.span) == 0 for hit, _ in places_in(line)
    )


def holds(line: Line, hit: NameHit, mention: TalksMention) -> bool:
    """Whether a body stands between a verb of holding and what it holds: ``يعقد مجلس الأمن، الخميس، جلسة``."""
    holding = hit.first > 0 and has_role(line.words[hit.first - 1].folded, "conducting")
    return holding and hit.span < mention.span and words_between(line, mention.span, hit.span) <= WORDS_TO_HELD


def places_in(line: Line) -> Iterator[tuple[NameHit, Entity]]:
    """The names of places in a line, but for the country itself; behind ``في`` also those of bodies (``في الكرملين``)."""
    homes = domain("home")
    for hit in line.hits:
        named = (entity for entity in hit.entities if entity.kind is Kind.PLACE and entity.id not in homes)
        if place := next(named, None) or _seat_at(line, hit):
            yield hit, place


def _seat_at(line: Line, hit: NameHit) -> Entity | None:
    """Where a body sits in whose seat something is: behind ``في``, perhaps with its noun (``في مقر البنتاغون``)."""
    seat = seats().get(hit.entities[0].id)
    before = [word.folded for word in line.words[max(0, hit.first - 2) : hit.first]] if seat else []
    return seat if "في" in before[-1:] or (before[:1] == ["في"] and has_role(before[-1], "place_noun")) else None


def _held_before(line: Line, mention: TalksMention) -> Entity | None:
    """The city between a verb of holding and what is held: ``أجرى في بغداد، الثلاثاء، محادثات``."""
    place = city_before(line, mention)
    for hit, one in places_in(line) if place else ():
        before = line.words[max(0, hit.first - WORDS_BACK_TO_PLACE) : hit.first]
        if one == place and any(has_role(word.folded, "conducting") for word in before) and hit.span < mention.span:
            return place
    return None


def _is_where(line: Line, hit: NameHit, between: Sequence[Word]) -> bool:
    """Whether the words before a place make it the one where something is: nothing, ``في``, or ``في`` with a noun."""
    first = line.words[hit.first]
    if first.span.start < hit.span.start and first.folded.startswith("ب"):
        return True
    words = [word.folded for word in between if word.folded not in QUOTES]
    while words and (has_role(words[-1], "place_noun") or (words[-1].endswith("يه") and len(words) > 1)):
        words.pop()
    nouns = len([word for word in between if word.folded not in QUOTES]) > len(words)
    to_it = words[-1:] and (
        words[-1] == TOWARDS or (first.span.start < hit.span.start and first.folded.startswith(LAM))
    )
    if to_it and any(has_role(word, "visit") for word in words[-VISIT_REACH:]):
        return True  # «خلال زيارة مفاجئة إلى طهران», «في زيارة لطهران»
    return not words or words[-1] == "في" or (nouns and has_role(words[-1].removeprefix("ب"), "place_noun"))


def _is_topic(words: Sequence[Word], at: int) -> bool:
    """Whether what follows is what a meeting is about: not where it is, unless it is only the domain (``حول سوريا في``)."""
    following = words[at + 1].folded if at + 1 < len(words) else ""
    return has_role(words[at].folded, "about") and not tells_of(following, "about")


def _is_to_hold(words: Sequence[str]) -> bool:
    """Whether only when he goes stands between where somebody goes and *to hold* (``إلى دمشق، الاثنين، لإجراء``)."""
    *dates, last = words or [""]
    return (
        last == TO_HOLD
        and len(dates) <= VISIT_REACH
        and not any(has_role(word, "preposition") and word != "في" for word in dates)
    )


def _is_visited(line: Line, hit: NameHit) -> bool:
    """Whether a verb of visiting or arriving stands before a place in its clause."""
    before = [word.folded for word in line.words[max(0, hit.first - 2 * VISIT_REACH) : hit.first]]
    return any(has_role(word, "visiting") for word in before) and not any(has_role(w, "complement") for w in before)


def _goes_on(line: Line, mention: TalksMention) -> bool:
    """Whether a verb of meeting goes on with *and*: ``والتقى``."""
    return any(word.folded.startswith(WAW) for word in line.words if word.span.overlaps(mention.span))


def _is_for(line: Line, mention: TalksMention) -> bool:
    """Whether a mention is what somebody goes for: ``للقاء``, ``لمحادثات``."""
    return any(word.folded.startswith(LAM) for word in line.words if word.span.overlaps(mention.span))
