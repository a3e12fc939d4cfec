"""SPARQL servers over HTTP: the only module that reaches the network, and nothing but the address that it is given.

A request that fails because the connection breaks or the server is overloaded (429, 5xx) is sent again, each time after a
longer wait. So every request must be one that may arrive twice: PUT, DELETE, a query, an update that ends the same.
Redirections are not followed: the secret and the graph go to the host that the user named.
"""

from __future__ import annotations

import enum
import functools
import io
import ipaddress
import urllib.parse
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import store
from kg.answers import Result
from kg.errors import EndpointError
from kg.sparql import check_read_only, gives_table, with_prefixes

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session
    from requests.auth import AuthBase

CONNECT_SECONDS = 10.0
LONGEST_PAUSE = 60
"""Seconds between two tries, even where the server asks for more."""
MOST_BYTES = 256 * 1024 * 1024
"""Of an answer; a larger one is refused, so that memory stays bounded."""
OVERLOADED = (429, 500, 502, 503, 504)
"""Answers after which the same request is sent again."""
_TABLES = "application/sparql-results+json"
_GRAPHS = "application/n-triples, text/turtle;q=0.9"
_FORM = "application/x-www-form-urlencoded"
_SHOWN = 300
"""Characters of a server's message that an error shows."""
_WHY = {
    400: "does not understand the request; is this the address for it?",
    401: "asks who you are",
    403: "does not let you do this; ask for the right to write, or name another user",
    404: "has nothing at this address; look up its address for queries, updates or the Graph Store Protocol",
    405: "does not do this at this address; look up its address for queries, updates or the Graph Store Protocol",
    413: "takes no request of this size; raise its limit, or send less at once with --triples",
    415: "does not do this at this address; look up its address for queries, updates or the Graph Store Protocol",
}


class Scheme(enum.StrEnum):
    """How one shows a server who one is."""

    BASIC = "basic"
    DIGEST = "digest"
    BEARER = "bearer"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who one is, for a server; ``secret`` is the password, or the token of a bearer, and is never shown."""

    scheme: Scheme
    secret: str = field(repr=False)
    user: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: a status, a media type without parameters, and the body."""

    status: int
    media: str
    body: bytes


