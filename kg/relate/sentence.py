"""A sentence as the rules see it: words, and the linked groups among them."""

from __future__ import annotations

import bisect
import copy
import datetime
import functools
import itertools
import operator
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from kg.knowledge import domain, knowledge_base
from kg.language.arabic import ARTICLE, BEH, KAF, LAM, WAW, without_article
from kg.language.cues import NO_ROLES, has_role, roles_of, with_conjunctions
from kg.language.dates import Basis, MonthReference
from kg.language.titles import COMMAS, STOPS, Title, find_titles
from kg.language.words import QUOTES, Word, overlapping, words_of
from kg.model import DatedSpan, Entity, Link, Reading
from kg.relate.triggers import is_event_noun, is_trigger
from kg.span import Span
from kg.vocabulary import EVENTS, PERSONS, Kind

THEN = "ثم"
JOINERS = COMMAS | QUOTES | {"(", ")", "-", "–", "/", ":"}
LONGEST_GAP = 5
"""Words that may stand between two members of a list (adjectives, ``كل من``)."""
FROM = "من"
ON_BEHALF = "عن"
HASH = "#"
WITH = frozenset({"مع", "ضد", "علي", "بين"})
"""Prepositions behind which a country is somebody rather than where something is."""
EXPECTED = "هجوم"
"""Without article mostly an attack that is feared (``هجوم حكومي``)."""
EACH_OF = ["كل", FROM]
ATTACHED = frozenset(BEH + LAM + KAF)
_START = operator.attrgetter("span.start")
Spanned = TypeVar("Spanned", Link, DatedSpan)


