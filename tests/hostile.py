"""Arabic text as it should not be: random, mutated and pumped, for Hypothesis and for the fuzzer."""

from __future__ import annotations

from hypothesis import strategies as st

from kg.resources import folder
from tests.pumped import UNITS, text

SEEDS = tuple(path.read_text(encoding="utf-8") for path in sorted((folder("seeds") / "articles").glob("*.txt")))
WORDS = tuple(dict.fromkeys(word for seed in SEEDS for word in seed.split()))
MARKS = tuple(
    "\u200e\u200f\u202a\u202b\u202c\u202e\u2066\u2067\u2069\ufeff\u200b\u0640\u064b\u0651\x00\x1b\ud800\udfff\ufffe\U0010ffff"
)
"""Marks of direction, elongation, vowels, controls, lone surrogates, and what is no character."""
PRESENTED = tuple(map(chr, [*range(0xFB50, 0xFB60), *range(0xFE80, 0xFEFD)]))
"""Letters in the forms in which old fonts draw them."""

pieces = st.one_of(
    st.sampled_from(UNITS),
    st.sampled_from(WORDS),
    st.sampled_from(MARKS),
    st.sampled_from(PRESENTED),
    st.text(max_size=8),
)
pumped = st.builds(text, st.sampled_from(UNITS), st.integers(0, 3000))
mixed = st.lists(st.one_of(pieces, pieces.map(lambda piece: f"{piece} ")), max_size=60).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A part of a seed article with pieces put in, taken out and repeated."""
    whole = draw(st.sampled_from(SEEDS))
    start = draw(st.integers(0, len(whole) - 1))
    found = whole[start : start + draw(st.integers(1, 1200))]
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(found)))
        end = min(len(found), at + draw(st.integers(0, 40)))
        found = found[:at] + draw(pieces) * draw(st.integers(0, 4)) + found[draw(st.sampled_from((at, end))) :]
    return found


texts = st.one_of(mutated(), mixed, pumped)
