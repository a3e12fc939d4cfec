"""Requests in, answers out: reading a body within limits, having a job done, and sending its file."""

from __future__ import annotations

import asyncio
import json
import os
import urllib.parse
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import IO, Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from kg.errors import ServeError
from kg.serve.jobs import Job, State
from kg.serve.pool import Answer, Pool

STATUS: Mapping[State, HTTPStatus] = {
    State.DONE: HTTPStatus.OK,
    State.REFUSED: HTTPStatus.BAD_REQUEST,
    State.UNKNOWN: HTTPStatus.NOT_FOUND,
    State.UNACCEPTABLE: HTTPStatus.NOT_ACCEPTABLE,
    State.TOO_LARGE: HTTPStatus.UNPROCESSABLE_ENTITY,
    State.TOO_MUCH_MEMORY: HTTPStatus.UNPROCESSABLE_ENTITY,
    State.TOO_LONG: HTTPStatus.SERVICE_UNAVAILABLE,
    State.BROKEN: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""How the end of a job is told in HTTP. Only running out of time is the server's fault: it might go well another time."""
RETRY_AFTER = "5"
"""Seconds after which a client may try again what took too long."""
_CHUNK = 1 << 16
_MOST_FIELDS = 100

Fields = Mapping[str, list[str]]


class FileResponse(Response):
    """The file of an answer, sent piece by piece as the client takes it."""

    def __init__(self, file: IO[bytes], media_type: str) -> None:
        text = media_type.startswith("text/") or media_type.endswith("+xml")
        super().__init__(media_type=f"{media_type}; charset=utf-8" if text else media_type)
        self._file = file
        self.headers["content-length"] = str(os.fstat(file.fileno()).st_size)
        self.headers["vary"] = "Accept"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the file; it is closed in the end."""
        with self._file:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            for chunk in self._chunks(scope["method"]):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    def _chunks(self, method: str) -> Iterator[bytes]:
        while method != "HEAD" and (chunk := self._file.read(_CHUNK)):
            yield chunk


async def body_of(request: Request, pool: Pool) -> bytes:
    """The body of a request, read whole.

    Raises:
        HTTPException: it is too large, or does not come in time.

    """
    body = bytearray()
    try:
        async with asyncio.timeout(pool.limits.patience):
            async for chunk in request.stream():
                body += chunk
                if len(body) > pool.limits.body:
                    raise HTTPException(413, f"a request has at most {pool.limits.body} bytes")
    except TimeoutError:
        raise HTTPException(408, f"the request did not come within {pool.limits.patience:g} s") from None
    return bytes(body)


def fields(encoded: bytes) -> Fields:
    """The fields of a query string or form, each with all its values.

    >>> fields(b"a=1&a=%D8%A7")
    {'a': ['1', 'ا']}

    Raises:
        HTTPException: it is not UTF-8, or has too many fields.

    """
    found: dict[str, list[str]] = {}
    try:
        text = encoded.decode("utf-8")
        pairs = urllib.parse.parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400, f"the parameters cannot be read: {error}") from error
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


async def perform(request: Request, pool: Pool, job: Job) -> Answer:
    """Have a job done; if the client goes away meanwhile, the job is stopped.

    Raises:
        HTTPException: there is nobody to do it.
        ClientDisconnect: the client is gone.

    """
    work, gone = asyncio.ensure_future(pool.perform(job)), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise ClientDisconnect
        return work.result()
    except ServeError as error:
        raise HTTPException(503, str(error)) from error
    finally:
        gone.cancel()
        work.cancel()


async def read(request: Request, pool: Pool, name: str, **arguments: Any) -> dict[str, Any]:
    """What a page shows.

    Raises:
        HTTPException: there is no such thing, or it takes too long.

    """
    answer = await perform(request, pool, Job("view", {"name": name, "arguments": arguments}))
    with answer.file:
        if answer.reply.state is not State.DONE:
            raise HTTPException(STATUS[answer.reply.state], answer.reply.detail)
        found: dict[str, Any] = json.load(answer.file)
        return found


def respond(answer: Answer) -> Response:
    """The answer as a response, or the reason why there is none as plain text."""
    if answer.reply.state is State.DONE:
        return FileResponse(answer.file, answer.reply.detail)
    answer.file.close()
    headers = {"retry-after": RETRY_AFTER} if answer.reply.state is State.TOO_LONG else {}
    return PlainTextResponse(answer.reply.detail + "\n", STATUS[answer.reply.state], headers)


async def _gone(request: Request) -> None:
    """Return when the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
