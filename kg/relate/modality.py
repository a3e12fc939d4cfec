"""Denied, planned, possible: how a trigger's clause qualifies what it tells. Scope is the clause, not the sentence."""

from __future__ import annotations

from collections.abc import Iterator

from kg.language.arabic import ARTICLE, BEH, LAM, YEH
from kg.language.cues import FAILURE, NEGATION, PLANNED, PLANNED_ADJECTIVE, POSSIBLE, has_role, is_future_verb
from kg.language.inflect import NOON, TEH
from kg.language.titles import STOPS
from kg.model import Modality, Polarity
from kg.relate.sentence import View
from kg.relate.triggers import Trigger
from kg.vocabulary import EVENTS, SIGNATURES, Predicate

NEGATION_REACH = 2
"""Words before a verb within which its negation stands (``لن``, ``لم يكن``)."""
NOUN_NEGATION_REACH = 3
EXCEPT_REACH = 5
CUE_REACH = 4
"""Words before a trigger within which ``قد`` or ``يعتزم`` governs it."""
ADJECTIVE_REACH = 3
DEMAND_REACH = 8
"""Words before a withdrawal within which the word stands that demands it."""
SHORTEST_ADJECTIVE = 4
QAD = frozenset({"قد", "وقد", "فقد"})
CONDITIONAL = frozenset({"اذا", "لو", "حال"})
DESCRIBING = frozenset({"modified", "nearest", "apposed", "phrase", "pair", "loyal"})
"""Slots of what an adjective or apposition describes: neither denied nor planned with the verb of its sentence."""
HELD = frozenset({Predicate.MET_WITH, Predicate.ATTENDED})
"""What happens even if it fails."""
DENIED = frozenset({Predicate.MET_WITH, Predicate.AGREED_WITH})
HOLDERS = "holders"
"""The slot of whose areas are only named (``مناطق المعارضة``)."""
GOVERNING_REACH = 20
"""Words before a noun within which the verb that tells its time stands (``ستجرى … بمشاركة``)."""


def polarity_of(view: View, trigger: Trigger) -> Polarity:
    """The rule's polarity, turned round by a negation that governs the trigger."""
    reach = NEGATION_REACH if trigger.tense else NOUN_NEGATION_REACH
    if describes(trigger) or (trigger.row.predicate is Predicate.ACCUSED and not trigger.tense):
        reach = 0  # who denies an accusation does not deny that it was made
    if trigger.row.predicate is Predicate.CALLED_ON and trigger.row.subject == "says":
        reach = 0  # «قال ترامب: لا يجب على الأسد مهاجمة إدلب» calls on him all the same
    held = trigger.row.predicate in HELD  # «فشل المفاوضات بين» tells that there were some
    negated = any(_is_negation(view, at, held=held) for at in _back(view, trigger.first, reach)) or _failed(
        view, trigger
    )
    if not (negated or _is_denied(view, trigger) or _is_denied_being(view, trigger)) or _is_excepted(view, trigger):
        return trigger.row.polarity
    return Polarity.POSITIVE if trigger.row.polarity is Polarity.NEGATIVE else Polarity.NEGATIVE


def _is_denied(view: View, trigger: Trigger) -> bool:
    """Whether talks or a deal are what somebody denies (``نفى القيادي في …، … أي مفاوضات مع``)."""
    if trigger.tense or trigger.row.predicate not in DENIED:
        return False
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - GOVERNING_REACH), -1):
        if view.folded(at) in STOPS or view.is_role(at, "complement") or view.is_role(at, "relative"):
            return False
        if view.is_role(at, "denial"):
            return True
    return False


def _is_negation(view: View, at: int, *, held: bool) -> bool:
    """Whether a word denies, unless what it denies has ended (``لا تزال إدلب تحت سيطرة …``) or, if ``held``, only failed."""
    ended = held and (view.is_role(at, FAILURE) or view.is_role(at + 1, "outcome"))  # «لم تسفر المفاوضات بين … عن»
    lasts = view.is_role(at + 1, "still") or ended
    return view.is_role(at, NEGATION) and not lasts


def describes(trigger: Trigger) -> bool:
    """Whether a noun describes somebody by his friends (``القوات المدعومة من``, ``وحليفتها موسكو``).

    Who holds a place is told, not described: ``لم تعد دوما تحت سيطرة …`` denies it.
    """
    row = trigger.row
    if row.predicate is Predicate.CONTROLS:
        return row.subject == HOLDERS
    slots = {*row.subject.split(), *row.object.split()}
    ally = row.predicate is Predicate.SUPPORTED and "possessor" in slots
    return not trigger.tense and (ally or bool(DESCRIBING & slots))


def _is_denied_being(view: View, trigger: Trigger) -> bool:
    """Whether it is denied that somebody would have done it (``نفى أن تكون قواته قد شنت``)."""
    at, being = trigger.first - 1, False
    while view.place_at(at) or view.folded(at) in QAD or view.is_role(at, "own_forces") or view.is_role(at, "being"):
        being = being or view.is_role(at, "being")
        at -= 1
    if not (trigger.tense and being and view.is_role(at, "complement")):
        return False
    at -= 1
    while view.place_at(at):
        at -= 1
    return view.is_role(at, NEGATION)


