"""The words that tell names from other words: ``seeds/name_words.tsv`` and ``seeds/ordinary_words.tsv``."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from kg import seeds
from kg.language.arabic import fold, stems, without_article

ENDINGS = tuple(map(fold, ("ه", "ها", "هم", "هما", "نا", "ا")))
"""Pronouns and the accusative, written to the end of a noun."""
SHORTEST_NOUN = 3
"""Letters of a noun without its ending."""


@dataclass(frozen=True, slots=True)
class NameWordRow:
    """Words that help to tell names from other words; ``seeds/README.md`` lists the roles."""

    role: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrdinaryWordRow:
    """A word, folded and without article, that is hardly ever part of a name."""

    word: str


@functools.cache
def name_words(role: str) -> frozenset[str]:
    """The folded words of a role, without article."""
    rows = seeds.read("name_words.tsv", NameWordRow)
    return frozenset(without_article(fold(word)) for row in rows if row.role == role for word in row.words)


@functools.cache
def ordinary_words() -> frozenset[str]:
    """Folded words without article that are hardly ever part of a name."""
    return frozenset(row.word for row in seeds.read("ordinary_words.tsv", OrdinaryWordRow))


@functools.cache
def _common() -> frozenset[str]:
    """All words that tell of no name: ordinary ones, common nouns, peoples and epithets."""
    return ordinary_words().union(*map(name_words, ("common", "people", "epithet")))


@functools.lru_cache(maxsize=32768)
def is_ordinary(word: str) -> bool:
    """Whether a folded word, in any reading of its clitics, is an ordinary one.

    >>> is_ordinary(fold("الكيماوي")), is_ordinary(fold("لافروف"))
    (True, False)
    """
    return not _common().isdisjoint(plain for stem, _ in stems(word) for plain in _plain_forms(stem))


def _plain_forms(word: str) -> Iterator[str]:
    """A word without its article, and without the pronoun or accusative that can end a noun (``جيبه``, ``رتلا``)."""
    yield without_article(word)
    yield from (
        word.removesuffix(end) for end in ENDINGS if word.endswith(end) and len(word) - len(end) >= SHORTEST_NOUN
    )


@functools.lru_cache(maxsize=8192)
def joined(name: str) -> tuple[str, ...]:
    """The folded words of a name, each with its particle: ``دي ميستورا`` and ``عبد الله`` are one word.

    >>> len(joined("ستافان دي ميستورا")), joined("عبد الله") == joined("عبدالله")
    (2, True)
    """
    words: list[str] = []
    open_ended = False
    for word in fold(name).split():
        if open_ended:
            words[-1] += word
        else:
            words.append(word)
        open_ended = word in name_words("particle")
    return tuple(words)
