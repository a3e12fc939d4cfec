#!/usr/bin/env python3
"""Many clients at once against a real `kg serve`: mixed requests, one in ten of them hostile.

    scripts/bench_serve.py --graph graph                       64 clients for 60 s, a table and a verdict
    scripts/bench_serve.py --graph graph --seconds 8 --json    the same for less time, for programs

The verdict is exit code 0 if no answer was 5xx except that of a query that ran out of time, every request that was no
query to be stopped got its answer, and the server takes no more memory afterwards than before (and 10 %).
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import contextlib
import json
import pathlib
import random
import re
import statistics
import subprocess
import sys
import time
import urllib.parse
from dataclasses import dataclass, field

WARM_UP = 200
"""Requests, all at once, before memory is measured first."""
SETTLE = 2
"""Seconds until memory is measured again."""
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
KIND = [
    "SELECT ?a { ?a st:attended ?r } LIMIT 50",
    "SELECT ?p (COUNT(*) AS ?n) { ?c rdf:predicate ?p } GROUP BY ?p ORDER BY DESC(?n)",
    "ASK { ?a st:metWith ?b }",
    "CONSTRUCT { ?a st:attended ?b } WHERE { ?a st:attended ?b } LIMIT 100",
    "SELECT ?a ?b (COUNT(*) AS ?n) { ?a st:attended ?r . ?b st:attended ?r FILTER(STR(?a) < STR(?b)) } GROUP BY ?a ?b LIMIT 100",
    "DESCRIBE id:russia",
]
PAGES = [
    "/", "/articles", "/kind/Round", "/id/russia", "/id/astana-5", "/explore", "/near?id=russia", "/query",
    "/health", "/search?q=" + urllib.parse.quote("النظام"), "/search?q=" + urllib.parse.quote("أستانا وفد"), "/vocabulary.json",
]  # fmt: skip
HOSTILE = [
    f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    f"SELECT * {{ {CROSS} }} ORDER BY ?c ?f ?i ?l",
    f"SELECT * {{ {CROSS} }}",
    "SELECT * { ?s (!<http://a>)* ?o . ?o (!<http://b>)* ?x }",
    "SELECT (REPLACE(GROUP_CONCAT(?o), '(a|aa)+$', 'b') AS ?x) { ?s ?p ?o . ?s2 ?p2 ?o2 }",
    "SELECT * {" + "{" * 5_000,
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "DROP ALL",
    "SELECT * { ?s ?p 'unclosed }",
]
HOSTILE_REQUESTS = [
    b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 3000000\r\n\r\n"
    + b"#" * 1_200_000,
    b"BREW /sparql HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /id/%00%ff%3Cscript%3E HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /sparql?" + b"a=1&" * 5_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
]
TIME_LIMIT = re.compile(rb"stopped after|no place was free")


@dataclass
class Tally:
    """What came of the requests."""

    statuses: collections.Counter[str] = field(default_factory=collections.Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: collections.defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    def add(self, sort: str, status: int, body: bytes, lasted: float, what: str) -> None:
        """Count an answer, and note it if it is one that must not be."""
        self.statuses[f"{sort} {status}"] += 1
        self.seconds[sort].append(lasted)
        if status >= 500 and not (status == 503 and TIME_LIMIT.search(body)):
            self.wrong.append(f"{status} {what[:80]} {body[:200]!r}")
        if sort == "mixed" and status not in (200, 503):
            self.wrong.append(f"{status} {what[:80]} {body[:200]!r}")


def get(target: str, accept: str = "*/*") -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode()


def post(sparql: str) -> bytes:
    head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    return f"{head}Content-Length: {len(sparql.encode())}\r\n\r\n{sparql}".encode()


def request(chance: random.Random) -> tuple[str, bytes, str]:
    """A request, of which sort it is, and what to call it."""
    if chance.random() < 0.1:
        if chance.random() < 0.3:
            made = chance.choice(HOSTILE_REQUESTS)
            return "hostile", made, made[:60].decode("latin-1")
        sparql = chance.choice(HOSTILE)
        return "hostile", post(sparql), sparql
    if chance.random() < 0.5:
        target = chance.choice(PAGES)
        return "mixed", get(target, chance.choice(["text/html", "*/*"])), target
    sparql = chance.choice(KIND)
    return "mixed", chance.choice([post(sparql), get("/sparql?" + urllib.parse.urlencode({"query": sparql}))]), sparql


async def exchange(port: int, sent: bytes, *, leave: bool) -> tuple[int, bytes] | None:
    """Send a request on a connection of its own, and read the answer; None for who leaves without it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        if leave:
            await asyncio.sleep(0.05)
            return None
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        return int(head.split()[1]), await reader.read()
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def client(port: int, number: int, until: float, tally: Tally) -> None:
    chance = random.Random(number)
    while time.monotonic() < until:
        sort, sent, what = request(chance)
        began = time.monotonic()
        try:
            answer = await exchange(port, sent, leave=sort == "hostile" and chance.random() < 0.1)
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            # Who sends more than is read may find the connection closed before the answer could be read.
            tally.statuses[f"{sort} {type(error).__name__}"] += 1
            if sort == "mixed":
                tally.wrong.append(f"{type(error).__name__} {what[:80]}")
            continue
        if answer:
            tally.add(sort, *answer, time.monotonic() - began, what)
        else:
            tally.statuses[f"{sort} left"] += 1


