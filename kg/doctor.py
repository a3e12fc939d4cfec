"""Whether this installation can do its work: each check looks at one thing, and says what to do where it is not well.

Nothing is changed, but that a folder is made beside the graph for a moment; nothing reaches for the network.
"""

from __future__ import annotations

import os
import pathlib
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata

from kg import weights
from kg.errors import KgError, QueryError
from kg.resources import folder

PYTHONS = ((3, 11), (3, 13))
"""The oldest and the newest Python that the tests have passed with."""
MEMORY = 1.0
"""GB that a rebuild should find free; it takes 0.7."""
DISK = 1.0
"""GB that should be free for a graph."""
SENTENCE = ("ولد", "نجيب", "محفوظ", "في", "حي", "الجمالية")
EIGHT_BIT = frozenset({"avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm"})
"""Instruction sets that multiply 8-bit integers, as Linux names them; :mod:`kg.encoder` lives on them."""
PROGRAMS = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "rapper": ("rapper",), "bash": ("bash",)}
"""What the tests call, under any of its names."""


class State(StrEnum):
    """How well something is."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: of what thing, its state, and what to do about it (empty if nothing)."""

    what: str
    state: State
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        lines = [f"{self.state:5}  {self.what:9}  {self.found}"]
        return "\n".join([*lines, f"{'':18}{self.remedy}"] if self.remedy else lines)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the installation is to be used for: the folder of its graph, the model, and whether the tests are to run."""

    graph: pathlib.Path
    model: str = weights.EMBEDDED
    tests: bool = False


def examine(wanted: Wanted) -> Iterator[Finding]:
    """The findings of all checks, one after the other, as they are made."""
    for check in CHECKS:
        yield from check(wanted)


def _python(_: Wanted) -> Iterator[Finding]:
    version = platform.python_version()
    oldest, newest = PYTHONS
    if oldest <= sys.version_info[:2] <= newest:
        yield Finding("python", State.OK, version)
    else:
        known = f"kg was tested with {'.'.join(map(str, oldest))} to {'.'.join(map(str, newest))}"
        yield Finding("python", State.NOTE, f"{version}; {known}", "If anything fails, take one of those.")


def _packages(_: Wanted) -> Iterator[Finding]:
    """What kg's own metadata asks for, extras apart, is here and of a version that it was made for."""
    try:
        lines = [line for line in metadata.requires("kg") or () if "extra ==" not in line]
    except metadata.PackageNotFoundError:
        yield Finding("packages", State.NOTE, "kg runs from a folder and is not installed", "Run: pip install FOLDER")
        return
    wrong = list(_unmet(lines))
    if wrong:
        yield Finding("packages", State.WRONG, "; ".join(wrong), "Run: pip install --upgrade --force-reinstall kg")
    else:
        yield Finding("packages", State.OK, f"kg {metadata.version('kg')} and the {len(lines)} that it needs")


def _unmet(lines: list[str]) -> Iterator[str]:
    from packaging.requirements import Requirement

    for requirement in map(Requirement, lines):
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield f"{requirement.name} is missing"
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement.name} {version} is here, {requirement.specifier} is wanted"


def _extras(_: Wanted) -> Iterator[Finding]:
    for name, packages, purpose in (
        ("serve", ("starlette", "uvicorn"), "kg serve"),
        ("notebook", ("pandas",), "notebooks"),
        ("ray", ("ray",), "work on many machines"),
    ):
        missing = [package for package in packages if not _is_installed(package)]
        if missing:
            remedy = f"Only for {purpose}, run: pip install 'kg[{name}]'"
            yield Finding(name, State.NOTE, f"{' and '.join(missing)} not installed", remedy)
        else:
            yield Finding(name, State.OK, f"{' and '.join(packages)} installed")


def _is_installed(package: str) -> bool:
    try:
        return bool(metadata.version(package))
    except metadata.PackageNotFoundError:
        return False


def _model(wanted: Wanted) -> Iterator[Finding]:
    """The model's files are those of its list of hashes, and it finds the names of a sentence."""
    from kg.annotate import Annotator

    try:
        weights.verify(weights.path_of(wanted.model))
        yield Finding("files", State.OK, f"{weights.fingerprint(wanted.model)}: every file as listed in {weights.SUMS}")
        start = time.perf_counter()
        (tags,) = Annotator(wanted.model).tags([SENTENCE])
    except (KgError, ImportError) as error:
        yield Finding("model", State.WRONG, str(error), "The embedded model is part of kg: install kg again.")
        return
    names = sum(tag.startswith(("B-", "S-")) for tag in tags)
    took = f"loads, and finds {names} names in «{' '.join(SENTENCE)}», in {time.perf_counter() - start:.0f} s"
    yield Finding("model", State.OK if names else State.WRONG, took, "" if names else "Run: kg models use embedded")


