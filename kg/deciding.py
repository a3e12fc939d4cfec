"""What ``kg merge`` and ``kg split`` do: a decision on entities goes into the folder's table, and the graph follows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from kg import pipeline
from kg.contents import read_merges
from kg.errors import GraphError
from kg.explain import local_id
from kg.folder import GraphFolder
from kg.identity import Merge
from kg.judgements import Decision, Judgement, read_judgements
from kg.model import Claim, Entity


def merge(one: str, other: str, reason: str, folder: GraphFolder) -> str:
    """Decide that two entities are one; what was done, in a sentence.

    Raises:
        GraphError: one of them is not in the graph, or they cannot be one.

    """
    one, other = (_existing(local_id(name), folder) for name in (one, other))
    if one == other:
        raise GraphError(f"{one} is one with itself; name two entities")
    rows = [row for row in read_judgements(folder.judgements) if row.pair != {one, other}]
    unified = pipeline.judge([*rows, Judgement(one, other, Decision.SAME, reason)], folder)
    whole = unified.replaced.get(one, one)
    return f"{one} and {other} are one now: {whole}. To undo: kg split {one if whole != one else other}"


def split(name: str, folder: GraphFolder) -> str:
    """Decide that an entity is not one with those it was merged with; what was done, in a sentence.

    What people decided is taken back; what names decided is answered by a row that says otherwise.

    Raises:
        GraphError: it was merged with nothing.

    """
    folder.require()
    name = local_id(name)
    rows = read_judgements(folder.judgements)
    applied = [row for row in read_merges(folder).merges if _concerns(row, name)]
    if not applied:
        raise GraphError(f"{name} was merged with nothing; kg merges lists what was")
    others = {row.into if row.entity == name else row.entity for row in applied}
    kept = [row for row in rows if not (row.decision is Decision.SAME and name in row.pair)]
    apart = [
        Judgement(name, other, Decision.DIFFERENT, "split")
        for other in sorted(others)
        if any(row.by == "names" and other in (row.entity, row.into) for row in applied)
    ]
    pipeline.judge([*kept, *apart], folder)
    return f"{name} stands for itself again; it was one with {', '.join(sorted(others))}"


def _concerns(row: Merge, name: str) -> bool:
    return row.judgement == "same" and name in (row.entity, row.into)


def _existing(name: str, folder: GraphFolder) -> str:
    """The id, if the claims of the graph have such an entity before anything is merged."""
    folder.require()
    known = _names(folder.raw_claims())
    if name not in known:
        near = difflib.get_close_matches(name, sorted(known), n=3)
        raise GraphError(f"no entity {name!r} in the graph" + (f"; near: {', '.join(near)}" if near else ""))
    return name


def _names(claims: Iterable[Claim]) -> set[str]:
    ends = (end for claim in claims for end in (claim.subject, claim.object, claim.says))
    return {end.id for end in ends if isinstance(end, Entity)}
