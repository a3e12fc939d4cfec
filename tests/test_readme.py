"""What the README says is so."""

from __future__ import annotations

import json
import pathlib
import re
import shlex

import click
import pytest

from kg import store
from kg.cli import main

ROOT = pathlib.Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line.rpartition("| ")[2].removeprefix(".venv/bin/kg ") for line in lines if ".venv/bin/kg " in line]


@pytest.mark.parametrize("line", commands())
def test_its_commands_and_options_exist(line: str) -> None:
    command: click.Command = main
    words = shlex.split(line)
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--") or word == "-o"} <= options


@pytest.mark.parametrize("target", ["graph", "test"])
def test_its_make_targets_exist(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_its_paths_exist() -> None:
    table = re.findall(r"`((?:kg|seeds|ontology|scripts|docs|tests)/[\w./-]*)`", README)
    links = re.findall(r"\]\(([\w./-]+)\)", README) + re.findall(r'src="([\w./-]+)"', README)
    assert len(table) > 10
    assert [path for path in [*table, *links] if not (ROOT / path).exists()] == []


QUERIES = re.findall(r"```sparql\n(.*?)```", README, re.DOTALL)


@pytest.mark.model
@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_its_queries_have_answers(graph: pathlib.Path, number: int) -> None:
    result = store.query(store.load(graph / "kg.nq"), QUERIES[number])
    assert isinstance(result, store.Table)
    assert len(result.rows) > 1
    complete = [row for row in result.rows if None not in row]
    assert complete or "OPTIONAL" in QUERIES[number]


def test_it_has_queries_of_all_parts_of_the_model() -> None:
    assert len(QUERIES) == 5
    for word in ("st:attended id:", "st:polarity", "st:independentSources", "st:heldOn", "prov:wasGeneratedBy"):
        assert any(word in query for query in QUERIES)


@pytest.mark.model
def test_its_example_claim_is_real(graph: pathlib.Path) -> None:
    block = re.search(r"```json\n(.*?)```", README, re.DOTALL)
    assert block
    example = json.loads(block[1])
    claims = [json.loads(line) for line in (graph / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
    for end in ("subject", "object"):
        example[end]["names"].remove("...")
    found = [
        claim
        for claim in claims
        if all(claim[key] == example[key] for key in example if key not in ("subject", "object"))
        and all(claim[end]["id"] == example[end]["id"] for end in ("subject", "object"))
        and all(set(example[end]["names"]) <= set(claim[end]["names"]) for end in ("subject", "object"))
    ]
    assert len(found) == 1
