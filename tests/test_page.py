"""What the page is made of, without a browser: its data, its words, and that nothing in it can be taken for markup."""

from __future__ import annotations

import html
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.language.dates import Basis
from kg.model import Article, Entity, Modality, Polarity
from kg.page import Server, part, render
from kg.page.drawing import FIRST, WHOLE
from kg.page.looks import KINDS, TEMPLATES, families, labels, words
from kg.page.plain import CONTEXT, excerpt, plain
from kg.page.relations import by_weight, entities_of, relations_of
from kg.rdf import ONTOLOGY
from kg.resources import folder
from kg.span import Span
from kg.vocabulary import Kind, Predicate
from tests.page_factory import (
    ALLOUSH,
    ARTICLES,
    ASTANA_5,
    CLAIMS,
    HOSTILE,
    NEGATIVE,
    RUSSIA,
    claim,
    embedded,
    generated,
    generated_page,
)  # fmt: skip

KNOWN = {article.id: article for article in ARTICLES}


def test_the_same_bytes_in_any_order() -> None:
    assert render(CLAIMS, ARTICLES) == render(CLAIMS[::-1], ARTICLES[::-1])


def test_the_same_bytes_in_another_process() -> None:
    code = "import sys; from tests.page_factory import generated_page as g; sys.stdout.buffer.write(g(60).encode())"
    root = str(pathlib.Path(__file__).parent.parent)
    pages = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": root, "PYTHONHASHSEED": number}, capture_output=True, check=True,
        ).stdout
        for number in ("1", "2")
    ]  # fmt: skip
    assert pages[0] == pages[1]
    assert len(pages[0]) > 100_000


def test_every_term_has_a_label_a_look_and_a_family() -> None:
    assert {*Kind, *Predicate, *Polarity, *Modality, *Basis} <= set(labels())
    assert set(KINDS) == set(Kind)
    assert len(set(KINDS.values())) == len(KINDS)
    assert sorted(p for family in families() for p in family.predicates) == sorted(Predicate)
    assert len({family.color for family in families()}) == len(families())


def test_the_labels_are_those_of_the_ontology() -> None:
    graph = rdflib.Graph().parse(folder("ontology") / "syria-talks.ttl")
    declared = {str(subject) for subject in graph.subjects(rdflib.RDFS.label)}
    assert [term for term in (*Predicate, *Kind) if ONTOLOGY + term not in declared] == []


def test_every_word_of_the_page_is_in_the_table_in_both_languages() -> None:
    sources = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*") if path.suffix in (".js", ".jinja")]
    text = "\n".join(sources)
    used = set(re.findall(r'(?:say|word|labelled)\((?:"|tag, ")([a-z-]+)"\)', text))
    used |= set(re.findall(r'term\("([a-z-]+)", "word"\)', text))
    assert used - set(words()) == set()
    assert all(re.search("[\u0600-\u06ff]", ar + en) and re.search("[A-Za-z]", ar + en) for ar, en in words().values())


def test_a_small_graph_is_laid_out_whole_and_a_large_one_in_part() -> None:
    for size, placed in ((WHOLE, WHOLE), (WHOLE + 50, FIRST)):
        nodes = part(*generated(size))["nodes"]
        places = [(node["x"], node["y"]) for node in nodes if "x" in node]
        assert (len(nodes), len(places)) == (size, placed)
        assert len(set(places)) == placed
        assert all("x" in node for node in nodes[:placed])


def test_the_most_telling_come_first() -> None:
    entities = entities_of(CLAIMS)
    order = by_weight(entities, relations_of(CLAIMS, KNOWN))
    assert {order[0], order[1]} == {"astana-5", "astana-6"}
    assert order.index("factions") < order.index("mohammed-alloush")


def test_both_directions_of_a_symmetric_predicate_are_one_edge() -> None:
    met = [
        claim(RUSSIA, Predicate.MET_WITH, ALLOUSH, "شاركت روسيا"),
        claim(ALLOUSH, Predicate.MET_WITH, RUSSIA, "محمد علوش"),
    ]
    (edge,) = part(met, ARTICLES)["edges"]
    assert edge["arrows"] == ""
    assert [told[1] for told in edge["claims"]] == ["russia", "mohammed-alloush"]


def test_sources_are_independent_ones_and_make_the_line_wide() -> None:
    two = [
        claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, "شاركت روسيا"),
        claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, "الوفد الروسي"),
    ]
    assert [relation.sources for relation in relations_of(two, KNOWN)] == [2]
    one_outlet = {"a1": Article("a1", "", outlet="وكالة"), "a2": Article("a2", "", outlet="وكالة")}
    assert [relation.sources for relation in relations_of(two, one_outlet)] == [1]
    widths = {edge["sources"]: edge["width"] for edge in part(CLAIMS, ARTICLES)["edges"]}
    assert widths[2] > widths[1]


def test_two_towns_of_one_round_contradict_each_other() -> None:
    sochi = Entity("sochi", Kind.PLACE, ("سوتشي", "Sochi"))
    elsewhere = claim(ASTANA_5, Predicate.HELD_IN, sochi, "الجولة الخامسة")
    edges = {edge["to"]: edge for edge in part([*CLAIMS, elsewhere], ARTICLES)["edges"] if edge["p"] == "heldIn"}
    assert edges["sochi"]["contradicts"] == [edges["astana"]["id"]]


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
    page = render(CLAIMS, [])
    assert "شاركت روسيا في أستانا 5" in embedded(page, "evidence")["texts"]
    assert embedded(page)["articles"] == {}


def test_nothing_is_fetched_and_nothing_foreign_runs() -> None:
    page = html.unescape(render(CLAIMS, ARTICLES))
    markup = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", markup)
    assert "default-src 'none'" in markup
    assert "unsafe-inline" not in markup
    assert "connect-src" not in markup
    assert '<html lang="ar" dir="rtl">' in page


def test_a_served_page_may_ask_its_own_server_and_nobody_else() -> None:
    page = html.unescape(render(CLAIMS, ARTICLES, server=Server("near?id=", "find?q=")))
    assert "connect-src 'self';" in page
    assert embedded(page)["server"] == {"near": "near?id=", "find": "find?q=", "home": "", "entity": ""}


def test_the_page_of_a_thousand_nodes_is_small() -> None:
    assert len(generated_page(1000).encode()) < 3_000_000


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_stay_data(name: str) -> None:
    text = f"{name} أستانا 5"
    made = claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, text, text=text, role=name, polarity=NEGATIVE)
    page = render([made], [Article("a1", text, name, name, None, "javascript:alert(1)")])
    for key in ("data", "evidence"):
        block = re.search(rf'<script id="{key}"[^>]*>(.*?)</script>', page, re.DOTALL)
        assert block
        assert not set("<>&\u2028\u2029") & set(block[1])
        assert json.loads(block[1])
    assert page.encode("utf-8")


@given(st.text(max_size=60))
def test_plain_text_has_no_bidi_controls(text: str) -> None:
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\ud800-\udfff\ufffe\uffff\x00]", plain(text))


@settings(max_examples=50)
@given(st.text(alphabet="ابت .\n؟", min_size=1, max_size=1500), st.data())
def test_the_excerpt_holds_the_evidence_and_is_bounded(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 200)))
    before, marked, after = excerpt(text, Span(start, end))
    assert plain(marked) == plain(text[start:end])
    assert len(before) + len(after) <= CONTEXT + 2
