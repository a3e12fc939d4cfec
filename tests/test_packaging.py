"""What is installed: the wheel is complete and works far from the checkout, its dependencies are bounded, pinned and free."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import pathlib
import re
import subprocess
import sys
import tomllib
import zipfile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.installation import ROOT, files_of, shell

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
REQUIREMENTS = [
    requirement
    for requirement in map(
        Requirement, [*PROJECT["dependencies"], *(line for some in EXTRAS.values() for line in some)]
    )
    if requirement.name != "kg"
]


def test_the_wheel_has_every_file(wheel: pathlib.Path) -> None:
    wanted = {
        f"{place}/{name}"
        for place, folder in (("kg", "kg"), ("kg/ontology", "ontology"), ("kg/seeds", "seeds"))
        for name in files_of(ROOT / folder)
    }
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == wanted


@pytest.mark.model
def test_an_empty_environment_gets_a_complete_kg(
    programs: pathlib.Path, surroundings: dict[str, str], tmp_path: pathlib.Path
) -> None:
    (tmp_path / "a.txt").write_text("قصفت روسيا مدينة إدلب.", encoding="utf-8")
    done = shell("kg rebuild a.txt; kg claims -o claims.jsonl; kg lint; kg validate; kg query", tmp_path, surroundings)
    assert (done.returncode, "1 articles (1 annotated now), 1 claims" in done.stdout) == (0, True), done.stderr
    record = json.loads((tmp_path / "claims.jsonl").read_text(encoding="utf-8"))
    assert (record["predicate"], record["evidence"]["text"]) == ("attacked", "قصفت روسيا مدينة إدلب")
    where = shell("python -c 'import kg; print(kg.__file__)'", tmp_path, surroundings).stdout.strip()
    assert pathlib.Path(where).is_relative_to(programs.parent)


@pytest.mark.parametrize("package", ["starlette", "uvicorn"])
def test_without_the_server_s_packages_kg_says_what_to_install(package: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; from kg.cli import main; main(['serve'])"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        2,
        f"kg: the server needs the package {package}; run: pip install 'kg[serve]'\n",
    )


def test_there_is_an_extra_for_each_way_to_use_it() -> None:
    assert {"serve", "notebook", "test"} <= set(EXTRAS)


def test_what_is_installed_is_what_the_project_asks_for() -> None:
    wrong = [
        f"{requirement} (here: {version})"
        for requirement in REQUIREMENTS
        if (version := importlib.metadata.version(requirement.name)) not in requirement.specifier
    ]
    assert wrong == []


def test_every_dependency_of_kg_itself_has_two_bounds() -> None:
    ways = [PROJECT["dependencies"], *(lines for name, lines in EXTRAS.items() if name != "test")]
    for requirement in (Requirement(line) for lines in ways for line in lines):
        signs = {specifier.operator for specifier in requirement.specifier}
        assert signs == {"=="} or signs == {">=", "<"}, requirement


def test_every_dependency_is_pinned_to_a_version_that_is_allowed() -> None:
    lines = [
        line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line[0] not in "# "
    ]
    pins: dict[str, list[Version]] = {}
    for pinned in map(Requirement, lines):
        (specifier,) = pinned.specifier
        pins.setdefault(canonicalize_name(pinned.name), []).append(Version(specifier.version))
    for requirement in REQUIREMENTS:
        assert all(version in requirement.specifier for version in pins[canonicalize_name(requirement.name)]), (
            requirement
        )


def test_the_licences_are_listed_and_go_together() -> None:
    check = [sys.executable, str(ROOT / "scripts" / "make_licences.py"), "--check"]
    done = subprocess.run(check, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [("MIT", True), ("GPL-3.0-or-later", False), ("MIT AND GPL-2.0-only", False), ("GPL-2.0-only OR MIT", True)],
)
def test_a_licence_is_judged_by_its_alternatives(expression: str, allowed: bool) -> None:
    code = f"import make_licences; print(make_licences.is_allowed({expression!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "scripts", check=True, capture_output=True, text=True
    )
    assert done.stdout == f"{allowed}\n"


def test_the_code_is_that_of_the_oldest_python_promised() -> None:
    oldest = re.fullmatch(r">=3\.(\d+)", PROJECT["requires-python"])
    assert oldest
    for path in (ROOT / "kg").rglob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, int(oldest[1])))


def test_the_container_runs_as_nobody_in_particular_and_copies_what_there_is() -> None:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    assert text.index("USER reader") < text.index("ENTRYPOINT")
    copied = [word for line in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.MULTILINE) for word in line.split()]
    assert "constraints.txt" in copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert [name for name in copied if f"!{name}" not in let_in] == []
