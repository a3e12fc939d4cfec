"""Who does it: the subject of a verb."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kg.knowledge import knowledge_base
from kg.language.arabic import ARTICLE, LAM
from kg.language.titles import STOPS
from kg.language.words import QUOTES
from kg.model import Entity
from kg.relate.agreeing import clashes, disagrees
from kg.relate.described import ADJECTIVE_REACH, antecedent
from kg.relate.owning import meant
from kg.relate.search import AGENT_REACH, OF_REACH, Filler, army, behind_place, filler_of, is_within, left_of, right_of
from kg.relate.sentence import Group, Place, View
from kg.relate.speaking import is_of_nobody, says
from kg.relate.speech import body_of
from kg.relate.triggers import Trigger, is_trigger
from kg.vocabulary import PERSONS, Kind

RESUMED_REACH = 6
MESSAGE_REACH = 12
SUBJECT_GAP = 8
"""Words between a subject and a verb that does not go on with *and*."""
WAS_REACH = 30
PERFECTIVE = "قد"
TIMES = frozenset({"وقت", "الوقت", "حين", "يوم", "اليوم"})


def agent(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """A verb's subject: right before it (``أمريكا تتهم``), else behind it, else further before it, as far as they agree."""
    if _is_the_speaker(view, trigger):
        return says(view, trigger, kinds, other)
    if _takes_object_therein(view, trigger):
        return left_of(view, trigger.first, kinds) or meant(view, trigger, kinds)
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


def person_before(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The nearest person before the trigger who can act (``توجه لافروف إلى جنيف للقاء``)."""
    return left_of(view, trigger.first, PERSONS & set(kinds), verb=trigger.agreement)


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
    if is_of_nobody(view, trigger):
        body = body_of(view, trigger.last)  # «أدان مصدر في وزارة …»
        return filler_of(Group((body,)), kinds) if body else None
    if "policy" in trigger.row.object.split() and view.is_role(trigger.last, "policy"):
        return left_of(view, trigger.first, kinds, verb=trigger.agreement)  # «كما انتقد التدخل الأميركي»
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
    found = meant(view, replace(trigger, first=at, last=at + 1), {*kinds, *PERSONS})
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


def _with_pronoun(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    """The subject right behind a verb whose pronoun means what stands before it (``قوات تدعمها تركيا``)."""
    place = view.place_at(trigger.last) if trigger.pronoun else None
    if not place or view.governed(view.group_of(place)) or disagrees(view, trigger.agreement, trigger.last, place):
        return None
    return filler_of(view.group_of(place), kinds)


def _preceding(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    """The group right before a verb, but for a mark and what negates or affirms it (``أمريكا لن تتهم``, ``أمريكا "تتهم``)."""
    at = trigger.first - 1
    while view.is_role(at, "particle") or view.folded(at) in QUOTES:
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
