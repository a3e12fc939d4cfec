"""Names of the knowledge base in running text: longest first, any spelling that folds alike, clitics taken off.

Numbered rounds are left to :mod:`kg.link.talks`, which reads more ways to name them than a table can list.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.knowledge import KnowledgeBase
from kg.language.arabic import (
    ALEF,
    ARTICLE,
    CONJUNCTIONS,
    LAM,
    PREPOSITIONS,
    SHORTEST_STEM,
    WAW,
    YEH,
    fold,
    stems,
    without_article,
)  # fmt: skip
from kg.language.cues import has_role
from kg.language.words import QUOTES, Word
from kg.link.lexicon import name_words
from kg.model import Entity
from kg.span import Span
from kg.vocabulary import Kind

INSIDE = QUOTES | {"#", "_"}
"""Marks that may stand between the words of a name."""
FEMININE = "\u0647"  # ta marbuta, folded
OPPOSED = "معارضه"
"""What describes a group that an adjective describes already (``الجماعات المسلحة المعارضة``)."""


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
    length: int
    definite: bool
    entities: tuple[Entity, ...]
    name: str


@dataclass(slots=True)
class _Node:
    """Names that share their first words: what may come next, and the names that end here, by definiteness."""

    following: dict[str, _Node] = field(default_factory=dict)
    names: dict[bool, _Name] = field(default_factory=dict)


class NameFinder:
    """Finds the names of a knowledge base. Building it takes about 20 ms a thousand names; finding is linear."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._root = _Node()
        numbered = {event.entity.id for event in base.events if event.number}
        for entity in base.entities.values():
            for name in entity.names if entity.id not in numbered else ():
                _add(self._root, name, entity)
        for capital, state in base.capitals.items():
            city = base.names.get(capital, ())
            _add(self._root, capital, *(e for e in city if e != state), state)
        for phrase in name_words("no_name"):
            _add(self._root, phrase)
        self._states = base.adjectives
        self._governments = {parent: base.entities[i] for i, parent in base.parents.items() if i in _acting(base)}
        self._starts = functools.lru_cache(maxsize=65536)(self._find_starts)
        self._adjective = functools.lru_cache(maxsize=65536)(self._find_adjective)

    @property
    def firsts(self) -> Collection[str]:
        """The words with which names begin, folded and without article."""
        return self._root.following

    def find(self, words: Sequence[Word], starts: Iterable[int] | None = None) -> Iterator[NameHit]:
        """The names in these words, left to right, none inside another; ``starts`` are the words that may begin one."""
        end = 0
        for at in range(len(words)) if starts is None else starts:
            if at >= end and (hit := self._name_at(words, at)):
                end = hit.last
                if hit.entities:
                    yield hit

    def adjective(self, word: Word) -> Entity | None:
        """The state that an adjective names (``الروسية``), as the actor that acts for it."""
        return self._adjective(word.folded)

    def _find_adjective(self, folded: str) -> Entity | None:
        for stem, _ in stems(folded):
            plain = without_article(stem)
            manner = plain.removesuffix(ALEF) if plain == stem else plain  # «المدعومة أميركيا»
            state = next(
                (self._states[w] for w in (plain, plain.removesuffix(FEMININE), manner) if w in self._states), None
            )
            if state:
                return self.acting(state)
        return None

    def _find_starts(self, folded: str) -> tuple[tuple[str, int, bool, _Node], ...]:
        """The readings of a word with which a name begins: the word, its clitics, whether definite, what follows."""
        readings = [*stems(folded)]
        if len(folded) == SHORTEST_STEM and folded[0] in CONJUNCTIONS | PREPOSITIONS:
            readings.append((folded[1:], 1))  # «لتل أبيب»: too short for a word of its own, long enough in a name
        return tuple(
            (plain, clitics, plain != stem or folded[max(0, clitics - 2) : clitics] == LAM + LAM, node)
            for stem, clitics in readings
            if (node := self._root.following.get(plain := without_article(stem)))
        )

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

    @staticmethod
    def _describes(words: Sequence[Word], at: int) -> bool:
        """Whether what could begin a ministry's short name is the adjective of a noun (``السياسة الخارجية الإيرانية``)."""
        before = words[at - 1].folded if at else ""
        nisba = words[at].folded.startswith(ARTICLE) and words[at].folded.endswith((YEH + FEMININE, OPPOSED))
        return nisba and before.startswith(ARTICLE) and before.endswith(FEMININE)

    def _is_adjective(self, words: Sequence[Word], at: int, plain: str) -> bool:
        """Whether a state's name is the adjective of a noun before it (``طائرات حربية سورية``)."""
        if plain.removesuffix(FEMININE) not in self._states or at == 0:
            return False
        before = words[at - 1]
        if words[at].folded != plain:  # «غارات روسية وسورية»
            listed = words[at].folded == WAW + plain and self.adjective(before) is not None
            return listed and not before.folded.startswith(ARTICLE)
        return not (before.is_mark or has_role(before.folded, "preposition") or has_role(before.folded, "place_noun"))

    def _stands_alone(self, words: Sequence[Word], at: int, plain: str, name: _Name) -> bool:
        """Whether a name of one word is no adjective and has none that makes it another thing."""
        return not (self._is_adjective(words, at, plain) or self._is_narrowed(words, at, name))

    def _name_at(self, words: Sequence[Word], at: int) -> NameHit | None:
        for plain, clitics, definite, node in self._starts(words[at].folded):
            best: tuple[_Name, int] | None = None
            for found, last in _names_from(node, words, at + 1):
                name = next(iter(found.values())) if last > at + 1 else found.get(definite)
                if name and (name.length > 1 or self._stands_alone(words, at, plain, name)):
                    best = name, last
            if best and not self._describes(words, at):
                name, last = best
                return NameHit(
                    at, last, Span(words[at].offset(clitics), words[last - 1].span.end), name.entities, name.name
                )
        return None


def _acting(base: KnowledgeBase) -> set[str]:
    """The ids of governments that the table of capitals names beside their state."""
    return {entity.id for entity in base.capitals.values() if entity.id in base.parents}


def _add(root: _Node, name: str, *entities: Entity) -> None:
    folded = fold(name)
    words = [without_article(word) for word in folded.split()]
    if not words:
        return
    node = root
    for word in words:
        node = node.following.setdefault(word, _Node())
    definite = folded.startswith(ARTICLE)
    old = node.names.get(definite)
    merged = tuple(dict.fromkeys((*(old.entities if old else ()), *entities)))
    node.names[definite] = _Name(len(words), definite, merged, name)


def _names_from(node: _Node, words: Sequence[Word], at: int) -> Iterator[tuple[dict[bool, _Name], int]]:
    """The names that begin with a node's word, shorter before longer, with where they end.

    Quotation marks between the words of a name do not count, nor do those of hashtags (``#جمال_خاشقجي``) and addresses
    (``العربية.نت``).
    """
    while True:
        if node.names:
            yield node.names, at
        while at < len(words) and (words[at].folded in INSIDE or _is_inner_stop(words, at)):
            at += 1
        following = node.following.get(without_article(words[at].folded)) if at < len(words) else None
        if following is None:
            return
        node, at = following, at + 1


def _is_inner_stop(words: Sequence[Word], at: int) -> bool:
    """Whether a word is a full stop with no space on either side."""
    if words[at].folded != "." or not 0 < at < len(words) - 1:
        return False
    return words[at - 1].span.end == words[at].span.start and words[at].span.end == words[at + 1].span.start
