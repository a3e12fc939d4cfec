"""Projects: found like a git repository, settings checked, and what is wrong said with the file and what is allowed."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import subprocess
import sys

import pytest

from kg import project
from kg.errors import ProjectError
from kg.project import Tables
from tests.conftest import run


@pytest.fixture
def made(tmp_path: pathlib.Path) -> pathlib.Path:
    """A project folder as ``kg init`` makes it."""
    run("init", tmp_path / "talks")
    return tmp_path / "talks"


def write(folder: pathlib.Path, *lines: str) -> pathlib.Path:
    path = folder / project.FILE
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def kg(*arguments: str | pathlib.Path, at: pathlib.Path) -> subprocess.CompletedProcess[str]:
    """Run ``kg`` in a process of its own, in this folder."""
    environment = os.environ | {"PYTHONPATH": str(pathlib.Path(__file__).parent.parent)}
    return subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        cwd=at, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_new_project_has_empty_tables_in_order_and_its_settings(made: pathlib.Path) -> None:
    found = project.read(made / project.FILE)
    ours = project.installed()
    assert found == dataclasses.replace(
        ours, folder=made, seeds=made / "seeds", sources=(made / "articles",), graph=made / "graph",
        title=("talks", "talks"), description=found.description,
    )  # fmt: skip
    assert kg("lint", at=made).stdout == "The seed tables are in order.\n"
    assert "ماذا بعد" in (made / "README.md").read_text(encoding="utf-8")


def test_the_examples_in_the_tables_are_in_order_too(made: pathlib.Path) -> None:
    for path in (made / "seeds").glob("*.tsv"):
        path.write_text(path.read_text(encoding="utf-8").replace("# ", ""), encoding="utf-8")
    checked = kg("lint", at=made)
    assert (checked.returncode, checked.stdout) == (0, "The seed tables are in order.\n")


def test_a_project_is_made_once_and_what_stands_in_the_folder_stays(made: pathlib.Path) -> None:
    assert "is a project already" in run("init", made, code=2).stderr
    (made / project.FILE).unlink()
    (made / "README.md").write_text("mine", encoding="utf-8")
    run("init", made, "--replace", "--base", "https://example.org/talks/")
    assert (made / "README.md").read_text(encoding="utf-8") == "mine"
    found = project.read(made / project.FILE)
    assert (found.tables, found.base) == (Tables.REPLACE, "https://example.org/talks/")


def test_a_name_with_quotation_marks_is_no_harm(tmp_path: pathlib.Path) -> None:
    run("init", tmp_path / 'a"b\\n]')
    assert project.read(tmp_path / 'a"b\\n]' / project.FILE).title == ("abn", "abn")


def test_a_folder_that_cannot_be_written(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "cannot be written" in run("init", tmp_path / "file" / "project", code=2).stderr


def test_a_project_is_found_from_below_and_the_nearest_counts(made: pathlib.Path) -> None:
    below = made / "articles" / "2024"
    below.mkdir()
    assert project.find(below) == made / project.FILE
    near = write(made / "articles", 'base = "https://example.org/near/"')
    assert project.find(below) == near
    assert project.find(pathlib.Path("/")) is None


def test_a_project_of_another_user_is_not_used_unasked(made: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = (made / project.FILE).stat().st_uid
    if owner == 0:
        os.chown(made / project.FILE, 12345, -1)
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    with pytest.raises(ProjectError, match="belongs to another user; if you trust it, write: kg --project"):
        project.find(made)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('bas = "https://example.org/"', "there is no setting 'bas'; did you mean 'base'?"),
        ('colour = "red"', "there is no setting 'colour'; allowed: base,"),
        ('base = "example.org"', "base must be like https://example.org/my-talks/ with a slash at its end; found 'example.org'"),
        ('base = "https://example.org/a b/"', "base must be like"),
        ('base = "https://example.org/>/"', "base must be like"),
        ('base = "https://example.org/x"', "base must be like"),
        ("base = 1", 'base must be a text: "..."; found 1'),
        ('tables = "none"', "tables must be \"add\" or \"replace\"; found 'none'"),
        ('title = "Talks"', 'title must be { ar = "...", en = "..." }; found \'Talks\''),
        ('title = { ar = "محادثات" }', "title must be"),
        ('sources = "articles"', 'sources must be a list of texts: ["..."]'),
        ("sources = [1]", "sources must be a list of texts"),
        ('seeds = "tables"', "seeds is 'tables', but there is no folder"),
        ("base = ", "is not TOML"),
        ("a = " + "[" * 100_000, "is not TOML"),
        ("#" * project.LARGEST, "has more than 1000000 bytes"),
    ],
)  # fmt: skip
def test_wrong_settings(tmp_path: pathlib.Path, line: str, message: str) -> None:
    path = write(tmp_path, line)
    with pytest.raises(ProjectError) as caught:
        project.read(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_settings_that_are_no_text(tmp_path: pathlib.Path) -> None:
    (tmp_path / project.FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProjectError, match="must be UTF-8 text"):
        project.read(tmp_path / project.FILE)


def test_wrong_settings_are_a_message_of_every_command(made: pathlib.Path) -> None:
    write(made, "base = 1")
    for arguments in (["claims"], ["rebuild"], ["lint"], ["query"]):
        failed = kg(*arguments, at=made)
        assert (failed.returncode, failed.stdout) == (2, "")
        assert failed.stderr == f'kg: {made / project.FILE}: base must be a text: "..."; found 1\n'


def test_a_project_is_named_from_elsewhere(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    (made / "seeds" / "states.tsv").write_text("id\tadjective\tcapital\n0000000\tأطلسي\t\n", encoding="utf-8")
    checked = kg("--project", made, "lint", at=tmp_path)
    assert (checked.returncode, checked.stdout) == (1, "talks/seeds/states.tsv, row 2: no row has the id '0000000'\n")
    assert "there is no project in" in kg("--project", tmp_path, "lint", at=made).stderr
    refused = kg("rebuild", at=made)
    assert refused.returncode == 2
    assert "kg lint lists all 1:\n  talks/seeds/states.tsv, row 2" in refused.stderr


def test_a_table_that_nobody_reads_is_named(made: pathlib.Path) -> None:
    (made / "seeds" / "actor.tsv").write_text("id\n", encoding="utf-8")
    assert kg("lint", at=made).stdout == "actor.tsv, row 0: there is no such table; did you mean 'actors.tsv'?\n"


def test_the_base_is_that_of_the_project_in_ontology_queries_and_prefixes(made: pathlib.Path) -> None:
    write(made, 'base = "https://example.org/talks/"')
    queries = made / "ontology" / "queries"
    queries.mkdir(parents=True)
    (queries / "who-attended.rq").write_text("# Mine.\n# لي.\nSELECT * { ?a st:attended ?b }\n", encoding="utf-8")
    (made / "ontology" / "more.ttl").write_text(
        "<https://example.org/x> a <https://example.org/y> .\n", encoding="utf-8"
    )
    code = (
        "from kg import ids, rdf, jsonld, queries, validate, project\n"
        "texts = [*project.ontology_texts('*.ttl').values(), *project.ontology_texts('rules/*.rq').values(),\n"
        "         *project.ontology_texts('queries/*.rq').values(), validate.shapes_text(), str(jsonld.context())]\n"
        "assert not [t for t in texts if 'w3id.org/syria-talks' in t]\n"
        "assert ids.iri('x') == 'https://example.org/talks/id/x'\n"
        "assert rdf.term('st:attended') == 'https://example.org/talks/ontology#attended'\n"
        "assert jsonld.context()['st'] == rdf.ONTOLOGY\n"
        "assert queries.load('who-attended').english == 'Mine.'\n"
        "assert list(project.ontology_texts('*.ttl')) == ['more', 'syria-talks']\n"
        "assert 'https://example.org/talks/ontology#attended' in ''.join(texts) or 'talks/ontology#' in ''.join(texts)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(pathlib.Path(__file__).parent.parent)}
    subprocess.run([sys.executable, "-c", code], cwd=made, env=environment, check=True)


def test_an_example_is_copied_into_a_new_folder(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    run("init", tmp_path / "yemen", "--example", "yemen")
    assert project.read(tmp_path / "yemen" / project.FILE).tables is Tables.REPLACE
    assert "is not empty; name a new folder" in run("init", made, "--example", "yemen", code=2).stderr
    assert (
        "there is no example 'atlantis'; there are yemen"
        in run("init", tmp_path / "x", "--example", "atlantis", code=2).stderr
    )
