"""The page in a real browser: offline, silent, right to left, and every edge leads to its sentence."""

from __future__ import annotations

import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.language.arabic import fold
from kg.language.dates import Basis, Period, ResolvedDate
from kg.model import Article, Claim, Entity, Evidence, Modality, Polarity
from kg.page import CONTEXT, LOOKS, Label, excerpt, plain, render
from kg.rdf import ONTOLOGY
from kg.resources import folder, seed
from kg.span import Span
from kg.tables import read_table
from kg.vocabulary import Kind, Predicate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

RUSSIA = Entity("russia", Kind.STATE, ("روسيا", "Russia"))
ASTANA_5 = Entity("astana-5", Kind.ROUND, ("أستانا 5", "Astana 5"))
ALLOUSH = Entity("mohammed-alloush", Kind.PERSON, ("محمد علوش", "Mohammed Alloush"))
TEXT = "مقدمة الخبر. شاركت روسيا في أستانا 5 أمس. ولن يشارك محمد علوش في أستانا 5. خاتمة الخبر."
ARTICLE = Article("a1", TEXT, "عنوان الخبر", "صحيفة", None, "https://example.org/a1")


def claim(subject: Entity, predicate: Predicate, target: Entity | Period, words: str, **more: object) -> Claim:
    text = str(more.pop("text", TEXT))
    start = text.index(words)
    evidence = Evidence(Span(start, start + len(words)), words)
    polarity = more.pop("polarity", Polarity.POSITIVE)
    modality = more.pop("modality", Modality.ACTUAL)
    return Claim("a1", subject, predicate, target, polarity, modality, evidence, "r", 0.8, **more)  # type: ignore[arg-type]


CLAIMS = [
    claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, "شاركت روسيا في أستانا 5"),
    claim(
        ALLOUSH, Predicate.ATTENDED, ASTANA_5, "لن يشارك محمد علوش في أستانا 5",
        polarity=Polarity.NEGATIVE, modality=Modality.PLANNED, says=RUSSIA,
    ),
    claim(
        ASTANA_5, Predicate.HELD_ON, Period("2017-07-04/2017-07-05"), "أستانا 5 أمس",
        date=ResolvedDate(Period("2017-07-04/2017-07-05"), Basis.PUBLISHED),
    ),
]  # fmt: skip
HOSTILE = [
    "<img src=x onerror=document.title='pwned'>", "</script><script>document.title='pwned'</script>", "{{7*7}}${7*7}",
    "\u202eevil\u202c", "a\u0000b\u200b\u2028c", "'\"><svg onload=document.title='pwned'>", "x" * 10_000,
]  # fmt: skip


def many(size: int) -> str:
    """The page of a made-up graph of this many nodes: ten rounds, and guests who attended one or two of them."""
    rounds = [Entity(f"astana-{n}", Kind.ROUND, (f"أستانا {n}", f"Astana {n}")) for n in range(1, 11)]
    guests = [Entity(f"guest-{n}", Kind.PERSON, (f"ضيف {n}", f"Guest {n}")) for n in range(size - 10)]
    made = [claim(g, Predicate.ATTENDED, rounds[n % 10], "أستانا 5") for n, g in enumerate(guests)]
    made += [claim(g, Predicate.ATTENDED, rounds[n * 7 % 9], "أستانا 5") for n, g in enumerate(guests)]
    return render(made, [ARTICLE])


def _embedded(page: str) -> str:
    """The data in a page."""
    data = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert data
    return data[1]


# Without a browser


def test_the_same_bytes_in_any_order() -> None:
    assert render(CLAIMS, [ARTICLE]) == render(CLAIMS[::-1], [ARTICLE])


def test_the_same_bytes_in_another_process() -> None:
    code = "import sys; from test_page import many; sys.stdout.buffer.write(many(60).encode())"
    here = pathlib.Path(__file__).parent
    path = os.pathsep.join([str(here), str(here.parent), os.environ.get("PYTHONPATH", "")])
    pages = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": number}, capture_output=True, check=True,
        ).stdout
        for number in ("1", "2")
    ]  # fmt: skip
    assert pages[0] == pages[1]
    assert len(pages[0]) > 100_000


