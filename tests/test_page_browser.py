"""The page in a real browser: every function, in both languages, silent and without a network."""

from __future__ import annotations

import csv
import functools
import http.server
import io
import json
import pathlib
import threading
import urllib.parse
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.language.arabic import fold
from kg.model import Article, Entity
from kg.page import Server, part, render
from kg.page.drawing import FIRST
from kg.page.looks import labels, words
from kg.page.plain import line, plain
from kg.vocabulary import Kind, Predicate
from tests.page_browser import Opened
from tests.page_factory import ARTICLES, ASTANA_5, CLAIMS, HOSTILE, RUSSIA, claim, generated_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
AR, EN = 0, 1
LANGUAGES = pytest.mark.parametrize("language", [AR, EN], ids=["ar", "en"])
IDS = "[...kg.visible].map((relation) => `${relation.s} ${relation.p} ${relation.o || relation.date}`)"


@functools.cache
def _small() -> str:
    return render(CLAIMS, ARTICLES)


@functools.cache
def _large() -> str:
    return generated_page(1000)


def _word(key: str, language: int) -> str:
    return words()[key][language]


def _visible(page: Page) -> set[str]:
    return set(page.evaluate(IDS))


class Small:
    """The page of the small graph in one language."""

    def __init__(self, opened: Opened, folder: pathlib.Path, language: int) -> None:
        self.opened, self.folder, self.language = opened, folder, language
        self.page = self.open("")

    def open(self, fragment: str) -> Page:
        """Open the page with this fragment besides the language."""
        start = "#lang=en" if self.language == EN else "#"
        self.opened.requests.clear()
        self.opened.page.goto("about:blank")
        return self.opened.show(_small(), self.folder / "page.html", f"{start}&{fragment}")


@pytest.fixture(params=[AR, EN], ids=["ar", "en"])
def small(request: pytest.FixtureRequest, opened: Opened, tmp_path: pathlib.Path) -> Small:
    return Small(opened, tmp_path, request.param)