@dataclass(frozen=True, slots=True)
class Place:
    """A link with the words it covers: the noun phrase, title and all, and in it the name itself.

    ``absorbed`` is a body in somebody's title, which does not act here.
    """

    link: Link
    first: int
    last: int
    name: int
    absorbed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Links that are joined by *and* or commas, and act together."""

    members: tuple[Place, ...]

    @property
    def first(self) -> int:
        """Index of its first word."""
        return self.members[0].first

    @property
    def last(self) -> int:
        """Index behind its last word."""
        return self.members[-1].last

    def fitting(self, kinds: Collection[Kind]) -> tuple[Entity, ...]:
        """What its members stand for among these kinds; members that fit none are left out."""
        states = any(place.link.entities[0].kind is Kind.STATE for place in self.members)
        found = (place.link.fitting(kinds) or (_government(place, kinds) if states else None) for place in self.members)
        return tuple(dict.fromkeys(entity for entity in found if entity))


def _government(place: Place, kinds: Collection[Kind]) -> Entity | None:
    """Who acts for a country that is no actor of its own, beside states that are (``سوريا وروسيا وإيران``)."""
    base, country = knowledge_base(), place.link.entities[0]
    acting = (actor for actor in base.capitals.values() if base.parents.get(actor.id) == country.id)
    return next((actor for actor in acting if actor.kind in kinds), None) if country.kind is Kind.PLACE else None


@dataclass(frozen=True, slots=True)
class Scope:
    """Words ``first`` to ``last`` (exclusive) of a sentence are said by ``speaker``, None being a source without a name."""

    first: int
    last: int
    speaker: Entity | None


@dataclass(frozen=True)
class View:
    """One sentence of a reading. ``today`` is the day of writing, if it is known to the day."""

    text: str
    words: tuple[Word, ...]
    places: tuple[Place, ...]
    titles: tuple[Title, ...]
    adjectives: dict[int, Entity]
    dates: tuple[DatedSpan, ...]
    topic: Entity | None
    today: datetime.date | None
    _acting: dict[int, Place] = field(repr=False)
    speaker: Entity | None = None
    """Who spoke last before this sentence."""
    basis: Basis = Basis.PUBLISHED
    """What the day of writing rests on."""
    scopes: tuple[Scope, ...] = ()
    """Which words somebody says, inner scopes after outer."""
    attackers: tuple[Entity, ...] = ()
    """Who attacked just before, where an attack is told again."""

    def heard(self, speaker: Entity | None, scopes: tuple[Scope, ...]) -> View:
        """The sentence with who spoke before it and who says what in it; what is known of its words stays known."""
        copied = copy.copy(self)
        vars(copied).update(speaker=speaker, scopes=scopes)
        return copied

    @functools.cached_property
    def groups(self) -> tuple[Group, ...]:
        """The linked groups, left to right; what is absorbed by a title is in none."""
        groups: list[list[Place]] = []
        for place in self.places:
            if place.absorbed:
                continue
            if groups and self._joined(groups[-1], place):
                groups[-1].append(place)
            else:
                groups.append([place])
        return tuple(Group(tuple(members)) for members in groups)

    @functools.cached_property
    def dated(self) -> frozenset[int]:
        """The words of time expressions, with a preposition right before them."""
        found = {at for dated in self.dates for at in overlapping(self.words, dated.span)}
        return frozenset(found | {at - 1 for at in found if self.is_role(at - 1, "preposition")})

    @functools.cached_property
    def _folded(self) -> tuple[str, ...]:
        return tuple([word.folded for word in self.words])

    @functools.cached_property
    def _roles(self) -> tuple[frozenset[str], ...]:
        return tuple(map(roles_of, self._folded))

    def folded(self, at: int) -> str:
        """The folded word at an index; empty outside the sentence."""
        words = self._folded
        return words[at] if 0 <= at < len(words) else ""

    def roles(self, at: int) -> frozenset[str]:
        """The roles of the word at an index in the table of cues."""
        roles = self._roles
        return roles[at] if 0 <= at < len(roles) else NO_ROLES

    def is_role(self, at: int, role: str) -> bool:
        """Whether the word at an index is in a role of the table of cues."""
        roles = self._roles
        return 0 <= at < len(roles) and role in roles[at]

    def is_guess(self, at: int) -> bool:
        """Whether the word at an index leads to whose something is believed to be (``طائرات يعتقد أنها روسية``)."""
        return self.is_role(at - 1, "believed") and at + 1 in self.adjectives

    def speaker_at(self, at: int) -> Entity | None:
        """Who says the word at an index: the innermost scope's speaker, or nobody but the article."""
        inside = [scope for scope in self.scopes if scope.first <= at < scope.last]
        return max(inside, key=lambda scope: scope.first).speaker if inside else None

    def place_at(self, at: int) -> Place | None:
        """The noun phrase of a link that covers a word, if it can act."""
        return self._acting.get(at)

    def names_any(self, first: int, last: int) -> bool:
        """Whether a link that can act or an adjective of a state stands among words ``first`` to ``last`` (exclusive)."""
        return not self._naming.isdisjoint(range(first, last))

    @functools.cached_property
    def _naming(self) -> frozenset[int]:
        return frozenset(self._acting) | self.adjectives.keys()

    def group_of(self, place: Place) -> Group:
        """The group that a link belongs to."""
        return next(group for group in self.groups if place in group.members)

    def span(self, first: int, last: int) -> Span:
        """The text from one word to another (exclusive)."""
        return Span(self.words[first].span.start, self.words[last - 1].span.end)

    def clitic(self, place: Place) -> str:
        """The folded letters attached in front of a noun phrase: of its title, or of its name."""
        word = self.words[place.first]
        if place.first == place.name:
            return word.folded[: max(0, place.link.span.start - word.span.start)]
        attached = word.folded[:1]
        return attached if attached in ATTACHED | {WAW} and not self._begins_noun(word.folded) else ""

    def attached(self, group: Group) -> bool:
        """Whether a one-letter preposition stands on a group's first word."""
        return bool(ATTACHED & set(self.clitic(group.members[0])))

    def governed(self, group: Group) -> bool:
        """Whether a preposition, attached or not, stands before a group or the nouns that it belongs to."""
        at = group.first - 1
        if self.attached(group):
            return True
        while self.is_role(at, "site") or self.is_role(at, "companion") or self.folded(at) == HASH:
            at -= 1
        if self.folded(at) in (FROM, ON_BEHALF) and self.is_role(at - 1, "part"):
            return False  # «جماعات من المعارضة», «ممثلون عن المعارضة»
        return self.is_role(at, "preposition") or has_role(self.folded(at)[1:], "site")

    @staticmethod
    def _begins_noun(word: str) -> bool:
        return has_role(word, "follower") and not has_role(word[1:], "follower")

    def _joined(self, members: Sequence[Place], following: Place) -> bool:
        """Whether a link continues a list: by *wa* on it or before it, or by a comma in a list that has one later."""
        if members[-1].link.span == following.link.span:
            return True  # one description that stands for several
        between = range(members[-1].last, following.first)
        if len(between) > LONGEST_GAP or any(self.folded(at) in STOPS for at in between):
            return False
        inner = [self.folded(at) for at in between if self.folded(at) not in JOINERS]
        if not all(self._follows(word) for word in inner):
            return False
        headed = any(has_role(word.removeprefix(WAW), "town_noun") for word in inner)
        if headed and members[-1].link.entities[0].kind is not Kind.PLACE:
            return False  # «مناطق الحكومة وبلدة منبج»
        comma = any(self.folded(at) in COMMAS for at in between)
        joined = self._has_wa(following, inner)
        if self._is_aside(members[-1]):
            return False  # «فيلق الرحمن (الجيش الحر) والقوات الروسية»
        if comma and self.is_role(following.last, "relative"):
            return False  # «روسيا التي تدعم النظام، وتركيا التي …»
        if comma and joined:
            titled = all(place.first < place.name for place in (members[-1], following))
            return len(members) == 1 or titled or not self._has_wa(members[-1], [])
        return joined or (comma and inner in ([], EACH_OF) and self._list_goes_on(following))

    def _is_aside(self, place: Place) -> bool:
        """Whether a name stands alone in brackets."""
        return (self.folded(place.first - 1), self.folded(place.last)) == ("(", ")")

    def _has_wa(self, place: Place, inner: Sequence[str]) -> bool:
        return WAW in self.clitic(place) or any(
            word in (WAW, THEN) or (word[0] == WAW and len(word) > 3) for word in inner
        )

    @staticmethod
    def _follows(word: str) -> bool:
        """Whether a word may stand between members of a list: a head noun, an adjective, ``كل من``."""
        bare = word.removeprefix(WAW) if len(word) > 3 else word
        return (
            bare in ("", WAW, THEN)
            or has_role(bare, "follower")
            or (bare.endswith(("ي", "يه")) and bare.startswith(ARTICLE) and not is_trigger(bare))
        )

    def _list_goes_on(self, place: Place) -> bool:
        """Whether *wa* and another link of the list follow soon."""
        later = [p for p in self.places if place.last <= p.first <= place.last + LONGEST_GAP]
        return any(WAW in self.clitic(p) or self.folded(p.first - 1) == WAW for p in later[:3])


