"""Which entities are one: what names say, what people decide, and that neither rewrites what is kept."""

from __future__ import annotations

import itertools
import pathlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import GraphError, TableError
from kg.identity import SURE, Merge, unify
from kg.ids import new_slug
from kg.judgements import Decision, Judgement, judgements_text, read_judgements
from kg.model import Claim, Entity
from kg.records import claim_of, claim_state
from kg.vocabulary import Kind, Predicate
from tests.graph_factory import ALLOUSH, ASTANA_5, ASTANA_6, GOVERNMENT, IDLIB, RUSSIA, TURKEY, claim


def person(name: str, *, kind: Kind = Kind.PERSON) -> Entity:
    return Entity(new_slug(name), kind, (name,), known=False)


def attended(*entities: Entity) -> list[Claim]:
    return [claim(entity, Predicate.ATTENDED, ASTANA_5, source=f"a{n}") for n, entity in enumerate(entities)]


def merges(*entities: Entity, judgements: tuple[Judgement, ...] = ()) -> list[tuple[str, str, str]]:
    rows = unify(attended(*entities), judgements).merges
    return [(row.judgement, row.entity, row.into) for row in rows]


@pytest.mark.parametrize(
    ("one", "other", "judgement"),
    [
        ("مارتن غريفث", "مارتين غريفيث", "same"),
        ("عبد ربه منصور", "عبدربه منصور", "same"),
        ("تركي المالكي", "الركن تركي المالكي", "unsure"),
        ("جورج بوش", "بوش", "unsure"),
        ("محمد سعيد الجابر", "محمد الجابر", "unsure"),
        ("جون كيربي", "جون كيري", "unsure"),
    ],
)
def test_what_names_say(one: str, other: str, judgement: str) -> None:
    ((found, *both),) = merges(person(one), person(other))
    assert found == judgement
    assert set(both) == {person(one).id, person(other).id}


@pytest.mark.parametrize(
    "entities",
    [
        pytest.param((person("محمد علي"), person("أحمد علي")), id="one word in common"),
        pytest.param((person("سامي"), person("سوم")), id="short names"),
        pytest.param((person("إدلب الخضراء"), person("إدلب الخضراء", kind=Kind.PLACE)), id="a person and a place"),
        pytest.param((ASTANA_5, ASTANA_6), id="two of the tables"),
        pytest.param(
            tuple(
                person(f"وزارة الخارجية {name}".strip(), kind=Kind.ORGANIZATION)
                for name in ("أ", "ب", "ت", "ث", "ج", "")
            ),
            id="a name that many begin with",
        ),
    ],
)
def test_what_names_do_not_say(entities: tuple[Entity, ...]) -> None:
    assert [row for row in merges(*entities) if person("وزارة الخارجية").id in row or len(entities) == 2] == []


def test_an_entity_of_a_table_stands_for_the_others_and_keeps_all_names() -> None:
    known = Entity("mohammed-alloush", Kind.PERSON, ("محمد علوش", "Mohammed Alloush"))
    other = person("محمد علّوش الـ")
    spelled = Entity("new-x", Kind.PERSON, ("محمود عالوش", "محمد عالوش"), known=False)
    claims = attended(known, spelled)
    unified = unify(claims)
    assert unified.replaced == {"new-x": "mohammed-alloush"}
    whole = {one.subject for one in unified.rewritten(claims)}
    assert {entity.names for entity in whole} == {("محمد علوش", "Mohammed Alloush", "محمود عالوش", "محمد عالوش")}
    assert all(entity.known for entity in whole)
    assert other.id not in unified.replaced


def test_two_entities_of_tables_are_never_merged_by_names() -> None:
    between = Entity("new-x", Kind.PERSON, ("مارتن غريفث",), known=False)
    one = Entity("a-griffith", Kind.PERSON, ("مارتين غريفيث",))
    other = Entity("b-griffith", Kind.PERSON, ("مارتن غريفيث",))
    assert unify(attended(one, other, between)).replaced == {"new-x": "a-griffith"}


def test_two_ends_of_one_claim_are_not_one() -> None:
    one, other = person("مارتن غريفث"), person("مارتين غريفيث")
    assert unify([claim(one, Predicate.MET_WITH, other)]).merges == ()


def same(one: str, other: str) -> Judgement:
    return Judgement(one, other, Decision.SAME, "لأن")


def different(one: str, other: str) -> Judgement:
    return Judgement(one, other, Decision.DIFFERENT)


def test_a_person_decides_what_names_do_not_say() -> None:
    stranger = person("أبو محمد")
    unified = unify(attended(ALLOUSH, stranger), [same(stranger.id, ALLOUSH.id)])
    assert unified.replaced == {stranger.id: ALLOUSH.id}
    assert unified.merges == (Merge(stranger.id, ALLOUSH.id, "same", 1.0, ("لأن",), "person"),)


