"""How the words around an expression of time tell it: as done, as coming, or as a quoted speaker's *today*.

The verb nearest before the expression decides (``أعلن الخميس أن``), else the one right behind it. Knowledge is in the table
``seeds/tenses.tsv``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg import seeds
from kg.language.arabic import CONJUNCTIONS, LAM, SEEN, YEH, fold
from kg.language.cues import is_future_verb
from kg.language.dates import Tense
from kg.language.inflect import verb_forms
from kg.language.words import Word, before, behind
from kg.span import Span

_BEFORE, _AFTER = 14, 4
"""Words around an expression among which its verb is looked for."""
_OF_THE_VERB = 4
"""Words before a present verb among which a plan (``من المقرر أن يجري``) makes it a coming one."""
_SHORTEST_VERB = 4
LONGEST_QUOTE = 2000
"""Characters before a word among which the quotation mark is looked for that opens before it."""
_QUOTE = re.compile(r"""((?<![^\s(\[:،])"(?=\S)|[“«„])|("|[”»])""")
"""A quotation mark: the first group opens, the second closes; which one a straight mark does, the blanks beside it tell."""


@dataclass(frozen=True, slots=True)
class TenseRow:
    """Words that tell when. ``verb`` rows give pairs ``perfect/imperfect``, the other roles single words or two."""

    role: str
    words: tuple[str, ...]


@functools.cache
def _roles() -> dict[str, frozenset[str]]:
    """The folded words of each role."""
    rows = seeds.read("tenses.tsv", TenseRow)
    return {row.role: frozenset(map(fold, row.words)) for row in rows if row.role != "verb"}


@functools.cache
def _verbs() -> dict[str, Tense]:
    """Every form of the table's verbs that is not more commonly a noun."""
    forms: dict[str, Tense] = {}
    for row in seeds.read("tenses.tsv", TenseRow):
        for pair in row.words if row.role == "verb" else ():
            for form, tense, _ in verb_forms(*pair.split("/")):
                forms.setdefault(form, Tense.PAST if tense == "perfect" else Tense.PRESENT)
    return {form: tense for form, tense in forms.items() if form not in _roles()["noun"]}


def _is(word: str, role: str) -> bool:
    """Whether a folded word is in a role, with or without a conjunction."""
    words = _roles()[role]
    return word in words or (word[:1] in CONJUNCTIONS and word[1:] in words)


def _bare(word: str) -> str:
    """A word without its conjunction."""
    return word[1:] if word[:1] in CONJUNCTIONS and len(word) > _SHORTEST_VERB else word


def _verb(word: str) -> Tense | None:
    """The tense of a folded word, if it is a verb or a participle that tells of something done."""
    bare = _bare(word)
    if _is(word, "name") or _is(word, "noun"):
        return None
    if _is(word, "done"):
        return Tense.PAST
    if known := _verbs().get(bare) or _verbs().get(word):
        return known
    if bare.startswith(SEEN) and len(bare) >= _SHORTEST_VERB:
        if _verbs().get(bare[1:]) is Tense.PRESENT:
            return Tense.FUTURE
        return Tense.PRESENT if is_future_verb(word) else None
    return _unknown(bare[1:] if bare.startswith(LAM + YEH) and len(bare) > _SHORTEST_VERB else bare)


def _unknown(word: str) -> Tense | None:
    """A word that looks like an imperfect verb."""
    return Tense.PRESENT if word.startswith(YEH) and len(word) >= _SHORTEST_VERB else None


def tense_at(words: Sequence[Word], span: Span) -> Tense:
    """The tense in which the words of a sentence tell what is at the expression in ``span``.

    >>> from kg.language.words import words_of
    >>> [tense_at(words_of(text), Span(len(text) - 6, len(text))).value for text in ("وصل الخميس", "سيصل الخميس")]
    ['past', 'future']
    """
    earlier = [word.folded for word in before(words, span)[-_BEFORE:]]
    later = [word.folded for word in behind(words, span)[:_AFTER]]
    found = next((told for at in reversed(range(len(earlier))) if (told := _told(earlier, at))), None)
    found = found or next((told for at in range(len(later)) if (told := _told(later, at))), None)
    return found or Tense.UNTOLD


def _told(words: Sequence[str], at: int) -> Tense | None:
    """What the word at this place says of the tense."""
    if _phrase(words, at, "coming"):
        return Tense.UNTOLD if any(_is(word, "was") for word in words[max(0, at - 3) : at]) else Tense.FUTURE
    if _phrase(words, at, "purpose"):
        return Tense.PRESENT
    tense = _verb(words[at])
    if tense is not Tense.PRESENT:
        return tense
    helper = words[at - 1] if at else ""
    if _is(helper, "was") or (at > 1 and _is(words[at - 2], "was")):
        return Tense.PAST
    planned = any(_phrase(words, n, "coming") for n in range(max(0, at - _OF_THE_VERB), at))
    return Tense.FUTURE if planned or _is(helper, "not_yet") else Tense.PRESENT


def _phrase(words: Sequence[str], at: int, role: str) -> bool:
    """Whether the word at this place, alone or with the one before it, is in a role."""
    return _is(words[at], role) or (at > 0 and _is(f"{words[at - 1]} {words[at]}", role))


def is_quoted(text: str, span: Span) -> bool:
    """Whether a span of the text stands in quotation marks that open in its line and have not closed before it.

    >>> is_quoted('قال: "نصل غدا إلى حلب".', Span(10, 13))
    True
    >>> is_quoted('وقالت "سانا" إنهم وصلوا غدا', Span(24, 27))
    False
    """
    first = max(0, span.start - LONGEST_QUOTE)
    line = text[max(first, text.rfind("\n", first, span.start) + 1) : span.start]
    marks = _QUOTE.findall(line + text[span.start : span.start + 1])
    return bool(marks) and bool(marks[-1][0])


def is_the_day(words: Sequence[Word], span: Span) -> bool:
    """Whether a bare *today* in ``span`` is the day of writing rather than *nowadays* or a part of a name.

    It is so behind a part of the day (``مساء اليوم``), *later* and *earlier*, between commas, or where a verb before it
    tells of something done or planned; not in a sentence that also names another weekday.
    """
    earlier, later = before(words, span), behind(words, span)
    last, other = (*(word.folded for word in reversed(earlier[-2:])), "", "")[:2]
    if _is(last, "part_of_day") or any(_is(word, "earlier_or_later") for word in (last, other)):
        return True
    if not earlier or _is(last, "not_the_day") or any(_is(word.folded, "weekday") for word in words):
        return False
    comma = last == "،" and later[:1] and later[0].folded == last
    return bool(comma) or tense_at(earlier, span) in (Tense.PAST, Tense.FUTURE)