def views(reading: Reading) -> Iterator[View]:
    """The sentences of a reading, in order."""
    article = reading.document.article
    today = None if isinstance(reading.reference, MonthReference) else reading.reference
    for sentence in reading.document.sentences:
        words = words_of(article.text, sentence.span)
        if not words:
            continue
        area = Span(words[0].span.start, words[-1].span.end)
        plain = list(_plain_places(words, _inside(area, reading.links)))
        people = [(place.first, place.last) for place in plain if place.link.entities[0].kind in PERSONS]
        others = [place.first for place in plain if place.link.entities[0].kind not in PERSONS]
        titles = (*find_titles(words, people, others), *_listed_titles(words, plain))
        places = tuple(_with_title(place, titles) for place in plain)
        yield View(
            text=article.text, words=words, places=places, titles=titles,
            adjectives=dict(_adjectives(words, _inside(area, reading.adjectives))), dates=_inside(area, reading.dates),
            topic=reading.topic, today=today, basis=reading.basis,
            _acting={at: place for place in places if not place.absorbed for at in range(place.first, place.last)},
        )  # fmt: skip


def _inside(area: Span, found: Sequence[Spanned]) -> tuple[Spanned, ...]:
    """What lies inside a stretch of the text, of what was found in all of it, in order."""
    first, last = (bisect.bisect_left(found, edge, key=_START) for edge in (area.start, area.end))
    return tuple([one for one in found[first:last] if one.span.end <= area.end])


