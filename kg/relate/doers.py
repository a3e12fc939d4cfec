"""Who does it: the slots for the subject of a verb, the doer of a noun, and what a relative clause is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kg.knowledge import knowledge_base
from kg.language.arabic import ALEF, ARTICLE, BEH, HEH, LAM, WAW, YEH, stems
from kg.language.cues import has_role
from kg.language.inflect import NOON, Agreement
from kg.language.titles import COMMAS, STOPS
from kg.language.words import QUOTES
from kg.model import Entity
from kg.relate.agreeing import can_be_subject, clashes, disagrees, gender
from kg.relate.offices import body_told
from kg.relate.search import (
    AGENT_REACH,
    BEFORE_REACH,
    OBJECT_PRONOUNS,
    OF_REACH,
    SPEAKER_GAP,
    Filler,
    army,
    behind_place,
    ends_clause,
    filler_of,
    is_backer,
    is_within,
    left_of,
    object_start,
    right_of,
)
from kg.relate.sentence import FROM, HASH, Group, Place, View
from kg.relate.speech import body_of
from kg.relate.triggers import Form, Trigger, is_event_noun, is_trigger
from kg.vocabulary import PERSONS, Kind, Predicate

ANTECEDENT_REACH = 12
MODIFIED_REACH = 4
CARRIER_REACH = 12
ADJECTIVE_REACH = 2
ASIDE_REACH = 6
THEM = "هم"
FIGHTERS = frozenset({Kind.ARMED_GROUP, Kind.GROUP_ACTOR})
FACTIONS = FIGHTERS | {Kind.POLITICAL_BODY}
RESUMED_REACH = 6
CLAUSE_REACH = 8
CONVENED_REACH = 3
MESSAGE_REACH = 12
PLURAL_RELATIVE = "الذين"
SINGULAR_RELATIVES = frozenset({"الذي", "التي"})
SUBJECT_GAP = 8
"""Words between a subject and a verb that does not go on with *and*."""
WAS_REACH = 30
SHORTEST = 4
"""Letters of a word that can be a preposition and a noun."""
PERFECTIVE = "قد"
TO = "الي"
TIMES = frozenset({"وقت", "الوقت", "حين", "يوم", "اليوم"})


def agent(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """A verb's subject: right before it (``أمريكا تتهم``), else behind it, else further before it, as far as they agree."""
    if _is_the_speaker(view, trigger):
        return says(view, trigger, kinds, other)
    if _takes_object_therein(view, trigger):
        return left_of(view, trigger.first, kinds) or _meant(view, trigger, kinds)
    if (message := _message(view, trigger)) is not None:
        return left_of(view, message, kinds)
    if _is_of_relative(view, trigger):
        return antecedent(view, trigger, kinds, other) or _right_behind(view, trigger, kinds)
    return _subject(view, trigger, kinds)


def _message(view: View, trigger: Trigger) -> int | None:
    """The noun of what somebody issues that the verb is about, right before it (``أصدر الائتلاف بيانا يدين``), if any."""
    told = trigger.tense == "imperfect" and not trigger.pronoun and trigger.row.object.startswith("direct")
    near = range(trigger.first - 1, trigger.first - 1 - (MESSAGE_REACH if trigger.conjoined else ADJECTIVE_REACH), -1)
    for at in near if told else ():
        if view.folded(at) in STOPS or view.is_role(at, "complement"):
            return None
        if view.is_role(at, "message"):
            return at
    return None


