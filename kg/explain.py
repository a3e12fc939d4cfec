"""From an edge, a claim or an entity back to the sentence: what was said where, which rule found it, how names were linked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.contents import Contents, read_contents
from kg.errors import QueryError
from kg.facts import Fact, facts
from kg.folder import GraphFolder
from kg.identity import Merge
from kg.ids import BASE, iri
from kg.language.dates import Period
from kg.link import link
from kg.model import Claim, Document, Entity
from kg.naming import proposition_key
from kg.records import Json, claim_record, entity_record
from kg.span import Span
from kg.vocabulary import SIGNATURES, Predicate

OPEN, CLOSE = "\u27e6", "\u27e7"
"""What stands before and after the words that carry a claim."""

_HASH = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class Graph:
    """What explanations are made of: the claims and articles, the facts made of them, and how each was annotated."""

    folder: GraphFolder
    contents: Contents
    facts: dict[str, Fact]

    @classmethod
    def of(cls, folder: GraphFolder) -> Graph:
        """The graph in a folder.

        Raises:
            GraphError: there is none, or it is damaged.

        """
        folder.require()
        contents = read_contents(folder)
        return cls(folder, contents, {fact.key: fact for fact in facts(contents.claims, contents.sources)})

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims, entities merged."""
        return self.contents.claims

    @property
    def merges(self) -> tuple[Merge, ...]:
        """What was merged or proposed."""
        return self.contents.unified.merges

    @property
    def replaced(self) -> Mapping[str, str]:
        """For each entity merged away the one that it became."""
        return self.contents.unified.replaced


def explain(words: Sequence[str], graph: Graph) -> Json:
    """What stands behind a claim (its id), an edge (subject, relation and object) or an entity (its id).

    Ids may be written with ``id:`` or as the IRIs of the graph.

    Raises:
        QueryError: there is no such thing in the graph.

    """
    if len(words) == 3:
        return _edge(_edge_of(words, graph), graph)
    if len(words) != 1:
        raise QueryError("name one claim or entity by its id, or an edge by subject, relation and object")
    name = local_id(words[0])
    if _HASH.fullmatch(name):
        return _by_hash(name, graph)
    return _entity(name, graph)


def to_text(explained: Json) -> str:
    """An explanation for people."""
    return "\n".join(_lines(explained)) + "\n"


def _by_hash(name: str, graph: Graph) -> Json:
    claim = next((claim for claim in graph.claims if claim.id == name), None)
    if claim:
        return {"claim": _claim(claim, graph), "edge": _fact(graph.facts[proposition_key(claim)])}
    if name in graph.facts:
        return _edge(graph.facts[name], graph)
    raise QueryError(f"no claim or proposition {name} in the graph; kg claims and kg query show their ids")


def _edge_of(words: Sequence[str], graph: Graph) -> Fact:
    subject, relation, target = map(local_id, words)
    if relation not in set(Predicate):
        raise QueryError(f"there is no relation {relation!r}; there are {', '.join(Predicate)}")
    ends = [graph.replaced.get(subject, subject), graph.replaced.get(target, target)]
    wanted = [ends, ends[::-1]] if SIGNATURES[Predicate(relation)].symmetric else [ends]
    for fact in graph.facts.values():
        if fact.predicate == relation and [fact.subject.id, _end(fact.object)] in wanted:
            return fact
    raise QueryError(f"no article says or denies: {subject} {relation} {target}")


def _edge(fact: Fact, graph: Graph) -> Json:
    said = [claim for claim in graph.claims if proposition_key(claim) == fact.key]
    return {"edge": _fact(fact), "claims": [_claim(claim, graph) for claim in said]}


def _entity(name: str, graph: Graph) -> Json:
    current = graph.replaced.get(name, name)
    mentions = [claim for claim in graph.claims if current in _ids(claim)]
    entity = next((end for claim in mentions for end in _entities(claim) if end.id == current), None)
    if entity is None:
        raise QueryError(f"no entity {name!r} in the graph")
    return {
        "entity": entity_record(entity) | {"known": entity.known},
        "merges": [_merge(merge) for merge in graph.merges if current in (merge.entity, merge.into)],
        "claims": [_claim(claim, graph) for claim in mentions],
    }


def _fact(fact: Fact) -> Json:
    return {
        "id": fact.key, "subject": fact.subject.id, "predicate": fact.predicate.value, "object": _end(fact.object),
        "asserted": fact.asserted, "why": _why(fact), "independent_sources": fact.sources, "denials": fact.denials,
        "articles": list(fact.articles), "outlets": list(fact.outlets), "disputed": fact.disputed,
        "first_reported": fact.first and fact.first.isoformat(), "last_reported": fact.last and fact.last.isoformat(),
    }  # fmt: skip


def _why(fact: Fact) -> str:
    """Why it is an edge, or not."""
    if not fact.sources:
        return "no edge: nobody tells it as a fact (it is denied, planned, or one possibility)"
    if not fact.asserted:
        return "no edge: only a speaker says so, and for this relation one speaker's word is not enough"
    return "an edge: told as a fact"


