"""Arabic as newsrooms type it: one lookup form for the many spellings of a name, with the way back to the text.

Folding follows what Arabic search engines do (Lucene's ``ArabicNormalizer``: alef and hamza forms, alef maksura, ta
marbuta, tatweel, diacritics), and adds what news pages bring along: presentation forms, bidi marks, other digits.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator

ALEF, WAW, YEH, HEH, LAM = "\u0627", "\u0648", "\u064a", "\u0647", "\u0644"
FEH, BEH, KAF, SEEN = "\u0641", "\u0628", "\u0643", "\u0633"
ARTICLE = ALEF + LAM
CONJUNCTIONS = frozenset(WAW + FEH)
PREPOSITIONS = frozenset(BEH + LAM + KAF)
SHORTEST_STEM = 3
"""Letters that must remain when a clitic is taken off: fewer, and the letter is more likely the word's own."""
CLITICS = frozenset(one + two for one in ("", *CONJUNCTIONS) for two in ("", LAM + LAM, *PREPOSITIONS))
"""All that can be taken off a word, nothing included."""

_LETTERS = {
    "\u0622": ALEF, "\u0623": ALEF, "\u0625": ALEF, "\u0671": ALEF,
    "\u0649": YEH, "\u0626": YEH, "\u06cc": YEH, "\u0624": WAW, "\u0629": HEH, "\u06a9": KAF,
}  # fmt: skip
MOST_CHARACTERS = 4096
"""Characters of which is remembered what they become."""
_DROPPED = {"\u0640", "\u0670"}  # tatweel, dagger alef


@functools.lru_cache(maxsize=MOST_CHARACTERS)
def _fold_character(character: str) -> str:
    """What one character becomes: a letter, several (ligatures), a space, or nothing."""
    return "".join(_folded(unit) for unit in unicodedata.normalize("NFKC", character).casefold())


def _folded(unit: str) -> str:
    category = unicodedata.category(unit)
    if unit in _DROPPED or category in ("Mn", "Cf", "Cs"):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(unit))
    if unit.isalnum():
        return _LETTERS.get(unit, unit)
    return " "


class _Folding(dict[int, str]):
    """What each character becomes, found out when it is first met."""

    def __missing__(self, character: int) -> str:
        folded = _fold_character(chr(character))
        if len(self) < MOST_CHARACTERS:
            self[character] = folded
        return folded


_FOLDED = _Folding()


@functools.lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The lookup form of ``text``: letters unified, marks and punctuation gone, single spaces.

    >>> fold("أَسْتَـانَة") == fold("استانه")
    True
    >>> fold("«جيش  الإسلام»،")
    'جيش الاسلام'
    """
    return folded(text)


def folded(text: str) -> str:
    """The same of a long text, which is not remembered."""
    return " ".join(text.translate(_FOLDED).split())


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The lookup form, and for each of its characters the index in ``text`` that it comes from.

    >>> fold_with_offsets("في ، إدلب")
    ('في ادلب', [0, 1, 2, 5, 6, 7, 8])
    """
    folded: list[str] = []
    offsets: list[int] = []
    for index, character in enumerate(text):
        for unit in _fold_character(character):
            if unit == " " and (not folded or folded[-1] == " "):
                continue
            folded.append(unit)
            offsets.append(index)
    while folded and folded[-1] == " ":
        folded.pop()
        offsets.pop()
    return "".join(folded), offsets


def with_article(word: str) -> str:
    """A folded word behind *li*, which hides its article, with that article; any other word as it is.

    >>> with_article("للبيان")
    'البيان'
    """
    return ARTICLE + word[2:] if word.startswith(LAM + LAM) else word


@functools.lru_cache(maxsize=65536)
def without_article(word: str) -> str:
    """A folded word without its definite article.

    >>> without_article("الاسلام")
    'اسلام'
    """
    return word[2:] if word.startswith(ARTICLE) and len(word) > len(ARTICLE) + 1 else word


def key(name: str) -> str:
    """The form under which a name is looked up: folded, every word without its article.

    >>> key("الجبهة الجنوبية") == key("جبهة الجنوبية")
    True
    """
    return " ".join(map(without_article, fold(name).split()))


@functools.lru_cache(maxsize=65536)
def stems(word: str) -> tuple[tuple[str, int], ...]:
    """Every reading of a folded word as clitics and a rest: the rest, and how many letters stand before it.

    The word itself comes first. What ``li`` and the article become together is read as an article.

    >>> stems("وروسيا")
    (('وروسيا', 0), ('روسيا', 1))
    >>> ("نظام", 2) in stems("للنظام")
    True
    """
    return tuple(_stems(word))


def _stems(word: str) -> Iterator[tuple[str, int]]:
    yield word, 0
    cut = 0
    if word[:1] in CONJUNCTIONS and len(word) > SHORTEST_STEM:
        cut = 1
        yield word[1:], 1
    for start in {0, cut}:
        rest = word[start:]
        if rest.startswith(LAM + LAM) and len(rest) > SHORTEST_STEM + 1:
            yield rest[2:], start + 2
        elif rest[:1] in PREPOSITIONS and len(rest) > SHORTEST_STEM:
            yield rest[1:], start + 1
