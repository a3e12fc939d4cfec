"""The engine of one machine: articles in processes of their own, one for each core.

A worker that dies (the system killed it for want of memory, a library crashed) takes only itself along: the others'
results stay, its articles are given out again one by one, and the one that kills a worker twice is left out.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from kg.engine.work import Task, Worker
from kg.kept import Result

FEW = 48
"""Articles up to which starting processes would take longer than it saves."""
TOGETHER = 16
"""Articles that are sent to a process at once."""
MOST_PROCESSES = 8
"""Processes, if the user does not say how many: each needs some 700 MB."""


class Local:
    """Works on few articles in this process, on many in several."""

    def __init__(self, model: str, processes: int | None = None) -> None:
        self._model = model
        self._processes = processes or min(os.cpu_count() or 1, MOST_PROCESSES)

    def run(self, tasks: Iterable[Task]) -> Iterator[Sequence[Result]]:
        """See :class:`kg.engine.work.Engine`."""
        coming = iter(tasks)
        first = list(itertools.islice(coming, FEW + 1))
        if len(first) <= FEW or self._processes == 1:
            worker = Worker(self._model, cores=self._processes)
            yield from map(worker, _batches(itertools.chain(first, coming), self._processes))
        else:
            with _Processes(self._model, self._processes) as processes:
                yield from processes.run(_batches(itertools.chain(first, coming), TOGETHER))


def _batches(tasks: Iterator[Task], size: int) -> Iterator[list[Task]]:
    while batch := list(itertools.islice(tasks, size)):
        yield batch


class _Processes:
    """Worker processes that are started anew if one of them dies."""

    def __init__(self, model: str, number: int) -> None:
        self._model = model
        self._number = number
        self._pool = self._started()

    def __enter__(self) -> _Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def run(self, batches: Iterator[list[Task]]) -> Iterator[list[Result]]:
        """The results of these batches, as they come."""
        under_way: dict[Future[list[Result]], list[Task]] = {}
        while True:
            for batch in itertools.islice(batches, 2 * self._number - len(under_way)):
                under_way[self._pool.submit(_work, batch)] = batch
            if not under_way:
                return
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            if any(isinstance(future.exception(), BrokenProcessPool) for future in done):
                finished = [future for future in under_way if future.done() and not future.exception()]
                yield from (future.result() for future in finished)
                lost = [task for future, batch in under_way.items() if future not in finished for task in batch]
                under_way.clear()
                yield from self._one_by_one(lost)
            for future in done & under_way.keys():
                del under_way[future]
                yield future.result()

    def _one_by_one(self, tasks: Iterable[Task]) -> Iterator[list[Result]]:
        """Work on articles one of which may have killed a worker."""
        self._restart()
        for task in tasks:
            yield self._alone(task)

    def _alone(self, task: Task) -> list[Result]:
        for _ in range(2):
            try:
                return self._pool.submit(_work, [task]).result()
            except BrokenProcessPool:
                self._restart()
        return [Result(task.key, problem="the process that worked on it died, twice; it may need too much memory")]

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._number, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(self._model,)
        )

    def _restart(self) -> None:
        self._end()
        self._pool = self._started()

    def _end(self) -> None:
        """Stop the workers at once: what they are at is not wanted any more."""
        alive = list((self._pool._processes or {}).values())  # noqa: SLF001
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in alive:
            process.kill()
        for process in alive:
            process.join()


# ---- in a worker process

_worker: Worker


def _begin(model: str) -> None:
    """Get ready; end with the process that started this one, and leave Ctrl-C to it."""
    global _worker  # noqa: PLW0603
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()  # _work does it
    _worker = Worker(model)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    with contextlib.suppress(OSError):
        if parent:
            parent.join()
    os._exit(1)


def _work(tasks: list[Task]) -> list[Result]:
    """Work on articles, and clear up. What is there afterwards is model, tables and caches: not to be searched again."""
    results = _worker(tasks)
    gc.collect()
    gc.freeze()
    return results
