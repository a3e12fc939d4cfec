"""What the graph says of itself: the extraction as PROV has it, and the data set as VoID and DCAT have it.

No times of the run and no names of machines: the same articles give the same bytes.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import kg
from kg import project
from kg.ids import BASE, slug
from kg.literals import integer, statements
from kg.model import Article
from kg.naming import DATASET, INFERRED, PROVENANCE, activity_iri
from kg.rdf import ONTOLOGY, PREFIXES, Literal, Quad, Term, term, typed

_VOCABULARIES = ("dcterms", "foaf", "oa", "prov", "schema", "skos", "time")
_TYPING = re.compile(f"<[^>]*> <{re.escape(PREFIXES['rdf'])}type> <([^>]*)>")
_DISTRIBUTIONS = {"kg.nq": "application/n-quads", "kg.trig": "application/trig"}
_LANGUAGES = ("ar", "en")


def provenance_quads(model: str) -> Iterator[Quad]:
    """The extraction as a PROV activity: program with version, and model with the hash of its files."""
    program, used = _program(), f"{BASE}model/{slug(model)}"
    yield from _activity(activity_iri(model), program, used)
    yield from statements(
        program,
        [
            ("rdf:type", term("prov:SoftwareAgent")),
            ("dcterms:title", Literal("kg")),
            ("schema:softwareVersion", Literal(kg.__version__)),
        ],
        PROVENANCE,
    )
    name, _, fingerprint = model.rpartition("-")
    yield from statements(
        used,
        [
            ("rdf:type", term("prov:Entity")),
            ("dcterms:title", Literal(name or model)),
            ("dcterms:identifier", Literal(fingerprint)),
        ],
        PROVENANCE,
    )


def inference_quads() -> Iterator[Quad]:
    """What the graph of inferred statements is, and that this program made it of the ontology's axioms."""
    activity = f"{BASE}activity/inference-{slug(kg.__version__)}"
    yield from _activity(activity, _program(), ONTOLOGY.removesuffix("#"))
    generated: list[tuple[str, Term | None]] = [
        ("rdf:type", term("prov:Entity")),
        ("dcterms:title", Literal("Inferred from the ontology, said by no article", "en")),
        ("prov:wasGeneratedBy", activity),
    ]
    yield from statements(INFERRED, generated, PROVENANCE)


@dataclass(frozen=True, slots=True)
class Census:
    """What the description of a data set counts: articles, different quads, and of each class the things in it.

    ``first`` and ``last`` are the days of publication of the first and last article that has one.
    """

    articles: int
    quads: int
    classes: Counter[str]
    first: datetime.date | None
    last: datetime.date | None


def census(articles: Iterable[Article], lines: Iterable[str]) -> Census:
    """The census of these articles, and of all quads but the description, as different lines of N-Quads."""
    count, days, quads, classes = 0, set(), 0, Counter[str]()
    for count, article in enumerate(articles, 1):  # noqa: B007
        days.add(article.published)
    for quads, line in enumerate(lines, 1):  # noqa: B007
        if typing := _TYPING.match(line):
            classes[typing[1]] += 1
    known = sorted(day for day in days if day)
    return Census(count, quads, classes, known[0] if known else None, known[-1] if known else None)


def dataset_quads(counted: Census, model: str) -> Iterator[Quad]:
    """The description of the data set: what it is, how much of what, which vocabularies, from when to when."""
    here = project.current()
    properties: list[tuple[str, Term | None]] = [
        ("rdf:type", term("void:Dataset")),
        ("rdf:type", term("dcat:Dataset")),
        *(("dcterms:title", Literal(*text)) for text in zip(here.title, _LANGUAGES, strict=True)),
        *(("dcterms:description", Literal(*text)) for text in zip(here.description, _LANGUAGES, strict=True)),
        ("dcterms:language", Literal("ar")),
        ("dcterms:conformsTo", ONTOLOGY.removesuffix("#")),
        ("prov:wasGeneratedBy", activity_iri(model)),
        ("void:uriSpace", Literal(BASE)),
        ("void:triples", integer(counted.quads)),
        ("void:documents", integer(counted.articles)),
        ("void:entities", integer(counted.classes.total())),
        ("void:vocabulary", ONTOLOGY),
        *(("void:vocabulary", PREFIXES[prefix]) for prefix in _VOCABULARIES),
    ]
    yield from statements(DATASET, properties, PROVENANCE)
    yield from _partitions(counted.classes)
    yield from _distributions()
    yield from _temporal(counted)


def _program() -> str:
    return f"{BASE}software/kg-{slug(kg.__version__)}"


def _activity(node: str, program: str, used: str) -> Iterator[Quad]:
    properties = [("rdf:type", term("prov:Activity")), ("prov:wasAssociatedWith", program), ("prov:used", used)]
    return statements(node, properties, PROVENANCE)


def _partitions(classes: Counter[str]) -> Iterator[Quad]:
    """How many things of each class of the ontology there are."""
    for cls, count in classes.items():
        if cls.startswith(ONTOLOGY):
            node = f"{DATASET}/class/{cls.removeprefix(ONTOLOGY)}"
            yield from statements(DATASET, [("void:classPartition", node)], PROVENANCE)
            yield from statements(node, [("void:class", cls), ("void:entities", integer(count))], PROVENANCE)


def _distributions() -> Iterator[Quad]:
    for name, media_type in _DISTRIBUTIONS.items():
        node = f"{DATASET}/{name}"
        properties: list[tuple[str, Term | None]] = [
            ("rdf:type", term("dcat:Distribution")),
            ("dcterms:title", Literal(name)),
            ("dcat:mediaType", f"https://www.iana.org/assignments/media-types/{media_type}"),
        ]
        yield from statements(DATASET, [("dcat:distribution", node)], PROVENANCE)
        yield from statements(node, properties, PROVENANCE)


def _temporal(counted: Census) -> Iterator[Quad]:
    """From the first to the last day of publication."""
    if counted.first and counted.last:
        node = f"{DATASET}/temporal"
        properties: list[tuple[str, Term | None]] = [
            ("rdf:type", term("dcterms:PeriodOfTime")),
            ("dcat:startDate", typed(counted.first.isoformat(), "date")),
            ("dcat:endDate", typed(counted.last.isoformat(), "date")),
        ]
        yield from statements(DATASET, [("dcterms:temporal", node)], PROVENANCE)
        yield from statements(node, properties, PROVENANCE)
