"""Entities, claims and articles as the pages show them: plain values that travel as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kg.ids import BASE
from kg.merge import ENTITIES
from kg.rdf import ONTOLOGY, Literal, Term, short
from kg.serve import search
from kg.serve.library import ARTICLE, CLAIM, ENTITY, Library, UnknownError, text

Json = dict[str, Any]
Properties = dict[str, Term]

PER_PAGE = 50
"""Claims, entities or hits on one page."""

_WHICH = """
SELECT DISTINCT ?claim ?article ?p ?issued ?start {{
  {{ {0} }}
  GRAPH ?article {{
    ?claim rdf:predicate ?p ; oa:hasSelector ?evidence . ?evidence oa:start ?start .
    OPTIONAL {{ ?article dcterms:issued ?issued }}
  }}
}} ORDER BY {3} ?article ?start ?claim LIMIT {1} OFFSET {2}
"""
_PROPERTIES = "SELECT ?node ?p ?o {{ VALUES (?node ?article) {{ {0} }} GRAPH ?article {{ ?node ?p ?o }} }}"
_EVIDENCE = """
SELECT ?claim ?node {{ VALUES (?claim ?article) {{ {0} }} GRAPH ?article {{ ?claim oa:hasSelector ?node }} }}
"""
BY_RELATION, NEWEST = "?p DESC(?issued)", "DESC(?issued)"
"""Orders of claims; within an article they stand as in its text."""
ALL = 1_000_000
"""More claims than there are."""


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


def known(library: Library, iri: str) -> Json:
    """The card of an entity that is in the graph.

    Raises:
        UnknownError: it is not.

    """
    if not library.count(f"GRAPH <{ENTITIES}> {{ <{iri}> a ?kind }}"):
        raise UnknownError(f"there is nothing in this graph about {iri}")
    return cards(library, [iri])[iri]


def claims(library: Library, pattern: str, *, limit: int = ALL, offset: int = 0) -> list[Json]:
    """The claims that a graph pattern binds as ``?claim`` in the graph ``?article``, with all that a reader needs.

    They come by relation, then the newest first.
    """
    found = described(library, pattern, BY_RELATION, limit=limit, offset=offset)
    ends = cards(library, {text(value) for _, _, said, _ in found for value in said.values()})
    return [_claim(library, claim, article, said, about, ends) for claim, article, said, about in found]


def described(
    library: Library, pattern: str, order: str, *, limit: int, offset: int = 0
) -> list[tuple[str, str, Properties, Properties]]:
    """Of each such claim its IRI, that of its article, what is said of it and its evidence, and of the article.

    Plain look-ups by node follow the choice of claims: the engine answers them twenty times as fast as one query with
    optional parts.
    """
    rows = library.rows(_WHICH.format(pattern, limit, offset, order))
    chosen = [(text(row["claim"]), text(row["article"])) for row in rows]
    evidence = {text(row["claim"]): text(row["node"]) for row in library.rows(_EVIDENCE.format(_pairs(chosen)))}
    articles = {article for _, article in chosen}
    nodes = properties(library, [*chosen, *((evidence[c], a) for c, a in chosen), *((a, a) for a in sorted(articles))])
    return [(claim, article, nodes[claim] | nodes[evidence[claim]], nodes[article]) for claim, article in chosen]


def properties(library: Library, nodes: Sequence[tuple[str, str]]) -> dict[str, Properties]:
    """What is said of each node in a graph, by the prefixed names of the properties; each has at most one value."""
    found: dict[str, Properties] = {node: {} for node, _ in nodes}
    for row in library.rows(_PROPERTIES.format(_pairs(nodes))):
        found[text(row["node"])][short(text(row["p"]))] = row["o"]
    return found


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"(<{first}> <{second}>)" for first, second in pairs)


def pages(total: int, page: int) -> Json:
    """Which page this is, and which there are."""
    return {"total": total, "page": page, "last": max(1, -(-total // PER_PAGE))}


def period(row: dict[str, Term], first: str, last: str) -> str:
    """A date, or an interval as ``2017-07-04/2017-07-05``."""
    return "/".join(filter(None, (text(row.get(first)), text(row.get(last)))))


def _with_a_name(iri: str, card: Json) -> Json:
    fallback = iri.rpartition("/")[2]
    return card | {"ar": card["ar"] or card["en"] or fallback, "en": card["en"] or card["ar"] or fallback}


def _claim(
    library: Library, claim: str, article: str, said: Properties, about: Properties, known: dict[str, Json]
) -> Json:
    target = text(said["rdf:object"])
    start, end = int(text(said["oa:start"])), int(text(said["oa:end"]))
    return {
        "path": path(claim),
        "subject": known[text(said["rdf:subject"])],
        "predicate": local(text(said["rdf:predicate"])),
        "object": known.get(target) or {"date": period(said, "rdf:object", "st:objectUntil")},
        "polarity": text(said["st:polarity"]),
        "modality": text(said["st:modality"]),
        "says": known.get(text(said.get("st:statedBy"))),
        "date": period(said, "st:eventDate", "st:eventUntil"),
        "role": text(said.get("st:role")),
        "quote": quote(library, article, text(said["oa:exact"]), start, end),
        "article": article_card(article, about),
    }


def article_card(iri: str, about: Properties) -> Json:
    """An article as it is named beside a claim."""
    return {
        "path": path(iri),
        "title": text(about.get("dcterms:title")) or iri.rpartition("/")[2],
        "outlet": text(about.get("st:outlet")),
        "issued": text(about.get("dcterms:issued")),
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
