"""Who a name means within an article: family names alone, shorter forms, and spellings of one name.

A bare family name is the person whom the article names in full; two people of one family name are kept apart by which of
them was named last. Spellings of a name are merged if their consonants agree (``ماكغورك``, ``ماكجورك``) and they look alike;
common first names and names with an article are never merged, since there one letter makes another person.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from kg.knowledge import KnowledgeBase
from kg.language.arabic import ARTICLE, CLITICS, stems, without_article
from kg.language.titles import role_of
from kg.language.words import Word
from kg.link.lexicon import is_ordinary, joined, name_words
from kg.link.newcomers import Newcomers
from kg.model import Entity, Link
from kg.span import Span
from kg.vocabulary import Kind

ALIKE = 75.0
"""Similarity (0 to 100, rapidfuzz ratio) of two words of a name from which they can be spellings of one."""
MISSPELT = 85.0
"""The same for a family name whose consonants differ, behind the same first name."""
SHORTEST_SPELLING = 4
"""Letters of a word below which spellings are not compared."""
_SOUNDS = str.maketrans(
    {
        **dict.fromkeys("غجقك\u06af", "g"),
        **dict.fromkeys("سصثزذظ\u0686", "s"),
        "ط": "ت",
        "ض": "د",
        "\u06a4": "ف",
        "\u067e": "ب",
    }
)
_VOWELS = str.maketrans(dict.fromkeys("اويهءع"))


def consonants(word: str) -> str:
    """What stays of a folded foreign name however it is transliterated.

    >>> consonants("ماكغورك") == consonants("مكجورك")
    True
    """
    sounds = word.replace("تش", "ش").replace("تس", "س").replace("تز", "س").translate(_SOUNDS).translate(_VOWELS)
    return "".join(letter for n, letter in enumerate(sounds) if n == 0 or sounds[n - 1] != letter)


@dataclass(frozen=True, slots=True)
class _Named:
    """A person named in full at a place in the text; ``words`` are folded, particles joined to what follows them."""

    entity: Entity
    start: int
    words: tuple[str, ...]


def _family(words: Sequence[str]) -> str:
    return without_article(words[-1])


Called = Callable[[str, str], Entity | None]


def nobody(_title: str, _name: str) -> Entity | None:
    """Tells of nobody by title and name."""
    return None


class People:
    """Resolves the persons of an article, given its links in order."""

    def __init__(self, base: KnowledgeBase, newcomers: Newcomers) -> None:
        self._newcomers = newcomers
        self._parents = base.parents
        self._by_sound: dict[str, list[Entity]] = {}
        for entity in base.entities.values():
            for name in entity.names if entity.kind is Kind.PERSON else ():
                if len(joined(name)) > 1:
                    self._by_sound.setdefault(_sound(name), []).append(entity)

    def resolve(
        self, text: str, links: Iterable[Link], lines: Sequence[Sequence[Word]], called: Called = nobody
    ) -> list[Link]:
        """The links, persons resolved within the article, and the bare family names that nobody found.

        ``called`` tells who bears a title and one name on the article's day.
        """
        merged = list(self._merged(text, links))
        full = [_named(text, link) for link in merged if _is_full(text, link)]
        resolved = [link for found in merged if (link := self._by_family(text, found, full, lines, called))]
        return [*resolved, *self._overlooked(resolved, full, lines)]

    # Spellings and shorter forms of full names

    def _merged(self, text: str, links: Iterable[Link]) -> Iterator[Link]:
        links = list(links)
        people = dict.fromkeys(link.entities[0] for link in links if link.entities[0].known)
        known = [named for person in people for named in _all_names(person)]
        for link in links:
            found = link
            if _is_full(text, link):
                named = _named(text, link)
                found = link if link.entities[0].known else self._same(link, named, known)
                known.append(replace(named, entity=found.entities[0]))
            yield found

    def _same(self, link: Link, named: _Named, earlier: Sequence[_Named]) -> Link:
        """A new person's link, to somebody of the tables or of the article if this is another form of his name."""
        in_tables = (  # by sound alone: a misspelt name counts only if the article also spells it well
            _Named(entity, 0, joined(name))
            for entity in self._by_sound.get(_sound(link.entities[0].names[0]), ())
            for name in entity.names
        )
        for other in itertools.chain(earlier, in_tables):
            if reason := self._reason(named.words, other.words):
                return Link(link.span, (other.entity,), reason.format(other.entity.names[0]))
        return link

    def _reason(self, one: Sequence[str], other: Sequence[str]) -> str:
        """Why two full names are the same person's, in words with a gap for the name; empty if they are not."""
        if len(one) > 1 and len(one) == len(other):
            pairs = [(a, b) for a, b in zip(one, other, strict=True) if without_article(a) != without_article(b)]
            if pairs and all(self._are_spellings(a, b) for a, b in pairs):
                alike = fuzz.ratio(" ".join(one), " ".join(other))
                return f"a spelling of «{{}}»: the same consonants, {alike:.0f} % alike"
        if len(one) == len(other) == 2 and one[0] == other[0] and self._is_misspelt(one[1], other[1]):
            return "«{}» misspelt: the first name agrees, the other nearly"
        shorter, longer = sorted((one, other), key=len)
        if (
            1 < len(shorter) < len(longer)
            and (shorter[0], shorter[-1]) == (longer[0], longer[-1])
            and _is_part(shorter, longer)
        ):
            return "a shorter or longer form of «{}»: first and last name agree"
        if 1 < len(shorter) < len(longer) and tuple(longer[: len(shorter)]) == tuple(shorter):
            return "a shorter or longer form of «{}»: it begins alike"
        return ""

    def _are_spellings(self, one: str, other: str) -> bool:
        if any(w.startswith(ARTICLE) or len(w) < SHORTEST_SPELLING for w in (one, other)):
            return False
        if self._newcomers.is_given(one) and self._newcomers.is_given(other):
            return False
        return fuzz.ratio(one, other) >= ALIKE and consonants(one) == consonants(other)

    def _is_misspelt(self, one: str, other: str) -> bool:
        plain = not any(
            w.startswith(ARTICLE) or len(w) < SHORTEST_SPELLING or self._newcomers.is_given(w) for w in (one, other)
        )
        return plain and fuzz.ratio(one, other) >= MISSPELT

    # One word alone

    def _by_family(
        self, text: str, link: Link, full: Sequence[_Named], lines: Sequence[Sequence[Word]], called: Called
    ) -> Link | None:
        """A person's link, to the person of the article whom one word alone means; None if it means nobody."""
        person = link.entities[0]
        if person.kind is not Kind.PERSON or _is_full(text, link):
            return link
        word = joined(link.span.of(text)) or ("",)
        found = [named for named in full if self._is_called(named, word[-1])]
        if _is_house(link, lines):
            return None
        if person.known:
            rivals = [named for named in found if named.entity != person and self._apart(named.entity, person)]
            if any(named.entity == person for named in full):
                rivals = [named for named in rivals if named.entity.known or _is_repeated(named, full)]
            return _nearest(link, rivals, full) or link
        title = _title(link, lines)
        holder = called(title, word[-1]) if title else None
        if holder:
            return Link(link.span, (holder,), f"«{title}» with one name: «{holder.names[0]}» held that office then")
        if found:
            last = max((n for n in found if n.start < link.span.start), key=lambda n: n.start, default=found[0])
            return Link(
                link.span, (last.entity,), f"part of the name «{last.entity.names[0]}», given in full in this article"
            )
        return link if title else None

    def _apart(self, one: Entity, other: Entity) -> bool:
        """Whether two people of one family name serve different bodies; of one house, the tables' choice stays."""
        return not (one.known and self._parents.get(one.id) == self._parents.get(other.id))

    def _is_called(self, named: _Named, word: str) -> bool:
        family, first = _family(named.words), without_article(named.words[0])
        plain = _family((word,))
        return plain in (family, first) or self._are_spellings(word, named.words[-1])

    def _overlooked(
        self, links: Sequence[Link], full: Sequence[_Named], lines: Sequence[Sequence[Word]]
    ) -> Iterator[Link]:
        """Bare family names of people named in full that neither a table nor Stanza found."""
        families: dict[str, set[Entity]] = {}
        for named in full:
            families.setdefault(named.words[-1], set()).add(named.entity)
        wanted = {family: people for family, people in families.items() if len(people) == 1 and _is_telling(family)}
        forms = {clitics + family for family in wanted for clitics in CLITICS}
        covered = [link.span for link in links] if wanted else []
        for words in lines if wanted else ():
            for at, word in enumerate(words):
                hit = _reading(word.folded, wanted) if word.folded in forms else None
                if hit and not any(word.span.overlaps(span) for span in covered) and self._stands_alone(words, at):
                    (person,) = wanted[hit[0]]
                    reason = f"the family name of «{person.names[0]}», given in full in this article"
                    yield Link(Span(word.offset(hit[1]), word.span.end), (person,), reason)

    def _stands_alone(self, words: Sequence[Word], at: int) -> bool:
        """Whether a verb, particle or title before a word shows that it is a whole name."""
        before = words[at - 1].folded if at else ""
        return without_article(before) in name_words("before_name") or bool(before and role_of(before))


