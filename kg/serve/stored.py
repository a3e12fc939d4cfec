"""Claims as values again, out of the graph: what the explorer's page is made of, for the part of it that is asked for.

A worker reads them and sends them as JSON (:func:`read`); the server makes the part (:func:`part`), as only it has the
libraries that draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kg.ids import BASE
from kg.language.dates import Basis, Period, ResolvedDate
from kg.model import Article, Claim, Entity, Evidence, Modality, Polarity
from kg.naming import ENTITIES
from kg.rdf import Literal
from kg.serve import reading, search
from kg.serve.library import ENTITY, Library, text
from kg.serve.reading import Json, Properties
from kg.span import Span
from kg.vocabulary import Kind, Predicate

_FIELDS = {
    "subject": "rdf:subject", "predicate": "rdf:predicate", "polarity": "st:polarity", "modality": "st:modality",
    "says": "st:statedBy", "basis": "st:basis", "role": "st:role", "rule": "st:rule", "confidence": "st:confidence",
    "exact": "oa:exact", "start": "oa:start", "end": "oa:end",
}  # fmt: skip


def read(library: Library, pattern: str, limit: int) -> Json:
    """The newest claims that a pattern binds (see :func:`kg.serve.reading.claims`), their entities and their articles."""
    found = reading.described(library, pattern, reading.NEWEST, limit=limit)
    told = [_record(article, said) for _, article, said, _ in found]
    ends = {iri for record in told for iri in (record["subject"], record["object"], record["says"])}
    articles = {article: _article(library, article, about) for _, article, _, about in found}
    return {"claims": told, "entities": _entities(library, ends), "articles": articles}


def part(found: Json) -> dict[str, Any]:
    """The part of the explorer's page that these claims make."""
    from kg.page import part

    return part(*values(found))


def values(found: Json) -> tuple[list[Claim], list[Article]]:
    """The claims and articles that :func:`read` has read."""
    entities = {iri: _entity(iri, record) for iri, record in found["entities"].items()}
    articles = {iri: Article(**(a | {"published": _day(a["published"])})) for iri, a in found["articles"].items()}
    return [_claim(record, entities, articles) for record in found["claims"]], list(articles.values())


def _record(article: str, said: Properties) -> Json:
    record = {name: text(said.get(prefixed)) for name, prefixed in _FIELDS.items()}
    return record | {
        "article": article,
        "object": reading.period(said, "rdf:object", "st:objectUntil"),
        "date": reading.period(said, "st:eventDate", "st:eventUntil"),
    }


def _entities(library: Library, iris: Iterable[str]) -> Json:
    """Kind, names and origin of each entity: the Arabic main name first, then the English one, then the others."""
    entries = " ".join(f"<{iri}>" for iri in sorted(iris) if iri.startswith(ENTITY))
    rows = library.rows(
        f"SELECT ?e ?kind ?known {{ VALUES ?e {{ {entries} }} GRAPH <{ENTITIES}> {{ ?e a ?kind ; st:known ?known }} }}"
    )
    found: Json = {
        text(row["e"]): {"kind": reading.local(text(row["kind"])), "known": text(row["known"]) == "true", "names": []}
        for row in rows
        if reading.local(text(row["kind"])) in set(Kind)
    }
    for name in ("skos:prefLabel", "skos:altLabel"):
        rows = library.rows(f"SELECT ?e ?n {{ VALUES ?e {{ {entries} }} GRAPH <{ENTITIES}> {{ ?e {name} ?n }} }}")
        for row in sorted(rows, key=lambda row: isinstance(row["n"], Literal) and row["n"].language):
            found[text(row["e"])]["names"].append(text(row["n"]))
    return found


def _article(library: Library, iri: str, about: Properties) -> Json:
    url = about.get("schema:url")
    return {
        "id": text(about.get("dcterms:identifier")),
        "text": search.text_of(library.index, iri),
        "title": text(about.get("dcterms:title")),
        "outlet": text(about.get("st:outlet")),
        "published": text(about.get("dcterms:issued")),
        "url": url if isinstance(url, str) else "",
    }


def _entity(iri: str, record: Json) -> Entity:
    return Entity(iri.removeprefix(ENTITY), Kind(record["kind"]), tuple(record["names"]), record["known"])


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def _claim(record: Json, entities: Mapping[str, Entity], articles: Mapping[str, Article]) -> Claim:
    target, when = record["object"], record["date"]
    return Claim(
        articles[record["article"]].id,
        entities[record["subject"]],
        Predicate(reading.local(record["predicate"])),
        entities[target] if target.startswith(BASE) else Period(target),
        Polarity(record["polarity"]),
        Modality(record["modality"]),
        Evidence(Span(int(record["start"]), int(record["end"])), record["exact"]),
        record["rule"],
        float(record["confidence"]),
        says=entities.get(record["says"]),
        date=ResolvedDate(Period(when), Basis(record["basis"])) if when else None,
        role=record["role"],
    )
