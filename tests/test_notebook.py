"""``kg.open``: the graph as tables, as a network, and as the page inside another page."""

from __future__ import annotations

import builtins
import json
import pathlib
from typing import TYPE_CHECKING, Any

import pytest

import kg
from kg.errors import GraphError, NotebookError, QueryError
from kg.notebook import COLUMNS, Graph
from kg.page.looks import words

if TYPE_CHECKING:
    from tests.page_browser import Opened

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def opened_graph(graph: pathlib.Path) -> Graph:
    return kg.open(graph)


def test_claims_are_a_table_with_the_evidence(opened_graph: Graph, graph: pathlib.Path) -> None:
    table = opened_graph.claims()
    records = [json.loads(line) for line in (graph / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
    assert list(table.columns) == COLUMNS
    assert sorted(table["evidence"]) == sorted(record["evidence"]["text"] for record in records)
    absent = table[(table.subject_en == "Mohammed Alloush") & (table.polarity == "negative")]
    assert list(absent.object_en) == ["Astana 5"]
    assert "لن يشارك" in absent.iloc[0].evidence


def test_named_queries_and_sparql_are_tables(opened_graph: Graph) -> None:
    assert len(opened_graph.query("who-attended", round="astana-5")) > 0
    table = opened_graph.query("SELECT (COUNT(?c) AS ?n) { ?c a st:Claim }")
    assert table.iloc[0].n == len(opened_graph.claims())
    assert list(opened_graph.query("SELECT ?r { VALUES ?r { id:astana-5 } }").r) == ["id:astana-5"]
    with pytest.raises(QueryError, match="table"):
        opened_graph.query("ASK { ?c a st:Claim }")
    with pytest.raises(QueryError, match="parameters"):
        opened_graph.query("SELECT ?c { ?c a st:Claim }", round="astana-5")


def test_the_network_has_the_edges_with_their_sources(opened_graph: Graph) -> None:
    network = opened_graph.network()
    assert network.nodes["astana-5"]["kind"] == "Round"
    assert all(edge["sources"] >= 1 for _, _, edge in network.edges(data=True))
    assert not network.has_edge("mohammed-alloush", "astana-5")  # it is only denied


def test_without_pandas_the_message_says_what_to_install(opened_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def importing(name: str, *rest: Any, **more: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(NotebookError, match=r"pip install 'kg\[notebook\]'"):
        opened_graph.claims()


def test_where_there_is_no_graph_it_says_how_to_make_one(tmp_path: pathlib.Path) -> None:
    with pytest.raises(GraphError, match="kg rebuild"):
        kg.open(tmp_path / "nothing")


@pytest.mark.browser
def test_the_page_is_shown_inside_another_page(opened_graph: Graph, opened: Opened, tmp_path: pathlib.Path) -> None:
    notebook = f"<!doctype html><meta charset='utf-8'><title>notebook</title>{opened_graph._repr_html_()}"
    page = opened.show(notebook, tmp_path / "notebook.html")
    frame = page.frame_locator("iframe")
    frame.locator("#rows tr", has_text="محمد علوش").first.click()
    frame.locator("#details mark").first.wait_for()
    frame.locator("#language").click()
    assert frame.locator("h1").inner_text() == words()["title"][1]
    assert page.title() == "notebook"
