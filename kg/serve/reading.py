"""Entities, claims and articles as the pages show them: plain values that travel as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kg.ids import BASE
from kg.merge import ENTITIES
from kg.rdf import ONTOLOGY, Literal, Term
from kg.serve import search
from kg.serve.library import ARTICLE, CLAIM, ENTITY, Library, text

Json = dict[str, Any]

PER_PAGE = 50
"""Claims, entities or hits on one page."""

_CLAIM = """
SELECT ?claim ?s ?p ?o ?until ?polarity ?modality ?by ?date ?dateUntil ?role ?quote ?start ?end ?article ?title ?outlet ?issued {
  { %s }
  GRAPH ?article {
    ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; st:polarity ?polarity ; st:modality ?modality ;
      oa:hasSelector ?evidence .
    ?evidence oa:exact ?quote ; oa:start ?start ; oa:end ?end .
    OPTIONAL { ?claim st:objectUntil ?until }
    OPTIONAL { ?claim st:statedBy ?by }
    OPTIONAL { ?claim st:eventDate ?date }
    OPTIONAL { ?claim st:eventUntil ?dateUntil }
    OPTIONAL { ?claim st:role ?role }
    OPTIONAL { ?article dcterms:title ?title }
    OPTIONAL { ?article st:outlet ?outlet }
    OPTIONAL { ?article dcterms:issued ?issued }
  }
} ORDER BY ?p DESC(?issued) ?article ?start ?claim
"""


def path(iri: str) -> str:
    """The address on this server of what has this IRI; the IRI itself if it is elsewhere.

    >>> path("https://w3id.org/syria-talks/id/astana-5")
    '/id/astana-5'
    """
    return f"/{iri.removeprefix(BASE)}" if iri.startswith((ENTITY, ARTICLE, CLAIM)) else iri


def local(iri: str) -> str:
    """The last part of an IRI of the ontology: a term of the vocabulary."""
    return iri.removeprefix(ONTOLOGY)


def cards(library: Library, iris: Iterable[str]) -> dict[str, Json]:
    """Of each entity its address, kind and names in Arabic and English, by IRI."""
    wanted = sorted({iri for iri in iris if iri.startswith(ENTITY)})
    found = {iri: {"path": path(iri), "kind": "", "ar": "", "en": ""} for iri in wanted}
    values = " ".join(f"<{iri}>" for iri in wanted)
    rows = library.rows(
        f"SELECT ?e ?kind ?name {{ VALUES ?e {{ {values} }} GRAPH <{ENTITIES}> {{ ?e a ?kind ; skos:prefLabel ?name }} }}"
    )
    for row in rows:
        card, name = found[text(row["e"])], row["name"]
        card["kind"] = card["kind"] or local(text(row["kind"]))
        if isinstance(name, Literal) and name.language in ("ar", "en"):
            card[name.language] = name.value
    return {iri: _with_a_name(iri, card) for iri, card in found.items()}


def claims(library: Library, pattern: str, *, limit: int | None = None, offset: int = 0) -> list[Json]:
    """The claims that a graph pattern binds as ``?claim`` in the graph ``?article``, with all that a reader needs."""
    rows = library.rows(_CLAIM % pattern)[offset : None if limit is None else offset + limit]
    ends = {text(row[end]) for row in rows for end in ("s", "o", "by") if end in row}
    known = cards(library, ends)
    return [_claim(library, row, known) for row in rows]


def pages(total: int, page: int) -> Json:
    """Which page this is, and which there are."""
    return {"total": total, "page": page, "last": max(1, -(-total // PER_PAGE))}


def period(row: dict[str, Term], first: str, last: str) -> str:
    """A date, or an interval as ``2017-07-04/2017-07-05``."""
    return "/".join(filter(None, (text(row.get(first)), text(row.get(last)))))


def _with_a_name(iri: str, card: Json) -> Json:
    fallback = iri.rpartition("/")[2]
    return card | {"ar": card["ar"] or card["en"] or fallback, "en": card["en"] or card["ar"] or fallback}


def _claim(library: Library, row: dict[str, Term], known: dict[str, Json]) -> Json:
    target = text(row["o"])
    return {
        "path": path(text(row["claim"])),
        "subject": known[text(row["s"])],
        "predicate": local(text(row["p"])),
        "object": known.get(target) or {"date": period(row, "o", "until")},
        "polarity": text(row["polarity"]),
        "modality": text(row["modality"]),
        "says": known.get(text(row.get("by"))),
        "date": period(row, "date", "dateUntil"),
        "role": text(row.get("role")),
        "quote": quote(
            library, text(row["article"]), text(row["quote"]), int(text(row["start"])), int(text(row["end"]))
        ),
        "article": article_card(row),
    }


def article_card(row: dict[str, Term]) -> Json:
    """An article as it is named beside a claim."""
    iri = text(row["article"])
    return {
        "path": path(iri),
        "title": text(row.get("title")) or iri.rpartition("/")[2],
        "outlet": text(row.get("outlet")),
        "issued": text(row.get("issued")),
    }


def quote(library: Library, article: str, exact: str, start: int, end: int) -> list[str]:
    """The sentence around the evidence, in three parts: what stands before it, the evidence, what follows.

    The evidence stands alone where the article's text is not kept, or is not the one that it was taken from.
    """
    whole = search.text_of(library.index, article)
    if whole[start:end] != exact:
        return ["", exact, ""]
    first, last = _around(search.sentences_of(library.index, article), start, end)
    return [whole[first:start], exact, whole[end:last]]


def _around(sentences: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Where the sentences that a slice touches begin and end."""
    touched = [(first, last) for first, last in sentences if first < end and start < last]
    return min([start, *(first for first, _ in touched)]), max([end, *(last for _, last in touched)])
