"""Each named query on a small graph with known answers, and the filling of parameters."""

from __future__ import annotations

import pathlib
import re

import pytest
from pyoxigraph import Store

from kg.errors import QueryError
from kg.language.dates import Basis, Period, ResolvedDate
from kg.model import Modality
from kg.naming import claim_iri
from kg.queries import NamedQuery, available, load
from kg.vocabulary import Predicate
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
    RUSSIA,
    SOCHI,
    TURKEY,
    answer,
    claim,
    store_of,
)  # fmt: skip

QUERIES = available()
ALLOUSH_ABSENT = claim(
    ALLOUSH, Predicate.ATTENDED, ASTANA_5, polarity=NEGATIVE, modality=PLANNED, words="علوش لن يشارك"
)
BLAMED = ResolvedDate(Period("2017-07"), Basis.TEXT)
CLAIMS = (
    claim(RUSSIA, Predicate.ATTENDED, ASTANA_5),
    claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, source="a2", polarity=NEGATIVE),
    claim(TURKEY, Predicate.ATTENDED, ASTANA_6),
    claim(OPPOSITION, Predicate.BOYCOTTED, ASTANA_5, says=KAZAKHSTAN),
    ALLOUSH_ABSENT,
    claim(OPPOSITION, Predicate.ACCUSED, GOVERNMENT, date=BLAMED),
    claim(ASTANA_5, Predicate.HELD_ON, Period("2017-07-04/2017-07-05")),
    claim(ASTANA_5, Predicate.HELD_ON, Period("2017-07"), source="a2"),
    claim(ASTANA_6, Predicate.HELD_ON, Period("2017-09-14")),
    claim(ASTANA_6, Predicate.HELD_ON, Period("2017-09-15"), source="a2"),
    claim(ASTANA_5, Predicate.HELD_IN, ASTANA),
    claim(ASTANA_5, Predicate.HELD_IN, KAZAKHSTAN, source="a2"),
    claim(ASTANA_6, Predicate.HELD_IN, ASTANA),
    claim(ASTANA_6, Predicate.HELD_IN, SOCHI, source="a2"),
    claim(RUSSIA, Predicate.ATTACKED, IDLIB, says=OPPOSITION),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return store_of(tmp_path_factory.mktemp("graph"), *CLAIMS)


def test_who_attended(store: Store) -> None:
    assert answer(store, "who-attended", "actor name relation polarity modality statedBy sentence article") == [
        ("russia", "روسيا", "attended", "positive", "actual", None, "قال المقال a1", "a1"),
        ("russia", "روسيا", "attended", "negative", "actual", None, "قال المقال a2", "a2"),
        ("mohammed-alloush", "محمد علوش", "attended", "negative", "planned", None, "علوش لن يشارك", "a1"),
        (
            "syrian-opposition",
            "المعارضة السورية",
            "boycotted",
            "positive",
            "actual",
            "kazakhstan",
            "قال المقال a1",
            "a1",
        ),
    ]


def test_who_attended_another_round(store: Store) -> None:
    assert answer(store, "who-attended", "actor polarity", round="astana-6") == [("turkey", "positive")]
    assert answer(store, "who-attended", "actor", round="astana-7") == []


def test_accusations(store: Store) -> None:
    assert answer(store, "accusations", "accuser accusedName polarity eventDate article") == [
        ("syrian-opposition", "النظام السوري", "positive", "2017-07", "a1")
    ]


def test_absences(store: Store) -> None:
    assert answer(store, "absences", "actor relation round roundName modality article") == [
        ("mohammed-alloush", "absent", "astana-5", "أستانا 5", "planned", "a1"),
        ("russia", "absent", "astana-5", "أستانا 5", "actual", "a2"),
        ("syrian-opposition", "boycotted", "astana-5", "أستانا 5", "actual", "a1"),
    ]


def test_timeline(store: Store) -> None:
    assert answer(store, "timeline", "event from until place articles") == [
        ("astana-5", "2017-07", None, "astana", "1"),
        ("astana-5", "2017-07", None, "kazakhstan", "1"),
        ("astana-5", "2017-07-04", "2017-07-05", "astana", "1"),
        ("astana-5", "2017-07-04", "2017-07-05", "kazakhstan", "1"),
        ("astana-6", "2017-09-14", None, "astana", "1"),
        ("astana-6", "2017-09-14", None, "sochi", "1"),
        ("astana-6", "2017-09-15", None, "astana", "1"),
        ("astana-6", "2017-09-15", None, "sochi", "1"),
    ]


def test_timeline_ends_with_events_without_date(tmp_path: pathlib.Path) -> None:
    store = store_of(
        tmp_path, claim(ASTANA_5, Predicate.HELD_IN, ASTANA), claim(ASTANA_6, Predicate.HELD_ON, Period("2017"))
    )
    assert answer(store, "timeline", "event from place") == [("astana-6", "2017", None), ("astana-5", None, "astana")]


