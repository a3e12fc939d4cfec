"""Stage 5, merge: claims and articles become RDF quads.

=============================  ====================================================================================
named graph                    what it holds
=============================  ====================================================================================
the IRI of an article          that article's metadata and its claims with their evidence, and no other's
:data:`ENTITIES`               entities: class, names, whether a seed table knows them, Wikidata
:data:`ASSERTED`               direct edges ``subject st:predicate object`` that :func:`edges` lets through
:data:`PROVENANCE`             the extraction: program, version, model
=============================  ====================================================================================

The same claims and articles give the same bytes, in whatever order they come: every node is named by a hash of what it
means or by a slug, nothing is a blank node, nothing tells the time of the run.
"""

from __future__ import annotations

import re
import urllib.parse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import kg
from kg.errors import GraphError
from kg.ids import BASE, article_iri, digest, iri, slug
from kg.language.arabic import fold
from kg.language.dates import Period, Precision
from kg.model import Article, Claim, Entity, Evidence, Modality, Polarity
from kg.rdf import ONTOLOGY, Literal, Quad, Term, term, typed
from kg.vocabulary import SIGNATURES, Predicate

ENTITIES = f"{BASE}graph/entities"
ASSERTED = f"{BASE}graph/asserted"
PROVENANCE = f"{BASE}graph/provenance"

_WIKIDATA = "http://www.wikidata.org/entity/"
_ITEM = re.compile(r"Q[1-9]\d*", re.ASCII)
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_DATATYPES = {
    Precision.DAY: "date",
    Precision.MONTH: "gYearMonth",
    Precision.YEAR: "gYear",
    Precision.INTERVAL: "date",
}
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?", re.ASCII)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_INDEPENDENT_SOURCES = 2


def claim_iri(claim: Claim) -> str:
    """The IRI of a claim."""
    return f"{BASE}claim/{claim.id}"


def evidence_iri(article: str, evidence: Evidence) -> str:
    """The IRI of a slice of an article; claims that rest on the same slice share it."""
    return f"{BASE}evidence/{digest(article, str(evidence.span.start), str(evidence.span.end), evidence.text)}"


def activity_iri(model: str) -> str:
    """The IRI of the extraction by this version of the program with this language model."""
    return f"{BASE}activity/extraction-{digest(kg.__version__, model)}"


def proposition_key(claim: Claim) -> str:
    """What a claim and its denial share: a hash of subject, predicate and object, in either order if symmetric."""
    ends = [claim.subject.id, _object_id(claim)]
    if SIGNATURES[claim.predicate].symmetric:
        ends.sort()
    return digest(ends[0], claim.predicate, ends[1])


