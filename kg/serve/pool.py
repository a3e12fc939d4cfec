"""The server's side of the workers: it hands out jobs, stops what takes too long, and follows the graph's rebuilds."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from kg.errors import ServeError
from kg.folder import GraphFolder
from kg.serve import generation
from kg.serve.generation import Generation, Worker
from kg.serve.jobs import Job, Reply, State
from kg.serve.limits import MEGABYTE, Limits

_LOG = logging.getLogger("kg.serve")
_TICK = 0.1
_WATCH = 1.0
_LONG = 1.0
"""Seconds after which a job gets only the time that others leave, and its worker is not used again."""
_MOST_IDLE = 4
"""How many times its share of computing a job may last, however little it got of it."""
_MOST_JOBS = 500
"""Jobs of one worker; then a fresh one takes its place, and its memory is the system's again."""
_HINT = "ask for less, or add LIMIT"


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of a job, and the file with its answer, at its beginning; the caller closes it."""

    reply: Reply
    file: IO[bytes]


class Pool:
    """Workers on the graph of a folder. Use it as ``async with Pool(folder, limits) as pool``."""

    def __init__(self, folder: GraphFolder, limits: Limits) -> None:
        self.limits = limits
        self._folder = folder
        self._places = asyncio.Semaphore(limits.places)
        self._waiting = 0
        self._idle: list[Worker] = []
        self._at_work: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._now: Generation

    async def __aenter__(self) -> Pool:
        """Load the graph and begin to watch.

        Raises:
            ServeError: it cannot be loaded; the message says why.

        """
        self._now = await generation.load(self._folder, self.limits)
        self._tasks = {asyncio.create_task(task) for task in (self._watch_workers(), self._watch_folder())}
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._dismiss_idle()
        await self._now.end()

    @property
    def quads(self) -> int:
        """How many quads the graph has."""
        return self._now.quads

    @property
    def stamp(self) -> tuple[int, int]:
        """Which build of the graph is loaded."""
        return self._now.stamp

    async def perform(self, job: Job) -> Answer:
        """Have a job done. If the caller is cancelled, the job is stopped.

        Raises:
            ServeError: there is no worker.

        """
        file = tempfile.TemporaryFile(prefix="kg-serve-")  # noqa: SIM115 the caller closes it
        try:
            file.write(job.encode())
            file.seek(0)
            reply = await self._in_turn(file)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return Answer(reply, file)

    async def _in_turn(self, file: IO[bytes]) -> Reply:
        try:
            async with asyncio.timeout(self.limits.seconds):
                await self._place()
        except TimeoutError:
            return Reply(State.TOO_LONG, f"no place was free for {self.limits.seconds:g} s; try again later")
        try:
            return await self._done(file)
        finally:
            self._places.release()

    async def _place(self) -> None:
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1

    async def _done(self, file: IO[bytes]) -> Reply:
        worker = self._idle.pop() if self._idle else await self._now.hatch()
        reply = None
        with self._counted(worker):
            try:
                reply = await worker.do(file.fileno())
            finally:
                self._put_back(worker, answered=reply is not None)
        return self._worded(reply, worker)

    @contextlib.contextmanager
    def _counted(self, worker: Worker) -> Iterator[None]:
        worker.begin()
        self._at_work.add(worker)
        worker.home.at_work += 1
        try:
            yield
        finally:
            self._at_work.discard(worker)
            worker.home.at_work -= 1

    def _put_back(self, worker: Worker, *, answered: bool) -> None:
        """Keep a worker for the next job if it is as good as new; otherwise let it end."""
        if (
            answered
            and worker.lasted < _LONG
            and worker.jobs < _MOST_JOBS
            and worker.home is self._now
            and not worker.stopped
        ):
            self._idle.append(worker)
            return
        if not answered and not worker.stopped:
            worker.stop("")
        worker.channel.close()

    def _worded(self, reply: Reply | None, worker: Worker) -> Reply:
        """How the job ended, in words for the client."""
        if worker.stopped:
            return Reply(State.TOO_LONG, worker.stopped)
        if reply is None or reply.state is State.TOO_MUCH_MEMORY:
            most = self.limits.memory // MEGABYTE
            return Reply(
                State.TOO_MUCH_MEMORY, f"this needs more than the {most} MB of memory there are for it; {_HINT}"
            )
        if reply.state is State.BROKEN:
            _LOG.error("an error of this program: %s", reply.detail)
            return Reply(reply.state, "an error of this program; its log says more")
        if reply.state is State.TOO_LARGE:
            return Reply(reply.state, f"the answer is larger than {self.limits.answer // MEGABYTE} MB; {_HINT}")
        return reply

    async def _watch_workers(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            running = sorted((w for w in self._at_work if not w.stopped), key=lambda worker: worker.started)
            for worker in running:
                self._check_time(worker)
            if self._waiting:
                self._make_room(running)

    def _check_time(self, worker: Worker) -> None:
        """Stop a worker that takes too long, calm one that takes long."""
        if worker.lasted > self.limits.seconds:
            worker.stop(f"stopped after {self.limits.seconds:g} s, the most that a query may take; {_HINT}")
        elif worker.lasted > _LONG and not worker.calm:
            worker.yield_to_others()

    def _make_room(self, running: Sequence[Worker]) -> None:
        """Stop as many as others wait, of those that have had their share; what waited for a processor may go on longer."""
        share = self.limits.busy_seconds
        sated = (w for w in running if not w.stopped and (w.lasted > _MOST_IDLE * share or w.computed > share))
        for worker in itertools.islice(sated, self._waiting):
            worker.stop(f"stopped after {worker.lasted:.0f} s, because others wait; {_HINT}, or try again later")

    async def _watch_folder(self) -> None:
        failed = None
        while True:
            await asyncio.sleep(_WATCH)
            stamp = self._folder.stamp()
            if not self._now.lost and stamp in (self._now.stamp, failed):
                continue
            try:
                await self._reload()
            except ServeError as error:
                failed = stamp
                _LOG.error("the graph was not loaded again: %s", error)

    async def _reload(self) -> None:
        """Load the graph anew, and answer from it as soon as it is there; jobs under way end on the old one."""
        old, self._now = self._now, await generation.load(self._folder, self.limits)
        self._dismiss_idle()
        self._tasks.add(asyncio.create_task(self._end_when_done(old)))
        _LOG.info("loaded the graph again: %d quads", self._now.quads)

    async def _end_when_done(self, old: Generation) -> None:
        try:
            while old.at_work:
                await asyncio.sleep(_TICK)
        finally:
            await old.end()
        self._tasks.discard(asyncio.current_task())

    def _dismiss_idle(self) -> None:
        for worker in self._idle:
            worker.channel.close()
        self._idle.clear()
