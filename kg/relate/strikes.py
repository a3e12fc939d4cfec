"""Who strikes, and what stands beside a name: the slots of war reports.

A strike is often the subject of its own sentence (``غارات روسية استهدفت``), or is told without an active verb (``تعرضت
لقصف من قبل``); what a group holds is told by a noun beside it (``إدلب، آخر معاقل الفصائل``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kg.knowledge import knowledge_base
from kg.language.arabic import ALEF, ARTICLE, BEH, HEH, LAM, WAW
from kg.language.cues import has_role
from kg.language.titles import COMMAS, STOPS
from kg.language.words import QUOTES
from kg.relate.described import SINGULAR_RELATIVES, antecedent, before, modified
from kg.relate.doers import RESUMED_REACH, agent
from kg.relate.owning import FIGHTERS, THEM, doer, of, possessor
from kg.relate.search import (
    AGENT_REACH,
    OBJECT_REACH,
    OF_REACH,
    REACHES,
    Filler,
    army,
    behind_preposition,
    ends_clause,
    filler_of,
    is_backer,
    object_start,
    right_of,
)
from kg.relate.sentence import FROM, Place, View
from kg.relate.triggers import Trigger, is_event_noun, is_trigger
from kg.vocabulary import Kind

STRIKE_REACH = 12
"""Words before a verb within which the strike stands that is its subject."""
STRUCK_REACH = 20
"""Words before an attack within which the word stands that tells of its dead."""
SCENE_REACH = 7
BY_REACH = 10
BESIDE_REACH = 7
RELATIVE_REACH = SAID_REACH = 6
WIDE = frozenset({"Region", "Countryside", "Governorate"})
NEAR = "قرب"
"""Behind it stands a place that something is not in."""
REGION = "Region"
IN = "في"
HELD = frozenset({Kind.PLACE})
STATES = frozenset({Kind.STATE, Kind.INTERNATIONAL_ORGANIZATION})
BY = frozenset({(FROM, "قبل"), (FROM, "جانب"), (FROM, "طرف"), ("علي", "يد"), ("علي", "ايدي")})
"""What leads to the doer of a passive: ``من قبل``, ``على يد``."""


def striker(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who does what a verb of striking tells: whose strike or craft its subject is, else the verb's own subject."""
    noun = None if trigger.conjoined else subject_noun(view, trigger)
    return agent(view, trigger, kinds, other) if noun is None else _whose(view, noun, trigger, kinds)


def subject_noun(view: View, trigger: Trigger) -> int | None:
    """The strike or craft before a verb that is its subject: nobody stands between who could act himself."""
    at = trigger.first - 1
    while at >= max(0, trigger.first - STRIKE_REACH):
        place = view.place_at(at)
        if place and not _hangs(view, place):
            return None
        said = view.is_role(at, "complement") and not view.is_guess(at)
        clause = view.folded(at) in COMMAS and view.is_role(at + 1, "connector")  # «…، فحين قصف الجيش»
        if view.folded(at) in STOPS or said or clause:
            return None
        at = place.first - 1 if place else at
        if not place and _is_strike(view, at):
            return at
        at -= not place
    return None


def _hangs(view: View, place: Place) -> bool:
    """Whether a name hangs on a preposition or on the strike itself (``غارات التحالف استهدفت``)."""
    return view.governed(view.group_of(place)) or _is_strike(view, place.first - 1)


def _is_strike(view: View, at: int) -> bool:
    if view.is_role(at, "war"):
        return False
    return is_event_noun(view.folded(at)) or view.is_role(at, "craft") or view.is_role(at, "own_forces")


def _whose(view: View, noun: int, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    """Whose strike or craft a noun is, told before the verb."""
    word = view.folded(noun)
    owned = word.endswith((HEH + ALEF, HEH)) and view.is_role(noun, "own_forces")
    itself = replace(trigger, first=noun, last=noun + 1, tense="", pronoun=owned, preposition="")
    if owned:
        found = possessor(view, itself, kinds, None)
        return replace(found, entities=tuple(map(army, found.entities))) if found else None
    found = doer(view, itself, kinds, None) or behind_preposition(LAM, view, itself, kinds, None, REACHES["near"])
    return found if found and found.last <= trigger.first else None


def by(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who is named as the doer of a passive or a noun (``قصف من قبل قوات النظام``)."""
    for at in range(trigger.last, min(trigger.last + BY_REACH, len(view.words))):
        if (view.folded(at), view.folded(at + 1)) in BY and not is_backer(view, at + 2):
            return right_of(view, at + 2, AGENT_REACH, kinds, commas=False)
        if ends_clause(view, at):
            return None
    return None


def beside(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a noun says something of: the name right before it, behind a comma or not (``إدلب، آخر معاقل …``)."""
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - BESIDE_REACH), -1):
        place = view.place_at(at)
        if place:
            return filler_of(view.group_of(_whole(view, place)), HELD & set(kinds) or kinds)
        if view.folded(at) in STOPS or _is_deed(view, at) or view.is_role(at, "preposition"):
            return None
    return None


