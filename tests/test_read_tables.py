"""Tables and JSON: which column holds what, and what is wrong with a row."""

from __future__ import annotations

import datetime
import json
import pathlib

import openpyxl
import pytest

from kg.model import Article
from kg.read import Options, Unreadable, read_articles
from tests.conftest import run

TEXT = "انطلقت المحادثات في أستانا اليوم بين الوفود المشاركة"
OTHER = "قاطعت فصائل المعارضة الجولة المقبلة من المحادثات في جنيف"
DAY = datetime.date(2018, 2, 25)


def read(path: pathlib.Path, **columns: str) -> list[Article | Unreadable]:
    return list(read_articles([path], Options(columns=columns)))


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), (";", "cp1256"), ("\t", "utf-16"), ("|", "utf-8-sig")]
)
def test_a_table(tmp_path: pathlib.Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "news.csv"
    rows = [
        ["Headline", "Date", "النص", "Link"],
        ["عنوان", "25/02/2018", f'"{TEXT}\nوقال"', "https://x.org/1"],
        [""] * 4,
        ["", "", OTHER, ""],
    ]
    path.write_bytes("\n".join(delimiter.join(row) for row in rows).encode(encoding))
    assert read(path) == [
        Article("news-2", f"عنوان\n\n{TEXT}\nوقال", "عنوان", published=DAY, url="https://x.org/1"),
        Article("news-4", OTHER),
    ]


def test_columns_are_named_by_the_user(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "news.tsv"
    path.write_text(f"kicker\tbody copy\ttext\nعنوان\t{TEXT}\tx\n", encoding="utf-8")
    assert read(path, text="Body Copy", title="kicker") == [Article("news-2", f"عنوان\n\n{TEXT}", "عنوان")]


def test_without_a_column_of_text_the_columns_are_listed(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "news.csv"
    path.write_text("lead,copy\nأ,ب\n", encoding="utf-8")
    (item,) = read(path)
    assert isinstance(item, Unreadable)
    assert item.reason == (
        "no column holds the text; the columns found are lead, copy; name the right one: --column text=NAME"
    )


def test_columns_that_are_no_text_can_be_told(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(f"id,العنوان الكامل\udcf4,body\n1,,{TEXT}\n2,س,\n".encode(errors="surrogateescape"))
    assert "العنوان الكامل\ufffd" in run("read", path, "--column", "text=body", "--format", "jsonl", code=3).output


def test_one_bad_row_loses_no_other(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "news.csv"
    lines = [
        b"id,date,text",
        f"a,2018-02-25,{TEXT}".encode(),
        f"b,soon,{TEXT}".encode(),
        b"c,,\xff\xfe\x81",
        b"d,,",
        f"e,,{OTHER}".encode(),
    ]
    path.write_bytes(b"\n".join(lines))
    first, wrong_day, no_text, empty, last = read(path)
    assert [first, last] == [Article("a", TEXT, published=DAY), Article("e", OTHER)]
    problems = [item for item in (wrong_day, no_text, empty) if isinstance(item, Unreadable)]
    assert [item.path.rpartition(", ")[2] for item in problems] == ["row 3", "row 4", "row 5"]
    assert [item.reason[:12] for item in problems] == ["the date 'so", "bytes in it ", "no text in i"]


@pytest.fixture
def workbook(tmp_path: pathlib.Path) -> pathlib.Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "notes"
    sheet.append(["who", "what"])
    sheet = book.create_sheet("articles")
    sheet.append(["ID", "العنوان", "Date", "Body"])
    sheet.append([17, "عنوان", datetime.datetime(2018, 2, 25, 10, 30), TEXT])  # noqa: DTZ001 as Excel has it
    sheet.append([None, None, "25/02/2018", OTHER])
    path = tmp_path / "export.xlsx"
    book.save(path)
    return path


def test_a_workbook(workbook: pathlib.Path) -> None:
    assert read(workbook) == [
        Article("17", f"عنوان\n\n{TEXT}", "عنوان", published=DAY),
        Article("export-3", OTHER, published=DAY),
    ]


def test_a_workbook_without_a_column_of_text(workbook: pathlib.Path) -> None:
    (item,) = read(workbook, text="copy")
    assert isinstance(item, Unreadable)
    assert "who, what, ID, العنوان, Date, Body" in item.reason


def test_json_with_other_names_and_lists(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "export.json"
    rows = [
        {"headline": "عنوان", "articleBody": TEXT, "datePublished": "2018-02-25T10:00:00Z"},
        {"articleBody": ""},
        {"articleBody": OTHER},
        3,
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    first, empty, last, number = read(path)
    assert [first, last] == [
        Article("export-1", f"عنوان\n\n{TEXT}", "عنوان", published=DAY),
        Article("export-3", OTHER),
    ]
    assert isinstance(empty, Unreadable)
    assert isinstance(number, Unreadable)
    assert number.reason == "an article must be a JSON object; found int"


def test_json_without_text_lists_its_fields(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"copy": TEXT, "lead": "x"}), encoding="utf-8")
    (item,) = read(path)
    assert isinstance(item, Unreadable)
    assert "copy, lead" in item.reason
    assert read(path, text="copy") == [Article("a-1", TEXT)]


DAYS = (
    "2018-02-25", "25/02/2018", "25.2.2018", "25-02-2018", "20180225", "2018/02/25 10:30", "٢٥/٠٢/٢٠١٨",
    "Sun, 25 Feb 2018 00:58:35 GMT",
)  # fmt: skip


@pytest.mark.parametrize("date", DAYS)
def test_days(tmp_path: pathlib.Path, date: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": TEXT, "published": date}), encoding="utf-8")
    assert read(path) == [Article("a-1", TEXT, published=DAY)]


@pytest.mark.parametrize("date", ["2018-02-30", "31/31/2018", "yesterday", "9" * 1000])
def test_what_is_no_day_is_an_error(tmp_path: pathlib.Path, date: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": TEXT, "published": date}), encoding="utf-8")
    (item,) = read(path)
    assert isinstance(item, Unreadable)
    assert item.reason.startswith("the date")
