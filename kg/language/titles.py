"""Titles beside names: ``وزير الخارجية الروسي سيرغي لافروف``, ``ناجي مصطفى، المتحدث باسم الجبهة``.

A title with its name is one noun phrase: the ministry in it does not act, the person does. A title of an unnamed envoy or
head of delegation hides the body in it as well, since nobody knows here who that person is.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg import seeds
from kg.language.arabic import WAW, fold, stems
from kg.language.cues import has_role
from kg.language.words import Word

LONGEST_TITLE = 14
"""Words of a title, from its noun to the name."""
LONGEST_ASIDE = 10
CHAIN = 2
"""Words between two nouns of one title: ``نائب وزير``, ``المتحدث باسم رئيس``."""
UNNAMED_REACH = 4
STOPS = frozenset(".؟?!؛;…")
COLON = ":"
ABOUT = "عن"
COMMAS = frozenset("،,")


@dataclass(frozen=True, slots=True)
class TitleRow:
    """Nouns of office. ``role`` is title, envoy, head, counterpart, delegation (what a head heads)
    or apposed (an office only behind its holder's name, ``علوش، المسؤول في …``);
    ``organisation`` is whose office it is if nothing else tells (المبعوث الدولي).
    """

    role: str
    words: tuple[str, ...]
    organisation: str


@dataclass(frozen=True, slots=True)
class Title:
    """Words ``start`` to ``end`` (exclusive) are the title of the name that covers word ``name``, or of nobody named."""

    start: int
    end: int
    name: int | None


@functools.cache
def nouns(role: str) -> frozenset[str]:
    """The folded nouns of a role that no organisation is fixed for."""
    rows = seeds.read("titles.tsv", TitleRow)
    return frozenset(fold(word) for row in rows if row.role == role and not row.organisation for word in row.words)


@functools.cache
def _roles() -> dict[str, str]:
    """The role of each folded noun of office that no organisation is fixed for; of several the one listed last below."""
    return {noun: role for role in ("title", "counterpart", "envoy", "head") for noun in nouns(role)}


@functools.cache
def fixed_titles() -> dict[tuple[str, ...], str]:
    """Titles that name their organisation by themselves, with its id."""
    rows = seeds.read("titles.tsv", TitleRow)
    return {tuple(fold(word).split()): row.organisation for row in rows if row.organisation for word in row.words}


@functools.lru_cache(maxsize=32768)
def role_of(word: str) -> str:
    """The role of a folded word as a noun of office, with or without clitics; empty if it is none."""
    return next((role for stem, _ in stems(word) if (role := stem_role(stem))), "")


def stem_role(stem: str) -> str:
    """The role of a folded word as it stands."""
    return _roles().get(stem, "")


def find_titles(words: Sequence[Word], people: Sequence[tuple[int, int]], others: Iterable[int]) -> Iterator[Title]:
    """The titles of the people whose names cover these word ranges, then those of nobody named.

    ``others`` are the words with which other names begin: a title of nobody named is only looked for where it hides one.
    """
    taken: set[int] = set()
    starts = {first for first, _ in people}
    inside = {at for first, last in people for at in range(first, last)}
    for first, last in people:
        title = _before(words, first, inside) or _after(words, first, last, inside, starts)
        if title:
            taken.update(range(title.start, title.end))
            yield title
    near = {at for first in others for at in range(max(0, first - UNNAMED_REACH), first + 1)}
    for at in sorted(near - taken):
        if (role := role_of(words[at].folded)) and _hides_body(words, at, role):
            reach = range(at + 1, min(at + 1 + UNNAMED_REACH, len(words)))
            yield Title(at, next((n for n in reach if _ends(words[n].folded, comma_ends=True)), reach.stop), None)


def _hides_body(words: Sequence[Word], at: int, role: str) -> bool:
    following = {stem for word in words[at + 1 : at + 3] for stem, _ in stems(word.folded)}
    return role == "envoy" or (role == "head" and bool(following & nouns("delegation")))


def _before(words: Sequence[Word], first: int, people: Collection[int]) -> Title | None:
    start = None
    rank = first
    while rank and has_role(words[rank - 1].folded, "rank"):
        rank -= 1  # «وزير الدفاع، اللواء …»
    end = _aside(words, rank - 1)
    for at in range(end, max(-1, end - LONGEST_TITLE), -1):
        word = words[at].folded
        if _ends(word, comma_ends=at != end) or at in people or has_role(word, "title_end"):
            break
        role = role_of(word)
        if role and (start is None or start - at <= CHAIN):
            start = at
        elif start is not None and start - at > CHAIN:
            break
        if role == "counterpart" or (role and not _begins_office(word)):
            break  # «المندوب الروسي والمندوبة البريطانية» are two
    return Title(start, first, first) if start is not None else None


def _aside(words: Sequence[Word], comma: int) -> int:
    """The comma before what tells of a title's body, if that stands before a name (``القيادي في …، الفصيل الأقوى، فلان``)."""
    if comma < 0 or words[comma].folded not in COMMAS:
        return comma
    for at in range(comma - 1, max(-1, comma - LONGEST_ASIDE), -1):
        if words[at].folded in COMMAS:
            return at if has_role(words[at + 1].folded, "of_body") else comma
    return comma


def _after(
    words: Sequence[Word], first: int, last: int, people: Collection[int], starts: Collection[int]
) -> Title | None:
    start = last
    apart = start < len(words) and (words[start].folded in COMMAS or has_role(words[start].folded, "who_is"))
    while start < len(words) and (words[start].folded in COMMAS or has_role(words[start].folded, "who_is")):
        start += 1
    if start >= len(words) or not (_begins_office(words[start].folded) or (apart and _is_official(words, start))):
        return None
    article = words[start].folded.startswith("ال")
    if article and not (apart or _speaks_for(words, start) or _takes_no_object(words, first)):
        return None  # «بوتين الرئيس السوري»: the object of a verb, not an apposition
    end = start
    while end < min(start + LONGEST_TITLE, len(words)) and not _ends(words[end].folded, comma_ends=True):
        if end in people:
            return None
        end += 1
    return Title(start, end, first) if end not in starts else None


def _begins_office(word: str) -> bool:
    """Whether a word is a noun of office without *and* (``وزير`` is, ``ورئيس`` goes on with somebody else)."""
    return bool(stem_role(word) or (role_of(word) and not word.startswith(WAW)))


def _is_official(words: Sequence[Word], at: int) -> bool:
    """Whether a noun that is an office only behind a name stands there, not one of what he has to answer for."""
    answers = at + 1 < len(words) and words[at + 1].folded == ABOUT
    return words[at].folded in nouns("apposed") and not answers


def _takes_no_object(words: Sequence[Word], first: int) -> bool:
    """Whether the verb or preposition right before a name leaves no room for an object (``قال دي ميستورا المبعوث``)."""
    return first > 0 and any(has_role(words[first - 1].folded, role) for role in ("saying", "from_whom"))


def _speaks_for(words: Sequence[Word], at: int) -> bool:
    """Whether a preposition tells whose office it is (``كينو جابرييل المتحدث باسم …``, ``… القيادي في …``)."""
    return any(word.folded in ("باسم", "بلسان", "في") for word in words[at + 1 : at + 3])


def _ends(word: str, *, comma_ends: bool) -> bool:
    return (
        word in STOPS
        or word == COLON
        or (comma_ends and word in COMMAS)
        or has_role(word, "complement")
        or has_role(word, "relative")
    )
