"""Uses of tags and trees for relations: filters of claims, and a finder of more. ``scripts/syntax/measure.py`` measures them."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.language.words import overlapping
from kg.model import Claim, Entity, Evidence, Reading, Token
from kg.relate.modality import describes, modality_of, polarity_of
from kg.relate.sentence import Place, View
from kg.relate.triggers import Form, Trigger, find_triggers, rules
from kg.vocabulary import SIGNATURES, Kind, allowed

WITHIN = frozenset({"amod", "appos", "compound", "conj", "dep", "det", "fixed", "flat", "nmod", "nummod"})
"""Relations inside a noun phrase: a name that hangs so on a word of it stands where that word stands."""
CARRIED = frozenset({"aux", "conj", "cop", "xcomp"})
"""How a trigger hangs on a word whose subject and object are its own."""
LIGHT = frozenset({"obj", "obl", "nmod", "nsubj", "nsubj:pass"})
"""How a noun hangs on the verb that has its doer (``شنت روسيا هجوما``)."""
DEEPEST = 6
"""Steps from a name up to its trigger."""
RELATIVE = "relative"
"""The place of a noun that a clause describes; the clause's verb hangs on it as ``acl``."""
DOERS = frozenset({"nsubj", "nsubj:pass", "csubj", "obl", RELATIVE})
DONE_TO = frozenset({"obj", "iobj", "obl", "nmod", "nsubj:pass", "ccomp", "xcomp", RELATIVE})
VERBAL = ("VERB", "AUX")
SURE = 0.95
HARDLY = 0.05
"""A tag that is less likely than this is taken to be ruled out."""


@dataclass(frozen=True)
class Parsed:
    """A sentence's tokens with how likely each tag is, their heads (-1 for the root's), labels, and how likely each head is."""

    tokens: tuple[Token, ...]
    tags: list[dict[str, float]]
    heads: tuple[int, ...]
    labels: tuple[str, ...]
    sure: tuple[float, ...]

    def verbal(self, at: int) -> float:
        """How likely a token is a verb."""
        return sum(self.tags[at].get(tag, 0.0) for tag in VERBAL)

    def head_of(self, tokens: range) -> int:
        """Of neighbouring tokens the first whose head is none of them."""
        return next((at for at in tokens if self.heads[at] not in tokens), tokens.start)

    def anchors(self, at: int, *, noun: bool) -> list[int]:
        """A trigger and the words whose subject and object are its own, upwards."""
        found = [at]
        while self.labels[at] in CARRIED and self.heads[at] >= 0 and len(found) < DEEPEST:
            at = self.heads[at]
            found.append(at)
        if noun and self.labels[at] in LIGHT:
            found.append(self.heads[at])
        return found

    def place(self, name: int, anchors: Sequence[int]) -> str:
        """How a name hangs on one of the anchors: the lowest relation outside the noun phrase, empty if not at all.

        >>> parsed = Parsed((), [], (-1, 0, 1), ("root", "nsubj", "nmod"), (0.9, 0.8, 0.9))  # التقى وزير روسيا
        >>> parsed.place(2, [0]), parsed.place(0, [2])
        ('nsubj', '')
        """
        described = [self.heads[at] for at in anchors if self.labels[at] == "acl"]
        for _ in range(DEEPEST):
            if name in described:
                return RELATIVE
            if self.heads[name] in anchors:
                return self.labels[name]
            if not self._is_within(name):
                return ""
            name = self.heads[name]
        return ""

    def certainty(self, name: int) -> float:
        """How likely the least likely step is from a name to where its noun phrase hangs."""
        steps = [name]
        while self._is_within(steps[-1]) and len(steps) < DEEPEST:
            steps.append(self.heads[steps[-1]])
        return min(self.sure[at] for at in steps)

    def _is_within(self, at: int) -> bool:
        return self.labels[at] in WITHIN and self.heads[at] >= 0

    def preposition(self, at: int) -> str:
        """The preposition of a noun: attached, or a word of its own; empty if it has none."""
        cases = [n for n, head in enumerate(self.heads) if head == at and self.labels[n] == "case"]
        words = self.tokens[at].words
        clitic = next((word for word in words[:-1] if word in ("ب", "ل", "ك")), "")
        return self.tokens[cases[0]].words[-1] if cases else clitic


