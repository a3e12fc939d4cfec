"""From claims to facts: what several articles say of one proposition, and whether that makes it an edge.

A proposition is a subject, a predicate and an object; all claims that affirm or deny it share it. Sources are counted
by independence, not by number: see :func:`independent_sources`.
"""

from __future__ import annotations

import datetime
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.ids import article_iri, iri
from kg.language.arabic import fold
from kg.language.dates import Period
from kg.literals import boolean, integer, last_day, period_literal, statements
from kg.model import Article, Claim, Entity, Modality, Polarity
from kg.naming import ASSERTED, FACTS, ends, proposition_iri, proposition_key
from kg.rdf import ONTOLOGY, Literal, Quad, Term, term, typed
from kg.reprints import copies
from kg.vocabulary import SIGNATURES, Predicate

ENOUGH = 2
"""Independent sources that suffice where a speaker's word alone does not."""
COPIED_WORDS = 6
"""Words from which on the same wording in two articles means that one copied; fewer are the same by chance."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A proposition with all that articles say of it.

    ``sources`` are the independent sources that tell it as a fact, ``denials`` those that deny it, in any modality;
    ``articles`` and ``outlets`` are those of all its claims, sorted; ``first`` and ``last`` the days of publication of the
    first and the last of them that have one. ``asserted`` says whether it is a direct edge, ``contradicts`` are the keys
    of propositions that cannot be true together with it.
    """

    key: str
    subject: Entity
    predicate: Predicate
    object: Entity | Period
    sources: int
    denials: int
    articles: tuple[str, ...]
    outlets: tuple[str, ...]
    first: datetime.date | None
    last: datetime.date | None
    asserted: bool
    contradicts: tuple[str, ...] = ()

    @property
    def disputed(self) -> bool:
        """Whether somebody denies it and somebody does not, or something else is said that excludes it."""
        return bool(self.contradicts) or (self.denials > 0 and self.sources > 0)


class Sources:
    """The articles of a graph, as sources: which of them stand for one and the same."""

    def __init__(self, articles: Iterable[Article], copied: Mapping[str, str] | None = None) -> None:
        """``copied`` is what :func:`kg.reprints.copies` gives for these articles, if it is known already."""
        if copied is None:
            articles = list(articles)
            copied = copies(articles)
        self.copies = copied
        self._origins_of = {article.id: (article.outlet, article.published) for article in articles}

    def __contains__(self, article: str) -> bool:
        """Whether this is one of the articles."""
        return article in self._origins_of

    def independent(self, claims: Iterable[Claim]) -> int:
        """How many independent sources these claims of one proposition come from."""
        groups: list[set[tuple[str, str]]] = []
        for claim in claims:
            keys = set(self._origins(claim))
            groups = [*(g for g in groups if not g & keys), keys.union(*(g for g in groups if g & keys))]
        return len(groups)

    def outlet(self, article: str) -> str:
        """The outlet of an article, empty if unknown."""
        return self._origins_of[article][0]

    def days(self, articles: Iterable[str]) -> list[datetime.date]:
        """The known days of publication, in order."""
        return sorted({day for key in articles if (day := self._origins_of[key][1])})

    def _origins(self, claim: Claim) -> Iterator[tuple[str, str]]:
        """What makes two claims one source if they share it: text, outlet, speaker, wording."""
        yield "article", self.copies.get(claim.article, claim.article)
        if outlet := fold(self.outlet(claim.article)):
            yield "outlet", outlet
        if claim.says:
            yield "speaker", claim.says.id
        wording = fold(claim.evidence.text)
        if wording.count(" ") + 1 >= COPIED_WORDS:
            yield "wording", wording


def independent_sources(claims: Iterable[Claim], articles: Iterable[Article]) -> int:
    """How many independent sources these claims of one proposition come from.

    Claims that share an outlet, a speaker, a text (the article is a copy of the other) or six words and more of the same
    wording are one source, and so are claims that are joined by others that share something with both. The number is
    rather too low than too high: it is meant for "at least so many".
    """
    return Sources(articles).independent(claims)


def facts(claims: Iterable[Claim], sources: Sources) -> list[Fact]:
    """The facts of these claims, sorted by key."""
    conflicts, keyed = Conflicts(), []
    for claim in claims:
        conflicts.see(claim)
        keyed.append((proposition_key(claim), claim.id, claim))
    ordered = sorted(keyed, key=lambda row: row[:2])
    return list(facts_in_order(((key, claim) for key, _, claim in ordered), conflicts, sources))


def facts_in_order(claims: Iterable[tuple[str, Claim]], conflicts: Conflicts, sources: Sources) -> Iterator[Fact]:
    """The facts of claims that come with the keys of their propositions, sorted by key and id.

    ``conflicts`` has seen all of them.
    """
    for key, group in itertools.groupby(claims, lambda row: row[0]):
        yield _fact(key, [claim for _, claim in group], sources, conflicts.of(key))