def _reading(word: str, wanted: Collection[str]) -> tuple[str, int] | None:
    """The first reading of a folded word that is among those wanted, and how many letters stand before it."""
    for stem, cut in stems(word):
        if stem in wanted:
            return stem, cut
    return None


def _nearest(link: Link, rivals: Sequence[_Named], full: Sequence[_Named]) -> Link | None:
    """A known person's bare name, to a rival of that name who was named in full later than he."""
    if not rivals:
        return None
    before = [named for named in full if named.start < link.span.start and named in rivals]
    own = max((n.start for n in full if n.entity == link.entities[0] and n.start < link.span.start), default=-1)
    last = max(before, key=lambda named: named.start, default=None)
    if last is None or last.start < own:
        return None
    return Link(link.span, (last.entity,), f"the family name of «{last.entity.names[0]}», named in full shortly before")


@functools.lru_cache(maxsize=8192)
def _sound(name: str) -> str:
    return " ".join(consonants(without_article(word)) for word in joined(name))


def _all_names(person: Entity) -> Iterator[_Named]:
    """A known person under all full names; nothing for anything else."""
    for name in person.names if person.kind is Kind.PERSON else ():
        if len(joined(name)) > 1:
            yield _Named(person, 0, joined(name))


def _is_full(text: str, link: Link) -> bool:
    return link.entities[0].kind is Kind.PERSON and len(joined(link.span.of(text))) > 1


