"""The pages as they are sent: what they say, in which language and form, and that whatever they show is shown as text."""

from __future__ import annotations

import html.parser
import json
import pathlib
import re
import tempfile
import xml.sax
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
import rdflib
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kg import queries
from kg.ids import BASE, article_iri, iri, slug
from kg.merge import claim_iri
from kg.model import Article, Entity
from kg.page import Server as PageServer
from kg.page import render
from kg.page.plain import plain
from kg.serve import explorer, stored
from kg.serve.library import open_library
from kg.vocabulary import Kind, Predicate
from tests.graph_factory import ASTANA_5
from tests.serving import ARTICLE, CLAIMS, OTHER, Answered, Server, folder, serving, told

PAGE = {"accept": "text/html"}
GRAPHS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}
CLAIM = "/" + claim_iri(CLAIMS[1]).removeprefix(BASE)
ARTICLE_PATH = "/" + article_iri("a1").removeprefix(BASE)
PATHS = [
    "/", "/articles", "/kind/Round", "/kind/Person", "/id/astana-5", "/id/russia?predicate=attended", CLAIM, ARTICLE_PATH,
    "/query", "/query?name=who-attended&round=astana-6", "/graph/asserted", "/search?" + urlencode({"q": "النظام"}),
    "/id/nothing", "/nowhere",
]  # fmt: skip


