"""The linker: names, talks and dates of a document become entities and periods.

Names are looked up in the knowledge base over all words; Stanza's mentions decide where a short name is part of a longer,
different one, and give the new entities. Talks without a number are resolved by the calendar of rounds, dates by the day
of publication or, where that is unknown, by a day that the text itself determines.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.ids import new_slug
from kg.knowledge import KnowledgeBase, knowledge_base
from kg.language.arabic import CONJUNCTIONS, PREPOSITIONS, key, without_article
from kg.language.dates import Basis, MonthReference
from kg.language.inference import infer_reference
from kg.language.timex import find_times
from kg.language.words import words_of
from kg.link.dating import dated_spans
from kg.link.holders import HolderFinder, own_countries
from kg.link.names import NameFinder, NameHit
from kg.link.nearby import Line
from kg.link.occasions import Occasions, on_syria
from kg.model import Document, Entity, Link, Mention, Reading, Sentence
from kg.span import Span
from kg.vocabulary import PLACES, Kind

SAME_NAME = 0.6
"""Similarity (0 to 1, difflib) from which two given names before one family name are spellings of one name."""

NEW_KINDS = {"PER": Kind.PERSON, "ORG": Kind.ORGANIZATION, "LOC": Kind.PLACE}


def link(document: Document) -> Reading:
    """A document's names, talks and dates, resolved."""
    return _linker().link(document)


@functools.cache
def _linker() -> Linker:
    return Linker(knowledge_base())


class Linker:
    """Links documents to one knowledge base."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._names = NameFinder(base)
        self._holders = HolderFinder(base, self._names)
        self._occasions = Occasions(base)

    def link(self, document: Document) -> Reading:
        """A document's names, talks and dates, resolved."""
        article = document.article
        lines = on_syria([self._line(article.text, sentence) for sentence in document.sentences])
        times = find_times(article.text)
        numbered = self._occasions.named_rounds(lines, times)
        reference, basis = article.published, Basis.PUBLISHED
        if reference is None:
            reference, basis = infer_reference(times, numbered), Basis.INFERRED
        dates = dated_spans(article.text, [line.words for line in lines], times, reference, basis)
        names = [
            link
            for sentence, line in zip(document.sentences, lines, strict=True)
            for link in _name_links(article.text, self._without_descriptions(sentence, line), line.hits)
        ]
        today = None if isinstance(reference, MonthReference) else reference
        events, topic = self._occasions.link(lines, times, dates, today)
        people = list(_people(names))
        links = _without_overlaps([*events, *people, *self._offices(lines, people)])
        adjectives = tuple(link for line in lines for link in self._adjectives(line, links))
        return Reading(document, tuple(links), adjectives, dates, topic, reference, basis)

    def _without_descriptions(self, sentence: Sentence, line: Line) -> Sentence:
        """The sentence without mentions that end in an indefinite adjective of a state: ``جوي روسي`` is nobody's name."""
        ends = {
            word.span.end
            for word in line.words
            if without_article(word.folded) == word.folded and self._names.adjective(word)
        }
        kept = tuple(m for m in sentence.mentions if m.tag == "ORG" or m.span.end not in ends)
        return replace(sentence, mentions=kept)

    def _line(self, text: str, sentence: Sentence) -> Line:
        words = words_of(text, sentence.span)
        return self._occasions.line(words, self._names.find(words))

    def _offices(self, lines: Sequence[Line], people: Sequence[Link]) -> Iterator[Link]:
        """Links for the offices whose holder the article names, and for ``بلاده``."""
        persons = [link for link in people if link.entities[0].kind is Kind.PERSON]
        named = {link.entities[0] for link in persons}
        for line in lines:
            holders = list(self._holders.find(line.words, named, [link.span for link in persons]))
            yield from holders
            yield from own_countries(self._base, self._names, line.words, [*people, *holders])

    def _adjectives(self, line: Line, links: Sequence[Link]) -> Iterator[Link]:
        for word in line.words:
            state = self._names.adjective(word)
            if state and not any(link.span.overlaps(word.span) for link in links):
                yield Link(word.span, (state,), f"the adjective of {state.names[1]}")


