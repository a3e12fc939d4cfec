"""Which articles are copies of one another: the same agency text under another name, whole or cut.

Candidates come from MinHash with locality-sensitive hashing (Broder 1997; Leskovec, Rajaraman and Ullman, *Mining of
Massive Datasets*, chapter 3), and are then compared exactly, so that what counts as a copy does not depend on chance.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from kg.language.arabic import fold
from kg.model import Article

if TYPE_CHECKING:
    from datasketch import MinHashLSH

SHINGLE = 3
"""Words that are compared at once."""
SAME = 0.5
"""Share of all shingles of two texts that are in both, from which on one is a copy of the other."""
CONTAINED = 0.75
"""Share of the shorter text's shingles that are in the longer, from which on the shorter is a copy cut from it."""
SHORT = 10
"""Different runs under which a text is a copy only of its equal: short notices are alike without being copied."""
_BANDS, _ROWS = 42, 3
"""Two texts are compared if they agree in one of 42 bands of 3 hashes: nearly surely from a similarity of 0.4 on."""
_PERMUTATIONS = _BANDS * _ROWS
_SEED = 1


def copies(articles: Iterable[Article]) -> dict[str, str]:
    """For the id of each article that is a copy, the id of the article that stands for all its copies.

    That one is the earliest by publication; articles without date come last, and among equals the id decides. A copy
    of a copy is a copy. An article that is no copy and has none is not in the answer; nor is the one that stands for
    the others.
    """
    found = {article.id: article for article in articles}
    groups: dict[str, set[str]] = {key: {key} for key in found}
    for one, other in _pairs(found):
        if groups[one] is not groups[other]:
            groups[one] |= groups[other]
            groups.update(dict.fromkeys(groups[other], groups[one]))
    firsts = {id(group): min(group, key=lambda key: _age(found[key])) for group in groups.values()}
    return {key: firsts[id(group)] for key, group in groups.items() if firsts[id(group)] != key}


def shingles(text: str) -> frozenset[int]:
    """The text as the set of its runs of three folded words, each as a number (CRC-32); short texts are one run."""
    words = fold(text).split()
    runs = (" ".join(words[start : start + SHINGLE]) for start in range(max(1, len(words) - SHINGLE + 1)))
    return frozenset(zlib.crc32(run.encode()) for run in runs)


def is_copy(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether two texts, as shingles, are copies of one another.

    >>> is_copy(shingles("قال الوزير أمس إن الجولة تبدأ غدا"), shingles("قال الوزير إن الطقس جميل"))
    False
    """
    if min(len(one), len(other)) < SHORT:
        return one == other
    shared = len(one & other)
    return shared >= SAME * len(one | other) or shared >= CONTAINED * min(len(one), len(other))


def _age(article: Article) -> tuple[bool, str, str]:
    return (article.published is None, article.published.isoformat() if article.published else "", article.id)


def _pairs(articles: Mapping[str, Article]) -> Iterator[tuple[str, str]]:
    """The pairs of copies."""
    from datasketch import MinHashLSH

    sets = {key: shingles(articles[key].text) for key in sorted(articles)}
    index = MinHashLSH(num_perm=_PERMUTATIONS, params=(_BANDS, _ROWS))
    for key, runs in sets.items():
        for candidate in sorted(_insert(index, key, runs)):
            if is_copy(runs, sets[candidate]):
                yield candidate, key


def _insert(index: MinHashLSH, key: str, runs: frozenset[int]) -> list[str]:
    """Put a text into the index; the keys of those before it that look alike."""
    from datasketch import MinHash

    sketch = MinHash(num_perm=_PERMUTATIONS, seed=_SEED, hashfunc=int)
    sketch.update_batch(sorted(runs))
    alike: list[str] = index.query(sketch)
    index.insert(key, sketch, check_duplication=False)
    return alike
