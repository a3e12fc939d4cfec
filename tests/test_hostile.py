"""Whatever a text holds, nothing crashes, slices are slices, and the time grows with its length alone."""

from __future__ import annotations

import contextlib
import datetime
import importlib.util
import itertools
import json
import pathlib
import re
import urllib.parse
from collections.abc import Callable

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings

from kg import jsonld, merge, queries, rdf, store
from kg.errors import QueryError, ReadError
from kg.ids import iri, new_slug, slug
from kg.language.arabic import fold, fold_with_offsets, key
from kg.language.boilerplate import boilerplate
from kg.language.sentences import sentences_of
from kg.language.timex import find_times
from kg.language.words import words_of
from kg.link import link
from kg.literals import url_term
from kg.model import Article
from kg.page.plain import line, plain
from kg.read import decode
from kg.records import claim_record, dump
from kg.relate import relate
from kg.reprints import shingles
from kg.sparql import check_read_only
from kg.tabular import claims_csv
from tests.factory import document
from tests.hostile import texts
from tests.pumped import UNITS, growth, seconds, text

DAY = datetime.date(2018, 7, 1)
LENGTH, LONG = 3_000, 100_000
SUSPICIOUS = 0.05
"""Seconds below which a growth is noise."""
STEEP, MOST_SECONDS = 3.2, 5.0

FUNCTIONS: dict[str, Callable[[str], object]] = {
    "sentences": lambda given: list(sentences_of(given)),
    "times": find_times,
    "words": words_of,
    "boilerplate": boilerplate,
    "fold": fold,
    "offsets": fold_with_offsets,
    "key": key,
    "new_slug": new_slug,
    "plain": plain,
    "line": line,
    "shingles": shingles,
    "url": lambda given: url_term("http://" + given.encode("utf-8", "ignore").decode("utf-8")),
    "nquads": lambda given: rdf.serialize_nquads([rdf.Quad("http://s", "http://p", rdf.Literal(given), "http://g")]),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_time_is_linear_in_what_is_repeated(name: str) -> None:
    run = FUNCTIONS[name]
    steep = []
    for unit in UNITS:
        found, long = growth(run, unit, LENGTH)
        if long > SUSPICIOUS and found > STEEP:
            found, long = growth(run, unit, LENGTH)  # a busy machine may have been in the way
            steep += [(unit, found, long)] * (found > STEEP)
    assert steep == []


PUMPED = ("أ.", "A.", "5،", "5 و", "تموز،", "الأول و", "الاثنين،", "مقالات ذات صلة\n", " ", "ـ", "أمس ", '"')


@pytest.mark.parametrize("unit", PUMPED)
def test_a_line_of_a_hundred_thousand_characters(unit: str) -> None:
    given = text(unit, LONG)
    for name in ("sentences", "times", "words", "boilerplate"):
        assert seconds(FUNCTIONS[name], given) < MOST_SECONDS, name


@pytest.mark.parametrize("unit", ["1-", "a.", "-", "<", '"', ")", "#"])
def test_a_query_of_a_hundred_thousand_characters(unit: str) -> None:
    def check(given: str) -> None:
        with contextlib.suppress(QueryError):
            check_read_only(f"SELECT * {{ ?a ?b {given} }}")

    assert seconds(check, text(unit, LONG)) < MOST_SECONDS


def test_a_word_that_is_elongated_without_end() -> None:
    given = "في 5 " + "ـ" * LONG + "ويوليو 2018"
    assert seconds(find_times, given) < MOST_SECONDS


@pytest.mark.parametrize("unit", UNITS)
def test_linking_and_relating_pumped_articles(unit: str) -> None:
    made = document(text(unit, 2000).replace("\x00", ""), published="2018-07-01")
    assert seconds(lambda _: relate(link(made)), "") < MOST_SECONDS


@given(texts)
def test_sentences_words_and_dates_are_slices(given: str) -> None:
    spans = list(sentences_of(given))
    assert all(span.of(given).strip() == span.of(given) != "" for span in spans)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    for time in find_times(given):
        assert 0 <= time.start < time.end <= len(given)
        time.resolve(DAY)
        time.resolve(None)
    assert all(word.span.of(given) for word in words_of(given))
    assert all(span.of(given) for span in boilerplate(given))
    folded, offsets = fold_with_offsets(given)
    assert (folded, len(folded)) == (fold(given), len(offsets))
    assert re.fullmatch(r"[a-z0-9-]+", new_slug(given))
    assert re.fullmatch(r"[a-z0-9-]*", slug(given))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(texts)
def test_claims_rest_on_slices_of_any_text(given: str) -> None:
    made = document(given, published="2018-07-01")
    for claim in relate(link(made)):
        assert claim.evidence.span.of(given) == claim.evidence.text
        json.loads(dump(claim_record(claim)))


@settings(max_examples=60)
@given(texts, texts, texts)
def test_exports_of_any_text_are_read_back(title: str, outlet: str, url: str) -> None:
    clean = [one.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "") for one in (title, outlet, url)]
    article = Article(id=clean[0] or "a", text="نص", title=clean[0], outlet=clean[1], url=clean[2])
    claims = relate(link(document("قصفت روسيا مدينة إدلب.", name=article.id)))
    quads = list(merge.merge(claims, [article], {}, model="m-0"))
    nquads = list(pyoxigraph.parse(rdf.serialize_nquads(quads), format=pyoxigraph.RdfFormat.N_QUADS))
    trig = list(pyoxigraph.parse(rdf.write_trig(quads), format=pyoxigraph.RdfFormat.TRIG))
    assert len(nquads) == len(set(quads)) == len(set(trig))
    json.loads(jsonld.write_jsonld(quads))
    claims_csv([claim_record(claim) for claim in claims])


