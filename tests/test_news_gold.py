"""The gold facts that are kept without their articles: whole, and joined with the articles what they were."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from typing import Any

import pytest

from kg.model import Modality, Polarity
from kg.read import Intake
from kg.score import read_gold
from kg.vocabulary import Predicate
from tests.conftest import SEEDS

NEWS = pathlib.Path(__file__).parent / "gold" / "news"
SETS = sorted(path.parent for path in NEWS.glob("*/facts.jsonl"))
PREDICATES, POLARITIES, MODALITIES = ({one.value for one in kind} for kind in (Predicate, Polarity, Modality))
SCRIPT = pathlib.Path(__file__).parent.parent / "scripts" / "news_gold.py"


def facts(folder: pathlib.Path) -> list[dict[str, Any]]:
    lines = (folder / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    return [fact for line in lines for fact in json.loads(line)["facts"]]


@pytest.mark.parametrize("folder", SETS, ids=lambda folder: folder.name)
def test_every_fact_is_whole(folder: pathlib.Path) -> None:
    _, names = read_gold(folder)
    for fact in facts(folder):
        ends = [fact["s"], fact.get("says", fact["s"]), *([] if fact["p"] == "heldOn" else [fact["o"]])]
        assert names.keys() >= set(ends)
        assert fact["p"] in PREDICATES
        assert fact["polarity"] in POLARITIES
        assert fact["modality"] in MODALITIES
        assert 0 <= fact["evidence"][0] < fact["evidence"][1]


def test_the_readme_counts_them() -> None:
    total = sum(len(facts(folder)) for folder in SETS)
    assert f"{total:,} facts" in (NEWS / "README.md").read_text(encoding="utf-8")


def test_what_is_stripped_is_joined_again(tmp_path: pathlib.Path) -> None:
    gold, source = NEWS.parent, tmp_path / "articles.jsonl"
    records = [{"id": one.id, "title": one.title, "text": one.text} for one in Intake([SEEDS])]
    for one in records:
        one["text"] = one["text"].removeprefix(f"{one['title']}\n\n")
    source.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    for what, start, end in (("strip", gold, tmp_path / "kept" / "a"), ("join", tmp_path / "kept", tmp_path / "out")):
        subprocess.run([sys.executable, SCRIPT, what, start, source, end], check=True)
    assert "النظام" not in (tmp_path / "kept" / "a" / "facts.jsonl").read_text(encoding="utf-8")
    before, after = read_gold(gold)[0], read_gold(tmp_path / "out" / "a")[0]
    assert {name: [(f["p"], f["evidence"]) for f in found] for name, found in before.items()} == {
        name: [(f["p"], f["evidence"]) for f in found] for name, found in after.items()
    }
