"""The claims gathered to what the page draws: entities, and relations with their independent sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.ids import digest
from kg.language.arabic import fold
from kg.language.dates import Period
from kg.model import Article, Claim, Entity, Modality, Polarity
from kg.vocabulary import SIGNATURES, Kind, Predicate


@dataclass(frozen=True, slots=True)
class Relation:
    """One edge: everything that is claimed about this subject, predicate and object.

    A symmetric predicate has one edge for both directions. ``object`` is the id of an entity, or the value of a period.
    ``sources`` is the number of independent ones.
    """

    subject: str
    predicate: Predicate
    object: str
    claims: tuple[Claim, ...]
    sources: int

    @property
    def id(self) -> str:
        """A hash of subject, predicate and object."""
        return digest(self.subject, self.predicate, self.object)

    @property
    def dated(self) -> bool:
        """Whether the object is a date, which is no node."""
        return not SIGNATURES[self.predicate].range

    @property
    def disputed(self) -> bool:
        """Whether claims affirm it and claims deny it."""
        return len({claim.polarity for claim in self.claims}) > 1

    @property
    def told_as_fact(self) -> bool:
        """Whether a claim affirms it as a fact."""
        return any(c.polarity is Polarity.POSITIVE and c.modality is Modality.ACTUAL for c in self.claims)


def independent_sources(claims: Sequence[Claim], articles: Mapping[str, Article]) -> int:
    """How many sources tell this independently: different outlets with different words.

    A reprint says it in the same words and counts once; an article without outlet is a source of its own.
    """
    outlets = {_outlet(claim.article, articles.get(claim.article)) for claim in claims}
    wordings = {fold(claim.evidence.text) for claim in claims}
    return min(len(outlets), len(wordings))


def _outlet(key: str, article: Article | None) -> tuple[str, str]:
    return ("outlet", fold(article.outlet)) if article and article.outlet else ("article", key)


def entities_of(claims: Sequence[Claim]) -> dict[str, Entity]:
    """Every entity of the claims, speakers too, by id, with all names under which they know it."""
    found: dict[str, Entity] = {}
    for claim in claims:
        for entity in (claim.subject, claim.object, claim.says):
            if isinstance(entity, Entity):
                first = found.setdefault(entity.id, entity)
                names = tuple(dict.fromkeys(first.names + entity.names))
                found[entity.id] = Entity(first.id, first.kind, names, first.known or entity.known)
    return found


def relations_of(claims: Sequence[Claim], articles: Mapping[str, Article]) -> list[Relation]:
    """The claims gathered by what they are about, the best supported first."""
    grouped: dict[tuple[str, Predicate, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        grouped[_ends(claim)].append(claim)
    relations = [Relation(*ends, tuple(some), independent_sources(some, articles)) for ends, some in grouped.items()]
    return sorted(relations, key=lambda r: (-r.sources, -len(r.claims), r.subject, r.predicate, r.object))


def _ends(claim: Claim) -> tuple[str, Predicate, str]:
    """Subject, predicate and object; the order of what a symmetric predicate joins is that of the ids."""
    target = claim.object.value if isinstance(claim.object, Period) else claim.object.id
    ends = (claim.subject.id, target)
    first, second = sorted(ends) if SIGNATURES[claim.predicate].symmetric else ends
    return first, claim.predicate, second


def by_weight(entities: Mapping[str, Entity], relations: Sequence[Relation]) -> list[str]:
    """The ids of the entities, the most telling first: rounds of talks, then who is in most well supported relations.

    Each relation weighs as its independent sources; one that is disputed weighs double, one told only as denied or
    planned half.
    """
    weights: dict[str, float] = dict.fromkeys(entities, 0.0)
    for relation in relations:
        weight = relation.sources * (2.0 if relation.disputed else 1.0 if relation.told_as_fact else 0.5)
        for end in {relation.subject, relation.object} & weights.keys():
            weights[end] += weight
    return sorted(weights, key=lambda key: (entities[key].kind is not Kind.ROUND, -weights[key], key))
