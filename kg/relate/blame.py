"""Who is accused, and who helps, promises or goes on to help: nouns behind ``ب`` whose meaning the verb before them decides."""

from __future__ import annotations

from collections.abc import Collection

from kg.language.arabic import BEH
from kg.language.titles import COMMAS, STOPS
from kg.relate.described import right_before
from kg.relate.owning import of
from kg.relate.search import Filler, ends_clause, left_of, object_start, right_of
from kg.relate.sentence import View
from kg.relate.triggers import Trigger
from kg.vocabulary import Kind

BLAME_REACH = CHARGE_REACH = 14
VOW_REACH = 7
SHORTEST_CHARGE = 4
"""Letters of a word that begins with ``ب`` as a preposition."""


def bearer(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who stands right before ``ب`` and a deed (``اتهام النظام باستخدام السلاح الكيماوي``)."""
    at = trigger.first
    while at - 1 in view.dated or view.folded(at - 1) in COMMAS:
        at -= 1  # «اتهمت … إسرائيل، الاثنين، بضلوعها»
    return right_before(view, at, kinds)


def blamed(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who stands right before ``ب`` and a noun, where somebody is accused (``تتهم واشنطن إيران بدعم الحوثيين``)."""
    return right_before(view, trigger.first, kinds) if _is_blame(view, trigger) else None


def charged(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who stands right before the charge, behind whatever tells when (``اتهمت إسرائيل للمرة الأولى إيران باستهدافها``)."""
    if other is None or other.first == trigger.first:
        return None  # who spoke before, while somebody unknown accuses
    start = object_start(trigger, other)
    for at in range(start, min(start + CHARGE_REACH, len(view.words))):
        word = view.folded(at)
        charge = word[:1] == BEH and len(word) > SHORTEST_CHARGE and view.place_at(at) is None
        if charge and not view.is_role(at, "preposition") and (found := right_before(view, at, kinds)):
            place = view.place_at(found.first)
            return None if place and view.governed(view.group_of(place)) else found
        if word in STOPS or view.is_role(at, "complement"):
            return None
    return None


def helper(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who helps, in the clause and where nobody is accused of it (``استعاد الجيش تدمر بمساعدة روسيا``)."""
    apart = view.folded(trigger.first - 1) in COMMAS or view.is_role(trigger.first - 1, "this")
    return None if apart or _is_blame(view, trigger) else of(view, trigger, kinds, other)


def aid(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whose support it is, where nobody vows or goes on to give it (``سيطرت … بدعم روسي``, not ``تعهدت روسيا بدعم``)."""
    return of(view, trigger, kinds, other) if _vow(view, trigger) is None else None


def vower(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who vows or goes on to do something (``تعهدت فرنسا بدعم``, ``التزام واشنطن بدعم``): behind the word, else before it."""
    vow = _vow(view, trigger)
    if vow is None:
        return None
    between = right_of(view, vow + 1, trigger.first - vow - 1, kinds)
    return between or left_of(view, vow, kinds)


def _vow(view: View, trigger: Trigger) -> int | None:
    """The word of vowing shortly before support, in its clause."""
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - VOW_REACH), -1):
        if view.is_role(at, "vowing") and view.place_at(at) is None:
            return at
        if ends_clause(view, at) or view.folded(at) in COMMAS:
            return None
    return None


def _is_blame(view: View, trigger: Trigger) -> bool:
    return any(view.is_role(at, "accusing") for at in range(max(0, trigger.first - BLAME_REACH), trigger.first))