def _adjectives(words: Sequence[Word], links: Sequence[Link]) -> Iterator[tuple[int, Entity]]:
    """The indices of words that adjectives of states begin with, and the states; an attack can be *governmental* too."""
    governmental = with_conjunctions("governmental")
    for at in [at for at in range(1, len(words)) if words[at].folded in governmental]:
        strike = words[at - 1].folded
        if is_event_noun(strike) and strike != EXPECTED:
            yield from ((at, government) for government in _own_governments())
    for link in links:
        at = bisect.bisect_left(words, link.span.start, key=_START)
        if at < len(words) and words[at].span.start == link.span.start:
            yield at, link.entities[0]


@functools.cache
def _own_governments() -> tuple[Entity, ...]:
    """Who acts for the country that the tables are about."""
    base = knowledge_base()
    return tuple({a for a in base.capitals.values() if base.parents.get(a.id) in domain("home")})


def _listed_titles(words: Sequence[Word], places: Sequence[Place]) -> Iterator[Title]:
    """The states in a list of people with one office (``رؤساء إيران، حسن روحاني، وتركيا، …``), as their titles."""
    pairs = [pair for pair in itertools.pairwise(places) if _is_of_state(words, *pair)]
    end = 0
    for state, person in pairs:
        opened = any(has_role(words[at].folded, "offices") for at in range(max(0, state.first - 2), state.first))
        if opened or (end and state.first - end <= LONGEST_GAP):
            end = person.last
            yield Title(state.first, person.first, person.name)


def _is_of_state(words: Sequence[Word], state: Place, person: Place) -> bool:
    """Whether a state and a person stand side by side, but for a comma."""
    kinds = (state.link.entities[0].kind, person.link.entities[0].kind)
    apart = all(words[at].folded in COMMAS for at in range(state.last, person.first))
    return kinds == (Kind.STATE, Kind.PERSON) and person.first - state.last <= 1 and apart


def _plain_places(words: Sequence[Word], links: Sequence[Link]) -> Iterator[Place]:
    end = 0
    for link in links:
        if covered := overlapping(words, link.span):
            acting = _as_actor(words, link, covered, end) if len(covered) == 1 else link
            yield Place(acting, covered.start, covered.stop, covered.start)
            end = covered.stop


def _as_actor(words: Sequence[Word], link: Link, covered: range, end: int) -> Link:
    """The bare name of the country that the tables are about stands for its government too where it acts.

    ``اتهمت سوريا``, ``اتهمت إسرائيل سوريا``; ``end`` is where the name before ends.
    """
    at = covered.start
    attached = words[at].folded[: max(0, link.span.start - words[at].span.start)]
    before = words[at - 1].folded if at else ""
    acts = (
        not before
        or at == end
        or (is_trigger(before) and not has_role(without_article(before), "whither"))
        or has_role(before, "complement")
        or before in WITH
    )
    if link.entities[0].id not in domain("home") or attached not in ("", WAW, LAM) or not acts:
        return link
    return replace(link, entities=(*link.entities, *_own_governments()))


def _with_title(place: Place, titles: Sequence[Title]) -> Place:
    """A name with its title around it, or a body that somebody's title absorbs."""
    for title in titles:
        if title.name == place.first and place.link.entities[0].kind in PERSONS:
            return Place(place.link, min(title.start, place.first), max(title.end, place.last), place.name)
        named = title.name is not None or place.link.entities[0].kind not in EVENTS
        if title.start <= place.first < title.end and place.link.entities[0].kind not in PERSONS and named:
            return Place(place.link, place.first, place.last, place.name, absorbed=True)
    return place
