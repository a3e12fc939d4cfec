"""The relater: the sentences of a reading become claims.

Three families of rules, each a function from a sentence to findings: triggers (``seeds/triggers.tsv``), offices
(:mod:`kg.relate.offices`), the place and time of talks (:mod:`kg.relate.held`). What they find is checked against the
ontology, given its speaker, and made a claim once.
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from kg.knowledge import knowledge_base
from kg.language.arabic import ARTICLE
from kg.language.dates import Period, Precision
from kg.model import Claim, Entity, Evidence, Modality, Polarity, Reading
from kg.relate.again import goes_on, is_first_told, told_again, won
from kg.relate.finding import Finding
from kg.relate.held import held, is_coming, period_of
from kg.relate.idle import is_idle
from kg.relate.modality import describes, modality_of, polarity_of
from kg.relate.objects import place_behind
from kg.relate.offices import offices
from kg.relate.parts import parts
from kg.relate.search import OCCASIONS, Filler
from kg.relate.sentence import Place, View, views
from kg.relate.slots import (
    AND_EACH_OTHER,
    AND_PLACE,
    CONVENED,
    EACH_OTHER,
    IN_A_CLAUSE,
    OWN_NAME,
    PAIRS,
    SPEAKER,
    SPOKEN_FOR,
    fill,
)
from kg.relate.speech import heard
from kg.relate.triggers import Trigger, find_triggers, is_striking
from kg.vocabulary import AGREEMENTS, EVENTS, SIGNATURES, Kind, Predicate, allowed

UNSAID = frozenset({Predicate.AFFILIATED_WITH, Predicate.HEADED})
"""What a title tells is the article's own word, whoever is quoted around it."""
SPOKEN = frozenset(
    {
        Predicate.ACCUSED, Predicate.CONDEMNED, Predicate.REJECTED, Predicate.SUPPORTED, Predicate.CALLED_ON,
        Predicate.THREATENED, Predicate.ANNOUNCED,
    }
)  # fmt: skip
"""What somebody does by saying it: he is not also its source."""
DEEDS = frozenset(
    {
        Predicate.ATTENDED, Predicate.AGREED_WITH, Predicate.ATTACKED, Predicate.CONTROLS, Predicate.THREATENED,
        Predicate.WITHDREW_FROM,
    }
)  # fmt: skip
"""What observers tell of others."""
TOGETHER = DEEDS - {Predicate.THREATENED} | {Predicate.MET_WITH}
"""What *we* means of whom somebody speaks for rather than of himself."""
OUTWARD = frozenset({
    Predicate.ACCUSED, Predicate.ATTACKED, Predicate.CALLED_ON, Predicate.CONDEMNED, Predicate.MET_WITH, Predicate.SUPPORTED,
    Predicate.THREATENED,
})  # fmt: skip
"""What one does to others than the state or body that one belongs to."""
FACTIONS = frozenset({Kind.ARMED_GROUP, Kind.POLITICAL_BODY, Kind.GROUP_ACTOR})
"""They are on their own, whichever country they belong to."""
OUTLETS = frozenset({Kind.MEDIA_OUTLET})
"""They tell of others: what stands beside one is its source, not its doer."""
BLAMED = 0.6
"""Confidence of an accusation that only follows from what somebody tells."""
BLAMING = frozenset({Kind.PERSON, Kind.STATE, Kind.GOVERNMENT_BODY, Kind.POLITICAL_BODY})
"""Who accuses by telling of an attack; observers and outlets report."""
REMEMBERED = 2
"""Sentences before one within which an attack was told that it tells again."""
CONDUCTED_REACH = 6
"""Words behind a verb of holding within which the talks are named that somebody holds."""


def relate(reading: Reading) -> tuple[Claim, ...]:
    """The claims of an article, in the order of their evidence, each once."""
    claims: list[Claim] = []
    earlier: collections.deque[list[Finding]] = collections.deque(maxlen=REMEMBERED)
    for view in heard(views(reading)):
        found = list(_triggered(view, find_triggers(view.words)))
        found += won(view, found)
        found += _again(view, found, [finding for before in earlier for finding in before])
        earlier.append(found)
        for finding in itertools.chain(found, offices(view), held(view)):
            claims.extend(_claims(reading, view, finding))
    return tuple(_once(claims, len(reading.document.article.title or "")))


