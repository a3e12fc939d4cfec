"""Whom a deed is done to: names behind a trigger or its doer, behind prepositions, in lists and in brackets."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kg.language.arabic import ALEF, ARTICLE, BEH, LAM, WAW, fold, with_article
from kg.language.cues import has_role
from kg.language.inflect import Agreement
from kg.language.titles import COMMAS, STOPS
from kg.language.words import QUOTES
from kg.relate.agreeing import gender
from kg.relate.described import antecedent, apposed
from kg.relate.doers import agent
from kg.relate.owning import FIGHTERS, before_comma, is_of_meeting
from kg.relate.search import (
    OBJECT_REACH,
    OCCASIONS,
    OF_REACH,
    ON,
    PREPOSITION_REACH,
    Filler,
    adjectives_at,
    behind_clause,
    behind_place,
    ends_clause,
    filler_of,
    left_of,
    object_start,
    right_of,
)
from kg.relate.sentence import FROM, Group, Place, View
from kg.relate.strikes import below_countries, meant_place
from kg.relate.triggers import Trigger
from kg.vocabulary import AGREEMENTS, PERSONS, PLACES, Kind, Predicate

PLACE_REACH = 4
MATTER_REACH = 3
SHORTEST_NOUN = 4
"""Letters of a word that begins with ``ب`` as a preposition."""
LIST_REACH = 10
ASIDE_REACH = 12
"""Words from the comma that opens an aside within which it ends."""


def members(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The names right behind the trigger, no adjectives (``بين روسيا وتركيا``).

    One name goes on with the next that has *and* (``بين الجيش السوري المدعوم من روسيا، وفصائل المعارضة``).
    """
    found = right_of(view, trigger.last, OF_REACH, kinds, commas=False, adjectives=False)
    if not found or (len(found.entities) > 1 and not all(entity.kind in PERSONS for entity in found.entities)):
        return found
    for place in view.places:
        near = found.last <= place.first <= found.last + LIST_REACH and not place.absorbed
        if near and _begins_member(view, place) and (more := place.link.fitting(kinds)):
            return Filler((*found.entities, more), found.first, place.last)
    return found


