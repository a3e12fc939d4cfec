"""Merging claims to RDF: which quads, which edges, and that both serializations carry any text unharmed."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import GraphError
from kg.ids import article_iri, iri
from kg.language.dates import Basis, Period, ResolvedDate
from kg.literals import url_term
from kg.merge import merge
from kg.model import Article, Claim, Entity
from kg.naming import ASSERTED, ENTITIES, PROVENANCE, claim_iri, proposition_iri, proposition_key, time_iri
from kg.rdf import ONTOLOGY, PREFIXES, Literal, Quad, Term, serialize_nquads, term, write_trig  # fmt: skip
from kg.vocabulary import SIGNATURES, Kind, Predicate
from tests.graph_factory import (
    ALLOUSH,
    ASTANA,
    ASTANA_5,
    GOVERNMENT,
    IDLIB,
    KAZAKHSTAN,
    MODEL,
    NEGATIVE,
    OPPOSITION,
    PLANNED,
    POSSIBLE,
    RUSSIA,
    TURKEY,
    WIKIDATA,
    article,
    claim,
    quads,
)  # fmt: skip

XSD = PREFIXES["xsd"]
LONG = "قصفت قوات النظام أحياء في مدينة إدلب ومحيطها صباح اليوم "
BLAME = claim(GOVERNMENT, Predicate.ATTACKED, IDLIB, says=OPPOSITION)


def edges(*claims: Claim, articles: list[Article] | None = None) -> set[tuple[str, str, Any]]:
    """The asserted edges as (subject, predicate, object) with namespaces cut off."""
    return {
        (q.subject.removeprefix(iri("")), q.predicate.removeprefix(ONTOLOGY), _bare(q.object))
        for q in quads(*claims, articles=articles)
        if q.graph == ASSERTED
    }


def _bare(value: Term) -> Any:
    return (
        (value.value, value.datatype.removeprefix(XSD)) if isinstance(value, Literal) else value.removeprefix(iri(""))
    )


def about(node: str, found: set[Quad]) -> dict[str, set[Term]]:
    """The properties of a node, as prefixed name -> set of objects."""
    rows: dict[str, set[Term]] = {}
    for quad in found:
        if quad.subject == node:
            rows.setdefault(quad.predicate, set()).add(quad.object)
    return rows


def test_a_claim_carries_all_that_it_says_in_the_graph_of_its_article() -> None:
    date = ResolvedDate(Period("2017-07-04/2017-07-05"), Basis.PUBLISHED)
    said = claim(
        ALLOUSH,
        Predicate.ATTENDED,
        ASTANA_5,
        polarity=NEGATIVE,
        modality=PLANNED,
        says=KAZAKHSTAN,
        date=date,
        start=7,
        role="رئيس",
    )
    found = quads(said)
    rows = about(claim_iri(said), found)
    assert {q.graph for q in found if q.subject == claim_iri(said)} == {article_iri("a1")}
    (evidence,) = rows.pop(term("oa:hasSelector"))
    (activity,) = rows.pop(term("prov:wasGeneratedBy"))
    assert rows == {
        term("rdf:type"): {term("st:Claim")},
        term("rdf:subject"): {iri("mohammed-alloush")},
        term("rdf:predicate"): {term("st:attended")},
        term("rdf:object"): {iri("astana-5")},
        term("st:polarity"): {Literal("negative")},
        term("st:modality"): {Literal("planned")},
        term("st:statedBy"): {iri("kazakhstan")},
        term("st:role"): {Literal("رئيس", "ar")},
        term("st:rule"): {Literal("attended.test")},
        term("st:confidence"): {Literal("0.8", datatype=XSD + "decimal")},
        term("st:proposition"): {proposition_iri(proposition_key(said))},
        term("st:eventDate"): {Literal("2017-07-04", datatype=XSD + "date")},
        term("st:eventUntil"): {Literal("2017-07-05", datatype=XSD + "date")},
        term("st:eventTime"): {time_iri("2017-07-04/2017-07-05")},
        term("st:basis"): {Literal("published")},
        term("st:precision"): {Literal("interval")},
        term("prov:wasDerivedFrom"): {article_iri("a1")},
    }
    assert about(str(evidence), found) == {
        term("rdf:type"): {term("st:Evidence")},
        term("oa:start"): {Literal("7", datatype=XSD + "integer")},
        term("oa:end"): {Literal(str(7 + len("قال المقال a1")), datatype=XSD + "integer")},
        term("oa:exact"): {Literal("قال المقال a1")},
    }
    assert {q.graph for q in found if q.subject == activity} == {PROVENANCE}


def test_an_unknown_publication_date_stays_unknown() -> None:
    rows = about(article_iri("a1"), quads(articles=[article(published=None, url="", outlet="", title="")]))
    assert set(rows) == {term("rdf:type"), term("dcterms:identifier")}


def test_an_article_graph_holds_its_own_claims_only() -> None:
    first = claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, source="a1")
    second = claim(TURKEY, Predicate.ATTENDED, ASTANA_5, source="a2")
    subjects = {q.subject for q in quads(first, second) if q.graph == article_iri("a2")}
    assert claim_iri(second) in subjects
    assert claim_iri(first) not in subjects


def test_a_claim_without_its_article_is_an_error() -> None:
    with pytest.raises(GraphError, match="article 'a1'"):
        list(merge([BLAME], [article("a2")], {}, model=MODEL))


def test_an_entity_has_class_names_and_its_wikidata_item_if_that_is_one() -> None:
    rows = about(iri("syrian-opposition"), quads(BLAME))
    assert rows == {
        term("rdf:type"): {term("st:GroupActor")},
        term("st:known"): {Literal("true", datatype=XSD + "boolean")},
        term("skos:prefLabel"): {Literal("المعارضة السورية", "ar"), Literal("Syrian opposition", "en")},
        term("skos:altLabel"): {Literal("المعارضة", "ar")},
        term("rdfs:label"): {Literal("المعارضة السورية", "ar")},
    }
    found = quads(claim(RUSSIA, Predicate.MET_WITH, TURKEY))
    assert about(iri("russia"), found)[term("skos:exactMatch")] == {"http://www.wikidata.org/entity/Q159"}
    assert term("skos:exactMatch") not in about(iri("turkey"), found)


def test_merged_entities_keep_all_names_and_one_preferred_name_a_language() -> None:
    one = Entity("new-x", Kind.PERSON, ("خالد المحاميد",), known=False)
    other = Entity("new-x", Kind.PERSON, ("خالد محاميد",), known=False)
    rows = about(
        iri("new-x"), quads(claim(one, Predicate.ATTENDED, ASTANA_5), claim(other, Predicate.BOYCOTTED, ASTANA_5))
    )
    assert rows[term("skos:prefLabel")] == {Literal("خالد المحاميد", "ar")}
    assert rows[term("skos:altLabel")] == {Literal("خالد محاميد", "ar")}
    assert rows[term("st:known")] == {Literal("false", datatype=XSD + "boolean")}


@pytest.mark.parametrize("fields", [{"polarity": NEGATIVE}, {"modality": PLANNED}, {"modality": POSSIBLE}])
def test_what_is_denied_planned_or_possible_never_becomes_an_edge(fields: dict[str, Any]) -> None:
    assert edges(claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, **fields)) == set()


def test_a_positive_actual_claim_becomes_an_edge_even_if_another_denies_it() -> None:
    said = claim(RUSSIA, Predicate.ATTENDED, ASTANA_5)
    denied = claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, source="a2", polarity=NEGATIVE)
    assert edges(said, denied) == {("russia", "attended", "astana-5")}


def test_symmetric_predicates_become_edges_in_both_directions() -> None:
    assert edges(claim(RUSSIA, Predicate.MET_WITH, TURKEY)) == {
        ("russia", "metWith", "turkey"),
        ("turkey", "metWith", "russia"),
    }


ATTACK = {("syria-government", "attacked", "idlib")}


@pytest.mark.parametrize(
    ("claims", "articles", "expected"),
    [
        pytest.param([BLAME], [article()], set(), id="one speaker"),
        pytest.param([claim(GOVERNMENT, Predicate.ATTACKED, IDLIB)], [article()], ATTACK, id="the outlet itself"),
        pytest.param(
            [BLAME, claim(GOVERNMENT, Predicate.ATTACKED, IDLIB, says=RUSSIA, source="a2")],
            [article(), article("a2")], ATTACK, id="two outlets",
        ),
        pytest.param(
            [BLAME, claim(GOVERNMENT, Predicate.ATTACKED, IDLIB, says=RUSSIA, start=5, words="أخرى")],
            [article()], set(), id="one article twice",
        ),
        pytest.param(
            [BLAME, claim(GOVERNMENT, Predicate.ATTACKED, IDLIB, says=RUSSIA, source="a2")],
            [article(outlet="وكالة"), article("a2", outlet="وكالة")], set(), id="one outlet, two articles",
        ),
        pytest.param(
            [BLAME, claim(GOVERNMENT, Predicate.ATTACKED, IDLIB, says=RUSSIA, source="a2")],
            [article(outlet=""), article("a2", outlet="")], ATTACK, id="two articles without outlet",
        ),
        pytest.param(
            [claim(GOVERNMENT, Predicate.ATTACKED, IDLIB, says=RUSSIA, source="a2", words=f"{LONG} «a1»."),
             claim(GOVERNMENT, Predicate.ATTACKED, IDLIB, says=OPPOSITION, words=f"{LONG} a1")],
            [article(), article("a2")], set(), id="the same long wording",
        ),
        pytest.param(
            [BLAME, claim(GOVERNMENT, Predicate.ATTACKED, IDLIB, says=RUSSIA, source="a2")],
            [article(text=LONG * 3), article("a2", text=f"{LONG * 3} زيادة")], set(), id="a reprint",
        ),
    ],
)  # fmt: skip
def test_blame_on_a_speakers_word_needs_two_outlets(
    claims: list[Claim], articles: list[Article], expected: Any
) -> None:
    assert edges(*claims, articles=articles) == expected


def test_an_attributed_claim_suffices_where_the_predicate_is_attributable() -> None:
    assert edges(claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, says=TURKEY)) == {("russia", "attended", "astana-5")}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2017-07-04", {("heldOn", ("2017-07-04", "date"))}),
        ("2017-07", {("heldOn", ("2017-07", "gYearMonth"))}),
        ("2017", {("heldOn", ("2017", "gYear"))}),
        ("2017-07-04/2017-07-05", {("heldOn", ("2017-07-04", "date")), ("heldUntil", ("2017-07-05", "date"))}),
    ],
)
def test_dates_keep_their_precision(value: str, expected: Any) -> None:
    found = edges(claim(ASTANA_5, Predicate.HELD_ON, Period(value)))
    assert found == {("astana-5", predicate, target) for predicate, target in expected}


def test_both_sides_of_a_contradiction_share_a_key() -> None:
    said = claim(RUSSIA, Predicate.AGREED_WITH, TURKEY)
    denied = claim(TURKEY, Predicate.AGREED_WITH, RUSSIA, source="a2", polarity=NEGATIVE)
    assert proposition_key(said) == proposition_key(denied)
    assert proposition_key(claim(RUSSIA, Predicate.ACCUSED, TURKEY)) != proposition_key(
        claim(TURKEY, Predicate.ACCUSED, RUSSIA)
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", None),
        ("https://example.org/خبر?id=1", "https://example.org/%D8%AE%D8%A8%D8%B1?id=1"),
        ("https://example.org/%zz%20> <x", "https://example.org/%25zz%20%3E%20%3Cx"),
        ("https://مثال.إختبار/", "https://xn--mgbh0fb.xn--kgbechtv/"),
        ("https://user:secret@example.org/", Literal("https://user:secret@example.org/")),
        ("http://[::1", Literal("http://[::1")),
        ("file:///etc/passwd", Literal("file:///etc/passwd")),
        ("//example.org/", Literal("//example.org/")),
        ("http://a> <b/", Literal("http://a> <b/")),
    ],
)  # fmt: skip
def test_addresses_are_iris_only_if_they_are_valid(url: str, expected: Any) -> None:
    assert url_term(url) == expected


CLAIMS = [
    claim(RUSSIA, Predicate.ATTENDED, ASTANA_5),
    claim(ASTANA_5, Predicate.HELD_IN, ASTANA),
    claim(RUSSIA, Predicate.MET_WITH, TURKEY, source="a2", says=OPPOSITION),
    BLAME,
]


def test_the_order_of_claims_does_not_matter() -> None:
    articles = [article("a1"), article("a2")]
    written = {
        serialize(merge(order, some, WIKIDATA, model=MODEL))
        for order in itertools.permutations(CLAIMS)
        for some in (articles, articles[::-1])
        for serialize in (serialize_nquads,)
    }
    assert len(written) == 1


def test_there_are_no_blank_nodes_and_no_carriage_returns() -> None:
    text = serialize_nquads(quads(*CLAIMS))
    assert "_:" not in text
    assert "\r" not in text
    assert text == "".join(sorted(set(text.splitlines(keepends=True))))


def test_every_predicate_can_be_written() -> None:
    target = {Kind.ROUND: ASTANA_5, Kind.PLACE: ASTANA, Kind.STATE: TURKEY, Kind.PERSON: ALLOUSH}
    for predicate, signature in SIGNATURES.items():
        end = next((target[k] for k in target if k in signature.range), Entity("x", Kind.AGREEMENT, ("اتفاق",)))
        subject = next(target[k] for k in target if k in signature.domain)
        made = claim(subject, predicate, end if signature.range else Period("2017"))
        assert about(claim_iri(made), quads(made))[term("rdf:predicate")] == {ONTOLOGY + predicate}


# ---- serializations, read back by two libraries

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text(
    st.sampled_from("\"'\\\n\r\t\x00\x0b\x1f\x7f\x85\u2028\u202e\ufeff\uffff<>@^.ab\U0001f600")
)
LITERALS = st.one_of(
    st.builds(Literal, TEXTS, st.just(""), st.just("")),
    st.builds(Literal, TEXTS, st.sampled_from(["ar", "en"]), st.just("")),
    st.builds(Literal, TEXTS, st.just(""), st.just("http://example.org/type")),
    st.sampled_from([Literal("2017", datatype=XSD + "gYear"), Literal("0.8", datatype=XSD + "decimal")]),
)
IRIS = st.one_of(
    st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).map(iri),
    st.sampled_from([term("rdf:type"), ONTOLOGY, ONTOLOGY + "a.b", "http://example.org/%20?q=(x)#'y"]),
    TEXTS.map(lambda text: url_term(f"https://example.org/{text}")).filter(lambda value: isinstance(value, str)),
)
QUADS = st.lists(st.builds(Quad, IRIS, IRIS, IRIS | LITERALS, IRIS), max_size=6)


def by_pyoxigraph(text: str, form: pyoxigraph.RdfFormat) -> set[Quad]:
    def back(value: Any) -> Term:
        if isinstance(value, pyoxigraph.NamedNode):
            return value.value
        plain = value.language or value.datatype.value == XSD + "string"
        return Literal(value.value, value.language or "", "" if plain else value.datatype.value)

    parsed = pyoxigraph.parse(text.encode(), format=form)
    return {Quad(q.subject.value, q.predicate.value, back(q.object), q.graph_name.value) for q in parsed}


def by_rdflib(text: str, form: str) -> set[Quad]:
    def back(value: Any) -> Term:
        if isinstance(value, rdflib.URIRef):
            return str(value)
        return Literal(str(value), value.language or "", str(value.datatype or ""))

    data = rdflib.Dataset()
    data.parse(data=text, format=form)
    return {Quad(str(s), str(p), back(o), str(g)) for s, p, o, g in data.quads()}


@given(QUADS)
def test_any_quads_survive_n_quads(made: list[Quad]) -> None:
    text = serialize_nquads(made)
    assert by_pyoxigraph(text, pyoxigraph.RdfFormat.N_QUADS) == set(made)
    assert by_rdflib(text, "nquads") == set(made)
    assert re.fullmatch(r"([^\n\r]* \.\n)*", text)


@given(QUADS)
def test_any_quads_survive_trig(made: list[Quad]) -> None:
    text = write_trig(made)
    assert by_pyoxigraph(text, pyoxigraph.RdfFormat.TRIG) == set(made)
    assert by_rdflib(text, "trig") == set(made)
    assert write_trig(reversed(made)) == text


def test_a_hostile_article_writes_nothing_but_its_own_words() -> None:
    evil = '" . <http://evil> <http://evil> <http://evil> <http://evil> .\n\\'
    made = quads(
        claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, words=evil, source=evil, role=evil, rule=evil),
        articles=[article(evil, title=evil, outlet=evil, url=f"https://example.org/{evil}")],
    )
    for text, form in (
        (serialize_nquads(made), pyoxigraph.RdfFormat.N_QUADS),
        (write_trig(made), pyoxigraph.RdfFormat.TRIG),
    ):
        assert by_pyoxigraph(text, form) == made
    assert not any("evil>" in q.subject + q.predicate + q.graph for q in made)


def test_trig_is_readable() -> None:
    text = write_trig(
        [
            Quad(iri("russia"), term("st:attended"), iri("astana-5"), ASSERTED),
            Quad(iri("russia"), term("skos:prefLabel"), Literal("روسيا", "ar"), ENTITIES),
        ]
    )
    assert text.partition("\n\n")[2] == (
        "<https://w3id.org/syria-talks/graph/asserted> {\n  id:russia st:attended id:astana-5 .\n}\n\n"
        '<https://w3id.org/syria-talks/graph/entities> {\n  id:russia skos:prefLabel "روسيا"@ar .\n}\n'
    )