def _click_in_drawing(page: Page, spot: str) -> None:
    """Clicks where the network draws what the JavaScript expression ``spot`` gives, in its own coordinates."""
    point = page.evaluate(f"kg.network.canvasToDOM({spot})")
    box = page.locator("#canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + point["x"], box["y"] + point["y"])


def _middle(one: str, two: str) -> str:
    return (
        f"(() => {{ const [a, b] = ['{one}', '{two}'].map((id) => kg.network.getPosition(id));"
        " return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }; })()"
    )


# Looking


@pytest.mark.model
def test_the_page_of_the_seeds(opened: Opened, graph: pathlib.Path) -> None:
    page = opened.page
    page.goto((graph / "page.html").as_uri())
    assert page.locator("canvas").count() == 1
    page.locator("#rows tr").filter(has_text="محمد علوش").filter(has_text="أستانا 5").first.click()
    assert "لن يشارك" in page.locator("#details mark").first.inner_text()


def test_an_edge_in_the_list_shows_its_sentence_with_everything_about_it(small: Small) -> None:
    page, language = small.page, small.language
    page.locator("#rows tr", has_text=("محمد علوش", "Mohammed Alloush")[language]).click()
    details = page.locator("#details")
    assert details.locator("mark").inner_text() == "لن يشارك محمد علوش في أستانا 5"
    assert details.locator("blockquote").inner_text() == "ولن يشارك محمد علوش في أستانا 5."
    shown = details.inner_text()
    expected = [
        "عنوان الخبر", "صحيفة", ("روسيا", "Russia")[language], ("تموز 2017", "July 2017")[language], "a1",
        labels()["negative"][language], labels()["planned"][language], _word("unknown", language), "80%",
    ]  # fmt: skip
    assert [text for text in expected if text not in shown] == []
    assert f"({labels()['negative'][language]})" in details.locator("h2").inner_text()
    link = details.locator("a[href='https://example.org/a1']")
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_an_edge_in_the_drawing_shows_its_sentence(small: Small) -> None:
    _click_in_drawing(small.page, _middle("russia", "turkey"))
    small.page.locator("#details mark").wait_for()
    assert small.page.locator("#details mark").inner_text() == "التقت روسيا تركيا"


def test_a_node_in_the_drawing_shows_names_roles_neighbours_and_dates(small: Small) -> None:
    page, language = small.page, small.language
    _click_in_drawing(page, "kg.network.getPosition('astana-5')")
    page.locator("#details h2", has_text=("أستانا 5", "Astana 5")[language]).wait_for()
    assert ("تموز 2017", "July 2017")[language] in page.locator("#details").inner_text()
    page.locator("#details .relation", has_text=("روسيا", "Russia")[language]).first.click()
    assert page.locator("#details mark").count() == 2
    page.go_back()
    page.locator("#details .relation").first.wait_for()
    small.open("id=russia")
    shown = page.locator("#details").inner_text()
    assert "وفد" in shown
    assert ("تركيا", "Turkey")[language] in shown


def test_what_is_drawn_tells_how_it_is_told(small: Small) -> None:
    looks = small.page.evaluate("""Object.fromEntries([...kg.relations.values()].filter((r) => r.o)
        .map((r) => [`${r.s} ${r.p} ${r.o}`, kg.edges.get(r.id)]))""")
    plainly, denied = looks["russia attended astana-5"], looks["mohammed-alloush attended astana-5"]
    planned, disputed = looks["iran attended astana-6"], looks["factions attended astana-5"]
    assert not plainly["dashes"]
    assert not plainly["arrows"]["middle"]["enabled"]
    assert denied["arrows"]["middle"]["enabled"]
    assert planned["dashes"]
    assert disputed["dashes"]
    assert planned["dashes"] != disputed["dashes"]
    assert plainly["width"] > denied["width"]
    assert plainly["color"]["color"] == denied["color"]["color"] != looks["turkey accused iran"]["color"]["color"]
    hollow = small.page.evaluate("kg.nodes.get('new-x').color.background")
    assert hollow == "#ffffff"


def test_the_language_changes_everything_and_back(small: Small) -> None:
    page, language = small.page, small.language
    page.locator("#rows tr", has_text=("محمد علوش", "Mohammed Alloush")[language]).click()
    page.locator("#language").click()
    other = 1 - language
    assert (
        page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        == [["ar", "rtl"], ["en", "ltr"]][other]
    )
    shown = page.locator("body").inner_text()
    expected = [_word(key, other) for key in ("title", "matrix", "relations", "kinds", "how-told")]
    assert [text for text in expected if text not in shown] == []
    assert [_word(key, language) for key in ("kinds", "how-told", "matrix") if _word(key, language) in shown] == []
    assert labels()["planned"][other] in page.locator("#details").inner_text()
    assert page.title() == _word("title", other)
    assert page.evaluate("kg.nodes.get('astana-5').label") == ("أستانا 5", "Astana 5")[other]


def test_what_is_affirmed_and_denied_is_called_contradicted(small: Small) -> None:
    page = small.page
    assert _word("disputes", small.language) in page.locator("#details").inner_text()
    page.locator("#only").check()
    assert _visible(page) == {"factions attended astana-5"}
    page.locator("#rows tr").click()
    assert page.locator("#details mark").count() == 2
    assert _word("conflict", small.language) in page.locator("#details").inner_text()


# Finding


def test_search_finds_any_spelling(small: Small) -> None:
    page = small.page
    for spelling in ("علوش", "مُحَمَّد عَلّوش", "MOHAMMED alloush", "محمد  علــوش"):
        page.locator("#search").fill(spelling)
        assert page.locator("#rows tr").count() == 1
        page.locator("#found button").first.click()
        page.locator("#details h2", has_text=("محمد علوش", "Mohammed Alloush")[small.language]).wait_for()
        page.locator("#close").click()


def test_search_that_finds_nothing_says_so(small: Small) -> None:
    small.page.locator("#search").fill("لا أحد")
    assert _word("nothing-found", small.language) in small.page.locator("#found").inner_text()


def test_the_page_folds_as_the_program_does(opened: Opened, tmp_path: pathlib.Path) -> None:
    page = opened.show(_small(), tmp_path / "page.html")
    texts = [
        "أَسْتَـانَة", "«جيش  الإسلام»،", "ٱلمؤتمر ٤٥", "Recep Tayyip ERDOGAN", "ﷲ ﻻ", "دي\u200fميستورا", "لجنة-دستورية",
        "گ ک ی",
    ]  # fmt: skip
    assert page.evaluate("(texts) => texts.map(kg.fold)", texts) == [fold(text) for text in texts]


def test_filters_of_kind_predicate_stance_and_outlet(small: Small) -> None:
    page = small.page
    everything = _visible(page)
    page.locator("input[data-key=negative]").uncheck()
    assert everything - _visible(page) == {"mohammed-alloush attended astana-5"}
    page.locator("#reset").click()
    page.locator("input[data-key=planned]").uncheck()
    assert everything - _visible(page) == {"iran attended astana-6"}
    page.locator("#reset").click()
    page.locator("input[data-key=State]").uncheck()
    assert not [row for row in _visible(page) if "russia" in row or "iran" in row]
    assert page.evaluate("kg.nodes.get('russia')") is None
    page.locator("#reset").click()
    page.locator("input[data-key=accused]").uncheck()
    assert everything - _visible(page) == {"turkey accused iran"}
    page.locator("#reset").click()
    page.locator("input[data-key='وكالة']").uncheck()
    assert everything - _visible(page) == {"russia metWith turkey", "new-x attended astana-5"}
    page.locator("#reset").click()
    assert _visible(page) == everything
    page.locator("input[data-family=talks]").uncheck()
    assert not [row for row in _visible(page) if "attended" in row or "boycotted" in row]
    page.locator("#none").click()
    assert page.locator("#rows tr").count() == 0
    assert _word("no-relation", small.language) in page.locator("#shown").inner_text()


def test_filter_of_dates(small: Small) -> None:
    page = small.page
    page.locator("#since").fill("2017-07-20")
    page.locator("#until").fill("2017-08-31")
    assert _visible(page) == {"russia metWith turkey"}
    page.locator("#undated").check()
    assert _visible(page) == {"russia metWith turkey", "turkey accused iran"}


def test_the_slider_over_the_rounds(small: Small) -> None:
    page = small.page
    page.locator("#from").focus()
    page.keyboard.press("End")
    rows = _visible(page)
    assert {row for row in rows if "astana-6" in row} == {
        "factions boycotted astana-6", "iran attended astana-6", "turkey invitedTo astana-6",
    }  # fmt: skip
    assert not [row for row in rows if "astana-5" in row or "accused" in row]
    assert ("أستانا 6", "Astana 6")[small.language] in page.locator("#from-text").inner_text()
    page.locator("#from").press("Home")
    page.locator("#to").press("Home")
    assert "russia metWith turkey" in _visible(page)
    assert not [row for row in _visible(page) if "astana-6" in row]


def test_the_matrix_of_who_was_at_which_round(small: Small) -> None:
    page, language = small.page, small.language
    page.locator("[role=tab][data-tab=matrix]").click()
    told = page.locator("#matrix-body button.sign").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('aria-label'))"
    )
    names = {
        entity.id: entity.names[min(language, len(entity.names) - 1)]
        for c in CLAIMS
        for entity in (c.subject, c.object)
        if isinstance(entity, Entity)
    }
    expected = {
        ("russia", "astana-5"): "attended", ("mohammed-alloush", "astana-5"): "absent", ("factions", "astana-5"): "disputed",
        ("factions", "astana-6"): "boycotted", ("iran", "astana-6"): "expected", ("turkey", "astana-6"): "invited",
        ("new-x", "astana-5"): "attended",
    }  # fmt: skip
    assert set(told) == {
        f"{names[who]} – {names[seat]}: {_word(sign, language)}" for (who, seat), sign in expected.items()
    }
    page.locator("#matrix-body .sign.disputed").click()
    assert page.locator("#details mark").all_inner_texts() == ["حضرت الفصائل أستانا 5", "لم تحضر الفصائل الجولة"]
    page.locator("#none").click()
    assert page.locator("#matrix-empty").is_visible()


