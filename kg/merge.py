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

import json
import pathlib
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from kg.errors import GraphError
from kg.facts import Conflicts, Sources, copy_quads, fact_quads, facts_in_order
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
from kg.provenance import census, dataset_quads, provenance_quads
from kg.rdf import ONTOLOGY, Literal, Quad, Term, nquad, term, typed
from kg.records import claim_of, claim_state, dump
from kg.sorting import SortedLines
from kg.vocabulary import Kind

__all__ = ["ENTITIES", "article_quads", "claim_iri", "claim_quads", "content", "evidence_iri", "merge"]

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
    """The quads of a small graph, all in memory, some of them repeatedly; :func:`write` is for graphs of any size.

    ``wikidata`` gives the item (``Q858``) of an entity id, ``model`` is the name of the language model, ``replaced`` for
    each entity that was merged away the one that stands for it.

    Raises:
        GraphError: a claim comes from none of the articles.

    """
    found = list(articles)
    with tempfile.TemporaryDirectory() as scratch:
        quads = list(content(claims, found, Sources(found), wikidata, model, replaced, pathlib.Path(scratch)))
    yield from quads
    yield from dataset_quads(census(found, set(map(nquad, quads))), model)


def content(
    claims: Iterable[Claim],
    articles: Iterable[Article],
    sources: Sources,
    wikidata: Mapping[str, str],
    model: str,
    replaced: Mapping[str, str],
    scratch: pathlib.Path,
) -> Iterator[Quad]:
    """The quads of a graph but its description, some of them repeatedly, as :func:`merge` explains them.

    Claims and articles are gone through once. What is in memory grows with the number of entities, not of claims:
    those are sorted by their propositions in the folder ``scratch``.

    Raises:
        GraphError: a claim comes from an article that ``sources`` does not know.

    """
    for article in articles:
        yield from article_quads(article)
    entities, conflicts, propositions = _Entities(), Conflicts(), SortedLines(scratch, "propositions")
    for claim in claims:
        if claim.article not in sources:
            raise GraphError(
                f"claim {claim.id} is from article {claim.article!r}, which is not among those to be merged"
            )
        yield from claim_quads(claim, model=model)
        entities.see(claim)
        conflicts.see(claim)
        propositions.add([f"{proposition_key(claim)}\t{claim.id}\t{dump(claim_state(claim))}"])
    yield from entities.quads(wikidata)
    yield from fact_quads(facts_in_order(map(_told, propositions), conflicts, sources))
    yield from copy_quads(sources)
    yield from _merged_away(replaced)
    yield from provenance_quads(model)


def _told(line: str) -> tuple[str, Claim]:
    """The key of a proposition and a claim, of a line of those that are sorted."""
    key, _, state = line.split("\t", 2)
    return key, claim_of(json.loads(state))


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


class _Entities:
    """What claims say of entities, each thing once."""

    def __init__(self) -> None:
        self._seen: defaultdict[str, dict[tuple[Kind, bool, tuple[str, ...]], Entity]] = defaultdict(dict)
        self._periods: dict[str, Period] = {}

    def see(self, claim: Claim) -> None:
        """Take note of the entities and the day of a claim."""
        for end in (claim.subject, claim.object, claim.says):
            if isinstance(end, Entity):
                self._seen[end.id][end.kind, end.known, end.names] = end
        if claim.date:
            self._periods[claim.date.period.value] = claim.date.period

    def quads(self, wikidata: Mapping[str, str]) -> Iterator[Quad]:
        """All that is known of them."""
        for period in self._periods.values():
            yield from time_quads(period, ENTITIES)
        for key, forms in self._seen.items():
            item, entities = wikidata.get(key, ""), list(forms.values())
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