def test_every_term_has_a_label_and_every_kind_a_look() -> None:
    terms = [row.term for row in read_table(seed("labels.tsv"), Label)]
    assert len(terms) == len(set(terms))
    assert {*Kind, *Predicate, *Polarity, *Modality, *Basis} <= set(terms)
    assert set(LOOKS) == set(Kind)
    assert len(set(LOOKS.values())) == len(LOOKS)


def test_a_large_graph_is_laid_out_without_two_nodes_in_one_place() -> None:
    data = json.loads(_embedded(many(700)))
    places = [(node["x"], node["y"]) for node in data["nodes"]]
    assert len(places) == 700
    assert len(set(places)) > 690


def test_both_directions_of_a_symmetric_predicate_are_one_edge() -> None:
    met = [
        claim(RUSSIA, Predicate.MET_WITH, ALLOUSH, "شاركت روسيا"),
        claim(ALLOUSH, Predicate.MET_WITH, RUSSIA, "محمد علوش"),
    ]
    (edge,) = json.loads(_embedded(render(met, [ARTICLE])))["edges"]
    assert edge["arrows"] == ""


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("جملة أولى. قصف الجيش إدلب. جملة أخيرة.", "قصف الجيش", ("", "قصف الجيش", " إدلب.")),
        ("عنوان\nقصف الجيش إدلب\nسطر", "الجيش", ("قصف ", "الجيش", " إدلب")),
        ("انتهى.وقال إنه 3.5 كم غربا. ثم", "إنه", ("وقال ", "إنه", " 3.5 كم غربا.")),
        ("أول. قصف الجيش. ثان.", "قصف الجيش.", ("", "قصف الجيش.", "")),
    ],
)
def test_the_excerpt_is_the_sentence(text: str, words: str, shown: tuple[str, str, str]) -> None:
    start = text.index(words)
    assert excerpt(text, Span(start, start + len(words))) == shown


def test_a_claim_of_an_article_that_is_not_there_shows_its_evidence() -> None:
    data = json.loads(_embedded(render(CLAIMS, [])))
    assert "شاركت روسيا في أستانا 5" in data["texts"]
    assert data["articles"] == {}


def test_nothing_is_fetched_and_nothing_foreign_runs() -> None:
    page = html.unescape(render(CLAIMS, [ARTICLE]))
    markup = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", markup)
    assert "default-src 'none'" in markup
    assert "unsafe-inline" not in markup
    assert '<html lang="ar" dir="rtl">' in page


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_data(name: str) -> None:
    page = render([claim(Entity("x", Kind.PERSON, (name, name)), Predicate.ATTENDED, ASTANA_5, "أستانا 5")], [ARTICLE])
    assert not set("<>&\u2028\u2029") & set(_embedded(page))
    assert json.loads(_embedded(page))["entities"]


@given(st.text(max_size=60))
def test_plain_text_has_no_bidi_controls(text: str) -> None:
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", plain(text))


@settings(max_examples=50)
@given(st.text(alphabet="ابت .\n؟", min_size=1, max_size=1500), st.data())
def test_the_excerpt_holds_the_evidence_and_is_bounded(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 200)))
    before, marked, after = excerpt(text, Span(start, end))
    assert plain(marked) == plain(text[start:end])
    assert len(before) + len(after) <= CONTEXT + 2


# With a browser


def _need_browser() -> str:
    if BROWSER:
        return BROWSER
    if os.environ.get("KG_REQUIRE_BROWSER") == "1":
        pytest.fail("no chromium on this machine, and KG_REQUIRE_BROWSER=1 says that the page must be tested")
    pytest.skip("LEFT OUT: no chromium on this machine (Debian: apt-get install chromium)")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = _need_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()


class Opened:
    """A page in the browser, with all that it logged, threw or requested."""

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

    def show(self, path: pathlib.Path) -> Page:
        self.page.goto(path.as_uri())
        return self.page


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1300, "height": 850})
    shown = Opened(context.new_page())
    yield shown
    context.close()
    assert shown.troubles == []
    assert [url for url in shown.requests if not url.startswith("file:")] == []
    assert len(shown.requests) <= 1


