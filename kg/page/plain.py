"""Texts as the page may show them, and the sentence around a piece of evidence."""

from __future__ import annotations

import re

from kg.model import Entity
from kg.span import Span

CONTEXT = 600
"""Characters of an article shown with a claim; longer evidence is shown whole."""

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_STOP = re.compile(r"\n|[.!?…\u061f](?=\s|[\u0621-\u064a]|$)")


def plain(text: str) -> str:
    r"""A text as it may be shown: no controls, no marks that would reorder what stands around it, valid Unicode.

    >>> plain("\u202eأستانا\u0007 5")
    'أستانا 5'
    """
    valid = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", _BIDI.sub("", valid))


def line(text: str) -> str:
    """A plain text on one line."""
    return " ".join(plain(text).split())


def names(entity: Entity) -> tuple[str, ...]:
    """The names of an entity as they may be shown, at least one."""
    found = tuple(dict.fromkeys(filter(None, map(line, entity.names))))
    return found or (line(entity.id.rpartition("/")[2]) or "?",)


def english(found: tuple[str, ...]) -> str:
    """The first name in Latin letters, or the main name."""
    return next((name for name in found if re.search("[A-Za-z]", name)), found[0])


def excerpt(text: str, span: Span, limit: int = CONTEXT) -> tuple[str, str, str]:
    """The sentence around a span, as what stands before it, the span itself, and what follows.

    The sentence ends at full stops and line ends; at most ``limit`` characters are shown, cut between words and marked
    with an ellipsis, unless the span itself is longer.

    >>> excerpt("وصل الوفد. محمد علوش لن يشارك اليوم. انتهى", Span(11, 29))
    ('', 'محمد علوش لن يشارك', ' اليوم.')
    """
    room = max(0, limit - (span.end - span.start)) // 2
    return _before(text, span.start, room), span.of(text), _after(text, span.end, room)


def _before(text: str, end: int, room: int) -> str:
    """What the sentence says before ``end``."""
    window = text[max(0, end - room) : end]
    stops = list(_STOP.finditer(text, max(0, end - room), min(len(text), end + 1)))
    inside = [stop.end() for stop in stops if stop.end() <= end]
    if inside:
        return text[inside[-1] : end].lstrip()
    return window if end <= room else "…" + re.sub(r"^\S*\s", "", window)


def _after(text: str, start: int, room: int) -> str:
    """What the sentence says from ``start``; nothing if it ends there."""
    stop = _STOP.search(text, max(0, start - 1), min(len(text), start + room + 1))
    if stop and stop.end() <= start + room:
        return text[start : stop.end()].rstrip()
    window = text[start : start + room]
    return window if start + room >= len(text) else re.sub(r"\s\S*$", "", window) + "…"
