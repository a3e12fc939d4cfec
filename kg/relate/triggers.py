"""The words that tell of a relation: the table ``seeds/triggers.tsv``, its inflections, and finding them in a sentence."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kg import seeds
from kg.errors import TableError
from kg.language.arabic import ARTICLE, CONJUNCTIONS, HEH, LAM, PREPOSITIONS, SEEN, fold
from kg.language.cues import has_role
from kg.language.inflect import Agreement, agreement, noun_forms, own_form, verb_forms
from kg.language.words import Word
from kg.model import Modality, Polarity
from kg.vocabulary import Predicate

TRIGGERS = "triggers.tsv"


class Form(StrEnum):
    """What kind of word triggers."""

    VERB = "verb"
    NOUN = "noun"
    PARTICIPLE = "participle"
    """A noun that says how (``داعيا``): never with article, preposition or pronoun."""


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """One rule. See ``seeds/README.md`` for what may stand in ``subject`` and ``object``.

    ``words`` are verbs as ``perfect/imperfect`` or nouns, each possibly followed by words that must come next;
    ``needs`` are words one of which must stand within a few words after, empty if none.
    """

    rule: str
    predicate: Predicate
    form: Form
    words: tuple[str, ...]
    needs: tuple[str, ...]
    subject: str
    object: str
    polarity: Polarity
    modality: Modality
    confidence: float


@dataclass(frozen=True, slots=True)
class Trigger:
    """A rule's word in a sentence: words ``first`` to ``last`` (exclusive)."""

    row: TriggerRow
    first: int
    last: int
    tense: str = ""
    """``perfect``, ``imperfect``, ``future``, or empty for a noun."""
    pronoun: bool = False
    """Whether an object or owner pronoun is attached."""
    preposition: str = ""
    """The one-letter preposition attached in front, if any."""
    own: bool = False
    """Whether the verb is in the first person, so that its subject is whoever speaks."""
    conjoined: bool = False
    """Whether *and* is attached in front, so that the subject may stand further back."""
    agreement: Agreement | None = None
    """Whom a verb or participle agrees with."""


@dataclass(frozen=True, slots=True)
class _Form:
    row: TriggerRow
    more: tuple[str, ...]
    tense: str
    pronoun: bool
    own: bool = False
    agreement: Agreement | None = None


@functools.cache
def rules() -> tuple[TriggerRow, ...]:
    """The rows of the trigger table.

    Raises:
        TableError: a row is wrong, or two share a rule id.

    """
    rows = seeds.read(TRIGGERS, TriggerRow)
    for number, row in enumerate(rows, 2):
        if any(other.rule == row.rule for other in rows[: number - 2]):
            raise TableError(TRIGGERS, number, f"the rule {row.rule!r} stands twice")
        if row.form is Form.VERB and not all("/" in word.split()[0] for word in row.words):
            raise TableError(TRIGGERS, number, "write verbs as perfect/imperfect")
    return tuple(rows)


@functools.lru_cache(maxsize=65536)
def is_trigger(word: str) -> bool:
    """Whether a folded word is a form of one of the table's words by itself."""
    return any(not form.more for form, *_ in _readings(word))


@functools.lru_cache(maxsize=65536)
def is_participle(word: str) -> bool:
    """Whether a folded word says how somebody does something else (``متهما``), with an object of its own."""
    return any(form.row.form is Form.PARTICIPLE and not form.more for form, *_ in _readings(word))


@functools.lru_cache(maxsize=65536)
def is_backing(word: str) -> bool:
    """Whether a folded word is a verb that tells who backs or leads somebody, whom its pronoun means (``قوات تدعمها``)."""
    verbs = (form for form, *_ in _readings(word) if form.tense == "imperfect" and form.pronoun)
    return any(form.row.predicate in (Predicate.SUPPORTED, Predicate.ALLIED_WITH) for form in verbs)


@functools.lru_cache(maxsize=65536)
def is_event_noun(word: str) -> bool:
    """Whether a folded word is a noun of attack, to which its doer or target belongs (``الهجوم … لقوات``)."""
    attacks = (form.row for form, *_ in _readings(word) if not form.tense and not form.more)
    return any(row.predicate is Predicate.ATTACKED for row in attacks)


def is_striking(word: str) -> bool:
    """Whether a folded word is a verb of attack whose object stands right behind it (``استهدفت``)."""
    verbs = (form.row for form, *_ in _readings(word) if form.tense and not form.pronoun and not form.more)
    return any(row.predicate is Predicate.ATTACKED and row.object.startswith("direct") for row in verbs)


def forms_of(row: TriggerRow) -> Iterator[str]:
    """The first words of a row, folded, in all their inflections: without one of them it finds nothing."""
    return (text for text, _ in _phrases(row))


