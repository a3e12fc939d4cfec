"""What the script of the page reads: one JSON object, of a whole graph or of a part that a server hands out.

| key | what |
|---|---|
| ``nodes`` | pyvis nodes: ``id``, ``group`` (the kind), ``names``, ``en``, ``known``, ``size``; ``x``, ``y`` of the first |
| ``edges`` | pyvis edges: ``from``, ``p`` (the predicate), ``to``, ``sources`` (independent ones), ``claims`` |
| | ``contradicts``, if any: the ids of relations that cannot be true together with it |
| ``dates`` | what is said of when talks were held: ``from``, ``p``, ``value``, ``sources``, ``claims`` |
| ``rounds`` | first and last day of the rounds of the known calendar, ``2017-07-04/2017-07-05`` |
| ``articles`` | title, outlet, day of publication and address of each article |
| ``texts`` | the sentences; a claim has the number of its own, and where in it the evidence begins and ends |

A claim is a list in the order of :data:`CLAIM`. The nodes stand in the order of :func:`kg.page.relations.by_weight`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kg.facts import Sources
from kg.knowledge import knowledge_base
from kg.model import Article, Claim
from kg.page import plain
from kg.page.drawing import conflict, network
from kg.page.relations import Relation, by_weight, entities_of, relations_of

CLAIM = (
    "id", "s", "polarity", "modality", "says", "when", "basis", "role", "rule", "confidence", "article", "text", "start",
    "end",
)  # fmt: skip
"""The fields of a claim, in their order; ``s`` is the id of the subject, as a symmetric relation may be told from either side."""


def part(claims: Sequence[Claim], articles: Sequence[Article], sources: Sources | None = None) -> dict[str, Any]:
    """The object above, of these claims; the same claims and articles, in any order, give the same.

    ``sources`` tells which articles are copies, if it is known already.
    """
    claims = sorted(claims, key=lambda claim: (claim.article, claim.evidence.span, claim.id, claim.rule))
    known = {article.id: article for article in articles}
    entities, relations = entities_of(claims), relations_of(claims, known, sources)
    texts: dict[str, int] = {}
    told = {relation.id: [_claim(c, known.get(c.article), texts) for c in relation.claims] for relation in relations}
    order = by_weight(entities, relations)
    made = network(order, entities, [relation for relation in relations if not relation.dated], told)
    nodes, edges, *_ = made.get_network_data()
    return {
        "nodes": nodes,
        "edges": edges,
        "dates": [_date(relation, told[relation.id]) for relation in relations if relation.dated],
        "rounds": _rounds(entities),
        "articles": {plain.line(c): _article(known[c]) for c in sorted({c.article for c in claims} & known.keys())},
        "texts": list(texts),
        "options": made.options,
    }


def _date(relation: Relation, claims: Any) -> dict[str, Any]:
    return {"id": relation.id, "from": relation.subject, "p": relation.predicate.value, "value": relation.object,
            "sources": relation.sources, "claims": claims, **conflict(relation)}  # fmt: skip


def _rounds(entities: Mapping[str, Any]) -> dict[str, str]:
    """When the rounds of the graph were held, as far as the known calendar has them."""
    events = (event for event in knowledge_base().events if event.track and event.entity.id in entities)
    return {event.entity.id: event.period.value for event in events}


def _claim(claim: Claim, article: Article | None, texts: dict[str, int]) -> list[Any]:
    parts = plain.excerpt(article.text, claim.evidence.span) if article else ("", claim.evidence.text, "")
    if parts[1] != claim.evidence.text:
        parts = ("", claim.evidence.text, "")
    before, mark, after = map(plain.plain, parts)
    number = texts.setdefault(before + mark + after, len(texts))
    when, basis = (claim.date.period.value, claim.date.basis.value) if claim.date else (None, None)
    return [
        claim.id, claim.subject.id, claim.polarity.value, claim.modality.value, claim.says.id if claim.says else None,
        when, basis, plain.line(claim.role), plain.line(claim.rule), round(claim.confidence, 2),
        plain.line(claim.article), number, len(before), len(before) + len(mark),
    ]  # fmt: skip


def _article(article: Article) -> list[str]:
    """Title, outlet, day and address; the address only if it is one of the web."""
    web = re.match(r"https?://[^\s]+$", article.url, re.IGNORECASE)
    published = article.published.isoformat() if article.published else ""
    return [plain.line(article.title), plain.line(article.outlet), published, plain.plain(article.url) if web else ""]
