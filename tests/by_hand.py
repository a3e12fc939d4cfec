"""Graph folders without a language model: everything is the program's own but the annotation, which is made by hand."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterable, Iterator, Mapping

import pytest

from kg import annotate
from kg.model import Article, Document
from tests.factory import document

MODEL = "hand-0"
PEOPLE = ("كنان الشهابي", "سمير النشار", "مارتون هاوزر", "مارتن هوزر")
"""Names that stand where the model would find them."""


class Annotator:
    """Cuts at full stops and lines, and finds :data:`PEOPLE`."""

    def __init__(self, model: str) -> None:
        self.name = f"{MODEL}{model[:0]}"

    def annotate_all(self, articles: Iterable[Article], cores: int | None = None) -> Iterator[Document]:  # noqa: ARG002
        for article in articles:
            made = document(article.text, people=PEOPLE)
            yield dataclasses.replace(made, article=article, model=MODEL)


def install() -> None:
    """Put the annotator by hand in the place of the model, in this process."""
    annotate.Annotator = Annotator  # type: ignore[misc,assignment]
    annotate.fingerprint = lambda _: MODEL  # type: ignore[assignment]


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Annotation by hand for one test."""
    monkeypatch.setattr(annotate, "Annotator", Annotator)
    monkeypatch.setattr(annotate, "fingerprint", lambda _: MODEL)


def write_articles(folder: pathlib.Path, texts: Mapping[str, str]) -> pathlib.Path:
    """A folder with exactly these articles."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def files(graph: pathlib.Path) -> dict[str, bytes]:
    """The bytes of all files that a graph gives, but the store's."""
    names = ("kg.nq", "kg.trig", "claims.jsonl", "merges.tsv", "page.html", "manifest.json")
    return {name: (graph / name).read_bytes() for name in names}
