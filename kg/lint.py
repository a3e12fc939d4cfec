"""Checking seed tables that somebody edited: what is wrong, in which table and row, and what is allowed.

Every check is a function from the tables to problems; :data:`CHECKS` is their list.
"""

from __future__ import annotations

import difflib
import pathlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kg.errors import TableError
from kg.knowledge import ActorRow, AgreementRow, MeetingRow, OfficeRow, PlaceRow, RoundRow, StateRow, TrackRow
from kg.language.arabic import key
from kg.link.descriptions import DescriptionRow
from kg.link.meetings import SeatRow
from kg.relate.slots import AND_EACH_OTHER, AND_PLACE, PAIRS, SEARCHES
from kg.relate.triggers import Form, TriggerRow
from kg.resources import folder as resource
from kg.tables import read_table

Row = TypeVar("Row")
SHORTEST_NAME = 3
"""Letters of a name, without its article, from which it may be listed; Latin ones (UN) may be shorter."""
PREPOSITIONAL = ("prep:", "near:")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A row that is wrong; ``row`` as an editor numbers it, the header being row 1."""

    table: str
    row: int
    what: str

    def __str__(self) -> str:
        return f"{self.table}, row {self.row}: {self.what}"


@dataclass(frozen=True)
class Tables:
    """The tables of a folder, each row with its number; a table that cannot be read is empty, and ``broken`` says why."""

    folder: pathlib.Path
    broken: list[Problem] = field(default_factory=list)
    _read: dict[str, list[tuple[int, Any]]] = field(default_factory=dict, repr=False)

    def rows(self, name: str, row_type: type[Row]) -> list[tuple[int, Row]]:
        """The rows of one table."""
        if name not in self._read:
            self._read[name] = self._rows(name, row_type)
        return self._read[name]

    def _rows(self, name: str, row_type: type[Row]) -> list[tuple[int, Row]]:
        try:
            return list(enumerate(read_table(self.folder / name, row_type), 2))
        except TableError as error:
            problem = Problem(error.table, error.row, error.problem)
        except OSError as error:
            problem = Problem(name, 0, f"cannot be read: {error.strerror}")
        self.broken.append(problem)
        return []

    def ids(self) -> dict[str, str]:
        """Every id with its table."""
        tables: tuple[tuple[str, type[ActorRow | PlaceRow | TrackRow | RoundRow | MeetingRow | AgreementRow]], ...] = (
            ("actors.tsv", ActorRow), ("places.tsv", PlaceRow), ("tracks.tsv", TrackRow),
            ("rounds.tsv", RoundRow), ("meetings.tsv", MeetingRow), ("agreements.tsv", AgreementRow),
        )  # fmt: skip
        return {row.id: name for name, row_type in tables for _, row in self.rows(name, row_type)}


def lint(folder: pathlib.Path | None = None) -> list[Problem]:
    """What is wrong with the seed tables of a folder (by default those of this installation), sorted; empty if nothing."""
    tables = Tables(folder or resource("seeds"))
    found = [problem for check in CHECKS for problem in check(tables)]
    return sorted({*found, *tables.broken})


def _triggers(tables: Tables) -> Iterator[Problem]:
    """Rules: a unique name after its predicate, verbs with both stems, slots that exist, a confidence between 0 and 1."""
    seen: dict[str, int] = {}
    for number, row in tables.rows("triggers.tsv", TriggerRow):
        wrong = [
            *_bad_slots(row.subject, ()),
            *_bad_slots(row.object, (*PAIRS, AND_PLACE, AND_EACH_OTHER)),
            *_bad_words(row),
        ]
        if row.rule in seen:
            wrong.append(f"the rule {row.rule!r} stands in row {seen[row.rule]} too")
        if not row.rule.startswith(f"{row.predicate}."):
            wrong.append(f"call the rule {row.predicate}.something, not {row.rule!r}")
        if not 0 < row.confidence <= 1:
            wrong.append(f"the confidence must be above 0 and at most 1; found {row.confidence}")
        seen.setdefault(row.rule, number)
        yield from (Problem("triggers.tsv", number, what) for what in wrong)


def _bad_slots(cell: str, more: Collection[str]) -> Iterator[str]:
    known = [*SEARCHES, *more]
    if not cell.split():
        yield f"a slot is missing; allowed: {', '.join(known)}, prep:X, near:X"
    for slot in cell.split():
        if slot not in known and not slot.startswith(PREPOSITIONAL):
            yield f"there is no slot {slot!r}{_suggestion(slot, known)}"


def _bad_words(row: TriggerRow) -> Iterator[str]:
    if not row.words:
        yield "no words are given"
    for word in row.words:
        if (row.form is Form.VERB) != ("/" in word.split()[0]):
            wanted = (
                "perfect/imperfect (شارك/يشارك)" if row.form is Form.VERB else "without a slash, or make its form verb"
            )
            yield f"write {word!r} as {wanted}"


def _references(tables: Tables) -> Iterator[Problem]:
    """Ids that other rows name must exist."""
    ids = tables.ids()
    named: list[tuple[str, int, str, str]] = []
    for name, number, parent in _parents(tables):
        named.append((name, number, "parent", parent))
    for number, office in tables.rows("offices.tsv", OfficeRow):
        named += [
            ("offices.tsv", number, "person", office.person),
            ("offices.tsv", number, "body", office.organisation),
        ]
    for number, round_ in tables.rows("rounds.tsv", RoundRow):
        named += [("rounds.tsv", number, "track", round_.track), ("rounds.tsv", number, "place", round_.place)]
    for number, meeting in tables.rows("meetings.tsv", MeetingRow):
        named += [("meetings.tsv", number, "participant", one) for one in meeting.participants]
        named.append(("meetings.tsv", number, "place", meeting.place))
    for number, state in tables.rows("states.tsv", StateRow):
        named.append(("states.tsv", number, "id", state.id))
    for number, description in tables.rows("descriptions.tsv", DescriptionRow):
        named += [("descriptions.tsv", number, "member", one) for one in description.members]
    for number, seat in tables.rows("seats.tsv", SeatRow):
        named += [("seats.tsv", number, "body", seat.body), ("seats.tsv", number, "place", seat.place)]
    for table, number, what, identifier in named:
        if identifier and identifier not in ids:
            yield Problem(table, number, f"no row has the {what} {identifier!r}{_suggestion(identifier, list(ids))}")


def _parents(tables: Tables) -> Iterator[tuple[str, int, str]]:
    yield from (("actors.tsv", number, row.parent) for number, row in tables.rows("actors.tsv", ActorRow))
    yield from (("places.tsv", number, row.parent) for number, row in tables.rows("places.tsv", PlaceRow))


def _names(tables: Tables) -> Iterator[Problem]:
    """Names: an Arabic and an English one, none for two things, none so short that it is found everywhere."""
    owners: dict[str, str] = {}
    for name, number, row in _named(tables):
        if not (row.ar and row.en):
            yield Problem(name, number, f"{row.id!r} needs an Arabic and an English name")
        for spelling in (row.ar, *row.aliases):
            folded = key(spelling)
            if owners.setdefault(folded, row.id) != row.id:
                yield Problem(
                    name, number, f"the name {spelling!r} is also one of {owners[folded]!r}: list it for neither"
                )
            if len(folded) < SHORTEST_NAME and not folded.isascii():
                yield Problem(name, number, f"the name {spelling!r} is too short: it would be found inside other words")


def _named(tables: Tables) -> Iterator[tuple[str, int, ActorRow | PlaceRow]]:
    yield from (("actors.tsv", number, row) for number, row in tables.rows("actors.tsv", ActorRow))
    yield from (("places.tsv", number, row) for number, row in tables.rows("places.tsv", PlaceRow))


def _unique(tables: Tables) -> Iterator[Problem]:
    """An id stands once."""
    seen: dict[str, str] = {}
    for name, number, row in _named(tables):
        if row.id in seen:
            yield Problem(name, number, f"the id {row.id!r} stands twice (also in {seen[row.id]})")
        seen[row.id] = f"{name}, row {number}"


def _suggestion(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


CHECKS: tuple[Callable[[Tables], Iterator[Problem]], ...] = (_triggers, _references, _names, _unique)
