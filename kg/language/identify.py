"""Whether a text is in Arabic: by the share of Arabic letters, and by the letters and words of languages that share them.

The languages are rows of ``seeds/languages.tsv``: letters that occur in them and hardly in the others, and their commonest
words. A text is in the language of which most of its words bear a sign; Arabic bears the article too.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from kg import seeds

ARABIC = "Arabic"
SHORTEST = 40
"""Letters under which a text is too short to tell."""
LEAST = 0.5
"""Share of the letters that must be Arabic ones. The least of 29,406 Arabic news articles has 0.81."""
SAMPLE = 20_000
"""Characters at the beginning by which a text is judged."""

_ARABIC_LETTERS = "\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"
_WORD = re.compile(f"[{_ARABIC_LETTERS}]+")
_OTHER_LETTERS = re.compile(f"[^\\W\\d_{_ARABIC_LETTERS}]+")
_MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")
MOST_WORDS = 65_536
"""Words of which is remembered what they tell."""
_ARTICLE = ("ال", "وال", "بال", "لل", "فال", "كال")


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """A language in Arabic script, with letters and words that tell it."""

    language: str
    letters: tuple[str, ...]
    words: tuple[str, ...]


@functools.cache
def _languages() -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """Each language with its letters and its words, in the order of the table."""
    rows = seeds.read("languages.tsv", LanguageRow)
    return tuple((row.language, frozenset(row.letters), frozenset(row.words)) for row in rows)


def foreign(text: str) -> str:
    """What the text is in, if that is not Arabic; empty if it is, or if the text is too short to tell.

    >>> foreign("قال وزير الخارجية إن الجولة المقبلة من المحادثات ستعقد في أستانا")
    ''
    >>> foreign("وزیر امور خارجه گفت که دور بعدی گفتگوها در آستانه برگزار خواهد شد")
    'in Persian'
    >>> foreign("The next round of the talks will be held in Astana")
    'in Latin script'
    """
    sample = _MARKS.sub("", unicodedata.normalize("NFKC", text[:SAMPLE]))
    words = _WORD.findall(sample)
    arabic, others = (sum(map(len, found)) for found in (words, _OTHER_LETTERS.findall(sample)))
    if arabic + others < SHORTEST:
        return ""
    if arabic < LEAST * (arabic + others):
        return f"in {_script(sample)} script"
    if _is_plainly_arabic(sample, words):
        return ""
    language = _language(words)
    return "" if language == ARABIC else f"in {language}"


@functools.cache
def _plain_signs() -> tuple[frozenset[str], frozenset[str], re.Pattern[str]]:
    """The words of Arabic, the words of all other languages, and what finds a letter of theirs."""
    arabic = next(words for language, _, words in _languages() if language == ARABIC)
    others = [(letters, words) for language, letters, words in _languages() if language != ARABIC]
    letters = "".join(sorted({letter for some, _ in others for letter in some}))
    return arabic, frozenset[str]().union(*(words for _, words in others)), re.compile(f"[{re.escape(letters)}]")


def _is_plainly_arabic(sample: str, words: list[str]) -> bool:
    """Whether words alone decide: no letter of another language, and fewer of their words than of Arabic ones."""
    arabic, others, letters = _plain_signs()
    return not letters.search(sample) and sum(map(arabic.__contains__, words)) > sum(map(others.__contains__, words))


def _script(text: str) -> str:
    """The script of most letters, as Unicode calls it."""
    scripts = Counter(unicodedata.name(character, "unknown").split()[0] for character in text if character.isalpha())
    return scripts.most_common(1)[0][0].capitalize()


def _language(words: list[str]) -> str:
    """The language of which most words bear a sign; of several the first in the table."""
    signs = Counter(itertools.chain.from_iterable(map(_SIGNED.__getitem__, words)))
    return max((language for language, *_ in _languages()), key=signs.__getitem__)


def _signed(word: str) -> tuple[str, ...]:
    """The languages of which this word bears a sign."""
    return tuple(
        language
        for language, letters, told in _languages()
        if word in told or not letters.isdisjoint(word) or (language == ARABIC and word.startswith(_ARTICLE))
    )


class _Signed(dict[str, tuple[str, ...]]):
    """The languages of which each word bears a sign, found out when it is first met."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        signed = _signed(word)
        if len(self) < MOST_WORDS:
            self[word] = signed
        return signed


_SIGNED = _Signed()