def _again(view: View, found: Sequence[Finding], earlier: Sequence[Finding]) -> Iterator[Finding]:
    """Attacks that a sentence tells again, as sure to happen as they were told before."""
    for knowing, trigger, attacks in told_again(view, found, earlier):
        for finding in _triggered(knowing, [trigger]):
            if finding.predicate is Predicate.ATTACKED and goes_on(finding, attacks):
                actual = finding.modality is Modality.ACTUAL
                yield replace(finding, modality=attacks[-1].modality) if actual else finding


def _triggered(view: View, triggers: Iterable[Trigger]) -> Iterator[Finding]:
    """What triggers tell in their sentence."""
    told: set[tuple[int, Predicate]] = set()
    if not _names_two(view):
        return
    for trigger in triggers:
        if (
            (trigger.first, trigger.row.predicate) in told
            or _is_invitation(trigger, told)
            or is_first_told(view, trigger)
        ):
            continue  # one word tells a relation once: «قصف» is either the verb or the noun
        place = view.place_at(trigger.first)
        talks = place if place and place.link.entities[0].kind in OCCASIONS | AGREEMENTS else None
        if _is_round(view, talks or _conducted(view, trigger)) and trigger.row.predicate is Predicate.MET_WITH:
            continue  # who takes part in a round attends it
        if (
            (place and not talks and trigger.row.subject not in OWN_NAME)
            or is_idle(view, trigger)
            or (trigger.preposition and describes(trigger))
        ):
            continue
        meeting = talks or _convening(view, trigger)
        for finding in (_planned(view, one, meeting) for one in _applied(view, trigger)):
            told.add((trigger.first, finding.predicate))
            yield finding
            yield from _attended(finding, meeting)
            blamed = any(predicate is Predicate.ACCUSED for _, predicate in told)
            told_aside = view.is_role(trigger.first - 1, "relative")  # «قال إن الغارات التي نفذتها روسيا»
            if not blamed and ((trigger.tense and not told_aside) or trigger.row.subject == IN_A_CLAUSE):
                yield from _blamed(view, finding)


def _planned(view: View, finding: Finding, talks: Place | None) -> Finding:
    """A finding about a meeting; planned, if the meeting lies after the day of writing, whatever the words say."""
    if finding.predicate is Predicate.MET_WITH:
        events = talks.link.entities if talks else ()
    elif finding.predicate in (Predicate.ATTENDED, Predicate.HELD_IN):
        events = (*finding.subject.entities, *finding.target.entities)
    else:
        return finding
    first = talks.first if talks else min(finding.subject.first, finding.target.first)
    if finding.predicate is Predicate.ATTENDED:
        first = finding.target.first
    periods = [period for event in events if event.kind in EVENTS and (period := period_of(event))]
    coming = any(is_coming(view, first, period) for period in periods)
    return replace(finding, modality=Modality.PLANNED) if coming and finding.modality is Modality.ACTUAL else finding


def _is_invitation(trigger: Trigger, told: Collection[tuple[int, Predicate]]) -> bool:
    """Whether somebody is called to talks, and so invited."""
    return trigger.row.predicate is Predicate.CALLED_ON and (trigger.first, Predicate.INVITED_TO) in told


def _names_two(view: View) -> bool:
    """Whether a sentence has two sides of a relation: names, adjectives, who speaks, and what the article is about."""
    speaks = view.speaker is not None or bool(view.scopes)
    return len(view.places) + len(view.adjectives) + speaks + (view.topic is not None) > 1


def _conducted(view: View, trigger: Trigger) -> Place | None:
    """The talks right behind a verb of holding (``يجري دي ميستورا محادثات جنيف 8 مع``)."""
    reach = range(trigger.last, trigger.last + CONDUCTED_REACH) if trigger.tense and trigger.row.needs else ()
    places = (view.place_at(at) for at in reach)
    return next((place for place in places if place and place.link.entities[0].kind in OCCASIONS), None)


def _is_round(view: View, talks: Place | None) -> bool:
    """Whether a mention of talks is of rounds; what only names a city of talks can be of others (``محادثات في جنيف مع``)."""
    if talks is None or talks.link.entities[0].kind not in (Kind.ROUND, Kind.TRACK):
        return False
    indefinite = talks.last - talks.first > 2 and not view.folded(talks.first).startswith(ARTICLE)
    others = indefinite and view.folded(talks.first + 1) == "في" and view.folded(talks.last) == "مع"
    return not others or talks.link.fitting({Kind.ROUND}) is not None


