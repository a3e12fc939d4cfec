"""The documentation as a browser shows it, opened as a file: it asks for nothing else, and can be searched."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

import pytest

from tests.page_browser import Opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("word", "page"), [("boycotted", "tutorial.html"), ("الطرفية", "ar.html")])
def test_it_is_found_by_searching_and_nothing_is_asked_of_the_network(
    browser: Browser, site: pathlib.Path, word: str, page: str
) -> None:
    context = browser.new_context()
    shown = Opened(context.new_page())
    shown.page.goto((site / "index.html").as_uri())
    shown.page.click("input.md-search__input")
    shown.page.keyboard.type(word)
    shown.page.keyboard.press(
        "End"
    )  # the page looks when a key is let go, and no key of this keyboard has Arabic letters
    found = shown.page.locator(".md-search-result__link")
    found.first.wait_for(timeout=30_000)
    assert any(page in str(link.get_attribute("href")) for link in found.all())
    assert shown.troubles == []
    assert [url for url in shown.requests if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()


def test_the_arabic_page_stands_on_the_right(browser: Browser, site: pathlib.Path) -> None:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    page = context.new_page()
    page.goto((site / "ar.html").as_uri())
    for part in ("h1", "h2 >> nth=0"):
        ends = page.locator(part).evaluate(
            "e => { const r = document.createRange(); r.selectNodeContents(e.firstChild);"
            " return [r.getBoundingClientRect().right, e.getBoundingClientRect().right] }"
        )
        assert abs(ends[0] - ends[1]) < 40
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
