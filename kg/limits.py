"""How long the work on one article may take, so that no article can hold a run up."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from kg.errors import LimitError

ARTICLE_SECONDS = 60.0
"""Processor seconds in which the claims of an article must be found; an ordinary one takes hundredths of a second."""


@contextlib.contextmanager
def processor_seconds(most: float, what: str) -> Iterator[None]:
    """Stop what is within after so many processor seconds, however busy the machine is.

    Only in the main thread of a process, and where the system has such a clock (Linux, macOS); elsewhere nothing is stopped.

    Raises:
        LimitError: the time is over; ``what`` tells what took so long.

    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise LimitError(f"{what} took more than {most:g} seconds of processor time; shorten the text or leave it out")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