def two_people(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The subject of a verb, if it is two people (``بحث لافروف وكيري الوضع``)."""
    found = agent(view, trigger, PERSONS & set(kinds), other)
    return found if found and len(found.entities) == 2 else None


def _is_of_relative(view: View, trigger: Trigger) -> bool:
    """Whether the verb's subject is what its relative clause is about (``الجماعات التي تسيطر على …``)."""
    resumed = any(view.is_role(at, "resumptive") for at in range(trigger.last, trigger.last + RESUMED_REACH))
    at = trigger.first - 1 - view.is_role(trigger.first - 1, "particle")
    return view.is_role(at, "relative") and not (trigger.pronoun or resumed)


def _right_behind(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    place = view.place_at(trigger.last)
    return filler_of(view.group_of(place), kinds) if place and not view.attached(view.group_of(place)) else None


def _subject(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    """The same for a verb of a clause of its own."""
    if (
        found := _own_forces(view, trigger, kinds)
        or _with_pronoun(view, trigger, kinds)
        or _preceding(view, trigger, kinds)
        or _of_was(view, trigger, kinds)
    ):
        return found
    if _is_of_nobody(view, trigger):
        body = body_of(view, trigger.last)  # «أدان مصدر في وزارة …»
        return filler_of(Group((body,)), kinds) if body else None
    behind = right_of(view, behind_place(view, trigger.last, whither=True), AGENT_REACH, kinds)
    refused = behind and disagrees(view, trigger.agreement, trigger.last, view.place_at(behind.first))
    if _follows_relative(view, trigger) and (refused or _is_policy(view, behind)):
        return antecedent(view, trigger, kinds, None)
    if behind and not refused:
        return behind
    if _has_resumptive(view, trigger) or _has_other_subject(view, trigger, kinds):
        return None
    return _earlier(view, trigger, kinds) if refused else left_of(view, trigger.first, kinds, verb=trigger.agreement)


def _own_forces(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    """Whose own forces are the verb's subject: right before it, or behind a verb whose object has a preposition.

    ``قال أردوغان إن قواته سيطرت على``, ``أعلن الجيش … سيطرت قواته على``.
    """
    at = trigger.first - 1
    while view.is_role(at, "particle"):
        at -= 1
    if not view.is_role(at, "own_forces"):
        at = trigger.last
        if not (view.is_role(at, "own_forces") and trigger.row.object.startswith("prep:")) or trigger.row.needs:
            return None
    found = _meant(view, replace(trigger, first=at, last=at + 1), {*kinds, *PERSONS})
    theirs = (
        tuple(force for who in found.entities if (force := _force_of(who)) and force.kind in kinds) if found else ()
    )
    return replace(found, entities=theirs) if found and theirs else None


def _force_of(who: Entity) -> Entity | None:
    """The army that somebody calls his: of his state, for a person; else the army of a state, or the body itself."""
    base = knowledge_base()
    return army(base.entities[parent]) if (parent := base.parents.get(who.id)) and who.kind in PERSONS else army(who)


def _follows_relative(view: View, trigger: Trigger) -> bool:
    at = trigger.first - 1
    while view.folded(at) in QUOTES:
        at -= 1
    return view.is_role(at, "relative")


def _is_policy(view: View, found: Filler | None) -> bool:
    """Whether only the adjective of something definite was found (``التي تدعم الموقف الأمريكي``)."""
    return found is not None and view.place_at(found.first) is None and view.folded(found.first).startswith(ARTICLE)


def _earlier(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    """The subject of a verb whose object stands behind it: who stands shortly before it, or earlier."""
    goes_on_saying = trigger.conjoined and trigger.tense == "imperfect"
    if goes_on_saying or view.is_role(trigger.first, "verbal_noun"):
        return None  # «…، وتدعم نظام الأسد» tells of the topic, «رفض واشنطن» is her refusal
    found = left_of(view, trigger.first, kinds, verb=trigger.agreement)
    near = found and (trigger.conjoined or trigger.first - found.last <= SUBJECT_GAP)
    return found if near else None


def _is_of_nobody(view: View, trigger: Trigger) -> bool:
    """Whether people without a name are the subject (``اتهم ناشطون روسيا``)."""
    return view.is_role(trigger.last, "unnamed") and not view.place_at(trigger.last)


def _with_pronoun(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    """The subject right behind a verb whose pronoun means what stands before it (``قوات تدعمها تركيا``)."""
    place = view.place_at(trigger.last) if trigger.pronoun else None
    if not place or view.governed(view.group_of(place)) or disagrees(view, trigger.agreement, trigger.last, place):
        return None
    return filler_of(view.group_of(place), kinds)


def _preceding(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    """The group right before a verb, but for what negates or affirms it (``أمريكا لن تتهم``)."""
    at = trigger.first - 1
    while view.is_role(at, "particle"):
        at -= 1
    place = None if trigger.conjoined else view.place_at(at)
    if not place:
        return None
    if _is_of_noun(view, place):
        return filler_of(view.group_of(place), kinds)
    if is_within(view, view.group_of(place)):
        return left_of(view, trigger.first, kinds, verb=trigger.agreement)
    if clashes(view, trigger.agreement, view.group_of(place)):  # «التحالف الذي تقوده واشنطن يقاتل»
        return left_of(view, place.first, kinds, verb=trigger.agreement)
    return None if view.governed(view.group_of(place)) else filler_of(view.group_of(place), kinds)


def _of_was(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    """The subject of *had* and the verb (``كانت الولايات المتحدة، …، قد اتهمت``): behind *had*."""
    if view.folded(trigger.first - 1) != PERFECTIVE:
        return None
    for at in range(trigger.first - 2, max(-1, trigger.first - WAS_REACH), -1):
        if view.is_role(at, "was"):
            return right_of(view, at + 1, 2, kinds)
        if view.folded(at) in STOPS or view.is_role(at, "complement"):
            return None
    return None


def _takes_object_therein(view: View, trigger: Trigger) -> bool:
    """Whether the verb is of a clause about something said (``بيانا تطالب فيه موسكو``): who stands behind is its object."""
    time = view.folded(trigger.first - 1) in TIMES
    first = view.place_at(trigger.last + 1)
    both = first is not None and view.place_at(view.group_of(first).last) is not None  # «تتهم فيها إسرائيل إيران»
    return view.is_role(trigger.last, "therein") and "direct" in trigger.row.object.split() and not (time or both)


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
    """The nearest group before the trigger that can act and agrees with it."""
    return left_of(view, trigger.first, kinds, verb=trigger.agreement)


def unbroken(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The same, unless a comma cuts the trigger off, so that it may tell of anybody (``…، بمساعدة روسيا``)."""
    return None if trigger.conjoined or _is_cut_off(view, trigger.first) else before(view, trigger, kinds, other)


def _is_cut_off(view: View, at: int) -> bool:
    return any(view.folded(back) in COMMAS for back in (at - 1, at - 2))


def owner(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom the pronoun on a noun means (``لقائه``): the nearest group before it, governed or not."""
    return _meant(view, trigger, kinds) if trigger.pronoun else None


def convened(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom alone the pronoun on a verb of bringing together means, behind a meeting (``قمة … تجمعه بنظيره``)."""
    one = {*PERSONS, Kind.STATE} & set(kinds)
    found = owner(view, trigger, one, other) if is_of_meeting(view, trigger) else None
    return found if found and len(found.entities) == 1 else None


def is_of_meeting(view: View, trigger: Trigger) -> bool:
    """Whether a noun of meeting stands right before a verb."""
    near = range(max(0, trigger.first - CONVENED_REACH), trigger.first)
    return any(has_role(stem, "meeting_noun") for at in near for stem, _ in stems(view.folded(at)))


def possessor(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The same for a word that the table writes with its pronoun."""
    return _meant(view, trigger, kinds)


def _meant(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
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


def borne(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The subject of the verb that carries a noun (``تواصل إيران دعم``), unless it is something got (``حصل على دعم``)."""
    carrier = None if trigger.pronoun or view.folded(trigger.first - 1) in ("علي", FROM) else _carrier(view, trigger)
    ended = carrier is not None and view.is_role(carrier, "stopping")
    return None if carrier is None or ended else _subject_of_carrier(view, carrier, trigger, kinds)


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
    carrier = _carrier(view, trigger)
    if carrier is None:
        return of(view, trigger, kinds, other) or carried(view, trigger, kinds, other)
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
    return any(view.is_role(at, "preposition") and at not in view.dated for at in range(verb + 1, end))


def _leads(view: View, at: int) -> bool:
    """Whether a verb tells who leads somebody (``التحالف الذي تقوده السعودية``), not what is done."""
    return view.folded(at).endswith((HEH, HEH + ALEF)) and view.is_role(at - 1, "relative")


def _subject_of_carrier(view: View, at: int, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    between = right_of(view, at + 1, max(0, trigger.first - at - 1), kinds)
    if view.is_role(at, "doing") and (view.folded(at - 1) in (FROM, "عن") or view.is_role(at - 1, "passive")):
        return between  # «حذرت … من شن هجوم»: she warns, others attack; «تم شن هجوم» tells no doer, nor «المسؤول عن شن»
    noun = view.folded(at).startswith(BEH) and right_before(view, at, kinds)
    if view.folded(at).startswith((BEH, LAM)) and view.folded(at).endswith((HEH, HEH + ALEF)):  # «بشنها هجوما»
        noun = noun or _meant(view, replace(trigger, first=at, last=at + 1), kinds)
    return between or noun or left_of(view, at, kinds)


def antecedent(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a relative clause is about (``إدلب التي تسيطر عليها الفصائل``): the group before the pronoun.

    Behind a comma, a group in an aside is skipped (``إدلب، المتاخمة للحدود مع تركيا، التي …``).
    """
    pronoun = next((trigger.first - back for back in (1, 2, 3) if view.is_role(trigger.first - back, "relative")), None)
    if pronoun is None:
        return None
    goes_on = view.folded(pronoun).startswith(WAW)
    if goes_on:  # «حلب التي …، والتي استعادت»: both clauses are about the same
        earlier = (
            at for at in range(pronoun - 1, max(-1, pronoun - ANTECEDENT_REACH), -1) if view.is_role(at, "relative")
        )
        pronoun = next(earlier, pronoun)
    at = _before_brackets(view, pronoun - 1)
    comma, nearest_word = view.folded(pronoun - 1) in COMMAS, at
    plural = view.folded(pronoun).endswith(PLURAL_RELATIVE)
    kinds = set(kinds) - PERSONS if plural else kinds
    while at > max(-1, pronoun - ANTECEDENT_REACH):
        place = view.place_at(at)
        backs = (
            (plural or goes_on) and place is not None and is_backer(view, place.first)
        )  # «المدعومين من أنقرة الذين …»
        if place and not backs and not _is_aside(view, place, comma):
            one = view.folded(pronoun).removeprefix(WAW) in SINGULAR_RELATIVES
            return filler_of(Group((place,)) if one else view.group_of(place), kinds)
        at = place.first - 1 if place else at - 1
        if view.folded(at) in STOPS or (not comma and at < nearest_word - ADJECTIVE_REACH):
            return None
    return None


def _is_aside(view: View, place: Place, comma: bool) -> bool:
    """Whether a name tells where something lies: behind ``المتاخمة ل``, or in an aside of a comma and an adjective."""
    if view.attached(view.group_of(place)) and view.is_role(place.first - 1, "bordering"):
        return True
    if not (comma and view.is_role(place.first - 1, "preposition")):
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
            if _is_partys(trigger) and is_within(view, group, OBJECT_PRONOUNS):
                return antecedent(view, replace(trigger, first=group.first - 1), kinds, other)
            if _is_partys(trigger) and (is_backer(view, group.first) or view.folded(group.first - 1) == "في"):
                return None
            aside = comma and view.governed(group) and (len(group.members) > 1 or group.last < trigger.first - 1)
            return None if aside else filler_of(group, kinds)
        deed = is_trigger(view.folded(at)) and not view.is_role(at, "site")
        ends = view.folded(at) in STOPS or view.is_role(at, "complement")
        if _is_partys(trigger) and view.is_role(at, "considering") and view.folded(at).endswith(OBJECT_PRONOUNS):
            dual = view.folded(at - 1).startswith("اللذ")  # «روسيا ودمشق اللذان يعتبرانها»: a third
            return None if dual else antecedent(view, replace(trigger, first=at), kinds, other)
        if deed or ends or _is_noun_of_its_own(view, trigger, at):
            return None
    return None


def _is_partys(trigger: Trigger) -> bool:
    """Whether a noun tells to whose side somebody belongs, not what he holds."""
    return trigger.row.predicate is Predicate.ALLIED_WITH


def _is_noun_of_its_own(view: View, trigger: Trigger, at: int) -> bool:
    """Whether an indefinite participle tells whose an unnamed thing is (``على أهداف تابعة للنظام``)."""
    word = view.folded(at)
    of_allies = trigger.row.predicate in (Predicate.ALLIED_WITH, Predicate.SUPPORTED)
    indefinite = not view.folded(trigger.first).removeprefix(WAW).startswith(ARTICLE)
    noun = word[:1].isalpha() and not (word.endswith((YEH, YEH + HEH)) or view.is_role(at, "part"))
    body = (
        word.startswith((WAW + ARTICLE, "ولل")) and noun
    ) or word == "وتلك"  # «القوات الإيرانية والقوات الموالية لإيران»
    return of_allies and (body or (indefinite and noun))


def apposed(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The group that ends right before the trigger, but for a comma or a superlative (``روسيا، أبرز حلفاء دمشق``)."""
    at = trigger.first - 1
    while view.folded(at) in COMMAS | QUOTES or view.is_role(at, "superlative"):
        at -= 1
    owned = trigger.pronoun and not trigger.tense  # «روسيا وحلفاؤها»
    place = None if owned else view.place_at(at)
    return filler_of(view.group_of(place), kinds) if place else None


def nearest(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Of what the trigger describes only the last (``… وقوات التحالف الدولي بقيادة واشنطن``)."""
    found = modified(view, trigger, kinds, other)
    return replace(found, entities=found.entities[-1:]) if found else None


def speaker(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who spoke last before the sentence, where the trigger goes on in his name (``وطالب``, ``داعيا``)."""
    goes_on = trigger.conjoined or trigger.row.form is Form.PARTICIPLE
    goes_on = goes_on and not _is_of_nobody(view, trigger)
    near = goes_on and trigger.first <= SPEAKER_GAP
    return _spoken_by(view.speaker, trigger, kinds) if near else None


def _spoken_by(speaker: Entity | None, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    """The one who speaks as subject of a trigger, if he agrees with it."""
    if not speaker or speaker.kind not in kinds or not can_be_subject(speaker, trigger.agreement):
        return None
    return Filler((speaker,), trigger.first, trigger.last)


def continued(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who speaks, where *and* or *after* and a verb go on telling of him and its object stands behind (``واتهم روسيا``)."""
    goes_on = trigger.conjoined or view.is_role(trigger.first - 1, "after") or _is_after(view, trigger.first)
    told = goes_on and trigger.tense == "perfect" and trigger.agreement is not Agreement.MANY
    if not told or _is_of_nobody(view, trigger):
        return None
    behind = right_of(view, trigger.last, AGENT_REACH, kinds)
    if not behind or not disagrees(view, trigger.agreement, trigger.last, view.place_at(behind.first)):
        return None
    if told_by := view.speaker_at(trigger.first):
        return _spoken_by(told_by, trigger, kinds)
    return left_of(view, trigger.first, kinds, verb=trigger.agreement) or _spoken_by(view.speaker, trigger, kinds)


def _is_after(view: View, at: int) -> bool:
    """Whether *after that* or *before that* stands right before a word (``بعد أن هدد``)."""
    return view.folded(at - 1) == "ان" and view.folded(at - 2) in ("بعد", "منذ")


def inherited(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The subject of the clause before, where *and* a verb go on with an object alone (``زار دمشق والتقى الأسد في``)."""
    behind = right_of(view, trigger.last, 1, kinds, adjectives=False)
    if not (trigger.conjoined and behind and _stands_alone(view, behind.last)):
        return None
    return left_of(view, trigger.first, kinds, verb=trigger.agreement)


def _stands_alone(view: View, at: int) -> bool:
    """Whether no other noun follows that could be the object: a mark, a preposition, a date."""
    word = view.folded(at)
    marks = not word or word in STOPS | COMMAS | QUOTES
    return marks or at in view.dated or view.is_role(at, "preposition") or (word[0] == BEH and len(word) > SHORTEST)


def says(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who says the words of the trigger (``ينبغي على مجلس الأمن``), the last of them (``قال إن على المجلس``)."""
    return _spoken_by(view.speaker_at(trigger.last - 1), trigger, kinds)


def spoken_for(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """In whose name somebody says *we*: his state, his group (``قال المتحدث …: نجري مفاوضات``)."""
    speaker = view.speaker_at(trigger.last - 1)
    return _spoken_by(_body_of_speaker(view, speaker), replace(trigger, agreement=None), kinds)


def spokesman(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The armed group or party for which he speaks whose words these are (``نفى القيادي … أي مفاوضات مع``)."""
    verb = view.folded(trigger.first - 1)
    if view.is_role(trigger.first - 1, "holding") and not verb.startswith(NOON):
        return None  # «قال المتحدث إن لجنة عقدت اجتماعا مع»
    body = _body_of_speaker(view, view.speaker_at(trigger.first))
    return _spoken_by(body, trigger, FACTIONS & set(kinds))


def _body_of_speaker(view: View, speaker: Entity | None) -> Entity | None:
    """The body of a person's title in the sentence, else of his one office on the day of writing."""
    if not speaker or speaker.kind is not Kind.PERSON:
        return speaker
    for person in view.places:
        if person.link.entities[0] == speaker and (body := body_told(view, person)):
            return body
    rows = [row for row in knowledge_base().offices if row.person == speaker.id]
    held = {row.organisation for row in rows if view.today is None or row.held_on(view.today)}
    return knowledge_base().entities.get(held.pop()) if len(held) == 1 else None


def in_name(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Those in whose own name the trigger stands (``الدول الضامنة``)."""
    place = view.place_at(trigger.first)
    return filler_of(view.group_of(place), kinds) if place else None