def test_a_person_decides_against_what_names_say() -> None:
    one, other = person("مارتن غريفث"), person("مارتين غريفيث")
    assert merges(one, other, judgements=(different(one.id, other.id),)) == []


def test_what_is_different_does_not_become_one_through_a_third() -> None:
    one, other, third = person("مارتن غريفث"), person("مارتين غريفيث"), person("مارتن غريفيث")
    unified = unify(attended(one, other, third), [different(one.id, other.id)])
    assert unified.replaced.get(one.id, one.id) != unified.replaced.get(other.id, other.id)


def test_decisions_that_contradict_each_other_are_an_error() -> None:
    decided = [same("russia", "turkey"), different("russia", "turkey-2"), same("turkey", "turkey-2")]
    two = Entity("turkey-2", Kind.STATE, ("تركيا",))
    with pytest.raises(GraphError, match="turkey and turkey-2 cannot be one"):
        unify(attended(RUSSIA, TURKEY, two), decided)


def test_a_person_and_a_place_cannot_be_one() -> None:
    with pytest.raises(GraphError, match="mohammed-alloush is a Person and idlib a Place"):
        unify([*attended(ALLOUSH), claim(GOVERNMENT, Predicate.CONTROLS, IDLIB)], [same("mohammed-alloush", "idlib")])


def test_claims_that_become_empty_or_equal_are_left_out() -> None:
    one, other = person("أبو محمد"), person("خالد")
    said = [
        claim(one, Predicate.MET_WITH, other),
        claim(one, Predicate.ATTENDED, ASTANA_5),
        claim(other, Predicate.ATTENDED, ASTANA_5),
        claim(other, Predicate.ATTENDED, ASTANA_6, says=one),
    ]
    unified = unify(said, [same(one.id, other.id)])
    assert [(c.subject.id, c.predicate, c.says and c.says.id) for c in unified.rewritten(said)] == [
        (min(one.id, other.id), "attended", None),
        (min(one.id, other.id), "attended", min(one.id, other.id)),
    ]


NAMES = ["مارتن غريفث", "مارتين غريفيث", "مارتن غريفيث", "غريفيث", "جورج بوش", "بوش", "جورج دبليو بوش"]


@given(st.lists(st.sampled_from(NAMES), unique=True), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_claims_does_not_matter(names: list[str], random: object) -> None:
    claims = attended(*map(person, names))
    expected = unify(claims)
    shuffled = list(claims)
    getattr(random, "shuffle")(shuffled)  # noqa: B009
    found = unify(shuffled)
    assert (found.merges, found.replaced) == (expected.merges, expected.replaced)
    assert set(found.rewritten(shuffled)) == set(expected.rewritten(claims))


def test_a_score_is_applied_only_if_sure() -> None:
    rows = unify(attended(*map(person, NAMES))).merges
    assert {row.judgement for row in rows if row.score < SURE} == {"unsure"}
    assert all(row.reasons for row in rows)


def test_merging_nothing_changes_nothing() -> None:
    claims = attended(RUSSIA, TURKEY)
    assert list(unify(claims, [same("nobody", "russia")]).rewritten(claims)) == claims


# ---- the table of decisions


def test_decisions_are_read_as_they_were_written(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "judgements.tsv"
    rows = (same("b", "a"), different("c", "a"))
    path.write_text(judgements_text(rows), encoding="utf-8")
    assert read_judgements(path) == rows
    assert path.read_text(encoding="utf-8").splitlines()[0] == "one\tother\tdecision\treason"
    assert read_judgements(tmp_path / "none.tsv") == ()


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("a\ta\tsame\t", "row 2: 'a' is compared with itself"),
        ("a\tb\tmaybe\t", "row 2: .*allowed: same, different"),
        ("a\tb\tsame\t\nb\ta\tdifferent\t", "row 3: b and a are said to be same and different"),
        ("a\tb", "row 2: 2 cells where there are 4 columns"),
    ],
)
def test_wrong_rows_are_named(tmp_path: pathlib.Path, rows: str, problem: str) -> None:
    path = tmp_path / "judgements.tsv"
    path.write_text(f"one\tother\tdecision\treason\n{rows}\n", encoding="utf-8")
    with pytest.raises(TableError, match=f"judgements.tsv, {problem}"):
        read_judgements(path)


def test_a_claim_survives_being_kept() -> None:
    from tests.test_named_queries import CLAIMS

    for said in CLAIMS:
        back = claim_of(claim_state(said))
        assert back == said
        ends = itertools.zip_longest((said.subject, said.object, said.says), (back.subject, back.object, back.says))
        assert all(
            (one.names, one.known) == (other.names, other.known)
            for one, other in ends
            if isinstance(one, Entity) and isinstance(other, Entity)
        )
