"""The analyses, on a small network with known answers."""

from __future__ import annotations

import csv
import io
import os
import pathlib
import subprocess
import sys
from typing import Any

import pytest

from kg.analyze import ANALYSES, analyze, graph_of, listing
from kg.errors import GraphError, QueryError
from kg.folder import GraphFolder
from kg.language.dates import Basis, Period, ResolvedDate
from kg.model import Claim, Entity
from kg.rdf import serialize_nquads
from kg.vocabulary import Kind, Predicate
from tests.conftest import run
from tests.graph_factory import (
    ASTANA_5,
    ASTANA_6,
    GOVERNMENT,
    NEGATIVE,
    OPPOSITION,
    PLANNED,
    RUSSIA,
    TURKEY,
    article,
    claim,
    quads,
)

JAYSH = Entity("jaysh-al-islam", Kind.ARMED_GROUP, ("جيش الإسلام",))
IRAN = Entity("iran", Kind.STATE, ("إيران", "Iran"))


def in_year(year: str, one: Entity, other: Entity) -> Claim:
    return claim(one, Predicate.MET_WITH, other, start=int(year), date=ResolvedDate(Period(year), Basis.TEXT))


CLAIMS = [
    *(claim(actor, Predicate.ATTENDED, ASTANA_5) for actor in (RUSSIA, TURKEY, IRAN)),
    *(claim(actor, Predicate.ATTENDED, ASTANA_6) for actor in (RUSSIA, TURKEY)),
    claim(ASTANA_5, Predicate.HELD_ON, Period("2017-07-04/2017-07-05")),
    claim(ASTANA_6, Predicate.HELD_ON, Period("2017-09-14")),
    claim(OPPOSITION, Predicate.ATTENDED, ASTANA_5, polarity=NEGATIVE),
    claim(OPPOSITION, Predicate.ATTENDED, ASTANA_6, modality=PLANNED),
]
MOVES = [
    in_year("2016", JAYSH, OPPOSITION), in_year("2016", OPPOSITION, TURKEY), in_year("2016", JAYSH, TURKEY),
    in_year("2016", RUSSIA, GOVERNMENT), in_year("2016", RUSSIA, IRAN), in_year("2016", GOVERNMENT, IRAN),
    in_year("2018", JAYSH, RUSSIA), in_year("2018", JAYSH, GOVERNMENT), in_year("2018", RUSSIA, GOVERNMENT),
    in_year("2018", OPPOSITION, TURKEY),
]  # fmt: skip


def table(name: str, claims: list[Claim], **fields: Any) -> list[dict[str, str]]:
    rows = ANALYSES[name].rows(graph_of(quads(*claims, **fields)))
    return [dict(zip(ANALYSES[name].columns, map(str, row), strict=True)) for row in rows]


def test_co_attendance() -> None:
    rows = [(row["one"], row["other"], row["events"], row["which"]) for row in table("co-attendance", CLAIMS)]
    assert rows == [
        ("russia", "turkey", "2", "astana-5 | astana-6"),
        ("iran", "russia", "1", "astana-5"),
        ("iran", "turkey", "1", "astana-5"),
    ]


def test_who_stands_between_others_is_central() -> None:
    chain = [claim(one, Predicate.MET_WITH, other) for one, other in ((RUSSIA, TURKEY), (TURKEY, IRAN))]
    rows = table("centrality", chain)
    assert [(row["id"], row["neighbours"], row["betweenness"]) for row in rows] == [
        ("turkey", "2", "1.0000"), ("iran", "1", "0.0000"), ("russia", "1", "0.0000"),
    ]  # fmt: skip
    assert sum(float(row["pagerank"]) for row in rows) == pytest.approx(1, abs=0.001)


def test_communities_are_those_who_meet_among_themselves() -> None:
    groups: dict[str, set[str]] = {}
    for row in table("communities", MOVES[:6]):
        groups.setdefault(row["community"], set()).add(row["id"])
    assert sorted(map(sorted, groups.values())) == [
        ["iran", "russia", "syria-government"], ["jaysh-al-islam", "syrian-opposition", "turkey"],
    ]  # fmt: skip


def test_who_moved_between_camps() -> None:
    rows = table("camps", MOVES)
    moved = {row["id"]: row["moved"] for row in rows if row["year"] == "2018"}
    assert moved == {
        "jaysh-al-islam": "yes", "russia": "no", "syria-government": "no", "syrian-opposition": "no", "turkey": "no",
    }  # fmt: skip
    jaysh = [row for row in rows if row["id"] == "jaysh-al-islam"]
    assert [(row["year"], row["previous_year"]) for row in jaysh] == [("2016", ""), ("2018", "2016")]
    assert jaysh[1]["camp"] != jaysh[0]["camp"] == jaysh[1]["previous_camp"]
    assert {row["basis"] for row in rows} == {"event"}


def test_the_year_of_the_report_stands_in_only_marked() -> None:
    (first, *_) = table("camps", [claim(RUSSIA, Predicate.MET_WITH, TURKEY)])
    assert (first["year"], first["basis"]) == ("2017", "report")
    assert table("camps", [claim(RUSSIA, Predicate.MET_WITH, TURKEY)], articles=[article(published=None)]) == []
    held = table("camps", CLAIMS)
    assert {(row["year"], row["basis"]) for row in held} == {("2017", "event")}


def test_what_is_no_friendly_edge_makes_nobody_an_ally() -> None:
    hostile = [
        claim(RUSSIA, Predicate.ATTACKED, OPPOSITION),
        claim(TURKEY, Predicate.MET_WITH, RUSSIA, polarity=NEGATIVE),
    ]
    for name in ANALYSES:
        assert table(name, hostile) == []


@pytest.mark.parametrize("name", ANALYSES)
def test_the_command_writes_csv_the_same_in_all_surroundings(name: str, tmp_path: pathlib.Path) -> None:
    graph = tmp_path / "graph"
    graph.mkdir()
    (graph / "kg.nq").write_text(serialize_nquads(quads(*CLAIMS, *MOVES)), encoding="utf-8")
    (graph / "manifest.json").write_text('{"version": 2, "articles": []}', encoding="utf-8")
    text = run("analyze", name, "--graph", graph).output
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == ANALYSES[name].columns
    assert len(rows) > 2
    root = str(pathlib.Path(__file__).parent.parent)
    other = {**os.environ, "PYTHONPATH": root, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    command = [sys.executable, "-m", "kg", "analyze", name, "--graph", str(graph)]
    assert subprocess.run(command, env=other, capture_output=True, check=True).stdout.decode() == text


def test_names_are_listed_and_wrong_ones_answered(tmp_path: pathlib.Path) -> None:
    assert run("analyze").output == listing()
    assert all(name in listing() and one.arabic in listing() for name, one in ANALYSES.items())
    with pytest.raises(QueryError, match="no analysis 'x'; there are co-attendance, centrality"):
        analyze("x", GraphFolder(tmp_path))
    with pytest.raises(GraphError, match="kg rebuild"):
        analyze("camps", GraphFolder(tmp_path))
