"""Words of the trigger table that tell nothing where they stand: nouns that look like verbs, what is averted, wars of words."""

from __future__ import annotations

from kg.language.arabic import ARTICLE
from kg.language.cues import has_role
from kg.relate.owning import carries
from kg.relate.sentence import View
from kg.relate.triggers import NEEDED_WITHIN, Form, Trigger, is_event_noun
from kg.vocabulary import Predicate

AVERTED_REACH = 5
"""Words before a noun within which the word stands that averts it."""
GOING_ON = frozenset({"borne", "carried unbroken"})
"""Slots of support that somebody begins, goes on with or ends."""


def is_idle(view: View, trigger: Trigger) -> bool:
    """Whether a trigger tells nothing, whoever stands around it."""
    return _is_verbal_noun(view, trigger) or _is_averted(view, trigger) or _is_unwarlike(view, trigger)


def _is_verbal_noun(view: View, trigger: Trigger) -> bool:
    """Whether what looks like a verb stands behind a preposition and so is a noun without a subject (``على شن هجوم``)."""
    governed = any(view.is_role(trigger.first - 1, role) for role in ("preposition", "purpose", "passive"))
    named = view.place_at(trigger.first - 1)
    if trigger.tense and not named and view.is_role(trigger.first, "verbal_noun") and carries(view, trigger):
        return True  # «استأنفت قوات النظام قصف المدينة»
    return bool(trigger.tense) and governed and not trigger.conjoined


def _is_averted(view: View, trigger: Trigger) -> bool:
    """Whether the noun is what somebody prevents or ends (``لتجنب شن هجوم``, ``وقف القصف``)."""
    if trigger.tense and view.is_role(trigger.first - 1, "averting"):
        return True
    helps = trigger.row.predicate is Predicate.SUPPORTED and trigger.row.subject not in GOING_ON
    if trigger.row.form is not Form.NOUN or helps or trigger.row.predicate is Predicate.ACCUSED:
        return False
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - AVERTED_REACH), -1):
        if view.is_role(at, "relative") or view.is_role(at, "complement"):
            return False
        if view.is_role(at, "averting") and view.folded(at + 1) != "اطلاق":
            return True
    return False


def _is_unwarlike(view: View, trigger: Trigger) -> bool:
    """Whether the campaign or battle that a trigger tells of is one of words or trade (``حملة دبلوماسية``, ``معارك تجارية``)."""
    if trigger.row.predicate is not Predicate.ATTACKED or not (trigger.row.needs or trigger.row.form is Form.NOUN):
        return False
    near = range(trigger.first, min(trigger.last + NEEDED_WITHIN, len(view.words)))
    noun = next((at for at in near if is_event_noun(view.folded(at))), None)
    return noun is not None and has_role(view.folded(noun + 1).removeprefix(ARTICLE), "unwarlike")
