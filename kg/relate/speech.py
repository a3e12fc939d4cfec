"""Who says it: which words of a sentence stand under whose name.

A verb of speech with its complement (``قال X إن …``) or a source (``بحسب X``) opens a scope; a participle or verb without
a subject (``وأضاف أن``, ``مؤكدا أن``) continues with the last speaker, as does a quotation that began in an earlier sentence.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg import seeds
from kg.language.arabic import ALEF, ARTICLE, BEH, CONJUNCTIONS, LAM, fold, key, with_article
from kg.language.cues import NO_ROLES, has_role, with_conjunctions
from kg.language.inflect import Agreement, agreement, noun_forms, verb_forms
from kg.language.titles import COMMAS, STOPS, role_of
from kg.language.words import QUOTES
from kg.model import Entity
from kg.relate.offices import country_of
from kg.relate.search import AGENT_REACH, left_of, speaker_after, speaker_before
from kg.relate.sentence import FROM, Place, Scope, View
from kg.vocabulary import ACTORS, PERSONS, Kind

COMPLEMENT_REACH = 26
"""Words after a verb of speech within which what is said begins; the speaker's office and place stand between."""
OPENING, CLOSING, PLAIN = frozenset("“«„"), frozenset("”»"), '"'
MARKS = OPENING | CLOSING | {PLAIN}
AS, EXTENT = "كما", "حد"
AS_SOURCES = frozenset({"ما", "لما", "مصادر", "في", "عن"})
SAME = frozenset({"نفسه", "ذاته", "نفسها", "ذاتها"})
BODIES = frozenset({Kind.GOVERNMENT_BODY, Kind.POLITICAL_BODY, Kind.ARMED_GROUP, Kind.INTERNATIONAL_ORGANIZATION})
BODY_REACH = 6
"""Words behind a source without a name within which the body stands that it speaks for."""
VERBS = frozenset({"verb", "blame", "report"})
"""Roles of verbs whose subject speaks."""
NAMED_REACH = 8
"""Words from an office within which the name stands that it belongs to."""
ON_BEHALF_OF = "باسم"
SHORTEST_NOUN = 4
RELAY_REACH = 12
"""Words after a verb of relaying within which ``عن`` names who is relayed."""


@dataclass(frozen=True, slots=True)
class SpeechRow:
    """Words of speech. ``role`` is verb (``perfect/imperfect``), blame (a verb whose whole object is only alleged),
    report (a verb that may tell without ``أن``), relay (of somebody else's words), voice (of who goes on to be quoted:
    ``دعا … وأضاف``), participle, or source (followed by who said it).
    """

    role: str
    words: tuple[str, ...]


@functools.cache
def _forms() -> dict[str, frozenset[str]]:
    """The roles of each folded word of the table, in all its forms."""
    roles: dict[str, frozenset[str]] = {}
    for row in seeds.read("speech.tsv", SpeechRow):
        for word in row.words:
            for form in _inflected(row.role, word):
                roles[form] = roles.get(form, NO_ROLES) | {row.role}
    return roles


def _inflected(role: str, word: str) -> Iterator[str]:
    if role in ("verb", "blame", "report", "relay", "voice"):
        perfect, imperfect = word.split("/")
        yield from (form for form, _, _ in verb_forms(perfect, imperfect))
    elif role == "noun":
        yield from (form for form, _ in noun_forms(word))
    else:
        yield fold(word)


@functools.lru_cache(maxsize=32768)
def _roles_of(word: str) -> frozenset[str]:
    """The roles of a folded word, with or without a conjunction; none for most words."""
    plain = word[1:] if word[:1] in CONJUNCTIONS else word
    return _forms().get(word, NO_ROLES) | _forms().get(plain, NO_ROLES)


def _is(role: str, word: str) -> bool:
    return role in _roles_of(word)


def heard(views: Iterable[View]) -> Iterator[View]:
    """Each sentence of an article with who spoke before it, and the scopes of speech in it, inner after outer."""
    speaker: Entity | None = None
    quoting = False
    tells = _telling()
    for view in views:
        before = speaker
        telling = [at for at, word in enumerate(view.words) if word.folded in tells]
        found = list(_sources(view, telling, speaker))
        if quoting and speaker:
            found.append(Scope(0, _quote_end(view), speaker))
        for scope, last in _spoken(view, telling, speaker):
            found += [scope] if scope else []
            speaker = last
        if found and not speaker:
            speaker = found[0].speaker
        quoting = _quotes_open(view, quoting)
        yield view.heard(before, tuple(found)) if before or found else view


@functools.cache
def _telling() -> frozenset[str]:
    """The folded words that can be part of telling who says something; few can."""
    joined = (f"{conjunction}{word}" for conjunction in CONJUNCTIONS for word in _forms())
    return frozenset((*_forms(), *joined, *with_conjunctions("came"), AS, EXTENT))


