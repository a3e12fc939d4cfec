"""What each page is made of, read from the graph by a worker. Every function gives what travels as JSON."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence

from kg.merge import ENTITIES
from kg.rdf import PREFIXES, short, term
from kg.serve import reading, search
from kg.serve.library import ARTICLE, CLAIM, ENTITY, Library, UnknownError, iri_of, text
from kg.serve.reading import PER_PAGE, Json
from kg.vocabulary import Kind, Predicate

ON_THE_FRONT = 12
"""Entities of each group on the first page."""

_ABOUT = "GRAPH ?article {{ ?claim rdf:subject|rdf:object <{0}> ; a st:Claim }}"
_MENTIONS = "GRAPH ?article {{ ?claim rdf:subject|rdf:object|st:statedBy <{0}> ; a st:Claim }}"


def home(library: Library) -> Json:
    """How large the graph is, its rounds, and whom most claims are about."""
    kinds = library.rows(f"SELECT ?kind (COUNT(*) AS ?n) {{ GRAPH <{ENTITIES}> {{ ?e a ?kind }} }} GROUP BY ?kind")
    counted = {reading.local(text(row["kind"])): int(text(row["n"])) for row in kinds}
    return {
        "kinds": {kind.value: counted[kind.value] for kind in Kind if kind.value in counted},
        "articles": library.count("GRAPH ?g { ?a a st:Article }"),
        "claims": library.count("GRAPH ?g { ?c a st:Claim }"),
        "rounds": _frequent(library, (Kind.ROUND,)),
        "actors": _frequent(library, [kind for kind in Kind if kind not in (Kind.ROUND, Kind.PLACE, Kind.STATE)]),
    }


def listing(library: Library, kind: str, page: int) -> Json:
    """The entities of one kind in the order of their ids, some to a page."""
    if kind not in {known.value for known in Kind}:
        raise UnknownError(f"there is no kind {kind!r}; there are {', '.join(Kind)}")
    pattern = f"GRAPH <{ENTITIES}> {{ ?e a st:{kind} }}"
    rows = library.rows(f"SELECT ?e {{ {pattern} }} ORDER BY ?e LIMIT {PER_PAGE} OFFSET {(page - 1) * PER_PAGE}")
    found = reading.cards(library, (text(row["e"]) for row in rows))
    return {"kind": kind, "entities": list(found.values()), **reading.pages(library.count(pattern), page)}


def articles(library: Library, page: int) -> Json:
    """The articles, the newest first, those without a date last."""
    pattern = "GRAPH ?article { ?article a st:Article }"
    rows = library.rows(
        f"SELECT ?article {{ {pattern} OPTIONAL {{ GRAPH ?article {{ ?article dcterms:issued ?issued }} }} }} "
        f"ORDER BY DESC(?issued) ?article LIMIT {PER_PAGE} OFFSET {(page - 1) * PER_PAGE}"
    )
    found = _articles(library, [text(row["article"]) for row in rows])
    return {"articles": list(found.values()), **reading.pages(library.count(pattern), page)}


def entity(library: Library, slug: str, predicate: str, page: int) -> Json:
    """An entity with its names, its relations in short, and the claims about it, some to a page."""
    iri = iri_of(ENTITY, slug)
    card = reading.known(library, iri)
    if predicate and predicate not in {known.value for known in Predicate}:
        raise UnknownError(f"there is no relation {predicate!r}; there are {', '.join(Predicate)}")
    relations = _relations(library, iri)
    names = library.rows(f"SELECT ?n {{ GRAPH <{ENTITIES}> {{ <{iri}> skos:prefLabel|skos:altLabel ?n }} }}")
    same = library.rows(f"SELECT ?same {{ GRAPH <{ENTITIES}> {{ <{iri}> skos:exactMatch ?same }} }}")
    counts = _counts(library, iri)
    total = counts[predicate] if predicate else counts.total()
    pattern = _MENTIONS.format(iri) + (
        f" GRAPH ?article {{ ?claim rdf:predicate st:{predicate} }}" if predicate else ""
    )
    found = reading.claims(library, pattern, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return {
        "iri": iri,
        "slug": slug,
        "card": card,
        "names": [text(row["n"]) for row in names],
        "same": [text(row["same"]) for row in same],
        "relations": relations,
        "counts": dict(sorted(counts.items())),
        "predicate": predicate,
        "claims": found,
        **reading.pages(total, page),
    }


def claim(library: Library, slug: str) -> Json:
    """One claim with everything that is known about it, and the other claims of the same thing."""
    iri = iri_of(CLAIM, slug)
    found = reading.claims(library, f"VALUES ?claim {{ <{iri}> }} GRAPH ?article {{ ?claim a st:Claim }}")
    if not found:
        raise UnknownError(f"there is no claim {iri}")
    rows = library.rows(
        f"SELECT ?p ?o {{ GRAPH ?g {{ {{ <{iri}> ?p ?o }} UNION {{ <{iri}> oa:hasSelector ?e . ?e ?p ?o }} }} }}"
    )
    known = {short(text(row["p"])): text(row["o"]) for row in rows}
    same = f"GRAPH ?article {{ ?claim st:proposition <{known['st:proposition']}> }} FILTER (?claim != <{iri}>)"
    shown = ("st:rule", "st:confidence", "st:basis", "oa:start", "oa:end")
    others = reading.claims(library, same, limit=PER_PAGE)
    return {"iri": iri, "claim": found[0], "others": others} | {n.partition(":")[2]: known.get(n, "") for n in shown}


def article(library: Library, slug: str) -> Json:
    """One article: what is known about it, its text with the evidence marked, and its claims."""
    iri = iri_of(ARTICLE, slug)
    about = reading.properties(library, [(iri, iri)])[iri]
    if not about:
        raise UnknownError(f"there is no article {iri}")
    found = reading.claims(library, f"BIND (<{iri}> AS ?article) GRAPH ?article {{ ?claim a st:Claim }}")
    url = about.get("schema:url")
    return {
        "iri": iri,
        "card": reading.article_card(iri, about),
        "url": url if isinstance(url, str) else "",
        "text": _marked(library, iri),
        "claims": found,
    }


def find(library: Library, words: str, page: int) -> Json:
    """The entities whose names, and the sentences, in which every word of the search is the beginning of a word."""
    offset = (page - 1) * PER_PAGE
    names, _ = search.find(library.index, words, search.NAME, limit=4 * PER_PAGE)
    sentences, total = search.find(library.index, words, search.SENTENCE, limit=PER_PAGE, offset=offset)
    iris = list(dict.fromkeys(hit.iri for hit in names))[:PER_PAGE]
    known = reading.cards(library, iris)
    sources = _articles(library, [hit.iri for hit in sentences])
    return {
        "sought": words,
        "entities": [known[iri] for iri in iris] if page == 1 else [],
        "sentences": [{"text": hit.text, "start": hit.start, "article": sources[hit.iri]} for hit in sentences],
        **reading.pages(total, page),
    }


def vocabulary(library: Library) -> Json:
    """What the editor completes: prefixes, and the properties and classes that the graph uses, with their numbers."""
    properties = library.rows("SELECT ?t (COUNT(*) AS ?n) { ?s ?t ?o } GROUP BY ?t ORDER BY DESC(?n) LIMIT 500")
    classes = library.rows("SELECT ?t (COUNT(*) AS ?n) { ?s a ?t } GROUP BY ?t ORDER BY DESC(?n) LIMIT 500")
    relations = {term(f"st:{name}") for name in Predicate}
    used = {text(row["t"]) for row in properties}
    return {
        "prefixes": dict(PREFIXES),
        "properties": [text(row["t"]) for row in properties] + sorted(relations - used),
        "classes": [text(row["t"]) for row in classes],
    }


def _frequent(library: Library, kinds: Sequence[Kind]) -> list[Json]:
    """The entities of these kinds that most claims are about."""
    values = " ".join(f"st:{kind.value}" for kind in kinds)
    rows = library.rows(
        f"SELECT ?e (COUNT(DISTINCT ?claim) AS ?n) {{ VALUES ?kind {{ {values} }} GRAPH <{ENTITIES}> {{ ?e a ?kind }} "
        f"GRAPH ?g {{ ?claim rdf:subject|rdf:object ?e ; a st:Claim }} }} GROUP BY ?e ORDER BY DESC(?n) ?e LIMIT {ON_THE_FRONT}"
    )
    known = reading.cards(library, (text(row["e"]) for row in rows))
    return [known[text(row["e"])] | {"claims": int(text(row["n"]))} for row in rows]


def _counts(library: Library, iri: str) -> Counter[str]:
    """How many claims mention an entity, by relation."""
    rows = library.rows(
        f"SELECT ?p (COUNT(DISTINCT ?claim) AS ?n) {{ {_MENTIONS.format(iri)} GRAPH ?article {{ ?claim rdf:predicate ?p }} }} "
        "GROUP BY ?p"
    )
    return Counter({reading.local(text(row["p"])): int(text(row["n"])) for row in rows})


def _relations(library: Library, iri: str) -> list[Json]:
    """What an entity is joined to, once for each relation and direction, with how it is told and how often."""
    rows = library.rows(
        "SELECT ?s ?p ?o ?until ?polarity ?modality (COUNT(DISTINCT ?claim) AS ?n) { " + _ABOUT.format(iri) +
        " GRAPH ?article { ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; st:polarity ?polarity ; "
        "st:modality ?modality OPTIONAL { ?claim st:objectUntil ?until } } } "
        "GROUP BY ?s ?p ?o ?until ?polarity ?modality ORDER BY ?p ?o ?s ?polarity ?modality"
    )  # fmt: skip
    known = reading.cards(library, (text(row[end]) for row in rows for end in ("s", "o")))
    merged: dict[tuple[str, str, str], Json] = {}
    for row in rows:
        subject, target = text(row["s"]), reading.period(row, "o", "until")
        outgoing = subject == iri
        other = known.get(target if outgoing else subject) or {"date": target}
        key = (reading.local(text(row["p"])), subject, target)
        found = merged.setdefault(
            key,
            {
                "predicate": key[0],
                "outgoing": outgoing,
                "other": other,
                "told": [],
            },
        )
        found["told"].append([text(row["polarity"]), text(row["modality"]), int(text(row["n"]))])
    return list(merged.values())


def _marked(library: Library, iri: str) -> list[Json]:
    """The text of an article in pieces, each with the claims that rest on it, and whether a sentence begins with it."""
    whole = search.text_of(library.index, iri)
    sentences = search.sentences_of(library.index, iri)
    rows = library.rows(
        f"SELECT ?claim ?start ?end ?exact {{ GRAPH <{iri}> {{ ?claim oa:hasSelector ?e . ?e oa:start ?start ; oa:end ?end ; "
        "oa:exact ?exact } } ORDER BY ?start ?claim"
    )
    spans = [(text(row["claim"]), int(text(row["start"])), int(text(row["end"])), text(row["exact"])) for row in rows]
    spans = [span for span in spans if whole[span[1] : span[2]] == span[3]]
    starts = {start for start, _ in sentences}
    cuts = sorted({0, len(whole), *starts, *(cut for _, start, end, _ in spans for cut in (start, end))})
    return [
        {
            "text": whole[a:b],
            "start": a if a in starts else None,
            "claims": [reading.path(c) for c, start, end, _ in spans if start <= a and b <= end],
        }
        for a, b in itertools.pairwise(cuts)
    ]


def _articles(library: Library, iris: Sequence[str]) -> dict[str, Json]:
    """Each article as it is named beside a sentence, by IRI."""
    about = reading.properties(library, [(iri, iri) for iri in iris])
    return {iri: reading.article_card(iri, about[iri]) for iri in iris}
