"""The program with another table of triggers, in this process."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import pytest

from kg import stages
from kg.relate import traces, triggers
from kg.relate.triggers import TriggerRow

CACHES = [
    value
    for module in (stages, traces, triggers)
    for value in vars(module).values()
    if isinstance(value, functools._lru_cache_wrapper)
]


def use(monkeypatch: pytest.MonkeyPatch, rows: Sequence[TriggerRow]) -> None:
    """From here to the end of the test, these are the rows of the table."""
    for module in (traces, triggers):
        monkeypatch.setattr(module, "rules", lambda: tuple(rows))
    forget()


def forget() -> None:
    """Forget all that was made of a table."""
    for cache in CACHES:
        cache.cache_clear()


@pytest.fixture
def the_table_comes_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing made of another table outlives a test."""
    yield
    monkeypatch.undo()
    forget()
