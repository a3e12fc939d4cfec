#!/usr/bin/env python3
"""How fast a graph is built, beside what a user would write, and how time and memory grow with the articles.

    python -m scripts.bench.build ARTICLES.jsonl                          300 articles; some ten minutes on two cores
    python -m scripts.bench.build ARTICLES.jsonl --sizes 100 1000 10000   and how it grows

Each figure is of a process of its own, with all that it starts, from its first moment to its last: seconds by the clock,
CPU seconds, and the most memory that all of them had together. In one run, one after the other, on the same articles:

plain     one call of a ``stanza.Pipeline`` with the architecture of Stanza's official model for each article, its names into
          an rdflib graph (on every fifth article)
names     the forward pass of our tagger alone over the tokens of all articles, in as many processes as ``kg rebuild`` takes
first     ``kg rebuild`` of all articles
again     the same command once more
table     the same after a table was changed whose rows can concern any article
rule      the same after a row of the trigger table was changed
more      the same with one article in a hundred changed
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import multiprocessing
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from kg.annotate import EMBEDDED, Annotator
from kg.engine.local import MOST_PROCESSES
from kg.folder import GraphFolder

ROOT = pathlib.Path(__file__).parents[2]
ARTICLES = 300
PLAIN = 5
"""Of how many articles the plain loop reads one."""
LOOK = 0.2
"""Seconds between looks at the memory."""
PROJECT = 'base = "https://w3id.org/syria-talks/"\n'
TABLE, RULES = "seeds/speech.tsv", "seeds/triggers.tsv"
RULE = "withdrewFrom.withdraw"
"""The row that is changed: one article in twelve has letters of it. With half of the rows it is one in ten or fewer."""


@dataclasses.dataclass(frozen=True)
class Measured:
    """A command: seconds by the clock, CPU seconds of all its processes, and megabytes that they had together at most."""

    seconds: float
    cpu: float
    memory: float


def measure(command: Sequence[str | os.PathLike[str]]) -> Measured:
    """Run a command to its good end."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    most, ended = [0.0], threading.Event()
    watcher = threading.Thread(target=watch, args=(process.pid, most, ended))
    watcher.start()
    complaint = (process.stderr.read() if process.stderr else b"").decode()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    ended.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{complaint}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, most[0])


def watch(process: int, most: list[float], ended: threading.Event) -> None:
    """Note the most memory that a process and all below it have together."""
    while not ended.wait(LOOK):
        most[0] = max(most[0], sum(map(memory, family(process))))


def family(process: int) -> Iterator[int]:
    """A process and all that come from it."""
    yield process
    try:
        children = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def memory(process: int) -> float:
    """Megabytes that a process has in memory, its share of what several have in common."""
    try:
        rollup = pathlib.Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


# ---- what is measured


def plain(path: pathlib.Path) -> None:
    """What a user would write."""
    import rdflib

    from scripts.bench_nlp import official_tagger, plain_pipeline

    articles = [json.loads(line) for line in path.open(encoding="utf-8")]
    with tempfile.TemporaryDirectory() as folder:
        texts = [article["text"] for article in articles]
        pipeline = plain_pipeline(**official_tagger(pathlib.Path(folder), texts))
    graph, names = rdflib.Graph(), rdflib.Namespace("https://example.org/")
    for number, article in enumerate(articles):
        for index, entity in enumerate(pipeline(article["text"]).ents):
            node = names[f"{number}-{index}"]
            graph.add((names[str(number)], names.mentions, node))
            graph.add((node, rdflib.RDFS.label, rdflib.Literal(entity.text, lang="ar")))
    graph.serialize(path.with_suffix(".ttl"))


def names(graph: pathlib.Path) -> None:
    """The forward pass of the tagger alone, over all tokens of a graph."""
    articles = [
        [[token.span.of(document.article.text) for token in sentence.tokens] for sentence in document.sentences]
        for document in GraphFolder(graph).documents()
    ]
    number = min(os.cpu_count() or 1, MOST_PROCESSES)
    with ProcessPoolExecutor(number, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(tag, [articles[start::number] for start in range(number)]))


