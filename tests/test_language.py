"""Folding, words, inflection: round trips and the ways newsrooms type."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ids import article_iri, digest, new_slug, slug
from kg.language.arabic import CLITICS, fold, fold_with_offsets, key, stems
from kg.language.cues import NEGATION, PLANNED, has_role, is_future_verb
from kg.language.inflect import agreement, noun_forms, verb_forms
from kg.language.signs import Signs
from kg.language.words import overlapping, words_of
from kg.span import Span


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أستانة", "استانه"), ("ﺳﻮﺭﻳﺎ", "سوريا"), ("بـوتـيـن", "بوتين"), ("مُحَمَّد", "محمد"), ("١٢", "12"), ("۱۲", "12"),
        ("\u202bسوريا\u202c", "سوريا"), ("إدلب\u200f", "ادلب"), ("على", "علي"), ("مسؤول", "مسوول"),
    ],
)  # fmt: skip
def test_spellings_that_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_offsets_point_at_the_characters_that_fold(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert len(folded) == len(offsets)
    assert offsets == sorted(offsets)
    assert all(character in f"{fold(text[at])} " for character, at in zip(folded, offsets, strict=True))


@given(st.text())
def test_words_are_slices_in_order(text: str) -> None:
    words = words_of(text)
    assert all(word.folded for word in words)
    assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(words))


@given(st.text(alphabet="وفبلكالسترم", min_size=1, max_size=8))
def test_a_stem_is_the_end_of_its_word(word: str) -> None:
    for stem, cut in stems(word):
        assert word[cut:] == stem


def test_key_ignores_articles() -> None:
    assert key("الجيش السوري الحر") == key("جيش سوري حر")


@pytest.mark.parametrize(
    ("perfect", "imperfect", "form"),
    [
        ("شارك", "يشارك", "شاركوا"), ("التقى", "يلتقي", "التقيا"), ("رعى", "يرعى", "ترعى"), ("دعا", "يدعو", "دعت"),
        ("قصف", "يقصف", "قصفتها"), ("قاطع", "يقاطع", "قاطعته"), ("اتهم", "يتهم", "يتهمون"),
    ],
)  # fmt: skip
def test_verb_forms(perfect: str, imperfect: str, form: str) -> None:
    assert fold(form) in {text for text, _, _ in verb_forms(perfect, imperfect)}


@pytest.mark.parametrize(
    ("perfect", "imperfect", "form", "whom"),
    [
        ("اتهم", "يتهم", "اتهم", "masculine"), ("اتهم", "يتهم", "تتهم", "feminine"), ("دعا", "يدعو", "دعت", "feminine"),
        ("دعا", "يدعو", "دعا", "masculine"), ("التقى", "يلتقي", "التقيا", "many"), ("شارك", "يشارك", "شاركا", "many"),
        ("دعم", "يدعم", "دعمتا", "many"), ("التقى", "يلتقي", "يلتقون", "many"), ("اتهم", "يتهم", "اتهمته", "feminine"),
    ],
)  # fmt: skip
def test_agreement(perfect: str, imperfect: str, form: str, whom: str) -> None:
    assert agreement(fold(form), perfect, imperfect).value == whom


def test_noun_forms_with_owner() -> None:
    assert {text for text, owned in noun_forms("مشاركة") if owned} >= {"مشاركته", "مشاركتهم"}


@given(st.text(alphabet="سو 5،ّ."), st.integers(0, 12), st.integers(1, 12))
def test_overlapping_words_are_those_that_share_a_character(text: str, start: int, length: int) -> None:
    words, span = words_of(text), Span(start, start + length)
    assert [*overlapping(words, span)] == [at for at, word in enumerate(words) if word.span.overlaps(span)]


@given(st.text(alphabet="وفبلكاسن", min_size=2, max_size=8))
def test_nothing_is_taken_off_a_word_but_clitics(word: str) -> None:
    assert {word[:cut] for _, cut in stems(word)} <= CLITICS


@given(st.text(alphabet="وفبلكاسنه", min_size=1, max_size=8))
def test_what_begins_behind_clitics_is_seen(word: str) -> None:
    for stem, _ in stems(word):
        assert Signs(name=[stem]).starts(words_of(word)) == {"name": [0]}


def test_cues() -> None:
    assert has_role(fold("ولن"), NEGATION)
    assert has_role(fold("المقرر"), PLANNED)
    assert is_future_verb(fold("سيشارك"))
    assert not is_future_verb(fold("سيطرة"))


def test_ids() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert slug("seed-002") == "seed-002"
    assert new_slug("أحمد العودة") == new_slug("احمد العوده")


@given(st.text(min_size=1))
def test_any_id_gives_a_plain_iri(identifier: str) -> None:
    tail = article_iri(identifier).rpartition("/")[2]
    assert tail
    assert set(tail) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
