"""Archives and compressed files: read like what is in them, by the same ids, and a damaged part loses no other."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pathlib
import random
import zipfile
import zlib
from collections.abc import Callable

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kg.model import Article
from kg.read import Options, Unreadable, limits, read_articles
from kg.read.archives import Ration
from kg.read.items import Blob
from kg.read.leaves import Leaf, leaves, read_leaf

SOURCES = pathlib.Path(__file__).parent / "sources"
TEXT = "انطلقت المحادثات في أستانا اليوم بين الوفود المشاركة"
LINES = "".join(json.dumps({"id": f"n{n}", "text": f"{TEXT} {n}"}) + "\n" for n in range(5)).encode()


def ids(*paths: pathlib.Path) -> list[str]:
    return [item.id if isinstance(item, Article) else f"! {item.reason}" for item in read_articles(paths)]


@pytest.mark.parametrize(("ending", "pack"), [("gz", gzip.compress), ("xz", lzma.compress), ("bz2", bz2.compress)])
def test_compressed_files(tmp_path: pathlib.Path, ending: str, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / f"a.jsonl.{ending}").write_bytes(pack(LINES))
    (tmp_path / f"b.{ending}").write_bytes(pack(LINES))
    packed = list(read_articles([tmp_path / f"a.jsonl.{ending}"]))
    assert packed == list(read_articles([tmp_path / "a.jsonl"])) == list(read_articles([tmp_path / f"b.{ending}"]))
    assert len(packed) == 5


def test_a_compressed_file_that_is_cut_off_gives_what_it_has(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    noise = random.Random(1)
    lines = [json.dumps({"id": str(n), "text": TEXT, "noise": noise.randbytes(400).hex()}) for n in range(2000)]
    path.write_bytes(gzip.compress("\n".join(lines).encode())[:-1000])
    *found, problem = ids(path)
    assert len(found) > 1800
    assert problem.startswith("! damaged")


def zipped(path: pathlib.Path, members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> pathlib.Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_zip_gives_the_ids_of_the_folder_that_was_packed(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "folder"
    members = {
        "2018/bbc.html": (SOURCES / "bbc.html").read_bytes(), "2018/note.txt": TEXT.encode(), "list.jsonl": LINES,
        "table.csv": f"text\n{TEXT} ست\n".encode(), "image.png": b"\x89PNG",
        "report.pdf": (SOURCES / "report-shaped.pdf").read_bytes(),
    }  # fmt: skip
    for name, data in members.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    packed = set(read_articles([zipped(tmp_path / "a.zip", members)]))
    assert packed == set(read_articles([folder]))
    assert len(packed) == 9


def test_names_that_point_outside_stay_inside(tmp_path: pathlib.Path) -> None:
    page = (SOURCES / "bbc.html").read_bytes()
    path = zipped(tmp_path / "a.zip", {"../../etc/passwd.html": page, "/abs.html": page, "C:\\x\\..\\win.html": page})
    before = set(tmp_path.rglob("*"))
    assert sorted(ids(path)) == ["C:/x/win", "abs", "etc/passwd"]
    assert set(tmp_path.rglob("*")) == before


def test_a_damaged_member_loses_no_other(tmp_path: pathlib.Path) -> None:
    noise = random.Random(1)
    members = {f"{n}.txt": f"{TEXT * 9} {noise.randbytes(300).hex()}".encode() for n in range(4)}
    path = zipped(tmp_path / "a.zip", members)
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo("1.txt").header_offset
    data = bytearray(path.read_bytes())
    data[place + 60 : place + 90] = b"\xff" * 30
    path.write_bytes(data)
    first, damaged, *others = ids(path)
    assert [first, *others] == ["0", "2", "3"]
    assert damaged.startswith("! damaged")


def test_other_packings_and_encryption_are_refused_by_name(tmp_path: pathlib.Path) -> None:
    (refused,) = ids(zipped(tmp_path / "a.zip", {"a.txt": TEXT.encode()}, zipfile.ZIP_LZMA))
    assert "packed in a way" in refused
    path = zipped(tmp_path / "b.zip", {"a.txt": TEXT.encode()})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    (encrypted,) = ids(path)
    assert "encrypted" in encrypted


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\xff" * 18, b"no zip"])
def test_what_is_no_zip_is_said_to_be_none(tmp_path: pathlib.Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    (problem,) = ids(path)
    assert problem.startswith("! ")


def test_archives_in_one_another(tmp_path: pathlib.Path) -> None:
    data, name = TEXT.encode(), "a.txt"
    for _ in range(limits.DEEPEST_ARCHIVE):
        data = zipped(tmp_path / "x.zip", {name: data}).read_bytes()
        name = "a.zip"
    assert ids(tmp_path / "x.zip") == ["a"]
    (problem,) = ids(zipped(tmp_path / "y.zip", {"a.zip": data}))
    assert "archives in one another" in problem


def test_what_unpacks_to_far_more_than_text_does_is_not_read_on(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SMALL_ENOUGH", 100_000)
    bombs = {
        "a.jsonl.gz": gzip.compress(bytes(2_000_000)),
        "a.jsonl.xz": lzma.compress(bytes(2_000_000)),
        "a.jsonl.bz2": bz2.compress(bytes(2_000_000)),
        "a.zip": zipped(tmp_path / "z.zip", {f"{n}.jsonl": b"\n" * 90_000 for n in range(200)}).read_bytes(),
    }  # fmt: skip
    for name, data in bombs.items():
        blob = Blob(name, name, io.BufferedReader(io.BytesIO(data)))
        told = []
        for leaf in leaves(blob, Options()):
            if isinstance(leaf, Leaf):
                told += [item.reason for item in read_leaf(leaf, Options()) if isinstance(item, Unreadable)]
        assert any("times its size" in reason for reason in told), name


def test_a_real_bomb_ends_in_no_time(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "bomb.txt.gz"
    with gzip.open(path, "wb", compresslevel=9) as bomb:
        for _ in range(200):
            bomb.write(bytes(1 << 20))
    (problem,) = ids(path)
    assert "larger than" in problem or "times its size" in problem


def test_a_ration_counts_what_goes_in_and_what_comes_out() -> None:
    ration = Ration(lambda: 10**6)
    ration.take(10**8)
    with pytest.raises(Exception, match="200 times"):
        ration.take(10**8 + 1)


# ---- WARC


class Archive:
    """A WARC archive as warcio writes it."""

    def __init__(self, *, packed: bool) -> None:
        self.out = io.BytesIO()
        self._writer = WARCWriter(self.out, gzip=packed)
        self._writer.write_record(self._writer.create_warcinfo_record("a.warc", {"software": "tests"}))

    def add(self, url: str, data: bytes, status: str = "200 OK", **headers: str) -> None:
        """A request and its response."""
        told = [(name.replace("_", "-"), value) for name, value in ({"Content_Type": "text/html"} | headers).items()]
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
        answered = StatusAndHeaders(status, told, protocol="HTTP/1.1")
        for kind, payload, head in (("request", None, asked), ("response", io.BytesIO(data), answered)):
            record = self._writer.create_warc_record(url, kind, payload=payload, http_headers=head)
            self._writer.write_record(record)
            record.raw_stream.close()


def warc(pages: dict[str, bytes], *, packed: bool, status: str = "200 OK", media: str = "text/html") -> bytes:
    archive = Archive(packed=packed)
    for url, data in pages.items():
        archive.add(url, data, status, Content_Type=media)
    return archive.out.getvalue()


PAGES = {
    f"https://www.{name}.example/2018/{name}": (SOURCES / f"{name}.html").read_bytes()
    for name in ("bbc", "aljazeera", "enabbaladi")
}
IDS = [f"{name}.example/2018/{name}" for name in ("bbc", "aljazeera", "enabbaladi")]


@pytest.mark.parametrize("packed", [True, False])
def test_a_warc(tmp_path: pathlib.Path, packed: bool) -> None:
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    path.write_bytes(warc(PAGES, packed=packed))
    articles = list(read_articles([path]))
    assert [item.id for item in articles if isinstance(item, Article)] == IDS
    assert articles[0].url == "https://www.bbc.example/2018/bbc"  # type: ignore[union-attr]


def test_what_a_browser_did_not_show_is_passed_over(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.warc").write_bytes(warc(PAGES, packed=False, status="404 Not Found"))
    (tmp_path / "b.warc").write_bytes(warc(PAGES, packed=False, media="image/png"))
    assert ids(tmp_path / "a.warc", tmp_path / "b.warc") == ["! nothing in it that could be an article"] * 2


@pytest.mark.parametrize("packed", [True, False])
def test_a_damaged_record_loses_no_other(tmp_path: pathlib.Path, packed: bool) -> None:
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    first, *others = [warc({url: data}, packed=packed) for url, data in PAGES.items()]
    damaged = bytearray(first)
    if packed:
        damaged[-200:-150] = bytes(50)
    else:
        place = damaged.rindex(b"WARC/1.0")
        damaged[place : place + 8] = b"WORC/1.0"
    path.write_bytes(bytes(damaged) + b"".join(others))
    found = ids(path)
    assert [one for one in found if not one.startswith("!")] == IDS[1:]
    assert any(one.startswith("! damaged") for one in found)


def test_packed_pages_in_a_warc(tmp_path: pathlib.Path) -> None:
    page = (SOURCES / "bbc.html").read_bytes()
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (page[:700], page[700:], b""))
    archive = Archive(packed=True)
    archive.add("https://x.example/gzip", gzip.compress(page), Content_Encoding="gzip")
    archive.add("https://x.example/brotli", brotli.compress(page), Content_Encoding="br")
    archive.add("https://x.example/deflate", zlib.compress(page), Content_Encoding="deflate")
    archive.add("https://x.example/unpacked", page, Content_Encoding="gzip")
    archive.add("https://x.example/chunked", pieces, Transfer_Encoding="chunked")
    archive.add("https://x.example/short", gzip.compress(page)[:-300], Content_Encoding="gzip")
    archive.add("https://x.example/short", brotli.compress(page)[:-300], Content_Encoding="br")
    path = tmp_path / "a.warc.gz"
    path.write_bytes(archive.out.getvalue())
    names = ["gzip", "brotli", "deflate", "unpacked", "chunked"]
    assert ids(path) == [f"x.example/{name}" for name in names] + ["! damaged: the page is not complete"] * 2
