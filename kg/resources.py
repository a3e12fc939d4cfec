"""Where the project's data files are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

import pathlib

PACKAGE = pathlib.Path(__file__).parent


def folder(name: str) -> pathlib.Path:
    """The folder ``ontology``, ``seeds`` or ``models`` of this installation.

    >>> sorted(folder("ontology").glob("*.ttl"))[0].name
    'syria-talks.ttl'
    """
    packaged = PACKAGE / name
    return packaged if packaged.is_dir() else PACKAGE.parent / name


def seed(name: str) -> pathlib.Path:
    """The path of one seed table.

    >>> seed("rounds.tsv").name
    'rounds.tsv'
    """
    return folder("seeds") / name
