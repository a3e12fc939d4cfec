"""Looking for a name in a sentence: to the right, to the left, behind a preposition, in an adjective.

Every search gives up at the first sign that it has left the clause. Nothing found is nothing claimed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kg.knowledge import knowledge_base
from kg.language.arabic import ALEF, ARTICLE, BEH, HEH, LAM, WAW, YEH
from kg.language.cues import TOWARDS, has_role
from kg.language.inflect import TEH, Agreement
from kg.language.titles import COMMAS, STOPS, role_of
from kg.language.words import QUOTES
from kg.model import Entity
from kg.relate.agreeing import clashes, disagrees
from kg.relate.sentence import FROM, JOINERS, ON_BEHALF, Group, View
from kg.relate.triggers import Trigger, is_backing, is_event_noun, is_participle, is_trigger
from kg.vocabulary import EVENTS, PERSONS, Kind, Predicate

AGENT_REACH = 7
"""Words after a verb within which its subject begins."""
BEFORE_REACH = 16
"""Words before a verb within which a subject that precedes it ends."""
OBJECT_REACH = 7
OF_REACH = 5
SPEAKER_GAP = 2
MEEM = "\u0645"
"""What passive participles begin with."""
OCCASIONS = EVENTS | {Kind.TRACK}
OBJECT_PRONOUNS = (HEH, HEH + ALEF, HEH + MEEM, HEH + MEEM + ALEF)
SHORTEST_VERB = 5
"""Letters of a word that can be *and* with a verb in the feminine."""
DATING = frozenset({"في", FROM, "الي"})
DATING_IN = "في"
TRANSPARENT = frozenset({("الي", "جانب"), ("في", "المءه"), ("في", "الميه"), ("في", "المايه")})
"""A preposition and its noun that a slot sees through: ``إلى جانب``, ``في المئة``."""
OPENING = frozenset({"complement", "relative", "connector"})
"""Roles of words with which another clause begins."""
SINCE = frozenset({"بعد", "قبل", "عقب", "اثر"})
ON = "علي"
SAKE = "اجل"
"""Behind ``من``: *for*."""
AND_HAS = "وقد"
PERCENT = ("%", "٪")
PREPOSITION_REACH = 14
REACHES = {"prep": PREPOSITION_REACH, "near": 4}
"""Words between a trigger, or its subject behind it, and the preposition that a slot names."""


@dataclass(frozen=True, slots=True)
class Filler:
    """What a slot found: entities, and the words from ``first`` to ``last`` (exclusive) that show them."""

    entities: tuple[Entity, ...]
    first: int
    last: int


def filler_of(group: Group | None, kinds: Collection[Kind]) -> Filler | None:
    """The members of a group that can fill a slot, if any can."""
    entities = group.fitting(kinds) if group else ()
    return Filler(entities, group.first, group.last) if group and entities else None


def ends_clause(view: View, at: int) -> bool:
    """Whether a word ends the clause before it."""
    if view.folded(at) not in STOPS and OPENING.isdisjoint(view.roles(at)):
        return False
    often = view.folded(at - 1) == FROM and view.is_role(at, "span")  # «من حين لآخر»
    return not (often or view.is_guess(at))


def right_of(
    view: View, start: int, reach: int, kinds: Collection[Kind], *,
    commas: bool = True, adjectives: bool = True, definite: bool = False, sites: bool = False,
) -> Filler | None:  # fmt: skip
    """The first group within reach that no preposition governs, else the adjectives of states that stand there.

    ``definite`` takes only adjectives with the article: an indefinite one describes somebody unnamed (``امرأة روسية``).
    With ``sites``, a noun of sites (``مواقع في``, ``مناطق سيطرة``) leads through a preposition to whose or where they are.
    """
    site = False
    for at in range(start, min(start + reach, len(view.words))) if view.names_any(start, start + reach) else ():
        place = view.place_at(at)
        if place:
            group = view.group_of(place)
            named = view.is_role(at - 1, "agreement_noun") and group.members[0].link.entities[0].kind is Kind.PLACE
            return None if named or (view.attached(group) and not site) else filler_of(group, kinds)
        site = site or (sites and (view.is_role(at, "site") or is_event_noun(view.folded(at))))
        stops = is_participle if commas else is_trigger
        if at > start and (stops(view.folded(at)) or (commas and is_backing(view.folded(at)))) and not site:
            return None
        if at in view.adjectives:
            theirs = sites and _is_of_asset(view, at)
            leads = theirs or (adjectives and _leads_to_adjective(view, start, at))
            if leads and (found := adjectives_at(view, at, kinds, definite=definite and not theirs)):
                return found
        if site and view.is_role(at, "relative") and view.is_role(at + 1, "controlling"):
            continue  # «على المناطق التي تسيطر عليها الفصائل»
        if ends_clause(view, at) or (view.folded(at) in COMMAS and (not commas or _opens_clause(view, at + 1))):
            return None
        if _is_verb_of_its_own(view, at) or _is_whereabouts(view, start, at):
            return None
        leads = (site and view.is_role(at, "site_preposition")) or _is_partitive(view, at, start)
        pair = (view.folded(at), view.folded(at + 1))
        leads = leads or (pair in TRANSPARENT and (not sites or pair[0] == DATING_IN))
        leads = leads or (sites and view.is_role(at, "site")) or at in view.dated
        leads = leads or (sites and (view.is_role(at + 1, "span") or view.is_role(at + 2, "span")))
        if view.is_role(at, "border") or (view.is_role(at, "preposition") and not leads):
            return None
    return None


def _is_site(word: str) -> bool:
    return any(has_role(word, role) or has_role(ARTICLE + word.removeprefix(LAM), role) for role in ("site", "part"))


def _opens_clause(view: View, at: int) -> bool:
    """Whether the word behind a comma begins with *and*: another clause, since lists are groups already."""
    return view.folded(at).startswith(WAW) and view.place_at(at) is None


def _is_whereabouts(view: View, start: int, at: int) -> bool:
    """Whether a word only leads to where something without a link lies (``قرية مديرا الواقعة في``, ``القاعدة القريبة من``)."""
    return view.is_role(at, "bordering") or (view.is_role(at, "located") and view.is_role(start, "place_noun"))


def _is_verb_of_its_own(view: View, at: int) -> bool:
    """Whether *and* stands before a verb of another clause (``ووصلت``), as far as its letters tell."""
    word = view.folded(at)
    if word == AND_HAS:
        return True
    verb = word.startswith(WAW) and word.endswith(TEH) and not word.endswith(ALEF + TEH)
    return verb and len(word) >= SHORTEST_VERB and not word.startswith((WAW + ARTICLE, WAW + WAW + ARTICLE))


def _leads_to_adjective(view: View, start: int, at: int) -> bool:
    """Whether an adjective of a state belongs to the trigger, a body of the state, or an office.

    ``غارات جوية روسية`` and ``السلطات الروسية`` do; in ``فصائل سورية`` it describes somebody else.
    """
    between = (view.folded(n) for n in range(start, at))
    return all(
        word in QUOTES
        or word.endswith((YEH, YEH + HEH))
        or role_of(word)
        or has_role(word, "authority")
        or has_role(word, "craft")
        or has_role(word, "believed")
        or has_role(word, "that_he")
        or is_event_noun(word)
        for word in between
    )


def _is_of_asset(view: View, at: int) -> bool:
    """Whether an adjective tells whose sites or weapons they are (``مواقع إيرانية``, ``قواعد عسكرية إيرانية``)."""
    described = view.folded(at - 1).endswith((YEH, YEH + HEH)) or view.folded(at - 1) in QUOTES
    return view.is_role(at - 1, "asset") or (described and view.is_role(at - 2, "asset"))


def _is_partitive(view: View, at: int, start: int) -> bool:
    """Whether ``من`` leads to the whole whose part acts (``فصائل من المعارضة``, ``مفاوضون عن المعارضة``)."""
    part = view.is_role(at - 1, "part") or view.folded(at - 1).endswith(PERCENT)
    first = at == start and view.folded(at + 1) != SAKE
    return (view.folded(at) == FROM and (first or part)) or (view.folded(at) == ON_BEHALF and part)


def adjectives_at(view: View, at: int, kinds: Collection[Kind], *, definite: bool) -> Filler | None:
    """The states named by adjectives in a row (``الدور القطري السعودي``), unless they describe a person named next."""
    if view.is_role(at - 1, "war") or view.is_role(at - 1, "populace"):
        return None  # «الحرب السورية» is where it is, not whose, and «الشعب السوري» no state
    end = at + 1
    while end in view.adjectives or (view.folded(end) in JOINERS and end + 1 in view.adjectives):
        end += 1
    following = view.place_at(end)
    if following and following.link.entities[0].kind is Kind.PERSON:
        return None
    if definite and not view.folded(at).startswith(ARTICLE):
        return None
    found = (view.adjectives[n] for n in range(at, end) if n in view.adjectives)
    acting = [army(state) if _is_military(view, at, state) else state for state in found]
    states = tuple(dict.fromkeys(state for state in acting if state.kind in kinds))
    return Filler(states, at, end) if states else None


def army(state: Entity) -> Entity:
    """The army of a state, where the tables name one."""
    return knowledge_base().armies.get(state.id, state)


def _is_military(view: View, at: int, state: Entity) -> bool:
    """Whether the noun that adjectives describe is of an army (``مقاتلات حربية روسية``); its strikes in its own war too."""
    near = (at - 1, at - 2)
    martial = (is_event_noun(view.folded(back)) or view.is_role(back, "martial") for back in near)
    strikes = state.kind is Kind.GROUP_ACTOR and any(martial)
    return strikes or any(view.is_role(back, "military") and not is_event_noun(view.folded(back - 1)) for back in near)


def left_of(view: View, end: int, kinds: Collection[Kind], *, verb: Agreement | None = None) -> Filler | None:
    """The nearest group before ``end`` that can act: no preposition governs it, or a relative clause begins behind it.

    It must agree with ``verb``, if that is given.
    """
    relative = False
    at, first = end - 1, max(0, end - BEFORE_REACH)
    if not view.names_any(first, end):
        return None
    while at >= first:
        place = view.place_at(at)
        if place:
            group = view.group_of(place)
            agrees = verb is None or not clashes(view, verb, group)
            free = agrees and (relative or not view.governed(group)) and not is_within(view, group)
            inside = group.members[0].link.entities[0].kind is Kind.STATE and view.is_role(group.first - 1, "site")
            free = free and not (inside or view.is_role(group.first - 1, "against"))  # «شمال أفغانستان»
            if free and (found := filler_of(group, kinds)):
                return found
            if free and group.last == end and group.fitting(PERSONS):
                return None  # somebody acts who cannot be what is looked for
            relative, at = False, group.first - 1
        elif view.folded(at) in STOPS or view.is_role(at, "complement"):
            return None
        else:
            relative = relative or view.is_role(at, "relative")
            at -= 1
    return None


def is_within(view: View, group: Group, pronouns: tuple[str, ...] = OBJECT_PRONOUNS[:2]) -> bool:
    """Whether a group acts in a relative clause about somebody else (``الذي تقوده واشنطن``, ``التي تعد الوحدات نواتها``)."""
    verb = group.first - 1
    about = view.folded(verb).endswith(pronouns) or view.is_role(verb, "copula")
    return about and view.is_role(verb - 1, "relative")


def is_backer(view: View, at: int) -> bool:
    """Whether ``من`` before a word leads to who backs somebody (``المدعومة من واشنطن``, ``من قبل واشنطن``)."""
    back = at - 2 if view.folded(at - 2) == FROM else at - 1
    participle = view.folded(back - 1).removeprefix(ARTICLE)
    return view.folded(back) == FROM and participle.startswith(MEEM) and view.place_at(back - 1) is None


def object_start(trigger: Trigger, subject: Filler | None) -> int:
    """Where an object can begin: behind the trigger, and behind a subject that follows it."""
    return subject.last if subject and subject.first >= trigger.last else trigger.last


def behind_clause(view: View, at: int) -> int:
    """Where a sentence goes on behind a few words about its subject (``التحالف الذي تقوده واشنطن``, ``المدعوم من واشنطن``).

    Also behind what a deed is called (``دان ما أسماه بالعدوان التركي``).
    """
    if view.is_role(at + 1, "so_called"):
        return at + 2 + (view.folded(at + 2) == BEH or view.is_role(at + 2, "that_he"))
    backer = next((p for by in (at + 2, at + 3) if (p := view.place_at(by))), None)
    if backer and view.folded(at).startswith(ARTICLE) and is_backer(view, backer.first):
        return backer.last
    if view.is_role(at, "relative") and view.folded(at + 1).endswith((HEH, HEH + ALEF)):
        place = view.place_at(at + 2)
        return place.last if place else at
    return at


def behind_place(view: View, at: int, *, whither: bool = False) -> int:
    """Where a sentence goes on behind where, when or under whom somebody acts (``استقبل بوتين في سوتشي الأسد``).

    With ``whither``, also behind where he goes (``وصل إلى أستانا وفد``).
    """
    while at < len(view.words):
        led, into = view.is_role(at, "under"), view.folded(at) == "في" or (whither and view.folded(at) == TOWARDS)
        first = at + 1 + view.is_role(at + 1, "place_noun")
        place = view.place_at(first) if led or into else None
        fits = place is not None and place.link.entities[0].kind in (PERSONS if led else OCCASIONS | {Kind.PLACE})
        if fits and place and view.group_of(place).last == place.last:
            at = place.last
        elif at in view.dated:
            at += 1
        else:
            break
    return at


def behind_preposition(
    preposition: str, view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None, reach: int
) -> Filler | None:
    """The group behind a preposition that follows the trigger in its clause."""
    start = object_start(trigger, other)
    start = behind_clause(view, start) if other and start == other.last else start
    if not view.names_any(start, start + reach + OBJECT_REACH):
        return None
    for at in range(start, min(start + reach, len(view.words))):
        place = view.place_at(at)
        if place and at == place.first and len(preposition) == 1 and preposition in view.clitic(place):
            return filler_of(view.group_of(place), kinds)
        if trigger.row.predicate is Predicate.ATTACKED and view.folded(at) == ON and is_event_noun(view.folded(at + 1)):
            return None  # «… ردا على هجوم»
        found = None
        if view.folded(at) == preposition and _governs(view, at):
            party = view.is_role(at + 1, "party")  # «مع الوفدين التركي والإيراني»
            found = right_of(view, at + 1, OBJECT_REACH, kinds, commas=False, adjectives=party, sites=True)
        elif len(preposition) == 1 and view.folded(at)[0] == preposition and _is_site(view.folded(at)[1:]):
            return right_of(view, at, OBJECT_REACH, kinds, commas=False, adjectives=False, sites=True)
        if found:
            return found
        since = view.folded(at) in SINCE and view.folded(at - 1) != FROM  # not «من قبل»
        since = since and at not in view.dated and not view.is_role(at + 1, "span")
        if not trigger.tense and (since or view.is_role(at, "averting")):
            return None  # «… بعد تصويت», «… لمنع التمدد»: another event
        strays = (reach == REACHES["near"] and view.is_role(at, "site")) or _is_verb_of_its_own(view, at)
        if strays or ends_clause(view, at) or (view.folded(at) in COMMAS and _opens_clause(view, at + 1)):
            return None
    return None


def _governs(view: View, at: int) -> bool:
    """Whether a preposition leads to somebody: not to a share, a date, or what else happens (``تزامنا مع``)."""
    word = view.folded(at)
    share = word == FROM and view.is_role(at - 1, "part")
    date = word in DATING and view.folded(at + 1).isdigit()
    bank = view.is_role(at + 1, "not_target")
    return not (share or date or bank or view.is_role(at - 1, "not_with"))


def speaker_after(view: View, start: int, kinds: Collection[Kind], verb: Agreement | None = None) -> Entity | None:
    """The one who speaks, behind a verb of speech that agrees with him."""
    found = right_of(view, start, AGENT_REACH, kinds)
    fits = found and not disagrees(view, verb, start, view.place_at(found.first))
    return found.entities[0] if found and fits else None


def speaker_before(view: View, end: int, kinds: Collection[Kind]) -> Entity | None:
    """The one who speaks, right before a verb of speech but for ``قد`` or a comma."""
    found = left_of(view, end, kinds)
    return found.entities[0] if found and end - found.last <= SPEAKER_GAP else None