def test_the_shortest_path(small: Small) -> None:
    page = small.page
    page.locator("#search").fill("علوش")
    page.locator("#found button").first.click()
    page.locator("#details .actions button").last.click()
    page.locator(".path-search input").fill("Astana 6")
    page.locator(".path-search button").first.click()
    assert _word("no-path", small.language) in page.locator("#details").inner_text()  # only a denial joins him
    small.open("path=astana&path=turkey")
    steps = page.evaluate("[...document.querySelectorAll('.path .relation')].length")
    assert steps == 3  # Astana, Astana 5, Russia, Turkey
    page.locator("input[data-key=metWith]").uncheck()
    assert page.locator(".path .relation").count() == 4  # by the factions at both rounds
    edges = page.evaluate("kg.edges.get().filter((edge) => edge.color.opacity > 0.5).length")
    assert edges == 4


# Taking away


def test_the_address_is_the_exact_view(small: Small) -> None:
    page = small.page
    page.locator("input[data-key=planned]").uncheck()
    page.locator("#since").fill("2017-01-01")
    page.locator("#undated").check()
    page.locator("#search").fill("روسيا")
    page.wait_for_timeout(50)
    page.locator("#in").click()
    page.evaluate("kg.focusOn(['id', 'russia'], true)")
    state = (
        """[kg.address().replace(/&at.*/, ""), [...kg.visible].map((r) => r.id), kg.network.getScale().toFixed(2)]"""
    )
    middle = "Object.values(kg.network.getViewPosition())"
    at = page.evaluate(middle)
    before, address = page.evaluate(state), page.evaluate("location.hash")
    page.goto("about:blank")
    small.opened.requests.clear()
    page.goto((small.folder / "page.html").as_uri() + address)
    assert page.evaluate(state) == before
    assert page.evaluate(middle) == pytest.approx(at, abs=1)
    assert page.locator("#search").input_value() == "روسيا"
    assert not page.locator("input[data-key=planned]").is_checked()