@dataclass(frozen=True)
class Sight:
    """A sentence as the rules see it, with its tree."""

    view: View
    parsed: Parsed

    @functools.cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        """What triggers rules in it."""
        return tuple(find_triggers(self.view.words))

    def tokens(self, first: int, last: int) -> range:
        """The tokens of words ``first`` to ``last`` (exclusive)."""
        found = overlapping(self.parsed.tokens, self.view.span(first, last))  # type: ignore[arg-type]
        return found or range(1)

    def anchors(self, trigger: Trigger) -> list[int]:
        """The tokens on which subject and object of a trigger may hang."""
        at = self.tokens(trigger.first, trigger.first + 1).start
        return self.parsed.anchors(at, noun=trigger.row.form is not Form.VERB)

    def places(self, entity: Entity, claim: Claim) -> list[int]:
        """The head tokens of what can stand for an entity within a claim's evidence."""
        span = claim.evidence.span
        named = [(p.first, p.last) for p in self.view.places if entity in p.link.entities]
        named += [(at, at + 1) for at, state in self.view.adjectives.items() if state == entity]
        inside = [(a, b) for a, b in named if span.start <= self.view.words[a].span.start < span.end]
        return [self.parsed.head_of(self.tokens(a, b)) for a, b in inside]

    def hangs(self, entity: Entity, trigger: Trigger, claim: Claim) -> set[str] | None:
        """How an entity hangs on a trigger, for each of its places; None if the sentence does not name it."""
        anchors = self.anchors(trigger)
        places = self.places(entity, claim)
        return {self.parsed.place(at, anchors) for at in places} if places else None


Keeps = Callable[[Sight, Trigger, Claim], bool]


def is_tagged(sight: Sight, trigger: Trigger, _: Claim) -> bool:
    """Whether the likeliest tag of a trigger is that of its rule's kind of word."""
    return _is_tagged(sight, trigger)


def _is_tagged(sight: Sight, trigger: Trigger) -> bool:
    verb = sight.parsed.verbal(sight.anchors(trigger)[0]) >= 0.5
    return verb == (trigger.row.form is Form.VERB)


def is_likely_tagged(sight: Sight, trigger: Trigger, _: Claim) -> bool:
    """Whether the tag of its rule's kind of word is not ruled out."""
    verb = sight.parsed.verbal(sight.anchors(trigger)[0])
    return (verb if trigger.row.form is Form.VERB else 1 - verb) >= HARDLY


def hang_both(sight: Sight, trigger: Trigger, claim: Claim) -> bool:
    """Whether subject and object, where the sentence names them, hang on the trigger."""
    ends = [end for end in (claim.subject, claim.object) if isinstance(end, Entity)]
    found = [sight.hangs(end, trigger, claim) for end in ends]
    return all(places is None or any(places) for places in found)


def hang_both_if_sure(sight: Sight, trigger: Trigger, claim: Claim) -> bool:
    """As :func:`hang_both`, but an end whose place the parser is not sure of is taken to hang there."""
    ends = [end for end in (claim.subject, claim.object) if isinstance(end, Entity)]
    doubtful = any(sight.parsed.certainty(at) < SURE for end in ends for at in sight.places(end, claim))
    return doubtful or hang_both(sight, trigger, claim)


def hangs_object(sight: Sight, trigger: Trigger, claim: Claim) -> bool:
    """Whether the object, where the sentence names it, hangs on the trigger."""
    found = sight.hangs(claim.object, trigger, claim) if isinstance(claim.object, Entity) else None
    return found is None or any(found)


def hangs_one(sight: Sight, trigger: Trigger, claim: Claim) -> bool:
    """Whether subject or object hangs on the trigger, if the sentence names both."""
    ends = [end for end in (claim.subject, claim.object) if isinstance(end, Entity)]
    found = [sight.hangs(end, trigger, claim) for end in ends]
    return None in found or any(any(places) for places in found if places)


def has_roles(sight: Sight, trigger: Trigger, claim: Claim) -> bool:
    """For verbs, whether subject and object hang on the trigger as such; else as :func:`hang_both`."""
    if not trigger.tense:
        return hang_both(sight, trigger, claim)
    wanted = ((claim.subject, DOERS), (claim.object, DONE_TO))
    found = [(sight.hangs(end, trigger, claim), roles) for end, roles in wanted if isinstance(end, Entity)]
    return all(places is None or places & roles for places, roles in found)


def is_not_swapped(sight: Sight, trigger: Trigger, claim: Claim) -> bool:
    """For verbs, whether neither the subject is surely the verb's object nor the object its subject."""
    if not trigger.tense or SIGNATURES[claim.predicate].symmetric:
        return True
    subject = sight.hangs(claim.subject, trigger, claim)
    target = sight.hangs(claim.object, trigger, claim) if isinstance(claim.object, Entity) else None
    return subject != {"obj"} and target != {"nsubj"}


FILTERS: dict[str, Keeps] = {
    "1 tags": is_tagged,
    "1 tags, only what is ruled out": is_likely_tagged,
    "2 subject and object hang on the trigger": hang_both,
    "2 the same, where the parser is sure": hang_both_if_sure,
    "2 the object does": hangs_object,
    "2 one of them does": hangs_one,
    "2 both, in their roles": has_roles,
    "2 not the other way round": is_not_swapped,
}


