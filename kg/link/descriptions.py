"""Descriptions that point back: ``الدول الثلاث``, ``الرئيسان``, ``المدينة``, ``الحركة`` mean what was named before.

What belongs to what was named is in ``seeds/parts.tsv`` (``شمال البلاد``, ``القوات الموالية له``).

The table ``seeds/descriptions.tsv`` says how many are meant, of which kinds, and what their name or office must hold. They
are looked for backwards, sentence by sentence; where the text leaves a choice, nothing is linked.
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg import seeds
from kg.knowledge import KnowledgeBase, domain
from kg.language.arabic import ARTICLE, HEH, LAM, WAW, YEH, fold, key, stems, without_article
from kg.language.cues import has_role
from kg.language.inflect import NOON
from kg.language.words import QUOTES, Word
from kg.link.names import NameFinder
from kg.link.nearby import Line
from kg.model import Entity, Link
from kg.span import Span
from kg.vocabulary import Kind

SENTENCES_BACK = 4
"""How many sentences before its own a description may point back to."""
ADJECTIVES = 2
"""Words between a noun and what tells whose part it is."""
NEW = {Kind.PLACE: "unknown"}
"""What the table calls a place that is in no seed table."""


@dataclass(frozen=True, slots=True)
class DescriptionRow:
    """What a description may mean. ``kinds`` are kinds of entities or of places (City); ``named`` are words of which one
    must stand in the antecedent's names, ``office`` the noun that its office begins with; ``members`` are the ids of a fixed
    group, which counts only if the article names each of them.
    """

    words: tuple[str, ...]
    number: int
    kinds: tuple[str, ...]
    named: tuple[str, ...]
    office: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartRow:
    """Words for parts of what was named before (``شمال البلاد``), and the ids of those that can be meant.

    With ``behind``, the words describe such a noun, which stands before them (``القوات الموالية له``).
    """

    words: tuple[str, ...]
    behind: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """Where in the text an entity stands, and in which sentence."""

    entity: Entity
    sentence: int
    start: int


class DescriptionFinder:
    """Finds the descriptions of an article and what they point back to."""

    def __init__(self, base: KnowledgeBase, names: NameFinder) -> None:
        self._base = base
        self._names = names
        self._offices: dict[str, set[str]] = defaultdict(set)
        for row in base.offices:
            self._offices[row.person].add(key(row.office).split()[0])

    @property
    def firsts(self) -> Collection[str]:
        """The words with which descriptions begin, as the table writes them, folded."""
        return _by_first().keys() | _parts().keys()

    def find(self, lines: Sequence[Line], links: Sequence[Link]) -> Iterator[Link]:
        """Links for descriptions; several links on one span stand together for a group."""
        named = list(_named(lines, links))
        taken = {at for link in links for at in range(link.span.start, link.span.end)}
        for number, line in enumerate(lines):
            words = line.words
            for at, row, last in _described(words, line.starts["description"]):
                span = Span(words[at].offset(_clitics(words[at])), words[last - 1].span.end)
                if (span.start in taken and not row.members) or self._goes_on(words, last, row):
                    continue
                yield from self._links(row, span, number, named)
            for span, parted in _parted(words, line.starts["description"]):
                if not (parted.behind and self._is_of_others(words, span)):
                    yield from self._part_links(parted, span, number, named)

    def _part_links(self, row: PartRow, span: Span, sentence: int, named: Sequence[_Named]) -> Iterator[Link]:
        """The parts of the last thing named before, or next to its parts, that has any of a row's."""
        for one in reversed(named):
            if one.start >= span.start or sentence - one.sentence > SENTENCES_BACK:
                continue
            owners = (one.entity.id, self._base.parents.get(one.entity.id, ""))
            meant = [part for part in row.parts if self._base.parents.get(part) in owners and part != one.entity.id]
            if meant:
                for part in meant:
                    reason = f"part of «{one.entity.names[0]}», named before"
                    yield Link(span, (self._base.entities[part],), reason)
                return

    def _is_of_others(self, words: Sequence[Word], span: Span) -> bool:
        """Whether an adjective tells of what other state a body is (``القوات الروسية الحليفة لها``)."""
        states = (state for word in words if word.span.inside(span) and (state := self._names.adjective(word)))
        return any({state.id, self._base.parents.get(state.id)}.isdisjoint(domain("home")) for state in states)

    def _goes_on(self, words: Sequence[Word], last: int, row: DescriptionRow) -> bool:
        """Whether what follows says who is meant: an adjective (``الرئيسان الروسي``), or a name behind a singular."""
        following = next((w.folded for w in words[last:] if w.folded not in QUOTES), "")
        if row.members:
            return following in ("(", ":")
        adjective = following.startswith(ARTICLE) and following.endswith((YEH, YEH + HEH, YEH + NOON, WAW + NOON))
        adjective = adjective and not has_role(following, "relative")
        return adjective or (row.number == 1 and (self._named_at(words, last) or self._is_member(words, last)))

    def _is_member(self, words: Sequence[Word], at: int) -> bool:
        """Whether a body behind ``في`` says whose members are meant (``المسلحون في وحدات حماية الشعب``)."""
        inside = at < len(words) and words[at].folded == "في"
        hits = self._names.find(words[at + 1 : at + 5]) if inside else ()
        return any(hit.first == 0 and hit.entities[0].kind is not Kind.PLACE for hit in hits)

    def _named_at(self, words: Sequence[Word], at: int) -> bool:
        behind = list(self._names.find(words[at : at + 4]))
        return any(hit.first == 0 for hit in behind)

    def _links(self, row: DescriptionRow, span: Span, sentence: int, named: Sequence[_Named]) -> Iterator[Link]:
        for entity in self._meant(row, span, sentence, named):
            yield Link(span, (entity,), f"«{row.words[0]}» points back to «{entity.names[0]}», named before")

    def _meant(self, row: DescriptionRow, span: Span, sentence: int, named: Sequence[_Named]) -> tuple[Entity, ...]:
        if row.members:
            present = {one.entity.id: one.entity for one in named}
            found = tuple(present[member] for member in row.members if member in present)
            return found if len(found) == len(row.members) else ()
        before = [one for one in named if one.start < span.start and self._fits(row, one.entity)]
        near = [one for one in before if sentence - one.sentence <= SENTENCES_BACK]
        if row.number > 1:
            return _latest(row.number, near)
        here = [one for one in near if sentence - one.sentence <= 1]
        return _single(near if row.named else here or before) if near else ()

    def _kind(self, entity: Entity) -> str:
        """What a row calls this kind of thing: for a place, what sort of place, if that is known."""
        return self._base.place_kinds.get(entity.id, entity.kind if entity.known else NEW.get(entity.kind, entity.kind))

    def _is_capital(self, entity: Entity) -> bool:
        """Whether a city's name mostly stands for a government: it is not where things happen."""
        return any(key(name) in self._base.capitals for name in entity.names)

    def _fits(self, row: DescriptionRow, entity: Entity) -> bool:
        if self._kind(entity) not in row.kinds or (entity.kind is Kind.PLACE and self._is_capital(entity)):
            return False
        if row.office and key(row.office) not in self._offices.get(entity.id, ()):
            return False
        return not row.named or bool(_words(entity) & {key(word) for word in row.named})


