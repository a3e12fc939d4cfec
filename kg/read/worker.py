"""The process that reads what could take too long or too much: ``python -m kg.read.worker``, started by :mod:`kg.read.apart`.

It may take so much memory and no more, can write no file, and is ended by the system when one article has taken more than
:data:`limits.SECONDS` of computing. Requests come as JSON lines on standard input; what is found goes out as JSON lines.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pathlib
import resource
import signal
import sys
from collections.abc import Iterable
from typing import Any

from kg.errors import ReadError
from kg.read import limits
from kg.read.files import opened
from kg.read.items import Blob, Options, Unreadable
from kg.read.leaves import leaves, read_leaf
from kg.read.wire import to_wire


def main() -> None:
    """Serve until standard input ends."""
    logging.disable(logging.CRITICAL)
    output = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    _fence()
    for line in sys.stdin.buffer:
        for reply in _replies(json.loads(line)):
            output.write(json.dumps(reply).encode() + b"\n")
            output.flush()
        output.write(b'{"end": true}\n')
        output.flush()


def _replies(request: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """What a file gives; the first ``skip`` things in it have been dealt with."""
    options = Options(columns=request["columns"], format=request["format"])
    seconds = request["seconds"]
    _wind_up(seconds)
    try:
        stream = opened(pathlib.Path(request["file"]))
    except (ReadError, OSError) as error:
        yield to_wire(Unreadable.of(request["path"], error))
        return
    with stream:
        blob = Blob(request["path"], request["name"], stream, request["url"], request["media"])
        for number, leaf in enumerate(leaves(blob, options)):
            if number >= request["skip"]:
                _wind_up(seconds)
                yield {"begin": leaf.path}
                for item in read_leaf(leaf, options):
                    yield to_wire(item)
                    _wind_up(seconds)


def _wind_up(seconds: float) -> None:
    """Set the alarm again; nobody listens to it, so that it ends the process even within a library."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _fence() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_AS, _size() + limits.MEMORY),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS limits no memory; time is limited everywhere
            resource.setrlimit(what, (most, most))


def _size() -> int:
    """Bytes of address space that this process has; where the system does not tell, a guess above it."""
    try:
        pages = int(pathlib.Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return limits.MEMORY
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
