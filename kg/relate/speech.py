"""Who says it: which words of a sentence stand under whose name.

A verb of speech with its complement (``قال X إن …``) or a source (``بحسب X``) opens a scope; a participle or verb without
a subject (``وأضاف أن``, ``مؤكدا أن``) continues with the last speaker, as does a quotation that began in an earlier sentence.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kg import seeds
from kg.language.arabic import CONJUNCTIONS, fold
from kg.language.cues import NO_ROLES
from kg.language.inflect import noun_forms, verb_forms
from kg.language.titles import STOPS
from kg.model import Entity
from kg.relate.search import AGENT_REACH, speaker_after, speaker_before
from kg.relate.sentence import Scope, View
from kg.vocabulary import ACTORS

COMPLEMENT_REACH = 26
"""Words after a verb of speech within which what is said begins; the speaker's office and place stand between."""
OPENING, CLOSING, PLAIN = frozenset("“«„"), frozenset("”»"), '"'
SAME = frozenset({"نفسه", "ذاته", "نفسها", "ذاتها"})
VERBS = frozenset({"verb", "blame", "report"})
"""Roles of verbs whose subject speaks."""
RELAY_REACH = 12
"""Words after a verb of relaying within which ``عن`` names who is relayed."""


@dataclass(frozen=True, slots=True)
class SpeechRow:
    """Words of speech. ``role`` is verb (``perfect/imperfect``), blame (a verb whose whole object is only alleged),
    report (a verb that may tell without ``أن``), relay (of somebody else's words), participle, or source (followed by who
    said it).
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
    if role in ("verb", "blame", "report", "relay"):
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
    for view in views:
        before = speaker
        found = list(_sources(view))
        if quoting and speaker:
            found.append(Scope(0, _quote_end(view), speaker))
        for scope in _spoken(view, speaker):
            found.append(scope)
            speaker = scope.speaker
        if found and not speaker:
            speaker = found[0].speaker
        quoting = _quotes_open(view, quoting)
        yield replace(view, speaker=before, scopes=tuple(found)) if before or found else view


def _spoken(view: View, last: Entity | None) -> Iterator[Scope]:
    """The scopes that verbs and participles of speech open, each with its speaker."""
    for at, found in enumerate(view.words):
        word = found.folded
        if not _roles_of(word) or view.place_at(at):
            continue
        if _is("relay", word):
            said = _relayed(view, at)
        elif _is_verb(word):
            said = _told(view, at, last)
        elif _is("participle", word):
            said = (_complement(view, at + 1), last, False)
        else:
            continue
        start, last, unnamed = said
        if start and (last or unnamed):
            yield Scope(start, len(view.words), last)


def _is_verb(word: str) -> bool:
    return not VERBS.isdisjoint(_roles_of(word))


Said = tuple[int | None, Entity | None, bool]
"""Where what is said begins, if anywhere, who says it, and whether that is somebody without a name."""


def _told(view: View, at: int, last: Entity | None) -> Said:
    """What the verb of speech at ``at`` opens; a verb with *and* but no subject goes on with the last speaker."""
    word = view.folded(at)
    if _is_unnamed(view, at):
        speaker, unnamed = None, True
    else:
        speaker, unnamed = _speaker(view, at) or (last if word[0] in CONJUNCTIONS else None), False
    whole = _is("blame", word) or _is("report", word) or view.is_role(at, "negation")
    return at + 1 if whole else _complement(view, at + 1), speaker, unnamed


def _is_unnamed(view: View, at: int) -> bool:
    """Whether a source without a name speaks; ``المصدر نفسه`` is the one who spoke before."""
    near = [back for back in (at - 2, at - 1, at + 1, at + 2) if view.is_role(back, "unnamed")]
    return bool(near) and not any(view.folded(back + 1) in SAME for back in near)


def _relayed(view: View, at: int) -> Said:
    """``نقلت وكالة … عن X أن``: X speaks, not who relays it."""
    source = next((n for n in range(at + 1, min(at + RELAY_REACH, len(view.words))) if view.folded(n) == "عن"), None)
    if source is None:
        return None, None, False
    return _complement(view, source + 1), speaker_after(view, source + 1, ACTORS), False


def _speaker(view: View, at: int) -> Entity | None:
    """Whose verb of speech stands at ``at``."""
    return speaker_after(view, at + 1, ACTORS) or speaker_before(view, at, ACTORS)


def _complement(view: View, start: int) -> int | None:
    """Where what is said begins: behind ``أن``, a colon, an opening quotation mark, or ``عن``."""
    for at in range(start, min(start + COMPLEMENT_REACH, len(view.words))):
        word = view.folded(at)
        if view.is_role(at, "complement") or word in OPENING or word == ":":
            return at + 1
        if word in ("عن", PLAIN) and at <= start + (COMPLEMENT_REACH if word == PLAIN else AGENT_REACH):
            return at + 1
        if word in STOPS:
            return None
    return None


def _sources(view: View) -> Iterator[Scope]:
    """``بحسب X``, ``وفق ما أعلنه X``: all of the sentence but the source itself."""
    for at, word in enumerate(view.words):
        if _is("source", word.folded):
            start = at + 1
            while view.folded(start) in ("ما", "مصادر", "في", "عن") or _is("verb", view.folded(start)):
                start += 1
            speaker = speaker_after(view, start, ACTORS)
            if speaker:
                yield Scope(0, len(view.words), speaker)


def _quotes_open(view: View, quoting: bool) -> bool:
    """Whether a quotation goes on behind a sentence; plain marks do not tell whether they open or close one."""
    for word in view.words:
        if word.folded in OPENING:
            quoting = True
        elif word.folded in CLOSING:
            quoting = False
    return quoting


def _quote_end(view: View) -> int:
    return next((at for at, word in enumerate(view.words) if word.folded in CLOSING), len(view.words))
