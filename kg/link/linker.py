"""The linker: names, talks and dates of a document become entities and periods.

Names are looked up in the knowledge base over all words; Stanza's mentions decide where a short name is part of a longer,
different one, and give the new entities. Talks without a number are resolved by the calendar of rounds, dates by the day
of publication or, where that is unknown, by a day that the text itself determines.
"""

from __future__ import annotations

import datetime
import difflib
import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.knowledge import KnowledgeBase, knowledge_base
from kg.language.arabic import ARTICLE, LAM, WAW, fold, key
from kg.language.boilerplate import boilerplate
from kg.language.cues import has_role
from kg.language.dates import Basis, MonthReference
from kg.language.inference import infer_reference
from kg.language.signs import Signs
from kg.language.timex import find_times
from kg.language.words import Word, words_of
from kg.link.agreements import AgreementFinder
from kg.link.dating import dated_spans
from kg.link.descriptions import DescriptionFinder
from kg.link.holders import Context, HolderFinder
from kg.link.names import NameFinder, NameHit
from kg.link.nearby import Line
from kg.link.newcomers import Newcomers
from kg.link.occasions import Occasions, of_the_domain
from kg.link.people import People
from kg.link.reference import LATTER, OWN_COUNTRY, latter, own_countries, short_forms, short_names, short_nouns
from kg.link.talks import context_words
from kg.link.towns import TownFinder
from kg.model import DatedSpan, Document, Entity, Link, Mention, Reading, Sentence
from kg.span import Span
from kg.vocabulary import PLACES, Kind

