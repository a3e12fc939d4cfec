"""Where a trigger's subject and object stand: the slots that ``seeds/triggers.tsv`` names.

A slot looks for a group of linked names at a place in the sentence that Arabic syntax makes likely, and gives up at
the first sign that it has left the clause. Nothing found is nothing claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from kg.arabic import BEH, KAF, LAM
from kg.model import Entity
from kg.sentence import COMMAS, STOPS, Group, View
from kg.triggers import Trigger
from kg.vocabulary import EVENTS, Kind

AGENT_REACH = 9
"""Words after a verb within which its subject stands; titles (``نائب وزير الخارجية السوري``) are long."""
BEFORE_REACH = 16
"""Words before a verb within which a subject that precedes it ends."""
OF_REACH = 5
OBJECT_REACH = 7
PREPOSITION_REACH = 14
EVENT_REACH = 24
OCCASIONS = EVENTS | {Kind.TRACK}
_ATTACHED = frozenset(BEH + LAM + KAF)


@dataclass(frozen=True, slots=True)
class Filler:
    """What a slot found: entities, and the words from ``first`` to ``last`` (exclusive) that show them."""

    entities: tuple[Entity, ...]
    first: int
    last: int


Search = Callable[[View, Trigger, Collection[Kind], Filler | None], Filler | None]


def fill(slot: str, view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The first filler that one of a slot's alternatives (separated by spaces) finds.

    ``other`` is the subject when the object is looked for. A slot is the name of a search in ``SEARCHES`` or
    ``prep:`` and a preposition, where ``prep:ب`` and ``prep:ل`` mean the attached letters.
    """
    for alternative in slot.split():
        name, _, argument = alternative.partition(":")
        found = _after_preposition(argument, view, trigger, kinds, other) if argument else SEARCHES[name](view, trigger, kinds, other)
        if found:
            return found
    return None


def _filler(group: Group, kinds: Collection[Kind]) -> Filler | None:
    entities = group.fitting(kinds)
    return Filler(entities, group.first, group.last) if entities else None


def _attached(view: View, group: Group) -> bool:
    """Whether a one-letter preposition stands on the group's first word."""
    return bool(_ATTACHED & set(view.clitic(group.members[0])))


def _ends_clause(view: View, at: int) -> bool:
    return view.folded(at) in STOPS or any(view.is_role(at, role) for role in ("complement", "relative", "connector"))


def _group_right(view: View, start: int, reach: int, *, through_commas: bool = True) -> tuple[Group | None, Entity | None, int]:
    """The first group within reach that no preposition governs; else an adjective of a state, with its index."""
    adjective: tuple[Entity, int] | None = None
    for at in range(start, min(start + reach, len(view.words))):
        place = view.place_at(at)
        if place:
            group = view.group_of(place)
            return (None, None, at) if _attached(view, group) else (group, None, at)
        if _ends_clause(view, at) or (view.folded(at) in COMMAS and (adjective or not through_commas)):
            break
        if view.is_role(at, "preposition") and not (view.folded(at) == "من" and at <= start + 1):
            break
        if at in view.adjectives:
            adjective = adjective or (view.adjectives[at], at)
    return (None, *adjective) if adjective else (None, None, start)


def _right(view: View, start: int, reach: int, kinds: Collection[Kind], *, through_commas: bool = True) -> Filler | None:
    group, state, at = _group_right(view, start, reach, through_commas=through_commas)
    if group:
        return _filler(group, kinds)
    return Filler((state,), at, at + 1) if state and state.kind in kinds else None


def _left(view: View, end: int, kinds: Collection[Kind]) -> Filler | None:
    """The nearest group that ends before ``end`` and can act: not governed by a preposition, unless a relative clause
    begins behind it."""
    relative = False
    at = end - 1
    while at >= max(0, end - BEFORE_REACH):
        place = view.place_at(at)
        if place:
            group = view.group_of(place)
            governed = _attached(view, group) or view.is_role(group.first - 1, "preposition")
            if (relative or not governed) and (found := _filler(group, kinds)):
                return found
            relative, at = False, group.first - 1
        elif view.folded(at) in STOPS or view.is_role(at, "complement"):
            return None
        else:
            relative = relative or view.is_role(at, "relative")
            at -= 1
    return None


