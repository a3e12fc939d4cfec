"""Who speaks, and in whose name, as the subject of what is said; and whose sentence a verb goes on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kg.knowledge import knowledge_base
from kg.language.arabic import BEH, HEH, stems
from kg.language.cues import has_role
from kg.language.inflect import NOON, Agreement
from kg.language.titles import COMMAS, STOPS
from kg.language.words import QUOTES
from kg.model import Entity
from kg.relate.agreeing import can_be_subject, disagrees, gender
from kg.relate.offices import body_told
from kg.relate.owning import FIGHTERS
from kg.relate.search import (
    AGENT_REACH,
    PREPOSITION_REACH,
    SPEAKER_GAP,
    Filler,
    army,
    ends_clause,
    filler_of,
    left_of,
    right_of,
)
from kg.relate.sentence import View
from kg.relate.triggers import Form, Trigger
from kg.vocabulary import Kind

FACTIONS = FIGHTERS | {Kind.POLITICAL_BODY}
WITH = "مع"
OPENING_REACH, FOLLOWING_REACH = 3, 4
"""Words before what tells of talks that opens a sentence, and behind its comma within which who acts is named."""
SHORTEST = 4
"""Letters of a word that can be a preposition and a noun."""


def is_of_nobody(view: View, trigger: Trigger) -> bool:
    """Whether people without a name are the subject (``اتهم ناشطون روسيا``)."""
    return view.is_role(trigger.last, "unnamed") and not view.place_at(trigger.last)


def speaker(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who spoke last before the sentence, where the trigger goes on in his name (``وطالب``, ``داعيا``)."""
    goes_on = trigger.conjoined or trigger.row.form is Form.PARTICIPLE
    goes_on = goes_on and not is_of_nobody(view, trigger)
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
    if not told or is_of_nobody(view, trigger):
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


def following(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who acts in the clause behind a phrase that opens a sentence (``بعد محادثات مع لافروف، قال كيري``)."""
    if trigger.first > OPENING_REACH:
        return None
    for at in range(trigger.last, min(trigger.last + PREPOSITION_REACH, len(view.words))):
        if ends_clause(view, at):
            return None
        if view.folded(at) in COMMAS and at + 1 not in view.dated:
            verb = view.place_at(at + 1) is None
            return right_of(view, at + 1 + verb, FOLLOWING_REACH, kinds, commas=False)
    return None


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


def loyal(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Those whose name tells with the trigger to whom they belong (``الميليشيات الموالية لإيران``): no army."""
    place = view.place_at(trigger.first)
    who = place.link.fitting(kinds) if place else None
    if not (place and who) or place.first == trigger.first or who in knowledge_base().armies.values():
        return None
    return Filler((who,), place.first, trigger.first)


def patron(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """To whom they belong by that name: in it, or whom its pronoun means (``القوات التركية والفصائل الموالية لها``)."""
    place, base = view.place_at(trigger.first), knowledge_base()
    patron_id = base.parents.get(place.link.entities[0].id, "") if place else ""
    if not (place and patron_id) or place.last == trigger.last:
        return None
    if not view.is_role(place.last - 1, "resumptive") and not view.folded(place.last - 1).startswith(WITH):
        whose = base.entities[patron_id]
        armed = any(has_role(stem, "military") for stem, _ in stems(view.folded(trigger.last)))
        return Filler((army(whose) if armed else whose,), trigger.last, place.last)
    masculine = view.folded(place.last - 1).endswith(HEH)
    for before in reversed([one for one in view.places if one.last <= place.first]):
        one = before.link.fitting(kinds)
        if one and patron_id in (one.id, base.parents.get(one.id)):
            not_it = masculine and gender(view, before) is Agreement.FEMININE  # «قوات النظام والقوات الموالية له»
            return Filler((base.entities[patron_id] if not_it else one,), before.first, before.last)
    return None