WITH = frozenset(("بين", "مع"))
SAME_NAME = 0.6
"""Similarity (0 to 1, difflib) from which two given names before one family name are spellings of one name."""


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
        self._armies = frozenset(army.id for army in base.armies.values())
        self._names = NameFinder(base)
        self._towns = TownFinder(base)
        self._holders = HolderFinder(base, self._names)
        self._descriptions = DescriptionFinder(base, self._names)
        self._agreements = AgreementFinder(base)
        self._newcomers = Newcomers(frozenset(base.adjectives), _given_names(base))
        self._people = People(base, self._newcomers)
        self._occasions = Occasions(base)
        self._signs = Signs(
            name=self._names.firsts,
            town=self._towns.firsts,
            talks=self._occasions.firsts,
            office=self._holders.firsts,
            adjective=base.adjectives,
            description=self._descriptions.firsts,
            short=short_nouns(),
            latter=LATTER,
            **context_words(),
            own_country=OWN_COUNTRY,
        )

    def link(self, document: Document) -> Reading:
        """A document's names, talks and dates, resolved."""
        article = document.article
        aside = boilerplate(article.text)
        document = replace(document, sentences=tuple(_outside(document.sentences, aside)))
        lines = self._towns.find([self._line(article.text, sentence) for sentence in document.sentences])
        lines = of_the_domain(lines)
        times = [time for time in find_times(article.text) if not _overlaps(Span(time.start, time.end), aside)]
        numbered = self._occasions.named_rounds(lines, times)
        reference, basis = article.published, Basis.PUBLISHED
        if reference is None:
            reference, basis = infer_reference(times, numbered), Basis.INFERRED
        dates = dated_spans(article.text, [line.words for line in lines], times, reference, basis)
        names = [
            link
            for sentence, line in zip(document.sentences, lines, strict=True)
            for link in self._name_links(article.text, self._without_descriptions(sentence, line), line)
        ]
        today = None if isinstance(reference, MonthReference) else reference
        events, topic = self._occasions.link(lines, times, dates, today)
        names = list(short_names(article.text, names))
        called = functools.partial(self._holders.called, today=today)
        people = self._people.resolve(article.text, names, [line.words for line in lines], called)
        named = frozenset(link.entities[0] for link in people if link.entities[0].kind is Kind.PERSON)
        offices = [link for line in lines for link in self._offices(line, people, named, today)]
        links = _without_overlaps([*events, *offices, *people])
        links = _without_overlaps(
            [*links, *(link for line in lines for link in self._short(article.text, line, links))]
        )
        found = (self._agreements.find(line.words, _dates_in(line, dates), links, today) for line in lines)
        dated = [link for one in found for link in one]
        links = sorted([*links, *dated], key=lambda link: link.span)
        described = list(self._descriptions.find(lines, links))
        replaced = {link.span for link in described}
        links = [link for link in links if not any(link.span.overlaps(span) for span in replaced)]
        links = sorted([*links, *described], key=lambda link: link.span)
        people = [link for link in links if link.entities[0].kind is Kind.PERSON]
        met, _ = self._occasions.link([_with_people(line, people) for line in lines if line.talks], times, dates, today)
        meetings = [link for link in met if link.entities[0].kind is Kind.MEETING]
        links = sorted([*links, *_free(meetings, links)], key=lambda link: link.span)
        back = self._occasions.pointing_back([_with_people(line, people) for line in lines if line.talks], links, dates)
        links = sorted([*links, *_free(back, links)], key=lambda link: link.span)
        links = sorted([*links, *self._second_armies(lines, links)], key=lambda link: link.span)
        adjectives = tuple(link for line in lines for link in self._adjectives(line, links))
        return Reading(document, tuple(links), adjectives, dates, topic, reference, basis, aside)

    def _without_descriptions(self, sentence: Sentence, line: Line) -> Sentence:
        """The sentence without mentions that end in an indefinite adjective of a state: ``جوي روسي`` is nobody's name."""
        ends = {mention.span.end for mention in sentence.mentions if mention.tag != "ORG"}
        last = [word for at in line.starts["adjective"] if (word := line.words[at]).span.end in ends]
        described = {w.span.end for w in last if not w.folded.startswith(ARTICLE) and self._names.adjective(w)}
        if not described:
            return sentence
        kept = tuple(m for m in sentence.mentions if m.tag == "ORG" or m.span.end not in described)
        return replace(sentence, mentions=kept)

    def _line(self, text: str, sentence: Sentence) -> Line:
        words = words_of(text, sentence.span)
        starts = self._signs.starts(words)
        hits = _without_people_of_others(words, self._names.find(words, starts["name"]))
        return self._occasions.line(words, hits, starts)

    def _offices(
        self, line: Line, people: Sequence[Link], named: frozenset[Entity], today: datetime.date | None
    ) -> Iterator[Link]:
        """Links for the offices without a name."""
        if starts := line.starts["office"]:
            area = line.span
            inside = [link for link in people if link.span.inside(area)]
            yield from self._holders.find(line.words, starts, Context(today, inside, named))

    def _short(self, text: str, line: Line, links: Sequence[Link]) -> Iterator[Link]:
        """Links for what points back: ``الهيئة``, ``الأخير``, ``بلاده``."""
        yield from short_forms(self._base, text, line.words, line.starts["short"], links)
        yield from latter(line.words, line.starts["latter"], links)
        yield from own_countries(self._base, self._names, line.words, line.starts["own_country"], links)

    def _name_links(self, text: str, sentence: Sentence, line: Line) -> Iterator[Link]:
        """Known names, then Stanza's mentions that no known name explains."""
        covered: list[Span] = []
        for hit in line.hits:
            longer = [m for m in sentence.mentions if not self._is_of_state(m, hit, line)]
            if not _is_tagged(hit, text) and not any(_is_other_name(m, hit, text) for m in longer):
                covered.append(hit.span)
                yield Link(hit.span, hit.entities, f"the seed tables name it «{hit.name}»")
        for mention in sentence.mentions:
            if not any(mention.span.overlaps(other) for other in covered):
                link = self._newcomers.link(text, mention, sentence, line.words)
                if link:
                    yield link

    def _is_of_state(self, mention: Mention, hit: NameHit, line: Line) -> bool:
        """Whether a mention is a known name with its state's adjective or an aside (``قاعدة إنجرليك التركية``)."""
        if mention.span.start != hit.span.start or mention.span.end <= hit.span.end:
            return False
        more = [w for w in line.words if hit.span.end <= w.span.start and w.span.end <= mention.span.end]
        if len(more) != 1:
            return False
        return self._names.adjective(more[0]) is not None or more[0].folded.startswith(LAM + LAM)

    def _second_armies(self, lines: Sequence[Line], links: Sequence[Link]) -> Iterator[Link]:
        """The army of a second state behind that of a first (``القوات الروسية والسورية``)."""
        armies = self._base.armies
        ends = {link.span.end for link in links if link.entities[0].id in self._armies}
        taken = {link.span.start for link in links}
        for line in lines if ends else ():
            for before, word in itertools.pairwise(line.words):
                state = self._names.adjective(word) if before.span.end in ends and word.folded[0] == WAW else None
                if state and state.id in armies and self._names.adjective(before) and word.span.start not in taken:
                    yield Link(
                        Span(word.offset(1), word.span.end),
                        (armies[state.id],),
                        f"the army of {state.names[1]}, behind another army",
                    )

    def _adjectives(self, line: Line, links: Sequence[Link]) -> Iterator[Link]:
        for at in line.starts["adjective"]:
            word = line.words[at]
            state = self._names.adjective(word)
            if state and not any(link.span.overlaps(word.span) and not _is_agreement(link) for link in links):
                yield Link(word.span, (state,), f"the adjective of {state.names[1]}")