@pytest.fixture
def page(opened: Opened, tmp_path: pathlib.Path) -> Page:
    path = tmp_path / "page.html"
    path.write_text(render(CLAIMS, [ARTICLE]), encoding="utf-8")
    return opened.show(path)


@pytest.mark.browser
@pytest.mark.model
def test_the_page_of_the_seeds(opened: Opened, graph: pathlib.Path) -> None:
    page = opened.show(graph / "page.html")
    assert page.locator("canvas").count() == 1
    rows = page.locator("#rows tr")
    rows.filter(has_text="محمد علوش").filter(has_text="أستانا 5").first.click()
    assert "لن يشارك" in page.locator("#details mark").first.inner_text()


@pytest.mark.browser
def test_an_edge_in_the_list_shows_its_sentence(page: Page) -> None:
    page.locator("#rows tr", has_text="محمد علوش").click()
    details = page.locator("#details")
    assert details.locator("mark").inner_text() == "لن يشارك محمد علوش في أستانا 5"
    for shown in ("عنوان الخبر", "صحيفة", "روسيا"):
        assert shown in details.inner_text()
    link = details.locator("a[href='https://example.org/a1']")
    assert link.get_attribute("rel") == "noopener noreferrer"


def _click_in_drawing(page: Page, spot: str) -> None:
    """Clicks where the network draws what the JavaScript expression ``spot`` gives, in its own coordinates."""
    point = page.evaluate(f"kg.network.canvasToDOM({spot})")
    box = page.locator("#canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + point["x"], box["y"] + point["y"])


@pytest.mark.browser
def test_an_edge_in_the_drawing_shows_its_sentence(page: Page) -> None:
    middle = """(() => {
        const [a, b] = ["russia", "astana-5"].map((id) => kg.network.getPosition(id));
        return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    })()"""
    _click_in_drawing(page, middle)
    page.locator("#details mark").wait_for()
    assert page.locator("#details mark").inner_text() == "شاركت روسيا في أستانا 5"


@pytest.mark.browser
def test_a_node_in_the_drawing_shows_its_relations_and_dates(page: Page) -> None:
    _click_in_drawing(page, "kg.network.getPosition('astana-5')")
    page.locator("#details h2", has_text="أستانا 5").wait_for()
    assert "تموز 2017" in page.locator("#details").inner_text()
    page.locator("#details .relation", has_text="محمد علوش").click()
    assert page.locator("#details mark").count() == 1
    page.go_back()
    page.locator("#details .relation").first.wait_for()
    assert page.locator("#details mark").count() == 0


@pytest.mark.browser
def test_evidence_after_emoji_is_marked_where_it_stands(opened: Opened, tmp_path: pathlib.Path) -> None:
    text = "😀😀 قال: شاركت روسيا في أستانا 5 أمس"
    made = claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, "شاركت روسيا", text=text)
    path = tmp_path / "page.html"
    path.write_text(render([made], [Article("a1", text)]), encoding="utf-8")
    page = opened.show(path)
    page.locator("#rows tr").click()
    assert page.locator("#details mark").inner_text() == "شاركت روسيا"
    assert page.locator("#details blockquote").inner_text() == text


@pytest.mark.browser
def test_the_page_folds_as_the_program_does(page: Page) -> None:
    texts = [
        "أَسْتَـانَة", "«جيش  الإسلام»،", "ٱلمؤتمر ٤٥", "Recep Tayyip ERDOGAN", "ﷲ ﻻ", "دي\u200fميستورا", "لجنة-دستورية",
        "گ ک ی",
    ]  # fmt: skip
    assert page.evaluate("(texts) => texts.map(kg.fold)", texts) == [fold(text) for text in texts]


