"""What a rule found in a sentence, before it is a claim."""

from __future__ import annotations

from dataclasses import dataclass

from kg.language.dates import Period, ResolvedDate
from kg.model import Entity, Modality, Polarity
from kg.relate.search import Filler
from kg.vocabulary import Predicate


@dataclass(frozen=True, slots=True)
class Finding:
    """Subject and object with the words that show them. ``period`` is the object of ``heldOn`` instead of ``target``.

    ``words`` are further words, as indices, that the evidence must cover: the trigger, the office.
    """

    predicate: Predicate
    subject: Filler
    target: Filler
    polarity: Polarity
    modality: Modality
    rule: str
    confidence: float
    words: tuple[int, int] = (0, 0)
    period: Period | None = None
    date: ResolvedDate | None = None
    role: str = ""

    @property
    def targets(self) -> tuple[Entity | Period, ...]:
        """The objects: entities, or the one period."""
        return (self.period,) if self.period else self.target.entities

    @property
    def anchor(self) -> int:
        """The word at which the relation is told; its speaker is the claim's."""
        return self.words[0]

    @property
    def first(self) -> int:
        """Index of the first word of the evidence."""
        return min(self.subject.first, self.target.first, self.words[0])

    @property
    def last(self) -> int:
        """Index behind the last word of the evidence."""
        return max(self.subject.last, self.target.last, self.words[1])