def rule_of(claim: Claim) -> str:
    """The rule of the trigger table that a claim goes back to; empty for offices, places and dates of talks."""
    _, _, behind = claim.rule.partition(".")
    return next((name for name in (claim.rule, behind) if name in _rule_names()), "")


@functools.cache
def _rule_names() -> frozenset[str]:
    return frozenset(row.rule for row in rules())


def told_by(claim: Claim, sights: Iterable[Sight]) -> Iterator[tuple[Sight, Trigger]]:
    """The triggers that a claim can come from."""
    rule, span = rule_of(claim), claim.evidence.span
    for sight in sights:
        for trigger in sight.triggers if rule else ():
            word = sight.view.words[trigger.first].span
            if trigger.row.rule == rule and span.start <= word.start < span.end:
                yield sight, trigger


def kept(claims: Iterable[Claim], sights: Sequence[Sight], keeps: Keeps) -> list[Claim]:
    """The claims that a filter lets stand; one with no trigger is not its business."""
    told = ((claim, list(told_by(claim, sights))) for claim in claims)
    return [claim for claim, ways in told if not ways or any(keeps(*way, claim) for way in ways)]


def found_by_tree(
    reading: Reading, sights: Iterable[Sight], claims: Sequence[Claim], *, exact: bool
) -> Iterator[Claim]:
    """Claims of triggers that told nothing: the names that hang on them. ``exact`` asks for the table's preposition too."""
    spans = [(claim.predicate, claim.evidence.span) for claim in claims]
    for sight in sights:
        for trigger in sight.triggers:
            word = sight.view.words[trigger.first].span
            told = any(p is trigger.row.predicate and s.start <= word.start < s.end for p, s in spans)
            if not told and _can_tell(sight, trigger):
                yield from _claims(reading, sight, trigger, exact=exact)


def _can_tell(sight: Sight, trigger: Trigger) -> bool:
    """Whether a trigger's rule is about its own subject and object, and its word of the right kind and no name."""
    slots = trigger.row.subject.split()
    own = "agent" in slots if trigger.row.form is Form.VERB else "of" in slots
    named = sight.view.place_at(trigger.first) or (trigger.preposition and describes(trigger))
    return own and not named and not trigger.own and _is_tagged(sight, trigger)


def _claims(reading: Reading, sight: Sight, trigger: Trigger, *, exact: bool) -> Iterator[Claim]:
    row, view, signature = trigger.row, sight.view, SIGNATURES[trigger.row.predicate]
    subjects = _ends(
        sight, trigger, signature.domain - {Kind.MEDIA_OUTLET}, functools.partial(_is_subject, sight, trigger)
    )
    targets = _ends(sight, trigger, signature.range, functools.partial(_is_object, sight, trigger, exact=exact))
    for (one, subject), (other, target) in itertools.product(subjects, targets):
        if subject == target or not allowed(subject.kind, row.predicate, target.kind):
            continue
        span = view.span(min(one.first, other.first, trigger.first), max(one.last, other.last, trigger.last))
        yield Claim(
            reading.document.article.id, subject, row.predicate, target, polarity_of(view, trigger),
            modality_of(view, trigger), Evidence(span, span.of(view.text)), f"tree.{row.rule}", 0.5,
            view.speaker_at(trigger.first),
        )  # fmt: skip


def _ends(
    sight: Sight, trigger: Trigger, kinds: Collection[Kind], fits: Callable[[int, str], bool]
) -> list[tuple[Place, Entity]]:
    anchors = sight.anchors(trigger)
    places = [place for place in sight.view.places if not place.absorbed]
    heads = [sight.parsed.head_of(sight.tokens(place.first, place.last)) for place in places]
    fitting = [place for place, at in zip(places, heads, strict=True) if fits(at, sight.parsed.place(at, anchors))]
    return [(place, entity) for place in fitting if (entity := place.link.fitting(kinds))]


def _is_subject(sight: Sight, trigger: Trigger, at: int, place: str) -> bool:
    if trigger.row.form is Form.VERB:
        return place in ("nsubj", RELATIVE)
    return place == "nsubj" or (place == "nmod" and not sight.parsed.preposition(at))


def _is_object(sight: Sight, trigger: Trigger, at: int, place: str, *, exact: bool) -> bool:
    wanted = {slot.partition(":")[2] for slot in trigger.row.object.split() if ":" in slot}
    preposition = sight.parsed.preposition(at)
    if place in ("obl", "nmod") and preposition:
        return not exact or preposition in wanted
    direct = not wanted or "direct" in trigger.row.object.split()
    return place in ("obj", "nsubj:pass") and (direct or not exact)


Finder = Callable[[Reading, Iterable[Sight], Sequence[Claim]], Iterator[Claim]]
FINDERS: dict[str, Finder] = {
    "3 found by the tree": functools.partial(found_by_tree, exact=False),
    "3 found, with the table's preposition": functools.partial(found_by_tree, exact=True),
}
