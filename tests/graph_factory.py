"""Claims and articles made by hand, for tests that need no model. What a test does not care for has a default."""

from __future__ import annotations

import datetime
import pathlib
from typing import Any

from pyoxigraph import Store

from kg.answers import Table
from kg.ids import article_iri, iri
from kg.merge import merge
from kg.model import Article, Claim, Entity, Evidence, Modality, Polarity
from kg.queries import load as load_query
from kg.rdf import ONTOLOGY, Quad, Term, serialize_nquads
from kg.span import Span
from kg.store import load, query
from kg.vocabulary import Kind, Predicate

OPPOSITION = Entity("syrian-opposition", Kind.GROUP_ACTOR, ("المعارضة السورية", "Syrian opposition", "المعارضة"))
GOVERNMENT = Entity("syria-government", Kind.GROUP_ACTOR, ("النظام السوري", "Syrian government"))
RUSSIA = Entity("russia", Kind.STATE, ("روسيا", "Russia"))
TURKEY = Entity("turkey", Kind.STATE, ("تركيا", "Turkey"))
KAZAKHSTAN = Entity("kazakhstan", Kind.STATE, ("كازاخستان", "Kazakhstan"))
ALLOUSH = Entity("mohammed-alloush", Kind.PERSON, ("محمد علوش", "Mohammed Alloush"))
ASTANA = Entity("astana", Kind.PLACE, ("أستانا", "Astana"))
SOCHI = Entity("sochi", Kind.PLACE, ("سوتشي", "Sochi"))
IDLIB = Entity("idlib", Kind.PLACE, ("إدلب", "Idlib"))
ASTANA_5 = Entity("astana-5", Kind.ROUND, ("أستانا 5", "Astana 5"))
ASTANA_6 = Entity("astana-6", Kind.ROUND, ("أستانا 6", "Astana 6"))

POSITIVE, NEGATIVE = Polarity.POSITIVE, Polarity.NEGATIVE
ACTUAL, PLANNED, POSSIBLE = Modality.ACTUAL, Modality.PLANNED, Modality.POSSIBLE

WIKIDATA = {"russia": "Q159", "astana": "Q1520", "turkey": "> . <http://evil> <http://evil"}
MODEL = "kg-ar"


def article(key: str = "a1", **fields: Any) -> Article:
    """An article of an outlet and a text of its own."""
    defaults: dict[str, Any] = {
        "text": f"عنوان\n\nنص المقال {key} وحده، وليس فيه من غيره شيء.",
        "title": "عنوان",
        "outlet": f"outlet of {key}",
        "published": datetime.date(2017, 7, 4),
        "url": f"https://example.org/{key}",
    }
    return Article(key, **(defaults | fields))


def claim(subject: Entity, predicate: Predicate, target: Any, *, source: str = "a1", **fields: Any) -> Claim:
    """A positive, actual claim of the article ``source``, with evidence worded differently in every article."""
    start = fields.pop("start", 0)
    words = fields.pop("words", f"قال المقال {source}")
    defaults: dict[str, Any] = {
        "polarity": POSITIVE,
        "modality": ACTUAL,
        "evidence": Evidence(Span(start, start + len(words)), words),
        "rule": f"{predicate}.test",
        "confidence": 0.8,
    }
    return Claim(source, subject, predicate, target, **(defaults | fields))


def quads(*claims: Claim, articles: list[Article] | None = None) -> set[Quad]:
    """The graph of these claims; their articles are made where none are given."""
    found = articles if articles is not None else [article(key) for key in sorted({c.article for c in claims})]
    return set(merge(claims, found, WIKIDATA, model=MODEL))


def store_of(folder: pathlib.Path, *claims: Claim, articles: list[Article] | None = None) -> Store:
    """A store with the graph of these claims, loaded from a file as the program does."""
    path = folder / "graph.nq"
    path.write_text(serialize_nquads(quads(*claims, articles=articles)), encoding="utf-8", newline="\n")
    return load(path)


def answer(store: Store, name: str, columns: str, **parameters: str) -> list[tuple[str | None, ...]]:
    """Some columns of a named query's rows; IRIs without their namespace."""
    table = query(store, load_query(name).fill(parameters))
    assert isinstance(table, Table)
    wanted = [table.columns.index(column) for column in columns.split()]
    return [tuple(map(_short, (row[index] for index in wanted))) for row in table.rows]


def _short(cell: Term | None) -> str | None:
    text = cell if isinstance(cell, str) else cell.value if cell else None
    return text and text.removeprefix(iri("")).removeprefix(ONTOLOGY).removeprefix(article_iri("a1")[:-2])
