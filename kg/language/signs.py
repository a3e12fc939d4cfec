"""Where in a sentence something can begin: one look at each word for all that is sought, so that rules look only there."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence

from kg.language.arabic import ALEF, ARTICLE, HEH, LAM, stems, without_article
from kg.language.words import Word

Starts = dict[str, list[int]]
"""For each thing sought, the indices of the words of a sentence with which it can begin."""


class Signs:
    """The first words of what is sought, under a name for each; folded, with or without article."""

    def __init__(self, **firsts: Iterable[str]) -> None:
        self._sought = tuple(firsts)
        self._signs: dict[str, tuple[str, ...]] = {}
        for name, words in firsts.items():
            for word in words:
                self._signs[word] = (*self._signs.get(word, ()), name)
        self._of = functools.lru_cache(maxsize=65536)(self._find)

    def _find(self, word: str) -> tuple[str, ...]:
        """What can begin with a folded word; nothing with most."""
        return tuple({name for form in self._signs.keys() & _readings(word) for name in self._signs[form]})

    def starts(self, words: Sequence[Word]) -> Starts:
        """Where in a sentence what is sought can begin; whether it does is for its finder to say.

        >>> from kg.language.words import words_of
        >>> Signs(city=["حلب"], body=["جيش"]).starts(words_of("دخل الجيش السوري وحلفاؤه حلب"))
        {'city': [4], 'body': [1]}
        """
        starts: Starts = {name: [] for name in self._sought}
        for at, word in enumerate(words):
            for name in self._of(word.folded):
                starts[name].append(at)
        return starts


def _readings(word: str) -> Iterator[str]:
    """A folded word in every reading of its clitics, with its article and without, and without the ending of an adjective."""
    yield word[1:]
    yield without_article(word[1:])
    for stem, cut in stems(word):
        plain = without_article(stem)
        yield from (stem, plain, plain.removesuffix(HEH), plain.removesuffix(ALEF))
        if word[max(0, cut - 2) : cut] == LAM + LAM:
            yield ARTICLE + stem
