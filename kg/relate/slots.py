"""Where a trigger's subject and object stand: the slots that ``seeds/triggers.tsv`` names.

A slot looks for a group of linked names at a place in the sentence that Arabic syntax makes likely, and gives up at
the first sign that it has left the clause. Nothing found is nothing claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from kg.knowledge import knowledge_base
from kg.language.arabic import ALEF, ARTICLE, BEH, HEH, LAM, WAW, YEH, fold
from kg.language.cues import has_role
from kg.language.titles import COMMAS, STOPS, role_of
from kg.language.words import QUOTES
from kg.model import Entity
from kg.relate.sentence import FROM, JOINERS, Group, Place, View
from kg.relate.triggers import Form, Trigger, is_event_noun, is_trigger
from kg.vocabulary import AGREEMENTS, EVENTS, PERSONS, PLACES, Kind

AGENT_REACH = 7
"""Words after a verb within which its subject begins."""
BEFORE_REACH = 16
"""Words before a verb within which a subject that precedes it ends."""
OF_REACH = 5
OBJECT_REACH = 7
PREPOSITION_REACH = 14
EVENT_REACH = 24
ANTECEDENT_REACH = 12
SPEAKER_GAP = 2
MODIFIED_REACH = 4
PLACE_REACH = 4
CARRIER_REACH = 12
ADJECTIVE_REACH = 2
CLAUSE_REACH = 8
LIST_REACH = 10
OCCASIONS = EVENTS | {Kind.TRACK}
DATING = frozenset({"في", FROM, "الي"})
SINGULAR_RELATIVES = frozenset({"الذي", "التي"})
TIMES = frozenset({"وقت", "الوقت", "حين", "يوم", "اليوم"})
TRANSPARENT = frozenset({("الي", "جانب"), ("في", "المءه"), ("في", "الميه"), ("في", "المايه")})
"""A preposition and its noun that a slot sees through: ``إلى جانب``, ``في المئة``."""
SINCE = frozenset({"بعد", "قبل", "عقب", "اثر"})
REACHES = {"prep": PREPOSITION_REACH, "near": 4}
"""Words between a trigger, or its subject behind it, and the preposition that a slot names."""


@dataclass(frozen=True, slots=True)
class Filler:
    """What a slot found: entities, and the words from ``first`` to ``last`` (exclusive) that show them."""

    entities: tuple[Entity, ...]
    first: int
    last: int


Search = Callable[[View, Trigger, Collection[Kind], Filler | None], Filler | None]


def fill(slot: str, view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The first filler that one of a slot's alternatives (separated by spaces) finds.

    ``other`` is the subject when the object is looked for. A slot is the name of a search in ``SEARCHES`` or
    ``prep:`` and a preposition, where ``prep:ب`` and ``prep:ل`` mean the attached letters; ``near:`` is the same, at once.
    """
    for alternative in slot.split():
        if alternative in (AND_PLACE, AND_EACH_OTHER):
            continue
        name, _, preposition = alternative.partition(":")
        found = (
            _after_preposition(fold(preposition), view, trigger, kinds, other, REACHES[name])
            if preposition
            else SEARCHES[name](view, trigger, kinds, other)
        )
        if found and not (other and found.first < other.last and other.first < found.last):
            return found
    return None


def _filler(group: Group | None, kinds: Collection[Kind]) -> Filler | None:
    entities = group.fitting(kinds) if group else ()
    return Filler(entities, group.first, group.last) if group and entities else None


def _ends_clause(view: View, at: int) -> bool:
    return view.folded(at) in STOPS or any(view.is_role(at, role) for role in ("complement", "relative", "connector"))


