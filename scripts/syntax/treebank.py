"""Treebanks as trees over surface tokens, and none of a test file in what is trained on.

A token that stands for several words (``ولروسيا``) has the tag of its one word that says something, and hangs where they hang:
names and triggers are found in tokens, and the encoder sees tokens.
"""

from __future__ import annotations

import lzma
import pathlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from scripts.ner_data import SHORTEST, forbid, sentence_hash

FUNCTION = frozenset({"ADP", "AUX", "CCONJ", "CONJ", "DET", "PART", "PRON", "PUNCT", "SCONJ"})
MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")
ALEF_WASLA, ALEF = "\u0671", "\u0627"
PROCLITICS = frozenset("\u0648\u0641\u0628\u0644\u0643\u0633")  # waw, feh, beh, lam, kaf, seen
ENCLITICS = frozenset(["ه", "ها", "هم", "هما", "هن", "ك", "كم", "نا", "ي", "ني"])
LABELS_NOW = {
    "dobj": "obj", "nsubjpass": "nsubj:pass", "auxpass": "aux", "csubjpass": "csubj", "neg": "advmod", "foreign": "flat",
    "name": "flat", "mwe": "fixed", "iobj": "obl",
}  # fmt: skip
"""Labels of the first version of Universal Dependencies, and what the second says; PADT's ``iobj`` has a preposition."""


class Tree(NamedTuple):
    """A sentence. ``heads`` are indices of tokens, -1 for the root's."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]
    heads: tuple[int, ...]
    labels: tuple[str, ...]


class Row(NamedTuple):
    """A word of a treebank; ``head`` counts from 1, 0 is none."""

    form: str
    tag: str
    head: int
    label: str


Group = tuple[str, int, int]
"""A surface token, its first word and the one behind its last, counted from 0."""


def read_trees(path: pathlib.Path) -> Iterator[Tree]:
    """The sentences of a CoNLL-U file, plain or xz. One without multiword tokens (UD 1) has them made of its clitics."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as source:
        blocks = source.read().split("\n\n")
    sentences = [[line.split("\t") for line in block.splitlines() if line and line[0] != "#"] for block in blocks]
    written = any("-" in columns[0] for sentence in sentences for columns in sentence)
    for columns in filter(None, sentences):
        words = [c for c in columns if c[0].isdigit()]
        rows = [Row(bare(c[1]), c[3], int(c[6]), c[7]) for c in words]
        groups = _written(columns, rows) if written else list(glued(rows))
        yield collapsed([row._replace(label=label_now(row, rows)) for row in rows], groups)


def bare(form: str) -> str:
    """A form without vowel signs."""
    return MARKS.sub("", form).replace(ALEF_WASLA, ALEF) or form


def label_now(row: Row, rows: Sequence[Row]) -> str:
    """A relation's label as UD 2 has it, without subtypes but the passive subject; under a verb, ``nmod`` is ``obl``."""
    label = LABELS_NOW.get(row.label, row.label)
    if label == "nmod" and row.head and rows[row.head - 1].tag == "VERB":
        return "obl"
    return label if label == "nsubj:pass" else label.partition(":")[0]


def _written(columns: Iterable[Sequence[str]], rows: Sequence[Row]) -> list[Group]:
    ranges = {int(c[0].split("-")[0]): (int(c[0].split("-")[1]), c[1]) for c in columns if "-" in c[0]}
    groups: list[Group] = []
    while (at := groups[-1][2] if groups else 0) < len(rows):
        last, form = ranges.get(at + 1, (at + 1, rows[at].form))
        groups.append((form, at, last))
    return groups


def glued(rows: Sequence[Row]) -> Iterator[Group]:
    """The surface tokens of words that are given apart: one-letter particles with what follows, pronouns with what precedes.

    >>> words = [Row("و", "CONJ", 2, "cc"), Row("ل", "ADP", 3, "case"), Row("الحكومة", "NOUN", 0, "root")]
    >>> list(glued(words))
    [('وللحكومة', 0, 3)]
    """
    form, start = "", 0
    for at, row in enumerate(rows):
        form = form[:-1] + "لل" + row.form[2:] if form.endswith("ل") and row.form.startswith("ال") else form + row.form
        following = rows[at + 1] if at + 1 < len(rows) else None
        opens = row.form in PROCLITICS and row.tag in FUNCTION
        owned = following and following.tag == "PRON" and following.form in ENCLITICS and row.tag != "PUNCT"
        if not (following and (opens or owned)):
            yield form, start, at + 1
            form, start = "", at + 1


def collapsed(rows: Sequence[Row], groups: Sequence[Group]) -> Tree:
    """The tree over surface tokens: each has the tag of its main word, and the head and label of what hangs on another token.

    >>> collapsed([Row("و", "CCONJ", 2, "cc"), Row("قال", "VERB", 0, "root")], [("وقال", 0, 2)])
    Tree(tokens=('وقال',), tags=('VERB',), heads=(-1,), labels=('root',))
    """
    token_of = {word: at for at, (_, first, last) in enumerate(groups) for word in range(first, last)}
    outward = [_outward(rows, first, last) for _, first, last in groups]
    tags = (_content(rows[first:last]).tag for _, first, last in groups)
    heads = (token_of[row.head - 1] if row.head else -1 for row in outward)
    return Tree(tuple(form for form, _, _ in groups), tuple(tags), tuple(heads), tuple(row.label for row in outward))


def _content(rows: Sequence[Row]) -> Row:
    """The first that is no function word, else the last."""
    return next((row for row in rows if row.tag not in FUNCTION), rows[-1])


def _outward(rows: Sequence[Row], first: int, last: int) -> Row:
    """Of a token's words that hang on no other of its words the root, else the main one."""
    outside = [row for row in rows[first:last] if not first < row.head <= last] or rows[first:last]
    return next((row for row in outside if not row.head), _content(outside))


def hashes(trees: Iterable[Tree]) -> frozenset[str]:
    """The hashes of the sentences that are long enough to be recognised."""
    return frozenset(sentence_hash(map(bare, tree.tokens)) for tree in trees if len(tree.tokens) >= SHORTEST)


def without(trees: Iterable[Tree], held_out: frozenset[str]) -> list[Tree]:
    """The trees whose sentences are not held out, checked once more by :func:`ner_data.forbid`."""
    kept = [tree for tree in trees if sentence_hash(map(bare, tree.tokens)) not in held_out]
    forbid((map(bare, tree.tokens) for tree in kept), held_out)
    return kept
