"""Denied, planned, possible: how a trigger's clause qualifies what it tells. Scope is the clause, not the sentence."""

from __future__ import annotations

from kg.language.arabic import LAM, YEH
from kg.language.cues import FAILURE, NEGATION, PLANNED, POSSIBLE, has_role, is_future_verb
from kg.language.inflect import NOON, TEH
from kg.language.titles import STOPS
from kg.model import Modality, Polarity
from kg.relate.sentence import View
from kg.relate.triggers import Trigger

NEGATION_REACH = 2
"""Words before a verb within which its negation stands (``لن``, ``لم يكن``)."""
NOUN_NEGATION_REACH = 3
CUE_REACH = 4
"""Words before a trigger within which ``قد`` or ``يعتزم`` governs it."""
QAD = frozenset({"قد", "وقد", "فقد"})
CONDITIONAL = frozenset({"اذا", "لو", "حال"})
GOVERNING_REACH = 20
"""Words before a noun within which the verb that tells its time stands (``ستجرى … بمشاركة``)."""


def polarity_of(view: View, trigger: Trigger) -> Polarity:
    """The rule's polarity, turned round by a negation that governs the trigger."""
    reach = NEGATION_REACH if trigger.tense else NOUN_NEGATION_REACH
    negated = any(view.is_role(at, NEGATION) for at in _back(view, trigger.first, reach)) or _failed(view, trigger)
    if not negated:
        return trigger.row.polarity
    return Polarity.POSITIVE if trigger.row.polarity is Polarity.NEGATIVE else Polarity.NEGATIVE


def _failed(view: View, trigger: Trigger) -> bool:
    """Whether the trigger is what somebody failed in (``فشل … في التوصل``)."""
    if view.folded(trigger.first - 1) != "في":
        return False
    return any(view.is_role(at, FAILURE) for at in _back(view, trigger.first, GOVERNING_REACH))


def modality_of(view: View, trigger: Trigger) -> Modality:
    """The rule's modality, unless the clause tells a plan or a possibility."""
    if trigger.row.modality is not Modality.ACTUAL:
        return trigger.row.modality
    near = [at for at in _back(view, trigger.first, CUE_REACH) if not _is_past_qad(view, at)]
    if trigger.tense == "future" or view.folded(trigger.first - 1) in ("لن", "ولن", "سوف", "وسوف"):
        return Modality.PLANNED
    if trigger.tense == "perfect":
        conditional = any(view.folded(at).removeprefix("و") in CONDITIONAL for at in near)
        return Modality.POSSIBLE if conditional else Modality.ACTUAL
    if any(view.is_role(at, POSSIBLE) for at in near):
        return Modality.POSSIBLE
    if any(_is_purpose(view, at) for at in (trigger.first, *near)):
        return Modality.PLANNED
    if any(view.is_role(at, PLANNED) for at in near):
        return Modality.PLANNED
    if trigger.tense == "imperfect":
        return Modality.PLANNED if trigger.preposition == LAM else Modality.ACTUAL
    return modality_before(view, trigger.first)


def _is_purpose(view: View, at: int) -> bool:
    """Whether a word is a noun of doing that somebody is called or moves to (``على شن``, ``إلى شن``, ``لشن``)."""
    word = view.folded(at)
    return (view.is_role(at, "doing") and view.folded(at - 1) in ("علي", "الي")) or (
        word.startswith(LAM) and has_role(word[1:], "doing")
    )


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


def _back(view: View, at: int, reach: int) -> range:
    """Indices before ``at``, nearest first, as far as the clause and ``reach`` go."""
    last = at
    for back in range(at - 1, max(-1, at - 1 - reach), -1):
        if view.folded(back) in STOPS:
            break
        last = back
    return range(at - 1, last - 1, -1)
