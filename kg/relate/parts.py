"""Further objects that a list adds to the one that a slot found.

The parts of what was named (``الغوطة، بما في ذلك دوما``, ``التي يسيطر عليها الفيلق، وهي بلدات عربين وزملكا``) and what a
repeated preposition joins (``في إدلب وفي ريف حماة``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kg.language.arabic import LAM, WAW
from kg.language.cues import has_role
from kg.language.titles import COMMAS, STOPS
from kg.language.words import QUOTES
from kg.relate.search import OBJECT_REACH, Filler, filler_of, right_of
from kg.relate.sentence import View
from kg.relate.triggers import Trigger
from kg.vocabulary import SIGNATURES, Kind, Predicate

LISTED = frozenset({Predicate.ATTACKED, Predicate.CONTROLS, Predicate.WITHDREW_FROM})
"""What is told of a place and so of its parts that are named behind it."""
PARTS_REACH = 5
"""Words behind the objects and the subject within which a list of parts is opened."""
HEADS_REACH = 3
"""Nouns (``وهي مدن وبلدات``) before the first part."""
JOINED_REACH = 4
UNKNOWN_REACH = 2
"""Words between commas that may be a part without a link (``تل رفعت، احرص، حربل``)."""
HELD = frozenset({Kind.PLACE})
FORCES = frozenset({Kind.ARMED_GROUP, Kind.GROUP_ACTOR, Kind.STATE})
OTHERS = frozenset({"اخري", "واخري"})
NOT = "لا"
"""The first word of ``لا سيما``, written apart."""
JOINING = frozenset({"في", "علي", "من", "داخل"})


def parts(view: View, trigger: Trigger, subject: Filler, target: Filler) -> Iterator[Filler]:
    """What a list adds to the object of a rule, if its relation passes on to parts."""
    if trigger.row.predicate not in LISTED:
        return
    if found := _joined(view, trigger, target) or _another(view, target):
        yield found
    at = max(subject.last, target.last, trigger.last)
    for opening in range(at, min(at + PARTS_REACH, len(view.words))):
        if view.folded(opening) in STOPS or (view.place_at(opening) and not view.is_role(opening, "such_as")):
            return
        if view.is_role(opening, "such_as"):
            yield from _members(view, opening + 1)
            return


def exemplified(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The first places of a list that names what is only a plural (``بلدات تسيطر عليها الفصائل، مثل دوما``)."""
    at = max(other.last if other else 0, trigger.last)
    opening = at + (view.folded(at) in COMMAS | QUOTES)
    opening += view.folded(opening) == NOT  # «لا سيما»
    return next(_members(view, opening + 1), None) if Kind.PLACE in kinds and view.is_role(opening, "such_as") else None


def _members(view: View, start: int) -> Iterator[Filler]:
    """The places of a list, in groups; commas may hold single words between them that are linked to nothing."""
    at, unknown = start, 0
    while view.is_role(at, "site") or view.is_role(at, "place_noun") or _is_head(view, at):
        at += 1
        if at - start > HEADS_REACH:
            return
    while at < len(view.words) and unknown <= UNKNOWN_REACH:
        place = view.place_at(at)
        if place:
            found = filler_of(view.group_of(place), HELD)
            if not found or view.attached(view.group_of(place)):
                return
            yield found
            at, unknown = found.last, 0
        elif view.folded(at) in COMMAS | QUOTES:
            at, unknown = at + 1, 0
        elif at > start and _is_unknown_part(view, at):
            at, unknown = at + 1, unknown + 1
        else:
            return


def _is_unknown_part(view: View, at: int) -> bool:
    """Whether a word stands between commas, or with *and* before a place that has *and* (``مسرابا وجسرين ودوما``)."""
    if view.folded(at - 1) in COMMAS:
        return view.folded(at + 1) in COMMAS
    following = view.place_at(at + 1)
    return view.folded(at).startswith(WAW) and following is not None and WAW in view.clitic(following)


def _is_head(view: View, at: int) -> bool:
    """Whether a word is *in that* (``بما في ذلك``) or a noun of places with *and* (``مدن وبلدات``)."""
    word = view.folded(at)
    bare = word.removeprefix(WAW)
    return word in ("في", "ذلك", "فيها") or (bare != word and has_role(bare, "site"))


def _another(view: View, target: Filler) -> Filler | None:
    """Whose others of the same sort are hit besides (``أهدافا لقوات النظام، أو أخرى لحزب الله``)."""
    at = target.last + (view.folded(target.last) in COMMAS)
    if view.folded(at) not in OTHERS and view.folded(at + 1) not in OTHERS:
        return None
    place = view.place_at(at + 1) or view.place_at(at + 2)
    theirs = place and place.first in (at + 1, at + 2) and LAM in view.clitic(place)
    return (
        filler_of(view.group_of(place), {entity.kind for entity in target.entities} | FORCES)
        if place and theirs
        else None
    )


def _joined(view: View, trigger: Trigger, target: Filler) -> Filler | None:
    """What *and* with the object's own preposition joins to it (``على إدلب وعلى ريف حماة``)."""
    governing = {view.folded(at) for at in range(trigger.last, target.first)} & JOINING
    for at in range(target.last, min(target.last + JOINED_REACH, len(view.words))):
        if view.folded(at).removeprefix(WAW) in governing and view.folded(at).startswith(WAW):
            kinds = SIGNATURES[trigger.row.predicate].range & {entity.kind for entity in target.entities}
            return right_of(view, at + 1, OBJECT_REACH, kinds, commas=False, adjectives=False, sites=True)
        if view.place_at(at) or view.folded(at) in STOPS:
            return None
    return None
