"""What the pages say, in Arabic and in English: the interface's own words, and the labels of the vocabulary."""

from __future__ import annotations

import functools
import pathlib
from collections.abc import Iterable, Mapping
from typing import Literal

from kg import project, seeds
from kg.page.looks import Label
from kg.tables import read_table

Language = Literal["ar", "en"]
LANGUAGES: tuple[Language, Language] = ("ar", "en")
"""The first is the default."""


@functools.cache
def words(language: Language) -> Mapping[str, str]:
    """The words of the interface.

    >>> words("en")["search"]
    'Search'
    """
    here = project.current()
    own = [Label("title", *here.title)] if here.folder else []
    return _column([*read_table(pathlib.Path(__file__).with_name("texts.tsv"), Label), *own], language)


@functools.cache
def labels(language: Language) -> Mapping[str, str]:
    """The labels of relations, kinds, polarities, modalities and bases of dates.

    >>> labels("en")["heldIn"]
    'was held in'
    """
    return _column(seeds.read("labels.tsv", Label), language)


def _column(rows: Iterable[Label], language: Language) -> Mapping[str, str]:
    return {row.term: row.ar if language == "ar" else row.en for row in rows}
