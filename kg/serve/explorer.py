"""What the explorer's page has when it opens, and what it asks for later: views like those of :mod:`kg.serve.views`."""

from __future__ import annotations

from kg.serve import reading, search, stored
from kg.serve.library import ENTITY, Library, iri_of, text
from kg.serve.reading import Json

FIRST = 200
"""Entities whose claims the explorer's page has when it opens; it asks for the others."""
NAMESAKES = 12
"""Entities of one name that it gets at once."""
FIRST_CLAIMS = 3_000
MOST_CLAIMS = 500
"""Claims that it has when it opens, and that it gets at once later: the newest."""

_MENTIONS = "GRAPH ?article {{ ?claim rdf:subject|rdf:object|st:statedBy <{0}> ; a st:Claim }}"


def first(library: Library) -> Json:
    """What the entities that most claims are about are told to have done, for the explorer's page as it opens."""
    rows = library.rows(
        "SELECT ?e (COUNT(*) AS ?n) { GRAPH ?a { ?claim a st:Claim ; rdf:subject|rdf:object ?e } FILTER (isIRI(?e)) } "
        f"GROUP BY ?e ORDER BY DESC(?n) ?e LIMIT {FIRST}"
    )
    values = " ".join(f"<{text(row['e'])}>" for row in rows)
    pattern = f"VALUES ?s {{ {values} }} GRAPH ?article {{ ?claim rdf:subject ?s ; a st:Claim }}"
    return stored.read(library, pattern, FIRST_CLAIMS)


def near(library: Library, slug: str) -> Json:
    """The claims about an entity, for the explorer's page."""
    iri = iri_of(ENTITY, slug)
    reading.known(library, iri)
    return stored.read(library, _MENTIONS.format(iri), MOST_CLAIMS)


def named(library: Library, words: str) -> Json:
    """Claims about the entities that have such a name, for the explorer's page."""
    hits, _ = search.find(library.index, words, search.NAME, limit=NAMESAKES * 4)
    values = " ".join(f"<{iri}>" for iri in list(dict.fromkeys(hit.iri for hit in hits))[:NAMESAKES])
    pattern = f"VALUES ?e {{ {values} }} GRAPH ?article {{ ?claim rdf:subject|rdf:object ?e ; a st:Claim }}"
    return stored.read(library, pattern, MOST_CLAIMS)