def said_of(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a relative clause says a noun of (``الغوطة التي بقيت لسنوات معقل الفصائل``, ``التي تعد آخر جيب``)."""
    copula = False
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - SAID_REACH), -1):
        if copula and view.is_role(at, "relative"):
            noun = at - 1 - (view.folded(at - 1) in COMMAS)
            if not view.place_at(noun) and has_role(view.folded(noun).removeprefix(ARTICLE), "place_noun"):
                return None  # «المحافظة التي تعتبر …», whichever that is
            return antecedent(view, replace(trigger, first=at + 1), HELD & set(kinds), other)
        if view.place_at(at) or view.folded(at) in STOPS or view.is_role(at, "complement"):
            return None
        copula = copula or view.is_role(at, "copula")
    return None


def _is_deed(view: View, at: int) -> bool:
    """Whether a word tells of another relation."""
    return is_trigger(view.folded(at)) and not view.is_role(at, "site")


def _whole(view: View, place: Place) -> Place:
    """The place that a clause goes on about: not where it lies (``السوسة بمحافظة دير الزور، وهي …``)."""
    before = view.place_at(place.first - 1) or view.place_at(place.first - 2)
    if not before or not before.link.fitting({Kind.PLACE}):
        return place
    wide = knowledge_base().place_kinds.get(place.link.entities[0].id) in WIDE
    return before if wide or view.governed(view.group_of(place)) else place


def meant_place(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The place that a pronoun means: the nearest, not the province where it lies (``عفرين بريف حلب … السيطرة عليها``)."""
    for at in range(trigger.first - 1, max(-1, trigger.first - STRIKE_REACH), -1):
        place = view.place_at(at)
        found = (
            filler_of(view.group_of(place), HELD & set(kinds)) if place and not _is_whereabouts(view, place) else None
        )
        if found := below_countries(found):
            return found
        if view.folded(at) in STOPS or view.is_role(at, "complement"):
            return None
    return None


def _is_whereabouts(view: View, place: Place) -> bool:
    """Whether a name only tells in what part of the country something lies."""
    wide = knowledge_base().place_kinds.get(place.link.entities[0].id) in WIDE
    beside = wide and (view.governed(view.group_of(place)) or view.place_at(place.first - 1) is not None)
    return beside or view.folded(place.first - 1) == NEAR


def struck(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom or where a clause tells to be hit by the attack behind it (``مقتل البغدادي في غارة``, ``قتل 9 في إدلب بقصف``)."""
    if not (trigger.preposition == BEH or view.is_role(trigger.first - 1, "hit_by")):
        return None
    where = None
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - STRUCK_REACH), -1):
        place = view.place_at(at)
        if view.is_role(at, "casualty") and not place:
            whom = right_of(view, at + 1, 2, set(kinds) - HELD, adjectives=False)
            return whom if whom and whom.last <= trigger.first else where
        if ends_clause(view, at):
            return None
        if place and view.governed(view.group_of(place)):
            where = filler_of(view.group_of(place), HELD) or where
    return None


def scene(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Where something unnamed is hit, below the level of countries (``قصفت روسيا مشفى في إدلب``)."""
    bare = trigger.pronoun and not view.is_role(trigger.first - 1, "relative")  # not «المناطق التي تستهدفها القوات في»
    if bare or (other and any(view.is_role(at, "site") for at in range(trigger.last, other.first))):
        return None  # «استهدف مقر الحزب في …»: he is hit
    for preposition in (IN, BEH):
        hit = behind_preposition(preposition, view, trigger, HELD & set(kinds), other, SCENE_REACH)
        if found := below_countries(hit):
            shot = any(view.is_role(at, "shot_down") for at in range(trigger.last, found.first))
            return None if shot else found  # «دمرت صاروخين في …»
    return None


def member(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """As ``modified``, but no state: what is a wing or branch of somebody (``الوحدات، الجناح العسكري للحزب``)."""
    return modified(view, trigger, set(kinds) - STATES, other)


def forces(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whose operations a noun tells, where they are armed (``عمليات القوات التركية``, ``الجيش … عملياته``)."""
    if view.folded(trigger.first).endswith(THEM):
        return None  # «جنود الجيش …، إثر انضمامهم»
    found = possessor(view, trigger, kinds, other) if trigger.pronoun else of(view, trigger, kinds, other)
    between = range(trigger.last, found.first) if found else ()
    own = all(view.folded(at).startswith(ARTICLE) for at in between)  # «عملية إجلاء المقاتلين» is not theirs
    return found if found and own and _are_armed(found) else None


def armed(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """A verb's subject, where it is an armed group or army (``انضمت حركة … إلى``): people and states join too."""
    found = agent(view, trigger, kinds, other)
    return found if found and _are_armed(found) else None


def _are_armed(found: Filler) -> bool:
    armies = knowledge_base().armies
    return all(e.id not in armies and (e.kind in FIGHTERS or e in armies.values()) for e in found.entities)


def movers(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The armed group or army named last before a noun of leaving, governed or not (``سمح لمقاتلي الجيش بالخروج``)."""
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - BESIDE_REACH), -1) if not trigger.pronoun else ():
        if place := view.place_at(at):
            found = filler_of(view.group_of(place), kinds)
            return found if found and _are_armed(found) else None
        others = view.is_role(at, "unnamed") or view.is_role(at, "site")  # «دعا الجيش السكان إلى الخروج»
        if others or view.folded(at) in STOPS | COMMAS or view.is_role(at, "complement"):
            return None
    return None


def below_countries(found: Filler | None) -> Filler | None:
    """What was found, unless a country is among it."""
    countries = {state.id for state in knowledge_base().adjectives.values()}
    return None if found and any(entity.id in countries for entity in found.entities) else found


def place_before(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The nearest place before that nothing governs: no country, and no capital that can stand for its state."""
    found = below_countries(before(view, trigger, HELD & set(kinds), other))
    place = view.place_at(found.first) if found else None
    if not found or (place and place.link.fitting({Kind.STATE})):
        return None
    one = any(view.folded(at).removeprefix(WAW) in SINGULAR_RELATIVES for at in range(found.last, trigger.first))
    return replace(found, entities=found.entities[-1:]) if one else found  # «الرقة وعفرين (شمال غرب) التي باتت تحت»


def area(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Where areas of control lie, at once behind ``في``: a part of a country (``مناطق سيطرة … في ريف درعا``)."""
    if view.place_at(trigger.first - 2) and view.is_role(trigger.first - 1, "located"):
        return None  # «دوما الخاضعة لسيطرة الفصائل في الغوطة»: Douma
    for preposition in (IN, BEH):
        if found := below_countries(behind_preposition(preposition, view, trigger, kinds, other, REACHES["near"])):
            return found
    at = object_start(trigger, other)
    place = view.place_at(at + (view.folded(at) in COMMAS | QUOTES))
    bare = place and not view.clitic(place) and knowledge_base().place_kinds.get(place.link.entities[0].id) == REGION
    return filler_of(view.group_of(place), HELD & set(kinds)) if place and bare else None  # «مناطق الفصائل جنوبي دمشق»


def holders(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The armed group whose areas they are (``مناطق المعارضة في القنيطرة``), right behind the noun."""
    place = view.place_at(trigger.last)
    return filler_of(view.group_of(place), FIGHTERS & set(kinds)) if place and not view.clitic(place) else None


def suffered(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whose attack it is that places suffer, however long their list (``تعرضت … و… لعشرات الغارات الروسية``)."""
    at = trigger.last
    while at < len(view.words):
        place, word = view.place_at(at), view.folded(at)
        if place:
            at = place.last
            continue
        if word in STOPS or view.is_role(at, "complement") or view.is_role(at, "relative"):
            return None
        if word[:1] == LAM:
            attack = at if is_event_noun(word) else at + 1 if is_event_noun(view.folded(at + 1)) else None
            return None if attack is None else right_of(view, attack + 1, OF_REACH, kinds, commas=False)
        at += 1
    return None


def pair(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The last two of those before a dual (``تركيا … وإيران وروسيا حليفتا النظام``)."""
    found = modified(view, trigger, kinds, other) or beside(view, trigger, kinds, other)
    return replace(found, entities=found.entities[-2:]) if found else None


def ally(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Of a list that ends right before the trigger, the last (``القوات التركية والفصائل الموالية لها``)."""
    return _of_list(view, trigger, kinds, -1)


def leader(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The one before the last of that list, whom the pronoun means."""
    return _of_list(view, trigger, kinds, -2)


def _of_list(view: View, trigger: Trigger, kinds: Collection[Kind], at: int) -> Filler | None:
    place = None if trigger.conjoined else view.place_at(trigger.first - 1)
    members = view.group_of(place).members if place else ()
    if len(members) < -at or not (found := members[at].link.fitting(kinds)):
        return None
    return Filler((found,), members[at].first, members[at].last)


def resumed(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a clause is about whose verb has ``عليها`` behind it, with or without ``التي`` (``دوما آخر مدينة يسيطر عليها``)."""
    if not any(view.is_role(at, "resumptive") for at in range(trigger.last, trigger.last + RESUMED_REACH)):
        return None
    relative = any(view.is_role(at, "relative") for at in range(trigger.first - RELATIVE_REACH, trigger.first))
    return antecedent(view, trigger, kinds, other) or (None if relative else beside(view, trigger, kinds, other))


def fighters(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The object, where it is an armed group (``طردت … تنظيم داعش من الرقة``): envoys and migrants are driven out too."""
    start = object_start(trigger, other)
    return right_of(view, start, OBJECT_REACH, FIGHTERS & set(kinds), commas=False, adjectives=False, sites=True)