def _right(
    view: View, start: int, reach: int, kinds: Collection[Kind], *,
    commas: bool = True, adjectives: bool = True, definite: bool = False, sites: bool = False,
) -> Filler | None:  # fmt: skip
    """The first group within reach that no preposition governs, else the adjectives of states that stand there.

    ``definite`` takes only adjectives with the article: an indefinite one describes somebody unnamed (``امرأة روسية``).
    With ``sites``, a noun of sites (``مواقع في``, ``مناطق سيطرة``) leads through a preposition to whose or where they are.
    """
    site = False
    for at in range(start, min(start + reach, len(view.words))):
        place = view.place_at(at)
        if place:
            group = view.group_of(place)
            return None if view.attached(group) and not site else _filler(group, kinds)
        site = site or (sites and (view.is_role(at, "site") or is_event_noun(view.folded(at))))
        if not commas and at > start and is_trigger(view.folded(at)) and not site:
            return None
        if (
            adjectives
            and at in view.adjectives
            and _leads_to_adjective(view, start, at)
            and (found := _adjectives(view, at, kinds, definite=definite))
        ):
            return found
        if _ends_clause(view, at) or (view.folded(at) in COMMAS and (not commas or _opens_clause(view, at + 1))):
            return None
        leads = (site and view.is_role(at, "site_preposition")) or _is_partitive(view, at, start)
        leads = leads or (view.folded(at), view.folded(at + 1)) in TRANSPARENT
        leads = leads or (sites and view.is_role(at, "site")) or at in view.dated
        if view.is_role(at, "border") or (view.is_role(at, "preposition") and not leads):
            return None
    return None


def _is_site(word: str) -> bool:
    return any(has_role(word, role) or has_role(ARTICLE + word.removeprefix(LAM), role) for role in ("site", "part"))


def _opens_clause(view: View, at: int) -> bool:
    """Whether the word behind a comma begins with *and*: another clause, since lists are groups already."""
    return view.folded(at).startswith(WAW) and view.place_at(at) is None


def _leads_to_adjective(view: View, start: int, at: int) -> bool:
    """Whether an adjective of a state belongs to the trigger, a body of the state, or an office.

    ``غارات جوية روسية`` and ``السلطات الروسية`` do; in ``فصائل سورية`` it describes somebody else.
    """
    between = (view.folded(n) for n in range(start, at))
    return all(
        word in QUOTES or word.endswith((YEH, YEH + HEH)) or has_role(word, "authority") or role_of(word) for word in between
    )


def _is_partitive(view: View, at: int, start: int) -> bool:
    """Whether ``من`` leads to the whole whose part acts (``فصائل من المعارضة``)."""
    return view.folded(at) == FROM and (at == start or view.is_role(at - 1, "part"))


def _adjectives(view: View, at: int, kinds: Collection[Kind], *, definite: bool) -> Filler | None:
    """The states named by adjectives in a row (``الدور القطري السعودي``), unless they describe a person named next."""
    end = at + 1
    while end in view.adjectives or (view.folded(end) in JOINERS and end + 1 in view.adjectives):
        end += 1
    following = view.place_at(end)
    if following and following.link.entities[0].kind is Kind.PERSON:
        return None
    if definite and not view.folded(at).startswith(ARTICLE):
        return None
    found = (view.adjectives[n] for n in range(at, end) if n in view.adjectives)
    acting = [_army(state) if _is_military(view, at) else state for state in found]
    states = tuple(dict.fromkeys(state for state in acting if state.kind in kinds))
    return Filler(states, at, end) if states else None


def _army(state: Entity) -> Entity:
    """The army of a state, where the tables name one."""
    return knowledge_base().armies.get(state.id, state)


def _is_military(view: View, at: int) -> bool:
    """Whether the noun that adjectives describe is of an army (``مقاتلات حربية روسية``)."""
    return any(view.is_role(back, "military") for back in (at - 1, at - 2))


def _left(view: View, end: int, kinds: Collection[Kind]) -> Filler | None:
    """The nearest group before ``end`` that can act: no preposition governs it, or a relative clause begins behind it."""
    relative = False
    at = end - 1
    while at >= max(0, end - BEFORE_REACH):
        place = view.place_at(at)
        if place:
            group = view.group_of(place)
            if (relative or not view.governed(group)) and (found := _filler(group, kinds)):
                return found
            relative, at = False, group.first - 1
        elif view.folded(at) in STOPS or view.is_role(at, "complement"):
            return None
        else:
            relative = relative or view.is_role(at, "relative")
            at -= 1
    return None


