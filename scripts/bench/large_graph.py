#!/usr/bin/env python3
"""How long the named queries take on large graphs of the same shape as a real one, beside rdflib.

    scripts/bench/large_graph.py --graph graph                            100 k and 1 M quads, rdflib on the first
    scripts/bench/large_graph.py --graph graph --quads 10000000 --json    for programs; takes some 15 minutes and 8 GB

The claims of the folder's articles are told again and again: in articles of their own, by one of OUTLETS outlets, on
another day, in other words. Half of the entities of each claim stay, so that well-known things are said again; of the
others one that the tables know gives way to another of its kind, in the measure in which articles name it, and one that
they do not know to a new one. What is made of these claims is then merged as a rebuild does it: the propositions, the
edges and the contradictions are real ones. The verdict is exit code 0 if no query took longer than --seconds.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import itertools
import json
import multiprocessing
import pathlib
import random
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from kg import answers, merge, queries, rdf, store
from kg.folder import GraphFolder
from kg.model import Article, Claim, Entity

OUTLETS = 20
KEPT = 0.5
"""How often an entity stays what it is."""
CHUNK = 200_000
RDFLIB_SECONDS = 100
MEGABYTE = 1024  # ru_maxrss is in KB


class Teller:
    """Tells the articles and claims of a folder again."""

    def __init__(self, folder: GraphFolder) -> None:
        claims: dict[str, list[Claim]] = {article.id: [] for article in folder.articles()}
        for claim in folder.raw_claims():
            claims[claim.article].append(claim)
        self.told = [(article, claims[article.id]) for article in folder.articles()]
        self.mentions: defaultdict[str, list[Entity]] = defaultdict(list)
        for entity in (end for _, claims in self.told for claim in claims for end in (claim.subject, claim.object)):
            if isinstance(entity, Entity) and entity.known:
                self.mentions[entity.kind].append(entity)

    def again(self, count: int) -> Iterator[tuple[Article, list[Claim]]]:
        """So many articles with their claims; the same for the same folder."""
        chance = random.Random(0)
        for number, (article, claims) in zip(range(count), itertools.cycle(self.told), strict=False):
            key = f"{article.id}-{number}"
            day = (article.published or datetime.date(2017, 1, 1)) + datetime.timedelta(days=chance.randrange(2000))
            yield (
                Article(key, key, article.title, f"outlet {chance.randrange(OUTLETS)}", day),
                [self._claim(claim, key, number, chance) for claim in claims],
            )

    def _claim(self, claim: Claim, key: str, number: int, chance: random.Random) -> Claim:
        target = claim.object
        words = f"{claim.evidence.text} {number}"
        return dataclasses.replace(
            claim, article=key, subject=self._other(claim.subject, number, chance),
            object=self._other(target, number, chance) if isinstance(target, Entity) else target,
            says=claim.says and self._other(claim.says, number, chance),
            evidence=dataclasses.replace(claim.evidence, text=words),
        )  # fmt: skip

    def _other(self, entity: Entity, number: int, chance: random.Random) -> Entity:
        if chance.random() < KEPT:
            return entity
        if entity.known and self.mentions[entity.kind]:
            return chance.choice(self.mentions[entity.kind])
        return dataclasses.replace(entity, id=f"{entity.id}-{number}", names=(f"{entity.names[0]} {number}",))


def write_graph(graph: pathlib.Path, wanted: int, path: pathlib.Path) -> tuple[int, int]:
    """Write a graph of about so many quads as N-Quads; the number of articles and of claims."""
    teller = Teller(GraphFolder(graph))
    sample = max(100, wanted // 2000)  # not smaller, because what is said again adds less
    quads_per_article = len(set(_merged(list(teller.again(sample))))) / sample
    told = list(teller.again(max(1, round(wanted / quads_per_article))))
    quads = _merged(told)
    with path.open("w", encoding="utf-8") as out:
        while some := list(itertools.islice(quads, CHUNK)):
            out.write(rdf.serialize_nquads(some))
    return len(told), sum(len(claims) for _, claims in told)


def _merged(told: list[tuple[Article, list[Claim]]]) -> Iterator[rdf.Quad]:
    claims = [claim for _, some in told for claim in some]
    return merge.merge(claims, [article for article, _ in told], {}, model="bench-0")


def build(path: pathlib.Path, place: pathlib.Path) -> int:
    """Build the store on disk; the number of quads."""
    store.build_disk_store(path, place)
    return len(store.open_disk_store(place))


def ask(path: pathlib.Path, *, disk: bool, again: int) -> dict[str, tuple[float, int]]:
    """CPU seconds (the best of so many runs) and rows of each named query; under ``""`` the time to open the store."""
    started = time.process_time()
    opened = store.open_disk_store(path) if disk else store.load(path)
    found = {"": (time.process_time() - started, 0)}
    for named in queries.available():
        found[named.name] = min(_timed(lambda: _rows(opened, named.sparql)) for _ in range(again))  # noqa: B023
    return found


def _rows(opened: Any, sparql: str) -> int:
    result = store.query(opened, sparql, limit=100_000)
    return len(result.rows) if isinstance(result, answers.Table) else 0


def ask_rdflib(path: pathlib.Path, names: Sequence[str]) -> dict[str, tuple[float, int]]:
    """The same for rdflib's own store in memory, once; no further query begins when RDFLIB_SECONDS are over."""
    import rdflib

    data = rdflib.Dataset()
    found = {"": _timed(lambda: len(data.parse(str(path), format="nquads") or ()))}
    for name in names:
        if sum(seconds for seconds, _ in found.values()) > RDFLIB_SECONDS:
            break
        found[name] = _timed(lambda: len(list(data.query(queries.load(name).sparql))))  # noqa: B023
        print(f"rdflib {name} {found[name][0]:.2f} s", file=sys.stderr)
    return found


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    started = time.process_time()
    rows = work()
    return time.process_time() - started, rows


