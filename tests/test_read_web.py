"""Web addresses: only when asked for, only from where it is allowed, so much and so long. The server is a real one."""

from __future__ import annotations

import http.server
import pathlib
import threading
import time
from collections.abc import Iterator

import pytest

from kg.errors import ReadError
from kg.model import Article
from kg.read import Options, Unreadable, limits, read_articles, web

SOURCES = pathlib.Path(__file__).parent / "sources"
FETCH = Options(fetch=True)


class Pages(http.server.BaseHTTPRequestHandler):
    """A few pages, and some answers that no server should give."""

    def do_GET(self) -> None:
        getattr(self, f"_{self.path.strip('/').partition('?')[0].replace('.', '_')}", self._missing)()

    def log_message(self, *_: object) -> None:
        pass

    def _send(self, status: int, data: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def _missing(self) -> None:
        self._send(404)

    def _page(self) -> None:
        page = (SOURCES / "sana.html").read_bytes()
        self._send(200, page, Content_Type="text/html; charset=windows-1256", Content_Length=str(len(page)))

    def _feed_xml(self) -> None:
        self._send(200, (SOURCES / "feed.atom").read_bytes(), Content_Type="application/octet-stream")

    def _moved(self) -> None:
        self._send(302, Location="/page?utm_source=x")

    def _circle(self) -> None:
        self._send(301, Location="/circle")

    def _to_file(self) -> None:
        self._send(302, Location="file:///etc/passwd")

    def _to_private(self) -> None:
        self._send(302, Location="http://192.168.0.1/router")

    def _to_metadata(self) -> None:
        self._send(302, Location="http://169.254.169.254/latest")

    def _short(self) -> None:
        self._send(200, b"<p>", Content_Length="1000")

    def _large(self) -> None:
        self._send(200, bytes(3000))

    def _slow(self) -> None:
        self._send(200)
        for _ in range(100):
            try:
                self.wfile.write(b"x")
            except OSError:
                return
            time.sleep(0.1)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def read(url: str, options: Options = FETCH) -> Article | Unreadable:
    (item,) = read_articles([url], options)
    return item


def test_without_being_asked_nothing_is_fetched(site: str) -> None:
    item = read(f"{site}/page", Options())
    assert item == Unreadable(f"{site}/page", "kg takes nothing from the web unless told to: --fetch")


@pytest.mark.parametrize("page", ["page", "moved"])
def test_a_page(site: str, page: str) -> None:
    item = read(f"{site}/{page}")
    assert isinstance(item, Article)
    assert (item.id, item.title) == ("127.0.0.1/page", "لافروف: موسكو تدعو إلى عقد مؤتمر سوتشي نهاية الشهر")
    assert item.url.startswith(f"{site}/page")


def test_a_feed(site: str) -> None:
    item = read(f"{site}/feed.xml")
    assert isinstance(item, Article)
    assert item.id == "baladi.example/news/7"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("none", "404"),
        ("circle", "redirects"),
        ("to_file", "only http:// and https://"),
        ("to_private", "private network"),
        ("to_metadata", "private network"),
        ("short", "too early"),
    ],
)
def test_what_is_refused_is_said(site: str, page: str, reason: str) -> None:
    item = read(f"{site}/{page}")
    assert isinstance(item, Unreadable)
    assert reason in item.reason


PRIVATE = (
    "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/", "http://[fd00::1]/", "http://[::ffff:127.0.0.1]/",
    "http://0.0.0.0/", "http://127.0.0.2/", "http://2130706433/", "http://0x7f.1/", "http://224.0.0.1/", "http://100.64.0.1/",
)  # fmt: skip


@pytest.mark.parametrize("url", PRIVATE)
def test_private_addresses_are_refused_in_every_spelling(url: str) -> None:
    item = read(url)
    assert isinstance(item, Unreadable)
    assert "private network" in item.reason


def test_a_name_that_means_this_machine_is_refused(monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    port = int(site.rpartition(":")[2])
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", port))])
    item = read(f"http://news.example:{port}/page")
    assert isinstance(item, Unreadable)
    assert "private network (127.0.0.1)" in item.reason


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a", "file:///etc/passwd", "http://", "https://[bad/", "gopher://x/", "http://x:0/"]
)
def test_other_schemes_and_broken_addresses_are_refused(url: str) -> None:
    item = read(url)
    assert isinstance(item, Unreadable)
    assert "not an address" in item.reason


def test_too_much_and_too_slow_are_ended(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_DOWNLOAD", 1000)
    with pytest.raises(ReadError, match="larger than"), web.downloaded(f"{site}/large"):
        pass
    monkeypatch.setattr(limits, "DOWNLOAD_SECONDS", 0.5)
    start = time.monotonic()
    with pytest.raises(ReadError, match="took longer than"), web.downloaded(f"{site}/slow"):
        pass
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.x.org/a/", "http://x.org/a#top"),
        ("https://x.org/a?utm_source=b&fbclid=c", "https://x.org/a"),
        ("https://x.org/%D8%AC", "https://x.org/ج"),
    ],
)
def test_addresses_of_one_page_are_one_id(one: str, other: str) -> None:
    assert web.url_id(one) == web.url_id(other)


def test_addresses_of_other_pages_are_other_ids() -> None:
    urls = [
        "https://x.org/a?p=1",
        "https://x.org/a?p=2",
        "https://y.org/a",
        f"https://x.org/{'a' * 300}",
        f"https://x.org/{'a' * 301}",
    ]
    assert len({web.url_id(url) for url in urls}) == len(urls)
    assert all(len(web.url_id(url)) < 180 for url in urls)
