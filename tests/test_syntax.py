"""Treebanks become trees over surface tokens; a name hangs on a trigger where the tree says so."""

from __future__ import annotations

import pathlib
from typing import Any

import pytest

from kg.language.words import words_of
from kg.model import Token
from kg.span import Span
from scripts.syntax import treebank, uses

FIRST_VERSION = """\
# sent_id = 1
1\tوَ\tوَ\tCONJ\t_\t_\t0\troot\t_\t_
2\tأَعلَنَت\tأَعلَن\tVERB\t_\t_\t1\tconj\t_\t_
3\tرُوسِيَا\tرُوسِيَا\tX\t_\t_\t2\tnsubj\t_\t_
4\tدَعم\tدَعم\tNOUN\t_\t_\t2\tdobj\t_\t_
5\tهَا\tهُوَ\tPRON\t_\t_\t4\tnmod\t_\t_
6\tلِ\tلِ\tADP\t_\t_\t7\tcase\t_\t_
7\tاَلحُكُومَةِ\tحُكُومَة\tNOUN\t_\t_\t2\tnmod\t_\t_

"""
WRITTEN = """\
1-2\tوأعلنت\t_\t_\t_\t_\t_\t_\t_\t_
1\tو\t_\tCCONJ\t_\t_\t2\tcc\t_\t_
2\tأعلنت\t_\tVERB\t_\t_\t0\troot\t_\t_
3\tروسيا\t_\tPROPN\t_\t_\t2\tnsubj:pass\t_\t_

"""


def read(text: str, folder: pathlib.Path) -> list[Any]:
    path = folder / "a.conllu"
    path.write_text(text, encoding="utf-8")
    return list(treebank.read_trees(path))


def test_words_given_apart_are_written_together(tmp_path: pathlib.Path) -> None:
    (tree,) = read(FIRST_VERSION, tmp_path)
    assert tree.tokens == ("وأعلنت", "روسيا", "دعمها", "للحكومة")
    assert tree.tags == ("VERB", "X", "NOUN", "NOUN")
    assert tree.heads == (-1, 0, 0, 0)
    assert tree.labels == ("root", "nsubj", "obj", "obl")  # what hangs on a verb is oblique now


def test_written_tokens_are_kept(tmp_path: pathlib.Path) -> None:
    assert read(WRITTEN, tmp_path) == [
        treebank.Tree(("وأعلنت", "روسيا"), ("VERB", "PROPN"), (-1, 0), ("root", "nsubj:pass"))
    ]


def test_no_sentence_that_is_held_out_is_trained_on() -> None:
    tokens = ("وصل", "الوفد", "إلى", "أستانا", "صباح", "اليوم")
    tree = treebank.Tree(tokens, ("X",) * 6, (-1, 0, 0, 0, 0, 0), ("dep",) * 6)
    vocalised = tree._replace(tokens=("وَصَلَ", *tokens[1:]))
    other = tree._replace(tokens=("غادر", *tokens[1:]))
    assert treebank.without([vocalised, other], treebank.hashes([tree])) == [other]


def parsed(text: str, heads: tuple[int, ...], labels: tuple[str, ...]) -> Any:
    tokens = tuple(Token(Span(w.span.start, w.span.end), (w.text,)) for w in words_of(text))
    return uses.Parsed(tokens, [{} for _ in tokens], heads, labels, tuple(0.5 + at / 10 for at in range(len(tokens))))


@pytest.mark.parametrize(
    ("text", "heads", "labels", "trigger", "name", "place"),
    [
        ("التقى وزير روسيا", (-1, 0, 1), ("root", "nsubj", "nmod"), 0, 2, "nsubj"),
        ("التقى وزير روسيا", (-1, 0, 1), ("root", "nsubj", "nmod"), 2, 0, ""),
        ("روسيا التي قصفت إدلب", (-1, 2, 0, 2), ("root", "nsubj", "acl", "obj"), 2, 0, "relative"),
        ("وصلت روسيا وقصفت إدلب", (-1, 0, 0, 2), ("root", "nsubj", "conj", "obj"), 2, 1, "nsubj"),
        ("قالت روسيا إن إيران قصفت", (-1, 0, 4, 4, 0), ("root", "nsubj", "mark", "nsubj", "ccomp"), 4, 1, ""),
    ],
)
def test_where_a_name_hangs(
    text: str, heads: tuple[int, ...], labels: tuple[str, ...], trigger: int, name: int, place: str
) -> None:
    tree = parsed(text, heads, labels)
    assert tree.place(name, tree.anchors(trigger, noun=False)) == place


def test_a_noun_has_the_doer_of_its_light_verb() -> None:
    tree = parsed("شنت روسيا هجوما", (-1, 0, 0), ("root", "nsubj", "obj"))
    assert tree.place(1, tree.anchors(2, noun=True)) == "nsubj"
    assert tree.place(1, tree.anchors(2, noun=False)) == ""


def test_certainty_is_that_of_the_doubtful_step() -> None:
    tree = parsed("التقى وزير روسيا", (-1, 0, 1), ("root", "nsubj", "nmod"))
    assert tree.certainty(2) == tree.sure[1]
    assert tree.certainty(0) == tree.sure[0]