def memory(pid: int) -> int:
    """Bytes of a process and those below it, shared ones counted once."""
    processes, total = [pid], 0
    for process in processes:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for task in pathlib.Path(f"/proc/{process}/task").iterdir():
                processes += map(int, (task / "children").read_text().split())
            lines = pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


async def warm_up(port: int) -> None:
    """Have every place taken and every kind of page made once."""
    chance = random.Random(0)
    made = [request(chance) for _ in range(WARM_UP)]
    await asyncio.gather(*(exchange(port, sent, leave=False) for sort, sent, _ in made if sort == "mixed"))


async def watch(pid: int, seen: list[int]) -> None:
    while True:
        seen.append(memory(pid))
        await asyncio.sleep(1)


async def run(pid: int, port: int, clients: int, seconds: float) -> dict[str, object]:
    await warm_up(port)
    before, seen, tally = memory(pid), [0], Tally()
    watching = asyncio.create_task(watch(pid, seen))
    until = time.monotonic() + seconds
    await asyncio.gather(*(client(port, number, until, tally) for number in range(1, clients + 1)))
    watching.cancel()
    await asyncio.sleep(SETTLE)
    after = memory(pid)
    return {
        "clients": clients, "seconds": seconds, "requests": tally.statuses.total(),
        "answers": dict(sorted(tally.statuses.items())),
        "latency": {sort: spread(times) for sort, times in sorted(tally.seconds.items())},
        "memory_mb": {"before": before / 1e6, "most": max(seen) / 1e6, "after": after / 1e6}, "wrong": tally.wrong,
        "passed": not tally.wrong and after < before * 1.1 + 2e6,
    }  # fmt: skip


def spread(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return {"p50": round(cuts[49], 3), "p95": round(cuts[94], 3), "most": round(max(times), 3)}


@contextlib.contextmanager
def serving(graph: str, options: list[str]):  # type: ignore[no-untyped-def]
    command = [sys.executable, "-m", "kg", "serve", "--graph", graph, "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            port = next(int(found[1]) for line in process.stdout if (found := re.search(r"^SPARQL.*:(\d+)/", line)))
            yield process.pid, port
        finally:
            process.terminate()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graph", default="graph")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("options", nargs="*", metavar="-- OPTION", help="options of kg serve, after --")
    given = parser.parse_args()
    with serving(given.graph, given.options) as (pid, port):
        found = asyncio.run(run(pid, port, given.clients, given.seconds))
    if given.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:10} {json.dumps(value, ensure_ascii=False)}")
    return 0 if found["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