def _attended(finding: Finding, talks: Place | None) -> Iterator[Finding]:
    """Who met in a meeting that is an entity of its own attended it (annotation guideline)."""
    if finding.predicate is not Predicate.MET_WITH or not talks or not (meeting := talks.link.fitting({Kind.MEETING})):
        return
    target = Filler((meeting,), min(talks.first, finding.first), max(talks.last, finding.last))
    for side in (finding.subject, finding.target):
        yield replace(
            finding, predicate=Predicate.ATTENDED, subject=side, target=target, rule=f"attended.{finding.rule}"
        )  # fmt: skip


def _convening(view: View, trigger: Trigger) -> Place | None:
    """The meeting that brings somebody together with somebody else (``لقمة تجمعه بنظيره``)."""
    if trigger.row.subject != CONVENED:
        return None
    meetings = [p for p in view.places if p.last <= trigger.first and p.link.fitting({Kind.MEETING})]
    return meetings[-1] if meetings else None


def _blamed(view: View, finding: Finding) -> Iterator[Finding]:
    """Who says that another side attacked accuses it (annotation guideline)."""
    speaker = view.speaker_at(finding.anchor)
    if finding.predicate is not Predicate.ATTACKED or not speaker or speaker.kind not in BLAMING:
        return
    if finding.polarity is not Polarity.POSITIVE or finding.modality is not Modality.ACTUAL or not speaker.known:
        return
    for attacker in finding.subject.entities:
        if _state_of(speaker) and not _same_side(speaker, attacker):
            by = replace(finding.subject, entities=(speaker,))
            whom = replace(finding.subject, entities=(attacker,))
            yield replace(
                finding, predicate=Predicate.ACCUSED, subject=by, target=whom, rule=f"accused.{finding.rule}",
                modality=Modality.ACTUAL, confidence=BLAMED,
            )  # fmt: skip


def _same_side(one: Entity, other: Entity) -> bool:
    return bool(_chain(one) & _chain(other))


def _state_of(entity: Entity) -> bool:
    """Whether an entity is, or belongs to, a state or its government."""
    base = knowledge_base()
    actors = {state.id for state in (*base.adjectives.values(), *base.capitals.values())}
    return bool(_chain(entity) & actors)


def _chain(entity: Entity) -> set[str]:
    """The ids of an entity and of all that it belongs to."""
    chain, at = set(), entity.id
    while at and at not in chain:
        chain.add(at)
        at = knowledge_base().parents.get(at, "")
    return chain


def _applied(view: View, trigger: Trigger) -> Iterator[Finding]:
    """What a trigger's rule finds in its sentence."""
    row, signature = trigger.row, SIGNATURES[trigger.row.predicate]
    together = SPOKEN_FOR if row.predicate in TOGETHER else SPEAKER
    slot = together if trigger.own else row.subject
    doers = signature.domain if row.predicate is Predicate.ALLIED_WITH else signature.domain - OUTLETS
    subject = fill(slot, view, trigger, doers, None)
    if not subject:
        return
    polarity = polarity_of(view, trigger)
    if row.predicate is Predicate.ACCUSED and row.subject == SPEAKER:
        reported = not any(map(_state_of, subject.entities))
        if reported or polarity is Polarity.NEGATIVE or modality_of(view, trigger) is Modality.POSSIBLE:
            return  # observers report; who says that they do not bear the guilt accuses nobody
    pairs = list(_pairs(view, trigger, subject))
    for pair in pairs or _continued(view, trigger, subject, doers):
        yield Finding(
            row.predicate, *pair, polarity, modality_of(view, trigger), row.rule, row.confidence,
            words=(trigger.first, trigger.last),
        )  # fmt: skip


def _continued(
    view: View, trigger: Trigger, behind: Filler, doers: Collection[Kind]
) -> Iterator[tuple[Filler, Filler]]:
    """Subject and object of a verb that goes on telling of somebody: who stands behind it, alone, is its object.

    ``ينتقل نتنياهو إلى باريس حيث يلتقي ماكرون``.
    """
    goes_on = view.is_role(trigger.first - 1, "goes_on") and trigger.tense and trigger.row.object.startswith("direct")
    if goes_on and behind.first >= trigger.last and (subject := fill("before", view, trigger, doers, None)):
        target = replace(behind, entities=tuple(e for e in behind.entities if e not in subject.entities))
        yield subject, target