def apart(work: Callable[..., Any], *arguments: Any, **named: Any) -> tuple[Any, float, int]:
    """The result of a function in a process of its own, its seconds, and the most memory of the process in MB."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        started = time.perf_counter()
        result = pool.submit(work, *arguments, **named).result()
        seconds = time.perf_counter() - started
        return result, seconds, pool.submit(_peak).result()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEGABYTE


def measure(graph: pathlib.Path, wanted: int, place: pathlib.Path, *, memory: bool, rdflib: bool) -> dict[str, Any]:
    """All figures of a graph of about so many quads."""
    path, disk = place / "graph.nq", place / "store"
    (articles, claims), seconds, peak = apart(write_graph, graph, wanted, path)
    made: dict[str, Any] = {"articles": articles, "claims": claims, "megabytes": path.stat().st_size >> 20}
    made |= {"merge": {"seconds": seconds, "memory": peak}}
    made["quads"], seconds, peak = apart(build, path, disk)
    made["build"] = {"seconds": seconds, "memory": peak}
    print(made, file=sys.stderr)
    ways: dict[str, Callable[[], tuple[Any, float, int]]] = {"disk": lambda: apart(ask, disk, disk=True, again=2)}
    if memory:
        ways["memory"] = lambda: apart(ask, path, disk=False, again=2)
    if rdflib:
        names = [named.name for named in queries.available() if "GRAPH ?" in named.sparql]
        ways["rdflib"] = lambda: apart(ask_rdflib, path, names)
    for name, way in ways.items():
        found, _, peak = way()
        made[name] = {"memory": peak, "queries": found}
    return made


def to_text(made: dict[str, Any], most: float) -> str:
    """The figures as a table; what takes too long has a mark."""
    ways = [way for way in ("disk", "memory", "rdflib") if way in made]
    lines = [
        f"{made['quads']:,} quads, {made['articles']:,} articles, {made['claims']:,} claims, {made['megabytes']:,} MB of N-Quads",
        f"merge {made['merge']['seconds']:.1f} s, {made['merge']['memory']:,} MB;"
        f" build of the store on disk {made['build']['seconds']:.1f} s, {made['build']['memory']:,} MB",
        f"{'':24}{'rows':>8}" + "".join(f"{way:>10}" for way in ways),
    ]
    for name, (seconds, rows) in made["disk"]["queries"].items():
        times = [made[way]["queries"].get(name) for way in ways]
        shown = "".join(f"{found[0]:10.3f}" if found else f"{'':10}" for found in times)
        lines.append(f"{name or '(open)':24}{rows:8}{shown}{'  *' if seconds > most else ''}")
    lines.append(f"{'most memory, MB':32}" + "".join(f"{made[way]['memory']:10,}" for way in ways))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graph", type=pathlib.Path, default=pathlib.Path("graph"), help="folder of a graph")
    parser.add_argument("--quads", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rdflib", type=int, default=100_000, help="ask rdflib too up to so many quads; 0 for never")
    parser.add_argument("--memory", type=int, default=2_000_000, help="ask in memory too up to so many quads")
    parser.add_argument("--seconds", type=float, default=5.0, help="longest time of a query")
    parser.add_argument("--work", type=pathlib.Path, help="keep the files in this folder")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = []
    for wanted in options.quads:
        with tempfile.TemporaryDirectory(prefix="large-graph-") as beside:
            place = (options.work or pathlib.Path(beside)) / str(wanted)
            place.mkdir(parents=True, exist_ok=True)
            found.append(
                measure(options.graph, wanted, place, memory=wanted <= options.memory, rdflib=wanted <= options.rdflib)
            )
        print(json.dumps(found[-1]) if options.json else to_text(found[-1], options.seconds), flush=True)
    slow = [seconds for made in found for seconds, _ in made["disk"]["queries"].values() if seconds > options.seconds]
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
