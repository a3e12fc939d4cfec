"""The pages on projects and on what a run says are done as a reader does them; what they show is what is printed."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from tests.conftest import SEEDS

ROOT = pathlib.Path(__file__).parent.parent
BLOCK = re.compile(r"^(?:<!-- (file|append|exit): (.*?) -->\n)?```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shown(lines: str, printed: str) -> bool:
    """Whether the text is what was printed, ``...`` standing for anything."""
    wanted = "".join(".*" if part == "..." else re.escape(part) for part in re.split(r"(\.\.\.)", lines.strip()))
    return re.fullmatch(wanted, printed.strip(), re.DOTALL) is not None


@pytest.mark.model
@pytest.mark.parametrize("page", ["own-domain.md", "observability.md"])
def test_every_step_of_the_page_works(page: str, tmp_path: pathlib.Path) -> None:
    shutil.copytree(SEEDS, tmp_path / "my-articles")
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "kg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n', encoding="utf-8")
    (commands / "kg").chmod(0o755)
    path = f"{commands}{os.pathsep}{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}
    printed = ""
    for mark, name, language, text in BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8")):
        if mark in ("file", "append"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            with (tmp_path / name).open("w" if mark == "file" else "a", encoding="utf-8") as out:
                out.write(text)
        elif language == "sh":
            script = f"set -eu\n{text}"
            done = subprocess.run(
                ["sh", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == int(name or 0), text + done.stderr
            printed = done.stdout
        elif language == "text":
            assert shown(text, printed), f"{page} shows\n{text}\nand it prints\n{printed}"
