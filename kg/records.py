"""Claims and documents as JSON: the lines that ``kg claims`` prints, and what is kept of an annotated article."""

from __future__ import annotations

import datetime
import json
import zlib
from typing import Any

from kg.ids import iri
from kg.language.dates import Basis, Period, ResolvedDate
from kg.model import Article, Claim, Document, Entity, Evidence, Mention, Modality, Polarity, Sentence, Token
from kg.span import Span
from kg.vocabulary import Kind, Predicate

Json = dict[str, Any]


def dump(value: Json | list[Any]) -> str:
    """One line of JSON, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def claim_record(claim: Claim) -> Json:
    """A claim in the form that DESIGN's contract fixes; ``role`` only where an office is told."""
    record: Json = {
        "article": claim.article,
        "subject": entity_record(claim.subject),
        "predicate": claim.predicate.value,
        "object": {"date": claim.object.value} if isinstance(claim.object, Period) else entity_record(claim.object),
        "polarity": claim.polarity.value,
        "modality": claim.modality.value,
        "says": entity_record(claim.says) if claim.says else None,
        "date": _date_record(claim.date),
        "evidence": {"start": claim.evidence.span.start, "end": claim.evidence.span.end, "text": claim.evidence.text},
        "rule": claim.rule,
        "confidence": claim.confidence,
    }
    return record | ({"role": claim.role} if claim.role else {})


def entity_record(entity: Entity) -> Json:
    """An entity with its IRI, kind and names."""
    return {"id": iri(entity.id), "kind": entity.kind.value, "names": list(entity.names)}


def _date_record(date: ResolvedDate | None) -> Json | None:
    if date is None:
        return None
    return {"value": date.period.value, "precision": date.period.precision.value, "basis": date.basis.value}


def claim_state(claim: Claim) -> Json:
    """A claim so that :func:`claim_of` gives back all of it."""
    return {
        "article": claim.article, "subject": _entity_state(claim.subject), "predicate": claim.predicate.value,
        "object": claim.object.value if isinstance(claim.object, Period) else _entity_state(claim.object),
        "polarity": claim.polarity.value, "modality": claim.modality.value,
        "evidence": [claim.evidence.span.start, claim.evidence.span.end, claim.evidence.text],
        "rule": claim.rule, "confidence": claim.confidence, "says": claim.says and _entity_state(claim.says),
        "date": claim.date and [claim.date.period.value, claim.date.basis.value], "role": claim.role,
    }  # fmt: skip


def claim_of(state: Json) -> Claim:
    """The claim that :func:`claim_state` recorded.

    Raises:
        KeyError, TypeError, ValueError: the record is damaged.

    """
    start, end, text = state["evidence"]
    target, date = state["object"], state["date"]
    return Claim(
        state["article"], _entity_of(state["subject"]), Predicate(state["predicate"]),
        Period(target) if isinstance(target, str) else _entity_of(target),
        Polarity(state["polarity"]), Modality(state["modality"]), Evidence(Span(start, end), text),
        state["rule"], state["confidence"], _entity_of(state["says"]) if state["says"] else None,
        ResolvedDate(Period(date[0]), Basis(date[1])) if date else None, state["role"],
    )  # fmt: skip


def _entity_state(entity: Entity) -> list[Any]:
    return [entity.id, entity.kind.value, entity.known, *entity.names]


def _entity_of(state: list[Any]) -> Entity:
    name, kind, known, *names = state
    return Entity(name, Kind(kind), tuple(names), known)


def claims_of(states: list[Json]) -> list[Claim]:
    """The claims of an article, of the list of what :func:`claim_state` gave for each.

    Raises:
        KeyError, TypeError, ValueError: the record is damaged.

    """
    return [claim_of(state) for state in states]


def article_record(article: Article) -> Json:
    """An article so that :func:`article_of` gives it back."""
    return {
        "id": article.id, "title": article.title, "outlet": article.outlet, "url": article.url,
        "published": article.published.isoformat() if article.published else None, "text": article.text,
    }  # fmt: skip


def article_of(record: Json) -> Article:
    """The article that :func:`article_record` recorded.

    Raises:
        KeyError, TypeError, ValueError: the record is damaged.

    """
    published = record["published"]
    return Article(
        record["id"], record["text"], record["title"], record["outlet"],
        datetime.date.fromisoformat(published) if published else None, record["url"],
    )  # fmt: skip


def annotation_record(document: Document) -> list[Json]:
    """What was found in an article, so that :func:`document_of` gives it back; offsets are kept, not slices."""
    return [_sentence_record(sentence) for sentence in document.sentences]


def document_of(article: Article, sentences: list[Json], model: str) -> Document:
    """The article with the annotation that :func:`annotation_record` recorded.

    Raises:
        KeyError, TypeError, ValueError: the record is damaged.

    """
    return Document(article, tuple(map(_sentence_of, sentences)), model)


def _sentence_record(sentence: Sentence) -> Json:
    return {
        "span": [sentence.span.start, sentence.span.end],
        "tokens": [[t.span.start, t.span.end, *t.words] for t in sentence.tokens],
        "mentions": [[m.span.start, m.span.end, m.tag] for m in sentence.mentions],
    }


def _sentence_of(record: Json) -> Sentence:
    return Sentence(
        Span(*record["span"]),
        tuple(Token(Span(start, end), tuple(words)) for start, end, *words in record["tokens"]),
        tuple(Mention(Span(start, end), tag) for start, end, tag in record["mentions"]),
    )


def pack(value: Json | list[Any]) -> bytes:
    """A record as compressed JSON."""
    return zlib.compress(dump(value).encode("utf-8", "surrogatepass"), level=3)


def unpack(record: bytes) -> Any:
    """The value that :func:`pack` packed.

    Raises:
        ValueError, zlib.error: the record is damaged.

    """
    return json.loads(zlib.decompress(record))
