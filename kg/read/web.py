"""Web addresses: as ids, and as pages that are taken from the web because the user said so.

Only http and https, no address of a private network, also not by way of a redirect or a name; so much and so long. The
machine's own pages are taken if the user names it, by ``localhost``, ``127.0.0.1`` or ``[::1]``.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import pathlib
import socket
import ssl
import tempfile
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from kg.errors import ReadError
from kg.ids import digest
from kg.read import limits

MOST_REDIRECTS = 5
_LONGEST_ID = 150
_LONGEST_URL = 4_000
_PORTS = {"http": 80, "https": 443}
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_REDIRECTS = (301, 302, 303, 307, 308)
_OK = 200
_CHUNK = 1 << 16
_SAFE = "/%?&=+,;:@!$'()*~"
_WAIT = 15.0
"""Seconds for a connection, and between two pieces of an answer."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file with what an address gave: the last part of the address, the address after redirects, the content type."""

    file: pathlib.Path
    name: str
    url: str
    media: str


def is_url(source: object) -> bool:
    """Whether a source is an address.

    >>> is_url("https://example.org/a.html"), is_url("ftp://example.org/a"), is_url("news/a.html")
    (True, True, False)
    """
    return isinstance(source, str) and "://" in source


def url_id(url: str) -> str:
    """An address as an id: readable, without what differs between two addresses of one page.

    >>> url_id("https://www.example.org/2018/02/%D8%AC%D9%86%D9%8A%D9%81/?utm_source=x#top")
    'example.org/2018/02/جنيف'
    """
    try:
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return digest(url)
    pairs = urllib.parse.parse_qsl(parts.query)
    query = [(key, value) for key, value in pairs if not key.startswith(("utm_", "fbclid"))]
    path = urllib.parse.unquote(parts.path, errors="replace").rstrip("/")
    whole = f"{host.removeprefix('www.')}{path}{'?' if query else ''}{urllib.parse.urlencode(query)}"
    return whole if len(whole) <= _LONGEST_ID else f"{whole[:_LONGEST_ID]}-{digest(whole)}"


@contextlib.contextmanager
def downloaded(url: str) -> Iterator[Download]:
    """What this address gives, as a file that is gone afterwards.

    Raises:
        ReadError: it is not allowed, fails, or takes too long or too much.

    """
    own = _parts(url).hostname in _THIS_MACHINE
    with tempfile.NamedTemporaryFile(prefix="kg-") as file:
        final, media = _follow(url, file, own=own)
        file.flush()
        name = urllib.parse.unquote(_parts(final).path, errors="replace").rpartition("/")[2]
        yield Download(pathlib.Path(file.name), name, final, media)


def _follow(url: str, file: IO[bytes], *, own: bool) -> tuple[str, str]:
    """Write what the address gives, redirects followed; the address in the end, and the content type."""
    deadline = Deadline(limits.DOWNLOAD_SECONDS)
    try:
        for _ in range(MOST_REDIRECTS + 1):
            target = _get(url, file, deadline, own=own)
            deadline.check()
            if isinstance(target, Answer):
                return url, target.media
            url = target
    except (OSError, http.client.HTTPException) as error:
        deadline.check()
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ReadError(f"cannot be fetched: {reason}") from error
    finally:
        deadline.lift()
    raise ReadError(f"more than {MOST_REDIRECTS} redirects")


class Deadline:
    """Shuts connections when the time is over, however slowly the other side sends."""

    def __init__(self, seconds: float) -> None:
        self._connections: list[socket.socket] = []
        self._over = threading.Event()
        self._clock = threading.Timer(seconds, self._shut)
        self._clock.daemon = True
        self._clock.start()

    def watch(self, connection: socket.socket) -> None:
        """Shut this one too."""
        self._connections.append(connection)
        self.check()

    def check(self) -> None:
        """Do nothing before the deadline.

        Raises:
            ReadError: it is over.

        """
        if self._over.is_set():
            raise ReadError(f"cannot be fetched: took longer than {limits.DOWNLOAD_SECONDS:.0f} s")

    def lift(self) -> None:
        """There is no deadline any more."""
        self._clock.cancel()

    def _shut(self) -> None:
        self._over.set()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that has been written to the file."""

    media: str


def _get(url: str, file: IO[bytes], deadline: Deadline, *, own: bool) -> Answer | str:
    """Ask once: the answer, or the address that it points to."""
    parts = _parts(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or _PORTS[parts.scheme], timeout=_WAIT)
    connection.sock = _connect(parts, own=own)
    deadline.watch(connection.sock)
    with contextlib.closing(connection):
        asked = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        connection.putrequest("GET", urllib.parse.quote(asked, safe=_SAFE), skip_host=True, skip_accept_encoding=True)
        connection.putheader(
            "Host", parts.netloc.rpartition("@")[2].encode("ascii" if parts.netloc.isascii() else "idna")
        )
        connection.putheader("User-Agent", "kg")
        connection.putheader("Accept-Encoding", "identity")
        connection.endheaders()
        answer = connection.getresponse()
        if answer.status in _REDIRECTS:
            return urllib.parse.urljoin(url, answer.getheader("Location") or "")
        if answer.status != _OK:
            raise ReadError(f"the server says {answer.status} {answer.reason[:100]}")
        _copy(answer, file)
        return Answer(answer.getheader("Content-Type") or "")


def _copy(answer: http.client.HTTPResponse, file: IO[bytes]) -> None:
    size = 0
    while data := answer.read(_CHUNK):
        size += len(data)
        if size > limits.LARGEST_DOWNLOAD:
            raise ReadError(f"larger than {limits.LARGEST_DOWNLOAD >> 20} MB; fetch it yourself")
        file.write(data)
    if answer.length:
        raise ReadError("cannot be fetched: the connection ended too early")


def _parts(url: str) -> urllib.parse.SplitResult:
    try:
        parts = urllib.parse.urlsplit(url)
        allowed = parts.scheme in _PORTS and parts.hostname and len(url) <= _LONGEST_URL and parts.port != 0
    except ValueError as error:
        raise ReadError(f"not an address: {error}") from error
    if not allowed:
        raise ReadError(f"not an address that is fetched: only http:// and https:// are; found {url[:100]!r}")
    return parts


def _connect(parts: urllib.parse.SplitResult, *, own: bool) -> socket.socket:
    """A connection to the very address that has been checked, so that a name cannot mean another one a moment later."""
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        _check(address, host, own=own)
    plain = socket.create_connection((found[0], port), timeout=_WAIT)
    if parts.scheme == "http":
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _check(address: str, host: str, *, own: bool) -> None:
    number = ipaddress.ip_address(address.partition("%")[0])
    if number.is_loopback and own and host in _THIS_MACHINE:
        return
    mapped = getattr(number, "ipv4_mapped", None) or number
    if not mapped.is_global or mapped.is_multicast:
        raise ReadError(f"{host} is in a private network ({address}), from which nothing is fetched")
