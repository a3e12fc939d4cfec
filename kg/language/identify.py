"""Whether a text is in Arabic: by the share of Arabic letters, and by the letters and words of languages that share them.

The languages are rows of ``seeds/languages.tsv``: letters that occur in them and hardly in the others, and their commonest
words. A text is in the language of which most of its words bear a sign; Arabic bears the article too.
"""

from __future__ import annotations

import functools
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
_ARABIC_LETTER = re.compile(f"[{_ARABIC_LETTERS}]")
_WORD = re.compile(f"[{_ARABIC_LETTERS}]+")
_MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")
_ARTICLE = ("ال", "وال", "بال", "لل", "فال", "كال")


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """A language in Arabic script, with letters and words that tell it."""

    language: str
    letters: tuple[str, ...]
    words: tuple[str, ...]


@functools.cache
def _languages() -> tuple[LanguageRow, ...]:
    return tuple(seeds.read("languages.tsv", LanguageRow))


def foreign(text: str) -> str:
    """What the text is in, if that is not Arabic; empty if it is, or if the text is too short to tell.

    >>> foreign("قال وزير الخارجية إن الجولة المقبلة من المحادثات ستعقد في أستانا")
    ''
    >>> foreign("وزیر امور خارجه گفت که دور بعدی گفتگوها در آستانه برگزار خواهد شد")
    'in Persian'
    >>> foreign("The next round of the talks will be held in Astana")
    'in Latin script'
    """
    sample = text[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if letters < SHORTEST:
        return ""
    if len(_ARABIC_LETTER.findall(sample)) < LEAST * letters:
        return f"in {_script(sample)} script"
    language = _language(sample)
    return "" if language == ARABIC else f"in {language}"


def _script(text: str) -> str:
    """The script of most letters, as Unicode calls it."""
    scripts = Counter(unicodedata.name(character, "unknown").split()[0] for character in text if character.isalpha())
    return scripts.most_common(1)[0][0].capitalize()


def _language(text: str) -> str:
    words = Counter(_WORD.findall(_MARKS.sub("", unicodedata.normalize("NFKC", text))))
    return max(_languages(), key=lambda row: _signs(row, words)).language


def _signs(row: LanguageRow, words: Counter[str]) -> int:
    """How many of the words bear a sign of this language."""
    letters, known, arabic = frozenset(row.letters), frozenset(row.words), row.language == ARABIC
    return sum(
        count
        for word, count in words.items()
        if word in known or not letters.isdisjoint(word) or (arabic and word.startswith(_ARTICLE))
    )
