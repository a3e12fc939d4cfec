"""``kg read``: what would be read, before anything is built; and the account of a run."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import subprocess
import sys
import zipfile

import pytest

from kg.cli import options
from kg.read import BY_NAME, FIELDS, Intake
from kg.resources import folder
from tests.conftest import run

SOURCES = pathlib.Path(__file__).parent / "sources"
SEEDS = folder("seeds") / "articles"
TEXT = "انطلقت المحادثات في أستانا اليوم بين الوفود المشاركة"


@pytest.fixture
def archive(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(SEEDS / "seed-002.txt", "one.txt")
        packed.writestr("two.txt", f"نقلا عن وكالات\n{(SEEDS / 'seed-002.txt').read_text(encoding='utf-8')}")
        packed.write(SOURCES / "bbc.html", "page.html")
        packed.writestr(
            "persian.txt", "نشست بعدی درباره سوریه هفته آینده در آستانه برگزار می‌شود و هیئت‌ها شرکت خواهند کرد"
        )
        packed.writestr("style.css", "")
    return path


def test_the_table_tells_articles_copies_and_what_is_not_used(archive: pathlib.Path) -> None:
    told = run("read", archive, code=3).output
    assert "page  2017-11-29     4" in told
    assert "copy of one" in told
    assert f"  {archive}, persian.txt: in Persian; only Arabic is read\n" in told
    assert f"{archive}: 3 articles (2 text, 1 html); not used: 1 not in Arabic; passed over: 1 css\n" in told
    assert "1 of the articles are copies of others" in told


def test_the_rows_as_csv_and_json_are_the_same(archive: pathlib.Path, tmp_path: pathlib.Path) -> None:
    run("read", archive, "--format", "csv", "-o", tmp_path / "rows.csv", code=3)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "rows.csv").read_text(encoding="utf-8"))))
    records = [json.loads(line) for line in run("read", archive, "--format", "jsonl", code=3).output.splitlines()]
    assert [{name: str(value) for name, value in record.items()} for record in records] == rows
    (page,) = (record for record in records if record["format"] == "html")
    assert (page["id"], page["outlet"], page["published"]) == ("page", "BBC News عربي", "2017-11-29")
    assert page["path"] == f"{archive}, page.html"


def test_what_is_all_read_ends_well() -> None:
    assert "5 articles (5 text)" in run("read", SEEDS).output


def test_columns_are_named_on_the_command_line(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"copy,kicker\n{TEXT},عنوان\n", encoding="utf-8")
    assert "--column text=NAME" in run("read", path, code=3).output
    assert "عنوان" in run("read", path, "--column", "text=copy", "--column", "title=kicker").output
    assert "is not FIELD=NAME" in run("read", path, "--column", "body=copy", code=2).stderr


@pytest.mark.parametrize(
    ("data", "arguments", "expected"),
    [
        pytest.param((SOURCES / "bbc.html").read_bytes(), (), "stdin  2017-11-29", id="a page, recognised"),
        pytest.param(
            f"copy\n{TEXT}\n".encode(), ("--input-format", "csv", "--column", "text=copy"), "stdin-2", id="a table, named"
        ),
        pytest.param(TEXT.encode(), (), "stdin  no date", id="text"),
        pytest.param(json.dumps({"id": "x1", "text": TEXT}).encode(), (), "x1  no date", id="JSON"),
    ],
)  # fmt: skip
def test_standard_input(data: bytes, arguments: tuple[str, ...], expected: str) -> None:
    command = [sys.executable, "-m", "kg", "read", "-", *arguments]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    assert done.stdout.decode().startswith(expected)


def test_an_article_given_twice_is_read_once_and_an_id_given_twice_is_named(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [{"id": "1", "text": TEXT}, {"id": "1", "text": TEXT}, {"id": "1", "text": f"{TEXT} غدا"}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    intake = Intake([path])
    assert [article.id for article in intake] == ["1"]
    assert [item.path for item in intake.unreadable] == ["1"]
    assert (
        str(intake.accounts[0])
        == f"{path}: 1 articles (1 jsonl); not used: 1 id given twice; passed over: 1 repeated word for word"
    )


def test_the_options_know_the_fields_and_formats_that_the_reader_has() -> None:
    assert options.FIELDS == FIELDS
    assert set(options.INPUT_FORMATS) <= set(BY_NAME)
    assert set(BY_NAME) - set(options.INPUT_FORMATS) == {"gzip", "xz", "bz2"}


@pytest.mark.model
def test_a_run_says_what_became_of_each_source(archive: pathlib.Path, tmp_path: pathlib.Path) -> None:
    graph = tmp_path / "graph"
    result = run("rebuild", archive, SOURCES / "feed.atom", "https://example.org/a", "--graph", graph, code=3)
    assert "4 articles (4 annotated now)" in result.output
    assert (
        f"read    {archive}: 3 articles (2 text, 1 html); not used: 1 not in Arabic; passed over: 1 css\n"
        in result.stderr
    )
    assert f"read    {SOURCES / 'feed.atom'}: 1 articles (1 feed)\n" in result.stderr
    assert "left out: https://example.org/a: kg takes nothing from the web unless told to: --fetch\n" in result.stderr
    assert f"left out: {archive}, persian.txt: in Persian; only Arabic is read\n" in result.stderr
