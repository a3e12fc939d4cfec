"""The embedded model: real, offline, and not to be upset by any text."""

from __future__ import annotations

import os
import pathlib
import socket
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.annotate import Annotator, fingerprint
from kg.model import Article

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


@settings(max_examples=15, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_is_annotated(text: str) -> None:
    shared = _shared()
    for sentence in shared.annotate(Article("a", text)).sentences:
        for token in sentence.tokens:
            assert token.span.of(text).strip()


_loaded: list[Annotator] = []


def _shared() -> Annotator:
    if not _loaded:
        _loaded.append(Annotator())
    return _loaded[0]


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
    from kg.resources import folder

    weights = [p for p in (folder("models") / "embedded").rglob("*") if p.suffix in (".pt", ".safetensors")]
    assert sum(path.stat().st_size for path in weights) <= 80 * 2**20
