"""The named SPARQL queries of ``ontology/queries``: what they tell, and how their parameters are filled.

A query file is SPARQL that runs anywhere as it is. It begins with comment lines: one English sentence, one Arabic one,
and, where it has parameters, ``# parameters: round=astana-5``. Each parameter with its default stands in the query as
``VALUES ?round { id:astana-5 }``, and that is all that filling replaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kg.errors import QueryError
from kg.ids import iri
from kg.project import ontology_texts

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_COMMENT = "# "
_PARAMETERS = "parameters: "


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query of the collection; ``parameters`` are pairs of name and default, an entity's id."""

    name: str
    english: str
    arabic: str
    parameters: tuple[tuple[str, str], ...]
    sparql: str

    def fill(self, values: Mapping[str, str]) -> str:
        """The query with these ids in the place of the defaults.

        >>> filled = load("who-attended").fill({"round": "astana-6"})
        >>> "VALUES ?round { <https://w3id.org/syria-talks/id/astana-6> }" in filled
        True

        Raises:
            QueryError: a parameter is unknown, or a value is not the id of an entity.

        """
        defaults = dict(self.parameters)
        unknown = sorted(set(values) - set(defaults))
        if unknown:
            allowed = ", ".join(defaults) or "it has none"
            raise QueryError(f"query {self.name} has no parameter {', '.join(unknown)}; parameters: {allowed}")
        filled = self.sparql
        for name, value in values.items():
            filled = filled.replace(_slot(name, f"id:{defaults[name]}"), _slot(name, f"<{_entity_iri(name, value)}>"))
        return filled


def available() -> list[NamedQuery]:
    """All named queries, sorted by name.

    >>> [query.name for query in available()][:5]
    ['absences', 'accusations', 'agreements', 'alliances-and-splits', 'attacks']
    """
    return [_read(name, text) for name, text in ontology_texts("queries/*.rq").items()]


def load(name: str) -> NamedQuery:
    """The query of this name.

    >>> load("who-attended").parameters
    (('round', 'astana-5'),)

    Raises:
        QueryError: there is none; the message lists those that exist.

    """
    queries = {query.name: query for query in available()}
    if name not in queries:
        raise QueryError(f"there is no query {name!r}; there are {', '.join(queries)}")
    return queries[name]


def _slot(name: str, value: str) -> str:
    return f"VALUES ?{name} {{ {value} }}"


def _entity_iri(name: str, value: str) -> str:
    """The IRI of an id, or of the IRI itself as the graph writes it."""
    slug = value.removeprefix("id:").removeprefix(iri(""))
    if not _SLUG.fullmatch(slug):
        raise QueryError(
            f"{name}={value!r} is not the id of an entity; write small letters, digits and hyphens: my-round-5"
        )
    return iri(slug)


def _read(name: str, text: str) -> NamedQuery:
    head = [line.removeprefix(_COMMENT) for line in text.splitlines() if line.startswith(_COMMENT)]
    english, arabic, *rest = head
    declared = rest[0].removeprefix(_PARAMETERS).split() if rest and rest[0].startswith(_PARAMETERS) else []
    parameters = tuple((name, default) for name, _, default in (item.partition("=") for item in declared))
    return NamedQuery(name, english, arabic, parameters, text)
