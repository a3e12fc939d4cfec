"""Broken files of every format give articles or a reason, whatever the bytes; and what is invented is no article."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pathlib
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.read import Found, Ignored, Options, Unreadable, limits
from kg.read.items import Blob
from kg.read.leaves import leaves, read_leaf
from kg.read.wire import from_wire, to_wire
from tests.test_read_archives import warc

SOURCES = pathlib.Path(__file__).parent / "sources"
TEXT = "انطلقت المحادثات في أستانا اليوم بين الوفود المشاركة"
LINES = "".join(
    json.dumps({"id": str(n), "title": "عنوان", "text": TEXT}, ensure_ascii=False) + "\n" for n in range(3)
).encode()


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["id", "text"], ["1", TEXT], ["2", TEXT]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("b.jsonl", LINES)
    return out.getvalue()


PAGE = (SOURCES / "bbc.html").read_bytes()
SAMPLES = {
    "a.txt": TEXT.encode(),
    "a.json": LINES.splitlines()[0],
    "a.jsonl": LINES,
    "a.csv": f'id,title,text\n1,عنوان,{TEXT}\n2,,"{TEXT}\n"\n'.encode(),
    "a.xlsx": _workbook(),
    "a.html": PAGE,
    "a.rss": (SOURCES / "feed.rss").read_bytes(),
    "a.atom": (SOURCES / "feed.atom").read_bytes(),
    "a.pdf": (SOURCES / "report-shaped.pdf").read_bytes(),
    "a.warc": warc({"https://x.example/1": PAGE}, packed=False),
    "a.warc.gz": warc({"https://x.example/1": PAGE}, packed=True),
    "a.zip": _zip(),
    "a.jsonl.gz": gzip.compress(LINES),
    "a.jsonl.xz": lzma.compress(LINES),
    "a.jsonl.bz2": bz2.compress(LINES),
}


def read(name: str, data: bytes) -> list[Found | Unreadable | Ignored]:
    blob = Blob(name, name, io.BufferedReader(io.BytesIO(data), 65_536))
    return [item for leaf in leaves(blob, Options()) for item in read_leaf(leaf, Options())]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_good(name: str) -> None:
    assert any(isinstance(item, Found) for item in read(name, SAMPLES[name]))


def _check(name: str, data: bytes) -> None:
    items = read(name, data)
    assert items or name in ("a.jsonl", "a.csv") or "jsonl" in name
    for item in items:
        assert from_wire(json.loads(json.dumps(to_wire(item)))) == item
        if isinstance(item, Found):
            item.article.text.encode()
            assert 0 < len(item.article.text) <= limits.LONGEST_ARTICLE
            assert item.article.id


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=40)
@given(data=st.data())
def test_damage_anywhere(name: str, data: st.DataObject) -> None:
    sample = bytearray(SAMPLES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(sample)))
        end = data.draw(st.integers(start, min(len(sample), start + 200)))
        sample[start:end] = data.draw(st.binary(max_size=20) | st.just(bytes(sample[start:end]) * 2))
    _check(name, bytes(sample[: data.draw(st.integers(0, len(sample)) | st.just(len(sample)))]))


@pytest.mark.parametrize("name", [*SAMPLES, "unknown"])
@settings(max_examples=30)
@given(data=st.binary(max_size=300))
def test_any_bytes(name: str, data: bytes) -> None:
    _check(name, data)