@given(texts)
def test_any_bytes_are_text_or_refused(given: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        with contextlib.suppress(ReadError):
            decode(given.encode(encoding, "surrogatepass"))


@given(texts)
def test_no_parameter_breaks_out_of_its_query(given: str) -> None:
    with contextlib.suppress(QueryError):
        filled = queries.load("who-attended").fill({"round": given})
        assert f"VALUES ?round {{ <{iri(given.removeprefix('id:').removeprefix(iri('')))}> }}" in filled


@settings(max_examples=60)
@given(texts)
def test_any_query_is_answered_or_refused_and_never_writes(given: str) -> None:
    graph = pyoxigraph.Store()
    for sparql in (given, f"SELECT * {{ {given} }}", f'SELECT * {{ ?a ?b ?c FILTER(?c = "{given}") }}'):
        with contextlib.suppress(QueryError):
            store.query(graph, sparql)
    assert len(graph) == 0


@given(texts)
def test_an_address_is_an_iri_or_a_text(given: str) -> None:
    clean = given.encode("utf-8", "ignore").decode("utf-8")
    for url in (clean, f"http://{clean}", f"https://example.org/{clean}"):
        if isinstance(found := url_term(url), str):
            assert urllib.parse.urlsplit(found).scheme in ("http", "https")
            pyoxigraph.NamedNode(found)


VECTORS = "pretrain.py"
"""Loads word vectors, of which the embedded model has none; all files of any model are checked by their hashes before."""


def test_no_file_of_a_model_is_run_as_a_pickle() -> None:
    found = importlib.util.find_spec("stanza")
    assert found
    assert found.origin
    root = pathlib.Path(found.origin).parent / "models"
    used = [root / part for part in ("ner", "mwt", "tokenization", "common")]
    files = [file for part in used for file in part.rglob("*.py") if file.name != VECTORS]
    calls = [call for file in files for call in re.findall(r"torch\.load\(.*", file.read_text(encoding="utf-8"))]
    assert calls
    assert [call for call in calls if "weights_only=True" not in call and not call.endswith("#")] == []
