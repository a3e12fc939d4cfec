"""Break files of every format in many ways and see that reading ends in time, says what is wrong, and loses nothing else.

    python scripts/fuzz_readers.py articles/ --count 10000 --others 2000 --work fuzz/

ARTICLES are real ones, as ``kg read`` takes them. Each round reads mutated files between two good ones in one run, the way a
user reads a folder. Counted are crashes (an exception out of the reader), hangs (more than 5 s of computing for one file,
also where the reading process was ended for it), good articles that were lost or changed, wrong exit codes of ``kg read``
(for each round, and for each file that is read in the same process), and how often a parser ended its own process. It goes
on where it was; the state is ``WORK/state.json``. The exit code is 1 if there was a crash, a hang, a loss or a wrong exit
code; then the files are kept in ``WORK/``.
"""

from __future__ import annotations

import argparse
import bz2
import contextlib
import dataclasses
import gzip
import html
import io
import itertools
import json
import lzma
import pathlib
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator, Sequence

from click.testing import CliRunner

from kg.cli import main as main_command
from kg.cli.build import INCOMPLETE
from kg.model import Article
from kg.read import Intake, Unreadable, read_articles
from kg.read.formats import by_ending
from kg.read.items import Found, Ignored

HANG = 5.0
ROUND = 100
"""Files that are read in one run."""
_POINTS = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0x0, 0x1B, 0xFFFD, 0x640)
MARKS = tuple(map(chr, _POINTS))


@dataclasses.dataclass
class Score:
    """What was done to one format, and what came of it."""

    files: int = 0
    articles: int = 0
    named: int = 0
    crashes: int = 0
    hangs: int = 0
    lost: int = 0
    codes: int = 0
    ended: int = 0
    seconds: float = 0.0

    @property
    def is_bad(self) -> bool:
        """Whether something happened that may not."""
        return bool(self.crashes or self.hangs or self.lost or self.codes)


# ---- files of each format, made of real articles


def as_text(some: Sequence[Article]) -> bytes:
    return some[0].text.encode()


def _record(article: Article) -> dict[str, str]:
    fields = {"id": article.id, "title": article.title, "outlet": article.outlet, "url": article.url}
    published = article.published.isoformat() if article.published else ""
    return fields | {"published": published, "text": article.text}


def as_json(some: Sequence[Article]) -> bytes:
    return json.dumps(_record(some[0]), ensure_ascii=False).encode()


def as_lines(some: Sequence[Article]) -> bytes:
    return "".join(json.dumps(_record(one), ensure_ascii=False) + "\n" for one in some).encode()


def as_table(some: Sequence[Article]) -> bytes:
    import csv

    out = io.StringIO()
    writer = csv.DictWriter(out, list(_record(some[0])))
    writer.writeheader()
    writer.writerows(map(_record, some))
    return out.getvalue().encode()


def as_workbook(some: Sequence[Article]) -> bytes:
    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = openpyxl.Workbook()
    book.active.append(list(_record(some[0])))
    for one in some:
        book.active.append([ILLEGAL_CHARACTERS_RE.sub("", value)[:30_000] for value in _record(one).values()])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_page(some: Sequence[Article]) -> bytes:
    one = some[0]
    lines = "".join(f"<p>{html.escape(line)}</p>\n" for line in one.text.splitlines() if line.strip())
    return f"""<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{html.escape(one.title)}</title>
<meta property="og:site_name" content="{html.escape(one.outlet)}">
<meta property="article:published_time" content="{one.published}">
<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": one.title})}</script></head><body>
<nav><ul><li><a href="/">الرئيسية</a></li></ul></nav><article><h1>{html.escape(one.title)}</h1>{lines}</article>
<aside><h3>مواضيع متعلقة</h3><a href="/2">خبر آخر</a></aside><form><textarea></textarea></form></body></html>""".encode()


