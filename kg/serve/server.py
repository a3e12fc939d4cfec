"""Listening: one socket, one event loop, and an orderly end."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.errors import ServeError
from kg.folder import GraphFolder
from kg.serve.app import application
from kg.serve.limits import Limits
from kg.serve.pool import Pool

_GRACE = 10
"""Seconds that requests under way get to end when the server is told to stop."""
_KEEP_ALIVE = 15
_LONGEST_HEAD = 1 << 17
"""Bytes of request line and headers: a query by GET may be long."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen, and who may ask; see :func:`kg.serve.app.application`."""

    host: str = "127.0.0.1"
    port: int = 8765
    names: Sequence[str] = ()
    origins: Sequence[str] = ()


def serve(folder: GraphFolder, place: Place, limits: Limits, ready: Callable[[str], None]) -> None:
    """Serve a graph until the process is told to stop; ``ready`` hears the address when the first answer can be given.

    Raises:
        GraphError: there is no graph.
        ServeError: this is not Linux, the address is taken or not this machine's, or the graph cannot be loaded.

    """
    if sys.platform != "linux":
        raise ServeError("kg serve needs Linux, whose kernel keeps its queries within limits; kg query works anywhere")
    folder.require()
    with _listen(place) as listening:
        asyncio.run(_run(folder, place, limits, listening, ready))


async def _run(
    folder: GraphFolder, place: Place, limits: Limits, listening: socket.socket, ready: Callable[[str], None]
) -> None:
    async with Pool(folder, limits) as pool:
        app = application(pool, names=place.names, origins=place.origins)
        config = uvicorn.Config(
            app, http=_protocol(limits), ws="none", lifespan="off", log_config=None, access_log=False, server_header=False,
            timeout_keep_alive=_KEEP_ALIVE, timeout_graceful_shutdown=_GRACE, h11_max_incomplete_event_size=_LONGEST_HEAD,
        )  # fmt: skip
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stay)
        ready(_address(listening))
        await uvicorn.Server(config).serve(sockets=[listening])


def _stay(*_: object) -> None:
    """Do nothing on a signal: uvicorn ends on it, and then sends it once more to whoever handled it before."""


def _listen(place: Place) -> socket.socket:
    try:
        family = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((place.host, place.port), family=family, backlog=1024)
    except OSError as error:
        raise ServeError(f"cannot listen on {place.host}, port {place.port}: {error}; choose another --port") from error


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _protocol(limits: Limits) -> type[H11Protocol]:
    """HTTP/1.1, and no waiting for a client that does not send its request, or does not take its answer, in time."""

    class Impatient(H11Protocol):
        """Gives up a connection on which no whole request head comes, or nothing of the answer is taken."""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._patience = self.loop.call_later(limits.patience, self._close_if_silent)

        def pause_writing(self) -> None:
            super().pause_writing()
            self._patience = self.loop.call_later(limits.patience, self.transport.abort)

        def resume_writing(self) -> None:
            super().resume_writing()
            self._patience.cancel()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            self._patience.cancel()

        def _close_if_silent(self) -> None:
            began: object = self.cycle
            if began is None:
                self.transport.close()

    return Impatient
