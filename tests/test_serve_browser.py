"""The server's pages in a real browser, in both languages: every function by hand, a quiet console, nothing from elsewhere."""

from __future__ import annotations

import contextlib
import os
import pathlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from kg.model import Article, Entity
from kg.serve import explorer
from kg.vocabulary import Kind, Predicate
from tests.graph_factory import ALLOUSH, ASTANA_5, TURKEY
from tests.page_factory import HOSTILE
from tests.serving import ARTICLE, OTHER, Server, folder, serving, told

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LANGUAGES = ("ar", "en")
MODIFIER = "Control"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(folder(tmp_path_factory.mktemp("browser") / "graph"), "--seconds", "2") as running:
        yield running


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    with quiet(browser, server) as opened:
        yield opened


@contextlib.contextmanager
def quiet(browser: Browser, server: Server) -> Iterator[Page]:
    """A page whose console must stay silent, and which asks nobody but the server."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on(
        "request",
        lambda request: None if request.url.startswith((server.address, "data:")) else said.append(request.url),
    )
    yield opened
    context.close()
    assert said == []


def go(page: Page, server: Server, target: str, language: str) -> None:
    page.goto(f"{server.address}{target}{'&' if '?' in target else '?'}lang={language}")
    assert page.evaluate("[document.documentElement.lang, getComputedStyle(document.body).direction]") == [
        language, {"ar": "rtl", "en": "ltr"}[language],
    ]  # fmt: skip


def picture(page: Page, name: str) -> None:
    """Keep a picture for people to look at, in the folder that KG_PICTURES names."""
    if folder_name := os.environ.get("KG_PICTURES"):
        page.screenshot(path=pathlib.Path(folder_name, f"{name}.png"), full_page=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_first_page_to_a_sentence_and_its_article(page: Page, server: Server, language: str) -> None:
    go(page, server, "/", language)
    picture(page, f"home-{language}")
    page.get_by_role("link", name={"ar": "أستانا 5", "en": "Astana 5"}[language], exact=True).click()
    picture(page, f"entity-{language}")
    page.locator(".filter a").nth(1).click()
    assert page.locator(".filter [aria-current]").inner_text().endswith("3")
    assert page.locator("ol.claims > li").count() == 3
    page.locator("ol.claims a.relation").first.click()
    picture(page, f"claim-{language}")
    assert page.locator("blockquote mark").first.inner_text() in (
        "شاركت روسيا في أستانا 5", "ولن يشارك محمد علوش في أستانا 5", "لم تشارك روسيا في أستانا 5",
    )  # fmt: skip
    page.locator("dd a").click()
    page.wait_for_url(re.compile(r"/article/\w+#claim-\w+$"))
    picture(page, f"article-{language}")
    assert page.locator(".fulltext .mark").count() > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_with_the_keyboard(page: Page, server: Server, language: str) -> None:
    go(page, server, "/articles", language)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_role("searchbox").focus()
    page.keyboard.type("النظام")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    picture(page, f"search-{language}")
    assert page.get_by_role("searchbox").input_value() == "النظام"
    page.get_by_text("وقال وفد للنظام").click()
    assert page.locator(".fulltext").is_visible()
    assert re.search(r"#c\d+$", page.url)


def test_the_language_switch_keeps_the_place(page: Page, server: Server) -> None:
    go(page, server, "/id/russia?predicate=attended", "ar")
    page.locator("#language").click()
    page.wait_for_selector("html[dir=ltr]")
    assert "predicate=attended" in page.url
    page.get_by_role("link", name="Articles").click()
    page.wait_for_selector("h1:has-text('Articles')")
    page.locator("#language").click()
    page.wait_for_selector("html[dir=rtl]")


def editor(page: Page) -> str:
    text: str = page.evaluate(
        "[...document.getElementById('editor').shadowRoot.querySelectorAll('.cm-line')].map((l) => l.textContent).join('\\n')"
    )
    return text


def write(page: Page, sparql: str) -> None:
    """Put a query into the editor as a user would, without the brackets that it closes by itself."""
    page.locator(".cm-content").click()
    page.keyboard.press(f"{MODIFIER}+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(sparql)
    page.keyboard.press("Escape")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_named_query_is_filled_run_and_downloaded(page: Page, server: Server, language: str) -> None:
    go(page, server, "/query", language)
    form = page.locator("#named-who-attended")
    form.locator("input[name=round]").fill("astana-6")
    form.get_by_role("button").click()
    page.wait_for_selector("#result table")
    assert "astana-6" in editor(page)
    assert page.locator("#result tbody tr").count() == 1
    picture(page, f"query-{language}")
    with page.expect_download() as download:
        page.get_by_role("button", name="csv").click()
    assert pathlib.Path(download.value.path()).read_text(encoding="utf-8").startswith("actor,name,relation")
    page.locator("#result td a").first.click()
    page.wait_for_url(f"{server.address}/id/russia")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_editor_completes_runs_and_tells_errors(page: Page, server: Server, language: str) -> None:
    go(page, server, "/query", language)
    write(page, "SELECT ?a { ?a ")
    page.keyboard.type("st:atten")
    completion = page.locator(".cm-tooltip-autocomplete li")
    completion.first.wait_for()
    assert completion.first.inner_text().startswith("st:attended")
    picture(page, f"completion-{language}")
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    assert "?a st:attended" in editor(page)
    page.keyboard.insert_text(" id:astana-5 }")
    page.keyboard.press(f"{MODIFIER}+Enter")
    page.wait_for_selector("#result table")
    assert page.locator("#result td").all_inner_texts() == ["id/russia"]
    write(page, "PREFIX fo")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("sk")
    completion.first.wait_for()
    assert completion.first.inner_text().startswith("skos: <http://www.w3.org/2004/02/skos/core#>")
    write(page, "ASK { ?a st:attended id:astana-5 }")
    page.locator("#run").click()
    page.get_by_text({"ar": "نعم", "en": "yes"}[language], exact=True).wait_for()
    write(page, "CONSTRUCT { ?a st:attended ?b } WHERE { ?a st:attended ?b }")
    page.locator("#run").click()
    page.locator("#result pre").wait_for()
    assert "id:russia st:attended id:astana-5" in page.locator("#result pre").inner_text()


def test_a_refused_query_says_why(browser: Browser, server: Server) -> None:
    """Chromium itself notes in the console that an answer was 400; nothing else is said there."""
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    go(page, server, "/query", "en")
    write(page, "DROP ALL")
    page.locator("#run").click()
    page.locator("#result .error").wait_for()
    assert "queries only read" in page.locator("#result .error").inner_text()
    assert len(said) == 1
    assert "400 (Bad Request)" in said[0]
    context.close()


def test_a_running_query_can_be_stopped(page: Page, server: Server) -> None:
    go(page, server, "/query", "ar")
    write(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    page.locator("#run").click()
    page.get_by_text("جارٍ التنفيذ").wait_for()
    page.locator("#stop").click()
    page.locator("#stop").wait_for(state="hidden")
    assert page.locator("#result").inner_text() == ""


def test_queries_can_be_asked_without_scripts(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    go_without_script(page, server)
    page.locator("#sparql").fill("ASK {}")
    with page.expect_response("**/sparql") as answer:
        page.get_by_role("button", name="نفّذ").click(no_wait_after=True)
    assert answer.value.status == 200
    context.close()


def go_without_script(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/query")
    assert page.locator("#sparql").is_visible()


# The explorer


NAMES = {"ar": {"turkey": "تركيا", "alloush": "محمد علوش"}, "en": {"turkey": "Turkey", "alloush": "Mohammed Alloush"}}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A graph of more entities than the explorer has when it opens: each guest is in two claims, Turkey and Alloush in one."""
    guests = [Entity(f"guest-{n}", Kind.PERSON, (f"ضيف {n}", f"Guest {n}")) for n in range(explorer.FIRST + 20)]
    claims = [told(ARTICLE, guest, Predicate.ATTENDED, ASTANA_5, "شاركت روسيا في أستانا 5") for guest in guests]
    claims += [told(OTHER, guest, Predicate.ATTENDED, ASTANA_5, "لم تشارك روسيا في أستانا 5") for guest in guests]
    claims += [told(ARTICLE, TURKEY, Predicate.MET_WITH, ALLOUSH, "والتقت تركيا روسيا")]
    with serving(folder(tmp_path_factory.mktemp("crowd") / "graph", claims)) as running:
        yield running


