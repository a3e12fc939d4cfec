"""Agreements that are told by their day: ``في 4 أيار وقعت … اتفاقا`` is the one that was concluded then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.knowledge import KnowledgeBase
from kg.language.arabic import stems, without_article
from kg.language.cues import has_role
from kg.language.dates import Period
from kg.language.words import Word
from kg.model import DatedSpan, Entity, Link
from kg.span import Span

REACH = 120
"""Characters between a day and the noun of an agreement in one sentence."""


class AgreementFinder:
    """Finds nouns of agreement beside the day of a known one."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._days: dict[str, list[Entity]] = {}
        for row in base.agreements:
            self._days.setdefault(row.date, []).append(base.entities[row.id])

    def find(self, words: Sequence[Word], dates: Sequence[DatedSpan], links: Sequence[Link]) -> Iterator[Link]:
        """Links for the nouns of agreement in a sentence that no link covers yet."""
        known = [(dated.span, entity) for dated in dates if dated.date and (entity := self._on(dated.date.period))]
        for word in words if known else ():
            if not _is_agreement(word) or any(link.span.overlaps(word.span) for link in links):
                continue
            near = [entity for span, entity in known if _distance(span, word.span) <= REACH]
            if len(set(near)) == 1:
                yield Link(word.span, (near[0],), f"the agreement of the day beside it, «{near[0].names[0]}»")

    def _on(self, period: Period) -> Entity | None:
        """The one agreement of a day; a span of days or a month tells none."""
        found = self._days.get(period.value, [])
        return found[0] if len(found) == 1 else None


def _is_agreement(word: Word) -> bool:
    return any(has_role(without_article(stem), "agreement_noun") for stem, _ in stems(word.folded))


def _distance(one: Span, other: Span) -> int:
    first, second = sorted((one, other))
    return second.start - first.end
