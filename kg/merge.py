"""Stage 5, merge: claims and articles become RDF quads.

=============================  ====================================================================================
named graph                    what it holds
=============================  ====================================================================================
the IRI of an article          that article's metadata and its claims with their evidence, and no other's
:data:`~kg.naming.ENTITIES`    entities: class, names, whether a seed table knows them, Wikidata; days and intervals
:data:`~kg.naming.ASSERTED`    direct edges ``subject st:predicate object`` of the facts that suffice for one
:data:`~kg.naming.FACTS`       propositions: what all articles together say of them; which article is a copy
:data:`~kg.naming.PROVENANCE`  the extraction: program, version, model; the description of the data set
=============================  ====================================================================================

The same claims and articles give the same bytes, in whatever order they come: every node is named by a hash of what it
means or by a slug, nothing is a blank node, nothing tells the time of the run.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from kg.errors import GraphError
from kg.facts import Sources, copy_quads, edge_quads, fact_quads, facts
from kg.ids import article_iri, iri
from kg.language.dates import Period
from kg.literals import (
    boolean,
    decimal,
    integer,
    last_day,
    named,
    period_literal,
    statements,
    time_quads,
    url_term,
)
from kg.model import Article, Claim, Entity, Evidence
from kg.naming import (
    ENTITIES,
    activity_iri,
    claim_iri,
    evidence_iri,
    outlet_iri,
    proposition_iri,
    proposition_key,
    time_iri,
)
from kg.provenance import dataset_quads, provenance_quads
from kg.rdf import ONTOLOGY, Literal, Quad, Term, term, typed

__all__ = ["ENTITIES", "article_quads", "claim_iri", "claim_quads", "entity_quads", "evidence_iri", "merge"]

_WIKIDATA = "http://www.wikidata.org/entity/"
_ITEM = re.compile(r"Q[1-9]\d*", re.ASCII)


def merge(
    claims: Iterable[Claim],
    articles: Iterable[Article],
    wikidata: Mapping[str, str],
    *,
    model: str,
    replaced: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Quad]:
    """The quads of the graph, some of them repeatedly; :func:`~kg.rdf.serialize_nquads` sorts them and drops repetitions.

    ``wikidata`` gives the item (``Q858``) of an entity id, ``model`` is the name of the language model, ``replaced`` for
    each entity that was merged away the one that stands for it.

    Raises:
        GraphError: a claim comes from none of the articles.

    """
    by_id = {article.id: article for article in articles}
    found = list(claims)
    for claim in found:
        if claim.article not in by_id:
            raise GraphError(
                f"claim {claim.id} is from article {claim.article!r}, which is not among those to be merged"
            )
    quads = [*_content(found, by_id.values(), wikidata, model), *_merged_away(replaced), *provenance_quads(model)]
    yield from quads
    yield from dataset_quads(by_id.values(), quads, model)


def _content(
    claims: list[Claim], articles: Iterable[Article], wikidata: Mapping[str, str], model: str
) -> Iterator[Quad]:
    """All quads but those that the graph says of itself."""
    sources = Sources(articles)
    for article in sources.articles.values():
        yield from article_quads(article)
    for claim in claims:
        yield from claim_quads(claim, model=model)
    yield from entity_quads(claims, wikidata)
    found = facts(claims, sources)
    yield from fact_quads(found)
    yield from edge_quads(found)
    yield from copy_quads(sources)


def _merged_away(replaced: Mapping[str, str]) -> Iterator[Quad]:
    """The old names of entities that are one with others, so that links to them do not break."""
    for old, new in replaced.items():
        yield from statements(iri(old), [("dcterms:isReplacedBy", iri(new))], ENTITIES)


def article_quads(article: Article) -> Iterator[Quad]:
    """The metadata of an article in its own graph; what is not known is left out."""
    node = article_iri(article.id)
    outlet = outlet_iri(article.outlet) if article.outlet else None
    properties: list[tuple[str, Term | None]] = [
        ("rdf:type", term("st:Article")),
        ("dcterms:identifier", Literal(article.id)),
        ("dcterms:title", named(article.title)),
        ("st:outlet", Literal(article.outlet) if article.outlet else None),
        ("dcterms:publisher", outlet),
        ("dcterms:issued", typed(article.published.isoformat(), "date") if article.published else None),
        ("schema:url", url_term(article.url)),
    ]
    yield from statements(node, properties, node)
    if outlet:
        yield from statements(
            outlet,
            [
                ("rdf:type", term("foaf:Organization")),
                ("rdf:type", term("prov:Agent")),
                ("foaf:name", Literal(article.outlet)),
            ],
            node,
        )


def claim_quads(claim: Claim, *, model: str) -> Iterator[Quad]:
    """A claim and its evidence in the graph of its article."""
    graph = article_iri(claim.article)
    evidence = evidence_iri(claim.article, claim.evidence)
    properties: list[tuple[str, Term | None]] = [
        ("rdf:type", term("st:Claim")),
        ("rdf:subject", iri(claim.subject.id)),
        ("rdf:predicate", ONTOLOGY + claim.predicate),
        ("rdf:object", _object(claim)),
        ("st:objectUntil", last_day(claim.object) if isinstance(claim.object, Period) else None),
        ("st:proposition", proposition_iri(proposition_key(claim))),
        ("st:polarity", Literal(claim.polarity.value)),
        ("st:modality", Literal(claim.modality.value)),
        ("st:statedBy", iri(claim.says.id) if claim.says else None),
        ("st:role", named(claim.role)),
        ("st:rule", Literal(claim.rule)),
        ("st:confidence", decimal(claim.confidence)),
        ("oa:hasSelector", evidence),
        ("prov:wasDerivedFrom", graph),
        ("prov:wasGeneratedBy", activity_iri(model)),
        *_event_date(claim),
    ]
    yield from statements(claim_iri(claim), properties, graph)
    yield from statements(evidence, _selector(claim.evidence), graph)


def entity_quads(claims: Iterable[Claim], wikidata: Mapping[str, str]) -> Iterator[Quad]:
    """Class, names, origin and Wikidata item of every entity that a claim mentions, and the days of events."""
    seen: defaultdict[str, list[Entity]] = defaultdict(list)
    for claim in claims:
        for end in (claim.subject, claim.object, claim.says):
            if isinstance(end, Entity):
                seen[end.id].append(end)
        if claim.date:
            yield from time_quads(claim.date.period, ENTITIES)
    for key, entities in seen.items():
        item = wikidata.get(key, "")
        properties: list[tuple[str, Term | None]] = [
            *(("rdf:type", ONTOLOGY + entity.kind) for entity in entities),
            ("st:known", boolean(any(entity.known for entity in entities))),
            ("skos:exactMatch", _WIKIDATA + item if _ITEM.fullmatch(item) else None),
            *_names(entities),
        ]
        yield from statements(iri(key), properties, ENTITIES)


def _object(claim: Claim) -> Term:
    return period_literal(claim.object) if isinstance(claim.object, Period) else iri(claim.object.id)


def _event_date(claim: Claim) -> Iterator[tuple[str, Term | None]]:
    if claim.date:
        yield "st:eventDate", period_literal(claim.date.period)
        yield "st:eventUntil", last_day(claim.date.period)
        yield "st:eventTime", time_iri(claim.date.period.value)
        yield "st:basis", Literal(claim.date.basis.value)
        yield "st:precision", Literal(claim.date.period.precision.value)


def _selector(evidence: Evidence) -> list[tuple[str, Term | None]]:
    return [
        ("rdf:type", term("st:Evidence")),
        ("oa:start", integer(evidence.span.start)),
        ("oa:end", integer(evidence.span.end)),
        ("oa:exact", Literal(evidence.text)),
    ]


def _names(entities: list[Entity]) -> Iterator[tuple[str, Term]]:
    """One preferred name for each language, the first in the alphabet of those that stand first; all others besides.

    The preferred Arabic name, or the English one where there is none, is also the label that tools show.
    """
    preferred: dict[str, Literal] = {}
    firsts = {name for entity in entities for name in _firsts(entity)}
    for name in sorted(firsts):
        preferred.setdefault(name.language, name)
    names = {name for entity in entities for name in map(named, entity.names) if name}
    for name in names:
        yield ("skos:prefLabel" if name in preferred.values() else "skos:altLabel"), name
    for label in sorted(preferred.values(), key=lambda name: name.language)[:1]:
        yield "rdfs:label", label


def _firsts(entity: Entity) -> Iterator[Literal]:
    """The first name of an entity in each language."""
    names = [name for name in map(named, entity.names) if name]
    for language in ("ar", "en"):
        yield from [name for name in names if name.language == language][:1]
