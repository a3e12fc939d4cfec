"""Names of the knowledge base in running text: longest first, any spelling that folds alike, clitics taken off.

Numbered rounds are left to :mod:`kg.link.talks`, which reads more ways to name them than a table can list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.knowledge import KnowledgeBase
from kg.language.arabic import ARTICLE, LAM, YEH, fold, stems, without_article
from kg.language.cues import has_role
from kg.language.words import QUOTES, Word
from kg.model import Entity
from kg.span import Span
from kg.vocabulary import Kind

FEMININE = "\u0647"  # ta marbuta, folded


@dataclass(frozen=True, slots=True)
class NameHit:
    """Words ``first`` to ``last`` (exclusive) that spell a name. ``span`` begins after the clitics."""

    first: int
    last: int
    span: Span
    entities: tuple[Entity, ...]
    name: str


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]
    definite: bool
    entities: tuple[Entity, ...]
    name: str


class NameFinder:
    """Finds the names of a knowledge base. Building it takes about 20 ms a thousand names; finding is linear."""

    def __init__(self, base: KnowledgeBase) -> None:
        by_first: dict[str, dict[tuple[tuple[str, ...], bool], _Name]] = defaultdict(dict)
        numbered = {event.entity.id for event in base.events if event.number}
        for entity in base.entities.values():
            for name in entity.names if entity.id not in numbered else ():
                _add(by_first, name, entity)
        for capital, state in base.capitals.items():
            city = base.names.get(capital, ())
            _add(by_first, capital, *(e for e in city if e != state), state)
        self._names = {first: sorted(names.values(), key=_longest_first) for first, names in by_first.items()}
        self._adjectives = base.adjectives
        self._governments = {parent: base.entities[i] for i, parent in base.parents.items() if i in _acting(base)}

    def find(self, words: Sequence[Word]) -> Iterator[NameHit]:
        """The names in these words, left to right, none inside another."""
        at = 0
        while at < len(words):
            hit = self._name_at(words, at)
            if hit:
                yield hit
                at = hit.last
            else:
                at += 1

    def adjective(self, word: Word) -> Entity | None:
        """The state that an adjective names (``الروسية``), as the actor that acts for it."""
        for stem, _ in stems(word.folded):
            plain = without_article(stem)
            state = self._adjectives.get(plain) or self._adjectives.get(plain.removesuffix(FEMININE))
            if state:
                return self.acting(state)
        return None

    def acting(self, state: Entity) -> Entity:
        """Who acts for a state: its government where the knowledge base tells the two apart, else the state."""
        return self._governments.get(state.id, state)

    @staticmethod
    def _is_narrowed(words: Sequence[Word], at: int, name: _Name) -> bool:
        """Whether an adjective makes a common noun another thing (``الفصائل الفلسطينية``, ``النظام الصحي``)."""
        if not name.definite or name.entities[0].kind is not Kind.GROUP_ACTOR or at + 1 >= len(words):
            return False
        following = words[at + 1].folded
        return following.startswith(ARTICLE) and following.endswith((YEH, YEH + FEMININE))

    def _is_adjective(self, words: Sequence[Word], at: int, plain: str) -> bool:
        """Whether a state's name is the adjective of a noun before it (``طائرات حربية سورية``)."""
        if plain.removesuffix(FEMININE) not in self._adjectives or at == 0 or words[at].folded != plain:
            return False
        before = words[at - 1]
        return not (before.is_mark or has_role(before.folded, "preposition") or has_role(before.folded, "place_noun"))

    def _name_at(self, words: Sequence[Word], at: int) -> NameHit | None:
        for stem, clitics in stems(words[at].folded):
            plain = without_article(stem)
            if self._is_adjective(words, at, plain):
                continue
            definite = plain != stem or words[at].folded[max(0, clitics - 2) : clitics] == LAM + LAM
            for name in self._names.get(plain, ()):
                last = _match(words, at, name.words)
                if last and (
                    len(name.words) > 1 or (name.definite == definite and not self._is_narrowed(words, at, name))
                ):
                    start = words[at].offset(clitics)
                    return NameHit(at, last, Span(start, words[last - 1].span.end), name.entities, name.name)
        return None


def _acting(base: KnowledgeBase) -> set[str]:
    """The ids of governments that the table of capitals names beside their state."""
    return {entity.id for entity in base.capitals.values() if entity.id in base.parents}


def _add(by_first: dict[str, dict[tuple[tuple[str, ...], bool], _Name]], name: str, *entities: Entity) -> None:
    folded = fold(name)
    words = tuple(map(without_article, folded.split()))
    if not words:
        return
    slot = (words, folded.startswith(ARTICLE))
    old = by_first[words[0]].get(slot)
    merged = tuple(dict.fromkeys((*(old.entities if old else ()), *entities)))
    by_first[words[0]][slot] = _Name(words, slot[1], merged, name)


def _longest_first(name: _Name) -> tuple[int, str]:
    return -len(name.words), name.name


def _match(words: Sequence[Word], at: int, wanted: tuple[str, ...]) -> int | None:
    """Where the wanted words end if they stand at ``at``; quotation marks between them do not count."""
    cursor = at + 1
    for word in wanted[1:]:
        while cursor < len(words) and words[cursor].folded in QUOTES:
            cursor += 1
        if cursor >= len(words) or without_article(words[cursor].folded) != word:
            return None
        cursor += 1
    return cursor