def _spoken(view: View, telling: Iterable[int], last: Entity | None) -> Iterator[tuple[Scope | None, Entity | None]]:
    """The scopes that verbs and participles of speech open, if they do, and who has spoken last then."""
    for at in telling:
        word = view.folded(at)
        speaks = _roles_of(word) or view.is_role(at, "came")
        if not speaks or view.place_at(at) or _is_between(view, at) or view.is_guess(at + 1):
            continue
        if _is("relay", word):
            said = _relayed(view, at)
        elif _is_verb(word) or (view.is_role(at, "came") and view.is_role(at + 2, "statement")):
            said = _told(view, at, last)
        elif _is("participle", word):
            said = (_complement(view, at + 1), last, False)
        elif _is("voice", word):
            said = (None, _speaker(view, at) or last, False)
        else:
            continue
        start, last, unnamed = said
        yield (Scope(start, len(view.words), last) if start and (last or unnamed) else None), last


def _is_between(view: View, at: int) -> bool:
    """Whether a word is the preposition rather than the verb that is written so (``بين``), which *that* follows."""
    return view.is_role(at, "preposition") and not any(view.is_role(near, "complement") for near in range(at, at + 4))


def _is_verb(word: str) -> bool:
    return not VERBS.isdisjoint(_roles_of(word))


Said = tuple[int | None, Entity | None, bool]
"""Where what is said begins, if anywhere, who says it, and whether that is somebody without a name."""


def _told(view: View, at: int, last: Entity | None) -> Said:
    """What the verb of speech at ``at`` opens; a verb with *and* but no subject goes on with the last speaker."""
    word = view.folded(at)
    if (source := _unnamed(view, at)) is not None:
        body = body_of(view, source)
        speaker = body.link.fitting(BODIES) if body else None
        unnamed = speaker is None
    elif speaker := _meant(view, at + 1, last) or _speaker(view, at):
        unnamed = False
    else:
        goes_on = word[0] in CONJUNCTIONS and not _is_somebody_else(view, at + 1, last)
        speaker, unnamed = (last, False) if goes_on else (None, word[0] in CONJUNCTIONS)
    whole = _is("blame", word) or _is("report", word) or view.is_role(at, "negation")
    return at + 1 if whole else _complement(view, at + 1), speaker, unnamed


def _meant(view: View, at: int, last: Entity | None) -> Entity | None:
    """The one who spoke last, where a definite noun can mean him: his office, an outlet, a statement (``الوزير الروسي``)."""
    word = with_article(view.folded(at))  # «وفقا للبيان»
    if last is None or not word.startswith(ARTICLE) or view.place_at(at) or view.folded(at + 1) == ON_BEHALF_OF:
        return None
    if has_role(word, "outlet_noun"):
        return last if last.kind is Kind.MEDIA_OUTLET else None
    if not role_of(word):
        return last if has_role(word, "statement") or view.folded(at + 1) in SAME else None
    named = any((place := view.place_at(near)) and place.link.fitting(PERSONS) for near in range(at, at + NAMED_REACH))
    state = next((view.adjectives[near] for near in (at + 1, at + 2) if near in view.adjectives), None)
    others = state is not None and last.known and country_of(last.id) != country_of(state.id)
    return None if last.kind is not Kind.PERSON or named or others else last


def _is_somebody_else(view: View, at: int, last: Entity | None) -> bool:
    """Whether a noun without a link stands where the subject does (``وقالت وسائل إعلام``): it is not who spoke before."""
    word = view.folded(at)
    if last and last.kind in PERSONS and (role_of(word) or any(word in key(name).split() for name in last.names)):
        return False  # «وأوضح رئيس الأركان»
    inert = not word[:1].isalpha() or word.startswith((ARTICLE, BEH, LAM)) or word.endswith(ALEF) or at in view.dated
    return not (inert or view.place_at(at) or view.roles(at) or _roles_of(word) or len(word) < SHORTEST_NOUN)


def _unnamed(view: View, at: int) -> int | None:
    """The source without a name beside a verb of speech; ``المصدر نفسه`` is the one who spoke before."""
    near = [back for back in (at - 2, at - 1, at + 1, at + 2) if view.is_role(back, "unnamed")]
    if view.is_role(at - 1, "preposition"):
        near = [back for back in near if back > at]  # «روسيا والغرب منذ قال ترامب»
    return near[-1] if near and not any(view.folded(back + 1) in SAME for back in near) else None


def body_of(view: View, source: int) -> Place | None:
    """The body in whose name somebody unnamed speaks (``مصدر في وزارة الدفاع``, ``مسؤول بالبنتاغون``)."""
    for at in range(source + 1, min(source + BODY_REACH, len(view.words))):
        place = view.place_at(at)
        if place:
            inside = BEH in view.clitic(place) or view.folded(at - 1) in ("في", FROM)
            return place if inside and place.link.fitting(BODIES) else None
        if view.is_role(at, "complement"):
            return None
    return None


def _relayed(view: View, at: int) -> Said:
    """``نقلت وكالة … عن X أن``: X speaks, not who relays it, unless X has no name."""
    source = next((n for n in range(at + 1, min(at + RELAY_REACH, len(view.words))) if view.folded(n) == "عن"), None)
    if source is None:
        return None, None, False
    unnamed = any(view.is_role(near, "unnamed") for near in (source + 1, source + 2))
    speaker = _of_statement(view, source + 1) or speaker_after(view, at + 1 if unnamed else source + 1, ACTORS)
    return _complement(view, source + 1), speaker, False


