"""Who does it: the slots for the subject of a verb, the doer of a noun, and what a relative clause is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kg.language.arabic import ALEF, ARTICLE, BEH, HEH, LAM, WAW, YEH, fold
from kg.language.inflect import NOON
from kg.language.titles import COMMAS, STOPS
from kg.relate.search import (
    AGENT_REACH,
    BEFORE_REACH,
    OF_REACH,
    SPEAKER_GAP,
    Filler,
    ends_clause,
    filler_of,
    is_backer,
    is_within,
    left_of,
    object_start,
    right_of,
)
from kg.relate.sentence import FROM, Group, Place, View
from kg.relate.triggers import Form, Trigger, is_trigger
from kg.vocabulary import PERSONS, Kind

ANTECEDENT_REACH = 12
MODIFIED_REACH = 4
CARRIER_REACH = 12
ADJECTIVE_REACH = 2
ASIDE_REACH = 6
THEM = "هم"
FIGHTERS = frozenset({Kind.ARMED_GROUP, Kind.GROUP_ACTOR})
RESUMED_REACH = 6
CLAUSE_REACH = 8
SINGULAR_RELATIVES = frozenset({"الذي", "التي"})
TIMES = frozenset({"وقت", "الوقت", "حين", "يوم", "اليوم"})


def agent(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """A verb's subject: right before it (``أمريكا تتهم``), else behind it, else further before it."""
    if _is_the_speaker(view, trigger):
        return says(view, trigger, kinds, other)
    if _takes_object_therein(view, trigger):
        return left_of(view, trigger.first, kinds) or _meant(view, trigger, kinds)
    if _is_of_relative(view, trigger):
        return antecedent(view, trigger, kinds, other) or _right_behind(view, trigger, kinds)
    if _is_plural(view, trigger):
        return left_of(view, trigger.first, kinds)
    return _subject(view, trigger, kinds)


def _is_of_relative(view: View, trigger: Trigger) -> bool:
    """Whether the verb's subject is what its relative clause is about (``الجماعات التي تسيطر على …``)."""
    resumed = any(view.is_role(at, "resumptive") for at in range(trigger.last, trigger.last + RESUMED_REACH))
    return view.is_role(trigger.first - 1, "relative") and not (trigger.pronoun or resumed)


