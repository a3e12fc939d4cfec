"""The named queries that look across articles, each on one small graph with known answers, in three engines."""

from __future__ import annotations

import datetime
import pathlib
from collections import Counter
from typing import Any

import pytest
import rdflib
from pyoxigraph import Store

from kg.answers import Table
from kg.language.dates import Basis, Period, ResolvedDate
from kg.model import Entity
from kg.queries import NamedQuery, available
from kg.rdf import Literal, Term, serialize_nquads
from kg.store import query
from kg.vocabulary import Kind, Predicate
from tests.graph_factory import (
    ALLOUSH,
    ASTANA,
    ASTANA_5,
    ASTANA_6,
    GOVERNMENT,
    IDLIB,
    KAZAKHSTAN,
    NEGATIVE,
    OPPOSITION,
    PLANNED,
    POSSIBLE,
    RUSSIA,
    SOCHI,
    TURKEY,
    answer,
    article,
    claim,
    quads,
    store_of,
)

JAYSH = Entity("jaysh-al-islam", Kind.ARMED_GROUP, ("جيش الإسلام", "Jaysh al-Islam"))
ZONES = Entity("de-escalation", Kind.AGREEMENT, ("اتفاق خفض التصعيد", "De-escalation agreement"))
STRANGER = Entity("new-x", Kind.PERSON, ("فلان الفلاني",), known=False)
AGENCY = "أعلنت وزارة الخارجية الكازاخستانية اليوم أن الجولة تبدأ في العاصمة بمشاركة الوفود كلها "
ARTICLES = [
    article("a1", outlet="الشرق", published=datetime.date(2017, 7, 4)),
    article("a2", outlet="الغرب", published=datetime.date(2017, 7, 5)),
    article("a3", outlet="الشرق", published=datetime.date(2017, 8, 1)),
    article("a4", outlet="الوكالة", published=datetime.date(2017, 7, 1), text=AGENCY * 3, title="نص الوكالة"),
    article("a5", outlet="الناقل", published=datetime.date(2017, 7, 2), text=f"{AGENCY * 3} وكالات"),
    article("a6", outlet="", published=None),
]
MINISTER = "وزير الدفاع"
CLAIMS = (
    claim(RUSSIA, Predicate.ATTENDED, ASTANA_5),
    claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, source="a2"),
    claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, source="a3"),
    claim(TURKEY, Predicate.ATTENDED, ASTANA_5, source="a4"),
    claim(TURKEY, Predicate.ATTENDED, ASTANA_5, source="a5"),
    claim(TURKEY, Predicate.ATTENDED, ASTANA_6, modality=PLANNED, source="a3"),
    claim(RUSSIA, Predicate.ATTENDED, ASTANA_6, source="a3"),
    claim(JAYSH, Predicate.INVITED_TO, ASTANA_5, source="a1"),
    claim(JAYSH, Predicate.ATTENDED, ASTANA_5, source="a2", polarity=NEGATIVE),
    claim(OPPOSITION, Predicate.INVITED_TO, ASTANA_6, source="a3"),
    claim(OPPOSITION, Predicate.BOYCOTTED, ASTANA_6, source="a3", modality=POSSIBLE),
    claim(RUSSIA, Predicate.INVITED_TO, ASTANA_6, source="a2"),
    claim(ASTANA_5, Predicate.HELD_IN, ASTANA, source="a1", modality=PLANNED),
    claim(ASTANA_5, Predicate.HELD_IN, ASTANA, source="a2"),
    claim(ASTANA_6, Predicate.HELD_IN, SOCHI, source="a3", modality=PLANNED),
    claim(TURKEY, Predicate.MET_WITH, RUSSIA, source="a1"),
    claim(RUSSIA, Predicate.MET_WITH, TURKEY, source="a2"),
    claim(RUSSIA, Predicate.SPONSORED, ZONES, source="a1"),
    claim(TURKEY, Predicate.SIGNED, ZONES, source="a6"),
    claim(KAZAKHSTAN, Predicate.MEDIATED, ASTANA_5, source="a1"),
    claim(JAYSH, Predicate.ALLIED_WITH, OPPOSITION, source="a1"),
    claim(ALLOUSH, Predicate.AFFILIATED_WITH, JAYSH, source="a1", role=MINISTER),
    claim(RUSSIA, Predicate.SUPPORTED, GOVERNMENT, source="a1"),
    claim(OPPOSITION, Predicate.REJECTED, GOVERNMENT, source="a2"),
    claim(GOVERNMENT, Predicate.ATTACKED, IDLIB, source="a1", says=OPPOSITION, words="قصفت إدلب"),
    claim(GOVERNMENT, Predicate.THREATENED, OPPOSITION, source="a1", says=OPPOSITION),
    claim(TURKEY, Predicate.CONDEMNED, GOVERNMENT, source="a2"),
    claim(
        OPPOSITION, Predicate.CONTROLS, IDLIB, source="a2", date=ResolvedDate(Period("2017-06"), Basis.TEXT)
    ),
    claim(
        GOVERNMENT, Predicate.WITHDREW_FROM, IDLIB, source="a2", date=ResolvedDate(Period("2017-05-01"), Basis.TEXT)
    ),
    claim(STRANGER, Predicate.MET_WITH, ALLOUSH, source="a6"),
)  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return store_of(tmp_path_factory.mktemp("graph"), *CLAIMS, articles=ARTICLES)


