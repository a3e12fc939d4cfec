"""Real servers to publish to, on loopback: Oxigraph, Virtuoso, and a proxy that makes trouble in front of one."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest

VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 10
NumberOfBuffers = 4000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 5
"""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when somebody listens."""
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"nobody listens on port {port}")


@contextlib.contextmanager
def _running(command: list[str], port: int, place: pathlib.Path) -> Iterator[str]:
    process = subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def oxigraph(place: pathlib.Path) -> Iterator[str]:
    """The address of an empty Oxigraph server."""
    port = free_port()
    program = str(pathlib.Path(sys.executable).with_name("oxigraph"))
    with _running([program, "serve", "--bind", f"127.0.0.1:{port}"], port, place) as address:
        yield address


@contextlib.contextmanager
def virtuoso(place: pathlib.Path) -> Iterator[str]:
    """The address of an empty Virtuoso server, whose user and password are ``dba``."""
    program = shutil.which("virtuoso-t")
    if program is None:
        if os.environ.get("KG_REQUIRE_VIRTUOSO"):
            pytest.fail("Virtuoso is required here; run scripts/install_virtuoso.sh")
        pytest.skip("Virtuoso is not here; scripts/install_virtuoso.sh installs it")
    port = free_port()
    (place / "virtuoso.ini").write_text(VIRTUOSO.format(sql=free_port(), http=port), encoding="utf-8")
    with _running([program, "+foreground", "+configfile", "virtuoso.ini"], port, place) as address:
        yield address


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came to a proxy."""

    method: str
    graph: str
    body: bytes
    authorization: str = ""


Trouble = Callable[[int, Seen], str]
"""What goes wrong with the request of this number (from 1): nothing (empty), a status, ``cut`` or ``lost``."""


Answer = tuple[int, Mapping[str, str], bytes]
"""Status, headers and body."""


@dataclass
class Proxy:
    """A proxy in front of the server at ``host``.

    ``lost``: the request is carried out, and the connection closes without an answer; ``cut``: it closes before.
    ``headers`` go with the answers that are trouble; ``after`` runs after each request that was carried out.
    """

    host: str
    trouble: Trouble
    headers: Mapping[str, str]
    address: str = ""
    seen: list[Seen] = field(default_factory=list)
    after: Callable[[], None] = lambda: None
    at_work: int = 0

    def treat(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """The answer to a request; None closes the connection."""
        parameters = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)
        self.seen.append(Seen(method, parameters.get("graph", [""])[0], body, headers.get("Authorization", "")))
        wrong = self.trouble(len(self.seen), self.seen[-1])
        if wrong.isdigit():
            return int(wrong), self.headers, b"trouble"
        if wrong == "cut":
            return None
        found = self._fetch(method, path, headers, body)
        self.after()
        return None if wrong == "lost" else found

    def _fetch(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        with contextlib.closing(http.client.HTTPConnection(self.host, timeout=60)) as connection:
            kept = {name: value for name, value in headers.items() if name in ("Content-Type", "Accept")}
            connection.request(method, path, body, kept)
            answer = connection.getresponse()
            return answer.status, {"Content-Type": answer.headers.get("Content-Type", "")}, answer.read()

    def settle(self) -> None:
        """Return when no request is under way."""
        while self.at_work:
            time.sleep(0.01)

    def sent(self, method: str) -> list[str]:
        """The graphs of the requests by this method, in order."""
        return [request.graph for request in self.seen if request.method == method]


def every_third(number: int, _: Seen) -> str:
    """Fail every third request, each time in another way."""
    return ("" if number % 3 else ("503", "lost", "cut")[number // 3 % 3]) if number else ""


@contextlib.contextmanager
def listening(server: http.server.HTTPServer) -> Iterator[int]:
    """The port of this server, which runs meanwhile."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def proxy(
    target: str, trouble: Trouble = lambda *_: "", *, headers: Mapping[str, str] | None = None
) -> Iterator[Proxy]:
    """A proxy in front of the server at ``target``."""
    made = Proxy(urllib.parse.urlsplit(target).netloc, trouble, headers or {})
    handler = type("Handler", (_Handler,), {"proxy": made})
    with listening(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)) as port:
        made.address = f"http://127.0.0.1:{port}"
        yield made


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def _forward(self) -> None:
        self.proxy.at_work += 1
        with contextlib.suppress(ConnectionError):  # a client that was killed
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._answer(self.proxy.treat(self.command, self.path, dict(self.headers.items()), body))
        self.proxy.at_work -= 1

    do_GET = do_PUT = do_POST = do_DELETE = _forward  # noqa: N815

    def _answer(self, found: Answer | None) -> None:
        if found is None:
            self.close_connection = True
            return
        status, headers, content = found
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(b"" if status == 204 else content)

    def log_message(self, *_: object) -> None:
        """Stay silent."""