def _right_behind(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    place = view.place_at(trigger.last)
    return filler_of(view.group_of(place), kinds) if place and not view.attached(view.group_of(place)) else None


def _is_plural(view: View, trigger: Trigger) -> bool:
    """Whether the verb's ending shows that its subject came before (``مقاتلون … يحاربون``)."""
    word = view.folded(trigger.first)
    singular = any(word.endswith(fold(verb.split()[0].split("/")[1])[1:]) for verb in trigger.row.words)
    return word.endswith((WAW + NOON, WAW + ALEF)) and not singular


def _subject(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    """The same for a verb of a clause of its own."""
    place = None if trigger.conjoined else view.place_at(trigger.first - 1)
    if place and is_within(view, view.group_of(place)):
        return left_of(view, trigger.first, kinds)
    if place and trigger.pronoun and (found := right_of(view, trigger.last, AGENT_REACH, kinds)):
        return found  # «مقاتلون أكراد تدعمهم واشنطن»
    if place and not (view.governed(view.group_of(place)) and not _is_of_noun(view, place)):
        found = filler_of(view.group_of(place), kinds)
        if found:
            return found
    behind = right_of(view, trigger.last, AGENT_REACH, kinds)
    if behind or _has_resumptive(view, trigger) or _has_other_subject(view, trigger, kinds):
        return behind
    return left_of(view, trigger.first, kinds)


def _takes_object_therein(view: View, trigger: Trigger) -> bool:
    """Whether the verb is of a clause about something said (``بيانا تطالب فيه موسكو``): who stands behind is its object."""
    time = view.folded(trigger.first - 1) in TIMES
    return view.is_role(trigger.last, "therein") and "direct" in trigger.row.object.split() and not time


def _is_the_speaker(view: View, trigger: Trigger) -> bool:
    """Whether the verb follows *that he* (``قال إنه بحث``), negated or in the future or not."""
    at = trigger.first - 1
    while view.is_role(at, "particle"):
        at -= 1
    return view.is_role(at, "that_he") and not trigger.conjoined


def _is_of_noun(view: View, place: Place) -> bool:
    """Whether ``ل`` gives the doer of a noun that is the subject (``القصف الكثيف لقوات النظام استهدف``)."""
    first = view.group_of(place).first
    attached = LAM in view.clitic(view.group_of(place).members[0])
    return attached and any(is_trigger(view.folded(at)) for at in range(max(0, first - OF_REACH + 1), first))


def _has_other_subject(view: View, trigger: Trigger, kinds: Collection[Kind]) -> bool:
    """Whether a person stands behind the verb who cannot be what the rule looks for: still its subject."""
    return not PERSONS & set(kinds) and right_of(view, trigger.last, AGENT_REACH, PERSONS) is not None


def _has_resumptive(view: View, trigger: Trigger) -> bool:
    """Whether the verb is of a relative clause about its object (``التي تسيطر عليها …``): its subject is behind it."""
    relative = any(view.is_role(trigger.first - back, "relative") for back in (1, 2))
    return relative and (trigger.pronoun or view.is_role(trigger.last, "resumptive"))


def before(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The nearest group before the trigger that can act."""
    return left_of(view, trigger.first, kinds)


def owner(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom the pronoun on a noun means (``لقائه``): the nearest group before it, governed or not."""
    return _meant(view, trigger, kinds) if trigger.pronoun else None


def possessor(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The same for a word that the table writes with its pronoun."""
    return _meant(view, trigger, kinds)


def _meant(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    for at in range(trigger.first - 1, max(-1, trigger.first - BEFORE_REACH), -1):
        place = view.place_at(at)
        backs = place and is_backer(view, view.group_of(place).first)
        if place and not backs and (found := filler_of(view.group_of(place), kinds)):
            return found
        if view.folded(at) in STOPS:
            return None
    return None


def own_forces(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom a pronoun means on the noun, or on the forces right behind it (``إجلاء … مقاتليها``)."""
    relative = next((at for at in range(trigger.first - 3, trigger.first) if view.is_role(at, "relative")), None)
    if trigger.pronoun and relative is not None and view.folded(relative - 1) not in COMMAS:
        return antecedent(view, trigger, kinds, other)  # «المدنيين الذين تم إجلاؤهم»
    near = range(trigger.last, min(trigger.last + OF_REACH, len(view.words)))
    theirs = trigger.pronoun or any(view.is_role(at, "own_forces") for at in near)
    kinds = FIGHTERS & set(kinds) if view.folded(trigger.first).endswith(THEM) else kinds
    return (left_of(view, trigger.first, kinds) or _meant(view, trigger, kinds)) if theirs else None


def of(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a noun belongs to: the group or adjective right behind it (``هجوم قوات النظام``, ``غارات روسية``)."""
    return None if trigger.pronoun else right_of(view, trigger.last, OF_REACH, kinds, commas=False)


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


def right_before(view: View, at: int, kinds: Collection[Kind]) -> Filler | None:
    """Who stands right before ``ب`` and a noun of doing, whatever governs him (``سمح لإيران بمهاجمة``)."""
    last = at - 1
    while at - last < ADJECTIVE_REACH and view.place_at(last) is None and _is_adjective(view.folded(last)):
        last -= 1
    place = view.place_at(last)
    return filler_of(view.group_of(place), kinds) if place else None


def _is_adjective(word: str) -> bool:
    """Whether a word looks like a definite adjective in the feminine (``اللبنانية``)."""
    return word.startswith(ARTICLE) and word.endswith((YEH, YEH + HEH))


def phrase(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The same as ``of`` without what a comma adds (``المدعومة من تركيا، وعناصر من …``)."""
    return before_comma(view, of(view, trigger, kinds, other), kinds)


def before_comma(view: View, found: Filler | None, kinds: Collection[Kind]) -> Filler | None:
    """Of a list only what stands before its first comma."""
    place = view.place_at(found.first) if found else None
    if not place:
        return found
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
    first, second = (carried, of) if _carrier(view, trigger) is not None else (of, carried)
    return first(view, trigger, kinds, other) or (second(view, trigger, kinds, other) if first is of else None)


def _carrier(view: View, trigger: Trigger) -> int | None:
    """The verb or noun that carries the trigger (``شن``, ``بدأ``, ``القيام ب``), if one stands shortly before it."""
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - CARRIER_REACH), -1):
        if view.is_role(at, "carrier") and not _leads(view, at):
            return at
        if ends_clause(view, at) or view.is_role(at, "occurrence"):
            return None
    return None


def _leads(view: View, at: int) -> bool:
    """Whether a verb tells who leads somebody (``التحالف الذي تقوده السعودية``), not what is done."""
    return view.folded(at).endswith((HEH, HEH + ALEF)) and view.is_role(at - 1, "relative")


def _subject_of_carrier(view: View, at: int, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    if view.is_role(at, "doing") and (view.folded(at - 1) == FROM or view.is_role(at - 1, "passive")):
        return None  # «حذرت … من شن هجوم»: she warns, others attack; «تم شن هجوم» tells no doer
    between = right_of(view, at + 1, max(0, trigger.first - at - 1), kinds)
    noun = view.folded(at).startswith(BEH) and right_before(view, at, kinds)
    return between or noun or left_of(view, at, kinds)


def antecedent(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a relative clause is about (``إدلب التي تسيطر عليها الفصائل``): the group before the pronoun.

    Behind a comma, a group in an aside is skipped (``إدلب، المتاخمة للحدود مع تركيا، التي …``).
    """
    pronoun = next((trigger.first - back for back in (1, 2, 3) if view.is_role(trigger.first - back, "relative")), None)
    if pronoun is None:
        return None
    if view.folded(pronoun).startswith(WAW):  # «حلب التي …، والتي استعادت»: both clauses are about the same
        earlier = (
            at for at in range(pronoun - 1, max(-1, pronoun - ANTECEDENT_REACH), -1) if view.is_role(at, "relative")
        )
        pronoun = next(earlier, pronoun)
    at = _before_brackets(view, pronoun - 1)
    comma, nearest_word = view.folded(pronoun - 1) in COMMAS, at
    while at > max(-1, pronoun - ANTECEDENT_REACH):
        place = view.place_at(at)
        if place and not (comma and _is_aside(view, place)):
            one = view.folded(pronoun).removeprefix(WAW) in SINGULAR_RELATIVES
            return filler_of(Group((place,)) if one else view.group_of(place), kinds)
        at = place.first - 1 if place else at - 1
        if view.folded(at) in STOPS or (not comma and at < nearest_word - ADJECTIVE_REACH):
            return None
    return None


def _is_aside(view: View, place: Place) -> bool:
    """Whether a name hangs on a preposition in an aside that begins with a comma and an adjective."""
    if not view.is_role(place.first - 1, "preposition"):
        return False
    back = range(place.first - 1, max(-1, place.first - ASIDE_REACH), -1)
    start = next((at + 1 for at in back if view.folded(at) in COMMAS), None)
    return start is not None and view.place_at(start) is None and view.folded(start).startswith(ARTICLE)


def _before_brackets(view: View, at: int) -> int:
    """The word before brackets that close at ``at`` (``منبج (شمال) والتي``), else ``at`` itself."""
    if view.folded(at) != ")":
        return at
    opening = next((back for back in range(at, max(-1, at - ANTECEDENT_REACH), -1) if view.folded(back) == "("), at)
    return opening - 1


def modified(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What an adjective or participle describes: the group that ends right before it (``القوات المدعومة من``)."""
    comma = view.folded(trigger.first - 1) in COMMAS
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - MODIFIED_REACH), -1):
        place = view.place_at(at)
        if place:
            group = view.group_of(place)
            aside = comma and view.governed(group) and (len(group.members) > 1 or group.last < trigger.first - 1)
            return None if aside else filler_of(group, kinds)
        if (
            view.is_role(at, "complement")
            or view.folded(at) in STOPS
            or (is_trigger(view.folded(at)) and not view.is_role(at, "site"))
        ):
            return None
    return None


def nearest(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Of what the trigger describes only the last (``… وقوات التحالف الدولي بقيادة واشنطن``)."""
    found = modified(view, trigger, kinds, other)
    return replace(found, entities=found.entities[-1:]) if found else None


def speaker(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who spoke last before the sentence, where the trigger goes on in his name (``وطالب``, ``داعيا``)."""
    goes_on = trigger.conjoined or trigger.row.form is Form.PARTICIPLE
    if view.speaker and view.speaker.kind in kinds and goes_on and trigger.first <= SPEAKER_GAP:
        return Filler((view.speaker,), trigger.first, trigger.last)
    return None


def says(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who says the words of the trigger (``ينبغي على مجلس الأمن``)."""
    speaker = view.speaker_at(trigger.first)
    return Filler((speaker,), trigger.first, trigger.last) if speaker and speaker.kind in kinds else None


def in_name(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Those in whose own name the trigger stands (``الدول الضامنة``)."""
    place = view.place_at(trigger.first)
    return filler_of(view.group_of(place), kinds) if place else None
