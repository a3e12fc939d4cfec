"""A checkout to edit: seed tables of its own, everything else that of this one."""

from __future__ import annotations

import pathlib
import shutil

ROOT = pathlib.Path(__file__).parent.parent


def make(folder: pathlib.Path) -> pathlib.Path:
    """Lay a checkout out in a folder; a Python whose path begins there runs ``kg`` on its tables."""
    (folder / "kg").symlink_to(ROOT / "kg")
    (folder / "ontology").symlink_to(ROOT / "ontology")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    return folder
