"""Which articles a change of the trigger table can concern: those with a word of a changed row.

A row acts only where one of its forms stands, so an article that has none of them gives the same claims with the row and
without it.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple
from typing import NamedTuple

from kg.ids import digest
from kg.language.arabic import ARTICLE, folded
from kg.relate.triggers import TriggerRow, forms_of, rules


class Trace(NamedTuple):
    """What is remembered of a row: a hash of all that it says, and letters without which no form of it is written."""

    row: str
    letters: tuple[str, ...]


@functools.cache
def traces() -> tuple[Trace, ...]:
    """The rows of the table in use, in their order.

    Raises:
        TableError: a row is wrong, or two share a rule id.

    """
    return tuple(map(trace, rules()))


def trace(row: TriggerRow) -> Trace:
    """What is remembered of a row."""
    return Trace(digest(repr(astuple(row))), _shortest(forms_of(row)))


def changed(old: Sequence[Trace], new: Sequence[Trace]) -> frozenset[str]:
    """Letters one of which stands in every article that a change from one table to the other can concern.

    Rows at one word are tried in the table's order: if those that stay stand in another, every row has changed.

    >>> sorted(changed([Trace("a", ("قصف",)), Trace("b", ("هاجم",))], [Trace("a", ("قصف",)), Trace("c", ("غزا",))]))
    ['غزا', 'هاجم']
    """
    rows = {trace.row for trace in old} & {trace.row for trace in new}
    if [trace.row for trace in old if trace.row in rows] != [trace.row for trace in new if trace.row in rows]:
        rows = set()
    return frozenset(letters for trace in (*old, *new) if trace.row not in rows for letters in trace.letters)


def concerns(letters: Collection[str], text: str) -> bool:
    """Whether one of these stands in a text.

    >>> concerns(["قصف"], "وَقَصَفَت المدينة"), concerns(["قصف"], "زار المدينة")
    (True, False)
    """
    plain = folded(text)
    return any(some in plain for some in letters)


def _shortest(forms: Iterable[str]) -> tuple[str, ...]:
    """Forms without their article, less those that another is a part of (what ``li`` and the article become hides it)."""
    kept: list[str] = []
    for form in sorted({form.removeprefix(ARTICLE) for form in forms}, key=lambda form: (len(form), form)):
        if not any(shorter in form for shorter in kept):
            kept.append(form)
    return tuple(kept)
