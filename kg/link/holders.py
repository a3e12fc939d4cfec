"""Offices without a name: ``وزير الخارجية الروسي`` is who held that office when the article was written.

The office must say whose it is: by an adjective (``الروسي``), a name behind it (``وزير خارجية روسيا``, ``الأمين العام للأمم
المتحدة``), or in its own words (``قائد جيش الإسلام``). Someone whom the article names comes before everybody else; who is not
named must have held the office on the day of writing, alone. Spokesmen are nobody unless the article names them.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.knowledge import KnowledgeBase, OfficeRow, domain
from kg.language.arabic import ARTICLE, LAM, fold, key, stems, without_article
from kg.language.titles import COMMAS, nouns, role_of
from kg.language.words import Word
from kg.link.lexicon import joined, name_words
from kg.link.names import NameFinder
from kg.model import Entity, Link
from kg.span import Span
from kg.vocabulary import Kind

ENVOYS = frozenset(map(key, ("المبعوث", "الموفد", "المبعوثة", "المندوب", "المندوبة", "الوسيط")))
"""Offices known by their first word alone."""
SPOKESMEN = frozenset(map(key, ("المتحدث", "المتحدثة", "الناطق", "الناطقة")))
NAME_REACH = 8
"""Words behind an office within which a name would belong to it."""
SPECIAL = frozenset(map(key, ("الخاص", "الخاصة", "الدائم", "الدائمة", "المشترك")))
TO = frozenset(map(fold, ("إلى", "الى", "لدى", "في", "بشأن")))
DUALS = {key(dual): key(one) for dual, one in (
    ("الرئيسان", "الرئيس"), ("الرئيسين", "الرئيس"), ("الوزيران", "الوزير"), ("الوزيرين", "الوزير"),
    ("وزيرا", "وزير"), ("وزيري", "وزير"), ("رئيسا", "رئيس"), ("رئيسي", "رئيس"),
)}  # fmt: skip
"""Words for two holders of one office in two states, each told by his adjective."""


@dataclass(frozen=True, slots=True)
class _Office:
    """An office as it is looked up: its words without articles, and whether they say whose it is."""

    words: tuple[str, ...]
    row: OfficeRow
    person: Entity
    whole: bool
    destination: str


@dataclass(frozen=True, slots=True)
class Context:
    """What an article tells for resolving offices: its day, the links of a sentence, and who is named in the article."""

    today: datetime.date | None
    links: Sequence[Link]
    named: Collection[Entity]


class HolderFinder:
    """Finds offices without a name in a sentence."""

    def __init__(self, base: KnowledgeBase, names: NameFinder) -> None:
        self._base = base
        self._names = names
        self._offices: dict[str, list[_Office]] = defaultdict(list)
        self._phrases: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for row in base.offices:
            for office in self._forms(row):
                self._offices[office.words[0]].append(office)
                self._phrases[office.words[0]].add(office.words)

    def _forms(self, row: OfficeRow) -> Iterator[_Office]:
        person, words = self._base.entities.get(row.person), tuple(key(row.office).split())
        if not person:
            return
        if words[0] in SPOKESMEN:
            yield _Office(words[:2], row, person, whole=False, destination="")
            return
        own = self._base.entities[row.organisation]
        states = own in self._base.adjectives.values()
        whole = not states and any(_ends_with(words, tuple(key(name).split())) for name in own.names)
        if words[0] not in ENVOYS:
            yield _Office(words, row, person, whole, "")
            return
        plain = [word for word in words if word not in SPECIAL]
        goal = next((" ".join(plain[n + 1 :]) for n, word in enumerate(plain) if word in TO), "")
        for first in ENVOYS:
            yield _Office((first,), row, person, whole=False, destination=goal)

    @property
    def firsts(self) -> Collection[str]:
        """The words with which an office, a counterpart or two offices begin."""
        return {*self._offices, *DUALS, *nouns("counterpart")}

    def called(self, title: str, name: str, today: datetime.date | None) -> Entity | None:
        """The one holder of an office on a day whose title and one name are these (``الملك عبد الله``)."""
        word = without_article(title)
        held = {o.person for o in self._offices.get(word, ()) if o.words == (word,) and _held(o.row, today)}
        named = [person for person in held if any(name in joined(full) for full in person.names)]
        return named[0] if len(named) == 1 else None

    def find(self, words: Sequence[Word], starts: Iterable[int], context: Context) -> Iterator[Link]:
        """Links for the offices in these words; ``starts`` are those that may begin one."""
        end = 0
        for at in starts:
            if words[at].span.start >= end:
                for link in self._at(words, at, context):
                    yield link
                    end = link.span.end

    def _at(self, words: Sequence[Word], at: int, context: Context) -> Iterator[Link]:
        stem, cut = next(((s, c) for s, c in stems(words[at].folded) if without_article(s) in self._offices), ("", 0))
        if stem and not self._is_dependent(words, at):
            spelt = {phrase for phrase in self._phrases[without_article(stem)] if _stands(phrase, words, at)}
            matched = [
                (office, end)
                for office in (self._offices[without_article(stem)] if spelt else ())
                if office.words in spelt
                and _can_be_meant(office, context)
                and (end := self._end(words, at, office, context))
            ]
            longest = max((end for _, end in matched), default=0)
            holders = {office.person: office for office, end in matched if end == longest}
            span = Span(words[at].offset(cut), words[longest - 1].span.end)
            yield from self._linked(words, (at, longest), span, holders, context)
        yield from self._counterpart(words, at, context)
        yield from self._dual(words, at, context)

    def _linked(
        self,
        words: Sequence[Word],
        reach: tuple[int, int],
        span: Span,
        holders: dict[Entity, _Office],
        context: Context,
    ) -> Iterator[Link]:
        inside_name = any(span.inside(link.span) for link in context.links)
        if (
            holders
            and not inside_name
            and not _is_named(words, *reach, context.links)
            and not _is_former(words, reach[1])
        ):
            person, reason = self._choose(holders, context)
            if person:
                yield Link(span, (person,), reason)

    @staticmethod
    def _choose(holders: dict[Entity, _Office], context: Context) -> tuple[Entity | None, str]:
        """Who is meant, and why: whom the article names, else who held the office on its day."""
        named = [person for person in holders if person in context.named]
        then = [person for person, office in holders.items() if _held(office.row, context.today)]
        if len(named) == 1 and (named[0] in then or not context.today):
            return named[0], f"the office; «{named[0].names[0]}», who holds it, is named in this article"
        if len(then) == 1:
            return then[0], f"the office; «{then[0].names[0]}» held it on {context.today}, by the seed tables"
        if len(named) == 1:
            return named[0], f"the office; «{named[0].names[0]}», who held it at another time, is named in this article"
        return None, ""

    # Whose office it is

    def _end(self, words: Sequence[Word], at: int, office: _Office, context: Context) -> int | None:
        """Where an office that stands at ``at`` ends with what tells whose it is, if anything does."""
        end = at + len(office.words)
        if office.words[0] in ENVOYS:
            return self._envoy_end(words, at, office, context)
        if office.whole:
            name = _link_over(words[end - 1].span, context.links)
            return _behind(words, name.span, end) if name else end
        return self._owner(words, end, office.row.organisation, context)

    def _owner(self, words: Sequence[Word], end: int, organisation: str, context: Context) -> int | None:
        """The word behind the adjective or name of an organisation that stands at ``end``."""
        if end >= len(words):
            return None
        state = self._names.adjective(words[end])
        if state and state.id == organisation and words[end].folded.startswith(ARTICLE):
            return end + 1
        name = _link_at(words, end, context.links)
        if name and any(entity.id == organisation for entity in name.entities):
            before = words[end].folded[: max(0, name.span.start - words[end].span.start)]
            return _behind(words, name.span, end) if not before.strip(LAM) else None
        return None

    def _envoy_end(self, words: Sequence[Word], at: int, office: _Office, context: Context) -> int | None:
        """``المبعوث الأممي الخاص إلى سوريا``: adjectives in any order, and where he is sent, if that is told."""
        end, owned = at + 1, False
        while end < len(words):
            plain = without_article(words[end].folded)
            owner = None if owned else self._owner(words, end, office.row.organisation, context)
            international = office.row.organisation in domain("envoys") and plain in (fold("دولي"), fold("أممي"))
            if plain in SPECIAL or international:
                end, owned = end + 1, owned or international
            elif owner:
                end, owned = owner, True
            else:
                break
        if not owned and (end == at + 1 or office.person not in context.named):
            return None
        goal = _link_at(words, end + 1, context.links) if end < len(words) and words[end].folded in TO else None
        goal = goal or (
            _link_at(words, end, context.links) if end < len(words) and words[end].folded[:1] == LAM else None
        )
        told = {key(name) for entity in goal.entities for name in entity.names} if goal else set()
        if goal:
            return _behind(words, goal.span, end) if office.destination in told else None
        return end if not office.destination or self._is_home(office, context) else None

    def _is_home(self, office: _Office, context: Context) -> bool:
        """Whether an envoy without a destination can be one to the country that the tables are about, or to who sends him."""
        ids = domain("home") | domain("envoys")
        homes = [self._base.entities[one] for one in ids if one in self._base.entities]
        return office.person in context.named or any(office.destination in map(key, home.names) for home in homes)

    # Who it is not, and who else

    @staticmethod
    def _is_dependent(words: Sequence[Word], at: int) -> bool:
        """Whether the office only tells whose deputy, wife or bureau something is."""
        before = without_article(words[at - 1].folded) if at else ""
        return before in name_words("dependent") or (
            bool(before) and role_of(words[at - 1].folded) not in ("", "counterpart")
        )

    def _counterpart(self, words: Sequence[Word], at: int, context: Context) -> Iterator[Link]:
        """``نظيره الروسي``: who holds in Russia the office of the person or office before it."""
        if not any(stem in nouns("counterpart") for stem, _ in stems(words[at].folded)) or at + 1 >= len(words):
            return
        end = at + 1
        while end < len(words) and (state := self._names.adjective(words[end])):
            office = self._office_before(words, at, context)
            holders = (
                {
                    o.person: o
                    for o in self._offices.get(office[0], ())
                    if o.words == office and o.row.organisation == state.id
                }
                if office
                else {}
            )
            cut = max(0, len(words[at].folded) - len(_without_conjunction(words[at].folded)))
            start = words[at].offset(cut) if end == at + 1 else _adjective_start(words[end])
            span = Span(start, words[end].span.end)
            for link in self._linked(words, (at, end + 1), span, holders, context):
                yield Link(
                    link.span,
                    link.entities,
                    f"the counterpart of the {' '.join(office or ())} before it: {link.reason}",
                )
            end += 1

    def _office_before(self, words: Sequence[Word], at: int, context: Context) -> tuple[str, ...] | None:
        """The office told last before a word, else that of the person named last before it."""
        for back in range(at - 1, -1, -1):
            for stem, _ in stems(words[back].folded):
                fitting = [o.words for o in self._offices.get(without_article(stem), ()) if not o.whole]
                told = [
                    w
                    for w in fitting
                    if tuple(without_article(x.folded) for x in words[back + 1 : back + len(w)]) == w[1:]
                ]
                if told:
                    return max(told, key=len)
            person = _link_at(words, back, context.links)
            held = [
                tuple(key(row.office).split())
                for row in self._base.offices
                if person and row.person == person.entities[0].id and _held(row, context.today)
            ]
            if held:
                return held[0]
        return None

    def _dual(self, words: Sequence[Word], at: int, context: Context) -> Iterator[Link]:
        """``الرئيسان الروسي والتركي``: one person for each adjective."""
        stem = next((DUALS[without_article(s)] for s, _ in stems(words[at].folded) if without_article(s) in DUALS), "")
        offices = self._offices.get(stem, ())
        for office_words in dict.fromkeys(office.words for office in offices):
            end = at + len(office_words)
            if tuple(without_article(word.folded) for word in words[at + 1 : end]) != office_words[1:]:
                continue
            while end < len(words) and (state := self._names.adjective(words[end])):
                holders = {o.person: o for o in offices if o.words == office_words and o.row.organisation == state.id}
                span = Span(_adjective_start(words[end]), words[end].span.end)
                yield from self._linked(words, (at, end + 1), span, holders, context)
                end += 1


def _stands(phrase: Sequence[str], words: Sequence[Word], at: int) -> bool:
    """Whether the words behind ``at`` are those of a phrase behind its first."""
    return all(
        at + n < len(words) and without_article(words[at + n].folded) == phrase[n] for n in range(1, len(phrase))
    )


def _ends_with(words: Sequence[str], name: Sequence[str]) -> bool:
    return 0 < len(name) < len(words) and tuple(words[-len(name) :]) == tuple(name)


def _behind(words: Sequence[Word], span: Span, end: int) -> int:
    """The index behind the last word of a span, at least ``end``."""
    return max(end, next((n + 1 for n, word in enumerate(words) if word.span.end >= span.end), len(words)))


def _adjective_start(word: Word) -> int:
    return word.offset(1) if word.folded.startswith("و" + ARTICLE) else word.span.start


def _link_over(span: Span, links: Sequence[Link]) -> Link | None:
    return next((link for link in links if link.span.overlaps(span)), None)


def _without_conjunction(word: str) -> str:
    return next((stem for stem, _ in stems(word) if stem in nouns("counterpart")), word)


def _can_be_meant(office: _Office, context: Context) -> bool:
    """Whether an office without a name can be somebody: a body has more spokesmen than the tables know."""
    return office.words[0] not in SPOKESMEN or office.person in context.named


def _held(row: OfficeRow, day: datetime.date | None) -> bool:
    """Whether an office was held on a day, as exactly as the row tells; a day on which it changed hands counts for both."""
    if day is None:
        return False
    iso = day.isoformat()
    return row.start <= iso[: len(row.start)] and (not row.end or iso[: len(row.end)] <= row.end)


def _link_at(words: Sequence[Word], at: int, links: Sequence[Link]) -> Link | None:
    """The link that begins in a word."""
    if at >= len(words):
        return None
    word = words[at].span
    return next((link for link in links if word.start <= link.span.start < word.end), None)


def _is_named(words: Sequence[Word], at: int, end: int, links: Sequence[Link]) -> bool:
    """Whether a name right behind an office, or before it and a comma, makes the office a title."""
    reached = 0
    for n in range(end, min(end + NAME_REACH, len(words))):
        link = _link_at(words, n, links)
        if link and link.entities[0].kind is Kind.PERSON:
            return True
        word = words[n]
        plain = without_article(word.folded)
        passing = (
            word.is_mark
            or word.folded in TO
            or (link is not None and reached < link.span.start)
            or word.span.end <= reached
            or plain in name_words("honorific")
            or plain in name_words("former")
            or bool(role_of(word.folded))
        )
        reached = max(reached, link.span.end if link else 0)
        if not passing or word.folded in (".", ":", "؛"):
            break
    before = at - 1
    if before > 0 and words[before].folded in COMMAS:
        start = words[before].span.start
        return any(
            link.span.end <= start <= link.span.end + 1 and link.entities[0].kind is Kind.PERSON for link in links
        )
    return False


def _is_former(words: Sequence[Word], end: int) -> bool:
    return end < len(words) and without_article(words[end].folded) in name_words("former")
