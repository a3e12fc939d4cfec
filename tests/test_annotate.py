"""The embedded model: real, offline, and not to be upset by any text."""

from __future__ import annotations

import itertools
import os
import pathlib
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.annotate import Annotator, fingerprint
from kg.model import Article
from kg.resources import folder

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator()


def test_loads_and_reads_with_the_network_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError(f"no network in this test: {arguments}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    document = Annotator().annotate(Article("a", "وصل فلاديمير بوتين إلى دمشق."))
    assert [(m.span.of(document.article.text), m.tag) for m in document.sentences[0].mentions] == [
        ("فلاديمير بوتين", "PER"), ("دمشق", "LOC"),
    ]  # fmt: skip


def test_sentences_tokens_and_words(annotator: Annotator) -> None:
    text = "عنوان الخبر\n\nأعلنت روسيا عن اللقاء. ولم تشارك إيران فيه.وقال الوزير إنها ستشارك."
    document = annotator.annotate(Article("a", text))
    assert [sentence.span.of(text) for sentence in document.sentences] == [
        "عنوان الخبر", "أعلنت روسيا عن اللقاء.", "ولم تشارك إيران فيه.", "وقال الوزير إنها ستشارك.",
    ]  # fmt: skip
    assert document.sentences[2].tokens[0].words == ("و", "لم")
    assert document.model == fingerprint("embedded")
    for sentence in document.sentences:
        assert all(token.span.inside(sentence.span) for token in sentence.tokens)


PIECES = st.sampled_from([
    "روسيا", "وصل", "بوتين", " ", "  ", ".", "؟", "\n", "ـ" * 9, "مُحَمَّدٌ", "ﺳﻮﺭﻳﺎ", "ﷺ", "ﻻ", "NATO", "Путин", "دمشق", "12",
    "٣٫٥", "«", "»", "\u200f", "\u202b", "\u200c", "\ufeff", "😀", "é", "中", "ا" * 60, "لا" * 700, "x" * 1200, "\t", "\xa0",
    "\u0301", "<mask>", "</s>",
])  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=80))
def test_any_text_is_annotated(annotator: Annotator, text: str) -> None:
    document = annotator.annotate(Article("a", text))
    tokens = [token for sentence in document.sentences for token in sentence.tokens]
    assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(tokens))
    assert all(token.span.of(text).strip() and all(token.words) for token in tokens)
    assert all(m.span.of(text).strip() for sentence in document.sentences for m in sentence.mentions)


def test_a_document_depends_on_its_article_alone(annotator: Annotator) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((folder("seeds") / "articles").glob("*.txt"))]
    articles = [Article(f"{n}", text) for n, text in enumerate([*texts, "بوتين في دمشق.", texts[0][:300]])]
    together = list(annotator.annotate_all(articles))
    assert [document.article for document in together] == articles
    assert together == list(annotator.annotate_all(articles[::-1]))[::-1]
    assert together == [annotator.annotate(article) for article in articles]


def test_reading_stops_where_its_reader_does(annotator: Annotator) -> None:
    seen: list[str] = []

    def endless() -> Iterator[Article]:
        for n in itertools.count():
            seen.append(str(n))
            yield Article(str(n), "وصل الوزير.")

    documents = annotator.annotate_all(endless())
    assert [next(documents).article.id for _ in range(3)] == ["0", "1", "2"]
    documents.close()
    assert len(seen) < 30


@pytest.mark.parametrize(
    "text",
    [
        "جميـــــــــل جدااااااااا",
        "ﺳﻮﺭﻳﺎ ﻭﺗﺮﻛﻴﺎ",
        "مُحَمَّدٌ رَسُولٌ",
        "NATO قال Putin 123",
        "؟؟!!...",
        "ا" * 700,
        "كلمة " * 700,
        "\n".join(f"{word} " * 200 for word in ("وليتوانيا", "قال", "من", "إلى")),
    ],
)
def test_odd_texts(annotator: Annotator, text: str) -> None:
    document = annotator.annotate(Article("a", text))
    assert "".join("".join(t.span.of(text) for t in s.tokens) for s in document.sentences).replace(" ", "")


def test_the_official_model_says_what_to_run(tmp_path: pathlib.Path) -> None:
    bio = tmp_path / "a.bio"
    bio.write_text("روسيا\tB-LOC\n", encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "kg", "eval", "ner", str(bio), "--model", "official"],
        env={**os.environ, "STANZA_RESOURCES_DIR": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 2
    assert "kg models download" in result.stderr
    assert "Traceback" not in result.stderr


def test_weights_are_small_enough() -> None:
    weights = [p for p in (folder("models") / "embedded").rglob("*") if p.suffix in (".pt", ".safetensors")]
    assert sum(path.stat().st_size for path in weights) <= 80 * 2**20