def _named(text: str, link: Link) -> _Named:
    return _Named(link.entities[0], link.span.start, joined(link.span.of(text)))


def _is_part(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    rest = iter(longer)
    return all(word in rest for word in shorter)


def _is_telling(family: str) -> bool:
    return len(family) >= SHORTEST_SPELLING and not is_ordinary(family)


def _is_repeated(named: _Named, full: Sequence[_Named]) -> bool:
    """Whether a new person is named in full more than once, so that two names run together count for nobody."""
    return sum(other.entity == named.entity for other in full) > 1


def _is_house(link: Link, lines: Sequence[Sequence[Word]]) -> bool:
    """Whether a family's name means the family (``أسرة آل ثاني``)."""
    return _word_before(link, lines) in name_words("house")


def _word_before(link: Link, lines: Sequence[Sequence[Word]]) -> str:
    """The folded word right before a link in its sentence; empty if there is none."""
    for words in lines:
        if words and words[0].span.start <= link.span.start < words[-1].span.end:
            at = next((n for n, word in enumerate(words) if word.span.end > link.span.start), 0)
            return words[at - 1].folded if at else ""
    return ""


def _title(link: Link, lines: Sequence[Sequence[Word]]) -> str:
    """The folded title right before a name of one word; empty if there is none."""
    before = _word_before(link, lines)
    return before if role_of(before) or without_article(before) in name_words("honorific") else ""
