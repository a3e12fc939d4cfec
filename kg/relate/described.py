"""Whom a clause, an adjective or an apposition is about: the names before a trigger, near and far."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kg.language.arabic import ARTICLE, HEH, WAW, YEH, stems
from kg.language.cues import has_role
from kg.language.titles import COMMAS, STOPS
from kg.language.words import QUOTES
from kg.relate.search import OBJECT_PRONOUNS, Filler, filler_of, is_backer, is_within, left_of
from kg.relate.sentence import FROM, Group, Place, View
from kg.relate.triggers import Trigger, is_trigger
from kg.vocabulary import PERSONS, Kind, Predicate

ANTECEDENT_REACH = 12
MODIFIED_REACH = 4
ADJECTIVE_REACH = 2
ASIDE_REACH = 6
HANDS = frozenset({"ايدي", "يد"})
"""Behind it stands who loses something (``انتزعها من أيدي الفصائل``)."""
PLURAL_RELATIVE = "الذين"
SINGULAR_RELATIVES = frozenset({"الذي", "التي"})


def before(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The nearest group before the trigger that can act and agrees with it."""
    return left_of(view, trigger.first, kinds, verb=trigger.agreement)


def unbroken(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The same, unless a comma cuts the trigger off, so that it may tell of anybody (``…، بمساعدة روسيا``)."""
    return None if trigger.conjoined or _is_cut_off(view, trigger.first) else before(view, trigger, kinds, other)


def _is_cut_off(view: View, at: int) -> bool:
    return any(view.folded(back) in COMMAS for back in (at - 1, at - 2))


def right_before(view: View, at: int, kinds: Collection[Kind]) -> Filler | None:
    """Who stands right before ``ب`` and a noun of doing, whatever governs him (``سمح لإيران بمهاجمة``): not who has losses."""
    last = at - 1
    last -= view.folded(last) in QUOTES
    while at - last < ADJECTIVE_REACH and view.place_at(last) is None and _is_adjective(view.folded(last)):
        last -= 1
    place = view.place_at(last)
    group = view.group_of(place) if place else None
    lost = group and any(view.is_role(back, "casualty") for back in (group.first - 1, group.first - 2))
    return filler_of(group, kinds) if group and not lost else None


def _is_adjective(word: str) -> bool:
    """Whether a word looks like a definite adjective in the feminine (``اللبنانية``)."""
    return word.startswith(ARTICLE) and word.endswith((YEH, YEH + HEH))


def antecedent(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a relative clause is about (``إدلب التي تسيطر عليها الفصائل``): the group before the pronoun.

    Behind a comma, a group in an aside is skipped (``إدلب، المتاخمة للحدود مع تركيا، التي …``).
    """
    pronoun = next((trigger.first - back for back in (1, 2, 3) if view.is_role(trigger.first - back, "relative")), None)
    if pronoun is None:
        return None
    goes_on = view.folded(pronoun).startswith(WAW)
    if goes_on:  # «حلب التي …، والتي استعادت»: both clauses are about the same
        earlier = (
            at for at in range(pronoun - 1, max(-1, pronoun - ANTECEDENT_REACH), -1) if view.is_role(at, "relative")
        )
        pronoun = next(earlier, pronoun)
    at = _before_brackets(view, pronoun - 1)
    if not view.place_at(at) and any(
        has_role(s, "military") or has_role(s, "of_body") for s in _nouns(view.folded(at))
    ):
        return None  # «الحكومة والتحالف الذي …»: somebody who is not named
    comma, nearest_word = view.folded(pronoun - 1) in COMMAS, at
    plural = view.folded(pronoun).endswith(PLURAL_RELATIVE)
    kinds = set(kinds) - PERSONS if plural else kinds
    while at > max(-1, pronoun - ANTECEDENT_REACH):
        place = view.place_at(at)
        backs = (
            (plural or goes_on) and place is not None and is_backer(view, place.first)
        )  # «المدعومين من أنقرة الذين …»
        if place and not backs and not _is_aside(view, place, comma):
            one = view.folded(pronoun).removeprefix(WAW) in SINGULAR_RELATIVES
            return filler_of(Group((place,)) if one else view.group_of(place), kinds)
        at = place.first - 1 if place else at - 1
        if view.folded(at) in STOPS or (not comma and at < nearest_word - ADJECTIVE_REACH):
            return None
    return None


def _nouns(word: str) -> tuple[str, ...]:
    """The readings of a folded word as a noun with the article."""
    return tuple(stem if stem.startswith(ARTICLE) else ARTICLE + stem for stem, _ in stems(word))


def clause_head(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """What a relative clause is about, however long it is before the trigger (``التي تعد الوحدات عمودها الفقري``)."""
    for at in range(trigger.first - 1, max(-1, trigger.first - 1 - ANTECEDENT_REACH), -1):
        if view.is_role(at, "relative"):
            return antecedent(view, replace(trigger, first=at + 1), kinds, other)
        if view.folded(at) in STOPS or view.is_role(at, "complement"):
            return None
    return None


def _is_aside(view: View, place: Place, comma: bool) -> bool:
    """Whether a name tells where something lies: behind ``المتاخمة ل``, or in an aside of a comma and an adjective."""
    if view.attached(view.group_of(place)) and view.is_role(place.first - 1, "bordering"):
        return True
    if not (comma and view.is_role(place.first - 1, "preposition")):
        return False
    back = range(place.first - 1, max(-1, place.first - ASIDE_REACH), -1)
    start = next((at + 1 for at in back if view.folded(at) in COMMAS), None)
    return start is not None and view.place_at(start) is None and view.folded(start).startswith(ARTICLE)


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
            if _is_partys(trigger) and is_within(view, group, OBJECT_PRONOUNS):
                return antecedent(view, replace(trigger, first=group.first - 1), kinds, other)
            inside = view.folded(group.first - 1) == "في"
            if _is_partys(trigger) and inside and group.members[0].link.entities[0].kind is Kind.PLACE:
                continue  # «الوحدات في سوريا امتدادا لحزب العمال»
            if _is_partys(trigger) and (inside or is_backer(view, group.first)):
                return None
            if trigger.row.predicate is Predicate.SUPPORTED and view.folded(group.first - 1) in HANDS:
                return None  # «انتزعها من أيدي الفصائل، بدعم من روسيا»
            aside = comma and view.governed(group) and (len(group.members) > 1 or group.last < trigger.first - 1)
            return None if aside else filler_of(group, kinds)
        deed = is_trigger(view.folded(at)) and not view.is_role(at, "site")
        ends = view.folded(at) in STOPS or view.is_role(at, "complement")
        if _is_partys(trigger) and view.is_role(at, "considering") and view.folded(at).endswith(OBJECT_PRONOUNS):
            dual = view.folded(at - 1).startswith("اللذ")  # «روسيا ودمشق اللذان يعتبرانها»: a third
            return None if dual else antecedent(view, replace(trigger, first=at), kinds, other)
        if deed or ends or _is_noun_of_its_own(view, trigger, at):
            return None
    return None


def _is_partys(trigger: Trigger) -> bool:
    """Whether a noun tells to whose side somebody belongs, not what he holds."""
    return trigger.row.predicate is Predicate.ALLIED_WITH


def _is_noun_of_its_own(view: View, trigger: Trigger, at: int) -> bool:
    """Whether an indefinite participle tells whose an unnamed thing is (``على أهداف تابعة للنظام``)."""
    word = view.folded(at)
    of_allies = trigger.row.predicate in (Predicate.ALLIED_WITH, Predicate.SUPPORTED)
    indefinite = not view.folded(trigger.first).removeprefix(WAW).startswith(ARTICLE)
    noun = word[:1].isalpha() and not (word.endswith((YEH, YEH + HEH)) or view.is_role(at, "part"))
    body = (
        word.startswith((WAW + ARTICLE, "ولل")) and noun
    ) or word == "وتلك"  # «القوات الإيرانية والقوات الموالية لإيران»
    return of_allies and (body or (indefinite and noun))


def apposed(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The group that ends right before the trigger, but for a comma or a superlative (``روسيا، أبرز حلفاء دمشق``)."""
    at = trigger.first - 1
    while (
        view.folded(at) in COMMAS | QUOTES
        or view.is_role(at, "superlative")
        or view.is_role(at, "who_is")
        or (view.folded(at) == FROM and view.is_role(at + 1, "superlative"))
    ):
        at -= 1
    owned = trigger.pronoun and not trigger.tense  # «روسيا وحلفاؤها»
    place = None if owned else view.place_at(at)
    return filler_of(view.group_of(place), kinds) if place else None


def nearest(view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """Of what the trigger describes only the last (``… وقوات التحالف الدولي بقيادة واشنطن``)."""
    found = modified(view, trigger, kinds, other)
    return replace(found, entities=found.entities[-1:]) if found else None
