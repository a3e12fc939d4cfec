"""Counting sources: what is one and the same, and what articles together say of a proposition."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.facts import Fact, Sources, facts, independent_sources
from kg.language.dates import Period
from kg.model import Article, Claim
from kg.vocabulary import Predicate
from tests.graph_factory import (
    ASTANA,
    ASTANA_5,
    GOVERNMENT,
    IDLIB,
    KAZAKHSTAN,
    NEGATIVE,
    OPPOSITION,
    PLANNED,
    RUSSIA,
    SOCHI,
    TURKEY,
    article,
    claim,
)

LONG = "قصفت قوات النظام أحياء في مدينة إدلب ومحيطها صباح اليوم"


def told(*sources: str, **fields: Any) -> list[Claim]:
    return [claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, source=source, **fields) for source in sources]


@pytest.mark.parametrize(
    ("claims", "articles", "expected"),
    [
        pytest.param([], [article("a1")], 0, id="nothing"),
        pytest.param(told("a1", "a2"), [article("a1"), article("a2")], 2, id="two outlets"),
        pytest.param(told("a1", "a1"), [article("a1")], 1, id="one article twice"),
        pytest.param(told("a1", "a2"), [article("a1", outlet=""), article("a2", outlet="")], 2, id="unknown outlets"),
        pytest.param(
            told("a1", "a2"), [article("a1", outlet="أنباء"), article("a2", outlet="أَنباء")], 1, id="one outlet, two spellings"
        ),
        pytest.param(told("a1", "a2", says=TURKEY), [article("a1"), article("a2")], 1, id="one speaker in two outlets"),
        pytest.param(
            [*told("a1", says=TURKEY), *told("a2", says=KAZAKHSTAN)], [article("a1"), article("a2")], 2, id="two speakers"
        ),
        pytest.param(
            told("a1", "a2"), [article("a1", text=LONG * 5), article("a2", text=LONG * 5 + " وكالات")], 1, id="a copy"
        ),
        pytest.param(told("a1", "a2", words=LONG), [article("a1"), article("a2")], 1, id="one long wording"),
        pytest.param(told("a1", "a2", words="بمشاركة روسيا"), [article("a1"), article("a2")], 2, id="one short wording"),
        pytest.param(
            [*told("a1", says=TURKEY), *told("a2", says=TURKEY), *told("a3")],
            [article("a1"), article("a2", outlet="و"), article("a3", outlet="و")], 1, id="joined by a third",
        ),
    ],
)  # fmt: skip
def test_independent_sources(claims: list[Claim], articles: list[Article], expected: int) -> None:
    assert independent_sources(claims, articles) == expected
    assert independent_sources(reversed(claims), articles) == expected


def only(*claims: Claim) -> Fact:
    keys = sorted({one.article for one in claims})
    (fact,) = facts(claims, Sources(article(key, published=datetime.date(2017, 7, int(key[1:]))) for key in keys))
    return fact


def test_a_fact_sums_up_its_claims() -> None:
    fact = only(*told("a3", "a1"), *told("a2", polarity=NEGATIVE, modality=PLANNED), *told("a4", modality=PLANNED))
    assert (fact.sources, fact.denials, fact.articles) == (2, 1, ("a1", "a2", "a3", "a4"))
    assert fact.outlets == ("outlet of a1", "outlet of a2", "outlet of a3", "outlet of a4")
    assert (fact.first, fact.last) == (datetime.date(2017, 7, 1), datetime.date(2017, 7, 4))
    assert fact.asserted
    assert fact.disputed


def test_what_is_only_planned_or_denied_is_no_edge_and_no_dispute() -> None:
    fact = only(*told("a1", modality=PLANNED), *told("a2", polarity=NEGATIVE))
    assert (fact.sources, fact.denials, fact.asserted, fact.disputed) == (0, 1, False, False)


def test_both_directions_of_a_symmetric_relation_are_one_fact() -> None:
    fact = only(claim(TURKEY, Predicate.MET_WITH, RUSSIA), claim(RUSSIA, Predicate.MET_WITH, TURKEY, source="a2"))
    assert (fact.subject, fact.object, fact.sources) == (RUSSIA, TURKEY, 2)


def test_blame_by_two_independent_speakers_is_an_edge() -> None:
    blame = [
        claim(GOVERNMENT, Predicate.ATTACKED, IDLIB, says=speaker, source=source)
        for speaker, source in ((OPPOSITION, "a1"), (TURKEY, "a2"))
    ]
    assert only(*blame).asserted
    assert not only(blame[0]).asserted


@pytest.mark.parametrize(
    ("predicate", "one", "other", "expected"),
    [
        (Predicate.HELD_ON, Period("2017-07-04"), Period("2017-07-05"), True),
        (Predicate.HELD_ON, Period("2017-07"), Period("2017-07-05"), False),
        (Predicate.HELD_IN, ASTANA, SOCHI, True),
        (Predicate.HELD_IN, ASTANA, KAZAKHSTAN, False),
    ],
)
def test_dates_and_places_that_exclude_each_other(predicate: Predicate, one: Any, other: Any, expected: bool) -> None:
    both = [claim(ASTANA_5, predicate, one), claim(ASTANA_5, predicate, other, source="a2")]
    found = facts(both, Sources([article("a1"), article("a2")]))
    assert [fact.disputed for fact in found] == [expected, expected]
    if expected:
        assert [fact.contradicts for fact in found] == [(found[1].key,), (found[0].key,)]


SPEAKERS = [None, RUSSIA, TURKEY, KAZAKHSTAN]
REPORTS = st.lists(st.tuples(st.integers(1, 5), st.sampled_from(SPEAKERS)), max_size=8)


@given(REPORTS, st.lists(st.sampled_from(["", "x", "y"]), min_size=5, max_size=5))
@settings(max_examples=60)
def test_sources_are_never_more_than_articles_outlets_or_claims(
    reports: list[tuple[int, Any]], outlets: list[str]
) -> None:
    articles = [article(f"a{n}", outlet=outlet) for n, outlet in enumerate(outlets, 1)]
    claims = [
        claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, source=f"a{n}", says=says, start=i)
        for i, (n, says) in enumerate(reports)
    ]
    count = independent_sources(claims, articles)
    used = {one.article for one in claims}
    assert bool(count) == bool(claims)
    assert count <= len({outlets[int(key[1:]) - 1] or key for key in used})
    assert independent_sources(claims[1:], articles) >= count - 1
