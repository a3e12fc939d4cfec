"""What the server asks a worker to do, and what it hears back. Both travel as JSON; the answer itself goes to a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How a job ended."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    UNACCEPTABLE = "unacceptable"
    TOO_LARGE = "too large"
    TOO_MUCH_MEMORY = "too much memory"
    TOO_LONG = "too long"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do: the name of a task of :mod:`kg.serve.tasks`, and its arguments."""

    task: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def encode(self) -> bytes:
        """The job as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decode(cls, data: bytes) -> Job:
        """The job that :meth:`encode` encoded."""
        return cls(**json.loads(data))


@dataclass(frozen=True, slots=True)
class Reply:
    """The end of a job. ``detail`` is the media type of the answer if it is done, else a message for the client.

    If the program itself is at fault (``BROKEN``), ``detail`` is for the log.
    """

    state: State
    detail: str

    def encode(self) -> bytes:
        """The reply as JSON, cut to what goes through a socket in one piece."""
        return json.dumps([self.state, self.detail[:LONGEST_DETAIL]]).encode()

    @classmethod
    def decode(cls, data: bytes) -> Reply:
        """The reply that :meth:`encode` encoded."""
        state, detail = json.loads(data)
        return cls(State(state), detail)


LONGEST_DETAIL = 4_000
LARGEST_REPLY = 64_000
"""Bytes; above what :data:`LONGEST_DETAIL` characters take in JSON."""