class Read(html.parser.HTMLParser):
    """A page taken apart: its elements with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.said = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.said += data

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def words(self) -> str:
        return " ".join(self.said.split())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(folder(tmp_path_factory.mktemp("pages") / "graph")) as running:
        yield running


def page(server: Server, target: str, **headers: str) -> Read:
    return Read(server.ask(target, **{**PAGE, **headers}).text)


# What they say


def test_an_entity(server: Server) -> None:
    read = page(server, "/id/astana-5")
    assert "… شارك في محمد علوش منفي مُزمع روسيا منفي 1 مُثبَت 1" in read.words
    assert "عُقد بتاريخ … 2017-07-04/2017-07-05" in read.words
    assert "شاركت روسيا في أستانا 5 أمس." in read.words
    assert "بحسب روسيا" in read.words
    assert "الادعاءات 5" in read.words
    assert "الادعاءات 3" not in read.words


def test_an_entity_shows_the_claims_of_one_relation(server: Server) -> None:
    read = page(server, "/id/astana-5?predicate=heldIn")
    assert "الادعاءات 1" in read.words
    assert "وعُقدت أستانا 5 في أستانا." in read.words
    assert server.ask("/id/astana-5?predicate=nope", **PAGE).status == 404


def test_a_claim_with_its_sentence_marked(server: Server) -> None:
    answer = server.ask(CLAIM, **PAGE)
    assert re.search(
        r"<blockquote dir=\"auto\"> ?<mark>ولن يشارك محمد علوش في أستانا 5</mark>، بحسب روسيا.</blockquote>",
        answer.text,
    )
    read = Read(answer.text)
    assert "منفي" in read.words
    assert "attended.test" in read.words
    assert "ادعاءات أخرى" not in read.words


def test_a_claim_names_the_others_of_the_same_thing(server: Server) -> None:
    read = page(server, "/" + claim_iri(CLAIMS[0]).removeprefix(BASE))
    assert "ادعاءات أخرى عن الأمر نفسه" in read.words
    assert "لم تشارك روسيا في أستانا 5" in read.words


def test_an_article_with_its_evidence_marked(server: Server) -> None:
    answer = server.ask(ARTICLE_PATH, **PAGE)
    assert '<a class="mark" href="/claim/' in answer.text
    read = Read(answer.text)
    assert ARTICLE.text.replace("\n", "") in read.said.replace("\n", "")
    assert "صحيفة" in read.words
    assert {"href": "https://example.org/a1", "dir": "ltr", "rel": "external noreferrer nofollow"} in read.of("a")


def test_the_first_page_and_the_lists(server: Server) -> None:
    assert {"/kind/Round", "/id/astana-5", "/id/mohammed-alloush"} <= {a.get("href") for a in page(server, "/").of("a")}
    assert {"/id/astana-5", "/id/astana-6"} <= {a.get("href") for a in page(server, "/kind/Round").of("a")}
    assert ARTICLE_PATH in {a.get("href") for a in page(server, "/articles").of("a")}
    assert server.ask("/kind/Dragon", **PAGE).status == 404


@pytest.mark.parametrize("words", ["النظام", "نظام", "للنِّظَام", "وفد نظام", "نظا", "أستانا نظام", "اســتانا وفد"])
def test_search_is_blind_to_spelling(server: Server, words: str) -> None:
    read = page(server, "/search?" + urlencode({"q": words}))
    assert "وقال وفد للنظام إنه سيحضر أستانا 6." in read.words
    assert any(a.get("href", "").startswith(f"{ARTICLE_PATH}#c") for a in read.of("a"))


def test_search_finds_names_in_both_languages_and_says_when_there_is_nothing(server: Server) -> None:
    for words in ("علوش", "alloush", "MOHAMMED all", "محمد عَلّوش"):
        assert "/id/mohammed-alloush" in {
            a.get("href") for a in page(server, "/search?" + urlencode({"q": words})).of("a")
        }
    for words in ("كوكب", '"', "النظام كوكب", "AND", "*", "نظام NOT وفد"):
        assert "لم يُعثر على شيء." in page(server, "/search?" + urlencode({"q": words})).words


def test_a_search_of_many_hits_has_pages(tmp_path: pathlib.Path) -> None:
    article = Article("long", "".join(f"حضر الوفد رقم {n}. " for n in range(120)))
    with serving(folder(tmp_path / "graph", (), [article])) as server:
        seen = ""
        for number in (1, 2, 3):
            read = page(server, f"/search?q={quote('الوفد')}&page={number}")
            assert f"صفحة {number} من 3" in read.words
            seen += read.words
        assert all(f"رقم {n}." in seen for n in range(120))


def test_the_query_page_lists_the_named_queries_and_fills_them(server: Server) -> None:
    read = page(server, "/query?name=who-attended&round=astana-6")
    for query in queries.available():
        assert query.name in read.words
        assert " ".join(query.arabic.split()) in read.words
    assert "VALUES ?round { <https://w3id.org/syria-talks/id/astana-6> }" in read.said
    assert {"name": "round", "dir": "ltr", "value": "astana-6"} in read.of("input")
    for bad in ("?name=nope", "?name=who-attended&round=%3Cx%3E"):
        assert server.ask(f"/query{bad}", **PAGE).status == 400


def test_every_named_query_runs_as_the_page_offers_it(server: Server) -> None:
    for query in queries.available():
        assert server.query(query.sparql).status == 200


def test_what_the_editor_completes(server: Server) -> None:
    found = json.loads(server.ask("/vocabulary.json").body)
    assert found["prefixes"]["st"] == f"{BASE}ontology#"
    assert {f"{BASE}ontology#{name}" for name in Predicate} <= set(found["properties"])
    assert f"{BASE}ontology#Round" in found["classes"]
    assert found["labels"][f"{BASE}ontology#attended"] == "شارك في"


def test_the_claims_of_an_entity_and_the_entities_of_a_kind_have_pages(tmp_path: pathlib.Path) -> None:
    guests = [Entity(f"guest-{n}", Kind.PERSON, (f"ضيف {n}",)) for n in range(70)]
    claims = [told(ARTICLE, guest, Predicate.ATTENDED, ASTANA_5, "شاركت روسيا في أستانا 5") for guest in guests]
    with serving(folder(tmp_path / "graph", claims, [ARTICLE])) as server:
        assert "صفحة 1 من 2" in page(server, "/kind/Person").words
        assert "ضيف 9" in page(server, "/kind/Person?page=2").words
        assert page(server, "/id/astana-5?page=2").of("ol")[0] == {"class": "claims", "start": "51"}


def test_the_explorer_page_is_made_of_the_claims_as_they_were(server: Server, tmp_path: pathlib.Path) -> None:
    """What is read back out of the graph makes the same page as the claims themselves."""
    graph = folder(tmp_path / "graph")
    with tempfile.TemporaryDirectory() as scratch:
        library = open_library(graph, pathlib.Path(scratch))
        found = json.loads(json.dumps(explorer.first(library)))
        library.index.close()
    claims, articles = stored.values(found)
    assert sorted(claims, key=lambda claim: claim.id) == sorted(CLAIMS, key=lambda claim: claim.id)
    assert render(claims, articles) == render(CLAIMS, [ARTICLE, OTHER])
    served = PageServer("/near?id=", "/find?name=", home="/", entity="/id/")
    assert server.ask("/explore").text == render(CLAIMS, [ARTICLE, OTHER], server=served)


def test_the_explorer_page_has_a_policy_of_its_own_and_no_other_page(server: Server) -> None:
    assert server.ask("/explore", **PAGE).headers["content-security-policy"] == "frame-ancestors 'none'"
    for gone in ("/page", "/explore/id/russia", "/neighbours/russia", "/relation/russia/metWith/turkey"):
        assert server.ask(gone, **PAGE).status == 404


def test_pages_lead_to_the_explorer_in_their_language(server: Server) -> None:
    for language, start in (("ar", "/explore"), ("en", "/explore#lang=en")):
        links = [link.get("href") for link in page(server, f"/id/astana-5?lang={language}").of("a")]
        assert start in links
        assert ("/explore#id=astana-5" if language == "ar" else f"{start}&id=astana-5") in links


def test_the_explorer_page_gets_what_it_asks_for(server: Server) -> None:
    near = json.loads(server.ask("/near?id=turkey").body)
    assert {node["id"] for node in near["nodes"]} == {"turkey", "russia"}
    assert [edge["p"] for edge in near["edges"]] == ["metWith"]
    found = json.loads(server.ask("/find?name=" + quote("محمد عَلّوش")).body)
    assert {node["id"] for node in found["nodes"]} == {"mohammed-alloush", "astana-5", "russia"}
    assert json.loads(server.ask("/find?name=%2F%22").body)["nodes"] == []
    assert server.ask("/near?id=nothing").status == server.ask("/near?id=%3C").status == 404


# Languages and forms


@pytest.mark.parametrize("target", PATHS[:-2])
def test_arabic_first_and_english_if_asked(server: Server, target: str) -> None:
    arabic = page(server, target)
    assert arabic.of("html") == [{"lang": "ar", "dir": "rtl"}]
    joint = "&" if "?" in target else "?"
    answer = server.ask(f"{target}{joint}lang=en", **PAGE)
    english = Read(answer.text)
    assert english.of("html") == [{"lang": "en", "dir": "ltr"}]
    assert page(server, target, cookie=answer.headers["set-cookie"].partition(";")[0]).of("html") == english.of("html")
    assert "Skip to content" in english.words
    of_the_graph = (
        r"<(bdi|blockquote|textarea|title|h1 dir|div class=\"fulltext\").*?</(bdi|blockquote|textarea|title|h1|div)>"
    )
    chrome = re.sub(of_the_graph, "", answer.text, flags=re.DOTALL)
    assert re.findall("[\u0621-\u064a]+", Read(chrome).said.replace("العربية", "")) == []


@pytest.mark.parametrize("media", GRAPHS)
@pytest.mark.parametrize("path", ["/id/astana-5", CLAIM, ARTICLE_PATH, "/graph/entities"])
def test_rdf_for_those_who_ask_for_it(server: Server, path: str, media: str) -> None:
    answer = server.ask(path, accept=f"{media}, text/html;q=0.5")
    assert (answer.status, answer.media) == (200, media)
    found = rdflib.Graph().parse(data=answer.body, format=GRAPHS[media])
    subjects = {str(subject) for subject in found.subjects()}
    assert BASE + path[1:] in subjects or path == "/graph/entities"
    assert len(found) > 5


def test_a_page_names_its_other_forms(server: Server) -> None:
    answer = server.ask("/id/astana-5")
    assert answer.media == "text/html"
    assert '</id/astana-5?format=ttl>; rel="alternate"; type="text/turtle"' in answer.headers["link"]
    assert "Accept" in answer.headers["vary"]
    assert server.ask("/id/astana-5?format=nt").media == "application/n-triples"
    assert server.ask("/id/astana-5", accept="image/png").status == 406
    assert server.ask("/id/nothing", accept="text/turtle").status == 404
    assert server.ask("/ontology").media == "text/turtle"


@pytest.mark.parametrize(
    "target", ["/id/%3Cx%3E", "/id/a%20b", "/claim/%22%7D%20DROP", "/article/..%2f..%2fetc", "/id/"]
)
def test_strange_addresses_find_nothing(server: Server, target: str) -> None:
    for accept in ("text/html", "text/turtle"):
        assert server.ask(target, accept=accept).status == 404


@pytest.mark.parametrize(
    "target", ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd"]
)
def test_static_files_are_only_those(server: Server, target: str) -> None:
    assert server.ask(target).status == 404


@pytest.mark.parametrize("target", PATHS)
def test_scripts_and_styles_come_only_from_files(server: Server, target: str) -> None:
    answer = server.ask(target, **PAGE)
    assert "script-src 'self'; style-src 'self'" in answer.headers["content-security-policy"]
    check_parts(Read(answer.text))


def check_parts(read: Read) -> None:
    """Nothing in the page runs, loads or styles but our own files."""
    for tag, attributes in read.elements:
        assert TAGS.fullmatch(tag), tag
        assert not [name for name in attributes if name.startswith("on") or name == "style"], attributes
        for name in ("href", "src", "action"):
            assert re.match(r"/|#|https?://|$", attributes.get(name, "")), attributes
    for script in read.of("script"):
        assert script.get("src", "").startswith("/static/") or script.get("type") == "application/json"


TAGS = re.compile(
    "html|head|meta|title|link|script|body|a|header|form|input|button|nav|main|h[123]|section|[uod]l|li|p|b|small|bdi|time|span|"
    "blockquote|mark|details|summary|div|d[td]|pre|label|textarea|code"
)


# Whatever a text says


PIECES = [
    "<img src=x onerror=document.title='pwned'>", "</script><script>document.title='pwned'</script>", "{{7*7}}", "${7*7}",
    "{% raw %}",
    "\u202eevil\u202c", "\u2066\u2069", "\u200b\u200d\ufeff", "\u2028", "'\"><svg onload=alert(1)>", "</textarea>", "</title>",
    "&lt;&#60;",
    "javascript:alert(1)", "x" * 10_000, "\x01\x0b\x1f", "\ufffe\uffff", "]]>", "<!--", "\r\n", "=1+1", "\\", "$&", "%s%n",
    "\x85", "\udfff",
]  # fmt: skip
TEXTS = st.lists(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=20), min_size=1, max_size=4).map("".join),
    min_size=8,
    max_size=8,
)
CLEAN = re.compile("[\x00\ud800-\udfff]")


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.reuse, Phase.generate])
@given(texts=TEXTS)
def test_every_text_is_shown_as_text(texts: list[str]) -> None:
    name, latin, title, outlet, url, body, role, sought = (CLEAN.sub("\ufffd", text) for text in texts)
    article = Article(f"id {title}", f"{body} حضر.", title, outlet, None, f"https://example.org/{url}")
    who = Entity("someone", Kind.PERSON, (f"ا{name}", f"A{latin}"))
    where = Entity("astana-5", Kind.ROUND, (f"{name} أستانا", f"{latin} Astana"))
    made = told(article, who, Predicate.ATTENDED, where, article.text, role=role, says=who)
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving(folder(pathlib.Path(scratch, "graph"), [made], [article])) as server,
    ):
        claim, home = "/" + claim_iri(made).removeprefix(BASE), f"/article/{slug(article.id)}"
        for target in (
            claim,
            home,
            "/id/someone",
            "/id/astana-5",
        ):
            for language in ("ar", "en"):
                shows(server.ask(f"{target}?lang={language}", **PAGE), who.names[language == "en"])
        shows(server.ask(home, **PAGE), title, outlet, article.text)
        shows(server.ask(claim, **PAGE), article.text, role)
        shows(server.ask("/search?" + urlencode({"q": sought}), **PAGE), sought)
        shows(server.ask("/search?" + urlencode({"q": f"{sought} حضر"}), **PAGE), sought)
        query = f"SELECT * {{}} # {sought}"
        asked = Read(server.ask("/query?" + urlencode({"query": query}), **PAGE).text)
        check_parts(asked)
        assert squeeze(query) in squeeze(asked.said)
        shows(server.ask("/nowhere/" + quote(sought, safe=""), **PAGE))
        exports(server, who)


def shows(answer: Answered, *texts: str) -> None:
    read = Read(answer.text)
    check_parts(read)
    said = squeeze(read.said + "".join(attributes.get("value", "") for attributes in read.of("input")))
    for text in texts:
        assert squeeze(plain(text)) in said


def squeeze(text: str) -> str:
    """A text without what white space and HTML's treatment of it may change."""
    return re.sub(r"\s", "", text)


def well_formed(answer: Answered) -> None:
    xml.sax.parseString(answer.body, xml.sax.ContentHandler())  # noqa: S317 it is our own server's


def exports(server: Server, who: Entity) -> None:
    """Every format gives the names as they are; XML, which cannot hold all characters, is well-formed."""
    names = set(who.names)
    for media, form in GRAPHS.items():
        answer = server.ask("/id/someone", accept=media)
        if form == "xml":
            well_formed(answer)
            continue
        found = rdflib.Graph().parse(data=answer.body, format=form)
        assert {
            str(o) for o in found.objects(rdflib.URIRef(iri("someone"))) if isinstance(o, rdflib.Literal) and o.language
        } == names
    query = "SELECT ?t { id:someone skos:prefLabel|skos:altLabel ?t }"
    rows = json.loads(server.query(query).body)["results"]["bindings"]
    assert {row["t"]["value"] for row in rows} == names
    well_formed(server.query(query, accept="application/sparql-results+xml"))
    for form in ("csv", "tsv"):
        assert server.ask(f"/sparql?format={form}&" + urlencode({"query": query})).status == 200