def _free(links: Iterable[Link], taken: Iterable[Link]) -> Iterator[Link]:
    """The links on words that no other link covers."""
    spans = [link.span for link in taken]
    return (link for link in links if not _overlaps(link.span, spans))


def _without_people_of_others(words: Sequence[Word], hits: Iterable[NameHit]) -> Iterator[NameHit]:
    """The names without those of peoples that only tell whose others are (``المرتزقة الروس``, not ``مفاوضات مع الروس``)."""
    named = 0
    for hit in hits:
        word = words[hit.first].folded
        if has_role(fold(hit.name), "people"):
            beside = hit.first > 0 and words[hit.first - 1].folded in WITH
            if not beside and not (word.startswith(WAW) and named == hit.first):
                continue
        if hit.last - hit.first == 1 and has_role(word, "nation") and _is_described(words, hit.first):
            continue
        named = hit.last
        yield hit


def _is_described(words: Sequence[Word], at: int) -> bool:
    """Whether a people only describes the noun before it (``المتظاهرين الأكراد``)."""
    before = words[at - 1].folded if at else ""
    return before.removeprefix(WAW).startswith((ARTICLE, LAM + LAM)) and not has_role(before, "relative")


def _with_people(line: Line, people: Sequence[Link]) -> Line:
    """A sentence whose known names are also the people whom an office or a description means (``الرئيسان``)."""
    inside = [link for link in people if link.span.inside(line.span)]
    hits = (
        NameHit(at, at + 1, link.span, link.entities, link.entities[0].names[0])
        for at, word in enumerate(line.words)
        for link in inside
        if word.span.overlaps(link.span)
    )
    return replace(line, hits=(*line.hits, *hits))


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    return any(span.overlaps(other) for other in others)


def _outside(sentences: Iterable[Sentence], aside: Sequence[Span]) -> Iterator[Sentence]:
    """The sentences, without the tokens and names that lie in what is not the article's text."""
    for sentence in sentences:
        if not _overlaps(sentence.span, aside):
            yield sentence
            continue
        tokens = tuple(token for token in sentence.tokens if not _overlaps(token.span, aside))
        if tokens:
            span = Span(tokens[0].span.start, tokens[-1].span.end)
            mentions = tuple(mention for mention in sentence.mentions if not _overlaps(mention.span, aside))
            yield Sentence(span, tokens, mentions)


def _is_tagged(hit: NameHit, text: str) -> bool:
    """Whether a bare family name is the end of a hashtag with another first name (``#كندة_علوش``)."""
    return hit.entities[0].kind is Kind.PERSON and " " not in hit.name and text[: hit.span.start].endswith("_")


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
    before = key(text[mention.span.start : hit.span.start].replace("_", " ").rpartition(" ")[0]).split()
    if not before or len(hit.name.split()) > 1:
        return False
    given = {key(name).split()[0] for name in hit.entities[0].names if len(name.split()) > 1}
    return not any(_alike(before[-1], name) for name in given)


def _alike(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= SAME_NAME


def _is_agreement(link: Link) -> bool:
    """Whether adjectives inside a name are its parties (``الاتفاق الروسي التركي``)."""
    return link.entities[0].kind is Kind.AGREEMENT


def _dates_in(line: Line, dates: Sequence[DatedSpan]) -> list[DatedSpan]:
    if not line.words:
        return []
    area = Span(line.words[0].span.start, line.words[-1].span.end)
    return [dated for dated in dates if dated.span.inside(area)]


def _given_names(base: KnowledgeBase) -> frozenset[str]:
    people = (entity for entity in base.entities.values() if entity.kind is Kind.PERSON)
    return frozenset(key(name).split()[0] for person in people for name in person.names if len(name.split()) > 1)


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