@dataclass(frozen=True)
class Endpoint:
    """An address of a server. ``timeout`` is in seconds without a sign of life, ``retries`` what follows a failed try.

    Raises:
        EndpointError: it is no http(s) address, or has a password in it.

    """

    url: str
    credentials: Credentials | None = None
    timeout: float = 60.0
    retries: int = 5

    def __post_init__(self) -> None:
        parts = urllib.parse.urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise EndpointError(f"{self.url!r} is no address of a server; write it whole: https://example.org/sparql")
        if parts.password or parts.username:
            raise EndpointError(
                f"the address of {parts.hostname} has a user or password in it, where others can see it;"
                " leave them out and use --user with KG_SECRET or --secret-file"
            )

    def at(self, url: str) -> Endpoint:
        """Another address, for the same user."""
        return Endpoint(url, self.credentials, self.timeout, self.retries)

    @property
    def exposes_secret(self) -> bool:
        """Whether the secret goes unencrypted over a network."""
        parts = urllib.parse.urlsplit(self.url)
        plain = parts.scheme == "http" and not _is_loopback(parts.hostname or "")
        return plain and self.credentials is not None and self.credentials.scheme is not Scheme.DIGEST

    def query(self, sparql: str, *, limit: int | None = None) -> Result:
        """The answer to a query, as :func:`kg.store.query` gives it; at most ``limit`` rows or triples.

        Raises:
            QueryError: the query is malformed, or not one that only reads.
            EndpointError: the server cannot be reached or does not answer it.

        """
        check_read_only(sparql)
        wanted = _TABLES if gives_table(sparql) else _GRAPHS
        body = urllib.parse.urlencode({"query": with_prefixes(sparql)}).encode()
        answer = self.request("POST", body, content=_FORM, accept=wanted)
        try:
            return store.read_answer(io.BytesIO(answer.body), answer.media, sparql, limit=limit)
        except ValueError as error:
            raise EndpointError(f"{self.url} answers with what is no result of a query ({error})") from error

    def request(
        self,
        method: str,
        body: bytes | None = None,
        *,
        content: str = "",
        accept: str = "*/*",
        parameters: dict[str, str] | None = None,
        also: tuple[int, ...] = (),
    ) -> Answer:
        """Send a request, again if need be; the answer if it is 2xx or one of ``also``.

        Raises:
            EndpointError: the server cannot be reached, or answers otherwise; the message says what to do.

        """
        from requests import exceptions

        headers = {"Accept": accept} | ({"Content-Type": content} if content else {})
        try:
            with self._session.request(
                method, self.url, params=parameters, data=body, headers=headers, stream=True, allow_redirects=False,
                timeout=(CONNECT_SECONDS, self.timeout),
            ) as response:  # fmt: skip
                if not (response.ok and not response.is_redirect) and response.status_code not in also:
                    raise self._refused(response)
                media = response.headers.get("Content-Type", "").partition(";")[0].strip()
                return Answer(response.status_code, media, self._read(response))
        except exceptions.SSLError as error:
            raise EndpointError(
                f"{self.url} does not prove that it is who it says ({_reason(error)}); if its certificate is of your own"
                " authority, name that authority's file in REQUESTS_CA_BUNDLE"
            ) from error
        except (exceptions.RequestException, OSError) as error:
            raise EndpointError(
                f"{self.url} cannot be reached, or stops in the middle, {self.retries + 1} times in a row"
                f" ({_reason(error)}); see that it runs, then run the same command again: it goes on where it stopped"
            ) from error

    @functools.cached_property
    def _session(self) -> Session:
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3 import Retry

        again = Retry(
            self.retries, redirect=False, allowed_methods=None, status_forcelist=OVERLOADED, backoff_factor=0.25,
            backoff_max=LONGEST_PAUSE, retry_after_max=LONGEST_PAUSE, raise_on_status=False,
        )  # fmt: skip
        session = requests.Session()
        session.headers["User-Agent"] = "kg"
        session.auth = _authentication(self.credentials)
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=again))
        return session

    def _read(self, response: Response) -> bytes:
        parts, size = [], 0
        for part in response.iter_content(1 << 16):
            size += len(part)
            if size > MOST_BYTES:
                raise EndpointError(
                    f"the answer of {self.url} is larger than {MOST_BYTES >> 20} MB; ask for less, with LIMIT"
                )
            parts.append(part)
        return b"".join(parts)

    def _refused(self, response: Response) -> EndpointError:
        status = response.status_code
        if 300 <= status < 400:
            other = response.headers.get("Location", "elsewhere")
            return EndpointError(
                f"{self.url} sends on to {_printable(other)}; if you trust that address, name it itself"
            )
        why = _WHY.get(status, "fails")
        if status == 401:
            why = self._unknown_user(response.headers.get("WWW-Authenticate", ""))
        elif status in OVERLOADED:
            why = f"fails {self.retries + 1} times in a row; run the same command again later: it goes on where it stopped"
        return EndpointError(f"{self.url} {why} (HTTP {status}{_said(response)})")

    def _unknown_user(self, challenge: str) -> str:
        scheme = challenge.partition(" ")[0].casefold()
        if self.credentials is None or scheme not in ("", self.credentials.scheme):
            known = scheme if scheme in set(Scheme) else "basic|digest|bearer"
            return f"asks who you are: add --auth {known}" + ("" if known == "bearer" else " --user NAME")
        return f"does not know this {'token' if scheme == Scheme.BEARER else 'user or password'}"


def _authentication(credentials: Credentials | None) -> AuthBase | None:
    from requests.auth import HTTPBasicAuth, HTTPDigestAuth

    if credentials is None:
        return None
    if credentials.scheme is Scheme.DIGEST:
        return HTTPDigestAuth(credentials.user, credentials.secret)
    if credentials.scheme is Scheme.BASIC:
        return HTTPBasicAuth(credentials.user.encode(), credentials.secret.encode())
    return _bearer(credentials.secret)


def _bearer(token: str) -> AuthBase:
    from requests.auth import AuthBase

    class Bearer(AuthBase):
        """The token in the header ``Authorization`` (RFC 6750)."""

        def __call__(self, request: PreparedRequest) -> PreparedRequest:
            request.headers["Authorization"] = f"Bearer {token}"
            return request

    return Bearer()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _said(response: Response) -> str:
    """The beginning of the server's own message, on one line."""
    text = next(response.iter_content(4 * _SHOWN), b"").decode("utf-8", "replace")
    shown = _printable(" ".join(text.split()))[:_SHOWN]
    return f": {shown}" if shown else ""


def _reason(error: BaseException) -> str:
    """The innermost cause of an error of the network, in its own words."""
    inner = getattr(error.args[0] if error.args else None, "reason", None) or error
    return _printable(str(inner).rpartition("object at ")[2].partition(">: ")[2] or str(inner))[:_SHOWN]


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