def agent(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """A verb's subject: right before it (``أمريكا تتهم``), else behind it, else further before it."""
    if _is_the_speaker(view, trigger):
        return says(view, trigger, kinds, other)
    if _takes_object_therein(view, trigger):
        return _left(view, trigger.first, kinds) or _meant(view, trigger, kinds)
    place = None if trigger.conjoined else view.place_at(trigger.first - 1)
    if place and not (view.governed(view.group_of(place)) and not _is_of_noun(view, place)):
        found = _filler(view.group_of(place), kinds)
        if found:
            return found
    behind = _right(view, trigger.last, AGENT_REACH, kinds)
    if behind or _has_resumptive(view, trigger) or _has_other_subject(view, trigger, kinds):
        return behind
    return _left(view, trigger.first, kinds)


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
    return not PERSONS & set(kinds) and _right(view, trigger.last, AGENT_REACH, PERSONS) is not None


def _has_resumptive(view: View, trigger: Trigger) -> bool:
    """Whether the verb is of a relative clause about its object (``التي تسيطر عليها …``): its subject is behind it."""
    relative = any(view.is_role(trigger.first - back, "relative") for back in (1, 2))
    return relative and (trigger.pronoun or view.is_role(trigger.last, "resumptive"))


def before(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The nearest group before the trigger that can act."""
    return _left(view, trigger.first, kinds)


def owner(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom the pronoun on a noun means (``لقائه``): the nearest group before it, governed or not."""
    return _meant(view, trigger, kinds) if trigger.pronoun else None


def possessor(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The same for a word that the table writes with its pronoun."""
    return _meant(view, trigger, kinds)


def _meant(view: View, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    for at in range(trigger.first - 1, max(-1, trigger.first - BEFORE_REACH), -1):
        place = view.place_at(at)
        if place and (found := _filler(view.group_of(place), kinds)):
            return found
        if view.folded(at) in STOPS:
            return None
    return None


def own_forces(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom a pronoun means on the noun, or on the forces right behind it (``إجلاء … مقاتليها``)."""
    near = range(trigger.last, min(trigger.last + OF_REACH, len(view.words)))
    theirs = trigger.pronoun or any(view.is_role(at, "own_forces") for at in near)
    return (_left(view, trigger.first, kinds) or _meant(view, trigger, kinds)) if theirs else None


def of(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a noun belongs to: the group or adjective right behind it (``هجوم قوات النظام``, ``غارات روسية``)."""
    return None if trigger.pronoun else _right(view, trigger.last, OF_REACH, kinds, commas=False)


def done_by(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who does it by the verb of a clause about it (``الهجوم الذي تشنه القوات``, ``غارات نفذتها روسيا``)."""
    start = _start(trigger, other)
    for at in range(start, min(start + CLAUSE_REACH, len(view.words))):
        word = view.folded(at)
        if view.place_at(at) or word in STOPS or view.is_role(at, "complement"):
            return None
        pronoun = word.endswith((HEH, HEH + ALEF)) or view.is_role(at + 1, "resumptive")
        if at > start - 1 and pronoun and view.is_role(at, "carrier"):
            return _right(view, at + 1, AGENT_REACH, kinds)
    return None


def carried(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom a noun's pronoun means, or the subject of the verb that carries it (``بدأت تركيا عملية``, ``باستهداف``)."""
    if trigger.pronoun:
        return owner(view, trigger, kinds, other)
    if (carrier := _carrier(view, trigger)) is not None:
        return _subject_of_carrier(view, carrier, trigger, kinds)
    if trigger.preposition != BEH or view.folded(trigger.first).startswith(BEH + ARTICLE):
        return None
    return _right_before(view, trigger.first, kinds) or before(view, trigger, kinds, other)


def _right_before(view: View, at: int, kinds: Collection[Kind]) -> Filler | None:
    """Who stands right before ``ب`` and a noun of doing, whatever governs him (``سمح لإيران بمهاجمة``)."""
    last = at - 1
    while at - last < ADJECTIVE_REACH and view.place_at(last) is None and _is_adjective(view.folded(last)):
        last -= 1
    place = view.place_at(last)
    return _filler(view.group_of(place), kinds) if place else None


def _is_adjective(word: str) -> bool:
    """Whether a word looks like a definite adjective in the feminine (``اللبنانية``)."""
    return word.startswith(ARTICLE) and word.endswith((YEH, YEH + HEH))


def phrase(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The same as ``of`` without what a comma adds (``المدعومة من تركيا، وعناصر من …``)."""
    found = of(view, trigger, kinds, other)
    if not found:
        return None
    group = view.group_of(next(p for at in range(found.first, found.last) if (p := view.place_at(at)))) if view.place_at(found.first) else None
    if not group:
        return found
    kept: list[Place] = []
    for place in group.members:
        if kept and any(view.folded(at) in COMMAS for at in range(kept[-1].last, place.first)):
            break
        kept.append(place)
    return _filler(Group(tuple(kept)), kinds)


def doer(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who does what a noun tells: in a clause about it, as subject of what carries it, or else whose it is."""
    if found := done_by(view, trigger, kinds, other):
        return found
    first, second = (carried, of) if _carrier(view, trigger) is not None else (of, carried)
    return first(view, trigger, kinds, other) or (second(view, trigger, kinds, other) if first is of else None)


def _carrier(view: View, trigger: Trigger) -> int | None:
    """The verb or noun that carries the trigger (``شن``, ``بدأ``, ``القيام ب``), if one stands shortly before it."""
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - CARRIER_REACH), -1):
        if view.is_role(at, "carrier"):
            return at
        if _ends_clause(view, at):
            return None
    return None


def _subject_of_carrier(view: View, at: int, trigger: Trigger, kinds: Collection[Kind]) -> Filler | None:
    if view.folded(at - 1) == FROM and view.is_role(at, "doing"):
        return None  # «حذرت … من شن هجوم»: she warns, others attack
    between = _right(view, at + 1, max(0, trigger.first - at - 1), kinds)
    noun = view.folded(at).startswith(BEH) and _right_before(view, at, kinds)
    return between or noun or _left(view, at, kinds)


def members(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The names right behind the trigger, no adjectives (``بين روسيا وتركيا``).

    One name goes on with the next that has *and* (``بين الجيش السوري المدعوم من روسيا، وفصائل المعارضة``).
    """
    found = _right(view, trigger.last, OF_REACH, kinds, commas=False, adjectives=False)
    if not found or len(found.entities) > 1:
        return found
    for place in view.places:
        near = found.last <= place.first <= found.last + LIST_REACH and not place.absorbed
        if near and _begins_member(view, place) and (more := place.link.fitting(kinds)):
            return Filler((*found.entities, more), found.first, place.last)
    return found


def _begins_member(view: View, place: Place) -> bool:
    """Whether *and* stands on a name that begins a group or follows a comma."""
    apart = view.folded(place.first - 1) in COMMAS or view.group_of(place).first == place.first
    return apart and WAW in view.clitic(place)


def behind(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The group right behind the trigger, whatever pronoun it has (``حليفتها موسكو``)."""
    start = trigger.last + (view.folded(trigger.last) in COMMAS)
    found = _right(view, start, OF_REACH, kinds, commas=False, sites=True)
    place = view.place_at(found.first) if found else None
    return None if place and WAW in view.clitic(place) else found


def between(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The names behind ``بين`` that follows the trigger in its clause (``اشتباكات … بين … و…``)."""
    for at in range(trigger.last, min(trigger.last + PREPOSITION_REACH, len(view.words))):
        if view.folded(at) == "بين":
            return members(view, replace(trigger, last=at + 1), kinds, other)
        place = view.place_at(at)
        if view.folded(at) in STOPS or view.is_role(at, "complement") or (place and place.first >= trigger.last):
            return None
    return None


def listed(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who is listed in brackets behind a noun (``الدول الراعية للاجتماعات (روسيا وتركيا)``)."""
    for at in range(trigger.last, min(trigger.last + OBJECT_REACH, len(view.words))):
        if view.folded(at) == "(":
            return _right(view, at + 1, 1, kinds)
        if _ends_clause(view, at):
            return None
    return None


def direct(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """A verb's direct object: behind the subject that follows it, else behind the verb; its pronoun means what a relative
    clause is about (``القرار الذي أيدته روسيا``).
    """
    if trigger.pronoun and trigger.tense:
        return antecedent(view, trigger, kinds, other)
    return _right(view, _start(trigger, other), OBJECT_REACH, kinds, definite=True, sites=True)


def _start(trigger: Trigger, subject: Filler | None) -> int:
    return subject.last if subject and subject.first >= trigger.last else trigger.last


def antecedent(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a relative clause is about (``إدلب التي تسيطر عليها الفصائل``): the group before the pronoun.

    Behind a comma, a group that hangs on a preposition is skipped (``إدلب، المتاخمة للحدود مع تركيا، التي …``).
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
        if place and not (comma and view.is_role(place.first - 1, "preposition")):
            one = view.folded(pronoun).removeprefix(WAW) in SINGULAR_RELATIVES
            return _filler(Group((place,)) if one else view.group_of(place), kinds)
        at = place.first - 1 if place else at - 1
        if view.folded(at) in STOPS or (not comma and at <= nearest_word - ADJECTIVE_REACH):
            return None
    return None


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
            return None if comma and view.governed(group) else _filler(group, kinds)
        if view.folded(at) in STOPS:
            return None
    return None


def nearest(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Of what the trigger describes only the last (``… وقوات التحالف الدولي بقيادة واشنطن``)."""
    found = modified(view, trigger, kinds, other)
    return replace(found, entities=found.entities[-1:]) if found else None


def event(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The talks in the sentence that stand nearest, behind the trigger rather than before it."""
    events = [p for p in view.places if p.link.entities[0].kind in OCCASIONS | AGREEMENTS and p.link.fitting(kinds)]
    after = [p for p in events if 0 <= p.first - trigger.last <= EVENT_REACH]
    earlier = [p for p in events if 0 <= trigger.first - p.last <= EVENT_REACH]
    if not (after or earlier):
        return None
    place = after[0] if after else earlier[-1]
    found = place.link.fitting(kinds)
    return Filler((found,), place.first, place.last) if found else None


def event_before(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The talks that end before the trigger in the same clause."""
    for at in range(trigger.first - 1, max(-1, trigger.first - PREPOSITION_REACH), -1):
        place = view.place_at(at)
        if view.folded(at) in STOPS:
            return None
        if place and place.link.entities[0].kind in OCCASIONS | AGREEMENTS and (found := place.link.fitting(kinds)):
            return Filler((found,), place.first, place.last)
    return None


def topic(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The round that the article is about, where the trigger by its nature speaks of it."""
    if view.topic and view.topic.kind in kinds:
        return Filler((view.topic,), trigger.first, trigger.last)
    return None


def _after_preposition(
    preposition: str, view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None, reach: int
) -> Filler | None:
    """The group behind a preposition that follows the trigger in its clause."""
    start = _start(trigger, other)
    for at in range(start, min(start + reach, len(view.words))):
        place = view.place_at(at)
        if place and at == place.first and len(preposition) == 1 and preposition in view.clitic(place):
            return _filler(view.group_of(place), kinds)
        partitive = (preposition == FROM and view.is_role(at - 1, "part")) or view.is_role(at - 1, "not_with")
        if view.folded(at) == preposition and not partitive and not (preposition in DATING and view.folded(at + 1).isdigit()):
            if found := _right(view, at + 1, OBJECT_REACH, kinds, commas=False, adjectives=False, sites=True):
                return found
        if len(preposition) == 1 and _is_site(view.folded(at).removeprefix(preposition)) and view.folded(at)[0] == preposition:
            return _right(view, at, OBJECT_REACH, kinds, commas=False, adjectives=False, sites=True)
        if not trigger.tense and view.folded(at) in SINCE and is_trigger(view.folded(at + 1)):
            return None  # «… بعد هجوم»: another event
        strays = reach == REACHES["near"] and view.is_role(at, "site")
        if strays or _ends_clause(view, at) or (view.folded(at) in COMMAS and _opens_clause(view, at + 1)):
            return None
    return None


def speaker_after(view: View, start: int, kinds: Collection[Kind]) -> Entity | None:
    """The one who speaks, behind a verb of speech."""
    found = _right(view, start, AGENT_REACH, kinds)
    return found.entities[0] if found else None


def speaker_before(view: View, end: int, kinds: Collection[Kind]) -> Entity | None:
    """The one who speaks, right before a verb of speech but for ``قد`` or a comma."""
    found = _left(view, end, kinds)
    return found.entities[0] if found and end - found.last <= SPEAKER_GAP else None


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


def adjectives(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The states whose adjectives stand right behind the trigger (``المحادثات الأمريكية الروسية``)."""
    return _adjectives(view, trigger.last, kinds, definite=False) if trigger.last in view.adjectives else None


def craft(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whose craft it is: the first adjective behind the subject, definite or not (``أسقطت … مقاتلة إسرائيلية``)."""
    start = _start(trigger, other)
    for at in range(start, min(start + OBJECT_REACH, len(view.words))):
        if at in view.adjectives and view.adjectives[at].kind in kinds:
            return Filler((view.adjectives[at],), at, at + 1)
        if _ends_clause(view, at):
            return None
    return None


def undergone(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who did what somebody undergoes: behind the attack that follows the verb (``تعرضت إدلب لقصف روسي``)."""
    for at in range(trigger.last, min(trigger.last + PREPOSITION_REACH, len(view.words))):
        if view.folded(at) in map(fold, trigger.row.needs):
            return _right(view, at + 1, OF_REACH, kinds, commas=False)
        if _ends_clause(view, at):
            return None
    return None


def in_name(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Those in whose own name the trigger stands (``الدول الضامنة``)."""
    place = view.place_at(trigger.first)
    return _filler(view.group_of(place), kinds) if place else None


def event_next(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The talks that begin right behind the trigger (``خلال قمة طهران``)."""
    place = next((p for at in (trigger.last, trigger.last + 1) if (p := view.place_at(at))), None)
    found = place.link.fitting(kinds) if place and place.link.entities[0].kind in OCCASIONS else None
    return Filler((found,), place.first, place.last) if place and found else None


def place_behind(view: View, target: Filler) -> Filler | None:
    """Where the actor is who is attacked (``مواقع للمعارضة في محافظة إدلب``)."""
    if any(entity.kind in PLACES for entity in target.entities):
        return None
    for at in range(target.last, min(target.last + PLACE_REACH, len(view.words))):
        place = view.place_at(at)
        if place:
            before = at - 1 - view.is_role(at - 1, "place_noun")
            inside = BEH in view.clitic(place) or view.is_role(before, "site_preposition") or view.is_role(before, "site")
            return _filler(view.group_of(place), {Kind.PLACE}) if inside else None
        if _ends_clause(view, at) or view.folded(at) in COMMAS:
            return None
    return None


SEARCHES: dict[str, Search] = {
    search.__name__.replace("_", "-"): search
    for search in (
        agent,
        before,
        speaker,
        says,
        owner,
        possessor,
        own_forces,
        of,
        carried,
        doer,
        done_by,
        phrase,
        between,
        behind,
        members,
        listed,
        direct,
        antecedent,
        modified,
        nearest,
        event,
        event_before,
        topic,
        adjectives,
        craft,
        undergone,
        in_name,
        event_next,
    )
}
AND_PLACE = "and-place"
"""In an object: beside what was found, the place that stands right behind it."""
SPEAKER = "says"
"""Who speaks, the subject of every verb in the first person."""
OWN_NAME = "in-name"
"""The one slot whose trigger stands in a name."""
AND_EACH_OTHER = "and-each-other"
"""In an object: what was found also relates to one another (``اتفقت روسيا مع أميركا والأردن``)."""
EACH_OTHER, SECOND = "each-other", "second"
PAIRS = (EACH_OTHER, SECOND)
"""What may stand for the object instead of a search: the members of the subject's group, in pairs."""
