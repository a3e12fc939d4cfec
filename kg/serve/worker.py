"""A worker: a forked process that answers one job at a time, and can do nothing else.

It may open no further file and no socket, so that no query reaches out of it whatever the engine makes of it; it gets
little memory beyond the graph that it shares; and if nobody stops it in time, its own alarm does.
"""

from __future__ import annotations

import os
import pathlib
import resource
import signal
import socket
import traceback
from typing import IO

from kg.serve.jobs import LONGEST_DETAIL, Job, Reply, State
from kg.serve.library import Library
from kg.serve.limits import Limits
from kg.serve.tasks import perform

_SPARE_SECONDS = 5
"""How much later than the server the worker's own alarm rings."""
_COURTESY = 5
"""Added to the worker's niceness: the server answers before any query goes on."""


def work(channel: socket.socket, library: Library, limits: Limits) -> None:
    """Answer jobs until the server closes the channel. A job comes as a file descriptor: the file holds the job.

    The answer is written over it.
    """
    library.index.execute("SELECT 1")
    _fence(channel, limits)
    channel.send(str(os.getpid()).encode())
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
        if not message:
            return
        with open(descriptors[0], "r+b", buffering=0) as file:  # noqa: PTH123 a descriptor, not a path
            signal.setitimer(signal.ITIMER_REAL, limits.seconds + _SPARE_SECONDS)
            reply = _answer(library, file)
            signal.setitimer(signal.ITIMER_REAL, 0)
        channel.send(reply.encode())


def _answer(library: Library, file: IO[bytes]) -> Reply:
    job = Job.decode(file.read())
    file.seek(0)
    file.truncate()
    try:
        return perform(library, job, file)
    except Exception:
        return Reply(State.BROKEN, traceback.format_exc()[-LONGEST_DETAIL:])


def _fence(channel: socket.socket, limits: Limits) -> None:
    """Take from this process what no job needs."""
    _silence()
    os.nice(_COURTESY)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.answer),
        (resource.RLIMIT_AS, _size() + limits.memory),
        (resource.RLIMIT_NOFILE, _close_the_door(channel.fileno())),
    ):
        resource.setrlimit(what, (most, most))


def _silence() -> None:
    """The engine writes to standard error when it runs out of memory; that is told in the server's words."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)


def _close_the_door(some: int) -> int:
    """Leave no gap among the open descriptors; the limit on their number that lets one more be opened, a job's file."""
    highest = max(int(path.name) for path in pathlib.Path("/proc/self/fd").iterdir())
    while os.dup(some) < highest:
        pass
    spare = os.dup(some)
    os.close(spare)
    return spare + 1


def _size() -> int:
    """Bytes of address space that this process has now."""
    pages, *_ = pathlib.Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(pages) * resource.getpagesize()