class Conflicts:
    """Which propositions on when or where an event is held exclude each other. First it sees all claims."""

    def __init__(self) -> None:
        self._said: defaultdict[tuple[str, str], dict[str, Entity | Period]] = defaultdict(dict)
        self._event: dict[str, tuple[str, str]] = {}

    def see(self, claim: Claim) -> None:
        """Take note of a claim."""
        if claim.predicate in (Predicate.HELD_ON, Predicate.HELD_IN) and claim.polarity is Polarity.POSITIVE:
            key, event = proposition_key(claim), (claim.subject.id, claim.predicate)
            self._said[event][key] = claim.object
            self._event[key] = event

    def of(self, key: str) -> tuple[str, ...]:
        """The keys of the propositions that exclude this one, sorted."""
        if key not in self._event:
            return ()
        said = self._said[self._event[key]]
        return tuple(sorted(other for other in said if other != key and _exclude(said[key], said[other])))


def told_as_fact(claim: Claim) -> bool:
    """Whether the claim says that it is so: neither denied, nor planned, nor one possibility."""
    return claim.polarity is Polarity.POSITIVE and claim.modality is Modality.ACTUAL


def fact_quads(found: Iterable[Fact]) -> Iterator[Quad]:
    """A node for each proposition, with what is counted of its claims, and the direct edges of the asserted ones.

    An edge goes in both directions if the relation is symmetric; an interval is there with its last day.
    """
    for fact in found:
        yield from statements(proposition_iri(fact.key), _properties(fact), FACTS)
        if fact.asserted:
            yield from _edge(fact)


def copy_quads(sources: Sources) -> Iterator[Quad]:
    """Which article is a copy of which."""
    for copy, original in sources.copies.items():
        yield from statements(article_iri(copy), [("st:copyOf", article_iri(original))], FACTS)


def _fact(key: str, claims: Sequence[Claim], sources: Sources, contradicts: tuple[str, ...]) -> Fact:
    told = [claim for claim in claims if told_as_fact(claim)]
    articles = tuple(sorted({claim.article for claim in claims}))
    days: Sequence[datetime.date | None] = sources.days(articles) or [None]
    subject, target = _ends(claims[0])
    count = sources.independent(told)
    return Fact(
        key, subject, claims[0].predicate, target, count,
        sources.independent(claim for claim in claims if claim.polarity is Polarity.NEGATIVE), articles,
        tuple(sorted({outlet for outlet in map(sources.outlet, articles) if outlet})), days[0], days[-1],
        _suffices(told, count), contradicts,
    )  # fmt: skip


def _ends(claim: Claim) -> tuple[Entity, Entity | Period]:
    """Subject and object in the order of the proposition."""
    if isinstance(claim.object, Entity) and ends(claim)[0] != claim.subject.id:
        return claim.object, claim.subject
    return claim.subject, claim.object


def _suffices(told: Sequence[Claim], sources: int) -> bool:
    """Whether these claims make an edge.

    Where the predicate is not attributable (blame, threats, attacks), a speaker's word is not enough: the outlet must say
    it itself, or independent sources must agree.
    """
    if not told or SIGNATURES[told[0].predicate].attributable:
        return bool(told)
    return sources >= ENOUGH or any(claim.says is None for claim in told)


def _exclude(one: Entity | Period, other: Entity | Period) -> bool:
    """Whether two dates share no day, or two places are different ones of a sort (a city and its state are not)."""
    if isinstance(one, Period) and isinstance(other, Period):
        return not one.overlaps(other)
    return isinstance(one, Entity) and isinstance(other, Entity) and one.kind is other.kind


def _object(fact: Fact) -> Term:
    return period_literal(fact.object) if isinstance(fact.object, Period) else iri(fact.object.id)


def _until(fact: Fact) -> Literal | None:
    return last_day(fact.object) if isinstance(fact.object, Period) else None


def _edge(fact: Fact) -> Iterator[Quad]:
    subject, target = iri(fact.subject.id), _object(fact)
    yield Quad(subject, ONTOLOGY + fact.predicate, target, ASSERTED)
    if isinstance(target, str) and SIGNATURES[fact.predicate].symmetric:
        yield Quad(target, ONTOLOGY + fact.predicate, subject, ASSERTED)
    yield from statements(subject, [("st:heldUntil", _until(fact))], ASSERTED)


def _properties(fact: Fact) -> Iterator[tuple[str, Term | None]]:
    yield "rdf:type", term("st:Proposition")
    yield "rdf:subject", iri(fact.subject.id)
    yield "rdf:predicate", ONTOLOGY + fact.predicate
    yield "rdf:object", _object(fact)
    yield "st:objectUntil", _until(fact)
    yield "st:independentSources", integer(fact.sources)
    yield "st:denyingSources", integer(fact.denials)
    yield "st:articleCount", integer(len(fact.articles))
    yield "st:firstReported", typed(fact.first.isoformat(), "date") if fact.first else None
    yield "st:lastReported", typed(fact.last.isoformat(), "date") if fact.last else None
    yield "st:asserted", boolean(fact.asserted)
    yield "st:disputed", boolean(fact.disputed)
    yield from (("st:reportedBy", Literal(outlet)) for outlet in fact.outlets)
    yield from (("st:contradicts", proposition_iri(key)) for key in fact.contradicts)
