"""Reading: formats, encodings, and what is wrong with a file."""

from __future__ import annotations

import contextlib
import json
import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.model import Article
from kg.read import Unreadable, decode, limits, read_articles

TEXT = "انطلقت المحادثات في أستانا اليوم بين الوفود المشاركة"


def one(path: pathlib.Path) -> Article | Unreadable:
    (item,) = read_articles([path])
    return item


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"])
def test_encodings(tmp_path: pathlib.Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert one(path) == Article(id="a", text=TEXT, title=TEXT)


def test_text_is_never_changed(tmp_path: pathlib.Path) -> None:
    text = "عنوان\r\n\r\n  نص\u00a0فيه  مسافات \u200f\n"
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    article = one(path)
    assert isinstance(article, Article)
    assert article.text == text


def test_json(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "x.json"
    fields = {
        "id": "n1",
        "title": "عنوان",
        "outlet": "صحيفة",
        "published": "2018-02-25",
        "url": "https://x.org/1",
        "text": TEXT,
    }
    path.write_text(json.dumps(fields), encoding="utf-8")
    article = one(path)
    assert isinstance(article, Article)
    assert (article.id, article.text, str(article.published)) == ("n1", f"عنوان\n\n{TEXT}", "2018-02-25")


@pytest.mark.parametrize("date", ["2018-02-25T10:00:00Z", "Sun, 25 Feb 2018 00:58:35 GMT", "25/02/2018"])
def test_dates(tmp_path: pathlib.Path, date: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"time": date, "text": TEXT}), encoding="utf-8")
    article = one(path)
    assert isinstance(article, Article)
    assert str(article.published) == "2018-02-25"


def test_jsonl_and_folders_in_order(tmp_path: pathlib.Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(
        "\n".join(json.dumps({"id": str(n), "text": TEXT}) for n in range(3)) + "\n\n{broken\n", encoding="utf-8"
    )
    (tmp_path / "notes.md").write_text("not an article", encoding="utf-8")
    items = list(read_articles([tmp_path, tmp_path / "sub"]))
    assert [item.id if isinstance(item, Article) else item.path for item in items] == [
        "0", "1", "2", f"{tmp_path / 'a.jsonl'}, line 5", "b",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"\xff\xd8\xff\xe0 not text \x81", "neither UTF-8, UTF-16 nor Windows-1256"),
        ("a.txt", f"{TEXT} ".encode() + b"\xff" + TEXT.encode(), "broken UTF-8 at byte 98"),
        ("a.txt", b"  \n ", "no text"),
        ("a.json", b"[]", "no article in it"),
        ("a.json", b"3", "must be a JSON object; found int"),
        ("a.json", b'{"text": 1.5}', "must be text; found float"),
        ("a.json", b'{"text": "x", "published": "yesterday"}', "the date 'yesterday'"),
        ("a.json", b"[" * 100_000, "not JSON"),
        ("a.jsonl", "x".encode("utf-16"), "must be UTF-8"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: pathlib.Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    item = one(path)
    assert isinstance(item, Unreadable)
    assert reason in item.reason


def test_missing_and_foreign_files(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.doc").write_bytes(b"x")
    reasons = [
        item.reason
        for item in read_articles([tmp_path / "none", tmp_path / "a.doc", tmp_path])
        if isinstance(item, Unreadable)
    ]
    assert reasons[0] == "no such file or folder"
    assert reasons[1].startswith("not one of")
    assert reasons[2].startswith("no .txt")


def test_giants_are_refused(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("س" * (limits.LONGEST_ARTICLE + 1), encoding="utf-8")
    assert isinstance(one(path), Unreadable)
    monkeypatch.setattr(limits, "LARGEST_FILE", 10)
    item = one(path)
    assert isinstance(item, Unreadable)
    assert "larger than" in item.reason


def test_surrogates_and_nul_keep_their_place(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"text": "ab\\ud800c\\u0000d"}', encoding="utf-8")
    article = one(path)
    assert isinstance(article, Article)
    assert article.text == "ab\ufffdc\ufffdd"


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_an_error(data: bytes) -> None:
    with contextlib.suppress(ReadError):
        assert isinstance(decode(data), str)