def _claim(claim: Claim, graph: Graph) -> Json:
    document = graph.folder.document(claim.article)
    article = document.article
    return {
        "id": claim.id, "iri": f"{BASE}claim/{claim.id}", **claim_record(claim),
        "sentence": _marked(claim, document), "links": list(_links(claim, document, graph)), "model": document.model,
        "source": {
            "title": article.title, "outlet": article.outlet, "url": article.url,
            "published": article.published.isoformat() if article.published else None,
        },
    }  # fmt: skip


def _marked(claim: Claim, document: Document) -> str:
    """The sentence of a claim, the words that carry it between :data:`OPEN` and :data:`CLOSE`."""
    span, text = claim.evidence.span, document.article.text
    area = _sentence(span, document)
    before, after = text[area.start : span.start], text[span.end : area.end]
    return " ".join(f"{before}{OPEN}{span.of(text)}{CLOSE}{after}".split())


def _sentence(span: Span, document: Document) -> Span:
    """The sentence around a span, or all sentences that it touches."""
    touched = [s.span for s in document.sentences if s.span.start < span.end and span.start < s.span.end]
    return Span(min([span.start, *(s.start for s in touched)]), max([span.end, *(s.end for s in touched)]))


def _links(claim: Claim, document: Document, graph: Graph) -> Iterator[Json]:
    """How the names in the sentence became the ends of the claim."""
    area = _sentence(claim.evidence.span, document)
    for found in link(document).links:
        entity = next((e for e in found.entities if graph.replaced.get(e.id, e.id) in _ids(claim)), None)
        if entity and found.span.inside(area):
            yield {"text": found.span.of(document.article.text), "entity": entity.id, "reason": found.reason}


def _merge(merge: Merge) -> Json:
    return {
        "judgement": merge.judgement, "entity": merge.entity, "into": merge.into, "score": merge.score, "by": merge.by,
        "reasons": list(merge.reasons),
    }  # fmt: skip


def _entities(claim: Claim) -> list[Entity]:
    return [end for end in (claim.subject, claim.object, claim.says) if isinstance(end, Entity)]


def _ids(claim: Claim) -> set[str]:
    return {entity.id for entity in _entities(claim)}


def _end(end: Entity | Period) -> str:
    return end.value if isinstance(end, Period) else end.id


def local_id(word: str) -> str:
    """The id that a word names: as it is, with a prefix, or as an IRI."""
    for start in (iri(""), f"{BASE}claim/", f"{BASE}proposition/", f"{BASE}ontology#", "id:", "st:"):
        word = word.removeprefix(start)
    return word


# ---- for people


def _lines(explained: Json) -> Iterator[str]:
    if "entity" in explained:
        entity = explained["entity"]
        origin = "in a seed table" if entity["known"] else "in no seed table"
        yield f"entity {local_id(entity['id'])}: {entity['kind']}, {origin}"
        yield f"  names: {' | '.join(entity['names'])}"
        yield from (f"  {_merge_line(merge)}" for merge in explained["merges"])
    if "edge" in explained:
        yield from _edge_lines(explained["edge"])
    for claim in [explained["claim"]] if "claim" in explained else explained["claims"]:
        yield ""
        yield from _claim_lines(claim)


def _merge_line(merge: Json) -> str:
    word = "is one with" if merge["judgement"] == "same" else "may be one with"
    return f"{merge['entity']} {word} {merge['into']} ({merge['score']:.2f}, by {merge['by']}): {'; '.join(merge['reasons'])}"


def _edge_lines(edge: Json) -> Iterator[str]:
    yield f"{edge['subject']} {edge['predicate']} {edge['object']}  (proposition {edge['id']})"
    yield f"  {edge['why']}"
    yield f"  independent sources: {edge['independent_sources']}; denials: {edge['denials']}; articles: {len(edge['articles'])}"
    if edge["first_reported"]:
        outlets = ", ".join(edge["outlets"]) or "unnamed outlets"
        yield f"  reported from {edge['first_reported']} to {edge['last_reported']} by {outlets}"


def _claim_lines(claim: Json) -> Iterator[str]:
    source = claim["source"]
    target = claim["object"].get("date") or claim["object"]["names"][0]
    speaker = claim["says"]["names"][0] if claim["says"] else "the article itself"
    evidence = claim["evidence"]
    yield f"claim {claim['id']}: {claim['subject']['names'][0]} | {claim['predicate']} | {target}"
    yield f"  {claim['polarity']}, {claim['modality']}; said by {speaker}{_dated(claim['date'])}"
    yield f"  {claim['sentence']}"
    yield f"  characters {evidence['start']} to {evidence['end']} of article {claim['article']}{_listed(source)}"
    yield f"  rule {claim['rule']}, confidence {claim['confidence']}, model {claim['model']}"
    yield from (f"  «{found['text']}» is {found['entity']}: {found['reason']}" for found in claim["links"])


def _dated(date: Any) -> str:
    return f"; event date {date['value']} ({date['precision']}, from {date['basis']})" if date else ""


def _listed(source: Json) -> str:
    known: Iterable[str] = (source["title"], source["outlet"], source["published"] or "", source["url"])
    return "".join(f", {value}" for value in known if value)
