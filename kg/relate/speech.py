"""Who says it: which words of a sentence stand under whose name.

A verb of speech with its complement (``قال X إن …``) or a source (``بحسب X``) opens a scope; a participle or verb without
a subject (``وأضاف أن``, ``مؤكدا أن``) continues with the last speaker, as does a quotation that began in an earlier sentence.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kg.language.arabic import CONJUNCTIONS, fold
from kg.language.inflect import noun_forms, verb_forms
from kg.language.titles import STOPS
from kg.model import Entity
from kg.relate.search import AGENT_REACH, speaker_after, speaker_before
from kg.relate.sentence import Scope, View
from kg.resources import seed
from kg.tables import read_table
from kg.vocabulary import ACTORS

COMPLEMENT_REACH = 26
"""Words after a verb of speech within which what is said begins; the speaker's office and place stand between."""
OPENING, CLOSING = frozenset("“«„"), frozenset("”»")


@dataclass(frozen=True, slots=True)
class SpeechRow:
    """Words of speech. ``role`` is verb (``perfect/imperfect``), blame (a verb whose whole object is only alleged),
    participle, or source (followed by who said it).
    """

    role: str
    words: tuple[str, ...]


@functools.cache
def _forms(role: str) -> frozenset[str]:
    rows = read_table(seed("speech.tsv"), SpeechRow)
    return frozenset(form for row in rows if row.role == role for word in row.words for form in _inflected(role, word))


def _inflected(role: str, word: str) -> Iterator[str]:
    if role in ("verb", "blame"):
        perfect, imperfect = word.split("/")
        yield from (form for form, _, _ in verb_forms(perfect, imperfect))
    elif role == "noun":
        yield from (form for form, _ in noun_forms(word))
    else:
        yield fold(word)


def _is(role: str, word: str) -> bool:
    return word in _forms(role) or (word[:1] in CONJUNCTIONS and word[1:] in _forms(role))


def heard(views: Iterable[View]) -> Iterator[View]:
    """Each sentence of an article with who spoke before it, and the scopes of speech in it, inner after outer."""
    speaker: Entity | None = None
    quoting = False
    for silent in views:
        view = replace(silent, speaker=speaker)
        found = list(_sources(view))
        if quoting and speaker:
            found.append(Scope(0, _quote_end(view), speaker))
        for scope in _spoken(view, speaker):
            found.append(scope)
            speaker = scope.speaker
        if found and not speaker:
            speaker = found[0].speaker
        quoting = _quotes_open(view, quoting)
        yield replace(view, scopes=tuple(found))


def _spoken(view: View, last: Entity | None) -> Iterator[Scope]:
    for at in range(len(view.words)):
        word = view.folded(at)
        unnamed = False
        if view.place_at(at):
            continue
        blame = _is("blame", word) or (_is("verb", word) and view.is_role(at, "negation"))
        if blame or _is("verb", word):
            unnamed = any(view.is_role(near, "unnamed") for near in (at - 2, at - 1, at + 1, at + 2))
            last = None if unnamed else _speaker(view, at) or (last if word[0] in CONJUNCTIONS else None)
        elif not _is("participle", word):
            continue
        start = at + 1 if blame else _complement(view, at + 1)
        if start and (last or unnamed):
            yield Scope(start, len(view.words), last)


def _speaker(view: View, at: int) -> Entity | None:
    """Whose verb of speech stands at ``at``."""
    return speaker_after(view, at + 1, ACTORS) or speaker_before(view, at, ACTORS)


def _complement(view: View, start: int) -> int | None:
    """Where what is said begins: behind ``أن``, a colon, an opening quotation mark, or ``عن``."""
    for at in range(start, min(start + COMPLEMENT_REACH, len(view.words))):
        word = view.folded(at)
        if (
            view.is_role(at, "complement")
            or word in OPENING
            or word == ":"
            or (word in ("عن", '"') and at <= start + AGENT_REACH)
        ):
            return at + 1
        if word in STOPS:
            return None
    return None


def _sources(view: View) -> Iterator[Scope]:
    """``بحسب X``, ``وفق ما أعلنه X``: all of the sentence but the source itself."""
    for at in range(len(view.words)):
        if _is("source", view.folded(at)):
            start = at + 1
            while view.folded(start) in ("ما", "مصادر", "في", "عن") or _is("verb", view.folded(start)):
                start += 1
            speaker = speaker_after(view, start, ACTORS)
            if speaker:
                yield Scope(0, len(view.words), speaker)


def _quotes_open(view: View, quoting: bool) -> bool:
    for word in view.words:
        if word.folded in OPENING:
            quoting = True
        elif word.folded in CLOSING:
            quoting = False
    return quoting


def _quote_end(view: View) -> int:
    return next((at for at, word in enumerate(view.words) if word.folded in CLOSING), len(view.words))
