"""The talks in a sentence, as the object or subject of a rule."""

from __future__ import annotations

from collections.abc import Collection

from kg.language.arabic import HEH, YEH
from kg.language.titles import COMMAS, STOPS
from kg.language.words import QUOTES
from kg.relate.search import OCCASIONS, PREPOSITION_REACH, Filler
from kg.relate.sentence import View
from kg.relate.triggers import Trigger
from kg.vocabulary import AGREEMENTS, Kind

EVENT_REACH = 24


def event(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The talks in the sentence that stand nearest, behind the trigger rather than before it."""
    events = [p for p in view.places if p.link.entities[0].kind in OCCASIONS | AGREEMENTS and p.link.fitting(kinds)]
    after = [p for p in events if 0 <= p.first - trigger.last <= EVENT_REACH]
    earlier = [p for p in events if 0 <= trigger.first - p.last <= EVENT_REACH]
    if not (after or earlier):
        return None
    place = after[0] if after else earlier[-1]
    found = place.link.fitting(kinds)
    return Filler((found,), place.first, place.last) if found else None


def event_before(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The talks that end before the trigger in the same clause."""
    for at in range(trigger.first - 1, max(-1, trigger.first - PREPOSITION_REACH), -1):
        place = view.place_at(at)
        if view.folded(at) in STOPS:
            return None
        if place and place.link.entities[0].kind in OCCASIONS | AGREEMENTS and (found := place.link.fitting(kinds)):
            return Filler((found,), place.first, place.last)
    return None


def event_beside(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The talks before the trigger with nothing between but where, when or that they are held (``القمة في … بين``)."""
    for at in range(trigger.first - 1, max(-1, trigger.first - PREPOSITION_REACH), -1):
        place = view.place_at(at)
        if place and place.link.entities[0].kind in OCCASIONS:
            found = place.link.fitting(kinds)
            return Filler((found,), place.first, place.last) if found else None
        word, roles = view.folded(at), ("preposition", "place_noun", "holding", "relative", "span")
        described = word.endswith((YEH, YEH + HEH)) or at in view.adjectives or word in COMMAS | QUOTES
        if not (place or at in view.dated or described or any(view.is_role(at, role) for role in roles)):
            return None
    return None


def topic(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The round that the article is about, where the trigger by its nature speaks of it."""
    if view.topic and view.topic.kind in kinds:
        return Filler((view.topic,), trigger.first, trigger.last)
    return None


def event_next(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The talks that begin right behind the trigger (``خلال قمة طهران``)."""
    place = next((p for at in (trigger.last, trigger.last + 1) if (p := view.place_at(at))), None)
    found = place.link.fitting(kinds) if place and place.link.entities[0].kind in OCCASIONS else None
    return Filler((found,), place.first, place.last) if place and found else None
