"""A new project folder: settings, empty tables with an example each, and what to do next in Arabic and English."""

from __future__ import annotations

import pathlib
import shutil

from kg import project
from kg.errors import ProjectError
from kg.folder import write_atomically
from kg.project import Tables
from kg.resources import PACKAGE
from kg.resources import folder as resource

TEMPLATE = PACKAGE / "templates" / "project"
ARTICLES = "articles"


def make(folder: pathlib.Path, *, base: str = "", tables: Tables = Tables.ADD) -> list[pathlib.Path]:
    """Start a project in a folder, which may exist; the files that were made, sorted. A file that is there is left alone.

    Raises:
        ProjectError: there is a project already, or the folder cannot be written.

    """
    if (folder / project.FILE).exists():
        raise ProjectError(f"{folder} is a project already; its settings are in {folder / project.FILE}")
    if base:
        project.check_base(base, "--base")
    name = folder.resolve().name
    words = {"base": base or project.installed().base, "tables": tables, "ar": _quoted(name), "en": _quoted(name)}
    made = []
    try:
        (folder / ARTICLES).mkdir(parents=True, exist_ok=True)
        # the settings come last: what is interrupted is no project yet, and can be made again
        for path in sorted(TEMPLATE.rglob("*.*"), key=lambda path: (path.name == project.FILE, path)):
            copy = folder / path.relative_to(TEMPLATE)
            if not copy.exists():
                write_atomically(copy, _filled(path, words))
                made.append(copy)
    except OSError as error:
        raise ProjectError(f"{folder} cannot be written ({error}); name a folder of yours") from error
    return sorted(made)


def examples() -> list[str]:
    """The projects on other talks that come with the program."""
    return sorted(path.parent.name for path in (resource("seeds") / "examples").glob(f"*/{project.FILE}"))


def copy(example: str, folder: pathlib.Path) -> list[pathlib.Path]:
    """Copy a project that comes with the program into a new folder; the files that were made, sorted.

    Raises:
        ProjectError: there is no such project, there is something in the folder already, or it cannot be written.

    """
    if example not in examples():
        raise ProjectError(f"there is no example {example!r}; there are {', '.join(examples())}")
    if folder.exists() and any(folder.iterdir()):
        raise ProjectError(f"{folder} is not empty; name a new folder")
    try:
        shutil.copytree(resource("seeds") / "examples" / example, folder, dirs_exist_ok=True)
    except OSError as error:
        raise ProjectError(f"{folder} cannot be written ({error}); name a folder of yours") from error
    return sorted(path for path in folder.rglob("*.*") if path.is_file())


def _filled(path: pathlib.Path, words: dict[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    for name, value in words.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _quoted(name: str) -> str:
    """A folder's name as it may stand between the quotation marks of TOML and in Markdown."""
    return "".join(character for character in name if character.isalnum() or character in " -_.").strip() or "kg"
