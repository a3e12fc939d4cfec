"""Gold facts of news articles whose text is not ours: kept here without it, and joined with it where you have the articles.

    python scripts/news_gold.py join tests/gold/news ARTICLES.jsonl OUT     gold folders and articles, to measure with
    python scripts/news_gold.py strip GOLD ARTICLES.jsonl tests/gold/news/NAME     the other way, for a new set

What is kept says where the evidence stands, ``[start, end]`` in title, blank line and text of the article in the ANT Corpus
2.1; what is written by ``join`` has its words. Then, for a set::

    kg rebuild OUT/a.articles.jsonl --graph graph-a && kg eval claims OUT/a --graph graph-a
"""

from __future__ import annotations

import argparse
import json
import pathlib
import shutil
import sys
from collections.abc import Iterable
from typing import Any

KEPT = ("s", "p", "o", "polarity", "modality", "says")
"""What a fact says, beside its evidence."""


def articles(path: pathlib.Path, wanted: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The records of the articles with these ids, out of a file with one a line."""
    ids = set(wanted)
    with path.open(encoding="utf-8") as lines:
        return {record["id"]: record for record in map(json.loads, lines) if record["id"] in ids}


def text_of(record: dict[str, Any]) -> str:
    """The text that evidence is a part of."""
    return f"{record['title']}\n\n{record['text']}"


def strip(gold: pathlib.Path, source: pathlib.Path, out: pathlib.Path) -> None:
    """Write a folder of gold facts without the words of its articles."""
    told = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(gold.glob("*.json"))]
    known = articles(source, (one["id"] for one in told))
    out.mkdir(parents=True, exist_ok=True)
    with (out / "facts.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for one in told:
            text = text_of(known[one["id"]])
            facts = [{name: fact[name] for name in KEPT if name in fact} | _place(fact, text) for fact in one["facts"]]
            file.write(json.dumps({"id": one["id"], "facts": facts}, ensure_ascii=False) + "\n")
    shutil.copy(gold / "entities.tsv", out / "entities.tsv")


def _place(fact: dict[str, Any], text: str) -> dict[str, list[int]]:
    start = text.index(fact["evidence"])
    return {"evidence": [start, start + len(fact["evidence"])]}


def join(kept: pathlib.Path, source: pathlib.Path, out: pathlib.Path) -> None:
    """Write gold folders and their articles for all sets in a folder."""
    for facts in sorted(kept.glob("*/facts.jsonl")):
        told = [json.loads(line) for line in facts.read_text(encoding="utf-8").splitlines()]
        known = articles(source, (one["id"] for one in told))
        if missing := [one["id"] for one in told if one["id"] not in known]:
            sys.exit(f"{source} has no {', '.join(missing[:5])}: it must be the ANT Corpus 2.1, an article a line")
        folder = out / facts.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(facts.parent / "entities.tsv", folder)
        for one in told:
            text = text_of(known[one["id"]])
            for fact in one["facts"]:
                start, end = fact["evidence"]
                fact["evidence"] = text[start:end]
            (folder / f"{one['id']}.json").write_text(json.dumps(one, ensure_ascii=False, indent=1), encoding="utf-8")
        lines = "".join(json.dumps(known[one["id"]], ensure_ascii=False) + "\n" for one in told)
        (out / f"{folder.name}.articles.jsonl").write_text(lines, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["join", "strip"])
    parser.add_argument("gold", type=pathlib.Path)
    parser.add_argument("articles", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    options = parser.parse_args()
    {"join": join, "strip": strip}[options.what](options.gold, options.articles, options.out)


if __name__ == "__main__":
    main()
