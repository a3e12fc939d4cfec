"""Rounds of the talks in running text: numbered, ordinal, glued (``أستانا5``), or told only by their date.

What is found here is not yet resolved: :mod:`kg.link` decides, once all of an article has been seen, which round an
unnumbered one is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg import seeds
from kg.knowledge import KnowledgeBase, domain
from kg.language.arabic import ARTICLE, LAM, WAW, fold, stems, without_article
from kg.language.words import QUOTES, Word
from kg.span import Span

HIGHEST_NUMBER = 40
"""No track has had more rounds; a larger number beside a city is something else."""
PROCESS = "process"
"""Marks nouns (عملية، مسار) that are talks only with the name of a track."""
_CONTEXT = frozenset(("sport", "treaty", "not_a_round", "relative", "phone"))
_OF_THE_DOMAIN = frozenset(("about", "elsewhere"))
COMMITTEE = fold("لجنة")
"""A track whose names have this noun is named by them; any other by the city of its talks."""
_REACH = 7
"""Words looked at after a noun of talks for the city, the ordinal or the number that names the round."""
ENCOUNTER, DISCUSSION = "encounter", "discussion"
"""The sorts of verbs of meeting, which are no rounds, and of verbs of discussing, which may tell of a known meeting."""


@dataclass(frozen=True, slots=True)
class TalkWordRow:
    """A word of the talks.

    ``role`` is session (one round or meeting), series, ordinal, order, filler, month or press; treaty, sport, phone, relative and
    not_a_round tell what a sentence or a city's name is about. ``value`` is the sort of meeting, the number or the order.
    """

    role: str
    value: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TalksMention:
    """A mention of talks. ``track`` is empty if no city or committee names it, ``number`` 0 if none is given.

    ``single`` tells a round or meeting (جولة، مؤتمر) from a series of them (محادثات). ``order`` is new, next, last or
    empty. ``definite`` is whether the talks are presented as known (المحادثات). ``sort`` is the table's value of the noun
    (round, summit, conference, talks ...), ``encounter`` for a verb of meeting.
    """

    span: Span
    track: str
    number: int
    single: bool
    order: str
    definite: bool
    sort: str = "round"


@functools.cache
def _lexicon() -> dict[str, TalkWordRow]:
    filler = TalkWordRow("filler", "", tuple(sorted(domain("filler"))))
    rows = [*seeds.read("talk_words.tsv", TalkWordRow), filler]
    return {without_article(fold(word)): row for row in rows if row.role not in _CONTEXT for word in row.words}


@functools.cache
def _context(role: str) -> frozenset[str]:
    """The folded words of a role that tells what a sentence is about."""
    if role in _OF_THE_DOMAIN:
        return frozenset(map(fold, domain(role)))
    rows = seeds.read("talk_words.tsv", TalkWordRow)
    return frozenset(fold(word) for row in rows if row.role == role for word in row.words)


def context_words() -> dict[str, frozenset[str]]:
    """The words that tell what a sentence is about, by role, with and without their article."""
    roles = ("about", "elsewhere", "sport", "phone")
    return {role: _context(role).union(map(without_article, _context(role))) for role in roles}


@functools.lru_cache(maxsize=65536)
def tells_of(word: str, role: str) -> bool:
    """Whether a folded word is in a role of the tables of context, with or without clitics."""
    named = _context(role)
    return any(stem in named or (cut and ARTICLE + stem in named) for stem, cut in stems(word))


def is_after_or_before(word: str) -> bool:
    """Whether a folded word relates another event to a meeting: ``بعد لقاء``."""
    return word in _context("relative")


def is_called_last(words: Sequence[Word], span: Span) -> bool:
    """Whether a word right before a meeting or soon behind it says that it is over: ``آخرها لقاء``, ``القمة ... الماضية``."""
    before = [word for word in words if word.span.end <= span.start][-1:]
    behind = [word for word in words if word.span.start >= span.start][:_REACH]
    return any((entry := _entry(word, "order")) and entry[0].value == "last" for word in (*before, *behind))


def sorts_of(name: str) -> frozenset[str]:
    """The sorts of meeting that the nouns in a meeting's name tell.

    >>> sorted(sorts_of("القمة الثلاثية في أنقرة"))
    ['summit']
    """
    rows = (_lexicon().get(without_article(word)) for word in fold(name).split())
    return frozenset(row.value for row in rows if row and row.role in ("session", "series"))


@functools.cache
def _ordinals() -> dict[tuple[str, ...], int]:
    rows = seeds.read("talk_words.tsv", TalkWordRow)
    return {
        tuple(map(_plain, fold(phrase).split())): int(row.value)
        for row in rows
        if row.role == "ordinal"
        for phrase in row.words
    }


@functools.lru_cache(maxsize=65536)
def _entries(word: str) -> tuple[tuple[TalkWordRow, bool], ...]:
    """The lexicon rows of a folded word, and whether the word was definite."""
    found = ((_lexicon().get(without_article(stem)), stem) for stem, _ in stems(word))
    return tuple((row, stem != without_article(stem) or word[:2] == LAM + LAM) for row, stem in found if row)


def _entry(word: Word, *roles: str) -> tuple[TalkWordRow, bool] | None:
    """The lexicon row of a word in one of these roles, and whether the word was definite."""
    return next((entry for entry in _entries(word.folded) if entry[0].role in roles), None)


def _number_at(words: Sequence[Word], start: int) -> tuple[int, int] | None:
    """The number or ordinal that begins at ``start`` (``5``, ``الـ14``, ``الخامسة``, ``الحادية عشرة``), and its end."""
    at = start
    while at < len(words) and words[at].folded in ("-", "ال", *QUOTES, "ـ", "(", "–"):
        at += 1
    if at < len(words) and (digits := re.fullmatch(r"(?:ال)?(\d{1,2})", words[at].folded)):
        return (int(digits[1]), at + 1) if 0 < int(digits[1]) <= HIGHEST_NUMBER else None
    if at != start:
        return None
    for length in (3, 2, 1):
        phrase = tuple(_plain(word.folded) for word in words[start : start + length])
        if len(phrase) == length and phrase in _ordinals() and words[start].folded.startswith(("ال", "لل")):
            tens = start + length < len(words) and words[start + length].folded.startswith(WAW + ARTICLE)
            return None if tens else (_ordinals()[phrase], start + length)
    return None


def _is_press(words: Sequence[Word], at: int) -> bool:
    """Whether a conference is one for the press."""
    return at < len(words) and _entry(words[at], "press") is not None


def _plain(word: str) -> str:
    """A word of an ordinal without article, and without the *and* of its second half (``الحادية والعشرين``)."""
    return without_article(word[1:] if word.startswith(WAW + ARTICLE) else word)


def _cities(base: KnowledgeBase) -> dict[tuple[str, ...], str]:
    """The words by which each track of numbered rounds is named: its city or its committee."""
    cities: dict[tuple[str, ...], str] = {}
    for track in base.tracks.values():
        if not any(event.number for event in base.rounds_of(track.id)):
            continue
        place = base.entities.get(track.place)
        own = [name for name in (track.ar, *track.aliases) if COMMITTEE in fold(name)]
        for name in own or (place.names if place else ()):
            cities.setdefault(tuple(map(without_article, fold(name).split())), track.id)
    return cities


class TalksFinder:
    """Finds mentions of talks in a sentence's words."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._cities = _cities(base)
        self._longest = max(map(len, self._cities), default=0)
        self._firsts = frozenset(name[0] for name in self._cities)
        self._first_words = functools.lru_cache(maxsize=32768)(self._find_first_words)

    @property
    def firsts(self) -> Collection[str]:
        """What a mention begins with: a noun of talks, or what :meth:`_city_at` takes."""
        return self._firsts | _lexicon().keys() | QUOTES

    def find(self, words: Sequence[Word], starts: Iterable[int]) -> Iterator[TalksMention]:
        """The mentions, left to right, none inside another; ``starts`` are the words that may begin one."""
        end = 0
        for at in starts:
            if at >= end and (found := self._session(words, at) or self._glued(words, at)):
                mention, end = found
                yield mention

    def _find_first_words(self, word: str) -> tuple[str, ...]:
        """The readings of a folded word without clitics that begin the name of a city or committee."""
        readings = [stem for stem, _ in stems(word)] + [word[1:]] * word.startswith(LAM + LAM)
        plain = dict.fromkeys(map(without_article, readings))
        return tuple(stem for stem in plain if stem in self._firsts)

    def _city_at(self, words: Sequence[Word], at: int) -> tuple[str, int] | None:
        while at < len(words) and words[at].folded in QUOTES:
            at += 1
        for first in self._first_words(words[at].folded) if at < len(words) else ():
            for length in range(min(self._longest, len(words) - at), 0, -1):
                rest = tuple(without_article(word.folded) for word in words[at + 1 : at + length])
                if track := self._cities.get((first, *rest)):
                    return track, at + length
        return None

    def _glued(self, words: Sequence[Word], at: int) -> tuple[TalksMention, int] | None:
        """``أستانا 5``: a city of talks with a number right after it."""
        city = self._city_at(words, at)
        number = _number_at(words, city[1]) if city else None
        if not city or not number or _is_date(words, number[1]) or _counts_things(words, at, number[1]):
            return None
        span = Span(words[at].span.start, words[number[1] - 1].span.end)
        return TalksMention(span, city[0], number[0], single=True, order="", definite=True), number[1]

    def _session(self, words: Sequence[Word], at: int) -> tuple[TalksMention, int] | None:
        """A noun of talks (``الجولة``, ``محادثات``) with whatever of ordinal, city and order follows it."""
        entry = _entry(words[at], "session", "series")
        if not entry:
            return None
        row, definite = entry
        if row.value == DISCUSSION and definite:
            return None  # «البحث» is a noun
        reach = 0 if row.value == DISCUSSION else _REACH
        track, number, order, end = "", 0, "", at + 1
        cursor = at + 1
        while cursor < min(len(words), at + 1 + reach):
            numbered = not number and (row.value == "round" or bool(track) or not words[cursor].folded[0].isdigit())
            count = _number_at(words, cursor) if numbered and _follows(words, end, cursor) else None
            if count and not _is_date(words, count[1]) and not (track and _counts_things(words, end - 1, count[1])):
                number, cursor = count
                end = cursor
            elif not track and (city := self._city_at(words, cursor)):
                track, cursor = city
                end = cursor
            elif row_order := _entry(words[cursor], "order"):
                order, cursor = row_order[0].value, cursor + 1
                end = cursor
            elif _entry(words[cursor], "filler", "session", "series") or words[cursor].folded in QUOTES | {"(", ")"}:
                cursor += 1
            else:
                break
        if (row.value == PROCESS and not track) or _is_press(words, at + 1):
            return None
        span = Span(words[at].span.start, words[end - 1].span.end)
        single = row.role == "session"
        return TalksMention(span, track, number, single, order, definite or bool(track), row.value), end


def _follows(words: Sequence[Word], end: int, cursor: int) -> bool:
    """Whether only quotation marks stand between what has been read and the cursor."""
    return all(word.folded in QUOTES for word in words[end:cursor])


def _is_date(words: Sequence[Word], at: int) -> bool:
    """Whether the number before ``at`` is a day: a month, a range or a year follows it."""
    following = [word.folded for word in words[at : at + 2]]
    if following[:1] in (["/"], ["%"]) or following == ["من", "الشهر"]:
        return True
    return any((row := _lexicon().get(without_article(word))) and row.role == "month" for word in following)


def _counts_things(words: Sequence[Word], city: int, end: int) -> bool:
    """Whether the number after a city counts or scores something: ``في جنيف 4 تقارير``, ``أستانا 3-1``."""
    following = [word.folded for word in words[end : end + 2]]
    if following[:1] == ["-"] and following[1:] and (following[1] == "صفر" or following[1].isdigit()):
        return True
    if following and tells_of(following[0], "not_a_round"):
        return True
    before = next((word.folded for word in reversed(words[:city]) if word.folded not in QUOTES), "")
    return tells_of(before, "treaty")
