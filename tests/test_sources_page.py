"""What docs/sources.md says is so: its commands run, its formats and limits are those of the program."""

from __future__ import annotations

import gzip
import json
import lzma
import pathlib
import re
import shlex
import shutil
import zipfile

import openpyxl
import pytest

from kg.read import SUFFIXES, limits
from kg.read.articles import NAMES
from tests.conftest import run
from tests.test_read_archives import warc

ROOT = pathlib.Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
SOURCES = ROOT / "tests" / "sources"
TEXT = "انطلقت المحادثات في أستانا اليوم بين الوفود المشاركة"
COMMANDS = re.findall(r"^kg (read .*)$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder with the files that the page speaks of."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(SOURCES, folder / "saved-pages", ignore=shutil.ignore_patterns("*.pdf", "feed*"))
    with zipfile.ZipFile(folder / "saved-pages.zip", "w") as archive:
        archive.write(SOURCES / "sana.html", "sana.html")
    (folder / "articles.jsonl.xz").write_bytes(lzma.compress(json.dumps({"text": TEXT}).encode()))
    (folder / "crawl.warc.gz").write_bytes(
        warc({"https://x.example/1": (SOURCES / "bbc.html").read_bytes()}, packed=True)
    )
    assert gzip.decompress((folder / "crawl.warc.gz").read_bytes())
    shutil.copy(SOURCES / "report-printed.pdf", folder / "report.pdf")
    (folder / "table.csv").write_text(f"headline,body\nعنوان,{TEXT}\n", encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.append(["text"])
    book.active.append([TEXT])
    book.save(folder / "export.xlsx")
    return folder


@pytest.mark.parametrize("command", [line for line in COMMANDS if "--fetch" not in line])
def test_its_commands_run(command: str, place: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    run(*shlex.split(command))


def test_it_has_commands() -> None:
    assert len(COMMANDS) == 6


def test_it_names_every_ending_and_only_those() -> None:
    rows = re.search(r"## Formats\n(.*?)\nA folder", PAGE, re.DOTALL)
    assert rows
    assert set(re.findall(r"`(\.[a-z.0-9]+)`", rows[1])) == set(SUFFIXES)


def test_its_column_names_are_recognised() -> None:
    for field, names in re.findall(
        r"`(text|title|published|outlet|url)` \((?:also )?\n?([^)]*)\)", PAGE.replace("\n", " ")
    ):
        assert set(re.findall(r"`([^`]+)`", names)) <= set(NAMES[field])


def test_its_limits_are_those_of_the_program() -> None:
    for told in (
        f"{limits.LONGEST_ARTICLE:,} characters",
        f"{limits.LARGEST_FILE >> 20} MB",
        f"{limits.LONGEST_LINE >> 20} MB",
        f"{limits.STEEPEST} times its size, {limits.SMALL_ENOUGH >> 20} MB",
        f"{limits.MOST_MEMBERS:,}; {limits.DEEPEST_ARCHIVE} |",
        f"pages of a PDF | {limits.MOST_PAGES:,} |",
        f"{limits.LARGEST_INPUT >> 30} GB",
        f"{limits.SECONDS} seconds",
        f"{limits.DOWNLOAD_SECONDS:.0f} seconds for each address",
        f"{limits.MEMORY >> 30} GB of memory",
    ):
        assert told in PAGE, told
