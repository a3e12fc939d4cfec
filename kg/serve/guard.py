"""What stands before every address: who may ask, what browsers may do with the answers, and the access log."""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Collection
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ACCESS = logging.getLogger("kg.serve.access")
OWN_POLICY = "/explore"
"""The address whose page brings a Content Security Policy of its own, in its head."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_LONGEST_LOGGED = 500
_UNPRINTABLE = re.compile(rb"[^\x21-\x7e]")


class Guard:
    """An ASGI middleware. ``names`` are host names of this server besides ``localhost`` and addresses in digits.

    A page from elsewhere may not ask here unless ``shared``: neither with a name of its own that it lets point to this
    machine (DNS rebinding; the Host header gives it away), nor from its script (the browser says so itself).
    """

    def __init__(self, app: ASGIApp, names: Collection[str] = (), *, shared: bool = False) -> None:
        self._app = app
        self._names = {"localhost", *map(str.casefold, names)}
        self._shared = shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass, or refuse it; either way it is logged."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = _Record(scope, send, shared=self._shared)
        try:
            await (self._refusal(scope) or self._app)(scope, receive, record.send)
        finally:
            record.log()

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if not self._is_ours(headers.get("host", "")):
            hint = "start the server with --name and this name if it is yours"
            return PlainTextResponse(f"this server does not go by the name in the Host header; {hint}\n", 421)
        if (
            headers.get("sec-fetch-site") == "cross-site"
            and headers.get("sec-fetch-mode") != "navigate"
            and not self._shared
        ):
            return PlainTextResponse(
                "pages of other sites may not ask here; see kg serve --cors\n", HTTPStatus.FORBIDDEN
            )
        return None

    def _is_ours(self, host: str) -> bool:
        """Whether a host header has one of our names, or an address in digits, which no other site can have."""
        name = re.sub(r":\d+$", "", host).strip("[]").casefold()
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name in self._names
        return True


class _Record:
    """One request: what was sent for it, and how long that took."""

    def __init__(self, scope: Scope, send: Send, *, shared: bool) -> None:
        self._scope, self._send, self._shared = scope, send, shared
        self._began = time.monotonic()
        self._status, self._bytes = 0, 0

    async def send(self, message: Message) -> None:
        """Pass on what the application sends, with the headers that all answers have."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._add_headers(MutableHeaders(scope=message))
        self._bytes += len(message.get("body", b""))
        await self._send(message)

    def _add_headers(self, headers: MutableHeaders) -> None:
        headers["x-content-type-options"] = "nosniff"
        headers["referrer-policy"] = "no-referrer"
        if not self._shared:
            headers["cross-origin-resource-policy"] = "same-origin"
        own = self._scope["path"] == OWN_POLICY and self._status == HTTPStatus.OK
        headers["content-security-policy"] = "frame-ancestors 'none'" if own else _POLICY

    def log(self) -> None:
        """Write one line; what is not printable ASCII is percent-encoded."""
        scope = self._scope
        client = (scope.get("client") or ("-",))[0]
        target = (
            scope.get("raw_path", scope["path"].encode()) + b"?" * bool(scope["query_string"]) + scope["query_string"]
        )
        shown = _UNPRINTABLE.sub(lambda found: b"%%%02X" % found[0][0], target)[:_LONGEST_LOGGED].decode("ascii")
        lasted = round(1000 * (time.monotonic() - self._began))
        ACCESS.info("%s %s %s %d %d %d ms", client, scope["method"], shown, self._status, self._bytes, lasted)
