"""A sentence as the rules see it: words, and the linked groups among them, with the searches that slots are made of."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from kg.arabic import ARTICLE, WAW, without_article
from kg.cues import has_role
from kg.dates import MonthReference
from kg.model import DatedSpan, Entity, Link, Reading, Sentence, Span
from kg.vocabulary import Kind
from kg.words import QUOTES, Word, words_of

STOPS = frozenset(".؟?!؛;…")
COMMAS = frozenset("،,")
JOINERS = COMMAS | QUOTES | {"(", ")", "-", "–", "/", ":"}
LONGEST_GAP = 5
"""Words that may stand between two members of a list (titles, adjectives)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A link with the words it covers, ``first`` to ``last`` (exclusive)."""

    link: Link
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Group:
    """Links that are joined by *and* or commas, and act together."""

    members: tuple[Place, ...]

    @property
    def first(self) -> int:
        """Index of its first word."""
        return self.members[0].first

    @property
    def last(self) -> int:
        """Index behind its last word."""
        return self.members[-1].last

    def fitting(self, kinds: Collection[Kind]) -> tuple[Entity, ...]:
        """What its members stand for among these kinds; members that fit none are left out."""
        found = (place.link.fitting(kinds) for place in self.members)
        return tuple(dict.fromkeys(entity for entity in found if entity))


@dataclass(frozen=True)
class View:
    """One sentence of a reading."""

    text: str
    sentence: Sentence
    words: tuple[Word, ...]
    places: tuple[Place, ...]
    adjectives: dict[int, Entity]
    dates: tuple[DatedSpan, ...]
    topic: Entity | None
    today: datetime.date | None
    _by_word: dict[int, Place] = field(repr=False)

    @functools.cached_property
    def groups(self) -> tuple[Group, ...]:
        """The linked groups, left to right."""
        groups: list[list[Place]] = []
        for place in self.places:
            if groups and self._joined(groups[-1], place):
                groups[-1].append(place)
            else:
                groups.append([place])
        return tuple(Group(tuple(members)) for members in groups)

    def folded(self, at: int) -> str:
        """The folded word at an index; empty outside the sentence."""
        return self.words[at].folded if 0 <= at < len(self.words) else ""

    def is_role(self, at: int, role: str) -> bool:
        """Whether the word at an index is in a role of the table of cues."""
        return has_role(self.folded(at), role)

    def place_at(self, at: int) -> Place | None:
        """The link that covers a word."""
        return self._by_word.get(at)

    def group_of(self, place: Place) -> Group:
        """The group that a link belongs to."""
        return next(group for group in self.groups if place in group.members)

    def span(self, first: int, last: int) -> Span:
        """The text from one word to another (exclusive)."""
        return Span(self.words[first].span.start, self.words[last - 1].span.end)

    def clitic(self, place: Place) -> str:
        """The folded letters that are attached in front of a link's first word."""
        word = self.words[place.first]
        return word.folded[: place.link.span.start - word.span.start]

    def _joined(self, members: Sequence[Place], following: Place) -> bool:
        """Whether a link continues a list: by *wa* on it or before it, or by a comma in a list that has one later."""
        between = range(members[-1].last, following.first)
        if len(between) > LONGEST_GAP or any(self.folded(at) in STOPS for at in between):
            return False
        inner = [self.folded(at) for at in between if self.folded(at) not in JOINERS]
        plain = [word.removeprefix(WAW) if len(word) > 3 else word for word in inner]
        if not all(self._follows(word) for word in plain):
            return False
        joined = WAW in self.clitic(following) or inner[:1] == [WAW] or any(w.startswith(WAW) and len(w) > 3 for w in inner)
        comma = any(self.folded(at) in COMMAS for at in between)
        return joined or (comma and not inner and self._list_goes_on(following))

    def _follows(self, word: str) -> bool:
        """Whether a word may stand between members of a list: a title, a head noun, an adjective of nationality."""
        return word in ("", WAW) or has_role(word, "follower") or word.endswith(("ي", "يه")) and word.startswith(ARTICLE)

    def _list_goes_on(self, place: Place) -> bool:
        """Whether *wa* and another link of the list follow soon."""
        later = [p for p in self.places if place.last <= p.first <= place.last + LONGEST_GAP]
        return any(WAW in self.clitic(p) or self.folded(p.first - 1) == WAW for p in later[:3])


def views(reading: Reading) -> Iterator[View]:
    """The sentences of a reading, in order."""
    article = reading.document.article
    for sentence in reading.document.sentences:
        words = words_of(article.text, sentence.span)
        if not words:
            continue
        area = Span(words[0].span.start, words[-1].span.end)
        places = tuple(_places(words, [link for link in reading.links if link.span.inside(area)]))
        dates = tuple(dated for dated in reading.dates if dated.span.inside(area))
        by_word = {at: place for place in places for at in range(place.first, place.last)}
        starts = {link.span.start: link.entities[0] for link in reading.adjectives if link.span.inside(area)}
        adjectives = {at: starts[word.span.start] for at, word in enumerate(words) if word.span.start in starts}
        yield View(article.text, sentence, words, places, adjectives, dates, reading.topic, _today(reading), by_word)


def _today(reading: Reading) -> datetime.date | None:
    """The day on which the article was written, where that is known to the day."""
    return None if isinstance(reading.reference, MonthReference) else reading.reference


def _places(words: Sequence[Word], links: Sequence[Link]) -> Iterator[Place]:
    for link in links:
        inside = [at for at, word in enumerate(words) if word.span.overlaps(link.span)]
        if inside:
            yield Place(link, inside[0], inside[-1] + 1)


def plain(word: str) -> str:
    """A folded word without *wa* and without article, for comparing with closed classes."""
    return without_article(word.removeprefix(WAW) if len(word) > 3 else word)
