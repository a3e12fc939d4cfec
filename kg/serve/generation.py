"""One loading of the graph: its nursery process, and the workers that come from it, as the server sees them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from kg.errors import ServeError
from kg.folder import GraphFolder
from kg.serve import nursery
from kg.serve.jobs import LARGEST_REPLY, Reply
from kg.serve.limits import Limits

_LAST_WORD = 5.0
"""Seconds that a process has to begin or to end."""


@dataclass(slots=True, eq=False)
class Generation:
    """A nursery with its graph. ``at_work`` counts the workers whose job is not done."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    scratch: tempfile.TemporaryDirectory[str]
    stamp: tuple[int, int]
    quads: int = 0
    at_work: int = 0

    @property
    def lost(self) -> bool:
        """Whether the nursery has ended by itself."""
        return self.process.poll() is not None

    def order(self, name: str, pid: int = 0, send: Sequence[int] = ()) -> None:
        """Give the nursery an order, with descriptors sent along.

        Raises:
            OSError: the nursery is gone.

        """
        socket.send_fds(self.control, [json.dumps([name, pid]).encode()], list(send))

    async def hatch(self) -> Worker:
        """A new worker.

        Raises:
            ServeError: none came.

        """
        ours, theirs = _socket_pair()
        try:
            self.order(nursery.HATCH, send=[theirs.fileno()])
            theirs.close()
            async with asyncio.timeout(_LAST_WORD):
                pid = int(await asyncio.get_running_loop().sock_recv(ours, LARGEST_REPLY))
        except (OSError, ValueError, TimeoutError) as error:
            ours.close()
            raise ServeError(f"no worker could be started ({type(error).__name__}: {error})") from error
        return Worker(pid, ours, self)

    async def end(self) -> None:
        """Let the nursery end, and wait until it has."""
        self.control.close()
        try:
            await asyncio.to_thread(self.process.wait, _LAST_WORD)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.scratch.cleanup()


@dataclass(slots=True, eq=False)
class Worker:
    """A worker. ``started`` is when its present job began, ``before`` what it had computed until then, in seconds.

    ``stopped`` says why it was killed.
    """

    pid: int
    channel: socket.socket
    home: Generation
    jobs: int = 0
    started: float = 0.0
    before: float = 0.0
    calm: bool = False
    stopped: str = field(default="")

    def begin(self) -> None:
        """Note that a job begins."""
        self.jobs, self.started, self.before = self.jobs + 1, time.monotonic(), self._computed()

    @property
    def lasted(self) -> float:
        """Seconds since its present job began."""
        return time.monotonic() - self.started

    @property
    def computed(self) -> float:
        """Seconds that it has computed for its present job."""
        return self._computed() - self.before

    def _computed(self) -> float:
        """Processor time in all, from proc(5): user and system, fields 14 and 15."""
        try:
            fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return self.before
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def do(self, descriptor: int) -> Reply | None:
        """Let it do the job that a file holds; None if it has ended instead of replying."""
        try:
            socket.send_fds(self.channel, [b"!"], [descriptor])
            data = await asyncio.get_running_loop().sock_recv(self.channel, LARGEST_REPLY)
        except ConnectionError:
            return None
        return Reply.decode(data) if data else None

    def stop(self, why: str) -> None:
        """Kill it."""
        self.stopped = why
        with contextlib.suppress(OSError):
            self.home.order(nursery.STOP, self.pid)

    def yield_to_others(self) -> None:
        """Leave it only the time that nobody else wants."""
        self.calm = True
        with contextlib.suppress(OSError):
            self.home.order(nursery.CALM, self.pid)


async def load(folder: GraphFolder, limits: Limits) -> Generation:
    """Load the graph of a folder in a process of its own.

    Raises:
        ServeError: it cannot be loaded; the message says why.

    """
    ours, theirs = _socket_pair()
    scratch = tempfile.TemporaryDirectory(prefix="kg-serve-")
    command = [sys.executable, "-m", nursery.__name__, str(folder.path.resolve()), scratch.name, str(theirs.fileno())]
    process = subprocess.Popen(  # noqa: S603 our own program; it starts at once
        [*command, json.dumps(asdict(limits))], pass_fds=[theirs.fileno()]
    )
    theirs.close()
    generation = Generation(process, ours, scratch, folder.stamp())
    data = await asyncio.get_running_loop().sock_recv(ours, nursery.LONGEST_REPORT)
    report = json.loads(data) if data else {"failed": f"the process that loads {folder.path} ended"}
    if "failed" in report:
        await generation.end()
        raise ServeError(str(report["failed"]))
    generation.quads = int(report["quads"])
    return generation


def _socket_pair() -> tuple[socket.socket, socket.socket]:
    """Ours, for the event loop, and theirs. Messages keep their bounds."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    return ours, theirs
