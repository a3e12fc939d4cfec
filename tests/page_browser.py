"""A page in Debian's chromium, with all that it logs, throws or requests."""

from __future__ import annotations

import os
import pathlib
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    """The path of the browser; without one the test is left out, or fails where it must not be."""
    if CHROMIUM:
        return CHROMIUM
    if os.environ.get("KG_REQUIRE_BROWSER") == "1":
        pytest.fail("no chromium on this machine, and KG_REQUIRE_BROWSER=1 says that the page must be tested")
    pytest.skip("LEFT OUT: no chromium on this machine (Debian: apt-get install chromium)")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser, started once."""
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()


class Opened:
    """A tab, with all that it logged, threw or requested."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def show(self, html: str, path: pathlib.Path, fragment: str = "") -> Page:
        """Write the page into a file and open that."""
        path.write_text(html, encoding="utf-8")
        self.page.goto(path.as_uri() + fragment)
        return self.page


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """A tab; the test fails if it logs a problem or asks for anything but its file and its own pictures."""
    context = browser.new_context(viewport={"width": 1300, "height": 850}, accept_downloads=True)
    shown = Opened(context.new_page())
    shown.page.set_default_timeout(60_000)
    yield shown
    context.close()
    assert shown.troubles == []
    assert [url for url in shown.requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert len([url for url in shown.requests if url.startswith("file:")]) <= 1
