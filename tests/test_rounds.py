"""Rounds and meetings as news names them, each in its clause, worked out by reading: ``expressions/rounds.tsv``.

``talks`` gives the rounds, meetings and tracks that the clause names, ``-`` for none (Geneva as a city, talks on other
conflicts, rounds of football and of elections). One with ``?`` may be left open: a reader would need the whole article.
"""

from __future__ import annotations

import csv
import functools
import itertools
import pathlib

import pytest

from kg.knowledge import knowledge_base
from kg.link.talks import sorts_of, tells_of
from kg.model import Entity, Link
from kg.vocabulary import Kind
from tests.factory import reading

TABLE = pathlib.Path(__file__).parent / "expressions" / "rounds.tsv"
TALKS = (Kind.ROUND, Kind.MEETING, Kind.TRACK)


@functools.cache
def judged() -> list[tuple[str, set[str], set[str], set[str]]]:
    """Clause; what a reader says; what he may say; what the program says."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = []
    for row in rows:
        names = [name for name in row["talks"].split() if name != "-"]
        surely = {name for name in names if not name.startswith("?")}
        found.append((row["text"], surely, {name.lstrip("?") for name in names}, told(row["text"], row["published"])))
    return found


def told(text: str, published: str) -> set[str]:
    talks = (exactest(link) for link in reading(text, published=published or None).links)
    return {entity.id for entity in talks if entity}


def exactest(link: Link) -> Entity | None:
    """The round or meeting that a link gives, else the track."""
    return link.fitting((Kind.ROUND, Kind.MEETING)) or link.fitting((Kind.TRACK,))


def vaguer(names: set[str]) -> set[str]:
    """The tracks of these rounds, and those at home where these meetings are held."""
    base = knowledge_base()
    home = {track.place: track.id for track in base.tracks.values()}
    events = [event for event in base.events if event.entity.id in names]
    return {event.track for event in events} | {home.get(event.place, "") for event in events}


def test_the_table_is_large() -> None:
    rows = judged()
    assert len(rows) >= 390
    assert sum(bool(surely) for _, surely, _, _ in rows) >= 150
    assert sum(not may for _, _, may, _ in rows) >= 150


def test_nothing_is_silently_wrong() -> None:
    assert [(text, may, got) for text, _, may, got in judged() if got - may - vaguer(may)] == []


def test_nearly_all_are_right() -> None:
    wrong = [(text, surely, got) for text, surely, may, got in judged() if not surely <= got <= may]
    assert len(wrong) <= 0.03 * len(judged()), wrong


def test_the_calendar_is_in_order() -> None:
    base = knowledge_base()
    for track in base.tracks:
        numbered = sorted((event for event in base.rounds_of(track) if event.number), key=lambda event: event.number)
        assert [event.number for event in numbered] == list(range(1, len(numbered) + 1))
        assert all(one.period.end < other.period.start for one, other in itertools.pairwise(numbered))


def test_a_meetings_id_is_its_place_and_first_day() -> None:
    for event in knowledge_base().events:
        if event.entity.kind is Kind.MEETING:
            assert event.entity.id == f"{event.place or 'video'}-{event.period.start}"


@pytest.mark.parametrize(
    ("published", "talks"),
    [
        ("2018-05-20", {"astana-9"}),
        ("2018-12-20", {"astana-11"}),
        ("2020-12-01", {"astana-process"}),
        ("", {"astana-process"}),
    ],
)
def test_the_last_round_is_that_before_the_publication(published: str, talks: set[str]) -> None:
    assert told("في الجولة الأخيرة من محادثات أستانا", published) == talks


@pytest.mark.parametrize(
    ("published", "talks"),
    [
        ("2018-07-20", {"astana-10"}),
        ("2018-07-30", {"astana-10"}),
        ("2018-08-01", {"astana-11"}),
        ("2020-01-10", {"astana-process"}),
    ],
)
def test_the_next_round_is_that_after_the_publication(published: str, talks: set[str]) -> None:
    assert told("الجولة المقبلة من محادثات أستانا", published) == talks


def test_a_city_of_talks_counts_only_in_an_article_on_syria() -> None:
    alone, beside = "وبدأت محادثات جنيف.", "وبدأت محادثات جنيف. وقصفت طائرات ريف دمشق."
    assert (told(alone, "2018-09-06"), told(beside, "2018-09-06")) == (set(), {"geneva-process"})


def test_what_meetings_are_called() -> None:
    assert sorts_of("اجتماع فيينا 1") == {"meeting"}
    assert tells_of("وللحوثيين", "elsewhere")
    assert not tells_of("حمص", "elsewhere")
