"""kg: from Arabic news about the Syria talks to a knowledge graph whose every edge shows its sentence.

An article goes through the stages listed in :data:`kg.pipeline.STAGES`; :mod:`kg.model` has the types between them.
"""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    import pathlib

    from kg.notebook import Graph

__version__ = "0.1.0"


def open(path: str | pathlib.Path = "graph") -> Graph:  # noqa: A001 the name that a notebook expects: kg.open("graph")
    """The graph in a folder that ``kg rebuild`` made, for notebooks; :mod:`kg.notebook` says what it can do."""
    from kg.notebook import open_graph

    return open_graph(path)