def test_an_address_that_names_nothing_opens_the_page(small: Small) -> None:
    page = small.open("id=nobody&round=x&round=y&at=a,b&tab=zzz&since=never&path=russia")
    assert page.evaluate("kg.view.focus") is None
    assert page.evaluate("kg.view.tab") == "drawing"
    assert len(_visible(page)) == 13 - 2


def test_the_link_is_copied(small: Small) -> None:
    page = small.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#export summary").click()
    page.locator("#link").click()
    page.locator("#link", has_text=_word("copied", small.language)).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def _download(page: Page, button: str) -> bytes:
    page.locator("#export").evaluate("(menu) => { menu.open = true; }")
    with page.expect_download() as started:
        page.locator(button).click()
    return pathlib.Path(started.value.path()).read_bytes()


def test_export_as_a_table(small: Small) -> None:
    page, language = small.page, small.language
    page.locator("input[data-key=negative]").uncheck()
    text = _download(page, "#csv").decode("utf-8")
    assert text.startswith("\ufeff")
    header, *rows = csv.reader(io.StringIO(text[1:]))
    assert header[0] == _word("csv-subject", language)
    assert len(rows) == len(CLAIMS) - 2
    (met,) = (row for row in rows if row[1] == labels()["metWith"][language])
    assert met[0] == ("روسيا", "Russia")[language]
    assert met[14:16] == ["التقت روسيا تركيا", "التقت روسيا تركيا."]


def test_export_as_a_drawing_and_a_picture(small: Small) -> None:
    page = small.page
    root = ET.fromstring(_download(page, "#svg"))  # noqa: S314 our own
    text = " ".join(root.itertext())
    expected = [
        ("روسيا", "Russia")[small.language],
        labels()["planned"][small.language],
        labels()["Round"][small.language],
    ]
    assert [word for word in expected if word not in text] == []
    assert len(root.findall(".//{http://www.w3.org/2000/svg}polygon")) > 8
    picture = _download(page, "#png")
    assert picture.startswith(b"\x89PNG")
    size = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
    assert min(size) > 500
    assert len(picture) > 20_000


def test_print_has_the_drawing_and_no_buttons(small: Small) -> None:
    page = small.page
    page.evaluate("kg.focusOn(['id', 'russia'])")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#paper > svg").is_visible()
    assert page.locator("#details h2").is_visible()
    assert not page.locator("#filters").is_visible()
    assert not page.locator("#language").is_visible()
    assert len(page.pdf()) > 10_000
    page.emulate_media(media="screen")


# Hands, ears, small screens


def test_the_keyboard_reaches_everything(small: Small) -> None:
    page = small.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("علوش")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.keyboard.press("Escape")
    assert page.evaluate("kg.view.focus") is None
    page.locator("#rows button").first.focus()
    page.keyboard.press("Enter")
    page.locator("#details mark").first.wait_for()
    page.locator("[role=tab][aria-selected=true]").focus()
    page.keyboard.press(("ArrowLeft", "ArrowRight")[small.language])
    assert page.evaluate("kg.view.tab") == "matrix"
    page.evaluate("kg.change({ tab: 'drawing', camera: null })")
    page.locator("#canvas").focus()
    scale = page.evaluate("kg.network.getScale()")
    page.keyboard.press("+")
    assert page.evaluate("kg.network.getScale()") > scale
    left = page.evaluate("kg.network.getViewPosition().x")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("kg.network.getViewPosition().x") > left


