"""The seed tables: well formed, consistent, and large enough; wrong rows are named."""

from __future__ import annotations

import datetime
import pathlib
from collections import Counter
from dataclasses import dataclass

import pytest

from kg.errors import TableError
from kg.knowledge import ActorRow, PlaceRow, knowledge_base
from kg.language.arabic import key
from kg.relate.triggers import rules
from kg.resources import seed
from kg.tables import read_table
from kg.vocabulary import SIGNATURES, Kind


@dataclass(frozen=True)
class Row:
    id: str
    kind: Kind
    names: tuple[str, ...]
    day: datetime.date | None


def write(tmp_path: pathlib.Path, *lines: str) -> pathlib.Path:
    path = tmp_path / "t.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_rows(tmp_path: pathlib.Path) -> None:
    path = write(tmp_path, "id\tkind\tnames\tday", "x\tState\tأ|ب\t2018-01-02", "y\tPlace\t\t")
    assert read_table(path, Row) == [
        Row("x", Kind.STATE, ("أ", "ب"), datetime.date(2018, 1, 2)),
        Row("y", Kind.PLACE, (), None),
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("id\tkind",), "t.tsv, row 1: the columns must be id, kind, names, day; found ['id', 'kind']"),
        (("id\tkind\tnames\tday", "x\tState"), "t.tsv, row 2: 2 cells where there are 4 columns"),
        (("id\tkind\tnames\tday", "x\tTown\t\t"), "t.tsv, row 2: 'Town' is not valid"),
        (("id\tkind\tnames\tday", "x\tState\t\t3 May"), "t.tsv, row 2: '3 May' is not valid"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: pathlib.Path, lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(TableError) as caught:
        read_table(write(tmp_path, *lines), Row)
    assert str(caught.value).startswith(message)


def test_the_tables_are_large_enough() -> None:
    base = knowledge_base()
    kinds = Counter(entity.kind for entity in base.entities.values())
    assert kinds[Kind.PLACE] >= 150
    assert len(read_table(seed("actors.tsv"), ActorRow)) >= 1400
    assert len(read_table(seed("places.tsv"), PlaceRow)) >= 700
    assert len(base.offices) >= 400
    assert [len(base.rounds_of(track)) for track in ("astana-process", "constitutional-committee")] == [22, 8]
    assert [event.number for event in base.rounds_of("geneva-process")][:8] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_no_name_of_an_actor_or_place_means_two_things() -> None:
    rows: list[ActorRow | PlaceRow] = [
        *read_table(seed("actors.tsv"), ActorRow),
        *read_table(seed("places.tsv"), PlaceRow),
    ]
    owners: dict[str, set[str]] = {}
    for row in rows:
        for name in (row.ar, *row.aliases):
            owners.setdefault(key(name), set()).add(row.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_references_lead_somewhere() -> None:
    base = knowledge_base()
    assert set(base.parents.values()) <= set(base.entities)
    assert {event.place for event in base.events if event.place} <= set(base.entities)
    assert {row.person for row in base.offices} | {row.organisation for row in base.offices} <= set(base.entities)
    assert all(q[0] == "Q" and q[1:].isdigit() for q in base.wikidata.values())


def test_every_row_says_where_it_comes_from() -> None:
    rows: list[ActorRow | PlaceRow] = [
        *read_table(seed("actors.tsv"), ActorRow),
        *read_table(seed("places.tsv"), PlaceRow),
    ]
    assert [row.id for row in rows if not row.source] == []


def test_terms_of_office_begin_before_they_end() -> None:
    terms = [row for row in knowledge_base().offices if row.start and row.end]
    assert len(terms) >= 200
    assert [row for row in terms if row.start[: len(row.end)] > row.end[: len(row.start)]] == []


def test_every_rule_names_its_predicate() -> None:
    for row in rules():
        assert row.rule.startswith(f"{row.predicate}.")
        assert 0 < row.confidence <= 1
        assert row.predicate in SIGNATURES
