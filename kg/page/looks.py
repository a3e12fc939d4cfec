"""How kinds and families of predicates look, and how the terms of the vocabulary and of the page are called."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass

from kg import project, seeds
from kg.language.arabic import fold
from kg.resources import PACKAGE
from kg.tables import read_table
from kg.vocabulary import Kind

TEMPLATES = PACKAGE / "templates"
_ARABIC = range(0x0600, 0x0700)

KINDS: dict[Kind, tuple[str, str]] = {
    Kind.PERSON: ("dot", "#0072b2"),
    Kind.STATE: ("square", "#d55e00"),
    Kind.GOVERNMENT_BODY: ("square", "#e9a820"),
    Kind.ARMED_GROUP: ("triangle", "#7f1d4e"),
    Kind.POLITICAL_BODY: ("hexagon", "#117733"),
    Kind.INTERNATIONAL_ORGANIZATION: ("hexagon", "#56b4e9"),
    Kind.MEDIA_OUTLET: ("triangleDown", "#8a8a2b"),
    Kind.ORGANIZATION: ("hexagon", "#7b8494"),
    Kind.GROUP_ACTOR: ("triangleDown", "#b05cb0"),
    Kind.PLACE: ("diamond", "#2a9d8f"),
    Kind.TRACK: ("star", "#c9a227"),
    Kind.ROUND: ("star", "#332288"),
    Kind.MEETING: ("star", "#5b8fd0"),
    Kind.AGREEMENT: ("diamond", "#cc6677"),
}
"""Shape and colour of each kind: no two share both, and those of one shape differ in lightness too."""


@dataclass(frozen=True, slots=True)
class Label:
    """How a term is called: a predicate, kind, polarity, modality or basis of a date, or a word of the page itself."""

    term: str
    ar: str
    en: str


@dataclass(frozen=True, slots=True)
class Family:
    """Predicates that the page draws in one colour. ``ar`` and ``en`` name the family in the legend."""

    family: str
    ar: str
    en: str
    color: str
    predicates: tuple[str, ...]


@functools.cache
def labels() -> dict[str, tuple[str, str]]:
    """The Arabic and English label of each term of the vocabulary, in the order of the table."""
    return {row.term: (row.ar, row.en) for row in seeds.read("labels.tsv", Label)}


@functools.cache
def words() -> dict[str, tuple[str, str]]:
    """The words of the page itself, Arabic and English; its title is that of the project, if there is one."""
    here = project.current()
    own = {"title": here.title} if here.folder else {}
    return {row.term: (row.ar, row.en) for row in read_table(TEMPLATES / "words.tsv", Label)} | own


@functools.cache
def families() -> tuple[Family, ...]:
    """The families of predicates, in the order of the legend."""
    return tuple(seeds.read("families.tsv", Family))


@functools.cache
def folds() -> dict[str, str]:
    """What :func:`kg.language.arabic.fold` makes of each Arabic character that it changes; the search box does the same."""
    folded = {chr(code): fold(f"a{chr(code)}a")[1:-1] for code in _ARABIC if unicodedata.category(chr(code)) != "Cn"}
    return {character: form for character, form in folded.items() if form != character}
