"""Attacks that a definite noun tells again (``القصف``, ``الغارات``): who attacked just before attacks here too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from kg.knowledge import knowledge_base
from kg.language.arabic import ARTICLE, LAM, stems
from kg.model import Entity, Modality, Polarity
from kg.relate.finding import Finding
from kg.relate.owning import doer
from kg.relate.search import SINCE, Filler, ends_clause
from kg.relate.sentence import View
from kg.relate.strikes import by, subject_noun
from kg.relate.triggers import Trigger, find_triggers, is_event_noun, is_trigger
from kg.vocabulary import Kind, Predicate

ADJECTIVES = 2
"""Words behind a noun of attack that can tell that it is another sort of attack (``الهجوم الكيميائي``)."""
WON_REACH = 5
"""Words behind a place taken within which the attack stands, and behind it within which names are its own."""
WON = 0.6
"""Confidence of an attack by which something was taken."""
WARS = frozenset({"حرب", "الحرب"})
TOLD_BEFORE = "told-before"
"""The slot of who attacked just before."""


def told_before(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who attacked just before, where an attack that nobody is named for is told (``واستهدفت الغارات``, ``القصف على``)."""
    noun = _strike(view, trigger) if view.attackers else None
    if noun is None or any(view.is_role(at, "another_attack") for at in range(noun + 1, noun + ADJECTIVES + 1)):
        return None
    itself = replace(trigger, first=noun, last=noun + 1, tense="", pronoun=False, conjoined=False)
    if doer(view, itself, kinds, other) or by(view, itself, kinds, other):
        return None
    return Filler(view.attackers, noun, noun + 1)


def is_first_told(view: View, trigger: Trigger) -> bool:
    """Whether a rule for what is told again meets a sentence before which, or by *us*, no attack was told."""
    return trigger.row.subject == TOLD_BEFORE and (trigger.own or not view.attackers)


def _strike(view: View, trigger: Trigger) -> int | None:
    """The definite noun of attack that a trigger is, or that is its subject."""
    if not trigger.tense:
        return trigger.first if _is_definite_strike(view, trigger.first) else None
    noun = trigger.last if _is_definite_strike(view, trigger.last) else subject_noun(view, trigger)
    return noun if noun is not None and _is_definite_strike(view, noun) else None


def _is_definite_strike(view: View, at: int) -> bool:
    word = view.folded(at)
    if not is_event_noun(word) or view.is_role(at, "war") or view.place_at(at):
        return False
    return any(stem.startswith(ARTICLE) or word[max(0, cut - 2) : cut] == LAM + LAM for stem, cut in stems(word))


def told_again(
    view: View, found: Iterable[Finding], earlier: Iterable[Finding]
) -> Iterator[tuple[View, Trigger, list[Finding]]]:
    """The triggers that tell an attack again, each with its sentence, in which the attackers are known, and their attacks.

    ``found`` are the findings of the sentence itself, ``earlier`` those of the sentences before.
    """
    before, here = _attacks(earlier), _attacks(found)
    if not before and not here:
        return
    told = {finding.anchor for finding in here}
    for trigger in find_triggers(view.words):
        if trigger.row.subject != TOLD_BEFORE or trigger.first in told:
            continue
        attacks = [*before, *(finding for finding in here if finding.anchor < trigger.first)]
        doers = {finding.subject.entities for finding in attacks}
        if len(doers) == 1:
            yield replace(view, attackers=doers.pop()), trigger, attacks


def won(view: View, found: Iterable[Finding]) -> Iterator[Finding]:
    """The attacks by which places were taken, of which nothing else is told (``سيطر الجيش على دوما بعد معارك عنيفة``)."""
    for taken in found:
        actual = taken.polarity is Polarity.POSITIVE and taken.modality is Modality.ACTUAL
        took = taken.predicate is Predicate.CONTROLS and actual and view.is_role(taken.anchor, "taking")
        if took and (noun := _means(view, taken.last)) is not None:
            yield replace(
                taken, predicate=Predicate.ATTACKED, rule="attacked.won", confidence=WON, words=(noun, noun + 1)
            )  # fmt: skip


def _means(view: View, start: int) -> int | None:
    """The attack behind *after*, *in* or the like, unless names behind it tell whose or on whom it was."""
    for at in range(start, start + WON_REACH):
        noun = at + 1
        if (view.is_role(at, "hit_by") or view.folded(at) in SINCE) and is_event_noun(view.folded(noun)):
            return None if view.folded(noun) in WARS or view.names_any(noun, noun + WON_REACH) else noun
        if ends_clause(view, at) or is_trigger(view.folded(at)):
            return None
    return None


def _attacks(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.predicate is Predicate.ATTACKED and f.polarity is Polarity.POSITIVE]


def goes_on(finding: Finding, attacks: Iterable[Finding]) -> bool:
    """Whether an attack hits what was hit before, or a place in the same part of the country."""
    hit = {entity for attack in attacks for entity in attack.target.entities}
    near = {province for entity in hit if (province := _province(entity))}
    return any(entity in hit or _province(entity) in near for entity in finding.target.entities)


def _province(place: Entity) -> str:
    base = knowledge_base()
    return base.province(place) if place.kind is Kind.PLACE else ""
