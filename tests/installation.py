"""kg as a user gets it: the wheel, installed into an environment of its own that has nothing but its dependencies."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import sysconfig
from collections.abc import Iterator

import pytest

ROOT = pathlib.Path(__file__).parent.parent


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def programs(wheel: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The folder of programs of a fresh environment with the wheel, ``kg`` among them.

    Its dependencies are those of the environment that runs the tests, which a path file leads to; installing them again would
    take minutes. ``kg`` itself is not to be had there: path files in a folder that a path file names are not read.
    """
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--no-compile", str(wheel)], check=True, capture_output=True)
    (site,) = (folder / "lib").glob("python3.*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin"


@pytest.fixture(scope="session")
def surroundings(programs: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment variables of a new user: an empty home, and ``kg`` on the path."""
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if name in ("OMP_NUM_THREADS", "TMPDIR")}
    path = f"{programs}{os.pathsep}/usr/local/bin{os.pathsep}/usr/bin{os.pathsep}/bin"
    return {**kept, "HOME": str(home), "PATH": path, "LANG": "C.UTF-8", "HF_HUB_OFFLINE": "1"}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The site, built as make docs does it; a warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(build, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def shell(script: str, folder: pathlib.Path, surroundings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script as a user would type it, in this folder."""
    command = ["bash", "-eu", "-o", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=surroundings, check=False, capture_output=True, text=True)


def files_of(folder: pathlib.Path) -> Iterator[str]:
    """The files below a folder of the checkout that belong into the wheel, as paths below it."""
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder).as_posix()