@pytest.fixture
def strangers(browser: Browser, crowd: Server) -> Iterator[Page]:
    with quiet(browser, crowd) as opened:
        yield opened


def explore(page: Page, server: Server, language: str, fragment: str = "") -> None:
    """Open the explorer, which has its language in the address."""
    page.goto("about:blank")
    page.goto(f"{server.address}/explore#lang={language}{fragment}")
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate("[document.documentElement.lang, getComputedStyle(document.body).direction]") == [
        language, {"ar": "rtl", "en": "ltr"}[language],
    ]  # fmt: skip


def heading(page: Page, name: str) -> None:
    """Wait until the panel is about this."""
    page.locator("#details h2", has_text=name).wait_for()


def click_node(page: Page, node: str) -> None:
    """Click a node where it is drawn."""
    page.wait_for_function("(id) => kg.nodes.get(id)", arg=node)
    page.locator("#canvas").click(
        position=page.evaluate("(id) => kg.network.canvasToDOM(kg.network.getPosition(id))", node)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_button_of_an_entity_shows_it_in_the_explorer(strangers: Page, crowd: Server, language: str) -> None:
    """Also one that the page does not have when it opens."""
    explore(strangers, crowd, language)
    assert not strangers.evaluate("kg.entities.has('turkey') || kg.entities.has('mohammed-alloush')")
    go(strangers, crowd, "/id/turkey", language)
    strangers.locator("main a.button").click()
    heading(strangers, NAMES[language]["turkey"])
    assert strangers.evaluate("document.documentElement.lang") == language
    assert strangers.evaluate("kg.network.getSelectedNodes()") == ["turkey"]
    assert strangers.evaluate("kg.drawn.has('mohammed-alloush')")
    assert strangers.url.endswith("/explore#lang=en&id=turkey" if language == "en" else "/explore#id=turkey")
    picture(strangers, f"explore-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_explorer_loads_what_is_around_what_is_clicked(strangers: Page, crowd: Server, language: str) -> None:
    explore(strangers, crowd, language, "&id=turkey")
    heading(strangers, NAMES[language]["turkey"])
    with strangers.expect_response("**/near?id=mohammed-alloush") as near:
        click_node(strangers, "mohammed-alloush")
    assert near.value.status == 200
    heading(strangers, NAMES[language]["alloush"])
    strangers.go_back()
    heading(strangers, NAMES[language]["turkey"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_explorer_shows_the_sentences_of_a_relation(strangers: Page, crowd: Server, language: str) -> None:
    explore(strangers, crowd, language, "&id=turkey")
    heading(strangers, NAMES[language]["turkey"])
    strangers.locator("#details button.relation").first.click()
    assert strangers.locator("#details mark").inner_text() == "والتقت تركيا روسيا"
    picture(strangers, f"relation-{language}")
    link = strangers.url
    strangers.goto("about:blank")
    strangers.goto(link)
    strangers.locator("#details mark").wait_for()
    assert strangers.locator("#details mark").inner_text() == "والتقت تركيا روسيا"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_explorer_finds_a_name_that_it_did_not_have(strangers: Page, crowd: Server, language: str) -> None:
    explore(strangers, crowd, language)
    strangers.keyboard.press("/")
    strangers.keyboard.type(NAMES[language]["turkey"])
    strangers.keyboard.press("Enter")
    heading(strangers, NAMES[language]["turkey"])
    assert strangers.evaluate("document.activeElement.tagName") == "H2"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_explorer_works_from_its_list_with_the_keyboard(page: Page, server: Server, language: str) -> None:
    explore(page, server, language)
    row = page.locator("#rows tr", has_text=NAMES[language]["turkey"])
    row.locator("button").focus()
    page.keyboard.press("Enter")
    assert page.locator("#details mark").inner_text() == "والتقت تركيا روسيا"
    page.locator("#details h2 button", has_text=NAMES[language]["turkey"]).focus()
    with page.expect_response("**/near?id=turkey"):
        page.keyboard.press("Enter")
    page.locator("#details h2 svg").wait_for()
    heading(page, NAMES[language]["turkey"])
    page.keyboard.press("Escape")
    assert page.evaluate("kg.view.focus") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_explorer_leads_back_to_the_pages(page: Page, server: Server, language: str) -> None:
    explore(page, server, language, "&id=turkey")
    page.locator("#details a", has_text="turkey").click()
    page.wait_for_url(f"{server.address}/id/turkey?lang={language}")
    page.locator("header nav a[href^='/explore']").click()
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate("document.documentElement.lang") == language
    page.locator("#language").click()
    page.locator("#home").click()
    page.wait_for_url(f"{server.address}/?lang={'ar' if language == 'en' else 'en'}")


def test_an_entity_that_is_not_there_is_said_and_asked_for_once(browser: Browser, server: Server) -> None:
    """Chromium itself notes in the console that an answer was 404."""
    with browser.new_context() as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        explore(page, server, "en", "&id=nobody")
        page.locator("#status", has_text="The server did not answer").wait_for(state="attached")
        assert page.locator("#details .relation").count() > 0
        assert [url for url in asked if "/near" in url] == [f"{server.address}/near?id=nobody"]


# Small screens, and texts that would do harm


@pytest.mark.parametrize("target", ["/", "/id/astana-5", "/article/a1", "/query?name=accusations", "/search?q=روسيا"])
def test_nothing_sticks_out_on_a_phone(page: Page, server: Server, target: str) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    go(page, server, target, "ar")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_the_explorer_sticks_out_on_a_phone(page: Page, server: Server, language: str) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    explore(page, server, language)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_texts_that_would_do_harm_are_shown_as_text(browser: Browser, tmp_path: pathlib.Path) -> None:
    everything = re.sub("[\x00\ud800-\udfff]", "\ufffd", " ".join(HOSTILE))
    article = Article("evil", f"{everything} حضر", everything, everything, None, "https://example.org/")
    who = Entity("someone", Kind.PERSON, (f"ا{everything}", f"A{everything}"))
    where = Entity("astana-5", Kind.ROUND, (f"أستانا{everything}", everything))
    made = told(article, who, Predicate.ATTENDED, where, article.text, role=everything)
    with serving(folder(tmp_path / "graph", [made], [article])) as server:
        context = browser.new_context()
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        for target in (
            "/",
            "/id/someone",
            "/article/evil",
            "/articles",
            "/search?q=%3Cimg%20src=x%20onerror=alert(1)%3E",
        ):
            go(page, server, target, "en")
            assert "pwned" not in page.title() or "<" in page.title()
            assert page.evaluate("document.images.length") == 0
        explore(page, server, "en", "&id=someone")
        page.locator("#rows button").first.click()
        page.locator("#details blockquote").wait_for()
        assert page.evaluate("document.images.length") == 0
        go(page, server, "/query", "en")
        write(page, "SELECT ?name { id:someone skos:prefLabel ?name }")
        page.locator("#run").click()
        page.wait_for_selector("#result table")
        assert "<img src=x" in page.locator("#result td").first.inner_text()
        assert page.evaluate("document.images.length") == 0
        context.close()
    assert said == []


@pytest.mark.parametrize("target", ["/", "/explore"])
def test_the_policy_blocks_what_is_not_ours(browser: Browser, server: Server, target: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    if target == "/":
        go(page, server, target, "ar")
    else:
        explore(page, server, "ar")
    title = page.title()
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'pwned'";
        document.body.append(script);
        const image = new Image();
        image.src = "https://example.org/x.png";
    }""")
    page.wait_for_timeout(100)
    assert page.title() == title
    assert len([line for line in said if "Content Security Policy" in line]) == 2
    context.close()
