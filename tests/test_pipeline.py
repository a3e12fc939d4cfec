"""The whole path on the five seed articles, with the real model: what it must know, and how a rebuild behaves."""

from __future__ import annotations

import contextlib
import json
import pathlib
import shutil
import sqlite3
from typing import Any

import pyoxigraph
import pytest
import rdflib

from kg import annotate, pipeline, stages
from kg.errors import GraphError, KgError
from kg.folder import GraphFolder
from kg.model import Article, Document
from kg.progress import Progress
from kg.score import read_gold, score_claims
from kg.stages import Stage
from tests.conftest import SEEDS, run
from tests.factory import document, told

pytestmark = pytest.mark.model
GOLD = pathlib.Path(__file__).parent / "gold"
Json = dict[str, Any]


def records(graph: pathlib.Path) -> list[Json]:
    return [json.loads(line) for line in (graph / "claims.jsonl").read_text(encoding="utf-8").splitlines()]


def tail(end: Json) -> str:
    return str(end.get("date") or end["id"].rpartition("/")[2])


def facts(graph: pathlib.Path) -> set[tuple[str, str, str, str, str, str]]:
    return {
        (r["article"], tail(r["subject"]), r["predicate"], tail(r["object"]), r["polarity"], r["modality"])
        for r in records(graph)
    }


@pytest.mark.parametrize(
    "fact",
    [
        ("seed-000", "astana-16", "heldOn", "2021-07-06/2021-07-08", "positive", "planned"),
        ("seed-000", "astana-16", "heldIn", "astana", "positive", "planned"),
        ("seed-001", "astana-11", "heldOn", "2018-11-28/2018-11-29", "positive", "planned"),
        ("seed-001", "kazakhstan-foreign-ministry", "announced", "astana-11", "positive", "actual"),
        ("seed-001", "syria-government", "attended", "astana-11", "positive", "planned"),
        ("seed-002", "astana-5", "heldOn", "2017-07-04/2017-07-05", "positive", "actual"),
        ("seed-002", "mohammed-alloush", "attended", "astana-5", "negative", "planned"),
        ("seed-002", "opposition-factions", "boycotted", "astana-5", "positive", "actual"),
        ("seed-003", "astana-7", "heldOn", "2017-10-30/2017-10-31", "positive", "planned"),
        ("seed-004", "astana-1", "heldOn", "2017-01-23", "positive", "planned"),
    ],
)
def test_what_the_seeds_say(graph: pathlib.Path, fact: tuple[str, ...]) -> None:
    assert fact in facts(graph)


def test_the_seeds_are_precise(graph: pathlib.Path) -> None:
    scores = score_claims(records(graph), *read_gold(GOLD))
    assert scores["precision"] >= 0.8
    assert scores["f1"] >= 0.45


def test_evidence_is_an_exact_slice(graph: pathlib.Path) -> None:
    texts = {path.stem: path.read_bytes().decode("utf-8") for path in SEEDS.glob("*.txt")}
    for record in records(graph):
        evidence = record["evidence"]
        assert texts[record["article"]][evidence["start"] : evidence["end"]] == evidence["text"]


def test_both_libraries_parse_every_file(graph: pathlib.Path) -> None:
    store = pyoxigraph.Store()
    store.load(path=str(graph / "kg.nq"), format=pyoxigraph.RdfFormat.N_QUADS)
    other = pyoxigraph.Store()
    other.load(path=str(graph / "kg.trig"), format=pyoxigraph.RdfFormat.TRIG)
    for name, form in (("kg.nq", "nquads"), ("kg.trig", "trig")):
        dataset = rdflib.Dataset()
        dataset.parse(data=(graph / name).read_text(encoding="utf-8"), format=form)
        assert len(dataset) == len(store) == len(other) > 1000
    assert len(pyoxigraph.Store.read_only(str(graph / "store"))) == len(store)


def test_an_edge_needs_an_actual_positive_claim(graph: pathlib.Path) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=(graph / "kg.nq").read_text(encoding="utf-8"), format="nquads")
    ontology, entity = "https://w3id.org/syria-talks/ontology#", "https://w3id.org/syria-talks/id/"
    attended = {
        (str(s).removeprefix(entity), str(o).removeprefix(entity))
        for s, _, o, _ in dataset.quads((None, rdflib.URIRef(f"{ontology}attended"), None, None))
    }
    assert ("staffan-de-mistura", "astana-5") in attended
    assert ("mohammed-alloush", "astana-5") not in attended  # denied
    assert ("russia", "astana-11") not in attended  # planned