@pytest.mark.browser
def test_a_graph_of_hundreds_is_drawn(opened: Opened, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(many(400), encoding="utf-8")
    page = opened.show(path)
    assert page.evaluate("kg.nodes.length") == 400
    assert page.locator("#rows tr").count() == 100
    page.locator("#more").click()
    assert page.locator("#rows tr").count() == 200


@pytest.mark.browser
def test_what_is_affirmed_and_denied_is_called_contradicted(opened: Opened, tmp_path: pathlib.Path) -> None:
    denied = claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, "أستانا 5 أمس", polarity=Polarity.NEGATIVE)
    path = tmp_path / "page.html"
    path.write_text(render([*CLAIMS, denied], [ARTICLE]), encoding="utf-8")
    page = opened.show(path)
    page.locator("#only").check()
    assert page.locator("#rows tr").count() == 1
    page.locator("#rows tr").click()
    assert page.locator("#details mark").count() == 2
    assert "متناقض" in page.locator("#details").inner_text()


@pytest.mark.browser
def test_search_finds_other_spellings(page: Page) -> None:
    page.locator("#search").fill("استانه 5".replace("ه", "ا"))
    page.locator("#found button").first.click()
    assert "أستانا 5" in page.locator("#details").inner_text()
    assert "2017" in page.locator("#details").inner_text()


@pytest.mark.browser
def test_english(page: Page) -> None:
    page.locator("#language").click()
    page.locator("html[lang=en]").wait_for()
    assert page.evaluate("document.documentElement.dir") == "ltr"
    assert "Mohammed Alloush" in page.locator("#rows").inner_text()
    body = page.locator("body").inner_text()
    assert all(shown in body for shown in ("Articles 1", "Round of talks", "was held on", "Most connected"))
    page.locator("#rows tr", has_text="Mohammed Alloush").click()
    assert "denied" in page.locator("#details").inner_text()
    page.locator("#language").click()
    page.locator("html[dir=rtl]").wait_for()
    assert "منفي" in page.locator("#details").inner_text()


@pytest.mark.browser
def test_filters_hide_what_is_denied(page: Page) -> None:
    before = page.locator("#rows tr").count()
    page.locator("#stances input[data-key=negative]").uncheck()
    page.locator("#rows tr").nth(before - 1).wait_for(state="detached")
    assert page.locator("#rows tr").count() == before - 1
    assert "محمد علوش" not in page.locator("#rows").inner_text()
    hidden = "kg.nodes.get({ filter: (node) => node.hidden }).map((node) => node.id)"
    assert page.evaluate(hidden) == ["mohammed-alloush"]
    page.locator("#stances input[data-key=negative]").check()
    page.locator("#kinds input[data-key=State]").uncheck()
    assert page.evaluate(hidden) == ["russia"]
    page.locator("#none").click()
    assert page.locator("#rows tr").count() == 0


@pytest.mark.browser
def test_the_keyboard_reaches_the_sentence(page: Page) -> None:
    page.locator("#rows button").first.focus()
    page.keyboard.press("Enter")
    page.locator("#details mark").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_shown_and_do_nothing(opened: Opened, tmp_path: pathlib.Path, name: str) -> None:
    text = f"{name} أستانا 5"
    hostile = Entity("x", Kind.PERSON, (name, name), known=False)
    made = claim(hostile, Predicate.ATTENDED, ASTANA_5, text, text=text, role=name)
    path = tmp_path / "page.html"
    path.write_text(render([made], [Article("a1", text, name, name, None, "javascript:alert(1)")]), encoding="utf-8")
    page = opened.show(path)
    page.locator("#rows tr").first.click()
    page.locator("#details mark").wait_for()
    assert page.title() != "pwned"
    assert page.locator("a[href^='javascript']").count() == 0
    assert plain(name)[:20].strip() in page.locator("#details").inner_text()


@pytest.mark.browser
def test_an_empty_graph_says_so(opened: Opened, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(render([], []), encoding="utf-8")
    assert "فارغ" in opened.show(path).locator("main").inner_text()


def test_the_labels_are_those_of_the_ontology() -> None:
    graph = rdflib.Graph().parse(folder("ontology") / "syria-talks.ttl")
    terms = {row.term: row for row in read_table(seed("labels.tsv"), Label)}
    missing = [term.value for term in (*Predicate, *Kind) if term.value not in terms]
    undeclared = [
        term.value
        for term in (*Predicate, *Kind)
        if not list(graph.objects(rdflib.URIRef(ONTOLOGY + term.value), rdflib.RDFS.label))
    ]
    assert (missing, undeclared) == ([], [])