def as_feed(some: Sequence[Article]) -> bytes:
    items = "".join(
        f"<item><title>{html.escape(one.title)}</title><link>https://example.org/{n}</link><description><![CDATA["
        f"{one.text.replace(']]>', '')}]]></description></item>"
        for n, one in enumerate(some)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()


def as_pdf(some: Sequence[Article]) -> bytes:  # noqa: ARG001 the pages that the tests have
    folder = pathlib.Path(__file__).parent.parent / "tests" / "sources"
    return random.choice(sorted(folder.glob("*.pdf"))).read_bytes()


def as_archive(some: Sequence[Article], *, packed: bool = True) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    for number, one in enumerate(some):
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        page = io.BytesIO(as_page([one]))
        record = writer.create_warc_record(
            f"https://example.org/{number}", "response", payload=page, http_headers=headers
        )
        writer.write_record(record)
        record.raw_stream.close()
    return out.getvalue()


def as_zip(some: Sequence[Article]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/one.txt", as_text(some))
        archive.writestr("two.jsonl", as_lines(some))
        archive.writestr("three.html", as_page(some))
    return out.getvalue()


FORMATS: dict[str, Callable[[Sequence[Article]], bytes]] = {
    "txt": as_text,
    "json": as_json,
    "jsonl": as_lines,
    "csv": as_table,
    "xlsx": as_workbook,
    "html": as_page,
    "xml": as_feed,
    "pdf": as_pdf,
    "warc": lambda some: as_archive(some, packed=False),
    "warc.gz": as_archive,
    "zip": as_zip,
    "jsonl.gz": lambda some: gzip.compress(as_lines(some)),
    "jsonl.xz": lambda some: lzma.compress(as_lines(some)),
    "jsonl.bz2": lambda some: bz2.compress(as_lines(some)),
}
"""By the ending of the file."""


# ---- mutations


def flip(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.choice((1, 2, 8, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def cut(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(len(data))]


def drop(data: bytearray, chance: random.Random) -> bytearray:
    start, end = _stretch(data, chance)
    return data[:start] + data[end:]


def repeat(data: bytearray, chance: random.Random) -> bytearray:
    start, end = _stretch(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]


def splice(data: bytearray, chance: random.Random) -> bytearray:
    (start, end), (other, _) = _stretch(data, chance), _stretch(data, chance)
    return data[:other] + data[start:end] + data[other:]


def noise(data: bytearray, chance: random.Random) -> bytearray:
    at = chance.randrange(len(data))
    return data[:at] + chance.randbytes(chance.choice((1, 4, 300))) + data[at:]


def control(data: bytearray, chance: random.Random) -> bytearray:
    """Marks of direction and other invisible characters, between characters of the text where it is one."""
    text = data.decode("utf-8", errors="surrogateescape")
    for _ in range(chance.choice((1, 5, 40))):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(MARKS) * chance.choice((1, 1, 30)) + text[at:]
    return bytearray(text.encode("utf-8", errors="surrogateescape"))


def number(data: bytearray, chance: random.Random) -> bytearray:
    """A number in the place of another: lengths and counts."""
    places = [at for at, byte in enumerate(data) if 48 <= byte < 58]
    if not places:
        return noise(data, chance)
    at = chance.choice(places)
    return data[:at] + chance.choice((b"0", b"-1", b"99999999999", b"4294967295")) + data[at + 1 :]


MUTATIONS = (flip, cut, drop, repeat, splice, noise, control, number)


def _stretch(data: bytearray, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.choice((1, 16, 500, 5_000)))


def mutate(data: bytes, chance: random.Random) -> bytes:
    """The bytes after one to three mutations."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3))):
        changed = chance.choice(MUTATIONS)(changed, chance) if changed else changed
    return bytes(changed)


# ---- rounds


def run_round(ending: str, numbers: range, articles: Sequence[Article], score: Score, work: pathlib.Path) -> None:
    """Read some mutated files of a format between two good ones."""
    with tempfile.TemporaryDirectory(prefix="kg-fuzz-") as name:
        folder = pathlib.Path(name)
        good = {}
        for place in ("a-first", "z-last"):
            good[place] = articles[numbers.start % len(articles)].text
            (folder / f"{place}.txt").write_bytes(good[place].encode())
        for n in numbers:
            chance = random.Random(f"{ending} {n}")
            some = [articles[(n + k) % len(articles)] for k in range(3)]
            (folder / f"m-{n}.{ending}").write_bytes(mutate(FORMATS[ending](some), chance))
        began = time.monotonic()
        found, spent, failure = _read(folder)
        texts = {item.id: item.text for item in found if isinstance(item, Article)}
        score.files += len(numbers)
        score.articles += sum(isinstance(item, Article) and item.id not in good for item in found)
        score.named += sum(isinstance(item, Unreadable) for item in found)
        score.seconds = round(score.seconds + time.monotonic() - began, 2)
        reasons = [item.reason for item in found if isinstance(item, Unreadable)]
        hangs = sum(reason.startswith(("took too long", "no answer")) for reason in reasons) + (spent > HANG)
        score.ended += sum(reason.startswith("its reader ended") for reason in reasons)
        lost = sum(texts.get(place) != text for place, text in good.items())
        score.crashes += bool(failure)
        score.lost += lost
        score.hangs += hangs
        codes = _wrong_codes(folder, found)
        score.codes += len(codes)
        if failure or lost or hangs or codes:
            kept = work / f"{ending}-{numbers.start}"
            kept.mkdir(exist_ok=True)
            for path in folder.iterdir():
                (kept / path.name).write_bytes(path.read_bytes())
            (kept / "what.txt").write_text(f"{failure}\nlost {lost}, {hangs} hangs\n{codes}\n", encoding="utf-8")


def _wrong_codes(folder: pathlib.Path, found: Sequence[Article | Unreadable]) -> list[str]:
    """What ``kg read`` ends with another code for than what was found calls for; parsers of their own are not begun again."""
    alone = [path for path in folder.iterdir() if (form := by_ending(path.name)) and form.plain]
    runs = [(folder, found), *((path, _read(path)[0]) for path in alone)]
    return [f"{path}: {code}" for path, items in runs if (code := _code(path)) != _expected(items)]


def _expected(found: Sequence[Article | Unreadable]) -> int:
    return INCOMPLETE if any(isinstance(item, Unreadable) for item in found) else 0


def _code(path: pathlib.Path) -> int:
    return CliRunner().invoke(main_command, ["--quiet", "read", str(path), "--format", "jsonl"]).exit_code


def _read(source: pathlib.Path) -> tuple[list[Article | Unreadable], float, str]:
    """What a file or folder gives, the longest computing in this process between two things, and a traceback if it failed."""
    found: list[Article | Unreadable] = []
    longest, last = 0.0, time.process_time()
    try:
        with contextlib.closing(Intake([source]).items()) as items:
            for item in items:
                found += [item.article if isinstance(item, Found) else item] if not isinstance(item, Ignored) else []
                longest, last = max(longest, time.process_time() - last), time.process_time()
    except Exception:
        return found, longest, traceback.format_exc()
    return found, longest, ""


def rounds(count: int, done: int) -> Iterator[range]:
    for start in range(done, count, ROUND):
        yield range(start, min(count, start + ROUND))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=10_000, help="mutated articles as .txt (%(default)s)")
    parser.add_argument("--others", type=int, default=2_000, help="mutated files of each other format (%(default)s)")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("fuzz"))
    parser.add_argument("--formats", nargs="*", choices=FORMATS, default=list(FORMATS))
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    state = options.work / "state.json"
    scores = {
        name: Score(**values) for name, values in (json.loads(state.read_text()) if state.exists() else {}).items()
    }
    source = (item for item in read_articles([options.articles]) if isinstance(item, Article))
    articles = list(itertools.islice(source, options.count))
    source.close()
    for ending in options.formats:
        score = scores.setdefault(ending, Score())
        for numbers in rounds(options.count if ending == "txt" else options.others, score.files):
            run_round(ending, numbers, articles, score, options.work)
            state.write_text(json.dumps({name: dataclasses.asdict(one) for name, one in scores.items()}))
        print(ending, *(f"{name}={value:g}" for name, value in dataclasses.asdict(score).items()), flush=True)
    return int(any(score.is_bad for score in scores.values()))


if __name__ == "__main__":
    sys.exit(main())