KNOWN: dict[str, tuple[str, list[tuple[str | None, ...]]]] = {
    "corroboration": (
        "subject relation object sources denials articles first last",
        [
            ("russia", "attended", "astana-5", "2", "0", "3", "2017-07-04", "2017-08-01"),
            ("russia", "metWith", "turkey", "2", "0", "2", "2017-07-04", "2017-07-05"),
        ],
    ),
    "who-attended-matrix": (
        "actor event status articles",
        [
            ("jaysh-al-islam", "astana-5", "absent", "1"),
            ("jaysh-al-islam", "astana-5", "invited", "1"),
            ("russia", "astana-5", "attended", "3"),
            ("turkey", "astana-5", "attended", "2"),
            ("russia", "astana-6", "attended", "1"),
            ("russia", "astana-6", "invited", "1"),
            ("syrian-opposition", "astana-6", "invited", "1"),
            ("syrian-opposition", "astana-6", "threatens boycott", "1"),
            ("turkey", "astana-6", "expected", "1"),
        ],
    ),
    "outlet-comparison": (
        "subject relation object outlet polarity modality articles",
        [
            ("astana-5", "heldIn", "astana", "الشرق", "positive", "planned", "1"),
            ("astana-5", "heldIn", "astana", "الغرب", "positive", "actual", "1"),
            ("russia", "attended", "astana-5", "الشرق", "positive", "actual", "2"),
            ("russia", "attended", "astana-5", "الغرب", "positive", "actual", "1"),
            ("russia", "metWith", "turkey", "الشرق", "positive", "actual", "1"),
            ("russia", "metWith", "turkey", "الغرب", "positive", "actual", "1"),
            ("turkey", "attended", "astana-5", "الناقل", "positive", "actual", "1"),
            ("turkey", "attended", "astana-5", "الوكالة", "positive", "actual", "1"),
        ],
    ),
    "reprints": (
        "copy copyOutlet copyIssued original originalOutlet originalIssued title",
        [("a5", "الناقل", "2017-07-02", "a4", "الوكالة", "2017-07-01", "نص الوكالة")],
    ),
    "hosts": (
        "subject object sources asserted",
        [("astana-5", "astana", "1", "true"), ("astana-6", "sochi", "0", "false")],
    ),
    "meetings": (
        "subject object sources first last",
        [("mohammed-alloush", "new-x", "1", None, None), ("russia", "turkey", "2", "2017-07-04", "2017-07-05")],
    ),
    "sponsors-and-mediators": (
        "subject relation object",
        [("kazakhstan", "mediated", "astana-5"), ("russia", "sponsored", "de-escalation")],
    ),
    "agreements": (
        "subject relation object objectName",
        [
            ("turkey", "signed", "de-escalation", "اتفاق خفض التصعيد"),
            ("russia", "sponsored", "de-escalation", "اتفاق خفض التصعيد"),
        ],
    ),
    "alliances-and-splits": ("subject relation object", [("jaysh-al-islam", "alliedWith", "syrian-opposition")]),
    "positions": (
        "subject relation target",
        [
            ("turkey", "condemned", "syria-government"),
            ("syrian-opposition", "rejected", "syria-government"),
            ("russia", "supported", "syria-government"),
        ],
    ),
    "offices": ("subject role object sources", [("mohammed-alloush", MINISTER, "jaysh-al-islam", "1")]),
    "attacks": (
        "subject object statedBy sentence",
        [("syria-government", "idlib", "syrian-opposition", "قصفت إدلب")],
    ),
    "pressure": (
        "subject relation object article",
        [
            ("turkey", "condemned", "syria-government", "a2"),
            ("syrian-opposition", "rejected", "syria-government", "a2"),
            ("syria-government", "threatened", "syrian-opposition", "a1"),
        ],
    ),
    "control-of-places": (
        "subject relation object eventDate",
        [
            ("syria-government", "withdrewFrom", "idlib", "2017-05-01"),
            ("syrian-opposition", "controls", "idlib", "2017-06"),
        ],
    ),
    "statements-by": (
        "subject relation object article",
        [
            ("syria-government", "attacked", "idlib", "a1"),
            ("syria-government", "threatened", "syrian-opposition", "a1"),
        ],
    ),
    "denials": ("subject relation object article", [("jaysh-al-islam", "attended", "astana-5", "a2")]),
    "plans": (
        "subject relation object outcome articles",
        [
            ("astana-5", "heldIn", "astana", "happened", "1"),
            ("turkey", "attended", "astana-6", "open", "1"),
            ("syrian-opposition", "boycotted", "astana-6", "open", "1"),
            ("astana-6", "heldIn", "sochi", "open", "1"),
        ],
    ),
    "invitations": (
        "actor event came",
        [
            ("jaysh-al-islam", "astana-5", "no"),
            ("russia", "astana-6", "yes"),
            ("syrian-opposition", "astana-6", "unknown"),
        ],
    ),
    "coverage": (
        "outlet month articles claims",
        [
            (None, None, "1", "2"),
            ("الشرق", "2017-07", "1", "11"),
            ("الشرق", "2017-08", "1", "6"),
            ("الغرب", "2017-07", "1", "9"),
            ("الناقل", "2017-07", "1", "1"),
            ("الوكالة", "2017-07", "1", "1"),
        ],
    ),
    "speakers": ("speaker claims articles", [("syrian-opposition", "2", "1")]),
    "unreviewed-entities": ("entity name class claims", [("new-x", "فلان الفلاني", "Person", "1")]),
    "co-attendance": ("one other events", [("russia", "turkey", "1")]),
    "first-reports": (
        "subject relation object first outlet article",
        [
            ("turkey", "attended", "astana-5", "2017-07-01", "الوكالة", "a4"),
            ("russia", "attended", "astana-5", "2017-07-04", "الشرق", "a1"),
            ("astana-5", "heldIn", "astana", "2017-07-04", "الشرق", "a1"),
            ("russia", "metWith", "turkey", "2017-07-04", "الشرق", "a1"),
        ],
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_answers(store: Store, name: str) -> None:
    columns, rows = KNOWN[name]
    assert answer(store, name, columns) == rows


def test_single_source_shows_first_what_many_articles_copy(store: Store) -> None:
    rows = answer(store, "single-source", "subject relation object articles")
    assert rows[:2] == [("astana-5", "heldIn", "astana", "2"), ("turkey", "attended", "astana-5", "2")]
    assert {row[-1] for row in rows[2:]} == {"1"}
    assert ("russia", "attended", "astana-5", "3") not in rows
    assert ("syria-government", "attacked", "idlib", "1") not in rows  # a speaker's word alone is no edge


def test_every_query_has_known_answers() -> None:
    elsewhere = {
        "absences",
        "accusations",
        "claims-about",
        "disagreements",
        "timeline",
        "who-attended",
        "single-source",
    }
    assert {named.name for named in available()} == set(KNOWN) | elsewhere


@pytest.fixture(scope="module")
def other() -> rdflib.Dataset:
    data = rdflib.Dataset()
    data.parse(data=serialize_nquads(quads(*CLAIMS, articles=ARTICLES)), format="nquads")
    return data


def by_rdflib(value: Any) -> Term | None:
    """A term of rdflib as one of ours."""
    if isinstance(value, rdflib.Literal):
        datatype = "" if value.datatype == rdflib.XSD.string else str(value.datatype or "")
        return Literal(str(value), value.language or "", datatype)
    return None if value is None else str(value)


@pytest.mark.parametrize("named", available(), ids=lambda named: named.name)
def test_another_engine_gives_the_same_answers(store: Store, other: rdflib.Dataset, named: NamedQuery) -> None:
    ours = query(store, named.sparql)
    assert isinstance(ours, Table)
    theirs: Any = other.query(named.sparql)
    assert [str(variable) for variable in theirs.vars] == list(ours.columns)
    assert Counter(tuple(map(by_rdflib, row)) for row in theirs) == Counter(ours.rows)


def test_an_unknown_publication_date_is_not_the_first_report(tmp_path: pathlib.Path) -> None:
    said = [claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, source=source) for source in ("a1", "a6")]
    store = store_of(tmp_path, *said, articles=[ARTICLES[0], ARTICLES[5]])
    assert answer(store, "corroboration", "sources first last") == [("2", "2017-07-04", "2017-07-04")]
