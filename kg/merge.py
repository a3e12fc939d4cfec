"""Stage 5: claims and articles become RDF quads, and quads become N-Quads or TriG.

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

import itertools
import re
import urllib.parse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

import kg
from kg.errors import GraphError
from kg.ids import BASE, article_iri, digest, iri, slug
from kg.language.arabic import fold
from kg.language.dates import Period, Precision
from kg.model import Article, Claim, Entity, Evidence, Modality, Polarity
from kg.vocabulary import SIGNATURES, Predicate

ONTOLOGY = f"{BASE}ontology#"
ENTITIES = f"{BASE}graph/entities"
ASSERTED = f"{BASE}graph/asserted"
PROVENANCE = f"{BASE}graph/provenance"

PREFIXES: Mapping[str, str] = {
    "dcterms": "http://purl.org/dc/terms/",
    "id": f"{BASE}id/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "st": ONTOLOGY,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes that TriG files declare and that a query may use without declaring them."""

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
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]')
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LOCAL_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?", re.ASCII)


class Literal(NamedTuple):
    """A text with a language tag or a datatype IRI; with neither it is an ``xsd:string``."""

    value: str
    language: str = ""
    datatype: str = ""


Term: TypeAlias = str | Literal
"""An IRI, as a plain ``str``, or a literal."""


class Quad(NamedTuple):
    """One RDF statement and the named graph that it is in; all are IRIs but an object that is a :class:`Literal`."""

    subject: str
    predicate: str
    object: Term
    graph: str


def term(name: str) -> str:
    """The IRI of a prefixed name.

    >>> term("xsd:date")
    'http://www.w3.org/2001/XMLSchema#date'
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


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
        ("dcterms:issued", _typed(article.published.isoformat(), "date") if article.published else None),
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
        ("st:confidence", _typed(_decimal(claim.confidence), "decimal")),
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
            ("st:known", _typed(str(any(entity.known for entity in entities)).lower(), "boolean")),
            ("skos:exactMatch", _WIKIDATA + item if _ITEM.fullmatch(item) else None),
            *_names(entities),
        ]
        yield from _quads(iri(key), properties, ENTITIES)


def edges(claims: Iterable[Claim], articles: Mapping[str, Article]) -> Iterator[Quad]:
    """The direct edges. Only positive, actual claims make one.

    Where the predicate is not attributable (blame, threats, attacks), a speaker's word is not enough: the outlet must
    say it itself, or articles of two outlets must say it, and not in the same words (a reprint is no second source). An
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
    return _typed(period.value.partition("/")[0], _DATATYPES[period.precision])


def serialize_nquads(quads: Iterable[Quad]) -> str:
    """N-Quads, one sorted line for each different quad.

    >>> serialize_nquads([Quad("http://s", "http://p", Literal("\\n", "ar"), "http://g")])
    '<http://s> <http://p> "\\\\n"@ar <http://g> .\\n'
    """
    lines = {f"<{s}> <{p}> {_full(o)} <{g}> .\n" for s, p, o, g in quads}
    return "".join(sorted(lines))


def write_trig(quads: Iterable[Quad]) -> str:
    """TriG with prefixes; graphs, subjects, predicates and objects sorted, each quad once."""
    header = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(PREFIXES.items()))
    ordered = sorted(set(quads), key=lambda quad: (quad.graph, quad.subject, quad.predicate, _full(quad.object)))
    blocks = (_graph_block(graph, list(group)) for graph, group in itertools.groupby(ordered, lambda quad: quad.graph))
    return header + "".join(blocks)


def short(node: str) -> str:
    """An IRI as prefixed name, where one of :data:`PREFIXES` fits, else as it is.

    >>> short("https://w3id.org/syria-talks/id/astana-5")
    'id:astana-5'
    """
    for prefix, namespace in PREFIXES.items():
        if node.startswith(namespace) and _LOCAL_NAME.fullmatch(node[len(namespace) :]):
            return f"{prefix}:{node[len(namespace) :]}"
    return node


def _quads(node: str, properties: Iterable[tuple[str, Term | None]], graph: str) -> Iterator[Quad]:
    return (Quad(node, term(name), value, graph) for name, value in properties if value is not None)


def _typed(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=PREFIXES["xsd"] + datatype)


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
    return _typed(period.end.isoformat(), "date") if period.precision is Precision.INTERVAL else None


def _event_date(claim: Claim) -> Iterator[tuple[str, Term | None]]:
    if claim.date:
        yield "st:eventDate", period_literal(claim.date.period)
        yield "st:eventUntil", _last_day(claim.date.period)
        yield "st:basis", Literal(claim.date.basis.value)
        yield "st:precision", Literal(claim.date.period.precision.value)


def _selector(evidence: Evidence) -> list[tuple[str, Term | None]]:
    return [
        ("rdf:type", term("st:Evidence")),
        ("oa:start", _typed(str(evidence.span.start), "integer")),
        ("oa:end", _typed(str(evidence.span.end), "integer")),
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
    return min(len(outlets), len(wordings)) >= _INDEPENDENT_SOURCES


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


def _escape(character: re.Match[str]) -> str:
    return _SHORT_ESCAPES.get(character[0]) or f"\\u{ord(character[0]):04X}"


def _literal(literal: Literal, datatype: str) -> str:
    """A literal as Turtle and N-Quads write it, with its datatype already written."""
    text = f'"{_ESCAPED.sub(_escape, literal.value)}"'
    if literal.language:
        return f"{text}@{literal.language}"
    return f"{text}^^{datatype}" if literal.datatype else text


def _full(value: Term) -> str:
    return _literal(value, f"<{value.datatype}>") if isinstance(value, Literal) else f"<{value}>"


def _node(node: str) -> str:
    shortened = short(node)
    return f"<{node}>" if shortened == node else shortened


def _abbreviated(value: Term) -> str:
    return _literal(value, _node(value.datatype)) if isinstance(value, Literal) else _node(value)


def _graph_block(graph: str, quads: list[Quad]) -> str:
    subjects = itertools.groupby(quads, lambda quad: quad.subject)
    return f"\n{_node(graph)} {{\n{''.join(_subject_block(subject, list(group)) for subject, group in subjects)}}}\n"


def _subject_block(subject: str, quads: list[Quad]) -> str:
    predicates = itertools.groupby(quads, lambda quad: quad.predicate)
    lines = (f"{_node(name)} {', '.join(_abbreviated(quad.object) for quad in group)}" for name, group in predicates)
    body = " ;\n    ".join(lines)
    return f"  {_node(subject)} {body} .\n"
