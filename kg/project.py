"""The project that a process works in: a folder with settings (``kg.toml``), tables and ontology files of its own.

A project stands on what is installed: its tables add to ours on the Syria talks or take their place, its ontology files
are read after ours, and its base IRI takes the place of ours in all of them. It is found like a git repository, by
walking up from the working folder, or named by ``KG_PROJECT`` (which ``kg --project DIR`` sets). Without one, the
settings are those of ``seeds/kg.toml``. A process works in one project from its start to its end.
"""

from __future__ import annotations

import difflib
import functools
import os
import pathlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kg.errors import ProjectError
from kg.resources import folder as resource

FILE = "kg.toml"
VARIABLE = "KG_PROJECT"
"""The environment variable that names the project's folder; child processes inherit it."""
LARGEST = 1_000_000
"""Bytes of a settings file or an ontology file of a project beyond which it is taken for a mistake."""
_BASE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?/([A-Za-z0-9._~%/-]*/)?", re.ASCII)
_TEXTS = frozenset(("base", "tables", "seeds", "ontology", "graph"))
_BILINGUAL = frozenset(("title", "description"))
_KEYS = (*sorted(_TEXTS | _BILINGUAL), "sources")


class Tables(StrEnum):
    """What becomes of our tables on the Syria talks; those that know Arabic are always used."""

    ADD = "add"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Project:
    """Settings. ``folder`` is None if there is no project; ``title`` and ``description`` are Arabic and English.

    ``base`` begins every IRI that is made and ends with a slash; ``sources`` and ``graph`` are what commands take that are
    given none.
    """

    folder: pathlib.Path | None
    base: str
    title: tuple[str, str]
    description: tuple[str, str]
    tables: Tables = Tables.ADD
    seeds: pathlib.Path | None = None
    ontology: pathlib.Path | None = None
    sources: tuple[pathlib.Path, ...] = ()
    graph: pathlib.Path = pathlib.Path("graph")


@functools.cache
def current() -> Project:
    """The project of this process; without one, the settings of this installation.

    Raises:
        ProjectError: ``KG_PROJECT`` names no project, the settings are wrong, or they belong to somebody else.

    """
    if named := os.environ.get(VARIABLE):
        path = pathlib.Path(named).resolve() / FILE
        if not path.is_file():
            raise ProjectError(f"there is no project in {named}: it has no {FILE}; make one with: kg init {named}")
        return read(path)
    path_found = find(pathlib.Path.cwd())
    return read(path_found) if path_found else installed()


def choose(folder: pathlib.Path) -> None:
    """Let this process, and those that it starts, work in a project. Before anything else of ``kg`` is imported.

    Raises:
        ProjectError: there is no project in the folder, or its settings are wrong.

    """
    os.environ[VARIABLE] = str(folder.resolve())
    current.cache_clear()
    current()


@functools.cache
def installed() -> Project:
    """The settings of this installation, of its tables on the Syria talks."""
    values = _values(resource("seeds") / FILE)
    return Project(None, values["base"], _bilingual(values["title"]), _bilingual(values["description"]))


def find(start: pathlib.Path) -> pathlib.Path | None:
    """The settings file in a folder or the nearest folder above it.

    Raises:
        ProjectError: it belongs to another user, whose tables would decide what is read here.

    """
    for folder in (start.resolve(), *start.resolve().parents):
        path = folder / FILE
        if path.is_file():
            if path.stat().st_uid not in (os.getuid(), 0):
                raise ProjectError(f"{path} belongs to another user; if you trust it, write: kg --project {folder} ...")
            return path
    return None


def read(path: pathlib.Path) -> Project:
    """The project of a settings file.

    Raises:
        ProjectError: it is no TOML, has an unknown setting or a wrong value, or names a folder that does not exist.

    """
    values = _values(path)
    ours = installed()
    where = path.parent
    return Project(
        where,
        check_base(values.get("base", ours.base), path),
        _bilingual(values["title"]) if "title" in values else ours.title,
        _bilingual(values["description"]) if "description" in values else ours.description,
        _checked_tables(values.get("tables", Tables.ADD), path),
        _folder(values, "seeds", path),
        _folder(values, "ontology", path),
        tuple(where / source for source in values.get("sources", ())),
        where / values.get("graph", "graph"),
    )


def ontology_texts(pattern: str) -> dict[str, str]:
    """The ontology's files of a pattern (``*.ttl``, ``queries/*.rq``) by name without ending, with the project's base.

    A file of the project takes the place of ours of the same name, and else adds to them.

    >>> "st:attended" in ontology_texts("queries/*.rq")["who-attended"]
    True

    Raises:
        ProjectError: a file is not UTF-8, or far too large.

    """
    ours, base = installed().base, current().base
    texts = {path.stem: _text(path) for path in _ontology_files(pattern)}
    return {name: text.replace(ours, base) for name, text in sorted(texts.items())}


def _ontology_files(pattern: str) -> Iterator[pathlib.Path]:
    yield from sorted(resource("ontology").glob(pattern))
    own = current().ontology
    if own:
        yield from sorted(own.glob(pattern))


def _text(path: pathlib.Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise ProjectError(f"{path} has more than {LARGEST} bytes; it is not taken for one of kg's files")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path} cannot be read ({error}); it must be UTF-8 text") from error


def _values(path: pathlib.Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProjectError(f"{path} is not TOML: {error}") from error
    for name, value in values.items():
        if name not in _KEYS:
            near = difflib.get_close_matches(name, _KEYS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"allowed: {', '.join(_KEYS)}"
            raise ProjectError(f"{path}: there is no setting {name!r}; {hint}")
        if not _is_well_typed(name, value):
            raise ProjectError(f"{path}: {name} must be {_wanted(name)}; found {value!r}")
    return values


def _is_well_typed(name: str, value: object) -> bool:
    if name in _TEXTS:
        return isinstance(value, str) and bool(value)
    if name in _BILINGUAL:
        return (
            isinstance(value, dict) and set(value) == {"ar", "en"} and all(isinstance(v, str) for v in value.values())
        )
    return isinstance(value, list) and all(isinstance(source, str) and source for source in value)


def _wanted(name: str) -> str:
    if name in _TEXTS:
        return 'a text: "..."'
    return '{ ar = "...", en = "..." }' if name in _BILINGUAL else 'a list of texts: ["..."]'


def _bilingual(value: Mapping[str, str]) -> tuple[str, str]:
    return value["ar"], value["en"]


def check_base(value: str, where: object) -> str:
    """The value, if it can begin IRIs.

    Raises:
        ProjectError: it cannot; ``where`` tells where it stands.

    """
    if not _BASE.fullmatch(value):
        raise ProjectError(
            f"{where}: base must be like https://example.org/my-talks/ with a slash at its end; found {value!r}"
        )
    return value


def _checked_tables(value: str, path: pathlib.Path) -> Tables:
    if value not in list(Tables):
        raise ProjectError(f'{path}: tables must be "add" or "replace"; found {value!r}')
    return Tables(value)


def _folder(values: Mapping[str, Any], name: str, path: pathlib.Path) -> pathlib.Path | None:
    """The folder of a setting; if it is not set, the one of that name, if there is one."""
    found = path.parent / str(values.get(name, name))
    if found.is_dir():
        return found
    if name in values:
        raise ProjectError(f"{path}: {name} is {values[name]!r}, but there is no folder {found}")
    return None
