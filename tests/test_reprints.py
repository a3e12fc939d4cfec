"""Copies of one text are found, whatever the outlet adds or cuts; different reports of one event are not copies."""

from __future__ import annotations

import datetime
import itertools

import pytest

from kg.reprints import copies, is_copy, shingles
from kg.resources import folder
from tests.graph_factory import article

SEED = (folder("seeds") / "articles" / "seed-002.txt").read_text(encoding="utf-8")
SENTENCES = [sentence for sentence in SEED.replace("\n", ".").split(".") if len(sentence.split()) > 3]


def test_a_copy_points_to_the_earliest() -> None:
    late, early = datetime.date(2017, 7, 5), datetime.date(2017, 7, 4)
    found = copies(
        [
            article("a1", text=SEED, published=late),
            article("b2", text=SEED, published=early),
            article("c3", text=SEED, published=None),
            article("d4", text="نص آخر تماما لا علاقة له بما سبق", published=early),
        ]
    )
    assert found == {"a1": "b2", "c3": "b2"}


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(f"وكالات - {SEED}\nالمصدر: وكالة الأنباء", id="framed"),
        pytest.param(SEED.replace("ا", "اـ").replace("،", " ،"), id="typed otherwise"),
        pytest.param(". ".join(SENTENCES[: len(SENTENCES) // 2]), id="first half only"),
        pytest.param(". ".join(SENTENCES[1:]), id="first sentence cut"),
        pytest.param(f"{SEED} {' '.join(f'كلمة{n}' for n in range(len(SEED.split()) // 2))}", id="continued"),
    ],
)
def test_what_outlets_do_to_a_text_leaves_it_a_copy(changed: str) -> None:
    assert copies([article("a1", text=SEED), article("a2", text=changed)]) == {"a2": "a1"}


def test_the_seed_articles_are_no_copies() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((folder("seeds") / "articles").glob("*.txt"))]
    assert copies([article(f"a{n}", text=text) for n, text in enumerate(texts)]) == {}
    assert not any(is_copy(shingles(one), shingles(other)) for one, other in itertools.combinations(texts, 2))


def test_short_texts_are_copies_only_if_they_are_equal() -> None:
    texts = ("قصف", "قصفٌ", "هدنة", "قصف اليوم", "تبدأ الجولة الأولى غدا في أستانا", "تبدأ الجولة الثانية غدا في أستانا")
    assert copies([article(f"a{n}", text=text) for n, text in enumerate(texts)]) == {"a1": "a0"}


def test_copies_of_copies_are_one_family_in_any_order() -> None:
    half = ". ".join(SENTENCES[: len(SENTENCES) // 2])
    some = [article("a1", text=SEED), article("a2", text=half), article("a3", text=f"{half} {'زيادة ' * 20}")]
    for order in itertools.permutations(some):
        assert copies(order) == {"a2": "a1", "a3": "a1"}


def test_nothing_gives_nothing() -> None:
    assert copies([]) == {}
