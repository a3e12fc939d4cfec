"""The knowledge base: what the seed tables know of actors, places, talks and agreements.

Each table is one row type below; :class:`KnowledgeBase` indexes their names and the calendar of rounds.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg import seeds
from kg.errors import TableError
from kg.language.arabic import fold, key
from kg.language.dates import Period
from kg.model import Entity
from kg.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class ActorRow:
    """A person, state, body or group. ``parent`` only helps to identify; no claim is ever made from it."""

    id: str
    kind: Kind
    ar: str
    en: str
    aliases: tuple[str, ...]
    parent: str
    side: str
    wikidata: str
    source: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place; countries are rows of the actors."""

    id: str
    kind: str
    ar: str
    en: str
    aliases: tuple[str, ...]
    parent: str
    wikidata: str
    source: str


@dataclass(frozen=True, slots=True)
class StateRow:
    """How a state is also named: by the adjective (in the masculine) and by the capital as its government."""

    id: str
    adjective: tuple[str, ...]
    capital: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrackRow:
    """A series of rounds; ``place`` is the usual host city."""

    id: str
    ar: str
    en: str
    aliases: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round of the known calendar."""

    id: str
    track: str
    number: int
    ar: str
    en: str
    start: datetime.date | None
    end: datetime.date | None
    place: str
    aliases: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A known meeting outside the tracks."""

    id: str
    ar: str
    en: str
    date: str
    place: str
    participants: tuple[str, ...]
    aliases: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement, memorandum or resolution."""

    id: str
    ar: str
    en: str
    aliases: tuple[str, ...]
    date: str
    place: str
    parties: tuple[str, ...]
    source: str
    wikidata: str


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """Who held which office when; dates as exact as they are known, an empty end means still in office."""

    person: str
    office: str
    organisation: str
    start: str
    end: str

    def held_on(self, day: datetime.date) -> bool:
        """Whether it was held on a day, as exactly as the row tells; a day on which it changed hands counts for both."""
        iso = day.isoformat()
        return self.start <= iso[: len(self.start)] and (not self.end or iso[: len(self.end)] <= self.end)


@dataclass(frozen=True, slots=True)
class DomainRow:
    """What the talks are about.

    ``role`` is home (ids of the countries), envoys (ids of whose envoys are the international ones), own_tracks (ids of
    tracks whose city alone means these talks, where nothing else is negotiated), about and elsewhere (words that tell of
    this conflict and of others with talks in the same cities), or filler (adjectives between a noun of talks and the
    city).
    """

    role: str
    values: tuple[str, ...]


NamedRow = ActorRow | PlaceRow | TrackRow | RoundRow | MeetingRow | AgreementRow


@dataclass(frozen=True, slots=True)
class Event:
    """A round or meeting with what the calendar knows of it."""

    entity: Entity
    period: Period
    place: str
    track: str = ""
    number: int = 0
    participants: frozenset[str] = frozenset()


def _kind(row: NamedRow) -> Kind:
    match row:
        case ActorRow():
            return row.kind
        case PlaceRow():
            return Kind.PLACE
        case TrackRow():
            return Kind.TRACK
        case RoundRow():
            return Kind.ROUND
        case MeetingRow():
            return Kind.MEETING
        case AgreementRow():
            return Kind.AGREEMENT


def _entity(row: NamedRow) -> Entity:
    return Entity(row.id, _kind(row), tuple(dict.fromkeys((row.ar, row.en, *row.aliases))))


def _period(start: datetime.date, end: datetime.date | None) -> Period:
    return Period.of(start, end or start)


@dataclass(frozen=True)
class KnowledgeBase:
    """The tables, indexed. Names are looked up under :func:`kg.language.arabic.key`."""

    entities: dict[str, Entity]
    names: dict[str, tuple[Entity, ...]] = field(repr=False)
    adjectives: dict[str, Entity] = field(repr=False)
    capitals: dict[str, Entity] = field(repr=False)
    events: tuple[Event, ...] = field(repr=False)
    tracks: dict[str, TrackRow] = field(repr=False)
    offices: tuple[OfficeRow, ...] = field(repr=False)
    parents: dict[str, str] = field(repr=False)
    wikidata: dict[str, str] = field(repr=False)
    place_kinds: dict[str, str] = field(repr=False)
    agreements: tuple[AgreementRow, ...] = field(repr=False)
    observers: frozenset[str] = field(repr=False)
    """The ids of those who only report: outlets, monitors."""
    mediators: frozenset[str] = field(repr=False)
    """The ids of international bodies that mediate, so attack nobody."""

    def named(self, name: str) -> tuple[Entity, ...]:
        """The entities that bear this name, in any spelling that folds alike; empty if none."""
        return self.names.get(key(name), ())

    @functools.cached_property
    def calendar(self) -> dict[str, Event]:
        """The known rounds and meetings by their ids."""
        return {event.entity.id: event for event in self.events}

    @functools.cached_property
    def armies(self) -> dict[str, Entity]:
        """The army of a state, and of the government that acts for it, by their ids; found by its name (``الجيش الروسي``)."""
        found: dict[str, Entity] = {}
        for adjective, state in self.adjectives.items():
            named = self.names.get(f"جيش {adjective}") or self.names.get(f"قوات {adjective}ه") or ()
            for army in named[:1]:
                found[state.id] = found[self.parents.get(army.id, state.id)] = army
        return found

    def province(self, place: Entity) -> str:
        """The id of the part of its country in which a place lies, or which it is; empty for a country."""
        at = place.id
        while (parent := self.parents.get(at, "")) and parent in self.parents:
            at = parent
        return at if self.parents.get(at) else ""

    def rounds_of(self, track: str) -> tuple[Event, ...]:
        """The known rounds of a track, in order."""
        return tuple(event for event in self.events if event.track == track)

    def round(self, track: str, number: int) -> Event | None:
        """The round of a track that bears this number."""
        return next((event for event in self.rounds_of(track) if event.number == number), None)


def _index(entities: Iterable[Entity]) -> dict[str, tuple[Entity, ...]]:
    names: dict[str, tuple[Entity, ...]] = {}
    for entity in entities:
        for name in entity.names:
            folded = key(name)
            if folded and entity not in names.get(folded, ()):
                names[folded] = (*names.get(folded, ()), entity)
    return names


def _events(rounds: list[RoundRow], meetings: list[MeetingRow]) -> Iterator[Event]:
    for row in rounds:
        if row.start:
            yield Event(_entity(row), _period(row.start, row.end), row.place, row.track, row.number)
    for meeting in meetings:
        yield Event(_entity(meeting), Period(meeting.date), meeting.place, participants=frozenset(meeting.participants))


def _unique(rows: Iterable[NamedRow]) -> dict[str, Entity]:
    entities: dict[str, Entity] = {}
    for row in rows:
        if row.id in entities:
            raise TableError(type(row).__name__, 0, f"the id {row.id!r} stands twice in the seed tables")
        entities[row.id] = _entity(row)
    return entities


def _filled(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {identifier: value for identifier, value in pairs if value}


@functools.cache
def domain(role: str) -> frozenset[str]:
    """What the table of the domain has in a role; see :class:`DomainRow`."""
    return frozenset(value for row in seeds.read("domain.tsv", DomainRow) if row.role == role for value in row.values)


@functools.cache
def knowledge_base() -> KnowledgeBase:
    """The knowledge base of the seed tables in use.

    Raises:
        TableError: a table is wrong; the message names table and row.

    """
    actors = seeds.read("actors.tsv", ActorRow)
    places = seeds.read("places.tsv", PlaceRow)
    tracks = seeds.read("tracks.tsv", TrackRow)
    rounds = seeds.read("rounds.tsv", RoundRow)
    meetings = seeds.read("meetings.tsv", MeetingRow)
    agreements = seeds.read("agreements.tsv", AgreementRow)
    states = seeds.read("states.tsv", StateRow)
    entities = _unique([*actors, *places, *tracks, *rounds, *meetings, *agreements])
    return KnowledgeBase(
        entities=entities,
        names=_index(entities.values()),
        adjectives={fold(word): entities[row.id] for row in states for word in row.adjective},
        capitals={key(name): entities[row.id] for row in states for name in row.capital},
        events=tuple(_events(rounds, meetings)),
        tracks={row.id: row for row in tracks},
        offices=tuple(seeds.read("offices.tsv", OfficeRow)),
        parents=_filled((row.id, row.parent) for rows in (actors, places) for row in rows),
        wikidata=_filled((row.id, row.wikidata) for rows in (actors, places, agreements) for row in rows),
        place_kinds={row.id: row.kind for row in places},
        agreements=tuple(agreements),
        observers=frozenset(row.id for row in actors if row.side == "media"),
        mediators=frozenset(
            row.id for row in actors if row.side == "mediator" and row.kind is Kind.INTERNATIONAL_ORGANIZATION
        ),
    )
