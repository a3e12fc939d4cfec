"""The types between the stages. All are frozen; a stage makes new values and changes none.

    Article --annotate--> Document --link--> Reading --relate--> Claim --merge--> quads

Offsets are indices into ``Article.text``, 0-based, end exclusive, in Python characters.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from kg.ids import digest
from kg.language.dates import Basis, Period, ResolvedDate
from kg.span import Span
from kg.vocabulary import Kind, Predicate


class Polarity(StrEnum):
    """Whether the article affirms or denies the relation."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class Modality(StrEnum):
    """Whether it is told as a fact, as a plan, or as one possibility."""

    ACTUAL = "actual"
    PLANNED = "planned"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read. ``text`` is title, blank line, body, and never changes."""

    id: str
    text: str
    title: str = ""
    outlet: str = ""
    published: datetime.date | None = None
    url: str = ""

    @property
    def fingerprint(self) -> str:
        """A hash of all that the article says; equal fingerprints need no second annotation."""
        published = self.published.isoformat() if self.published else ""
        return digest(self.id, self.text, self.title, self.outlet, published, self.url, length=32)


class Token(NamedTuple):
    """A token and the syntactic words that it stands for (``ولم`` is two)."""

    span: Span
    words: tuple[str, ...]


class Mention(NamedTuple):
    """A name that Stanza found: ``tag`` is PER, LOC or ORG."""

    span: Span
    tag: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its tokens and the names in it."""

    span: Span
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """An article with its sentences, tokens and names. ``model`` tells which model found them."""

    article: Article
    sentences: tuple[Sentence, ...]
    model: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A node of the graph. ``names`` begins with the Arabic main name, then the English one.

    ``known`` is false for what is in no seed table. A meeting or round carries its place and date where known.
    """

    id: str
    kind: Kind
    names: tuple[str, ...] = field(compare=False)
    known: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of text with what it stands for, the likeliest first.

    ``موسكو`` is a place and, where it acts, a state; ``محادثات أستانا`` a track and, where one takes part, its round that
    the article is about. A relation takes the first that its predicate allows. ``reason`` is for people: which name
    matched, or what was inferred from what.
    """

    span: Span
    entities: tuple[Entity, ...]
    reason: str = field(compare=False)

    def fitting(self, kinds: Collection[Kind]) -> Entity | None:
        """The likeliest entity of one of these kinds."""
        return next((entity for entity in self.entities if entity.kind in kinds), None)


@dataclass(frozen=True, slots=True)
class DatedSpan:
    """A time expression with what it resolves to; ``date`` is None where the text leaves it open."""

    span: Span
    date: ResolvedDate | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A document with its names resolved, everything sorted by position.

    ``adjectives`` are words like ``الروسية`` outside any link, with the state they name; ``topic`` is the round that the
    article is mainly about; ``reference`` the day it calls today, resting on ``basis``. ``boilerplate`` is what the page shows
    beside the article: the sentences of ``document`` are those outside it, so that it gives no claims.
    """

    document: Document
    links: tuple[Link, ...]
    adjectives: tuple[Link, ...]
    dates: tuple[DatedSpan, ...]
    topic: Entity | None = None
    reference: datetime.date | None = None
    basis: Basis = Basis.PUBLISHED
    boilerplate: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The exact slice of the article that carries a claim."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """This article says this, here. The atom of the graph; nothing in it is ever averaged with another claim."""

    article: str
    subject: Entity
    predicate: Predicate
    object: Entity | Period
    polarity: Polarity
    modality: Modality
    evidence: Evidence
    rule: str
    confidence: float
    says: Entity | None = None
    date: ResolvedDate | None = None
    role: str = ""

    @property
    def id(self) -> str:
        """A hash of the meaning: who, what, whom, how, in which article, on which words. Not of rule or confidence."""
        target = self.object.value if isinstance(self.object, Period) else self.object.id
        span = self.evidence.span
        speaker = self.says.id if self.says else ""
        meaning = (self.article, self.subject.id, self.predicate, target, self.polarity, self.modality, speaker)
        return digest(*meaning, str(span.start), str(span.end))