def tag(articles: Sequence[Sequence[Sequence[str]]]) -> None:
    """Tag the sentences of articles, one article after the other."""
    import torch

    torch.set_num_threads(1)
    annotator = Annotator(EMBEDDED)
    for sentences in articles:
        if sentences:
            annotator.tags(sentences)


def of_size(source: Sequence[str], number: int, place: pathlib.Path) -> dict[str, Measured]:
    """All but the plain loop, on evenly chosen articles."""
    lines = source[:: max(1, len(source) // number)][:number]
    articles, graph = place / f"{number}.jsonl", place / f"graph-{number}"
    articles.write_text("".join(lines), encoding="utf-8")
    own = place / f"project-{number}"
    (own / "seeds").mkdir(parents=True)
    (own / "kg.toml").write_text(PROJECT, encoding="utf-8")
    kg = [sys.executable, "-m", "kg", "--quiet", "--project", own]
    rebuild = [*kg, "rebuild", articles, "--graph", graph]
    found = {"first": measure(rebuild), "again": measure(rebuild)}
    shutil.copy(ROOT / TABLE, own / TABLE)
    found["table"] = measure(rebuild)
    head, *rows = (ROOT / RULES).read_text("utf-8").splitlines()
    cells = next(row for row in rows if row.startswith(f"{RULE}\t")).split("\t")
    (own / RULES).write_text("\n".join((head, "\t".join((*cells[:-1], "0.71")), "")), "utf-8")
    found["rule"] = measure(rebuild)
    with articles.open("a", encoding="utf-8") as out:
        out.writelines(again(line, n) for n, line in enumerate(lines[::100]))
    found["more"] = measure(rebuild)
    found["names"] = measure([sys.executable, "-m", "scripts.bench.build", "--names", graph])
    return found


def again(line: str, number: int) -> str:
    """An article as if it were another."""
    fields = json.loads(line)
    return json.dumps({**fields, "id": f"again-{number}", "text": f"{fields['text']} ({number})"}) + "\n"


def words(path: pathlib.Path) -> int:
    """How many words a file of articles has."""
    return sum(len(json.loads(line)["text"].split()) for line in path.open(encoding="utf-8"))


def machine() -> str:
    """What this was measured on."""
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{os.cpu_count()} cores, {model[1] if model else platform.machine()}, Python {platform.python_version()}"


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=pathlib.Path)
    parser.add_argument("--sizes", nargs="+", type=int, default=[ARTICLES])
    parser.add_argument("--work", type=pathlib.Path, help="Keep the graphs in this folder.")
    parser.add_argument("--plain", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--names", type=pathlib.Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.plain or args.names:
        plain(args.plain) if args.plain else names(args.names)
        return
    source = args.articles.read_text(encoding="utf-8").splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as folder:
        place = args.work or pathlib.Path(folder)
        place.mkdir(exist_ok=True)
        sizes = {number: of_size(source, number, place) for number in args.sizes}
        first = args.sizes[0]
        some = place / "plain.jsonl"
        some.write_text(
            "".join((place / f"{first}.jsonl").read_text("utf-8").splitlines(keepends=True)[::PLAIN]), "utf-8"
        )
        alone = measure([sys.executable, "-m", "scripts.bench.build", "--plain", some])
        all_words, some_words = words(place / f"{first}.jsonl"), words(some)
    rates = {"plain": some_words / alone.seconds, "first": all_words / sizes[first]["first"].seconds}
    print(json.dumps({
        "machine": machine(), "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "words a second": {name: round(rate) for name, rate in rates.items()},
        "first to plain": round(rates["first"] / rates["plain"], 2),
        "plain": dataclasses.asdict(alone),
        "sizes": {number: {
            **{name: {key: round(value, 1) for key, value in dataclasses.asdict(one).items()} for name, one in found.items()},
            "first to names, clock": round(found["first"].seconds / found["names"].seconds, 2),
            "first to names, CPU": round(found["first"].cpu / found["names"].cpu, 2),
            "table to first": round(found["table"].seconds / found["first"].seconds, 3),
            "rule to first": round(found["rule"].seconds / found["first"].seconds, 3),
            "more to first": round(found["more"].seconds / found["first"].seconds, 3),
        } for number, found in sizes.items()},
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