def _pairs(view: View, trigger: Trigger, subject: Filler) -> Iterator[tuple[Filler, Filler]]:
    """Subject and object; for a rule about the members of one group, each two of them (``second``: the only two)."""
    row = trigger.row
    if row.object not in PAIRS:
        others = SIGNATURES[row.predicate].range
        if row.predicate is Predicate.MET_WITH or row.predicate in SPOKEN:
            others -= OUTLETS  # who meets an outlet gives an interview
        target = fill(row.object, view, trigger, others, subject)
        if target and row.predicate is Predicate.THREATENED and _tells_a_strike(view, trigger.last, target.first):
            return  # «توعد بالرد على غارة استهدفت سوريا»
        yield from [(subject, target)] if target else []
        if target and AND_EACH_OTHER in row.object.split():
            yield from _each_other(target)
        if target and AND_PLACE in row.object.split() and (where := place_behind(view, target)):
            yield subject, where
        yield from ((subject, part) for part in (parts(view, trigger, subject, target) if target else ()))
    elif row.object == EACH_OTHER or len(subject.entities) == 2:
        yield from _each_other(subject)


def _tells_a_strike(view: View, first: int, last: int) -> bool:
    """Whether one of words ``first`` to ``last`` (exclusive) is a verb of attack."""
    return any(is_striking(view.folded(at)) for at in range(first, last))


def _each_other(group: Filler) -> Iterator[tuple[Filler, Filler]]:
    for one, other in itertools.combinations(group.entities, 2):
        yield replace(group, entities=(one,)), replace(group, entities=(other,))


def _claims(reading: Reading, view: View, finding: Finding) -> Iterator[Claim]:
    evidence = _evidence(view, finding)
    for subject, target in itertools.product(finding.subject.entities, finding.targets):
        kind = target.kind if isinstance(target, Entity) else None
        if finding.predicate in DEEDS and subject.id in knowledge_base().observers:
            continue
        if finding.predicate is Predicate.ATTACKED and subject.id in knowledge_base().mediators:
            continue
        if subject == target or not allowed(subject.kind, finding.predicate, kind):
            continue
        if finding.predicate in OUTWARD and isinstance(target, Entity) and _is_his_own(subject, target):
            continue
        speaker = None if finding.predicate in UNSAID else view.speaker_at(finding.anchor)
        own = speaker in finding.subject.entities and finding.predicate in SPOKEN
        yield Claim(
            article=reading.document.article.id, subject=subject, predicate=finding.predicate, object=target,
            polarity=finding.polarity, modality=finding.modality, evidence=evidence, rule=finding.rule,
            confidence=finding.confidence, says=None if own else speaker, date=finding.date,
            role=finding.role,
        )  # fmt: skip


def _is_his_own(subject: Entity, target: Entity) -> bool:
    """Whether one belongs to the other (a minister and his state), and is no faction."""
    sides = ((subject, target), (target, subject))
    return any(part.kind not in FACTIONS and whole.id in _chain(part) for part, whole in sides)


def _evidence(view: View, finding: Finding) -> Evidence:
    span = view.span(finding.first, finding.last)
    return Evidence(span, span.of(view.text))


def _once(claims: Iterable[Claim], headline: int) -> Iterator[Claim]:
    """Of claims that say the same, the most confident, then the earliest; of dates of one event, the most exact.

    What the first ``headline`` letters tell gives way to the text, which says who says it.
    """
    best: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = _meaning(claim)
        if key not in best or best[key].evidence.span.end <= headline or best[key].confidence < claim.confidence:
            best[key] = claim
    exact = [claim for claim in best.values() if not _is_vaguer(claim, best.values())]
    yield from sorted(exact, key=lambda claim: (claim.evidence.span, claim.predicate, claim.id))


def _is_vaguer(claim: Claim, others: Iterable[Claim]) -> bool:
    """Whether another claim dates the same event within this claim's date, more exactly."""
    mine = claim.object
    if not isinstance(mine, Period):
        return False
    return any(
        isinstance(other.object, Period) and other.subject == claim.subject and other.object != mine
        and mine.start <= other.object.start and other.object.end <= mine.end
        and other.object.precision in (Precision.DAY, Precision.INTERVAL) and mine.precision is not Precision.INTERVAL
        for other in others
    )  # fmt: skip


def _meaning(claim: Claim) -> tuple[object, ...]:
    target = claim.object.id if isinstance(claim.object, Entity) else claim.object.value
    ends = (claim.subject.id, target)
    if SIGNATURES[claim.predicate].symmetric:
        ends = (min(ends), max(ends))
    return (claim.predicate, *ends, claim.polarity)
