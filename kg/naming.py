"""The IRIs of the nodes and named graphs that are made of claims; those of entities and articles are in :mod:`kg.ids`."""

from __future__ import annotations

import kg
from kg.ids import BASE, digest, slug
from kg.language.dates import Period
from kg.model import Claim, Evidence
from kg.vocabulary import SIGNATURES

ENTITIES = f"{BASE}graph/entities"
ASSERTED = f"{BASE}graph/asserted"
FACTS = f"{BASE}graph/facts"
PROVENANCE = f"{BASE}graph/provenance"
INFERRED = f"{BASE}graph/inferred"
DATASET = f"{BASE}dataset"


def claim_iri(claim: Claim) -> str:
    """The IRI of a claim."""
    return f"{BASE}claim/{claim.id}"


def evidence_iri(article: str, evidence: Evidence) -> str:
    """The IRI of a slice of an article; claims that rest on the same slice share it."""
    return f"{BASE}evidence/{digest(article, str(evidence.span.start), str(evidence.span.end), evidence.text)}"


def activity_iri(model: str) -> str:
    """The IRI of the extraction by this version of the program with this language model."""
    return f"{BASE}activity/extraction-{digest(kg.__version__, model)}"


def ends(claim: Claim) -> tuple[str, str]:
    """What a claim joins, as ids or a date; of a symmetric relation the first in the alphabet comes first."""
    found = (claim.subject.id, claim.object.value if isinstance(claim.object, Period) else claim.object.id)
    return (min(found), max(found)) if SIGNATURES[claim.predicate].symmetric else found


def proposition_key(claim: Claim) -> str:
    """What a claim and its denial share: a hash of subject, predicate and object, in either order if symmetric."""
    subject, target = ends(claim)
    return digest(subject, claim.predicate, target)


def proposition_iri(key: str) -> str:
    """The IRI of what claims of this key say or deny."""
    return f"{BASE}proposition/{key}"


def time_iri(value: str) -> str:
    """The IRI of a day, month, year or interval.

    >>> time_iri("2017-07-04/2017-07-05")
    'https://w3id.org/syria-talks/time/2017-07-04--2017-07-05'
    """
    return f"{BASE}time/{value.replace('/', '--')}"


def outlet_iri(outlet: str) -> str:
    """The IRI of who published an article, from its name."""
    return f"{BASE}outlet/{slug(outlet)}"