def _name_links(text: str, sentence: Sentence, hits: Iterable[NameHit]) -> Iterator[Link]:
    """Known names, then Stanza's mentions that no known name explains."""
    covered: list[Span] = []
    for hit in hits:
        if not any(_is_other_name(mention, hit, text) for mention in sentence.mentions):
            covered.append(hit.span)
            yield Link(hit.span, hit.entities, f"the seed tables name it «{hit.name}»")
    for mention in sentence.mentions:
        span = _without_clitic(mention, sentence)
        if not any(span.overlaps(other) for other in covered) and _is_name(span.of(text)):
            yield _new(mention, span, text)


def _is_other_name(mention: Mention, hit: NameHit, text: str) -> bool:
    """Whether a known name is only part of a longer name of someone or something else.

    «الأسد» in «حافظ الأسد» is not Bashar, and «حلب» in «مركز حلب الإعلامي» is not where it happened.
    """
    kind = hit.entities[0].kind
    if not hit.span.inside(mention.span):
        return False
    if mention.tag == "ORG" and kind in PLACES:
        return mention.span.end > hit.span.end or " " in text[mention.span.start : hit.span.start]
    if mention.tag != "PER" or kind is not Kind.PERSON:
        return False
    before = key(text[mention.span.start : hit.span.start].rpartition(" ")[0]).split()
    if not before or len(hit.name.split()) > 1:
        return False
    given = {key(name).split()[0] for name in hit.entities[0].names if len(name.split()) > 1}
    return not any(_alike(before[-1], name) for name in given)


def _alike(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= SAME_NAME


def _new(mention: Mention, span: Span, text: str) -> Link:
    """A link to an entity that is in no table, named as the text names it."""
    name = " ".join(span.of(text).split()).strip("«»\"'“”()[]،.:-–")
    entity = Entity(new_slug(name), NEW_KINDS[mention.tag], (name,), known=False)
    return Link(span, (entity,), f"new: Stanza reads «{name}» as {mention.tag}, and no seed table has it")


def _is_name(text: str) -> bool:
    """Whether a text that Stanza took for a name can be one: at least two letters, no digits."""
    letters = sum(character.isalpha() for character in text)
    return letters > 1 and not any(character.isdigit() for character in text)


def _without_clitic(mention: Mention, sentence: Sentence) -> Span:
    """The span of a mention behind the conjunction or preposition that Stanza splits off its first token."""
    token = next((t for t in sentence.tokens if t.span.start == mention.span.start), None)
    attached = token is not None and len(token.words) > 1 and token.words[0] in CONJUNCTIONS | PREPOSITIONS
    return Span(mention.span.start + attached, mention.span.end)


def _people(links: Sequence[Link]) -> Iterator[Link]:
    """The links, with a bare family name resolved to the one person of that name in the article."""
    full = {link.entities[0] for link in links if link.entities[0].kind is Kind.PERSON}
    by_family: dict[str, set[Entity]] = {}
    for person in full:
        for name in person.names:
            words = key(name).split()
            if len(words) > 1:
                by_family.setdefault(words[-1], set()).add(person)
    for link in links:
        person = link.entities[0]
        found = by_family.get(key(person.names[0]), set()) - {person}
        if not person.known and person.kind is Kind.PERSON and len(found) == 1:
            (named,) = found
            yield Link(link.span, (named,), f"the family name of «{named.names[0]}», named in full in this article")
        else:
            yield link


def _without_overlaps(links: Iterable[Link]) -> list[Link]:
    """The links in order of position; of two that overlap, the one that came first in ``links`` stays."""
    kept: list[Link] = []
    covered: set[int] = set()
    for link in links:
        characters = range(link.span.start, link.span.end)
        if covered.isdisjoint(characters):
            covered.update(characters)
            kept.append(link)
    return sorted(kept, key=lambda link: link.span)
