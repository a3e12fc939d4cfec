"""How long the stages of a run take: by the clock, in the process that runs them.

A program starts a :class:`Stopwatch`; what is decorated with :func:`timed`, or runs within :func:`stage`, adds to it and is
logged. Without one nothing is kept.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from kg.log import event

P = ParamSpec("P")
R = TypeVar("R")


class Stopwatch:
    """Seconds by stage, and how often each ran; a stage within another counts in both."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.times: Counter[str] = Counter()
        self._begun = time.perf_counter()

    @property
    def total(self) -> float:
        """Seconds since it was made."""
        return time.perf_counter() - self._begun

    def add(self, name: str, seconds: float) -> None:
        """A stage ran for so long."""
        self.seconds[name] += seconds
        self.times[name] += 1


_CURRENT: ContextVar[Stopwatch | None] = ContextVar("stopwatch", default=None)


@contextlib.contextmanager
def running() -> Iterator[Stopwatch]:
    """A stopwatch for the stages within."""
    watch = Stopwatch()
    token = _CURRENT.set(watch)
    try:
        yield watch
    finally:
        _CURRENT.reset(token)


@contextlib.contextmanager
def stage(name: str, *, level: int = logging.DEBUG) -> Iterator[None]:
    """Time what is within, whether it ends well or not.

    >>> with running() as watch, stage("rest"):
    ...     time.sleep(0.01)
    >>> 0.01 <= watch.seconds["rest"] < 1
    True
    """
    begun = time.perf_counter()
    try:
        yield
    finally:
        seconds = time.perf_counter() - begun
        if watch := _CURRENT.get():
            watch.add(name, seconds)
        event("stage", level=level, stage=name, seconds=round(seconds, 3))


def timed(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Time every call of a function as a stage of this name."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def call(*arguments: P.args, **options: P.kwargs) -> R:
            with stage(name, level=logging.INFO):
                return function(*arguments, **options)

        return call

    return decorate