def _is_excepted(view: View, trigger: Trigger) -> bool:
    """Whether a negation only leads to an exception (``لم يبق تحت سيطرة … سوى دوما``)."""
    if trigger.preposition == BEH and view.is_role(trigger.first - 1, "except"):
        return True  # «لن يتم إلا بانسحاب القوات»
    return any(view.is_role(at, "except") for at in range(trigger.last, trigger.last + EXCEPT_REACH))


def _failed(view: View, trigger: Trigger) -> bool:
    """Whether the trigger is what somebody failed in (``فشل … في التوصل``)."""
    leaving = trigger.row.predicate is Predicate.WITHDREW_FROM and not trigger.tense
    if leaving and any(view.is_role(at, "refusing") for at in _back(view, trigger.first, NEGATION_REACH)):
        return True  # «رفض الخروج من …»
    if view.folded(trigger.first - 1) != "في":
        return False
    return any(view.is_role(at, FAILURE) for at in _back(view, trigger.first, GOVERNING_REACH))


def modality_of(view: View, trigger: Trigger) -> Modality:
    """The rule's modality, unless the clause tells a plan or a possibility."""
    means = trigger.pronoun and trigger.preposition == BEH  # «محاولة إفشاله بهجماتها»
    if trigger.row.modality is not Modality.ACTUAL or describes(trigger) or means:
        return trigger.row.modality
    near = [at for at in _back(view, trigger.first, CUE_REACH) if not _is_past_qad(view, at)]
    if trigger.tense == "future" or view.folded(trigger.first - 1) in ("لن", "ولن", "سوف", "وسوف"):
        return Modality.PLANNED
    if trigger.tense == "perfect":
        conditional = any(view.folded(at).removeprefix("و") in CONDITIONAL for at in near)
        return Modality.POSSIBLE if conditional else Modality.ACTUAL
    condition = trigger.preposition == BEH and (set(view.roles(trigger.first - 1)) & {"except", "condition"})
    if condition or any(view.is_role(at, POSSIBLE) for at in near):
        return Modality.POSSIBLE
    if not trigger.tense and (told := _told_by_adjective(view, trigger)):
        return told
    if _is_agreed(view, trigger) or any(_is_purpose(view, at) for at in (trigger.first, *near)):
        return Modality.PLANNED
    if any(view.is_role(at, PLANNED) for at in near):
        return Modality.PLANNED
    if trigger.tense == "imperfect":
        return Modality.PLANNED if trigger.preposition == LAM else Modality.ACTUAL
    if trigger.row.predicate is Predicate.WITHDREW_FROM and any(
        view.is_role(at, "demanding") for at in _back(view, trigger.first, DEMAND_REACH)
    ):
        return Modality.POSSIBLE
    eventful = SIGNATURES[trigger.row.predicate].range & EVENTS
    return modality_before(view, trigger.first) if eventful else Modality.ACTUAL


def _is_agreed(view: View, trigger: Trigger) -> bool:
    """Whether a noun is what is agreed, called or ordered (``اتفاق … على إجلاء``), not what somebody reacts to."""
    on = view.folded(trigger.first - 1) == "علي" and not view.is_role(trigger.first - 2, "connector")
    nouns = range(trigger.first - 1 - ADJECTIVE_REACH, trigger.first - 1)
    on = on or (view.is_role(trigger.first - 1, "about") and any(view.is_role(at, "agreement_noun") for at in nouns))
    on = on and not view.is_role(trigger.first, "site")
    return on and not trigger.tense and not SIGNATURES[trigger.row.predicate].range & EVENTS


def _told_by_adjective(view: View, trigger: Trigger) -> Modality | None:
    """What an adjective of the noun says (``الهجوم المحتمل``, ``العملية المرتقبة``)."""
    for at in range(trigger.last, trigger.last + ADJECTIVE_REACH):
        if view.place_at(at):
            return None
        for role, modality in ((POSSIBLE, Modality.POSSIBLE), (PLANNED_ADJECTIVE, Modality.PLANNED)):
            if view.is_role(at, role) and len(view.folded(at)) >= SHORTEST_ADJECTIVE:
                return modality
    return None


def _is_purpose(view: View, at: int) -> bool:
    """Whether a word is a noun of doing that somebody is called or moves to (``على شن``, ``إلى شن``, ``لشن``)."""
    word = view.folded(at)
    called = view.is_role(at, "doing") and view.folded(at - 1) in ("علي", "الي")
    return called or (word[:1] == LAM and any(has_role(noun, "doing") for noun in (word[1:], ARTICLE + word[2:])))


def _is_past_qad(view: View, at: int) -> bool:
    """Whether the word is ``قد`` before a perfect verb, which affirms (``قد شنت``), not before an imperfect (``قد تشن``)."""
    following = view.folded(at + 1)
    imperfect = following[:1] in (YEH, NOON) or (following[:1] == TEH and not following.endswith(TEH))
    return view.folded(at) in QAD and not imperfect


def modality_before(view: View, at: int) -> Modality:
    """What the last verb or cue before a word says of its time."""
    for back in _back(view, at, GOVERNING_REACH):
        if is_future_verb(view.folded(back)) or view.is_role(back, PLANNED):
            return Modality.PLANNED
    return Modality.ACTUAL


def _back(view: View, at: int, reach: int) -> Iterator[int]:
    """Indices before ``at``, nearest first, as far as the clause and ``reach`` words go; a name counts for nothing."""
    back = at - 1
    while back >= 0 and reach > 0 and view.folded(back) not in STOPS:
        place = view.place_at(back)
        if place:
            back = place.first - 1
            continue
        yield back
        back, reach = back - 1, reach - 1
