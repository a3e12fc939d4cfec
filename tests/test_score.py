"""Scores on cases counted by hand."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

from kg.errors import ScoreError
from kg.score import read_bio, read_gold, score_claims, score_names, spans


def test_spans() -> None:
    assert spans(["I-PER", "I-PER", "B-PER", "O", "B-LOC", "I-ORG"]) == {
        (0, 2, "PER"), (2, 3, "PER"), (4, 5, "LOC"), (5, 6, "ORG"),
    }  # fmt: skip


def test_names(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.bio"
    path.write_text("زار\tO\nبوتين\tB-PER\nسوتشي\tB-LOC\n\nكأس\tB-MISC\nالعالم\tI-MISC\n", encoding="utf-8")
    scores = score_names(read_bio(path), lambda _: [["O", "S-PER", "B-ORG"], ["O", "O"]])
    assert (scores["precision"], scores["recall"], scores["f1"]) == (0.5, 0.5, 0.5)
    assert scores["by_type"]["PER"]["f1"] == 1.0
    assert scores["by_type"]["LOC"]["recall"] == 0.0


def test_a_broken_bio_file_is_named(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.bio"
    path.write_text("كلمة\n", encoding="utf-8")
    with pytest.raises(ScoreError, match="line 1"):
        read_bio(path)
    with pytest.raises(ScoreError, match=r"none\.bio"):
        read_bio(tmp_path / "none.bio")


def claim(subject: str, predicate: str, target: str, **more: Any) -> dict[str, Any]:
    end = {"date": target} if target[0] == "2" else {"id": f"x/id/{target}", "names": [target]}
    return {
        "article": "a", "subject": {"id": f"x/id/{subject}", "names": [subject]}, "predicate": predicate, "object": end,
        "polarity": "positive", "modality": "actual", "says": None,
    } | more  # fmt: skip


def test_claims(tmp_path: pathlib.Path) -> None:
    (tmp_path / "entities.tsv").write_text(
        "id\tkind\tnames\nrussia\tState\tروسيا\nturkey\tState\tتركيا\nround/astana-5\tRound\tأستانا 5\n",
        encoding="utf-8",
    )
    facts = [
        {"s": "russia", "p": "metWith", "o": "turkey", "modality": "planned"},
        {"s": "russia", "p": "attended", "o": "round/astana-5", "polarity": "negative", "says": "turkey"},
        {"s": "round/astana-5", "p": "heldOn", "o": "2017-07-04/2017-07-05"},
        {"s": "turkey", "p": "attended", "o": "round/astana-5"},
    ]
    (tmp_path / "a.json").write_text(json.dumps({"id": "a", "facts": facts}), encoding="utf-8")
    found = [
        claim("turkey", "metWith", "russia"),  # right, the other way round
        claim("new-x", "metWith", "turkey") | {"subject": {"id": "x/id/new-x", "names": ["روسيا"]}},  # says it again
        claim("russia", "attended", "astana-5", polarity="negative", says={"id": "x/id/turkey", "names": []}),
        claim("astana-5", "heldOn", "2017-07-04"),  # wrong: another date
        claim("turkey", "attended", "astana-5", polarity="negative"),  # wrong: the other polarity
        claim("russia", "accused", "turkey"),  # wrong
    ]
    scores = score_claims(found, *read_gold(tmp_path))
    assert (scores["precision"], scores["recall"]) == (0.4, 0.5)
    assert (scores["modality"], scores["says"]) == (0.5, 1.0)


def test_a_folder_without_gold_is_named(tmp_path: pathlib.Path) -> None:
    with pytest.raises(ScoreError, match="no folder of gold facts"):
        read_gold(tmp_path)