def parties(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The sides of an agreement, those in brackets too (``بين إيران والدول الكبرى (روسيا والصين وألمانيا)``)."""
    found = between(view, trigger, kinds, other)
    if not found or not view.folded(found.last).startswith(WAW):
        return found
    named = listed(view, replace(trigger, last=found.last), kinds, other)
    return Filler((*found.entities, *named.entities), found.first, named.last) if named else found


def gathered(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The people whom a meeting brings together (``لقاء جمع لافروف ودي ميستورا``)."""
    return members(view, trigger, PERSONS & set(kinds), other) if is_of_meeting(view, trigger) else None


def _begins_member(view: View, place: Place) -> bool:
    """Whether *and* stands on a name that begins a group or follows a comma."""
    apart = view.folded(place.first - 1) in COMMAS or view.group_of(place).first == place.first
    return apart and WAW in view.clitic(place)


def behind(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The group right behind the trigger, whatever pronoun it has (``حليفتها موسكو``)."""
    start = trigger.last + (view.folded(trigger.last) in COMMAS)
    found = right_of(view, start, OF_REACH, kinds, commas=False, sites=True)
    place = view.place_at(found.first) if found else None
    return None if place and WAW in view.clitic(place) else found


def between(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The names behind ``بين`` that follows the trigger in its clause (``اشتباكات … بين … و…``)."""
    for at in range(trigger.last, min(trigger.last + PREPOSITION_REACH, len(view.words))):
        if view.folded(at) == "بين":
            if view.is_role(at - 1, "relation"):
                return None  # «قمة وسط توتر في العلاقات بين»
            return _and_beyond(view, members(view, replace(trigger, last=at + 1), kinds, other), kinds)
        place = view.place_at(at)
        named = place and place.first >= trigger.last and place.link.entities[0].kind not in PLACES | OCCASIONS
        apart = view.is_role(at, "goes_on")  # «الهدنة …، حيث تدور اشتباكات بين»
        if view.folded(at) in STOPS or view.is_role(at, "complement") or named or apart:
            return None
    return None


def _and_beyond(view: View, first: Filler | None, kinds: Collection[Kind]) -> Filler | None:
    """The first of two sides with the second, where it is told where the first is: ``بين الفصائل في الجنوب وروسيا``."""
    if not first or len(first.entities) > 1 or view.folded(first.last) != "في":
        return first
    for place in view.places:
        between = range(first.last + 1, place.first)
        if not 0 < len(between) <= PREPOSITION_REACH or any(ends_clause(view, at) for at in between):
            continue
        second = place.link.fitting(kinds)
        if second and second not in first.entities and WAW in view.clitic(place):
            return Filler((*first.entities, second), first.first, place.last)
    return first


def listed(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who is listed in brackets behind a noun (``الدول الراعية للاجتماعات (روسيا وتركيا)``)."""
    for at in range(trigger.last, min(trigger.last + OBJECT_REACH, len(view.words))):
        if view.folded(at) == "(":
            return right_of(view, at + 1, 1, kinds)
        if ends_clause(view, at):
            return None
    return None


def direct(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """A verb's direct object: behind the subject that follows it, else behind the verb; its pronoun means what a relative
    clause is about (``القرار الذي أيدته روسيا``).
    """
    if trigger.pronoun and trigger.tense:
        behind = other is not None and other.first >= trigger.last  # «فصائل تدعمها تركيا»
        return antecedent(view, trigger, kinds, other) or (apposed(view, trigger, kinds, other) if behind else None)
    start = behind_place(view, behind_clause(view, behind_place(view, object_start(trigger, other))))
    if trigger.row.predicate is Predicate.CALLED_ON and view.folded(start)[:1] == BEH and not view.place_at(start):
        return None  # «طالب بحماية إسرائيل»: what he calls for
    found = right_of(view, _behind_aside(view, start), OBJECT_REACH, kinds, definite=True, sites=True)
    relative = view.is_role(trigger.first - 1, "relative")
    return before_comma(view, found, kinds) if relative else found  # «تركيا التي تدعم الفصائل، وإيران وروسيا»


def _behind_aside(view: View, at: int) -> int:
    """Where a sentence goes on behind an aside between commas, if a name follows (``اتهمت روسيا، الداعمة للنظام، واشنطن``)."""
    told = view.folded(at + 1).startswith(ARTICLE) or view.is_role(at + 1, "superlative")
    told = told or view.is_role(at + 1, "preposition")
    if view.folded(at) not in COMMAS or not told or view.place_at(at + 1):
        return at
    ends = (word for word in range(at + 2, at + ASIDE_REACH) if view.folded(word) in COMMAS | STOPS)
    end = next(ends, at)
    place = view.place_at(end + 1) if view.folded(end) in COMMAS else None
    goes_on = place and not view.attached(view.group_of(place)) and WAW not in view.clitic(place)
    return end + 1 if goes_on else at


def acted_on(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The object of a verb where the rule's subject is he (``دعت روسيا تركيا إلى حضور``)."""
    doer_of_it = agent(view, trigger, PERSONS | {Kind.STATE, Kind.GROUP_ACTOR} | set(kinds), other)
    found = direct(view, trigger, kinds, doer_of_it) if doer_of_it else None
    return found if found and doer_of_it and found.first >= doer_of_it.last else None


def denier(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who denies or rejects what the trigger tells (``نفت موسكو اتهامات واشنطن``): behind that verb, or before it."""
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - OBJECT_REACH), -1):
        if view.is_role(at, "denial") or view.is_role(at, "rejection"):
            between = right_of(view, at + 1, trigger.first - at - 1, kinds)
            return between or left_of(view, at, kinds)
        if ends_clause(view, at):
            return None
    return None


def pronoun(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whom a verb's pronoun means, or one that stands alone behind a participle (``إذ تتهمها إسرائيل``, ``متهمة إياها``): the one
    name before it in the sentence that it can mean.
    """
    alone = view.is_role(trigger.last, "pronoun")
    word = view.folded(trigger.last if alone else trigger.first)
    followed = other is not None and other.first >= trigger.last
    if not alone and not (followed and trigger.pronoun and trigger.tense and _opens_clause(view, trigger)):
        return None
    taken = other.entities if other else ()
    found = {
        who.id: Filler((who,), place.first, place.last)
        for place in view.places
        if place.last <= trigger.first and not place.absorbed and _can_mean(view, word, place)
        if (who := place.link.fitting(kinds)) and who not in taken
    }
    if not found and view.speaker and trigger.conjoined and not trigger.first and view.speaker.kind in kinds:
        return Filler((view.speaker,), trigger.first, trigger.last)  # «… قال X. وأيده Y»
    return next(iter(found.values())) if len(found) == 1 else None


def _opens_clause(view: View, trigger: Trigger) -> bool:
    """Whether a verb opens a clause of its own (``إذ تتهمها``), so that its pronoun points back to a name."""
    return trigger.conjoined or (
        view.is_role(trigger.first - 1, "connector") and view.folded(trigger.first - 1) != "ما"
    )


def _can_mean(view: View, word: str, place: Place) -> bool:
    """Whether a word's pronoun, *her* or *him*, can mean a name."""
    meant = Agreement.FEMININE if word.endswith(ALEF) else Agreement.MASCULINE
    return gender(view, place) in (None, meant)


def adjacent(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The group right behind a noun or its doer (``اتهام لندن موسكو``, ``حليفتها موسكو``, ``حلفاؤه من الفصائل``)."""
    at = object_start(trigger, other)
    while view.folded(at) in COMMAS | QUOTES or view.folded(at) == FROM:
        at += 1
    if place := view.place_at(at):
        apart = view.attached(view.group_of(place)) or (at == place.first and WAW in view.clitic(place))
        return None if apart else filler_of(view.group_of(place), kinds)  # «حلفائها ووحدات الحماية»
    named = other is None and at in view.adjectives  # «حليفها الروسي»
    return adjectives_at(view, at, kinds, definite=True) if named else None


def adjectives(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The states whose adjectives stand right behind the trigger (``المحادثات الأمريكية الروسية``)."""
    at = trigger.last + (view.folded(trigger.last) in QUOTES)
    return adjectives_at(view, at, kinds, definite=False) if at in view.adjectives else None


def policy(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whose policy or deed is a verb's object (``انتقد التدخل العسكري الأميركي``, ``رفض الدور التخريبي لإيران``)."""
    at = object_start(trigger, other)
    while view.folded(at) in QUOTES or view.is_role(at, "strongly"):
        at += 1
    refuted = trigger.row.predicate is Predicate.REJECTED and view.is_role(at, "accusing")
    if refuted or not view.is_role(at, "policy"):
        return None
    while at not in view.adjectives and not view.place_at(at) and view.folded(at).startswith(ARTICLE):
        at += 1 + (view.folded(at + 1) in QUOTES)
    if place := view.place_at(at):
        return filler_of(view.group_of(place), kinds) if LAM in view.clitic(place) else None
    return adjectives_at(view, at, kinds, definite=True) if at in view.adjectives else None


def matter(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who stands behind ``ب``, or whose deed does (``رحب بروسيا``, ``بقرار روسيا``, ``بالدور الروسي``): the first decides."""
    demanded = trigger.row.predicate is Predicate.CALLED_ON
    return _deed(view, object_start(trigger, other), BEH, kinds, demanded=demanded)


def toward(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The same behind ``ل`` that follows at once (``رفضها للوجود الإيراني``, ``رفضه لسياسات إيران``)."""
    start = object_start(trigger, other)
    first = view.folded(start)
    noun = first.startswith(LAM) and len(first) > SHORTEST_NOUN and not view.place_at(start)
    return _deed(view, start, LAM, kinds, demanded=False) if noun else None


def _deed(view: View, start: int, letter: str, kinds: Collection[Kind], *, demanded: bool) -> Filler | None:
    for at in range(start, min(start + PREPOSITION_REACH, len(view.words))):
        place, word = view.place_at(at), view.folded(at)
        if place and letter in view.clitic(place):
            return filler_of(view.group_of(place), kinds)
        if place or at in view.dated:
            continue
        if word == letter:
            return right_of(view, at + 1, OBJECT_REACH, kinds, commas=False, adjectives=False, sites=True)
        if word[:1] == letter and len(word) > SHORTEST_NOUN and not view.is_role(at, "preposition"):
            noun = with_article(word) if word.startswith(LAM + LAM) else word[1:]
            unwelcome = (has_role(noun, "unwelcome") and not demanded) or (letter == LAM and has_role(noun, "site"))
            return None if unwelcome else right_of(view, at + 1, MATTER_REACH, kinds, commas=False, sites=True)
        if ends_clause(view, at):
            return None
    return None


def owned(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The group right behind a noun with a pronoun that a preposition governs (``لدعمها الرئيس``).

    Without one it can be a verb (``قرار رفضه الرئيس``).
    """
    place = view.place_at(trigger.last)
    governed = trigger.preposition or view.is_role(trigger.first - 1, "preposition")
    return filler_of(view.group_of(place), kinds) if place and governed else None


def craft(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Whose craft it is: the first adjective behind the subject, definite or not (``أسقطت … مقاتلة إسرائيلية``)."""
    start = object_start(trigger, other)
    for at in range(start, min(start + OBJECT_REACH, len(view.words))):
        if at in view.adjectives and view.adjectives[at].kind in kinds:
            return Filler((view.adjectives[at],), at, at + 1)
        if ends_clause(view, at):
            return None
    return None


def undergone(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who did what somebody undergoes: behind the attack that follows the verb (``تعرضت إدلب لقصف روسي``)."""
    for at in range(trigger.last, min(trigger.last + PREPOSITION_REACH, len(view.words))):
        if view.folded(at) in map(fold, trigger.row.needs):
            source = next((near for near in range(at + 1, at + OF_REACH) if view.folded(near) == FROM), at)
            found = right_of(view, at + 1, OF_REACH, kinds, commas=False)
            return found or right_of(view, source + 1, OF_REACH, kinds, commas=False)
        if view.folded(at) in STOPS or view.is_role(at, "complement") or view.is_role(at, "relative"):
            return None
    return None


def pact(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The agreement that stands shortly behind, whatever leads to it (``التمسك بالاتفاق``, ``الحفاظ على الاتفاق``)."""
    start = object_start(trigger, other)
    for at in range(start, min(start + OBJECT_REACH, len(view.words))):
        place = view.place_at(at)
        if place or ends_clause(view, at):
            return filler_of(view.group_of(place), AGREEMENTS & set(kinds)) if place else None
    return None


def receiver(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Who gets what a noun tells, by the verb of a clause about it (``الدعم الأمريكي الذي تحظى به إسرائيل``)."""
    needs = tuple(map(fold, trigger.row.needs))
    for at in range(object_start(trigger, other), min(trigger.last + OBJECT_REACH, len(view.words))):
        if view.folded(at) in needs and view.is_role(at - 1, "relative"):
            return right_of(view, at + 1 + view.is_role(at + 1, "resumptive"), 2, kinds, commas=False)
        if view.place_at(at) or view.folded(at) in STOPS:
            return None
    return None


def beyond(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """An armed subject behind its verb's object (``تسيطر على مدينة منبج شمال سوريا قوات سوريا الديمقراطية``)."""
    about_it = trigger.row.predicate is Predicate.CONTROLS and view.is_role(trigger.first - 1, "relative")
    target = None if about_it or view.is_role(trigger.first - 1, "particle") else _passed(view, trigger)
    at = target.last if target else len(view.words)
    while at < len(view.words):
        place = view.place_at(at)
        lies = place and place.link.entities[0].kind is Kind.PLACE and WAW not in view.clitic(place)
        if place and not lies:
            return (
                None if view.governed(view.group_of(place)) else filler_of(view.group_of(place), FIGHTERS & set(kinds))
            )
        if not place and not (view.folded(at) in ("في", "(", ")") or at in view.dated or at in view.adjectives):
            return None
        at = place.last if place else at + 1
    return None


def passed(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """That object, before the subject."""
    found = _passed(view, trigger) if other and other.first > trigger.last else None
    return filler_of(found, kinds) if found and other and found.last <= other.first else None


def _passed(view: View, trigger: Trigger) -> Group | None:
    """The names that the preposition right behind a verb governs, a noun of places before them or not."""
    first = trigger.last + 1
    while view.is_role(first, "place_noun") and not view.place_at(first):
        first += 1
    place = view.place_at(first) if trigger.tense and view.is_role(trigger.last, "preposition") else None
    return view.group_of(place) if place else None


def thence(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The place that a pronoun right behind means (``النعيمة بعد انسحاب المعارضة منها``)."""
    start = object_start(trigger, other)
    start += view.folded(start).endswith(ALEF) and not view.is_role(start, "resumptive")  # «هجوما مضادا عليها»
    back = view.is_role(start, "resumptive") and view.folded(start).endswith(ALEF)
    return meant_place(view, trigger, kinds, other) if back else None


def aim(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The place that an attack is to take (``شنت هجوما لاستعادة الغوطة``, ``بهدف السيطرة على دوما``)."""
    start = object_start(trigger, other)
    for at in range(start, min(start + PREPOSITION_REACH, len(view.words))):
        word = view.folded(at)
        if has_role(word.removeprefix(LAM), "taking") and (word[0] == LAM or view.is_role(at - 1, "purpose")):
            first = at + 1 + view.is_role(at + 1, "taking")
            first += view.folded(first) == ON
            return below_countries(right_of(view, first, OBJECT_REACH, PLACES & set(kinds), commas=False, sites=True))
        if word in STOPS or view.is_role(at, "complement") or view.is_role(at, "relative"):
            return None
    return None


def there(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The place of which a clause with *where* tells (``في إدلب، حيث تشن القوات هجوما``)."""
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - PREPOSITION_REACH), -1):
        if view.is_role(at, "goes_on"):
            within = other is not None and other.first > at
            return meant_place(view, replace(trigger, first=at), kinds, other) if within else None
        if ends_clause(view, at) or view.folded(at) in COMMAS:
            return None
    return None


def place_behind(view: View, target: Filler) -> Filler | None:
    """Where the actor is who is attacked (``مواقع للمعارضة في محافظة إدلب``)."""
    if any(entity.kind in PLACES for entity in target.entities):
        return None
    for at in range(target.last, min(target.last + PLACE_REACH, len(view.words))):
        place = view.place_at(at)
        if place:
            before = at - 1 - view.is_role(at - 1, "place_noun")
            inside = (
                BEH in view.clitic(place) or view.is_role(before, "site_preposition") or view.is_role(before, "site")
            )
            near = view.folded(before) == "قرب"
            return below_countries(filler_of(view.group_of(place), {Kind.PLACE})) if inside and not near else None
        if ends_clause(view, at) or view.folded(at) in COMMAS:
            return None
    return None
