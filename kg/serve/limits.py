"""How much one request may take."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes that a request may take, and how many are answered at once.

    ``seconds`` a query may run; ``busy_seconds`` while all places are taken and others wait; ``memory`` bytes it may add
    to the graph's own; ``answer`` bytes of its answer, ``body`` bytes of its text; ``patience`` seconds until a client
    must have sent its request, or taken the next part of the answer.
    """

    seconds: float = 20
    busy_seconds: float = 2
    memory: int = 512 * MEGABYTE
    answer: int = 50 * MEGABYTE
    body: int = MEGABYTE
    places: int = 8
    patience: float = 30

    def __str__(self) -> str:
        return (
            f"{self.seconds:g} s a query ({self.busy_seconds:g} s while others wait), {self.places} at once, "
            f"{self.answer // MEGABYTE} MB an answer, {self.memory // MEGABYTE} MB of memory"
        )
