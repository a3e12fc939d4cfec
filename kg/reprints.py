"""Which articles are copies of one another: the same agency text under another name, whole or cut.

Candidates come from MinHash with locality-sensitive hashing (Broder 1997; Leskovec, Rajaraman and Ullman, *Mining of
Massive Datasets*, chapter 3), and are then compared exactly, so that what counts as a copy does not depend on chance.
"""

from __future__ import annotations

import functools
import itertools
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from kg.language.arabic import fold
from kg.model import Article

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


Age = tuple[bool, str, str]
"""What the earliest of several articles has least of: whether its day is unknown, the day, the id."""


def copies(articles: Iterable[Article]) -> dict[str, str]:
    """For the id of each article that is a copy, the id of the article that stands for all its copies.

    That one is the earliest by publication; articles without date come last, and among equals the id decides. A copy
    of a copy is a copy. An article that is no copy and has none is not in the answer; nor is the one that stands for
    the others.
    """
    found = {article.id: article for article in articles}
    sketches = {key: sketch(article.text) for key, article in found.items()}
    return copies_among(sketches, lambda key: found[key].text, {key: age(found[key]) for key in found})


def copies_among(sketches: Mapping[str, bytes], text: Callable[[str], str], ages: Mapping[str, Age]) -> dict[str, str]:
    """What :func:`copies` gives, of articles of which only the sketches are at hand.

    ``text`` gives the text of an article by its id; only those that look alike are asked for.
    """
    groups: dict[str, set[str]] = {key: {key} for key in sketches}
    runs = functools.lru_cache(1024)(lambda key: shingles(text(key)))
    for one, other in _alike(sketches):
        if groups[one] is not groups[other] and is_copy(runs(one), runs(other)):
            groups[one] |= groups[other]
            groups.update(dict.fromkeys(groups[other], groups[one]))
    firsts = {id(group): min(group, key=ages.__getitem__) for group in groups.values() if len(group) > 1}
    return {key: first for key, group in sorted(groups.items()) if (first := firsts.get(id(group), key)) != key}


def sketch(text: str) -> bytes:
    """A text as its MinHash: 126 numbers of 32 bits, of which alike texts share many."""
    from datasketch import MinHash

    made = MinHash(num_perm=_PERMUTATIONS, seed=_SEED, hashfunc=int)
    made.update_batch(sorted(shingles(text)))
    return bytes(made.hashvalues.astype("<u4").tobytes())


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


def age(article: Article) -> Age:
    """By what an article counts as earlier than another."""
    return (article.published is None, article.published.isoformat() if article.published else "", article.id)


def _alike(sketches: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The pairs that agree in a band, some of them repeatedly; in order."""
    import numpy

    keys = sorted(sketches)
    table = numpy.frombuffer(b"".join(sketches[key] for key in keys), "<u4").reshape(len(keys), _BANDS, _ROWS)
    for band in range(_BANDS):
        for bucket in _buckets(table[:, band]):
            yield from itertools.combinations([keys[row] for row in bucket], 2)


def _buckets(band: Any) -> Iterator[list[int]]:
    """The rows that are equal to another, equal ones together, in order."""
    import numpy

    order = numpy.lexsort(band.T)
    ends = numpy.flatnonzero((band[order[1:]] != band[order[:-1]]).any(axis=1)) + 1
    for bucket in numpy.split(order, ends):
        if len(bucket) > 1:
            yield sorted(bucket.tolist())