@functools.cache
def _forms() -> dict[str, tuple[_Form, ...]]:
    forms: dict[str, list[_Form]] = {}
    for row in rules():
        for text, form in _phrases(row):
            forms.setdefault(text, []).append(form)
    return {text: tuple(dict.fromkeys(found)) for text, found in forms.items()}


def _phrases(row: TriggerRow) -> Iterator[tuple[str, _Form]]:
    for phrase in row.words:
        head, *more = phrase.split()
        yield from _inflected(row, head, tuple(map(fold, more)))


def _inflected(row: TriggerRow, head: str, more: tuple[str, ...]) -> Iterator[tuple[str, _Form]]:
    if row.form is Form.PARTICIPLE:
        gender = Agreement.FEMININE if fold(head).endswith(HEH) else Agreement.MASCULINE
        speaking = "says" in row.subject.split()  # not «دعما»
        yield fold(head), _Form(row, more, "", pronoun=False, agreement=gender if speaking else None)
    elif row.form is Form.NOUN:
        for text, owned in noun_forms(head):
            yield text, _Form(row, more, "", owned)
    else:
        perfect, imperfect = head.split("/")
        for text, tense, pronoun in verb_forms(perfect, imperfect):
            yield text, _Form(row, more, tense, pronoun, agreement=agreement(text, perfect, imperfect))
        yield own_form(imperfect), _Form(row, more, "imperfect", pronoun=False, own=True)


def find_triggers(words: Sequence[Word]) -> Iterator[Trigger]:
    """Every trigger in a sentence's words; one word can trigger several rules."""
    folded = [word.folded for word in words]
    for at, word in enumerate(folded):
        if not (readings := _readings(word)):
            continue
        for form, future, preposition, conjoined in readings:
            if form.tense and form.pronoun and form.row.predicate in _noun_of(word) and not _is_clause(folded, at):
                continue  # «سيطرته» is his control rather than that it controlled him
            last = at + 1 + len(form.more)
            goes_on = not form.more or tuple(folded[at + 1 : last]) == form.more
            if goes_on and _needs_met(folded, last, form.row):
                tense = "future" if future else form.tense
                yield Trigger(
                    form.row, at, last, tense, form.pronoun, preposition, form.own, conjoined, form.agreement
                )  # fmt: skip


def _is_clause(words: Sequence[str], at: int) -> bool:
    """Whether a relative pronoun makes the word behind it a verb (``دوما التي استعادتها …``)."""
    return at > 0 and has_role(words[at - 1], "relative")


NEEDED_WITHIN = 12
LONGEST_CLITICS = 4
"""Letters of what can stand before a form: *and*, a preposition, the article."""


def _needs_met(words: Sequence[str], last: int, row: TriggerRow) -> bool:
    return not row.needs or not _folded(row.needs).isdisjoint(words[last : last + NEEDED_WITHIN])


@functools.cache
def _folded(needs: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, needs))


@functools.lru_cache(maxsize=32768)
def _noun_of(word: str) -> frozenset[Predicate]:
    """The relations that a folded word can tell as a noun."""
    return frozenset(form.row.predicate for form, *_ in _readings(word) if not form.tense)


@functools.lru_cache(maxsize=32768)
def _readings(word: str) -> tuple[tuple[_Form, bool, str, bool], ...]:
    """The forms that a folded word can be: whether it is future, its preposition, and whether *and* stands in front."""
    if not _begins_form(word):
        return ()
    plain = [(*reading, False) for reading in _unjoined(word)]
    joined = [(*reading, True) for reading in _unjoined(word[1:])] if word[:1] in CONJUNCTIONS else []
    return (*plain, *joined)


def _begins_form(word: str) -> bool:
    """Whether there is a form among what remains of a folded word without *and*, a preposition and the article: in few."""
    return not _rests().isdisjoint([word[cut:] for cut in range(LONGEST_CLITICS + 1)])


@functools.cache
def _rests() -> frozenset[str]:
    """All forms, with the article that some begin with and without it."""
    return frozenset(_forms()).union(form.removeprefix(ARTICLE) for form in _forms())


def _unjoined(word: str) -> Iterator[tuple[_Form, bool, str]]:
    yield from ((form, False, "") for form in _forms().get(word, ()))
    if word[:1] == SEEN:
        yield from ((form, True, "") for form in _forms().get(word[1:], ()) if form.tense == "imperfect")
    if word[:1] == LAM:
        yield from ((form, False, LAM) for form in _forms().get(word[1:], ()) if form.tense == "imperfect")
    preposition, rest = (word[0], word[1:]) if word[:1] in PREPOSITIONS else ("", word)
    if rest.startswith(LAM) and preposition == LAM:
        rest = ARTICLE + rest[1:]
    if preposition:
        yield from ((form, False, preposition) for form in _forms().get(rest, ()) if form.row.form is Form.NOUN)
    if rest.startswith(ARTICLE):
        yield from ((form, False, preposition) for form in _forms().get(rest[2:], ()) if form.row.form is Form.NOUN)
