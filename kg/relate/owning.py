"""Whose deed a noun tells of: the name right behind it, whom its pronoun means, or the subject of a verb that carries it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kg.language.arabic import ALEF, ARTICLE, BEH, HEH, LAM, WAW, stems
from kg.language.cues import has_role
from kg.language.inflect import Agreement
from kg.language.titles import COMMAS, STOPS
from kg.relate.agreeing import gender
from kg.relate.described import antecedent, before, right_before
from kg.relate.search import (
    AGENT_REACH,
    BEFORE_REACH,
    OF_REACH,
    Filler,
    ends_clause,
    filler_of,
    is_backer,
    left_of,
    object_start,
    right_of,
)
from kg.relate.sentence import FROM, HASH, Group, Place, View
from kg.relate.triggers import Trigger, is_event_noun, is_trigger
from kg.vocabulary import PERSONS, Kind

CARRIER_REACH = 12
THEM = "هم"
FIGHTERS = frozenset({Kind.ARMED_GROUP, Kind.GROUP_ACTOR})
CLAUSE_REACH = 8
CONVENED_REACH = 3
TO = "الي"


def owner(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom the pronoun on a noun means (``لقائه``): the nearest group before it, governed or not."""
    return meant(view, trigger, kinds) if trigger.pronoun else None


