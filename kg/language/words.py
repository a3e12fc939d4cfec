"""The words of a text as lookup sees them: runs of letters, of digits, and single marks, each with its place.

Names and triggers are looked up in these rather than in Stanza's tokens, because ``أستانا5`` must fall apart here.
"""

from __future__ import annotations

import bisect
import functools
import operator
import re
from collections.abc import Sequence
from typing import NamedTuple

from kg.language.arabic import fold, fold_with_offsets
from kg.span import Span

_MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u0640\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2066-\u2069"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_MARKS}]+[^\W\d_]*)*|\d+|[^\s{_MARKS}]")
QUOTES = frozenset("\"'«»“”„‟‘’`")
_START, _END = operator.attrgetter("span.start"), operator.attrgetter("span.end")


class Word(NamedTuple):
    """A word, number or mark. ``folded`` is its lookup form; a mark is its own; ``text`` is how it is written."""

    span: Span
    folded: str
    text: str

    def offset(self, count: int) -> int:
        """Where in the whole text the letter stands that follows the first ``count`` folded letters.

        >>> words_of("وَرُوسيا")[0].offset(1)
        2
        """
        return self.span.start + fold_with_offsets(self.text)[1][count] if count else self.span.start

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation rather than a word or number."""
        return not self.folded[0].isalnum()


@functools.lru_cache(maxsize=65536)
def _lookup_form(word: str) -> str:
    return fold(word) or word


@functools.lru_cache(maxsize=2048)
def words_of(text: str, span: Span | None = None) -> tuple[Word, ...]:
    """The words of a text, or of a slice of it, with offsets into the whole text.

    >>> [word.folded for word in words_of("في أستانا5،")]
    ['في', 'استانا', '5', '،']
    """
    area = span or Span(0, len(text))
    matches = _WORD.finditer(text, area.start, area.end)
    return tuple([Word(Span(*m.span()), _lookup_form(written := m[0]), written) for m in matches])


def before(words: Sequence[Word], span: Span) -> Sequence[Word]:
    """The words that end before a span begins; the words are in order."""
    return words[: bisect.bisect_right(words, span.start, key=_END)]


def behind(words: Sequence[Word], span: Span) -> Sequence[Word]:
    """The words that begin behind a span; the words are in order."""
    return words[bisect.bisect_left(words, span.end, key=_START) :]


def overlapping(words: Sequence[Word], span: Span) -> range:
    """The indices of the words that share a character with a span; the words are in order.

    >>> overlapping(words_of("في أستانا 5"), Span(4, 11))
    range(1, 3)
    """
    first = bisect.bisect_right(words, span.start, key=_END)
    last = bisect.bisect_left(words, span.end, key=_START)
    return range(first, max(first, last))
