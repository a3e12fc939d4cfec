"""Sentence ends in news, against a file marked by hand."""

from __future__ import annotations

import itertools
import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language.sentences import LONGEST_SENTENCE, sentences_of
from kg.score import Score

MARKED = pathlib.Path(__file__).parent / "gold" / "sentences.txt"
END = "‖"
LETTERS = 'وفبلكالسترم د أ.؟!\n"»)5،:'


def lines() -> list[str]:
    return [line for line in MARKED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def marked_ends(line: str) -> set[int]:
    """How many characters that are no white space stand before each mark."""
    parts = line.split(END)[:-1]
    return {len("".join("".join(parts[: n + 1]).split())) for n in range(len(parts))}


def found_ends(line: str) -> set[int]:
    text = line.replace(END, "")
    return {len("".join(text[: span.end].split())) for span in list(sentences_of(text))[:-1]}


def test_ends_of_sentences_in_news() -> None:
    pairs = [(marked_ends(line), found_ends(line)) for line in lines()]
    right, wrong, missed = (
        sum(len(part) for part in parts)
        for parts in zip(*((gold & found, found - gold, gold - found) for gold, found in pairs), strict=True)
    )
    assert right + missed >= 120
    assert Score(right, wrong, missed).f1 >= 0.97


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("وصل د. بشار الجعفري.", 1), ("نقلت وكالة أ ف ب عنه.", 1), ("نقلت ذلك أ ف ب. وقال إنه عاد.", 2),
        ("قالت أ.ف.ب إنه عاد.", 1), ("بلغ 4.5 في المئة. وارتفع.", 2), ("عاد أمس.وقال إنه باق.", 2),
        ("هل عاد؟نعم عاد!", 2), ("قال: \"عدت.\" وخرج.", 2), ("1. بيان الأستانا", 1), ("ولد عام 1980. وتوفي.", 2),
        ("ولد عام 1980م. وتوفي.", 2), ("شهرًا. ثم عاد", 2), ("قال لـ\"العربية.نت\" إنه عاد", 1),
        ("قناة سي. إن. إن أمس", 1), ("عنوان\n\nنص", 2), ("بالفيديو.. عاد", 1), ("...", 1), ("", 0), (" \n ", 0),
    ],
)  # fmt: skip
def test_how_many_sentences(text: str, count: int) -> None:
    assert len(list(sentences_of(text))) == count


@given(st.text(alphabet=LETTERS) | st.text())
def test_sentences_cover_all_but_white_space(text: str) -> None:
    spans = list(sentences_of(text))
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(span.of(text) == span.of(text).strip() for span in spans)


def test_sentences_are_bounded() -> None:
    text = "كلمة " * 5000 + "ا" * 5000
    assert max(span.end - span.start for span in sentences_of(text)) <= LONGEST_SENTENCE