def test_every_control_has_a_name(small: Small) -> None:
    nameless = small.page.evaluate("""() => [...document.querySelectorAll("button, input, summary, [role], nav, aside")]
        .filter((one) => !(one.getAttribute("aria-label") || one.getAttribute("aria-labelledby") || one.closest("label")
            || one.textContent.trim() || one.id === "status" || one.hidden))
        .map((one) => one.outerHTML)""")
    assert nameless == []


def test_on_a_phone_nothing_is_cut_off(small: Small) -> None:
    page = small.page
    page.set_viewport_size({"width": 360, "height": 740})
    for tab in ("drawing", "matrix", "list", "filters"):
        page.locator(f"[role=tab][data-tab={tab}]").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, tab
    page.locator("[role=tab][data-tab=list]").click()
    page.locator("#rows tr").first.click()
    assert page.locator("#details mark").first.is_visible()
    page.locator("#close").click()
    assert page.locator("#rows tr").first.is_visible()


def test_on_a_high_screen_the_drawing_is_high(opened: Opened, tmp_path: pathlib.Path) -> None:
    opened.page.set_viewport_size({"width": 360, "height": 740})
    page = opened.show(_small(), tmp_path / "page.html", "#at=1,5000,5000")  # a place on a wide screen
    spread = page.evaluate("""["x", "y"].map((key) => {
        const values = kg.nodes.get().map((node) => node[key]);
        return Math.max(...values) - Math.min(...values);
    })""")
    assert spread[1] > spread[0]
    assert abs(page.evaluate("kg.network.getViewPosition().x")) < 2000


# Large graphs


@LANGUAGES
def test_of_a_large_graph_the_most_telling_part_is_drawn(opened: Opened, tmp_path: pathlib.Path, language: int) -> None:
    page = opened.show(_large(), tmp_path / "page.html", "#lang=en" if language else "")
    assert page.evaluate("[kg.nodes.length, kg.entities.size]") == [FIRST, 1000]
    extent = page.locator("#extent").inner_text()
    assert f"{FIRST}" in extent
    assert _word("telling", language)[:20] in extent
    assert page.locator("#rows tr").count() == 100
    page.locator("#more").click()
    assert page.locator("#rows tr").count() == 200
    last = page.evaluate("[...kg.entities.keys()].at(-1)")
    page.evaluate("(id) => kg.focusOn(['id', id])", last)
    around = """(id) => [...kg.relations.values()].filter((r) => r.s === id || r.o === id)
        .every((r) => kg.nodes.get(r.s) && kg.nodes.get(r.o))"""
    assert page.evaluate(around, last)
    hub = page.evaluate("[...kg.entities.keys()][0]")
    page.evaluate("(id) => kg.focusOn(['id', id])", hub)
    page.locator("#details .actions button").first.click()
    assert page.evaluate(around, hub)
    page.locator("#all").click()
    assert page.evaluate("kg.nodes.length") == 1000
    places = page.evaluate("new Set(kg.nodes.get().map(({ x, y }) => `${x},${y}`)).size")
    assert places > 990
    drawing = ET.fromstring(page.evaluate("kg.svgText()"))  # noqa: S314 our own
    assert len(drawing.findall("{http://www.w3.org/2000/svg}g")) > 1000


class _Parts(http.server.BaseHTTPRequestHandler):
    """A server that hands out the neighbourhood of an id, and finds names."""

    def do_GET(self) -> None:
        address = urllib.parse.urlsplit(self.path)
        (value,) = urllib.parse.parse_qs(address.query).values() if address.query else [[""]]
        if address.path == "/":
            self._send(render(CLAIMS[:1], ARTICLES, server=Server("near?id=", "find?q=")), "text/html; charset=utf-8")
        else:
            wanted = [c for c in CLAIMS if self._fits(address.path, c, value[0])]
            self._send(json.dumps(part(wanted, ARTICLES)), "application/json")

    @staticmethod
    def _fits(path: str, told: Any, value: str) -> bool:
        ends = [end for end in (told.subject, told.object) if isinstance(end, Entity)]
        return any(end.id == value if path == "/near" else fold(value) in map(fold, end.names) for end in ends)

    def _send(self, text: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Parts) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


