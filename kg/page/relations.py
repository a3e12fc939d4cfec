"""The claims gathered to what the page draws: entities, and relations with their independent sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.facts import Sources, facts, told_as_fact
from kg.model import Article, Claim, Entity
from kg.naming import ends, proposition_key
from kg.vocabulary import SIGNATURES, Kind, Predicate


@dataclass(frozen=True, slots=True)
class Relation:
    """One edge: everything that is claimed about this subject, predicate and object.

    A symmetric predicate has one edge for both directions. ``object`` is the id of an entity, or the value of a period.
    ``id`` is the key of the proposition, ``sources`` the number of independent sources that tell, plan or deny it,
    ``contradicts`` the ids of relations that cannot be true together with it (two towns of one round).
    """

    id: str
    subject: str
    predicate: Predicate
    object: str
    claims: tuple[Claim, ...]
    sources: int
    disputed: bool
    contradicts: tuple[str, ...] = ()

    @property
    def dated(self) -> bool:
        """Whether the object is a date, which is no node."""
        return not SIGNATURES[self.predicate].range

    @property
    def told_as_fact(self) -> bool:
        """Whether a claim affirms it as a fact."""
        return any(map(told_as_fact, self.claims))


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


def relations_of(
    claims: Sequence[Claim], articles: Mapping[str, Article], sources: Sources | None = None
) -> list[Relation]:
    """The claims gathered by what they are about, the best supported first.

    An article that is not among ``articles`` is a source of its own, unless ``sources`` knows better.
    """
    if sources is None:
        unknown = {claim.article: Article(claim.article, "") for claim in claims}
        sources = Sources((unknown | dict(articles)).values())
    grouped: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        grouped[proposition_key(claim)].append(claim)
    relations = [
        Relation(
            fact.key, *_triple(grouped[fact.key][0]), tuple(grouped[fact.key]), sources.independent(grouped[fact.key]),
            _denied(grouped[fact.key]) or bool(fact.contradicts), fact.contradicts,
        )
        for fact in facts(claims, sources)
    ]  # fmt: skip
    return sorted(relations, key=lambda r: (-r.sources, -len(r.claims), r.subject, r.predicate, r.object))


def _triple(claim: Claim) -> tuple[str, Predicate, str]:
    subject, target = ends(claim)
    return subject, claim.predicate, target


def _denied(claims: Sequence[Claim]) -> bool:
    """Whether claims affirm it and claims deny it."""
    return len({claim.polarity for claim in claims}) > 1


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
