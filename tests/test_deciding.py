"""kg merges, merge, split and explain, on a graph without a language model."""

from __future__ import annotations

import json
import pathlib
import re

import pytest

from kg.folder import GraphFolder
from tests.by_hand import by_hand, files, write_articles  # noqa: F401
from tests.conftest import run

TEXTS = {
    "a1": "التقى كنان الشهابي سيرغي لافروف في موسكو.\nوقصفت روسيا مدينة إدلب.",
    "a2": "التقى سمير النشار سيرغي لافروف.",
}

pytestmark = pytest.mark.usefixtures("by_hand")


@pytest.fixture
def graph(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "graph"
    run("rebuild", write_articles(tmp_path / "articles", TEXTS), "--graph", path)
    return path


def people(graph: pathlib.Path) -> dict[str, list[str]]:
    """Ids and names of the people who met Lavrov."""
    found = [json.loads(line) for line in (graph / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
    ends = [end for row in found for end in (row["subject"], row["object"]) if end["id"].find("/new-") > 0]
    return {end["id"].rpartition("/")[2]: end["names"] for end in ends}


def test_a_merge_is_applied_explained_and_taken_back(graph: pathlib.Path) -> None:
    before = files(graph)
    kept = {path: path.read_bytes() for path in graph.glob("claims/*.json")}
    first, other = sorted(people(graph))
    said = run("merge", first, f"id:{other}", "--reason", "الشخص نفسه", "--graph", graph).output
    assert f"{first} and {other} are one now: {first}. To undo: kg split {other}" in said
    assert list(people(graph)) == [first]
    assert len(people(graph)[first]) == 2
    assert re.search(rf"same +{other} +{first} +1.00 +person +الشخص نفسه", run("merges", "--graph", graph).output)
    assert f"<https://w3id.org/syria-talks/id/{other}> <http://purl.org/dc/terms/isReplacedBy>" in (
        graph / "kg.nq"
    ).read_text(encoding="utf-8")
    assert run("validate", "--graph", graph).output == "The graph holds to all shapes.\n"
    explained = run("explain", other, "--graph", graph).output
    assert f"{other} is one with {first} (1.00, by person): الشخص نفسه" in explained
    assert {path: path.read_bytes() for path in graph.glob("claims/*.json")} == kept  # what is kept is not rewritten
    assert first in run("split", other, "--graph", graph).output
    assert files(graph) == before


def test_deleting_the_row_undoes_a_merge(graph: pathlib.Path) -> None:
    before = files(graph)
    run("merge", *sorted(people(graph)), "--graph", graph)
    (graph / "judgements.tsv").unlink()
    run("rebuild", "--graph", graph)
    assert files(graph) == before


def test_a_decision_outlives_a_rebuild(graph: pathlib.Path, tmp_path: pathlib.Path) -> None:
    run("merge", *sorted(people(graph)), "--graph", graph)
    merged = files(graph)
    run("rebuild", tmp_path / "articles", "--graph", graph)
    assert files(graph) == merged


def test_names_merge_until_a_person_says_otherwise(tmp_path: pathlib.Path) -> None:
    texts = {"a1": "التقى مارتون هاوزر سيرغي لافروف.", "a2": "التقى مارتن هوزر سيرغي لافروف."}
    graph = tmp_path / "graph"
    run("rebuild", write_articles(tmp_path / "articles", texts), "--graph", graph)
    table = run("merges", "--graph", graph, "--format", "tsv").output
    assert len(people(graph)) == 1
    (row,) = [line.split("\t") for line in table.splitlines()[1:]]
    assert row[0] == "same"
    assert row[4] == "names"
    run("split", row[1], "--graph", graph)
    assert len(people(graph)) == 2
    assert "different" in (graph / "judgements.tsv").read_text(encoding="utf-8")
    run("rebuild", "--graph", graph)
    assert len(people(graph)) == 2
    run("merge", row[1], row[2], "--graph", graph)
    assert len(people(graph)) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("merge", "russia", "rusia"), "no entity 'rusia' in the graph; near: russia"),
        (("merge", "russia", "russia"), "russia is one with itself"),
        (("merge", "russia", "idlib"), "russia is a State and idlib a Place: they cannot be one"),
        (("split", "russia"), "russia was merged with nothing"),
        (("explain", "nobody"), "no entity 'nobody' in the graph"),
        (("explain", "russia", "bombed", "idlib"), "there is no relation 'bombed'; there are attended"),
        (("explain", "russia", "attacked", "moscow"), "no article says or denies: russia attacked moscow"),
        (("explain", "a", "b"), "name one claim or entity by its id"),
        (("explain", "0123456789ab"), "no claim or proposition 0123456789ab"),
    ],
)
def test_what_cannot_be_done_is_said(graph: pathlib.Path, arguments: tuple[str, ...], message: str) -> None:
    before = files(graph)
    assert message in run(*arguments, "--graph", graph, code=2).stderr
    assert files(graph) == before


def test_an_edge_is_explained_down_to_the_words(graph: pathlib.Path) -> None:
    for relation in (("russia", "attacked", "idlib"), ("id:russia", "st:attacked", "id:idlib")):
        text = run("explain", *relation, "--graph", graph).output
        assert "russia attacked idlib  (proposition " in text
        assert "an edge: told as a fact" in text
        assert "independent sources: 1; denials: 0; articles: 1" in text
        assert re.search(r"و?⟦[^⟧]*قصفت روسيا مدينة إدلب[^⟧]*⟧", text)
        assert "of article a1" in text
        assert "rule attacked." in text
        assert "model hand-0" in text
        assert "«روسيا» is russia: " in text


def test_a_claim_an_edge_and_an_entity_lead_to_each_other(graph: pathlib.Path) -> None:
    edge = json.loads(run("explain", "russia", "attacked", "idlib", "--graph", graph, "--format", "json").output)
    (claim,) = edge["claims"]
    source = json.loads(run("explain", claim["iri"], "--graph", graph, "--format", "json").output)
    assert source["claim"] == claim
    assert source["edge"] == edge["edge"]
    by_key = json.loads(run("explain", edge["edge"]["id"], "--graph", graph, "--format", "json").output)
    assert by_key == edge
    entity = json.loads(run("explain", "idlib", "--graph", graph, "--format", "json").output)
    assert entity["claims"] == [claim]
    assert entity["entity"]["kind"] == "Place"
    start, end = claim["evidence"]["start"], claim["evidence"]["end"]
    assert TEXTS["a1"][start:end] == claim["evidence"]["text"]


def test_both_directions_of_a_symmetric_edge_are_explained(graph: pathlib.Path) -> None:
    name = min(people(graph))
    one = run("explain", name, "metWith", "sergey-lavrov", "--graph", graph).output
    assert one == run("explain", "sergey-lavrov", "metWith", name, "--graph", graph).output


def test_no_graph_is_said(tmp_path: pathlib.Path) -> None:
    for command in (("merges",), ("merge", "a", "b"), ("split", "a"), ("explain", "a"), ("validate",)):
        assert "kg rebuild" in run(*command, "--graph", tmp_path / "none", code=2).stderr
    assert not GraphFolder(tmp_path / "none").path.exists()
