"""Small documents made by hand, so that linking and relating are tested without a model."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from kg.language.sentences import sentences_of as paragraphs_of
from kg.link import link
from kg.model import Article, Claim, Document, Entity, Mention, Reading, Sentence, Token
from kg.relate import relate
from kg.span import Span

_SENTENCE = re.compile(r"[^.؟!]+[.؟!]?")


def document(
    text: str,
    *,
    name: str = "a",
    published: str | None = None,
    people: Sequence[str] = (),
    bodies: Sequence[str] = (),
    places: Sequence[str] = (),
) -> Document:
    """A document whose sentences end at full stops and lines, with these names as Stanza's mentions."""
    sentences = []
    for paragraph in paragraphs_of(text):
        for found in _SENTENCE.finditer(text, paragraph.start, paragraph.end):
            tokens = tuple(
                Token(Span(t.start(), t.end()), (t.group(),)) for t in re.finditer(r"\w+|[^\w\s]", found.group())
            )
            if not tokens:
                continue
            start = found.start()
            moved = tuple(Token(Span(t.span.start + start, t.span.end + start), t.words) for t in tokens)
            span = Span(moved[0].span.start, moved[-1].span.end)
            tagged = (("PER", people), ("ORG", bodies), ("LOC", places))
            mentions = [mention for tag, names in tagged for mention in _mentions(text, span, names, tag)]
            sentences.append(Sentence(span, moved, tuple(mentions)))
    day = datetime.date.fromisoformat(published) if published else None
    return Document(Article(id=name, text=text, published=day), tuple(sentences), "by hand")


def _mentions(text: str, area: Span, names: Sequence[str], tag: str) -> list[Mention]:
    return [
        Mention(Span(found.start(), found.end()), tag)
        for name in names
        for found in re.finditer(re.escape(name), text)
        if Span(found.start(), found.end()).inside(area)
    ]


def reading(text: str, *, published: str | None = None, people: Sequence[str] = ()) -> Reading:
    """A linked document."""
    return link(document(text, published=published, people=people))


def claims(text: str, *, published: str | None = None, people: Sequence[str] = ()) -> tuple[Claim, ...]:
    """The claims of a text."""
    return relate(reading(text, published=published, people=people))


def told(claim: Claim) -> str:
    """A claim as one line: who, relation, whom, and what is not plain about it."""
    target = claim.object.id if isinstance(claim.object, Entity) else claim.object.value
    notes = [
        "not" if claim.polarity == "negative" else "",
        claim.modality.value if claim.modality != "actual" else "",
        f"says {claim.says.id}" if claim.says else "",
        f"as {claim.role}" if claim.role else "",
    ]
    return " | ".join([f"{claim.subject.id} {claim.predicate.value} {target}", *filter(None, notes)])