def test_a_served_page_loads_neighbourhoods(browser: Browser, server: str) -> None:
    with browser.new_context() as context:
        shown = Opened(context.new_page())
        page = shown.page
        page.goto(server)
        assert page.evaluate("kg.relations.size") == 1
        page.locator("#search").fill("تركيا")
        page.locator("#found button", has_text="تركيا").click()
        page.locator("#details h2", has_text="تركيا").wait_for()
        assert page.evaluate("kg.relations.size") == 4
        assert page.locator("input[data-key=metWith]").is_checked()
        page.locator("#details .relation", has_text="التقى").click()
        assert page.locator("#details mark").inner_text() == "التقت روسيا تركيا"
        assert shown.troubles == []
        assert all(url.startswith(server) for url in shown.requests)


# Hostile texts


def test_evidence_after_emoji_is_marked_where_it_stands(opened: Opened, tmp_path: pathlib.Path) -> None:
    text = "😀😀 قال: شاركت روسيا في أستانا 5 أمس"
    made = claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, "شاركت روسيا", text=text)
    page = opened.show(render([made], [Article("a1", text)]), tmp_path / "page.html")
    page.locator("#rows tr").click()
    assert page.locator("#details mark").inner_text() == "شاركت روسيا"
    assert page.locator("#details blockquote").inner_text() == text


def _hostile_page(names: list[str]) -> str:
    made = []
    articles = []
    for number, name in enumerate(names):
        text = f"{name} أستانا 5"
        entity = Entity(f"x{number}", Kind.PERSON, (name, name), known=False)
        told = claim(entity, Predicate.ATTENDED, ASTANA_5, text, text=text, role=name)
        key = f"h{number}"
        made.append(
            type(told)(
                key,
                told.subject,
                told.predicate,
                told.object,
                told.polarity,
                told.modality,
                told.evidence,
                "r",
                0.5,
                role=name,
            )
        )
        articles.append(Article(key, text, name, name, None, f"javascript:{name}"))
    return render(made, articles)


@pytest.fixture(scope="session")
def hostile_tab(browser: Browser) -> Iterator[Opened]:
    context = browser.new_context()
    yield Opened(context.new_page())
    context.close()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=80)), min_size=1, max_size=6, unique_by=line))
def test_hostile_texts_are_shown_as_text_in_page_and_exports(
    hostile_tab: Opened, tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    hostile_tab.page.goto("about:blank")
    page = hostile_tab.show(_hostile_page(names), tmp_path_factory.mktemp("hostile") / "page.html")
    for number, name in enumerate(names):
        page.evaluate("(id) => kg.focusOn(['id', [...kg.relations.values()].find((r) => r.s === id).id])", f"x{number}")
        mark = page.locator("#details mark").evaluate("(mark) => mark.textContent")
        assert mark == plain(f"{name} أستانا 5").replace("\r", "\n")
        heading = page.locator("#details h2 bdi").first.evaluate("(name) => name.textContent")
        assert heading == (line(name) or f"x{number}")
    assert page.title() == _word("title", AR)
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("document.querySelectorAll('#details img, #details script, main script').length") == 0
    assert ET.fromstring(page.evaluate("kg.svgText()")).tag.endswith("svg")  # noqa: S314 it must parse
    table = list(csv.reader(io.StringIO(page.evaluate("kg.csvText()"), newline="")))
    assert len(table) == len(names) + 1
    assert not [cell for row in table for cell in row if cell[:1] in ("=", "+", "-", "@")]
    assert hostile_tab.troubles == []


def test_the_policy_blocks_scripts_that_are_not_ours(browser: Browser, tmp_path: pathlib.Path) -> None:
    page_text = _small().replace(
        "<header>", "<script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\"><header>"
    )
    path = tmp_path / "page.html"
    path.write_text(page_text, encoding="utf-8")
    with browser.new_context() as context:
        shown = Opened(context.new_page())
        shown.page.goto(path.as_uri())
        shown.page.evaluate("""() => {
            const script = document.createElement("script");
            script.textContent = "document.title = 'pwned'";
            document.body.append(script);
        }""")
        assert shown.page.title() == _word("title", AR)
        assert len([text for text in shown.troubles if "Content Security Policy" in text]) >= 3


@LANGUAGES
def test_an_empty_graph_says_so(opened: Opened, tmp_path: pathlib.Path, language: int) -> None:
    page = opened.show(render([], []), tmp_path / "page.html", "#lang=en" if language else "")
    assert _word("empty", language) in page.locator("main").inner_text()
    page.locator("#language").click()
    assert _word("empty", 1 - language) in page.locator("main").inner_text()