def convened(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom alone the pronoun on a verb of bringing together means, behind a meeting (``قمة … تجمعه بنظيره``)."""
    one = {*PERSONS, Kind.STATE} & set(kinds)
    theirs = owner(view, trigger, one, other) if trigger.tense else meant(view, trigger, one)  # «اللقاء الذي جمعه ب»
    found = theirs if is_of_meeting(view, trigger) else None
    return found if found and len(found.entities) == 1 else None


def is_of_meeting(view: View, trigger: Trigger) -> bool:
    """Whether a noun of meeting stands right before a verb."""
    near = range(max(0, trigger.first - CONVENED_REACH), trigger.first)
    return any(has_role(stem, "meeting_noun") for at in near for stem, _ in stems(view.folded(at)))


def possessor(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The same for a word that the table writes with its pronoun."""
    return meant(view, trigger, kinds)


def meant(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    """Whom the pronoun on a noun can mean: the nearest group before it that can own it."""
    for at in range(trigger.first - 1, max(-1, trigger.first - BEFORE_REACH), -1):
        place = view.place_at(at)
        backs = place and is_backer(view, view.group_of(place).first)
        if place and not backs and _can_own(view, trigger, place) and (found := filler_of(view.group_of(place), kinds)):
            return found
        if view.folded(at) in STOPS:
            return None
    return None


def _can_own(view: View, trigger: Trigger, place: Place) -> bool:
    """Whether the pronoun on the trigger, *her* or *his*, can mean a name; it seldom means where something is."""
    before = view.group_of(place).first - 1
    if view.folded(before - (view.folded(before) == HASH)) == "في":
        return False
    words = (view.folded(at) for at in range(trigger.last - 1, trigger.first - 1, -1))
    word = next((word for word in words if not word.startswith(ARTICLE)), "")  # «حملتها العسكرية»
    other = Agreement.MASCULINE if word.endswith(HEH + ALEF) else Agreement.FEMININE if word.endswith(HEH) else None
    return other is None or gender(view, place) is not other


def own_forces(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom a pronoun means on the noun, or on the forces right behind it (``إجلاء … مقاتليها``)."""
    relative = next((at for at in range(trigger.first - 3, trigger.first) if view.is_role(at, "relative")), None)
    if trigger.pronoun and relative is not None and view.folded(relative - 1) not in COMMAS:
        return antecedent(view, trigger, kinds, other)  # «المدنيين الذين تم إجلاؤهم»
    near = range(trigger.last, min(trigger.last + OF_REACH, len(view.words)))
    theirs = trigger.pronoun or any(view.is_role(at, "own_forces") for at in near)
    kinds = FIGHTERS & set(kinds) if view.folded(trigger.first).endswith(THEM) else kinds
    return (left_of(view, trigger.first, kinds) or meant(view, trigger, kinds)) if theirs else None


def of(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a noun belongs to: the group or adjective right behind it (``هجوم قوات النظام``, ``غارات روسية``).

    Behind a noun of attack with the article only an adjective can tell it (``الضربات توجع إيران``).
    """
    found = None if trigger.pronoun else right_of(view, trigger.last, OF_REACH, kinds, commas=False)
    named = found and view.place_at(found.first)
    return None if named and _is_definite_attack(view, trigger) else found


def _is_definite_attack(view: View, trigger: Trigger) -> bool:
    definite = view.folded(trigger.first).removeprefix(WAW).startswith((ARTICLE, BEH + ARTICLE, LAM + LAM))
    return definite and is_event_noun(view.folded(trigger.first)) and trigger.last == trigger.first + 1


def done_by(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who does it by the verb of a clause about it (``الهجوم الذي تشنه القوات``, ``غارات نفذتها روسيا``)."""
    start = object_start(trigger, other)
    for at in range(start, min(start + CLAUSE_REACH, len(view.words))):
        word = view.folded(at)
        if view.place_at(at) or word in STOPS or view.is_role(at, "complement"):
            return None
        pronoun = word.endswith((HEH, HEH + ALEF)) or view.is_role(at + 1, "resumptive")
        if at > start - 1 and pronoun and view.is_role(at, "carrier"):
            return right_of(view, at + 1, AGENT_REACH, kinds)
    return None


def carried(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom a noun's pronoun means, or the subject of the verb that carries it (``بدأت تركيا عملية``, ``باستهداف``)."""
    if trigger.pronoun:
        return owner(view, trigger, kinds, other)
    if (carrier := _carrier(view, trigger)) is not None:
        return _subject_of_carrier(view, carrier, trigger, kinds)
    if trigger.preposition != BEH or view.folded(trigger.first).startswith(BEH + ARTICLE):
        return None
    return right_before(view, trigger.first, kinds) or before(view, trigger, kinds, other)


def borne(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The subject of the verb that carries a noun (``تواصل إيران دعم``), unless it is something got (``حصل على دعم``)."""
    carrier = None if trigger.pronoun or view.folded(trigger.first - 1) in ("علي", FROM) else _carrier(view, trigger)
    ended = carrier is not None and view.is_role(carrier, "stopping")
    return None if carrier is None or ended else _subject_of_carrier(view, carrier, trigger, kinds)


def phrase(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The same as ``of`` without what a comma adds (``المدعومة من تركيا، وعناصر من …``)."""
    return before_comma(view, of(view, trigger, kinds, other), kinds)


def before_comma(view: View, found: Filler | None, kinds: Collection[Kind]) -> Filler | None:
    """Of a list only what stands before its first comma; nothing of one that a comma and *and* lead to."""
    place = view.place_at(found.first) if found else None
    if not place:
        return found
    if view.folded(place.first - 1) in COMMAS and WAW in view.clitic(place):
        return None  # «تركيا التي تدعم حركات محلية، وإيران وروسيا حليفتا النظام»
    kept: list[Place] = []
    for member in view.group_of(place).members:
        if kept and any(view.folded(at) in COMMAS for at in range(kept[-1].last, member.first)):
            break
        kept.append(member)
    return filler_of(Group(tuple(kept)), kinds)


def doer(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who does what a noun tells: in a clause about it, as subject of what carries it, or else whose it is."""
    if found := done_by(view, trigger, kinds, other):
        return found
    carrier = _carrier(view, trigger)
    if carrier is None:
        struck = view.is_role(trigger.last, "struck")  # «قصف مواقع المعارضة» is not theirs
        whose = None if struck else of(view, trigger, kinds, other)
        return whose or carried(view, trigger, kinds, other)
    if trigger.last in view.adjectives and _is_definite_attack(view, trigger):
        return of(view, trigger, kinds, other)  # «شنت … ردا على العملية التركية»
    found = carried(view, trigger, kinds, other)
    return found or (of(view, trigger, kinds, other) if view.is_role(carrier, "intending") else None)


def carries(view: View, trigger: Trigger) -> bool:
    """Whether a verb before the trigger carries it, so that it is a noun (``واصلت … قصف``)."""
    carrier = None if trigger.conjoined else _carrier(view, trigger)
    return carrier is not None and not any(view.folded(at) in COMMAS for at in range(carrier, trigger.first))


def _carrier(view: View, trigger: Trigger) -> int | None:
    """The verb or noun that carries the trigger (``شن``, ``بدأ``, ``القيام ب``), if one stands shortly before it."""
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - CARRIER_REACH), -1):
        if view.is_role(at, "carrier") and not _leads(view, at):
            return at
        if view.is_role(at, "intending") and not _is_apart(view, at, trigger.first):
            return at
        if ends_clause(view, at) or view.is_role(at, "occurrence") or _is_attitude(view, at):
            return None
    return None


def _is_attitude(view: View, at: int) -> bool:
    """Whether a noun with a pronoun tells what somebody thinks of a deed (``أعلنت تأييدها للضربات``)."""
    word = view.folded(at)
    theirs = (
        word.endswith((HEH, HEH + ALEF))
        and not word.startswith(ARTICLE)
        and view.place_at(at) is None
        and view.folded(at + 1).startswith(LAM)
    )
    return theirs and is_trigger(word) and not (is_event_noun(word) or view.is_role(at + 1, "resumptive"))


def _is_apart(view: View, verb: int, noun: int) -> bool:
    """Whether a preposition between a verb of intention and a noun leads to something else (``هددت بالرد على الغارات``)."""
    end = noun - (view.folded(noun - 1) == TO)
    between = [at for at in range(verb + 1, end) if at not in view.dated and not view.place_at(at)]
    return any(
        view.is_role(at, "preposition") or (view.folded(at).startswith(BEH) and not view.is_role(at, "carrier"))
        for at in between
    )


def _leads(view: View, at: int) -> bool:
    """Whether a verb tells who leads somebody (``التحالف الذي تقوده السعودية``), not what is done."""
    return view.folded(at).endswith((HEH, HEH + ALEF)) and view.is_role(at - 1, "relative")


def _subject_of_carrier(view: View, at: int, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    between = right_of(view, at + 1, max(0, trigger.first - at - 1), kinds)
    examined = view.folded(at - 1) == "في" and view.is_role(at - 2, "of_others")  # «بالتحقيق في شن هجوم»
    told = examined or view.is_role(at - 1, "of_others") or view.is_role(at - 1, "passive")
    if view.is_role(at, "doing") and told:
        return between  # «حذرت … من شن هجوم»: she warns, others attack; «تم شن هجوم» tells no doer, nor «مزاعم شن هجوم»
    noun = view.folded(at).startswith(BEH) and right_before(view, at, kinds)
    if view.folded(at).startswith((BEH, LAM)) and view.folded(at).endswith((HEH, HEH + ALEF)):  # «بشنها هجوما»
        noun = noun or meant(view, replace(trigger, first=at, last=at + 1), kinds)
    return between or noun or left_of(view, at, kinds)