def test_disagreements(store: Store) -> None:
    rows = answer(store, "disagreements", "kind subject relation object1 object2 polarity1 polarity2 article1 article2")
    assert rows == [
        ("date", "astana-6", "heldOn", "2017-09-14", "2017-09-15", "positive", "positive", "a1", "a2"),
        ("place", "astana-6", "heldIn", "astana", "sochi", "positive", "positive", "a1", "a2"),
        ("polarity", "russia", "attended", "astana-5", "astana-5", "positive", "negative", "a1", "a2"),
    ]


def test_a_disagreement_counts_articles_and_shows_one_claim_a_side(tmp_path: pathlib.Path) -> None:
    affirmed = [claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, source=source) for source in ("a1", "a2", "a3")]
    denied = claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, source="a4", polarity=NEGATIVE)
    row = answer(
        store_of(tmp_path, *affirmed, denied), "disagreements", "articles1 articles2 claim1 article2 sentence2"
    )
    first = min(map(claim_iri, affirmed))
    assert row == [("3", "1", first, "a4", "قال المقال a4")]


def test_disagreements_across_a_symmetric_relation(tmp_path: pathlib.Path) -> None:
    both = (
        claim(RUSSIA, Predicate.MET_WITH, TURKEY),
        claim(TURKEY, Predicate.MET_WITH, RUSSIA, source="a2", polarity=NEGATIVE),
    )
    assert len(answer(store_of(tmp_path, *both), "disagreements", "kind")) == 1


@pytest.mark.parametrize(
    ("first", "second", "disagree"),
    [
        ("2017", "2017-07-04", False),
        ("2017-07-04/2017-07-06", "2017-07-05", False),
        ("2017-07-04/2017-07-05", "2017-07-06", True),
        ("2017-07", "2017-08-01", True),
        ("2017-08", "2017-07-31", True),
        ("2016", "2017-01", True),
    ],
)
def test_only_dates_that_share_no_day_disagree(tmp_path: pathlib.Path, first: str, second: str, disagree: bool) -> None:
    both = (
        claim(ASTANA_5, Predicate.HELD_ON, Period(first)),
        claim(ASTANA_5, Predicate.HELD_ON, Period(second), source="a2"),
    )
    assert Period(first).overlaps(Period(second)) is not disagree
    assert len(answer(store_of(tmp_path, *both), "disagreements", "kind")) == disagree


def test_claims_about(store: Store) -> None:
    rows = answer(store, "claims-about", "subject relation object statedBy")
    assert rows == [
        ("syrian-opposition", "accused", "syria-government", None),
        ("russia", "attacked", "idlib", "syrian-opposition"),
        ("syrian-opposition", "boycotted", "astana-5", "kazakhstan"),
    ]
    assert len(answer(store, "claims-about", "claim", entity="astana-6")) == 5


@pytest.mark.parametrize("named", QUERIES, ids=lambda named: named.name)
def test_every_query_says_in_two_languages_what_it_tells_and_marks_its_parameters(named: NamedQuery) -> None:
    assert re.fullmatch(r"[A-Z].*\.", named.english)
    assert re.search("[\u0621-\u064a]", named.arabic)
    for name, default in named.parameters:
        assert named.sparql.count(f"VALUES ?{name} {{ id:{default} }}") == 1


@pytest.mark.parametrize("value", ["astana-5", "id:astana-5", "https://w3id.org/syria-talks/id/astana-5"])
def test_an_entity_is_given_by_its_id_or_iri(value: str) -> None:
    assert "VALUES ?round { <https://w3id.org/syria-talks/id/astana-5> }" in load("who-attended").fill({"round": value})


@pytest.mark.parametrize(
    "value", ["", "a b", "> } SERVICE <http://x", "../x", "astana-5\n", "أستانا", "http://example.org/x"]
)
def test_a_parameter_that_is_no_id_is_refused(value: str) -> None:
    with pytest.raises(QueryError, match="is not the id of an entity"):
        load("who-attended").fill({"round": value})


def test_unknown_names_are_answered_with_those_that_exist() -> None:
    with pytest.raises(QueryError, match=r"no query '\.\./x'; there are absences, accusations"):
        load("../x")
    with pytest.raises(QueryError, match="no parameter place; parameters: round"):
        load("who-attended").fill({"place": "astana"})
    with pytest.raises(QueryError, match="parameters: it has none"):
        load("timeline").fill({"round": "astana-5"})


def test_timeline_tells_plans_from_facts(tmp_path: pathlib.Path) -> None:
    planned = claim(ASTANA_6, Predicate.HELD_ON, Period("2017-09-14"), modality=Modality.PLANNED)
    assert answer(store_of(tmp_path, planned), "timeline", "event from modality") == [
        ("astana-6", "2017-09-14", "planned")
    ]
