"""Where the project's data files are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

import pathlib

PACKAGE = pathlib.Path(__file__).parent


def folder(name: str) -> pathlib.Path:
    """The folder ``ontology``, ``seeds`` or ``models`` of this installation.

    >>> (folder("ontology") / "syria-talks.ttl").is_file()
    True
    """
    packaged = PACKAGE / name
    return packaged if packaged.is_dir() else PACKAGE.parent / name


def seed(name: str) -> pathlib.Path:
    """The path of one seed table.

    >>> seed("rounds.tsv").name
    'rounds.tsv'
    """
    return folder("seeds") / name
