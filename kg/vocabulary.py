"""The closed vocabulary: kinds of entities, and the predicates with what may stand on either side.

Labels, definitions and mappings of the same terms are in ``ontology/syria-talks.ttl``; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an entity is; each value is a class of the ontology."""

    __hash__ = str.__hash__  # that of enumerations takes ten times as long

    PERSON = "Person"
    STATE = "State"
    GOVERNMENT_BODY = "GovernmentBody"
    ARMED_GROUP = "ArmedGroup"
    POLITICAL_BODY = "PoliticalBody"
    INTERNATIONAL_ORGANIZATION = "InternationalOrganization"
    MEDIA_OUTLET = "MediaOutlet"
    ORGANIZATION = "Organization"
    GROUP_ACTOR = "GroupActor"
    PLACE = "Place"
    TRACK = "Track"
    ROUND = "Round"
    MEETING = "Meeting"
    AGREEMENT = "Agreement"


class Predicate(StrEnum):
    """The closed list of relations; each value is a property of the ontology."""

    __hash__ = str.__hash__

    ATTENDED = "attended"
    BOYCOTTED = "boycotted"
    INVITED_TO = "invitedTo"
    HELD_IN = "heldIn"
    HELD_ON = "heldOn"
    SPONSORED = "sponsored"
    MEDIATED = "mediated"
    HEADED = "headed"
    AFFILIATED_WITH = "affiliatedWith"
    ANNOUNCED = "announced"
    ACCUSED = "accused"
    CONDEMNED = "condemned"
    REJECTED = "rejected"
    SUPPORTED = "supported"
    CALLED_ON = "calledOn"
    THREATENED = "threatened"
    MET_WITH = "metWith"
    AGREED_WITH = "agreedWith"
    SIGNED = "signed"
    ATTACKED = "attacked"
    CONTROLS = "controls"
    WITHDREW_FROM = "withdrewFrom"
    SPLIT_FROM = "splitFrom"
    ALLIED_WITH = "alliedWith"


ORGANIZATIONS = frozenset(
    {
        Kind.STATE, Kind.GOVERNMENT_BODY, Kind.ARMED_GROUP, Kind.POLITICAL_BODY, Kind.INTERNATIONAL_ORGANIZATION,
        Kind.MEDIA_OUTLET, Kind.ORGANIZATION, Kind.GROUP_ACTOR,
    }
)  # fmt: skip
ACTORS = ORGANIZATIONS | {Kind.PERSON}
EVENTS = frozenset({Kind.ROUND, Kind.MEETING})
PLACES = frozenset({Kind.PLACE, Kind.STATE})
PERSONS = frozenset({Kind.PERSON})
AGREEMENTS = frozenset({Kind.AGREEMENT})
NOTHING: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Signature:
    """What a predicate may join. An empty ``range`` means that the object is a date.

    ``attributable`` says whether a claim made only on a speaker's word may become an edge.
    """

    domain: frozenset[Kind]
    range: frozenset[Kind]
    symmetric: bool = False
    attributable: bool = True


SIGNATURES: dict[Predicate, Signature] = {
    Predicate.ATTENDED: Signature(ACTORS, EVENTS),
    Predicate.BOYCOTTED: Signature(ACTORS, EVENTS),
    Predicate.INVITED_TO: Signature(ACTORS, EVENTS),
    Predicate.HELD_IN: Signature(EVENTS, PLACES),
    Predicate.HELD_ON: Signature(EVENTS, NOTHING),
    Predicate.SPONSORED: Signature(ACTORS, EVENTS | AGREEMENTS | {Kind.TRACK}),
    Predicate.MEDIATED: Signature(ACTORS, EVENTS | {Kind.TRACK}),
    Predicate.HEADED: Signature(PERSONS, ORGANIZATIONS),
    Predicate.AFFILIATED_WITH: Signature(PERSONS, ORGANIZATIONS),
    Predicate.ANNOUNCED: Signature(ACTORS, EVENTS | AGREEMENTS),
    Predicate.ACCUSED: Signature(ACTORS, ACTORS, attributable=False),
    Predicate.CONDEMNED: Signature(ACTORS, ACTORS),
    Predicate.REJECTED: Signature(ACTORS, ACTORS | EVENTS | AGREEMENTS),
    Predicate.SUPPORTED: Signature(ACTORS, ACTORS | EVENTS | AGREEMENTS),
    Predicate.CALLED_ON: Signature(ACTORS, ACTORS),
    Predicate.THREATENED: Signature(ACTORS, ACTORS, attributable=False),
    Predicate.MET_WITH: Signature(ACTORS, ACTORS, symmetric=True),
    Predicate.AGREED_WITH: Signature(ACTORS, ACTORS, symmetric=True),
    Predicate.SIGNED: Signature(ACTORS, AGREEMENTS),
    Predicate.ATTACKED: Signature(ORGANIZATIONS, ACTORS | PLACES, attributable=False),
    Predicate.CONTROLS: Signature(ORGANIZATIONS, PLACES),
    Predicate.WITHDREW_FROM: Signature(ORGANIZATIONS, PLACES),
    Predicate.SPLIT_FROM: Signature(ORGANIZATIONS, ORGANIZATIONS),
    Predicate.ALLIED_WITH: Signature(ORGANIZATIONS, ORGANIZATIONS, symmetric=True),
}


def allowed(subject: Kind, predicate: Predicate, target: Kind | None) -> bool:
    """Whether the ontology lets the predicate join these kinds; ``target`` is None for a date.

    >>> allowed(Kind.PERSON, Predicate.ATTENDED, Kind.ROUND)
    True
    >>> allowed(Kind.PLACE, Predicate.ATTENDED, Kind.ROUND)
    False
    """
    signature = SIGNATURES[predicate]
    return subject in signature.domain and (target in signature.range if target else not signature.range)


STRUCTURE = frozenset({"Article", "Claim", "Evidence", "Proposition"})
"""The classes of what is not an entity."""
PROPERTIES = frozenset(
    {
        "polarity", "modality", "statedBy", "role", "rule", "confidence", "proposition", "objectUntil",
        "eventDate", "eventUntil", "eventTime", "basis", "precision",
        "outlet", "copyOf", "known", "heldUntil",
        "independentSources", "denyingSources", "articleCount", "firstReported", "lastReported", "reportedBy",
        "asserted", "disputed", "contradicts",
    }
)  # fmt: skip
"""The properties of claims, articles, entities and propositions; the relations are :class:`Predicate`."""
TERMS: frozenset[str] = frozenset({*Kind, *Predicate, *STRUCTURE, *PROPERTIES})
"""All terms of the ontology that the program writes: a closed list, so that a mistyped term is an error."""
