"""Hostile files: nothing hangs, nothing fills the memory, and what is good in the same run is read."""

from __future__ import annotations

import json
import os
import pathlib
import socket
import zipfile

import pytest

from kg.model import Article
from kg.read import Cause, Options, Unreadable, limits, read_articles
from kg.read.apart import Apart
from kg.read.formats import FORMATS

SOURCES = pathlib.Path(__file__).parent / "sources"
TEXT = "انطلقت المحادثات في أستانا اليوم بين الوفود المشاركة"


def reasons(*paths: pathlib.Path) -> list[str]:
    return [item.reason if isinstance(item, Unreadable) else item.id for item in read_articles(paths)]


def test_pipes_devices_sockets_and_dead_links_are_not_waited_for(tmp_path: pathlib.Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "device.html").symlink_to("/dev/zero")
    (tmp_path / "dead.pdf").symlink_to("nowhere")
    (tmp_path / "round.txt").symlink_to("round.txt")
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(tmp_path / "socket.csv"))
        assert sorted(reasons(tmp_path)) == sorted(
            ["good", *["not a file: a pipe, a device, or a link to nothing"] * 5]
        )
        assert (
            reasons(tmp_path / "pipe.txt", tmp_path / "device.html")
            == ["not a file: a pipe, a device, or a link to nothing"] * 2
        )


def test_links_in_a_circle_are_not_followed(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "a" / "x.txt").write_text(TEXT, encoding="utf-8")
    assert reasons(tmp_path) == ["x"]