@functools.lru_cache(maxsize=4096)
def _words(entity: Entity) -> frozenset[str]:
    return frozenset(word for name in entity.names for word in key(name).split())


def _single(before: Sequence[_Named]) -> tuple[Entity, ...]:
    """The entity named most often so far, of several the last."""
    count = Counter(one.entity for one in before)
    return (max(before, key=lambda one: (count[one.entity], one.start)).entity,)


def _latest(number: int, before: Sequence[_Named]) -> tuple[Entity, ...]:
    """The last members of a group that one sentence names alone, or all of the kind if they are just so many."""
    by_sentence: dict[int, dict[Entity, None]] = defaultdict(dict)
    for one in before:
        by_sentence[one.sentence][one.entity] = None
    fitting = [entities for _, entities in sorted(by_sentence.items()) if len(entities) == number]
    if fitting:
        return tuple(fitting[-1])
    every = tuple(dict.fromkeys(one.entity for one in before))
    return every if len(every) == number else ()


def _named(lines: Sequence[Line], links: Sequence[Link]) -> Iterator[_Named]:
    starts = [(line.words[0].span.start, n) for n, line in enumerate(lines) if line.words]
    at = 0
    for link in links:
        while at + 1 < len(starts) and starts[at + 1][0] <= link.span.start:
            at += 1
        for entity in dict.fromkeys((link.entities[0], *(e for e in link.entities if e.kind is Kind.STATE))):
            yield _Named(entity, starts[at][1] if starts else 0, link.span.start)


