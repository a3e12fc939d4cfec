"""What happens to every article by itself, in its order; reading comes before, merging after."""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kg import seeds
from kg.errors import KgError
from kg.ids import digest
from kg.limits import ARTICLE_SECONDS, processor_seconds
from kg.link import link
from kg.model import Article, Claim, Document, Reading
from kg.relate import relate
from kg.relate.traces import Trace, changed, concerns, traces
from kg.relate.triggers import TRIGGERS
from kg.resources import PACKAGE
from kg.stopwatch import stage


@dataclass(frozen=True, slots=True)
class Stage:
    """A step between two types of :mod:`kg.model`."""

    name: str
    needs: type
    gives: type
    run: Callable[[Any], Any]


AFTER_ANNOTATION: tuple[Stage, ...] = (
    Stage("link", Document, Reading, link),
    Stage("relate", Reading, tuple, relate),
)
"""What is done with every annotated article."""


def check(stages: Sequence[Stage]) -> None:
    """Do nothing if each stage gets what it needs.

    Raises:
        KgError: a stage needs what the one before it does not give.

    """
    for before, after in itertools.pairwise(stages):
        if before.gives is not after.needs:
            raise KgError(
                f"stage {after.name} needs {after.needs.__name__}; {before.name} gives {before.gives.__name__}"
            )


def claims_of(document: Document) -> tuple[Claim, ...]:
    """The claims of an annotated article.

    Raises:
        LimitError: they are not found in the time that an article may take.

    """
    value: Any = document
    with processor_seconds(ARTICLE_SECONDS, "looking for claims"):
        for step in AFTER_ANNOTATION:
            with stage(step.name):
                value = step.run(value)
    claims: tuple[Claim, ...] = value
    return claims


class Rules(NamedTuple):
    """All that decides which claims an annotated article gives.

    ``base`` is a hash of the program and of all tables in use but that of the triggers, ``triggers`` what is remembered of
    its rows.
    """

    base: str
    triggers: tuple[Trace, ...]

    @property
    def fingerprint(self) -> str:
        """A hash of all of it."""
        return digest(self.base, *(trace.row for trace in self.triggers))

    def concern(self, earlier: Sequence[Trace]) -> Callable[[Article], bool]:
        """Whether an article can give other claims now than with these earlier triggers and the same base."""
        letters = changed(earlier, self.triggers)
        return lambda article: concerns(letters, article.text)


@functools.cache
def rules() -> Rules:
    """The rules in use.

    Raises:
        TableError: a row of the table of triggers is wrong.

    """
    files = (path for path in (*PACKAGE.rglob("*.py"), *seeds.files()) if path.name != TRIGGERS)
    return Rules(digest(*sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)), traces())
