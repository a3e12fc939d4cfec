"""What the nodes of a Ray cluster cost over the processes of one machine, and what the machine that asks does alone.

    python -m scripts.bench_cluster ARTICLES.jsonl [--number 120]

Both engines run ``kg rebuild`` here, each with two workers, on one article and then on all: the difference is what articles
cost, the run with one is the start. Given are seconds of processors, by what used them, which a busy machine changes
little; the seconds of a clock; and the most memory of a worker. The cluster is that of the tests: a head and two nodes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import pathlib
import sys
import tempfile
import threading
import time
from collections import Counter

from tests.ray_cluster import HEAD, Cluster, processes, told

ENGINES = {"local": (), "ray": ("--engine", "ray", "--address", HEAD)}
TICK, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


class Watch:
    """What the processes in a cluster's namespaces use from now on, looked at every fifth of a second."""

    def __init__(self, cluster: Cluster) -> None:
        self._space = space(cluster.first)
        self._ended = threading.Event()
        self._seconds: dict[int, tuple[str, float]] = {}
        self.megabytes: Counter[str] = Counter()

    def __enter__(self) -> Watch:
        self._look()
        self._before, self._begun = dict(self._seconds), time.monotonic()
        self._thread = threading.Thread(target=self._look_often)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.clock = time.monotonic() - self._begun
        self._ended.set()
        self._thread.join()

    def seconds(self) -> Counter[str]:
        """Seconds of processors by role."""
        used: Counter[str] = Counter()
        for pid, (role, seconds) in self._seconds.items():
            used[role] += seconds - self._before.get(pid, ("", 0.0))[1]
        return used

    def _look_often(self) -> None:
        while not self._ended.wait(0.2):
            self._look()

    def _look(self) -> None:
        for pid in processes():
            fields = told(pid, "stat").rpartition(")")[2].split()
            if fields and space(pid) == self._space:
                command = told(pid, "cmdline")  # empty once it has ended
                role = role_of(command) if command else self._seconds.get(pid, ("Ray", 0.0))[0]
                self._seconds[pid] = (role, (int(fields[11]) + int(fields[12])) / TICK)
                self.megabytes[role] = max(self.megabytes[role], int(fields[21]) * PAGE // 10**6)


def space(pid: int) -> str:
    """The process namespace of a process; nothing if it has ended."""
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")  # noqa: PTH115
    except OSError:
        return ""


def role_of(command: str) -> str:
    """What a process of a run does, by its command line."""
    if command.startswith(("ray::_work", "ray::IDLE")) or "spawn_main" in command:
        return "workers"
    return "asking" if "\0kg\0" in command else "Ray"


def measure(cluster: Cluster, source: pathlib.Path, engine: str) -> dict[str, object]:
    """One run of ``kg rebuild``."""
    with tempfile.TemporaryDirectory() as graph, Watch(cluster) as watch:
        done = cluster.run(sys.executable, "-m", "kg", "rebuild", source, "--graph", graph, *ENGINES[engine])
    if done.returncode:
        raise SystemExit(done.stderr)
    seconds = {role: round(used, 1) for role, used in sorted(watch.seconds().items())}
    return {
        "engine": engine,
        "clock": round(watch.clock, 1),
        "processors": seconds,
        "worker_mb": watch.megabytes["workers"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=pathlib.Path)
    parser.add_argument("--number", type=int, default=120)
    arguments = parser.parse_args()
    with arguments.articles.open(encoding="utf-8") as lines:
        articles = list(itertools.islice(lines, arguments.number))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cluster = Cluster(folder)
        begun = time.monotonic()
        cluster.start(1)
        cluster.become(2, 3)
        print(f"head and two nodes started in {time.monotonic() - begun:.1f} seconds")
        for some in (articles[:1], articles):
            source = folder / f"{len(some)}.jsonl"
            source.write_text("".join(some), encoding="utf-8")
            words = sum(len(json.loads(line)["text"].split()) for line in some)
            for engine in ENGINES:
                print(json.dumps({"articles": len(some), "words": words, **measure(cluster, source, engine)}))
        cluster.close()


if __name__ == "__main__":
    main()