def _of_statement(view: View, at: int) -> Entity | None:
    """Whose statement stands at ``at`` (``بيان لوزارة الدفاع``, ``بيان صادر عن X``)."""
    if not view.is_role(at, "statement"):
        return None
    place = next((p for n in range(at + 1, at + 4) if (p := view.place_at(n))), None)
    return place.link.fitting(ACTORS) if place else None


def _speaker(view: View, at: int) -> Entity | None:
    """Whose verb of speech stands at ``at``: also ``قال بيان لوزارة الدفاع``, ``جاء في بيان صادر عن X``."""
    near = next((near for near in (at + 1, at + 2) if view.is_role(near, "statement")), None)
    if near is not None:
        return _of_statement(view, near)
    if view.folded(at - 1) == "قد" and (earlier := left_of(view, at, ACTORS)):
        return earlier.entities[0]  # «كانت تركيا قد حذرت فرنسا»
    return speaker_after(view, at + 1, ACTORS, _agreement(view.folded(at))) or speaker_before(view, at, ACTORS)


@functools.cache
def _agreements() -> dict[str, Agreement]:
    """What the forms of the verbs of speech agree with."""
    rows = seeds.read("speech.tsv", SpeechRow)
    verbs = {tuple(word.split("/")) for row in rows for word in row.words if "/" in word}
    return {
        form: agreement(form, perfect, imperfect)
        for perfect, imperfect in verbs
        for form, _, _ in verb_forms(perfect, imperfect)
    }


def _agreement(word: str) -> Agreement | None:
    found = _agreements().get(word)
    return found or (_agreements().get(word[1:]) if word[:1] in CONJUNCTIONS else None)


def _complement(view: View, start: int) -> int | None:
    """Where what is said begins: behind ``أن``, a colon, an opening quotation mark, or ``عن``."""
    pointing = view.is_role(start - 1, "pointing")
    for at in range(start, min(start + COMPLEMENT_REACH, len(view.words))):
        word = view.folded(at)
        if pointing and word == "الي":
            return at + 1
        if view.is_role(at, "complement") or word in OPENING or word == ":":
            return at + 1
        if word in ("عن", PLAIN) and at <= start + (COMPLEMENT_REACH if word == PLAIN else AGENT_REACH):
            return at + 1
        if word in STOPS:
            return None
    return None


def _sources(view: View, telling: Iterable[int], last: Entity | None) -> Iterator[Scope]:
    """``بحسب X``, ``وفق ما أعلنه X``, ``كما قال X``: all of the sentence; ``"…"، قال X``: what stands before."""
    for at in telling:
        start = at + 1 if _is("source", view.folded(at)) else at + 2 if _is_saying(view, at) else None
        if start and (speaker := _meant(view, start, last) or _source(view, start)):
            yield Scope(0, len(view.words), speaker)
        if _closes_quote(view, at) and (speaker := speaker_after(view, at + 1, ACTORS, _agreement(view.folded(at)))):
            yield Scope(0, at, speaker)


def _source(view: View, start: int) -> Entity | None:
    """Who is named as source from word ``start`` on, perhaps behind ``ما`` and a verb, or with ``ل`` attached."""
    while view.folded(start) in AS_SOURCES or _is("verb", view.folded(start)):
        start += 1
    if _is("relay", view.folded(start)):
        return _relayed(view, start)[1]
    place = view.place_at(start)
    return place.link.fitting(ACTORS) if place else speaker_after(view, start, ACTORS)


def _is_saying(view: View, at: int) -> bool:
    """Whether ``على حد قول`` or a ``كما قال`` that opens nothing stands at a word."""
    if view.folded(at) == EXTENT and view.folded(at - 1) == "علي":
        return True
    told = view.folded(at) == AS and _is("verb", view.folded(at + 1)) and view.folded(at - 1) in COMMAS | QUOTES
    return told and _complement(view, at + 2) is None


def _closes_quote(view: View, at: int) -> bool:
    """Whether a verb of speech follows what was said (``"…"، قال X``)."""
    before = [view.folded(at - 1), view.folded(at - 2)]
    quoted = before[0] in CLOSING | {PLAIN} or (before[0] in COMMAS and before[1] in CLOSING | {PLAIN})
    return quoted and _is("verb", view.folded(at)) and _complement(view, at + 1) is None


def _quotes_open(view: View, quoting: bool) -> bool:
    """Whether a quotation goes on behind a sentence; plain marks open and close in turn."""
    marks = [word.folded for word in view.words if word.folded in MARKS]
    for mark in marks:
        if mark != PLAIN:
            quoting = mark in OPENING
    return quoting != (marks.count(PLAIN) % 2 == 1)


def _quote_end(view: View) -> int:
    return next(
        (at for at, word in enumerate(view.words) if word.folded in CLOSING or word.folded == PLAIN), len(view.words)
    )
