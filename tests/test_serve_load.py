"""Sixty-four clients at once, one request in ten hostile: the short run of ``scripts/bench_serve.py``, which is the long one."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

from tests.serving import folder

SCRIPT = pathlib.Path(__file__).parent.parent / "scripts" / "bench_serve.py"


def test_many_clients_get_their_answers_and_memory_comes_back(tmp_path: pathlib.Path) -> None:
    graph = folder(tmp_path / "graph")
    command = [sys.executable, str(SCRIPT), "--graph", str(graph.path), "--clients", "64", "--seconds", "4", "--json"]
    options = ["--", "--seconds", "2", "--busy-seconds", "1", "--memory", "128"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=100, check=False)
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["answers"]["mixed 200"] > 64
    assert {f"hostile {status}" for status in (400, 503)} <= set(found["answers"])
    assert found["passed"], found["memory_mb"]
