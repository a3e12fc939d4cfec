"""The command line: fast, helpful, and with messages instead of tracebacks."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import subprocess
import sys
import time

import click
import pytest

from kg.cli import main
from tests.conftest import run

GOLD = pathlib.Path(__file__).parent / "gold"


def test_help_is_quick_and_light() -> None:
    code = "import sys, kg.cli; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"stanza", "torch", "transformers", "rdflib", "pyoxigraph", "pyvis", "networkx"} & set(loaded)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "kg", "--help"], capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.5


def _commands(group: click.Group) -> list[click.Command]:
    found: list[click.Command] = []
    for command in group.commands.values():
        found += _commands(command) if isinstance(command, click.Group) else [command]
    return found


@pytest.mark.parametrize("command", _commands(main), ids=lambda command: str(command.name))
def test_every_command_has_help_and_an_example(command: click.Command) -> None:
    assert command.help
    if command.params:
        assert "kg " in command.help


@pytest.mark.model
def test_claims(graph: pathlib.Path) -> None:
    lines = run("claims", "--graph", graph).output.splitlines()
    records = [json.loads(line) for line in lines]
    assert len(records) > 30
    assert {
        "article",
        "subject",
        "predicate",
        "object",
        "polarity",
        "modality",
        "says",
        "date",
        "evidence",
        "rule",
        "confidence",
    } <= set(records[0])
    rows = list(csv.DictReader(io.StringIO(run("claims", "--graph", graph, "--format", "csv").output)))
    assert len(rows) == len(records)
    assert rows[0]["evidence"] == records[0]["evidence"]["text"]


@pytest.mark.model
def test_queries(graph: pathlib.Path) -> None:
    assert "who-attended round=astana-5" in run("query").output
    table = run("query", "who-attended", "round=astana-5", "--graph", graph).output
    assert "staffan-de-mistura" in table
    assert "محمد علوش" in table
    own = run(
        "query", "-", "--graph", graph, "--format", "csv", text="SELECT ?a { ?a st:boycotted id:astana-5 }"
    ).output
    assert own.split() == ["a", "https://w3id.org/syria-talks/id/opposition-factions"]
    for name in ("accusations", "timeline", "absences", "disagreements", "claims-about"):
        run("query", name, "--graph", graph, "--format", "json")


@pytest.mark.model
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing",), "there is no query 'nothing'; there are absences, accusations"),
        (("who-attended", "round"), "write parameters as name=value"),
        (("who-attended", "round=x> }"), "is not the id of an entity"),
        (("none.rq",), "none.rq"),
    ],
)
def test_wrong_queries(graph: pathlib.Path, arguments: tuple[str, ...], message: str) -> None:
    assert message in run("query", *arguments, "--graph", graph, code=2).stderr


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["DELETE WHERE { ?s ?p ?o }", "SELECT * { SERVICE <http://x.org/> { ?s ?p ?o } }", "SELEKT *"]
)
def test_queries_only_read(graph: pathlib.Path, text: str) -> None:
    assert run("query", "-", "--graph", graph, code=2, text=text).stderr.startswith("kg: ")


@pytest.mark.model
def test_html_and_eval(graph: pathlib.Path, tmp_path: pathlib.Path) -> None:
    page = tmp_path / "page.html"
    run("html", "--graph", graph, "-o", page)
    assert page.read_bytes() == (graph / "page.html").read_bytes()
    scores = json.loads(run("eval", "claims", GOLD, "--graph", graph, "--format", "json").output)
    assert scores["precision"] > 0.8
    assert "affiliatedWith" in run("eval", "claims", GOLD, "--graph", graph).output
    bio = tmp_path / "a.bio"
    bio.write_text("وصل\tO\nفلاديمير\tB-PER\nبوتين\tI-PER\nإلى\tO\nسوريا\tB-LOC\n", encoding="utf-8")
    names = json.loads(run("eval", "ner", bio, "--format", "json").output)
    assert names["f1"] == 1.0
    assert set(names["by_type"]) == {"PER", "LOC", "ORG"}


def test_models_are_listed() -> None:
    assert "embedded   embedded-" in run("models", "list").output