class NoModel:
    """Stands where the model is loaded, to prove that it is not."""

    def __init__(self, name: str) -> None:
        raise AssertionError(name)


def test_again_is_the_same_and_annotates_nothing(
    graph: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "graph"
    shutil.copytree(graph, copy)
    monkeypatch.setattr(annotate, "Annotator", NoModel)
    for sources in ((SEEDS,), (), tuple(sorted(SEEDS.glob("*.txt"), reverse=True))):
        result = run("rebuild", *sources, "--graph", copy)
        assert "5 articles (0 annotated now)" in result.output
        for name in ("kg.nq", "kg.trig", "claims.jsonl", "page.html", "manifest.json"):
            assert (copy / name).read_bytes() == (graph / name).read_bytes(), name


def test_add_and_remove_are_a_rebuild_of_what_is_left(graph: pathlib.Path, tmp_path: pathlib.Path) -> None:
    copy = tmp_path / "graph"
    shutil.copytree(graph, copy)
    run("remove", "seed-000", "seed-003", "--graph", copy)
    assert {record["article"] for record in records(copy)} == {"seed-001", "seed-002", "seed-004"}
    run("add", SEEDS / "seed-000.txt", SEEDS / "seed-003.txt", "--graph", copy)
    assert (copy / "kg.nq").read_bytes() == (graph / "kg.nq").read_bytes()
    with pytest.raises(GraphError, match="not in the graph: nobody"):
        pipeline.remove(["nobody"], GraphFolder(copy))


class Interrupted(Progress):
    """Stops a rebuild soon after its second article."""

    def __init__(self) -> None:
        self.done = 0

    def step(self, number: int = 1) -> None:
        self.done += number
        if self.done >= 2:
            raise KeyboardInterrupt


def test_an_interrupted_run_goes_on(graph: pathlib.Path, tmp_path: pathlib.Path) -> None:
    folder = GraphFolder(tmp_path / "graph")
    with pytest.raises(KeyboardInterrupt):
        pipeline.rebuild([SEEDS], folder, progress=Interrupted())
    assert not folder.exists()
    assert not list(folder.path.rglob("*.partial"))
    assert 0 < pipeline.rebuild([SEEDS], folder).annotated <= 3
    assert folder.nquads.read_bytes() == (graph / "kg.nq").read_bytes()


def test_a_damaged_annotation_is_made_again(graph: pathlib.Path, tmp_path: pathlib.Path) -> None:
    copy = tmp_path / "graph"
    shutil.copytree(graph, copy)
    with contextlib.closing(sqlite3.connect(copy / "kept.db")) as rows, rows:
        rows.execute("UPDATE annotations SET record = x'00' WHERE key = (SELECT MIN(key) FROM annotations)")
        rows.execute("DELETE FROM claims")
    pipeline.rebuild([SEEDS], GraphFolder(copy))
    assert (copy / "kg.nq").read_bytes() == (graph / "kg.nq").read_bytes()


def test_one_bad_article_does_not_end_a_run(tmp_path: pathlib.Path) -> None:
    (tmp_path / "good.txt").write_text("قصفت روسيا مدينة إدلب.\n", encoding="utf-8")
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    (tmp_path / "twin.json").write_text('{"id": "good", "text": "نص آخر"}', encoding="utf-8")
    result = run("rebuild", tmp_path, "--graph", tmp_path / "graph", code=3)
    assert "bad.json: not JSON" in result.stderr
    assert "another article has this id" in result.stderr
    assert "1 articles (1 annotated now), 1 claims" in result.output
    assert result.stderr.count("left out") == 2


def test_nothing_readable_leaves_the_graph_alone(graph: pathlib.Path, tmp_path: pathlib.Path) -> None:
    copy = tmp_path / "graph"
    shutil.copytree(graph, copy)
    result = run("rebuild", tmp_path / "none", "--graph", copy, code=3)
    assert "No article could be read; nothing was changed." in result.stderr
    assert (copy / "kg.nq").read_bytes() == (graph / "kg.nq").read_bytes()


def test_a_graph_that_is_not_there_is_said(tmp_path: pathlib.Path) -> None:
    for command in ("claims", "html"):
        assert "kg rebuild SOURCE" in run(command, "--graph", tmp_path / "none", code=2).stderr


def test_stages_must_fit() -> None:
    with pytest.raises(KgError, match="stage b needs Document; a gives int"):
        stages.check([Stage("a", Article, int, int), Stage("b", Document, tuple, tuple)])


def test_claims_of_a_document_by_hand() -> None:
    (claim,) = stages.claims_of(document("قصفت روسيا مدينة إدلب."))
    assert told(claim) == "russia attacked idlib"
