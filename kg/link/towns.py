"""Towns whose names are ordinary words, or other places' names too: linked where the words around tell of the town.

The table of places writes such a name with its head noun (``بلدة الحراك``) or with its province (``صيدا بريف درعا``). The
bare name is the town behind any such noun (``بلدتي الحراك وصيدا``), beside another place of its province (``الحراك وداعل``)
or before its countryside (``صيدا بريف درعا``). A name written with its province needs a sentence or article on that province.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.knowledge import KnowledgeBase
from kg.language.arabic import ARTICLE, LAM, WAW, fold, stems, without_article
from kg.language.cues import has_role
from kg.language.titles import COMMAS
from kg.language.words import Word
from kg.link.names import NameHit
from kg.link.nearby import Line
from kg.model import Entity
from kg.span import Span
from kg.vocabulary import Kind

OF_PROVINCE = frozenset(map(fold, ("بريف", "في", "شرق", "غرب", "شمال", "جنوب")))
SETTLED = frozenset({"City", "Town", "Village", "District", "Camp"})
LONGEST = 3
"""Words of a bare name."""


@dataclass(frozen=True, slots=True)
class _Town:
    """A place under its bare name; ``shared`` is a name that the table writes with the province."""

    entity: Entity
    name: str
    shared: bool


@dataclass(frozen=True, slots=True)
class _Item:
    """A member of a list of places: words ``first`` to ``last`` (exclusive), and what it is or may be."""

    first: int
    last: int
    cut: int
    hit: NameHit | None
    towns: tuple[_Town, ...] = ()


class TownFinder:
    """Finds the towns of a knowledge base under their bare names."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._towns: dict[str, list[_Town]] = {}
        for entity in base.entities.values():
            if base.place_kinds.get(entity.id) in SETTLED:
                for bare, shared in _bare_names(entity, base):
                    town = _Town(entity, bare, shared)
                    if all(other.entity != entity for other in self._towns.setdefault(bare, [])):
                        self._towns[bare].append(town)

    @property
    def firsts(self) -> Collection[str]:
        """The words with which bare names begin, folded and without article."""
        return {without_article(name.split()[0]) for name in self._towns}

    def find(self, lines: Sequence[Line]) -> list[Line]:
        """The lines, with the towns that they name without saying so."""
        if not any(line.starts["town"] for line in lines):
            return list(lines)
        told = Counter(province for line in lines for province in self._provinces(line.hits))
        return [self._line(line, told) if line.starts["town"] else line for line in lines]

    def _line(self, line: Line, told: Counter[str]) -> Line:
        found = [hit for items in self._lists(line) for hit in self._accepted(line, items, told)]
        if not found:
            return line
        covered = {at for hit in found for at in range(hit.first, hit.last)}
        kept = [hit for hit in line.hits if covered.isdisjoint(range(hit.first, hit.last))]
        return replace(line, hits=tuple(sorted([*kept, *found], key=lambda hit: hit.first)))

    def _lists(self, line: Line) -> Iterator[list[_Item]]:
        """What may be a town, with the places that stand beside it in a list."""
        items: list[_Item] = []
        for item in sorted(self._items(line), key=lambda item: item.first):
            if items and not _is_next(line.words, items[-1], item):
                yield items
                items = []
            items.append(item)
        yield items

    def _items(self, line: Line) -> Iterator[_Item]:
        covered: set[int] = set()
        for hit in line.hits:
            covered.update(range(hit.first, hit.last))
            if hit.entities[0].kind is Kind.PLACE:
                yield _Item(hit.first, hit.last, hit.span.start - line.words[hit.first].span.start, hit)
        for at in line.starts["town"]:
            if at not in covered and (item := self._item(line.words, at, covered)):
                covered.update(range(item.first, item.last))
                yield item

    def _item(self, words: Sequence[Word], at: int, covered: set[int]) -> _Item | None:
        """The longest bare name at a word, if any; its article must be the table's."""
        for length in range(LONGEST, 0, -1):
            more = [word.folded for word in words[at + 1 : at + length]]
            if len(more) < length - 1 or not covered.isdisjoint(range(at, at + length)):
                continue
            for stem, cut in stems(words[at].folded):
                definite = ARTICLE if words[at].folded[max(0, cut - 2) : cut] == LAM + LAM else ""
                if towns := self._towns.get(" ".join([definite + stem, *more])):
                    return _Item(at, at + length, cut, None, tuple(towns))
        return None

    def _accepted(self, line: Line, items: Sequence[_Item], told: Counter[str]) -> Iterator[NameHit]:
        """The towns among the members of a list that the words around tell."""
        if not any(item.towns for item in items):
            return
        led = _is_led(line.words, items[0])
        beside = self._provinces(item.hit for item in items if item.hit) | self._countryside(line, items[-1].last)
        near, most = self._provinces(line.hits), {province for province, _ in told.most_common(1)}
        for item in items:
            kin = self._those_of(item.towns, beside)
            if led and not kin:
                own = tuple(town for town in item.towns if not town.shared)
                kin = self._those_of(item.towns, near) or self._those_of(own, told) or self._those_of(item.towns, most)
            if len(kin) == 1:
                span = Span(line.words[item.first].offset(item.cut), line.words[item.last - 1].span.end)
                yield NameHit(item.first, item.last, span, (kin[0].entity,), kin[0].name)

    def _those_of(self, towns: Iterable[_Town], provinces: Collection[str]) -> tuple[_Town, ...]:
        return tuple(town for town in towns if self._base.province(town.entity) in provinces)

    def _countryside(self, line: Line, at: int) -> set[str]:
        """The province whose countryside is named right behind a list (``بريف درعا``, ``(ريف درعا)``)."""
        behind = range(at, at + 2)
        rural = (
            h for h in line.hits if h.first in behind and self._base.place_kinds.get(h.entities[0].id) == "Countryside"
        )
        return self._provinces(rural)

    def _provinces(self, hits: Iterable[NameHit]) -> set[str]:
        places = (hit.entities[0] for hit in hits if hit.entities and hit.entities[0].kind is Kind.PLACE)
        return {province for place in places if (province := self._base.province(place))}


def _bare_names(entity: Entity, base: KnowledgeBase) -> Iterator[tuple[str, bool]]:
    """A place's names without head noun and province, folded, where the table gives them only so."""
    for name in entity.names:
        words = fold(name).split()
        rural = next((at for at, word in enumerate(words[:-1]) if at and word in OF_PROVINCE), None)
        headed = len(words) > 1 and has_role(words[0], "town_noun")
        bare = words[headed:rural]
        shared = rural is not None
        if bare and (headed or shared) and len(bare) <= LONGEST and (shared or not base.named(" ".join(bare))):
            yield " ".join(bare), shared


def _is_next(words: Sequence[Word], one: _Item, other: _Item) -> bool:
    """Whether two places are neighbours in a list: *and*, a comma, or both stand between them."""
    between = [word.folded for word in words[one.last : other.first]]
    attached = words[other.first].folded[: other.cut]
    if not all(word in COMMAS or word == WAW or has_role(word, "town_noun") for word in between):
        return False
    return attached == WAW or (not attached and bool(between))


def _is_led(words: Sequence[Word], item: _Item) -> bool:
    """Whether a noun of towns stands right before the first of a list (``بلدات``, ``ريفي``, ``محور``)."""
    return (
        item.first > 0
        and item.cut == 0
        and any(has_role(s, "town_noun") for s, _ in stems(words[item.first - 1].folded))
    )
