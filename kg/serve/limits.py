"""How much one request may take."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

MEGABYTE = 1_000_000


def default_places() -> int:
    """Two for each processor, so that one may wait for memory or disk; at least four."""
    return max(4, 2 * (os.cpu_count() or 1))


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes that a request may take, and how many are answered at once.

    ``seconds`` a query may run; ``busy_seconds`` of computing while all places are taken and others wait; ``memory``
    bytes it may add to the graph's own; ``answer`` bytes of its answer, ``body`` bytes of its text; ``patience`` seconds
    until a client must have sent its request, or taken the next part of the answer.
    """

    seconds: float = 20
    busy_seconds: float = 1
    memory: int = 512 * MEGABYTE
    answer: int = 50 * MEGABYTE
    body: int = MEGABYTE
    places: int = field(default_factory=default_places)
    patience: float = 30

    def __str__(self) -> str:
        return (
            f"{self.seconds:g} s a query ({self.busy_seconds:g} s of computing while others wait), {self.places} at once, "
            f"{self.answer // MEGABYTE} MB an answer, {self.memory // MEGABYTE} MB of memory"
        )
