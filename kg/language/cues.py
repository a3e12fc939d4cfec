"""Words that say whether something is denied, planned or only possible: the table ``seeds/cues.tsv`` in use."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg import seeds
from kg.language.arabic import FEH, SEEN, WAW, fold
from kg.language.inflect import verb_forms
from kg.language.words import Word, before, behind
from kg.span import Span

BEFORE_DATE, AFTER_DATE = 14, 4
"""Words around a date in which a sign of the future makes it a planned one."""
_FUTURE_VERB = re.compile(f"[{WAW}{FEH}]?{SEEN}[\u064a\u062a\u0646].{{3,}}")


@dataclass(frozen=True, slots=True)
class CueRow:
    """A class of words. ``role`` is one of the constants below."""

    role: str
    words: tuple[str, ...]


PLANNED, POSSIBLE, NEGATION, FAILURE, NOT_FUTURE = "planned", "possible", "negation", "failure", "not_future"
PLANNED_ADJECTIVE = "planned_adjective"
"""Adjectives of a noun that make it a plan; before another noun they say nothing of that."""
NO_ROLES: frozenset[str] = frozenset()
TOWARDS, TO_HOLD = fold("إلى"), fold("لإجراء")
"""Where somebody goes, and for talks (``إلى دمشق لإجراء محادثات``)."""


@functools.cache
def cues(role: str) -> frozenset[str]:
    """The folded words of a role."""
    return frozenset(form for form, roles in _roles().items() if role in roles)


@functools.cache
def with_conjunctions(role: str) -> frozenset[str]:
    """The folded words of a role, and each with a conjunction in front: all those that :func:`has_role` tells."""
    return frozenset(f"{conjunction}{word}" for conjunction in ("", WAW, FEH) for word in cues(role))


def _forms(word: str) -> Iterator[str]:
    """A word's folded form; of a verb, written ``perfect/imperfect``, all its forms."""
    perfect, slash, imperfect = word.partition("/")
    if slash:
        yield from (form for form, _, _ in verb_forms(perfect, imperfect))
    else:
        yield fold(word)


def has_role(word: str, role: str) -> bool:
    """Whether a folded word is in a role, with or without a leading conjunction.

    >>> has_role("ولن", NEGATION)
    True
    """
    return role in roles_of(word)


@functools.lru_cache(maxsize=32768)
def roles_of(word: str) -> frozenset[str]:
    """The roles of a folded word, with or without a leading conjunction."""
    plain = word[1:] if word[:1] in (WAW, FEH) else word
    return _roles().get(word, NO_ROLES) | _roles().get(plain, NO_ROLES)


@functools.cache
def _roles() -> dict[str, frozenset[str]]:
    roles: dict[str, frozenset[str]] = {}
    for row in seeds.read("cues.tsv", CueRow):
        for word in row.words:
            for form in filter(None, _forms(word)):  # what folds to nothing would be outside every sentence
                roles[form] = roles.get(form, NO_ROLES) | {row.role}
    return roles


def is_future_verb(word: str) -> bool:
    """Whether a folded word is an imperfect verb with the particle of the future.

    >>> is_future_verb("ستجري"), is_future_verb("سياسيه")
    (True, False)
    """
    return bool(_FUTURE_VERB.fullmatch(word)) and not word.removeprefix(WAW).startswith(tuple(cues(NOT_FUTURE)))


def is_future(words: Sequence[Word], span: Span) -> bool:
    """Whether the words around a span of their sentence tell of something to come."""
    around = (*before(words, span)[-BEFORE_DATE:], *behind(words, span)[:AFTER_DATE])
    return any(
        has_role(word.folded, PLANNED) or has_role(word.folded, PLANNED_ADJECTIVE) or is_future_verb(word.folded)
        for word in around
    )
