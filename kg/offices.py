"""Offices: who belongs to which body, told by a title beside a name.

``وزير الخارجية الروسي سيرغي لافروف``, ``ناجي مصطفى، المتحدث باسم الجبهة``, ``نظيره التركي رجب طيب أردوغان``. A minister belongs to
the state, an official of a ministry to the ministry (annotation guideline), the head of a delegation heads what it stands for.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from kg.arabic import LAM, WAW, fold
from kg.finding import Finding
from kg.knowledge import knowledge_base
from kg.model import Entity, Modality, Polarity
from kg.resources import seed
from kg.sentence import COMMAS, STOPS, Place, View
from kg.slots import Filler
from kg.tables import read_table
from kg.vocabulary import ORGANIZATIONS, Kind, Predicate

LONGEST_TITLE = 14
"""Words of a title, from its noun to the name."""
ADJECTIVE_REACH = 5
AWAY = frozenset({"الي", "لدي"})
"""Behind these stands where an envoy goes, not whom he stands for."""


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A noun of office. ``role`` is title, envoy, head, or delegation (what is headed); ``organisation`` is whose it is
    if nothing else tells (المبعوث الدولي)."""

    role: str
    words: tuple[str, ...]
    organisation: str


@functools.cache
def _titles(role: str) -> frozenset[str]:
    rows = read_table(seed("titles.tsv"), TitleRow)
    return frozenset(fold(word) for row in rows if row.role == role and not row.organisation for word in row.words)


@functools.cache
def _fixed() -> dict[tuple[str, ...], Entity]:
    rows = read_table(seed("titles.tsv"), TitleRow)
    base = knowledge_base()
    return {
        tuple(fold(w).split()): base.entities[row.organisation] for row in rows if row.organisation for w in row.words
    }


def _is_title(word: str) -> bool:
    bare = word.removeprefix(WAW) if len(word) > 4 else word
    return any(form in _titles(role) for role in ("title", "head", "envoy") for form in (word, bare))


def offices(view: View) -> Iterator[Finding]:
    """The offices that a sentence tells."""
    for place in view.places:
        if place.link.entities[0].kind is Kind.PERSON:
            yield from _before(view, place) or _after(view, place)


def _before(view: View, person: Place) -> list[Finding]:
    """A title in front of the name."""
    start, end = person.first, person.first
    for at in range(person.first - 1, max(-1, person.first - 1 - LONGEST_TITLE), -1):
        place = view.place_at(at)
        word = view.folded(at)
        if word in STOPS or (word in COMMAS and at != person.first - 1) or _breaks(view, at):
            break
        if place and place.link.entities[0].kind is Kind.PERSON:
            break
        if _is_title(word):
            start = at
    if start == person.first:
        return list(_shared(view, person))
    return list(_findings(view, person, start, end))


def _after(view: View, person: Place) -> list[Finding]:
    """A title behind the name, in apposition."""
    start = person.last + (view.folded(person.last) in COMMAS)
    if not _is_title(view.folded(start)) or view.folded(start).startswith(WAW):
        return []
    end = start
    while end < min(start + LONGEST_TITLE, len(view.words)):
        place = view.place_at(end)
        if view.folded(end) in STOPS | COMMAS or _breaks(view, end):
            break
        if place and place.link.entities[0].kind is Kind.PERSON:
            return []
        end += 1
    return list(_findings(view, person, start, end))


def _shared(view: View, person: Place) -> Iterator[Finding]:
    """``الرئيسان الروسي … والسوري بشار الأسد``: an adjective alone, in a list of people with one title."""
    at = person.first - 1
    if view.folded(at).startswith(WAW) and at in view.adjectives and (before := view.place_at(at - 1)):
        if before.link.entities[0].kind is Kind.PERSON:
            yield _finding(view, person, view.adjectives[at], at, person.last, "", Predicate.AFFILIATED_WITH, "shared")


def _breaks(view: View, at: int) -> bool:
    return view.is_role(at, "complement") or view.is_role(at, "relative")


def _findings(view: View, person: Place, start: int, end: int) -> Iterator[Finding]:
    found = _organisation(view, start, end)
    if not found:
        return
    body, at = found
    role = _role(view, start, at)
    first, last = min(start, person.first), max(end, person.last)
    head = view.folded(start) in _titles("head")
    delegation = any(view.folded(n) in _titles("delegation") for n in range(start, start + 3))
    if head and delegation:
        yield _finding(view, person, body, first, last, role, Predicate.HEADED, "delegation")
        return
    yield _finding(view, person, body, first, last, role, Predicate.AFFILIATED_WITH, "title")
    if head and at == start + 1 and body.kind is not Kind.STATE and body not in knowledge_base().capitals.values():
        yield _finding(view, person, body, first, last, role, Predicate.HEADED, "title")


def _finding(
    view: View, person: Place, body: Entity, first: int, last: int, role: str, predicate: Predicate, rule: str
) -> Finding:
    who = person.link.fitting({Kind.PERSON})
    subject = Filler((who,) if who else (), person.first, person.last)
    return Finding(
        predicate, subject, Filler((body,), first, last), Polarity.POSITIVE, Modality.ACTUAL,
        f"{predicate}.{rule}", 0.9, words=(first, last), role=role,
    )  # fmt: skip


def _role(view: View, start: int, at: int) -> str:
    words = [view.text[word.span.start : word.span.end] for word in view.words[start:at] if not word.is_mark]
    return " ".join(words)


def _organisation(view: View, start: int, end: int) -> tuple[Entity, int] | None:
    """Whose office it is, and where the words of the title say so."""
    for words, body in _fixed().items():
        if tuple(view.folded(at).removeprefix(WAW) for at in range(start, start + len(words))) == words:
            return body, start + len(words)
    adjective = next((at for at in range(start, min(end, start + ADJECTIVE_REACH)) if at in view.adjectives), None)
    bodies = [place for place in view.places if start <= place.first < end and place.link.fitting(ORGANIZATIONS)]
    bodies = [place for place in bodies if not _is_destination(view, place)]
    direct = next((p for p in bodies if adjective is None or p.first < adjective), None)
    if direct and (body := direct.link.fitting(ORGANIZATIONS)):
        return _employer(view, direct, body), direct.first
    return (view.adjectives[adjective], adjective) if adjective is not None else None


def _is_destination(view: View, place: Place) -> bool:
    """Whether a title's place name is where someone is sent, or a country as a mere subject (``بشأن سوريا``)."""
    before = view.folded(place.first - 1)
    return before in AWAY or before in ("بشان", "حول") or (view.clitic(place)[-1:] == LAM and _is_envoy(view, place))


def _is_envoy(view: View, place: Place) -> bool:
    earlier = (view.folded(at) for at in range(max(0, place.first - LONGEST_TITLE), place.first))
    return any(word.removeprefix(WAW) in _titles("envoy") for word in earlier)


def _employer(view: View, place: Place, body: Entity) -> Entity:
    """A minister's state instead of the ministry that his title spells (``وزير الخارجية الإيرانية``)."""
    minister = any(fold("وزير") in view.folded(place.first - back) for back in (1, 2))
    base = knowledge_base()
    parent = base.parents.get(body.id, "")
    if minister and body.kind is Kind.GOVERNMENT_BODY and parent in base.entities:
        return base.entities[parent]
    return body
