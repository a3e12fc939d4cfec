"""Where the project's data files are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

import pathlib

PACKAGE = pathlib.Path(__file__).parent


def folder(name: str) -> pathlib.Path:
    """The folder ``ontology``, ``seeds`` or ``models`` of this installation.

    >>> (folder("ontology") / "context.jsonld").is_file()
    True
    """
    packaged = PACKAGE / name
    return packaged if packaged.is_dir() else PACKAGE.parent / name


def seed(name: str) -> pathlib.Path:
    """The path of one of our own seed tables; what is in use is read by :mod:`kg.seeds`.

    >>> seed("rounds.tsv").name
    'rounds.tsv'
    """
    return folder("seeds") / name