@functools.cache
def _by_first() -> dict[str, tuple[tuple[tuple[str, ...], DescriptionRow], ...]]:
    found: dict[str, list[tuple[tuple[str, ...], DescriptionRow]]] = defaultdict(list)
    for row in (*seeds.read("groups.tsv", DescriptionRow), *seeds.read("descriptions.tsv", DescriptionRow)):
        for phrase in row.words:
            words = tuple(fold(phrase).split())
            found[words[0]].append((words, row))
    return {first: tuple(sorted(rows, key=lambda pair: -len(pair[0]))) for first, rows in found.items()}


@functools.cache
def _parts() -> dict[str, tuple[tuple[tuple[str, ...], PartRow], ...]]:
    found: dict[str, list[tuple[tuple[str, ...], PartRow]]] = defaultdict(list)
    for row in seeds.read("parts.tsv", PartRow):
        for phrase in row.words:
            words = tuple(fold(phrase).split())
            found[words[0]].append((words, row))
    return {first: tuple(sorted(rows, key=lambda pair: -len(pair[0]))) for first, rows in found.items()}


def _parted(words: Sequence[Word], starts: Iterable[int]) -> Iterator[tuple[Span, PartRow]]:
    """The words for parts in a sentence with their nouns, the longest that fit."""
    end = 0
    for at in starts:
        for stem, cut in stems(words[at].folded) if at >= end else ():
            rows = _parts().get(stem, ())
            fit = next((pair for pair in rows if _continues(words, at, pair[0])), None)
            noun = _noun_before(words, at, fit[1].behind) if fit and fit[1].behind else (at, cut)
            if fit and noun:
                end = at + len(fit[0])
                yield Span(words[noun[0]].offset(noun[1]), words[end - 1].span.end), fit[1]
                break


def _continues(words: Sequence[Word], at: int, phrase: Sequence[str]) -> bool:
    return tuple(word.folded for word in words[at + 1 : at + len(phrase)]) == tuple(phrase[1:])


def _noun_before(words: Sequence[Word], at: int, nouns: tuple[str, ...]) -> tuple[int, int] | None:
    """Where one of these nouns stands before a word, but for an adjective or two, and the letters attached to it."""
    for n in range(at - 1, max(-1, at - 2 - ADJECTIVES), -1):
        for stem, cut in stems(words[n].folded):
            if without_article(stem) in _folded(nouns):
                return n, cut
        if not words[n].folded.endswith((YEH + HEH, YEH, HEH, YEH + NOON, WAW + NOON)):
            return None
    return None


@functools.cache
def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, words))


@functools.lru_cache(maxsize=32768)
def _openings(word: str) -> tuple[tuple[tuple[tuple[str, ...], DescriptionRow], ...], ...]:
    """The descriptions that begin with a folded word, for each of its readings that begins any."""
    return tuple(rows for stem, _ in _readings(word) if (rows := _by_first().get(stem)))


def _described(words: Sequence[Word], starts: Iterable[int]) -> Iterator[tuple[int, DescriptionRow, int]]:
    """Where a description of the table stands, the longest that fits, and the index behind it."""
    for at in starts:
        for rows in _openings(words[at].folded):
            fit = next(
                (
                    (at, row, at + len(phrase))
                    for phrase, row in rows
                    if tuple(w.folded for w in words[at + 1 : at + len(phrase)]) == phrase[1:]
                ),
                None,
            )
            if fit:
                yield fit
                break


def _readings(word: str) -> Iterator[tuple[str, int]]:
    """The word with and without clitics; what ``li`` and the article become together has its article again."""
    for stem, cut in stems(word):
        yield stem, cut
        if word[max(0, cut - 2) : cut] == LAM + LAM:
            yield ARTICLE + stem, cut


def _clitics(word: Word) -> int:
    for stem, cut in _readings(word.folded):
        if stem in _by_first():
            return cut
    return 0
