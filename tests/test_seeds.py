"""Tables of a project over ours: rows replaced, added, added to and removed; alone where they replace ours."""

from __future__ import annotations

import dataclasses
import pathlib

import pytest

from kg import project, seeds
from kg.errors import TableError
from kg.knowledge import ActorRow, OfficeRow, PlaceRow
from kg.language.cues import CueRow
from kg.project import Tables

ACTORS = "id\tkind\tar\ten\taliases\tparent\tside\twikidata\tsource"


@pytest.fixture
def own(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """The folder of the tables of a project that this process is in for one test."""
    there = dataclasses.replace(project.installed(), folder=tmp_path, seeds=tmp_path)
    monkeypatch.setattr(project, "current", lambda: there)
    (tmp_path / project.FILE).write_text("", encoding="utf-8")
    return tmp_path


def write(own: pathlib.Path, table: str, *lines: str) -> None:
    (own / table).write_text("\n".join(lines) + "\n", encoding="utf-8")


def actors() -> dict[str, ActorRow]:
    return {row.id: row for row in seeds.read("actors.tsv", ActorRow)}


def test_without_a_project_the_tables_are_ours() -> None:
    assert {"russia", "bashar-al-assad"} <= set(actors())
    assert [path.name for path in seeds.files() if path.suffix == ".toml"] == ["kg.toml"]


def test_rows_are_added_replaced_and_removed(own: pathlib.Path) -> None:
    before = actors()
    write(
        own, "actors.tsv", ACTORS, "# a comment", "", "layla\tPerson\tليلى\tLayla\t\t\t\t\tme",
        "russia\tState\tروسيا الاتحادية\tRussia\t\t\t\t\tme", "remove turkey\t\t\t\t\t\t\t\t",
    )  # fmt: skip
    after = actors()
    assert set(after) == (set(before) | {"layla"}) - {"turkey"}
    assert after["russia"].ar == "روسيا الاتحادية"
    assert {i: row for i, row in after.items() if i not in ("layla", "russia")} == {
        i: row for i, row in before.items() if i not in ("turkey", "russia")
    }


def test_a_row_is_added_to(own: pathlib.Path) -> None:
    before = actors()["russia"]
    write(
        own, "actors.tsv", ACTORS, "add russia\t\t\t\tالدب الروسي\t\t\t\tme", "add russia\t\t\t\tموسكو الرسمية\t\t\t\t"
    )
    after = actors()["russia"]
    assert after == dataclasses.replace(before, aliases=(*before.aliases, "الدب الروسي", "موسكو الرسمية"), source="me")


def test_words_are_added_to_a_role(own: pathlib.Path) -> None:
    write(own, "cues.tsv", "role\twords", "add negation\tهيهات")
    roles = {row.role: row.words for row in seeds.read("cues.tsv", CueRow)}
    assert {"هيهات", "لن"} <= set(roles["negation"])


def test_a_row_of_several_key_columns(own: pathlib.Path) -> None:
    first = seeds.read("offices.tsv", OfficeRow)[0]
    line = "\t".join((first.person, first.office, first.organisation, first.start))
    write(
        own,
        "offices.tsv",
        "person\toffice\torganisation\tstart\tend",
        f"remove {line}\t",
    )
    assert first not in seeds.read("offices.tsv", OfficeRow)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("remove rusia\t\t\t\t\t\t\t\t", "there is no row 'rusia' to remove; did you mean 'russia'?"),
        ("add nobody-at-all\t\t\t\t\t\t\t\t", "there is no row 'nobody-at-all' to add to"),
        ("x\tTown\tا\tx\t\t\t\t\t", "'Town' is not valid"),
        ("x\tPerson", "2 cells where there are 9 columns"),
    ],
)
def test_wrong_rows_are_named_with_the_table_of_the_project(own: pathlib.Path, line: str, message: str) -> None:
    write(own, "actors.tsv", ACTORS, "# one", line)
    with pytest.raises(TableError) as caught:
        actors()
    assert str(caught.value).startswith(f"{'/'.join((own / 'actors.tsv').parts[-3:])}, row 3: {message}")


def test_a_table_that_is_no_utf_8_is_named(own: pathlib.Path) -> None:
    (own / "actors.tsv").write_bytes(ACTORS.encode() + "\nx\tPerson\tليلى\tL\t\t\t\t\t".encode("cp1256"))
    with pytest.raises(TableError, match="is not UTF-8"):
        actors()


def test_a_byte_order_mark_is_no_harm(own: pathlib.Path) -> None:
    (own / "actors.tsv").write_text(f"\ufeff{ACTORS}\nlayla\tPerson\tليلى\tLayla\t\t\t\t\tme\n", encoding="utf-8")
    assert "layla" in actors()


def test_a_project_on_other_talks_has_its_own_actors_and_our_arabic(
    own: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = dataclasses.replace(project.current(), tables=Tables.REPLACE)
    monkeypatch.setattr(project, "current", lambda: there)
    write(own, "actors.tsv", ACTORS, "layla\tPerson\tليلى\tLayla\t\t\t\t\tme")
    assert list(actors()) == ["layla"]
    assert seeds.read("places.tsv", PlaceRow) == []
    assert seeds.read("cues.tsv", CueRow)


def test_every_file_of_the_project_counts_for_the_rules(own: pathlib.Path) -> None:
    write(own, "actors.tsv", ACTORS)
    assert {own / "actors.tsv", own / project.FILE} <= set(seeds.files())
