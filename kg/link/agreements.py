"""Agreements that are told by their day: ``في 4 أيار وقعت … اتفاقا`` is the one that was concluded then."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Iterator, Sequence

from kg.knowledge import AgreementRow, KnowledgeBase
from kg.language.arabic import stems, without_article
from kg.language.cues import has_role
from kg.language.dates import Period
from kg.language.words import Word
from kg.link.nearby import days_between
from kg.model import DatedSpan, Entity, Link
from kg.span import Span

BOTH = 2
DAYS_BEFORE, DAYS_AFTER = 2, 14
"""An agreement told without its day is the one of its place or two of its parties, so long before and after it."""
REACH = 120
"""Characters between a day and the noun of an agreement in one sentence."""


class AgreementFinder:
    """Finds nouns of agreement beside the day of a known one."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._days: dict[str, list[Entity]] = {}
        self._rows = [
            (row, Period(row.date), base.entities[row.id]) for row in base.agreements if len(row.parties) >= BOTH
        ]
        self._around = functools.lru_cache(maxsize=1024)(self._concluded_around)
        for row in base.agreements:
            self._days.setdefault(row.date, []).append(base.entities[row.id])

    def find(
        self, words: Sequence[Word], dates: Sequence[DatedSpan], links: Sequence[Link], today: datetime.date | None
    ) -> Iterator[Link]:
        """Links for the nouns of agreement in a sentence that no link covers yet."""
        known = [(dated.span, entity) for dated in dates if dated.date and (entity := self._on(dated.date.period))]
        fresh = self._fresh(today, dates)
        for word in words if known or fresh else ():
            if not _is("agreement_noun", word.folded) or any(link.span.overlaps(word.span) for link in links):
                continue
            of_the_day = {entity for span, entity in known if _distance(span, word.span) <= REACH}
            found = of_the_day or _between(fresh, word, links)
            if len(found) == 1:
                agreement = found.pop()
                why = "of the day beside it" if of_the_day else "of those days there or between these"
                yield Link(word.span, (agreement,), f"the agreement {why}, «{agreement.names[0]}»")

    def _fresh(self, today: datetime.date | None, dates: Sequence[DatedSpan]) -> list[tuple[AgreementRow, Entity]]:
        """The agreements of several parties that were concluded around a day, unless a sentence tells of other times."""
        told = [dated.date.period for dated in dates if dated.date]
        if today is None or any(days_between(period, today) > DAYS_AFTER for period in told):
            return []
        return self._around(today)

    def _concluded_around(self, day: datetime.date) -> list[tuple[AgreementRow, Entity]]:
        return [(row, one) for row, on, one in self._rows if -DAYS_BEFORE <= (day - on.start).days <= DAYS_AFTER]

    def _on(self, period: Period) -> Entity | None:
        """The one agreement of a day; a span of days or a month tells none."""
        found = self._days.get(period.value, [])
        return found[0] if len(found) == 1 else None


def _between(fresh: Iterable[tuple[AgreementRow, Entity]], word: Word, links: Iterable[Link]) -> set[Entity]:
    """The agreements of a place, or between two of the parties, that stand near a noun; what one decides is none."""
    if _is("decision_noun", word.folded):
        return set()
    near = {link.entities[0].id for link in links if _distance(link.span, word.span) <= REACH}
    return {entity for row, entity in fresh if row.place in near or len(near.intersection(row.parties)) >= BOTH}


@functools.lru_cache(maxsize=65536)
def _is(role: str, word: str) -> bool:
    """Whether a folded word, in any reading of its clitics, is in a role of the table of cues."""
    return any(has_role(without_article(stem), role) for stem, _ in stems(word))


def _distance(one: Span, other: Span) -> int:
    first, second = sorted((one, other))
    return second.start - first.end
