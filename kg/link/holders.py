"""Offices without a name: ``الرئيس الروسي`` is the person of this article who holds that office by the seed tables.

Only someone whom the article names elsewhere is meant; nobody is brought in from outside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from kg.knowledge import KnowledgeBase, OfficeRow
from kg.language.arabic import fold, stems
from kg.language.titles import fixed_titles
from kg.language.words import Word
from kg.link.names import NameFinder
from kg.model import Entity, Link
from kg.span import Span
from kg.vocabulary import Kind

ENVOYS = frozenset(map(fold, ("المبعوث", "الموفد", "المبعوثة", "المندوب", "المندوبة", "الوسيط")))
"""Offices known by their first word alone when an adjective follows."""
NAME_REACH = 9
"""Words behind an office within which a name would belong to it."""


@dataclass(frozen=True, slots=True)
class _Office:
    words: tuple[str, ...]
    row: OfficeRow


class HolderFinder:
    """Finds offices without a name in a sentence."""

    def __init__(self, base: KnowledgeBase, names: NameFinder) -> None:
        self._base = base
        self._names = names
        self._offices: dict[str, list[_Office]] = defaultdict(list)
        for row in base.offices:
            words = tuple(fold(row.office).split())
            self._offices[words[0]].append(_Office(words, row))
            if words[0] in ENVOYS:
                for other in ENVOYS - {words[0]}:
                    self._offices[other].append(_Office((other,), row))

    def find(self, words: Sequence[Word], named: Collection[Entity], people: Sequence[Span]) -> Iterator[Link]:
        """Links for the offices in these words whose holder is among ``named``; ``people`` are the names in the text."""
        for at in range(len(words)):
            found = {(person, end) for person, end in self._holders(words, at) if person in named}
            if len(found) != 1:
                continue
            ((person, end),) = found
            if not _named_there(words, end, people):
                span = Span(words[at].span.start, words[end - 1].span.end)
                yield Link(span, (person,), f"the office; «{person.names[0]}», who holds it, is named in this article")

    def _holders(self, words: Sequence[Word], at: int) -> Iterator[tuple[Entity, int]]:
        for stem, _ in stems(words[at].folded):
            for office in self._offices.get(stem, ()):
                end = self._end(words, at, office)
                person = self._base.entities.get(office.row.person)
                if end and person:
                    yield person, end

    def _end(self, words: Sequence[Word], at: int, office: _Office) -> int | None:
        """Where the office with its adjective ends, if it stands at ``at``."""
        short = office.words[0] in ENVOYS
        length = 1 if short else len(office.words)
        if tuple(word.folded for word in words[at + 1 : at + length]) != office.words[1:length]:
            return None
        fixed = tuple(word.folded for word in words[at : at + 2])
        if short and any(
            fixed[1:] == title[1:] and body == office.row.organisation for title, body in fixed_titles().items()
        ):
            return at + 2
        adjective = words[at + length] if at + length < len(words) else None
        state = self._names.adjective(adjective) if adjective else None
        return at + length + 1 if state and state.id == office.row.organisation else None


def _named_there(words: Sequence[Word], end: int, people: Sequence[Span]) -> bool:
    """Whether a name follows the office, so that it is a title."""
    until = words[min(end + NAME_REACH, len(words)) - 1].span.end
    start = words[end - 1].span.end
    stop = next((w.span.start for w in words[end:] if w.folded in (".", "؛", "قال", "ان", "علي", "من")), until)
    return any(start <= person.start < min(until, stop) for person in people)


OWN_COUNTRY = frozenset(map(fold, ("بلاده", "بلادها")))


def own_countries(
    base: KnowledgeBase, names: NameFinder, words: Sequence[Word], links: Sequence[Link]
) -> Iterator[Link]:
    """``بلاده``: the state of the first person before it in the sentence, who speaks, by the seed tables."""
    for word in words:
        if not any(stem in OWN_COUNTRY for stem, _ in stems(word.folded)):
            continue
        before = [link for link in links if words[0].span.start <= link.span.start and link.span.end <= word.span.start]
        states = [(link, state) for link in before if (state := _state(base, link.entities[0]))]
        if states:
            link, state = min(states, key=lambda pair: (pair[0].entities[0].kind is not Kind.PERSON, pair[0].span))
            reason = f"the country of «{link.entities[0].names[0]}», named before in the sentence"
            yield Link(word.span, (names.acting(state),), reason)


def _state(base: KnowledgeBase, entity: Entity) -> Entity | None:
    """The state that a person or body belongs to, up the tables' chain of parents; a state has none."""
    at = entity.id
    while at := base.parents.get(at, ""):
        if base.entities.get(at) in base.adjectives.values():
            return base.entities[at]
    return None
