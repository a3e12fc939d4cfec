"""Checking seed tables that somebody edited: what is wrong, in which table and row, and what is allowed.

Every check is a function from the tables to problems; :data:`CHECKS` is their list.
"""

from __future__ import annotations

import difflib
import pathlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kg import project, seeds
from kg.errors import SeedsError, TableError
from kg.knowledge import (
    ActorRow,
    AgreementRow,
    DomainRow,
    MeetingRow,
    OfficeRow,
    PlaceRow,
    RoundRow,
    StateRow,
    TrackRow,
)
from kg.language.arabic import key
from kg.link.descriptions import DescriptionRow, PartRow
from kg.link.venues import SeatRow
from kg.relate.slots import AND_EACH_OTHER, AND_PLACE, PAIRS, SEARCHES
from kg.relate.triggers import Form, TriggerRow
from kg.resources import folder as resource
from kg.seeds import Sourced

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
    """The tables in use, or those of a folder; each row has its place, and what cannot be read is empty and ``broken``."""

    folder: pathlib.Path | None
    broken: list[Problem] = field(default_factory=list)
    _read: dict[str, list[Sourced[Any]]] = field(default_factory=dict, repr=False)

    def rows(self, name: str, row_type: type[Row]) -> list[Sourced[Row]]:
        """The rows of one table."""
        if name not in self._read:
            self._read[name] = self._rows(name, row_type)
        return self._read[name]

    def _rows(self, name: str, row_type: type[Row]) -> list[Sourced[Row]]:
        try:
            return seeds.sourced(name, row_type, self.folder)
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
        return {one.row.id: name for name, row_type in tables for one in self.rows(name, row_type)}


def lint(folder: pathlib.Path | None = None) -> list[Problem]:
    """What is wrong with the tables of a folder (by default those in use, the project's over ours), sorted; empty if nothing.

    Raises:
        SeedsError: it is no folder of tables.

    """
    if folder and not any(folder.glob("*.tsv")):
        raise SeedsError(f"there are no tables in {folder}; name the folder that holds actors.tsv")
    tables = Tables(folder)
    found = [problem for check in CHECKS for problem in check(tables)]
    return sorted({*found, *tables.broken})


def _triggers(tables: Tables) -> Iterator[Problem]:
    """Rules: a unique name after its predicate, verbs with both stems, slots that exist, a confidence between 0 and 1."""
    seen: dict[str, int] = {}
    for table, number, row in tables.rows("triggers.tsv", TriggerRow):
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
        yield from (Problem(table, number, what) for what in wrong)


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
    for table, number, what, identifier in _named_ids(tables):
        if identifier and identifier not in ids:
            yield Problem(table, number, f"no row has the {what} {identifier!r}{_suggestion(identifier, list(ids))}")


def _named_ids(tables: Tables) -> Iterator[tuple[str, int, str, str]]:
    """Every id by which a row names another: its table, row, what it is, and the id."""
    for table, number, named in _named(tables):
        yield table, number, "parent", named.parent
    for table, number, office in tables.rows("offices.tsv", OfficeRow):
        yield table, number, "person", office.person
        yield table, number, "body", office.organisation
    for table, number, round_ in tables.rows("rounds.tsv", RoundRow):
        yield table, number, "track", round_.track
        yield table, number, "place", round_.place
    for table, number, meeting in tables.rows("meetings.tsv", MeetingRow):
        yield from ((table, number, "participant", one) for one in meeting.participants)
        yield table, number, "place", meeting.place
    for table, number, state in tables.rows("states.tsv", StateRow):
        yield table, number, "id", state.id
    yield from _ids_of_the_domain(tables)


def _ids_of_the_domain(tables: Tables) -> Iterator[tuple[str, int, str, str]]:
    for name in ("groups.tsv", "descriptions.tsv"):
        for table, number, description in tables.rows(name, DescriptionRow):
            yield from ((table, number, "member", one) for one in description.members)
    for table, number, part in tables.rows("parts.tsv", PartRow):
        yield from ((table, number, "part", one) for one in part.parts)
    for table, number, seat in tables.rows("seats.tsv", SeatRow):
        yield table, number, "body", seat.body
        yield table, number, "place", seat.place
    for table, number, domain in tables.rows("domain.tsv", DomainRow):
        if domain.role in ("home", "envoys", "own_tracks"):
            yield from ((table, number, domain.role, one) for one in domain.values)


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


def _named(tables: Tables) -> Iterator[Sourced[ActorRow] | Sourced[PlaceRow]]:
    yield from tables.rows("actors.tsv", ActorRow)
    yield from tables.rows("places.tsv", PlaceRow)


def _unique(tables: Tables) -> Iterator[Problem]:
    """An id stands once."""
    seen: dict[str, str] = {}
    for name, number, row in _named(tables):
        if row.id in seen:
            yield Problem(name, number, f"the id {row.id!r} stands twice (also in {seen[row.id]})")
        seen[row.id] = f"{name}, row {number}"


def _files(tables: Tables) -> Iterator[Problem]:
    """A table of a project must bear the name of one of ours, or nobody reads it."""
    own = project.current().seeds
    known = [path.name for path in resource("seeds").glob("*.tsv")]
    for path in [] if tables.folder or not own else sorted(own.glob("*.tsv")):
        if path.name not in known:
            yield Problem(path.name, 0, f"there is no such table{_suggestion(path.name, known)}")


def _suggestion(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


CHECKS: tuple[Callable[[Tables], Iterator[Problem]], ...] = (_files, _triggers, _references, _names, _unique)