def agent(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """A verb's subject: behind it, else before it."""
    return _right(view, trigger.last, AGENT_REACH, kinds) or _left(view, trigger.first, kinds)


def before(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The nearest group before the trigger that can act."""
    return _left(view, trigger.first, kinds)


def of(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a noun belongs to: the group or adjective right behind it (``هجوم قوات النظام``, ``غارات روسية``)."""
    if trigger.pronoun:
        return _left(view, trigger.first, kinds)
    return _right(view, trigger.last, OF_REACH, kinds, through_commas=False)


def direct(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """A verb's direct object: behind the subject that follows it, else behind the verb."""
    start = other.last if other and other.first >= trigger.last else trigger.last
    return _right(view, start, OBJECT_REACH, kinds)


def antecedent(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a relative clause is about (``إدلب التي تسيطر عليها الفصائل``): the group right before the pronoun."""
    for at in range(trigger.first - 1, max(-1, trigger.first - 4), -1):
        if view.is_role(at, "relative"):
            for back in range(at - 1, max(-1, at - 5), -1):
                place = view.place_at(back)
                if place:
                    return _filler(view.group_of(place), kinds)
    return None


def modified(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What an adjective or participle describes: the group that ends right before it (``القوات المدعومة من``)."""
    for at in range(trigger.first - 1, max(-1, trigger.first - 4), -1):
        place = view.place_at(at)
        if place:
            return _filler(view.group_of(place), kinds)
        if view.folded(at) in STOPS:
            return None
    return None


def event(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The talks in the sentence that stand nearest, behind the trigger rather than before it."""
    events = [p for p in view.places if p.link.entities[0].kind in OCCASIONS and p.link.fitting(kinds)]
    after = [p for p in events if 0 <= p.first - trigger.last <= EVENT_REACH]
    earlier = [p for p in events if 0 <= trigger.first - p.last <= EVENT_REACH]
    if after or earlier:
        place = after[0] if after else earlier[-1]
        found = place.link.fitting(kinds)
        return Filler((found,), place.first, place.last) if found else None
    return None


def event_before(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The talks that end before the trigger in the same clause."""
    for at in range(trigger.first - 1, max(-1, trigger.first - PREPOSITION_REACH), -1):
        place = view.place_at(at)
        if view.folded(at) in STOPS:
            return None
        if place and place.link.entities[0].kind in OCCASIONS and (found := place.link.fitting(kinds)):
            return Filler((found,), place.first, place.last)
    return None


def topic(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The round that the article is about, where the trigger by its nature speaks of it."""
    if view.topic and view.topic.kind in kinds:
        return Filler((view.topic,), trigger.first, trigger.last)
    return None


def _after_preposition(
    preposition: str, view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None
) -> Filler | None:
    """The group behind a preposition that follows the trigger in its clause."""
    start = other.last if other and other.first >= trigger.last else trigger.last
    for at in range(start, min(start + PREPOSITION_REACH, len(view.words))):
        place = view.place_at(at)
        if place and len(preposition) == 1 and preposition in view.clitic(place):
            return _filler(view.group_of(place), kinds)
        if view.folded(at) == preposition:
            return _right(view, at + 1, OBJECT_REACH, kinds)
        if _ends_clause(view, at):
            return None
    return None


SEARCHES: dict[str, Search] = {
    search.__name__.replace("_", "-"): search
    for search in (agent, before, of, direct, antecedent, modified, event, event_before, topic)
}



def speaker_after(view: View, start: int, kinds: Collection[Kind]) -> Entity | None:
    """The one who speaks, behind a verb of speech: a person or ministry, the last of an apposition."""
    found = _right(view, start, AGENT_REACH, kinds)
    return found.entities[0] if found else None


def speaker_before(view: View, end: int, kinds: Collection[Kind]) -> Entity | None:
    """The one who speaks, before a verb of speech."""
    found = _left(view, end, kinds)
    return found.entities[0] if found else None
