"""The nursery: a process that loads a graph once and forks a worker whenever the server asks for one.

``python -m kg.serve.nursery GRAPH SCRATCH DESCRIPTOR LIMITS`` is how :mod:`kg.serve.pool` starts it. It has one thread
and no event loop, so that a fork of it is safe, and the workers share the memory of the graph. Over the socket
``DESCRIPTOR`` it says what it loaded, then takes orders; when the server is gone it stops its workers and ends.
"""

from __future__ import annotations

import gc
import json
import os
import pathlib
import signal
import socket
import sys
from typing import Any

from kg.errors import KgError
from kg.folder import GraphFolder
from kg.serve import worker
from kg.serve.library import Library, open_library
from kg.serve.limits import Limits

HATCH, STOP, CALM = "hatch", "stop", "calm"
"""Orders: fork a worker that gets the socket sent along; kill one; let it go on with what time the others leave."""
LONGEST_ORDER = 1_000
LONGEST_REPORT = 10_000
_CALM_NICENESS = 15


class Nursery:
    """The workers of one graph."""

    def __init__(self, control: socket.socket, library: Library, limits: Limits) -> None:
        self._control = control
        self._library = library
        self._limits = limits
        self._workers: set[int] = set()

    def run(self) -> None:
        """Follow orders until the server closes the socket."""
        while True:
            order, descriptors, _, _ = socket.recv_fds(self._control, LONGEST_ORDER, 1)
            self._bury()
            if not order:
                break
            name, pid = json.loads(order)
            if name == HATCH:
                self._hatch(descriptors[0])
            elif pid in self._workers:
                _ORDERS[name](pid)
        for pid in self._workers:
            _stop(pid)

    def _hatch(self, descriptor: int) -> None:
        """Fork a worker. Both processes close their copy of the other's socket."""
        pid = os.fork()
        if pid:
            os.close(descriptor)
            self._workers.add(pid)
            return
        self._control.close()
        try:
            worker.work(socket.socket(fileno=descriptor), self._library, self._limits)
        finally:
            os._exit(0)

    def _bury(self) -> None:
        """Forget the workers that have ended, so that their ids are never used for others."""
        for pid in list(self._workers):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self._workers.discard(pid)


def _stop(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def _calm(pid: int) -> None:
    os.setpriority(os.PRIO_PROCESS, pid, _CALM_NICENESS)


_ORDERS = {STOP: _stop, CALM: _calm}


def main(graph: str, scratch: str, descriptor: str, limits: str) -> None:
    """Load the graph, report, and follow orders."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(descriptor))
    try:
        library = open_library(GraphFolder(pathlib.Path(graph)), pathlib.Path(scratch))
    except KgError as error:
        control.send(_report({"failed": str(error)}))
        return
    gc.collect()
    gc.freeze()
    control.send(_report({"quads": len(library.store)}))
    Nursery(control, library, Limits(**json.loads(limits))).run()


def _report(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode()[:LONGEST_REPORT]


if __name__ == "__main__":
    main(*sys.argv[1:])