def test_a_very_long_line_is_named_and_the_next_one_read(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.jsonl"
    good = json.dumps({"text": TEXT}).encode()
    with path.open("wb") as file:
        file.write(good + b"\n" + b'{"text": "')
        for _ in range(100):
            file.write(b"x" * 2**20)
        file.write(b'"}\n' + good)
    first, problem, last = read_articles([path])
    assert isinstance(problem, Unreadable)
    assert problem.path.endswith("line 2")
    assert "more than 16 MB" in problem.reason
    assert [item.id for item in (first, last) if isinstance(item, Article)] == ["a-1", "a-3"]


def lacing(number: int) -> bytes:
    """A feed whose entities stand for one another: a few lines that would be gigabytes."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, number))
    item = f"<item><description>{TEXT} &e{number - 1};</description></item>"
    return f"<!DOCTYPE r [<!ENTITY e0 'ha'>{entities}]><rss><channel>{item}</channel></rss>".encode()


OUTSIDE = f"""<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<rss><channel><item><description>{TEXT} &e;</description></item></channel></rss>"""
PAGES_IN_PAGES = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>endobj
trailer<</Root 1 0 R>>"""
HOSTILE = {
    "entities.xml": lacing(12),
    "outside.xml": OUTSIDE.encode(),
    "deep.html": b"<div>" * 200_000 + TEXT.encode(),
    "wide.html": b"<a href=x>" * 100_000 + b"<p>" * 100_000,
    "attributes.html": b"<p " + b"a=b " * 200_000 + b">" + TEXT.encode(),
    "deep.xml": b"<rss>" + b"<a>" * 200_000,
    "deep.json": b'{"text":' * 100_000,
    "lists.json": b"[" * 1_000_000,
    "quotes.csv": b'text\n"' + b'""' * 1_000_000,
    "columns.csv": b"text" + b"," * 1_000_000 + b"\n" + b"x," * 100_000,
    "empty.pdf": b"%PDF-1.7\n",
    "loop.pdf": PAGES_IN_PAGES,
    "header.warc": b"WARC/1.0\r\n" + b"X: " + b"y" * 3_000_000,
    "length.warc": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999999999999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> list[Article | Unreadable]:
    """What all hostile files give, between good ones, read in one run."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, data in HOSTILE.items():
        (folder / name).write_bytes(data)
    for name in ("a", "m", "z"):
        (folder / f"{name}-good.html").write_bytes((SOURCES / "bbc.html").read_bytes())
    return list(read_articles([folder]))


def test_nothing_good_is_lost_among_hostile_files(items: list[Article | Unreadable]) -> None:
    assert {"a-good", "m-good", "z-good"} <= {item.id for item in items if isinstance(item, Article)}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_named_or_harmless(items: list[Article | Unreadable], name: str) -> None:
    told = [item for item in items if isinstance(item, Unreadable) and name in item.path]
    texts = [item.text for item in items if isinstance(item, Article) and item.id.startswith(name.partition(".")[0])]
    assert told or texts
    assert all(len(text) < 10_000 and "root:" not in text and "haha" not in text for text in texts)


def test_what_takes_too_long_is_ended_and_the_rest_of_the_archive_is_read(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SECONDS", 1)
    readers = _broken_readers(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"{readers}:{os.environ.get('PYTHONPATH', '')}")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("1-good", "2-hang", "3-crash", "4-memory", "5-write", "6-good"):
            archive.writestr(f"{name}.html", f"<p>{name}")
    with Apart() as apart:
        items = list(apart.read(tmp_path / "a.zip", Options(), path="a.zip", name="a.zip"))
    told = [(item.path, item.reason) if isinstance(item, Unreadable) else item.article.id for item in items]  # type: ignore[union-attr]
    assert told == [
        "1-good",
        ("a.zip, 2-hang.html", "took too long to read"),
        ("a.zip, 3-crash.html", "its reader ended (code -11)"),
        ("a.zip, 4-memory.html", "needs more than 1 GB of memory to be read as html"),
        ("a.zip, 5-write.html", "damaged: not readable as html (OSError: [Errno 27] File too large)"),
        "6-good",
    ]
    assert not (tmp_path / "written").exists() or not (tmp_path / "written").read_bytes()


def _broken_readers(folder: pathlib.Path) -> pathlib.Path:
    """A stand-in for trafilatura that does, in the real process, what a parser with a hole could be made to do."""
    (folder / "readers").mkdir()
    (folder / "readers" / "trafilatura.py").write_text(
        f"""
import os, signal
from types import SimpleNamespace

def bare_extraction(markup, **_):
    if "hang" in markup:
        while True:
            pass
    if "crash" in markup:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "memory" in markup:
        bytearray(4 << 30)
    if "write" in markup:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with open({str(folder / "written")!r}, "wb", buffering=0) as file:
            file.write(b"x")
    return SimpleNamespace(text="{TEXT} " * 3, title="", sitename="", hostname="", url="", date="")
""",
        encoding="utf-8",
    )
    return folder / "readers"


def test_the_process_ends_with_the_reading(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.html").write_bytes((SOURCES / "bbc.html").read_bytes())
    with Apart() as apart:
        next(iter(apart.read(tmp_path / "a.html", Options(), path="a", name="a.html")))
        first = apart._process
    assert first is None or first.poll() is not None
    assert apart._process is None


NONSENSE = (
    "nonsense",
    "3",
    "{}",
    '{"Found": 3}',
    '{"Ignored": {"x": 1}}',
    "[" * 100_000,
    '{"Found": {"article": {"published": "x"}}}',
)


@pytest.mark.parametrize("answer", NONSENSE, ids=lambda answer: answer[:20])
def test_a_reader_that_says_nonsense_is_ended(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    (tmp_path / "answer").write_text(f"{answer}\n", encoding="utf-8")
    (tmp_path / "python").write_text(f"#!/bin/sh\nhead -n 1 >/dev/null\ncat {tmp_path / 'answer'}\n", encoding="utf-8")
    (tmp_path / "python").chmod(0o700)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    (tmp_path / "a.html").write_bytes(b"x")
    (problem,) = read_articles([tmp_path / "a.html"])
    assert problem == Unreadable(str(tmp_path / "a.html"), "its reader said what is no answer", Cause.BROKEN)


def test_every_format_survives_nothing_at_all(tmp_path: pathlib.Path) -> None:
    for form in FORMATS:
        for suffix in form.suffixes:
            (tmp_path / f"a{suffix}").write_bytes(b"")
    items = list(read_articles([tmp_path]))
    assert not [item for item in items if isinstance(item, Article)]


def test_a_file_that_is_gone_meanwhile_is_named(tmp_path: pathlib.Path) -> None:
    with Apart() as apart:
        (item,) = apart.read(tmp_path / "gone.html", Options(), path="gone.html", name="gone.html")
    assert item == Unreadable("gone.html", "No such file or directory")