def _seeds(_: Wanted) -> Iterator[Finding]:
    from kg.lint import lint

    path = folder("seeds")
    problems = lint(None)
    if problems:
        more = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
        yield Finding("seeds", State.WRONG, f"{problems[0]}{more}, in {path}", f"Run: kg lint {path}")
    else:
        yield Finding("seeds", State.OK, f"{len(list(path.glob('*.tsv')))} tables in {path}")


def _ontology(_: Wanted) -> Iterator[Finding]:
    """The ontology, its rules, shapes and named queries are read, over a graph with nothing in it."""
    from kg import inference, queries, store, validate

    try:
        with tempfile.TemporaryDirectory() as scratch:
            nothing = pathlib.Path(scratch) / "nothing.nq"
            nothing.touch()
            loaded = inference.load(nothing)
            validate.validate(nothing)
        named = queries.available()
        if not named:
            raise QueryError(f"there are no named queries in {folder('ontology')}")
        for query in named:
            store.query(loaded, query.sparql)
    except (KgError, OSError, ValueError, SyntaxError) as error:
        yield Finding("ontology", State.WRONG, str(error), "It is part of kg: install kg again.")
    else:
        yield Finding("ontology", State.OK, f"with its rules, shapes and {len(named)} named queries")


def _graph(wanted: Wanted) -> Iterator[Finding]:
    """The graph folder, or where it is to be made, can be written to and can hold the link that a graph turns by."""
    place = _nearest(wanted.graph)
    try:
        with tempfile.TemporaryDirectory(dir=place, prefix=".kg-doctor-") as scratch:
            (pathlib.Path(scratch) / "link").symlink_to(scratch)
    except OSError as error:
        remedy = "Choose a folder of yours on a disk with symbolic links: --graph FOLDER"
        yield Finding("graph", State.WRONG, f"{place} cannot be written to: {error.strerror}", remedy)
        return
    state = "has a graph" if (wanted.graph / "manifest.json").is_file() else "has no graph yet"
    yield Finding("graph", State.OK, f"{wanted.graph.absolute()} can be written to, and {state}")


def _nearest(path: pathlib.Path) -> pathlib.Path:
    """The folder itself, or the one above it that exists."""
    return next(place for place in (path.absolute(), *path.absolute().parents) if place.exists())


def _disk(wanted: Wanted) -> Iterator[Finding]:
    free = shutil.disk_usage(_nearest(wanted.graph)).free / 1e9
    remedy = "" if free >= DISK else "Free some, or choose another disk: --graph FOLDER"
    yield Finding("disk", State.NOTE if remedy else State.OK, f"{free:.1f} GB free for the graph", remedy)


def _memory(_: Wanted) -> Iterator[Finding]:
    told = _lines("/proc/meminfo", "MemAvailable")
    if not told:
        yield Finding("memory", State.NOTE, "not known here", f"A rebuild needs {MEMORY:.0f} GB.")
        return
    free = int(told[0].split()[0]) * 1024 / 1e9
    remedy = "" if free >= MEMORY else f"A rebuild needs {MEMORY:.0f} GB: close other programs."
    yield Finding("memory", State.NOTE if remedy else State.OK, f"{free:.1f} GB free", remedy)


def _processor(_: Wanted) -> Iterator[Finding]:
    flags = set(" ".join(_lines("/proc/cpuinfo", "flags", "Features")[:1]).split())
    cores = f"{os.cpu_count()} cores"
    if not flags:
        yield Finding("processor", State.NOTE, f"{cores}; its instruction sets are not known here", "Nothing to do.")
    elif found := sorted(EIGHT_BIT & flags):
        yield Finding("processor", State.OK, f"{cores}, with 8-bit instructions ({', '.join(found)})")
    else:
        slow = "Nothing to do; articles are read more slowly."
        yield Finding("processor", State.NOTE, f"{cores}, without 8-bit instructions", slow)


def _lines(path: str, *names: str) -> list[str]:
    """What stands behind these names in a file of Linux's that tells of the machine; nothing on other systems."""
    try:
        lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    parts = (line.partition(":") for line in lines)
    return [value.strip() for name, _, value in parts if name.strip() in names]


def _programs(wanted: Wanted) -> Iterator[Finding]:
    for program, names in PROGRAMS.items() if wanted.tests else ():
        path = next(filter(None, map(shutil.which, names)), None)
        remedy = "" if path else "The tests that need it are left out; make test installs it on Debian as root."
        yield Finding(program, State.OK if path else State.NOTE, path or "not here", remedy)


CHECKS: tuple[Callable[[Wanted], Iterator[Finding]], ...] = (
    _python, _packages, _extras, _model, _seeds, _ontology, _graph, _disk, _memory, _processor, _programs,
)  # fmt: skip
