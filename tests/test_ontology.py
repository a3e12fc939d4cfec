"""The ontology agrees with the code's vocabulary, explains each term in two languages, and covers what merge writes."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, XSD, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.language.dates import Basis, Period, Precision, ResolvedDate
from kg.model import Claim, Entity, Modality, Polarity
from kg.rdf import ONTOLOGY, PREFIXES, Literal, term
from kg.resources import folder
from kg.vocabulary import SIGNATURES, Kind, Predicate
from kg.vocabulary import TERMS as VOCABULARY
from tests.graph_factory import ALLOUSH, ASTANA, ASTANA_5, KAZAKHSTAN, RUSSIA, TURKEY, article, claim, quads

ST = rdflib.Namespace(ONTOLOGY)
PREFIX = re.compile(r"@prefix (\w+):\s+<([^>]*)>")
DIRECTORY = folder("ontology")
TEXT = (DIRECTORY / "syria-talks.ttl").read_text(encoding="utf-8")
GRAPH: Any = rdflib.Graph().parse(data=TEXT, format="turtle")
TERMS = sorted({s for s in GRAPH.subjects(RDF.type) if str(s).startswith(ONTOLOGY)})
CLASSES = {s for s in GRAPH.subjects(RDF.type, OWL.Class) if isinstance(s, URIRef)}
PROPERTIES = {t for t in TERMS if t not in CLASSES}
RELATIONS = {ST[predicate] for predicate in Predicate}


def members(node: Node) -> set[Node]:
    """The named classes or datatypes of a union, or the node itself."""
    union = GRAPH.value(node, OWL.unionOf)
    return set(Collection(GRAPH, union)) if union and not isinstance(node, URIRef) else {node}


def kinds(node: Node) -> set[Kind]:
    """The kinds of entities that a domain or range admits: its members and their subclasses."""
    below = {sub for member in members(node) for sub in GRAPH.transitive_subjects(RDFS.subClassOf, member)}
    return {Kind(name) for name in (str(c).removeprefix(ONTOLOGY) for c in below) if name in set(Kind)}


@pytest.mark.parametrize("term", TERMS)
def test_every_term_has_a_label_and_a_definition_in_both_languages(term: URIRef) -> None:
    for prop in (RDFS.label, SKOS.definition):
        texts = list(GRAPH.objects(term, prop))
        assert sorted(text.language for text in texts) == ["ar", "en"]
        for text in texts:
            assert bool(re.search("[\u0600-\u06ff]", text)) is (text.language == "ar"), text
    assert all(str(text).endswith(".") for text in GRAPH.objects(term, SKOS.definition))


def test_labels_are_unique_among_classes_and_among_properties() -> None:
    for group in (CLASSES, PROPERTIES):
        labels = [label for term in group for label in GRAPH.objects(term, RDFS.label)]
        assert len(labels) == len(set(labels))


@pytest.mark.parametrize("prop", sorted(PROPERTIES))
def test_every_property_has_one_domain_and_one_range(prop: URIRef) -> None:
    assert len(list(GRAPH.objects(prop, RDFS.range))) == 1
    assert len(list(GRAPH.objects(prop, RDFS.domain))) == 1


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_a_class(kind: Kind) -> None:
    assert ST[kind] in CLASSES


@pytest.mark.parametrize("predicate", Predicate)
def test_every_predicate_agrees_with_its_signature(predicate: Predicate) -> None:
    node, signature = ST[predicate], SIGNATURES[predicate]
    target = GRAPH.value(node, RDFS.range)
    assert kinds(GRAPH.value(node, RDFS.domain)) == signature.domain
    assert kinds(target) == signature.range
    assert ((node, RDF.type, OWL.SymmetricProperty) in GRAPH) is signature.symmetric
    assert GRAPH.value(node, ST.attributable).toPython() is signature.attributable
    assert (node, RDF.type, OWL.ObjectProperty if signature.range else OWL.DatatypeProperty) in GRAPH
    if not signature.range:
        assert members(target) == {XSD.date, XSD.gYearMonth, XSD.gYear}


@pytest.mark.parametrize("predicate", [p for p in Predicate if SIGNATURES[p].range and not SIGNATURES[p].symmetric])
def test_every_directed_relation_has_an_inverse_with_the_ends_exchanged(predicate: Predicate) -> None:
    (inverse,) = GRAPH.subjects(OWL.inverseOf, ST[predicate])
    assert kinds(GRAPH.value(inverse, RDFS.domain)) == SIGNATURES[predicate].range
    assert kinds(GRAPH.value(inverse, RDFS.range)) == SIGNATURES[predicate].domain


def test_only_the_predicates_of_the_code_are_relations() -> None:
    assert {str(s).removeprefix(ONTOLOGY) for s in GRAPH.subjects(ST.attributable)} == set(Predicate)


@pytest.mark.parametrize(
    ("prop", "values"),
    [(ST.polarity, Polarity), (ST.modality, Modality), (ST.basis, Basis), (ST.precision, Precision)],
)
def test_closed_values_are_those_of_the_code(prop: URIRef, values: type[StrEnum]) -> None:
    listed = GRAPH.value(GRAPH.value(prop, RDFS.range), OWL.oneOf)
    assert [str(value) for value in Collection(GRAPH, listed)] == [value.value for value in values]


def written(*claims: Claim, **fields: Any) -> set[str]:
    """The terms of the ontology that merging these claims writes."""
    return {
        node
        for quad in quads(*claims, **fields)
        for node in quad
        if isinstance(node, str) and node.startswith(ONTOLOGY) and node != ONTOLOGY
    }


def test_all_st_terms_that_are_used_are_declared() -> None:
    used = {
        node
        for triple in GRAPH
        for node in triple
        if isinstance(node, URIRef) and node.startswith(ONTOLOGY) and node != URIRef(ONTOLOGY)
    }
    assert used == set(TERMS)


def test_the_closed_list_of_the_code_is_declared() -> None:
    assert {ST[name] for name in VOCABULARY} <= set(TERMS)


def test_no_term_is_unused() -> None:
    """What the program does not write is above what it writes, the inverse of it, or said of it."""
    classes = {up for name in VOCABULARY for up in GRAPH.transitive_objects(ST[name], RDFS.subClassOf)}
    inverses = set(GRAPH.subjects(OWL.inverseOf, None))
    annotations = {t for t in TERMS if (t, RDF.type, OWL.AnnotationProperty) in GRAPH and (None, t, None) in GRAPH}
    assert set(TERMS) - classes - inverses - annotations == set()


def test_everything_in_the_closed_list_is_written() -> None:
    days = ResolvedDate(Period("2017-07-04/2017-07-05"), Basis.TEXT)
    target = {Kind.ROUND: ASTANA_5, Kind.PLACE: ASTANA, Kind.STATE: TURKEY, Kind.PERSON: ALLOUSH}
    claims = [claim(ASTANA_5, Predicate.HELD_ON, days.period), claim(ASTANA_5, Predicate.HELD_ON, Period("2018"))]
    for predicate, signature in SIGNATURES.items():
        end = next(
            (target[kind] for kind in target if kind in signature.range), Entity("x", Kind.AGREEMENT, ("اتفاق",))
        )
        subject = next(target[kind] for kind in target if kind in signature.domain)
        if signature.range:
            claims.append(claim(subject, predicate, end, date=days, says=KAZAKHSTAN, role="وزير"))
    claims += [claim(Entity(f"x-{kind}", kind, ("اسم",)), Predicate.ATTENDED, ASTANA_5) for kind in Kind]
    articles = [article("a1", text="نص واحد"), article("a2", text="نص واحد")]
    assert written(*claims, articles=articles) == {ONTOLOGY + name for name in VOCABULARY}


def test_a_mistyped_term_is_an_error() -> None:
    with pytest.raises(KeyError, match="st:atended is no term of the ontology"):
        term("st:atended")


def test_nothing_is_a_blank_node() -> None:
    found = quads(claim(ALLOUSH, Predicate.AFFILIATED_WITH, RUSSIA, role="وزير"))
    assert not any(isinstance(node, str) and node.startswith("_:") for quad in found for node in quad)


def test_data_types_that_merge_writes_are_those_of_the_ranges() -> None:
    date = ResolvedDate(Period("2017-07-04/2017-07-05"), Basis.TEXT)
    found = quads(claim(ALLOUSH, Predicate.AFFILIATED_WITH, RUSSIA, role="وزير", date=date))
    for quad in found:
        target = GRAPH.value(URIRef(quad.predicate), RDFS.range)
        if target is not None and isinstance(quad.object, Literal):
            datatype = RDF.langString if quad.object.language else URIRef(quad.object.datatype or XSD.string)
            assert datatype in members(target) or (datatype == XSD.string and GRAPH.value(target, OWL.oneOf)), quad


def test_prefixes_agree_with_those_of_the_code() -> None:
    declared = dict(PREFIX.findall(TEXT))
    shared = declared.keys() & PREFIXES.keys()
    assert len(shared) > 5
    assert {prefix: declared[prefix] for prefix in shared} == {prefix: PREFIXES[prefix] for prefix in shared}


def test_subclasses_have_no_cycle() -> None:
    for cls in CLASSES:
        assert cls not in set(GRAPH.transitive_objects(cls, RDFS.subClassOf)) - {cls}
        assert not any(
            cls in set(GRAPH.transitive_objects(up, RDFS.subClassOf)) for up in GRAPH.objects(cls, RDFS.subClassOf)
        )
