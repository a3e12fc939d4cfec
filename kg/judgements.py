"""What people decided about entities: which two are the same, which two are not. A table that is edited by hand.

The file ``judgements.tsv`` of a graph folder has one row a decision; ``kg merge`` and ``kg split`` write it, an editor
does as well, and a decision is undone by deleting its row. It is applied when claims are read, never by rewriting them.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from enum import StrEnum

from kg.errors import TableError
from kg.tables import read_table


class Decision(StrEnum):
    """Whether two entities are one."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, order=True)
class Judgement:
    """One decision on two entities, by their ids; the order of the two says nothing. ``reason`` is for people."""

    one: str
    other: str
    decision: Decision
    reason: str = ""

    @property
    def pair(self) -> frozenset[str]:
        """The two, in no order."""
        return frozenset((self.one, self.other))


def read_judgements(path: pathlib.Path) -> tuple[Judgement, ...]:
    """The decisions in a file, in its order; none if there is no file.

    Raises:
        TableError: a row is wrong, or two rows say opposite things of the same two.

    """
    if not path.exists():
        return ()
    rows = read_table(path, Judgement)
    seen: dict[frozenset[str], Decision] = {}
    for number, row in enumerate(rows, 2):
        if len(row.pair) == 1:
            raise TableError(path.name, number, f"{row.one!r} is compared with itself")
        if seen.setdefault(row.pair, row.decision) is not row.decision:
            raise TableError(path.name, number, f"{row.one} and {row.other} are said to be same and different")
    return tuple(rows)


def judgements_text(judgements: Iterable[Judgement]) -> str:
    """The table as it stands in the file; rows keep their order, so that a person finds what she wrote."""
    header = [field.name for field in fields(Judgement)]
    rows = [header, *(map(_cell, astuple(judgement)) for judgement in judgements)]
    return "".join("\t".join(row) + "\n" for row in rows)


def _cell(value: str) -> str:
    return " ".join(str(value).split())