def merge(
    claims: Iterable[Claim], articles: Iterable[Article], wikidata: Mapping[str, str], *, model: str
) -> Iterator[Quad]:
    """The quads of the graph, some of them repeatedly; :func:`serialize_nquads` sorts them and drops repetitions.

    ``wikidata`` gives the item (``Q858``) of an entity id, ``model`` is the name of the language model.

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
    for article in by_id.values():
        yield from article_quads(article)
    for claim in found:
        yield from claim_quads(claim, model=model)
    yield from entity_quads(found, wikidata)
    yield from edges(found, by_id)
    yield from provenance_quads(model)


def article_quads(article: Article) -> Iterator[Quad]:
    """The metadata of an article in its own graph; what is not known is left out."""
    node = article_iri(article.id)
    properties: list[tuple[str, Term | None]] = [
        ("rdf:type", term("st:Article")),
        ("dcterms:identifier", Literal(article.id)),
        ("dcterms:title", _named(article.title)),
        ("st:outlet", Literal(article.outlet) if article.outlet else None),
        ("dcterms:issued", typed(article.published.isoformat(), "date") if article.published else None),
        ("schema:url", url_term(article.url)),
    ]
    return _quads(node, properties, node)


def claim_quads(claim: Claim, *, model: str) -> Iterator[Quad]:
    """A claim and its evidence in the graph of its article."""
    graph = article_iri(claim.article)
    evidence = evidence_iri(claim.article, claim.evidence)
    properties: list[tuple[str, Term | None]] = [
        ("rdf:type", term("st:Claim")),
        ("rdf:subject", iri(claim.subject.id)),
        ("rdf:predicate", ONTOLOGY + claim.predicate),
        ("rdf:object", _object(claim)),
        ("st:objectUntil", _last_day(claim.object) if isinstance(claim.object, Period) else None),
        ("st:polarity", Literal(claim.polarity.value)),
        ("st:modality", Literal(claim.modality.value)),
        ("st:statedBy", iri(claim.says.id) if claim.says else None),
        ("st:role", _named(claim.role)),
        ("st:rule", Literal(claim.rule)),
        ("st:confidence", typed(_decimal(claim.confidence), "decimal")),
        ("st:propositionKey", Literal(proposition_key(claim))),
        ("oa:hasSelector", evidence),
        ("prov:wasDerivedFrom", graph),
        ("prov:wasGeneratedBy", activity_iri(model)),
        *_event_date(claim),
    ]
    yield from _quads(claim_iri(claim), properties, graph)
    yield from _quads(evidence, _selector(claim.evidence), graph)


def entity_quads(claims: Iterable[Claim], wikidata: Mapping[str, str]) -> Iterator[Quad]:
    """Class, names, origin and Wikidata item of every entity that a claim mentions."""
    seen: defaultdict[str, list[Entity]] = defaultdict(list)
    for claim in claims:
        for end in (claim.subject, claim.object, claim.says):
            if isinstance(end, Entity):
                seen[end.id].append(end)
    for key, entities in seen.items():
        item = wikidata.get(key, "")
        properties: list[tuple[str, Term | None]] = [
            *(("rdf:type", ONTOLOGY + entity.kind) for entity in entities),
            ("st:known", typed(str(any(entity.known for entity in entities)).lower(), "boolean")),
            ("skos:exactMatch", _WIKIDATA + item if _ITEM.fullmatch(item) else None),
            *_names(entities),
        ]
        yield from _quads(iri(key), properties, ENTITIES)


def edges(claims: Iterable[Claim], articles: Mapping[str, Article]) -> Iterator[Quad]:
    """The direct edges. Only positive, actual claims make one.

    Where the predicate is not attributable (blame, threats, attacks), a speaker's word is not enough: the outlet must
    say it itself, or articles of two outlets must say it, in different words and by different speakers (neither a reprint
    nor one speaker quoted twice is a second source). An
    article without outlet stands for itself. An interval becomes ``st:heldOn`` its first and ``st:heldUntil`` its last
    day.
    """
    propositions: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.polarity is Polarity.POSITIVE and claim.modality is Modality.ACTUAL:
            propositions[proposition_key(claim)].append(claim)
    for group in propositions.values():
        if _vouched(group, articles):
            yield from _edge(group[0])


def provenance_quads(model: str) -> Iterator[Quad]:
    """The extraction as a PROV activity: program with version, and model. No times: they would change every run."""
    program = f"{BASE}software/kg-{slug(kg.__version__)}"
    used = f"{BASE}model/{slug(model)}"
    yield from _quads(
        activity_iri(model),
        [("rdf:type", term("prov:Activity")), ("prov:wasAssociatedWith", program), ("prov:used", used)],
        PROVENANCE,
    )
    software: list[tuple[str, Term | None]] = [
        ("rdf:type", term("prov:SoftwareAgent")),
        ("dcterms:title", Literal("kg")),
        ("schema:softwareVersion", Literal(kg.__version__)),
    ]
    yield from _quads(program, software, PROVENANCE)
    yield from _quads(used, [("rdf:type", term("prov:Entity")), ("dcterms:title", Literal(model))], PROVENANCE)


def url_term(url: str) -> Term | None:
    """The address of an article as an IRI if it is an absolute http(s) one, else as the text it was; None if empty.

    What may not stand in an IRI is percent-encoded. User names in an address make it no IRI: they may hold passwords.

    >>> url_term("https://example.org/a b?q=<x>")
    'https://example.org/a%20b?q=%3Cx%3E'
    >>> url_term("javascript:alert(1)")
    Literal(value='javascript:alert(1)', language='', datatype='')
    """
    try:
        parts = urllib.parse.urlsplit(url)
        host = parts.netloc.encode("idna").decode("ascii")
    except ValueError:
        return Literal(url)
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return Literal(url) if url else None
    path, query, fragment = map(_percent_encoded, parts[2:])
    return urllib.parse.urlunsplit((parts.scheme, host, path, query, fragment))


def period_literal(period: Period) -> Literal:
    """A period as ``xsd:date``, ``xsd:gYearMonth`` or ``xsd:gYear``; of an interval, its first day.

    >>> period_literal(Period("2017-07")).datatype
    'http://www.w3.org/2001/XMLSchema#gYearMonth'
    """
    return typed(period.value.partition("/")[0], _DATATYPES[period.precision])


def _quads(node: str, properties: Iterable[tuple[str, Term | None]], graph: str) -> Iterator[Quad]:
    return (Quad(node, term(name), value, graph) for name, value in properties if value is not None)


def _decimal(number: float) -> str:
    """At most four decimals and no trailing zero: the canonical form, which stores keep as it is."""
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _named(text: str) -> Literal | None:
    """A text with the language that its letters show, Arabic or English; None if it is empty."""
    return Literal(text, "ar" if _ARABIC.search(text) else "en") if text else None


def _object_id(claim: Claim) -> str:
    return claim.object.value if isinstance(claim.object, Period) else claim.object.id


def _object(claim: Claim) -> Term:
    return period_literal(claim.object) if isinstance(claim.object, Period) else iri(claim.object.id)


def _last_day(period: Period) -> Literal | None:
    return typed(period.end.isoformat(), "date") if period.precision is Precision.INTERVAL else None


def _event_date(claim: Claim) -> Iterator[tuple[str, Term | None]]:
    if claim.date:
        yield "st:eventDate", period_literal(claim.date.period)
        yield "st:eventUntil", _last_day(claim.date.period)
        yield "st:basis", Literal(claim.date.basis.value)
        yield "st:precision", Literal(claim.date.period.precision.value)


def _selector(evidence: Evidence) -> list[tuple[str, Term | None]]:
    return [
        ("rdf:type", term("st:Evidence")),
        ("oa:start", typed(str(evidence.span.start), "integer")),
        ("oa:end", typed(str(evidence.span.end), "integer")),
        ("oa:exact", Literal(evidence.text)),
    ]


def _names(entities: list[Entity]) -> Iterator[tuple[str, Term]]:
    """One preferred name for each language, the first in the alphabet of those that stand first; all others besides."""
    preferred: dict[str, Literal] = {}
    firsts = {name for entity in entities for name in _firsts(entity)}
    for name in sorted(firsts):
        preferred.setdefault(name.language, name)
    names = {name for entity in entities for name in map(_named, entity.names) if name}
    for name in names:
        yield ("skos:prefLabel" if name in preferred.values() else "skos:altLabel"), name


def _firsts(entity: Entity) -> Iterator[Literal]:
    """The first name of an entity in each language."""
    names = [name for name in map(_named, entity.names) if name]
    for language in ("ar", "en"):
        yield from [name for name in names if name.language == language][:1]


def _vouched(claims: list[Claim], articles: Mapping[str, Article]) -> bool:
    """Whether these claims of one proposition suffice for an edge."""
    if SIGNATURES[claims[0].predicate].attributable or any(claim.says is None for claim in claims):
        return True
    outlets = {_outlet(articles[claim.article]) for claim in claims}
    wordings = {fold(claim.evidence.text) for claim in claims}
    speakers = {claim.says for claim in claims}
    return min(len(outlets), len(wordings), len(speakers)) >= _INDEPENDENT_SOURCES


def _outlet(article: Article) -> tuple[str, str]:
    return ("outlet", fold(article.outlet)) if article.outlet else ("article", article.id)


def _edge(claim: Claim) -> Iterator[Quad]:
    subject, target = iri(claim.subject.id), _object(claim)
    yield Quad(subject, ONTOLOGY + claim.predicate, target, ASSERTED)
    if isinstance(target, str) and SIGNATURES[claim.predicate].symmetric:
        yield Quad(target, ONTOLOGY + claim.predicate, subject, ASSERTED)
    if claim.predicate is Predicate.HELD_ON and isinstance(claim.object, Period):
        yield from _quads(subject, [("st:heldUntil", _last_day(claim.object))], ASSERTED)


def _percent_encoded(text: str) -> str:
    return urllib.parse.quote(_STRAY_PERCENT.sub("%25", text), safe="/?:@!$&'()*+,;=-._~%")
