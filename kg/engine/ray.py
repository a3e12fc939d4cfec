"""The engine for many machines: annotation and rules run on the nodes of a Ray cluster. The only module that imports ray.

Plain tasks, not actors or Ray Data: Ray itself gives a task whose worker or node has died to another one, and a node that
joins its share, with nothing to be told; the articles come from the caller as a stream of which only a window is on its
way; and Ray's small core is all that must be installed. Each worker process has one core, loads the model at its first
task, and keeps it.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import itertools
import logging
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kg import annotate, project
from kg.engine.work import Task, Worker
from kg.errors import EngineError, KgError
from kg.kept import Result
from kg.stages import rules

TOGETHER = 16
"""Articles in a batch: three to four seconds of work. Little to lose with a node, and next to nothing is spent on handing it
out."""
LARGEST = 100_000
"""Bytes of packed articles after which a batch is full, however few they are."""
BATCHES_AHEAD = 2
"""How many batches each worker has on its way: the one that it works on, and the next."""
MEMORY = 1_200_000_000
"""Bytes that Ray reserves for a worker: on a node with many cores and little memory there are fewer workers than cores."""
TRIES = 4
"""How often a batch is tried before the deaths of its workers are held to be its own doing."""
PATIENCE = 300.0
"""Seconds to wait for a node to join when none is left."""
_LOOK = 5.0
"""Seconds after which the nodes are counted again, and in which the head must answer."""
_PACKAGES = ("stanza", "tokenizers", "torch", "transformers")
"""Libraries on whose versions it depends what a worker finds."""

_GO_ON = "what is done is kept, and the same command goes on from there"

Batch = tuple[Task, ...]


class OnRay:
    """Works on a Ray cluster that is running, asked by a machine that is one of its nodes.

    ``address`` is ``HOST:PORT`` of the cluster's head; without it, the environment's ``RAY_ADDRESS``.
    """

    def __init__(self, model: str, address: str | None = None) -> None:
        self._model = model
        self._address = address or os.environ.get("RAY_ADDRESS", "")

    def run(self, tasks: Iterable[Task]) -> Iterator[Sequence[Result]]:
        """See :class:`kg.engine.work.Engine`.

        Raises:
            EngineError: the cluster cannot be reached, has no node to work on, or a node has another kg than this one.

        """
        with _connected(self._address) as ray:
            yield from _Run(ray, self._model, tasks).results()


# ---- on the machine that asks


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Ray, connected to a cluster; its tasks end with the connection."""
    ray = _import()
    _reach(address)
    folder = project.current().folder
    environment = {"env_vars": {project.VARIABLE: str(folder)}} if folder else {}
    try:
        with contextlib.chdir("/"):  # Ray lets every worker import from the folder that this is called in
            ray.init(
                address,
                runtime_env=environment,
                log_to_driver=False,
                logging_level=logging.ERROR,
                configure_logging=False,
            )
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise EngineError(
            f"the Ray cluster at {address} does not take this machine: {' '.join(str(error).split())}. It must be a node of the"
            " cluster (ray start --address), with the same versions of Python and Ray, and with the same RAY_AUTH_MODE and"
            " RAY_AUTH_TOKEN if the cluster asks for a token; see docs/cluster.md"
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _import() -> Any:
    """Ray, told to keep to itself that it is used, and to give up at some time."""
    settings = {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_NUM_REDIS_GET_RETRIES": "3",  # how often it looks for the cluster
        "RAY_task_oom_retries": str(TRIES - 1),  # how often a batch is tried for which there was no memory
    }
    for name, value in settings.items():
        os.environ.setdefault(name, value)
    try:
        import ray
    except ImportError as error:
        raise EngineError("Ray is not installed here; run: pip install 'kg[ray]'") from error
    return ray


def _reach(address: str) -> None:
    """Do nothing if something listens at ``HOST:PORT``; Ray would try for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise EngineError(
            f"{address!r} is not the HOST:PORT of a Ray cluster's head; name it with --address, such as 10.0.0.1:6379"
        )
    try:
        socket.create_connection((host, int(port)), _LOOK).close()
    except (OSError, OverflowError) as error:
        raise EngineError(f"no Ray cluster answers at {address} ({error}); is its head running there?") from error


class _Run:
    """One run: what is to be sent, and what is on its way."""

    def __init__(self, ray: Any, model: str, tasks: Iterable[Task]) -> None:
        self._ray = ray
        remote = ray.remote(num_cpus=1, memory=MEMORY, max_retries=TRIES - 1)(_work)
        self._submit: Callable[[Batch], Any] = functools.partial(remote.remote, model, Installation.here(model))
        self._batches = _batches(tasks)
        self._alone: list[Batch] = []
        self._under_way: dict[Any, Batch] = {}
        self._any = False
        self._room = 0
        self._looked = self._alive = time.monotonic()

    def results(self) -> Iterator[Sequence[Result]]:
        """Send and receive until nothing is left."""
        while self._send():
            ready, _ = self._ray.wait([*self._under_way], timeout=_LOOK)
            for reference in ready:
                yield self._received(reference, self._under_way.pop(reference))

    def _send(self) -> bool:
        """Send as much as the cluster can take; whether anything is on its way."""
        room = BATCHES_AHEAD * max(self._workers(), 1) - len(self._under_way)
        for batch in itertools.islice(self._next(), max(room, 0)):
            self._under_way[self._submit(batch)] = batch
        return bool(self._under_way)

    def _next(self) -> Iterator[Batch]:
        while batch := self._alone.pop() if self._alone else next(self._batches, None):
            yield batch

    def _workers(self) -> int:
        """How many the cluster has room for; a time without any is borne, but not forever."""
        now = time.monotonic()
        if now > self._looked + _LOOK or not self._room:
            nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
            self._room = sum(int(min(node.get("CPU", 0), node.get("memory", 0) // MEMORY)) for node in nodes)
            self._looked = now
        if self._room:
            self._alive = now
        elif now - self._alive > PATIENCE:
            raise EngineError(
                f"for {PATIENCE:.0f} seconds the cluster has had no node with a core and {MEMORY / 1e9} GB of memory;"
                f" let nodes join (ray start --address); {_GO_ON}"
            )
        return self._room

    def _received(self, reference: Any, batch: Batch) -> Sequence[Result]:
        """The results of a batch; of one that could not be worked on, each article is sent again alone."""
        errors = self._ray.exceptions
        try:
            results: Sequence[Result] = self._ray.get(reference)
        except errors.RayTaskError as error:
            raise EngineError(_last_line(error.cause)) from error
        except (errors.WorkerCrashedError, errors.NodeDiedError, errors.ObjectLostError):
            return self._lost(batch, f"the process that worked on it died, {TRIES} times")
        except errors.OutOfMemoryError:
            return self._lost(batch, f"the node had too little memory for it, {TRIES} times")
        except errors.RayError as error:
            raise EngineError(f"the cluster is lost ({_last_line(error)}); {_GO_ON}") from error
        self._any = True
        return results

    def _lost(self, batch: Batch, reason: str) -> Sequence[Result]:
        if len(batch) > 1:
            self._alone += [(task,) for task in batch]
            return []
        if not self._any:
            raise EngineError(f"this cluster did not get through one article: {reason}; see docs/cluster.md on memory")
        return [Result(batch[0].key, problem=reason)]


def _last_line(error: object) -> str:
    """What Ray says at the end of a traceback."""
    return str(error).strip().rpartition("\n")[2]


def _batches(tasks: Iterable[Task]) -> Iterator[Batch]:
    batch: list[Task] = []
    for task in tasks:
        batch.append(task)
        if len(batch) == TOGETHER or sum(len(one.article) + len(one.annotation) for one in batch) >= LARGEST:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


# ---- on the nodes


@dataclass(frozen=True, slots=True)
class Installation:
    """What decides which bytes a worker gives. On a node it must be what it is on the machine that asks."""

    code: str
    """A hash of the program and the tables in use."""
    model: str
    packages: tuple[str, ...]

    @classmethod
    def here(cls, model: str) -> Installation:
        """That of this process.

        Raises:
            ModelError: the model is not here.

        """
        packages = tuple(f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES)
        return cls(rules().fingerprint, annotate.fingerprint(model), packages)

    def unlike(self, wanted: Installation) -> str:
        """What is not as wanted, for people; empty if all is."""
        found = [
            f"{name}, not {other}" for name, other in zip(self.packages, wanted.packages, strict=True) if name != other
        ]
        if self.code != wanted.code:
            found.append("other files of kg or other tables")
        if self.model != wanted.model:
            found.append(f"the model {self.model}, not {wanted.model}")
        return "; ".join(found)


def _work(model: str, wanted: Installation, batch: Batch) -> list[Result]:
    """What a node is asked for."""
    try:
        return _worker(model, wanted)(batch)
    except KgError as error:
        raise EngineError(
            f"the node {socket.gethostname()} cannot take part: {error}. Every node needs what this machine has: mend it, or"
            f" take it out of the cluster; {_GO_ON}"
        ) from None


@functools.lru_cache(maxsize=1)
def _worker(model: str, wanted: Installation) -> Worker:
    """The worker of this process, whose language model stays loaded; if it would do as the machine that asks."""
    if unlike := Installation.here(model).unlike(wanted):
        raise EngineError(f"it has {unlike}")
    return Worker(model)
