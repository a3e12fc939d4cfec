"""The wheel is complete: what is in it works far from the checkout."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parent.parent


@pytest.mark.model
def test_the_wheel_builds_a_graph(tmp_path: pathlib.Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    site = tmp_path / "site"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(site)
    (tmp_path / "a.txt").write_text("قصفت روسيا مدينة إدلب.", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}

    def kg(*arguments: str) -> str:
        command = [sys.executable, "-m", "kg", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
        return done.stdout

    assert "1 articles (1 annotated now), 1 claims" in kg("rebuild", "a.txt")
    (record,) = (json.loads(line) for line in kg("claims").splitlines())
    assert (record["predicate"], record["evidence"]["text"]) == ("attacked", "قصفت روسيا مدينة إدلب")
    where = subprocess.run(
        [sys.executable, "-c", "import kg; print(kg.__file__)"], cwd=tmp_path, env=environment, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert pathlib.Path(where.stdout.strip()).is_relative_to(site)
