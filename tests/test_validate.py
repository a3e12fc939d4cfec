"""The shapes: every graph that is merged holds to them, and each of them can fail, in two engines alike."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import rdflib
from rdflib import RDF, SH

from kg import inference, store
from kg.errors import GraphError
from kg.ids import BASE, article_iri, iri
from kg.language.dates import Basis, Period, ResolvedDate
from kg.naming import ASSERTED, ENTITIES, INFERRED
from kg.rdf import ONTOLOGY, Literal, Quad, Term, serialize_nquads, term, typed
from kg.validate import Violation, data_text, report_text, report_turtle, shapes_text, validate
from kg.vocabulary import SIGNATURES, Kind, Predicate
from tests.graph_factory import ALLOUSH, ASTANA_5, KAZAKHSTAN, RUSSIA, claim, quads
from tests.test_named_queries import ARTICLES, CLAIMS

SHAPES: Any = rdflib.Graph().parse(data=shapes_text(), format="turtle")
PREFIX = f"{BASE}shapes#"
NAMED = sorted(
    str(shape).removeprefix(PREFIX)
    for shape in {*SHAPES.subjects(SH.message)}
    if isinstance(shape, rdflib.URIRef)
)  # fmt: skip
DAYS = ResolvedDate(Period("2017-07-04/2017-07-05"), Basis.TEXT)
OLD = iri("new-old")
GOOD = frozenset(
    {
        *quads(
            *CLAIMS,
            claim(RUSSIA, Predicate.BOYCOTTED, ASTANA_5, date=DAYS, says=KAZAKHSTAN),
            claim(ASTANA_5, Predicate.HELD_ON, Period("2017-07-01/2017-07-02")),
            claim(ASTANA_5, Predicate.HELD_ON, Period("2018"), source="a2"),
            articles=ARTICLES,
        ),
        Quad(OLD, term("dcterms:isReplacedBy"), iri("russia"), ENTITIES),
    }
)

Break = Callable[[], set[Quad]]


def first(kind: str, having: str) -> Quad:
    """A statement with this property of a node of this class, or of any node that has the property named as class."""
    nodes = {q.subject for q in GOOD if (q.predicate, q.object) == (term("rdf:type"), term(kind))}
    nodes = nodes or {q.subject for q in GOOD if q.predicate == term(kind)}
    return min((q for q in GOOD if q.subject in nodes and q.predicate == term(having)), key=str)


def drop(kind: str, name: str) -> Break:
    """The good graph without a property of a node."""

    def broken() -> set[Quad]:
        gone = first(kind, name)
        return {q for q in GOOD if (q.subject, q.predicate) != (gone.subject, gone.predicate)}

    return broken


def put(kind: str, name: str, value: Term, where: str = "") -> Break:
    """The good graph with one more value of a property of a node, which has the property ``where``."""

    def broken() -> set[Quad]:
        node = first(kind, where or name)
        return {*GOOD, Quad(node.subject, term(name), value, node.graph)}

    return broken


def swap(kind: str, name: str, value: Term) -> Break:
    """The good graph with another value of a property of a node."""

    def broken() -> set[Quad]:
        old = first(kind, name)
        return {q for q in GOOD if q != old} | {old._replace(object=value)}

    return broken


def unclaimed() -> set[Quad]:
    """A proposition that nobody affirms or denies."""
    node = first("st:Proposition", "rdf:subject").subject
    return {q for q in GOOD if q.object != node or q.predicate != term("st:proposition")}


NOWHERE = iri("nowhere")
DAY = typed("2017-07-04", "date")
CASES: dict[str, Break] = {
    "article-identifier": drop("st:Article", "dcterms:identifier"),
    "article-title": put("st:Article", "dcterms:title", Literal("عنوان ثان", "ar")),
    "article-issued": swap("st:Article", "dcterms:issued", typed("2017-02-30", "date")),
    "article-outlet": put("st:Article", "st:outlet", Literal("وسيلة ثانية")),
    "article-publisher": put("st:Article", "dcterms:publisher", NOWHERE),
    "article-url": put("st:Article", "schema:url", Literal("عنوان آخر")),
    "article-copyOf": swap("st:copyOf", "st:copyOf", NOWHERE),
    "outlet-name": drop("foaf:Organization", "foaf:name"),
    "claim-subject": swap("st:Claim", "rdf:subject", iri("idlib")),
    "claim-predicate": swap("st:Claim", "rdf:predicate", term("rdfs:seeAlso")),
    "claim-object": drop("st:Claim", "rdf:object"),
    "claim-objectUntil": put("st:Claim", "st:objectUntil", Literal("غدا"), "rdf:object"),
    "claim-proposition": swap("st:Claim", "st:proposition", NOWHERE),
    "claim-polarity": swap("st:Claim", "st:polarity", Literal("maybe")),
    "claim-modality": swap("st:Claim", "st:modality", Literal("maybe")),
    "claim-statedBy": swap("st:Claim", "st:statedBy", iri("idlib")),
    "claim-role": swap("st:Claim", "st:role", Literal("minister")),
    "claim-rule": swap("st:Claim", "st:rule", Literal("")),
    "claim-confidence": swap("st:Claim", "st:confidence", typed("1.2", "decimal")),
    "claim-eventDate": swap("st:Claim", "st:eventDate", typed("2017", "date")),
    "claim-eventUntil": swap("st:Claim", "st:eventUntil", typed("2017-08", "gYearMonth")),
    "claim-eventTime": swap("st:Claim", "st:eventTime", NOWHERE),
    "claim-basis": swap("st:Claim", "st:basis", Literal("guess")),
    "claim-precision": swap("st:Claim", "st:precision", Literal("decade")),
    "claim-evidence": drop("st:Claim", "oa:hasSelector"),
    "claim-article": swap("st:Claim", "prov:wasDerivedFrom", NOWHERE),
    "claim-activity": drop("st:Claim", "prov:wasGeneratedBy"),
    "dated-basis": drop("st:eventDate", "st:basis"),
    "dated-precision": drop("st:eventDate", "st:precision"),
    "dated-time": drop("st:eventDate", "st:eventTime"),
    "interval-precision": swap("st:eventUntil", "st:precision", Literal("day")),
    "interval-order": swap("st:eventUntil", "st:eventUntil", typed("2017-07-03", "date")),
    "evidence-start": swap("st:Evidence", "oa:start", typed("99999", "integer")),
    "evidence-end": swap("st:Evidence", "oa:end", Literal("end")),
    "evidence-exact": swap("st:Evidence", "oa:exact", Literal("")),
    "proposition-subject": drop("st:Proposition", "rdf:subject"),
    "proposition-predicate": put("st:Proposition", "rdf:predicate", term("st:accused")),
    "proposition-object": drop("st:Proposition", "rdf:object"),
    "proposition-claims": unclaimed,
    "proposition-sources": swap("st:Proposition", "st:independentSources", typed("-1", "integer")),
    "proposition-denials": drop("st:Proposition", "st:denyingSources"),
    "proposition-articles": swap("st:Proposition", "st:articleCount", typed("0", "integer")),
    "proposition-first": swap("st:Proposition", "st:firstReported", typed("2099-01-01", "date")),
    "proposition-last": put("st:Proposition", "st:lastReported", typed("2099-01-01", "date")),
    "proposition-asserted": swap("st:Proposition", "st:asserted", Literal("yes")),
    "proposition-disputed": drop("st:Proposition", "st:disputed"),
    "proposition-outlets": put("st:Proposition", "st:reportedBy", Literal("")),
    "proposition-contradicts": put("st:Proposition", "st:contradicts", NOWHERE),
    "entity-class": put("st:Person", "rdf:type", term("st:State")),
    "entity-known": put("st:Person", "st:known", Literal("yes")),
    "entity-label": drop("st:Person", "rdfs:label"),
    "entity-name": put("st:Person", "skos:prefLabel", Literal("اسم ثان", "ar")),
    "entity-wikidata": put("st:Person", "skos:exactMatch", "http://www.wikidata.org/entity/P31", "st:known"),
    "replaced-by": put("dcterms:isReplacedBy", "dcterms:isReplacedBy", iri("turkey")),
    "described-known": swap("dcterms:isReplacedBy", "dcterms:isReplacedBy", NOWHERE),
    "instant": put("time:Instant", "time:inXSDgYear", typed("2017", "gYear"), "rdf:type"),
    "span-beginning": drop("time:ProperInterval", "time:hasBeginning"),
    "span-end": swap("time:ProperInterval", "time:hasEnd", NOWHERE),
    "activity-program": drop("prov:Activity", "prov:wasAssociatedWith"),
    "activity-used": drop("prov:Activity", "prov:used"),
    "program-version": drop("prov:SoftwareAgent", "schema:softwareVersion"),
    "dataset-title": drop("void:Dataset", "dcterms:title"),
    "dataset-triples": swap("void:Dataset", "void:triples", typed("0", "integer")),
    "dataset-documents": drop("void:Dataset", "void:documents"),
    "dataset-distribution": drop("void:Dataset", "dcat:distribution"),
}
PARENTS = {"outlet-name": "article-publisher", "described-known": "replaced-by"}
"""Shapes of a node that another shape points to: the other one reports."""


def wrong(kinds: frozenset[Kind]) -> Term:
    """An entity of the graph that is of none of these kinds, or a text where a date is wanted."""
    ends = {Kind.PLACE: "idlib", Kind.PERSON: ALLOUSH.id, Kind.AGREEMENT: "de-escalation", Kind.ROUND: "astana-5"}
    return next((iri(name) for kind, name in ends.items() if kind not in kinds), Literal("غدا"))


def relation_case(predicate: Predicate, place: str) -> Break:
    """The good graph with a claim or an edge of the relation that joins what it may not."""
    signature, name = SIGNATURES[predicate], term(f"st:{predicate}")

    def broken() -> set[Quad]:
        if place == "claim":
            old = first("st:Claim", "rdf:predicate")
            changed = {q for q in GOOD if q != old and (q.subject, q.predicate) != (old.subject, term("rdf:subject"))}
            subject = Quad(old.subject, term("rdf:subject"), wrong(signature.domain), old.graph)
            return changed | {old._replace(object=name), subject}
        subject_iri = str(wrong(signature.domain)) if place == "subject" else iri("russia")
        target = wrong(signature.range) if place == "object" else iri("turkey")
        return {*GOOD, Quad(subject_iri, name, target, ASSERTED)}

    return broken


RELATIONS = {
    f"{predicate}-{place}": relation_case(predicate, place)
    for predicate in Predicate
    for place in ("claim", "subject", "object")
}


def check(found: set[Quad] | frozenset[Quad], folder: pathlib.Path) -> tuple[Violation, ...]:
    path = folder / "graph.nq"
    path.write_text(serialize_nquads(found), encoding="utf-8", newline="\n")
    return validate(path)


def test_the_good_graph_is_good(tmp_path: pathlib.Path) -> None:
    assert check(GOOD, tmp_path) == ()
    assert report_text(()) == "The graph holds to all shapes.\n"


@pytest.mark.parametrize("shape", NAMED)
def test_every_shape_can_fail(shape: str, tmp_path: pathlib.Path) -> None:
    found = check((CASES | RELATIONS)[shape](), tmp_path)
    assert PREFIX + PARENTS.get(shape, shape) in {violation.shape for violation in found}
    assert all(violation.message.endswith(".") for violation in found)


def test_every_case_is_of_a_shape_that_exists() -> None:
    assert set(CASES) | set(RELATIONS) == set(NAMED)


def test_both_engines_find_the_same_violations(tmp_path: pathlib.Path) -> None:
    from pyshacl import validate as by_pyshacl

    all_wrong = set(GOOD)
    for shape, broken in (CASES | RELATIONS).items():
        if shape in ("claim-eventDate", "claim-eventUntil"):
            continue  # what is no date or only a month: pySHACL still compares it with a day
        made = broken()
        all_wrong = (all_wrong - (GOOD - made)) | (made - GOOD)
    ours = {(violation.node, violation.message) for violation in check(all_wrong, tmp_path)}
    data = rdflib.Graph().parse(data=data_text(all_wrong), format="turtle")
    _, report, _ = by_pyshacl(data, shacl_graph=SHAPES, inference="none", advanced=False)
    assert isinstance(report, rdflib.Graph)
    theirs = {
        (str(report.value(node, SH.focusNode)), str(report.value(node, SH.resultMessage)))
        for node in report.subjects(RDF.type, SH.ValidationResult)
        if (None, SH.detail, node) not in report
    }
    assert ours == theirs
    assert len(ours) > 100


def test_the_report_says_which_node_which_article_and_what_to_do(tmp_path: pathlib.Path) -> None:
    node = first("st:Claim", "st:confidence")
    found = check(CASES["claim-confidence"](), tmp_path)
    text = report_text(found)
    assert text.startswith("1 violations of 1 shapes\n\nThe confidence of a claim is one xsd:decimal from 0 to 1.\n")
    assert f"{node.subject} st:confidence = 1.2  (in {node.graph.removeprefix(article_iri('x')[:-1])})" in text


def test_what_is_wrong_with_an_entity_is_found_in_the_articles_that_mention_it(tmp_path: pathlib.Path) -> None:
    (violation,) = check(CASES["entity-label"](), tmp_path)
    assert violation.articles == ("a1", "a6")
    assert "(in a1, a6)" in report_text([violation])


def test_a_long_report_is_cut_in_text_only(tmp_path: pathlib.Path) -> None:
    found = check({q for q in GOOD if q.predicate != term("st:rule")}, tmp_path)
    assert len(found) == len(CLAIMS) + 3
    assert f"... and {len(found) - 10} more" in report_text(found)
    assert report_turtle(tmp_path / "graph.nq").count("sh:focusNode") == len(found)


def test_a_file_that_is_no_graph_is_an_error(tmp_path: pathlib.Path) -> None:
    (tmp_path / "graph.nq").write_text("no quads\n", encoding="utf-8")
    for path in (tmp_path / "graph.nq", tmp_path / "none.nq"):
        with pytest.raises(GraphError, match="kg rebuild"):
            validate(path)


def test_the_generated_shapes_are_those_of_the_signatures() -> None:
    root = pathlib.Path(__file__).parent.parent
    command = [sys.executable, str(root / "scripts" / "make_shapes.py"), "--check"]
    assert subprocess.run(command, env={**os.environ, "PYTHONPATH": str(root)}, check=False).returncode == 0


def test_reading_and_writing_quads_are_inverse(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text(serialize_nquads(GOOD), encoding="utf-8", newline="\n")
    assert set(store.read_quads(path)) == GOOD


def test_what_follows_is_marked_and_new_and_holds_to_the_shapes(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text(serialize_nquads(GOOD), encoding="utf-8", newline="\n")
    found = inference.infer(path)
    inferred = {quad[:3] for quad in found if quad.graph == INFERRED}
    assert inferred.isdisjoint(quad[:3] for quad in GOOD)
    for name, value in (("rdf:type", ONTOLOGY + "Actor"), ("rdf:type", term("prov:Organization"))):
        assert (iri("russia"), term(name), value) in inferred
    assert (iri("astana-5"), ONTOLOGY + "attendedBy", iri("russia")) in inferred
    assert (iri("astana-5"), term("sem:hasActor"), iri("russia")) in inferred
    assert (iri("mohammed-alloush"), term("org:memberOf"), iri("jaysh-al-islam")) in inferred
    assert (INFERRED, term("prov:wasGeneratedBy")) in {quad[:2] for quad in found - inferred}
    assert not any(str(end).startswith("_:") for quad in found for end in quad)
    denied = {(q.subject, q.object) for q in GOOD if q.predicate == term("st:attended")}
    assert (iri("jaysh-al-islam"), iri("astana-5")) not in denied
    assert (iri("astana-5"), ONTOLOGY + "attendedBy", iri("jaysh-al-islam")) not in inferred
    loaded = inference.load(path)
    assert store.query(loaded, "ASK { GRAPH <https://w3id.org/syria-talks/graph/inferred> { ?x a st:Actor } }") is True
    (tmp_path / "all").mkdir()
    assert all(v.shape.endswith("entity-class") for v in check(GOOD | found, tmp_path / "all"))


def test_nothing_follows_from_nothing(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text("", encoding="utf-8")
    assert inference.infer(path) == set()
