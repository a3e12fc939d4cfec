"""Names that no seed table has: which of Stanza's mentions are names at all, and what they are called.

A mention becomes an entity only if a reader would take it for a name: not a common noun, a people, a number or an office,
and, if it is one word, only where its neighbours say what it names. The words for that are in ``seeds/name_words.tsv`` and
``seeds/ordinary_words.tsv`` (words that news text uses often and hardly ever in a name).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from kg.ids import new_slug
from kg.language.arabic import ARTICLE, CONJUNCTIONS, FEH, HEH, LAM, PREPOSITIONS, YEH, stems, without_article
from kg.language.cues import has_role
from kg.language.titles import COMMAS, role_of
from kg.language.words import QUOTES, Word, overlapping
from kg.link.lexicon import is_ordinary, name_words
from kg.model import Entity, Link, Mention, Sentence
from kg.span import Span
from kg.vocabulary import Kind

PERSON, ORGANIZATION, PLACE = "PER", "ORG", "LOC"
NEW_KINDS = {PERSON: Kind.PERSON, ORGANIZATION: Kind.ORGANIZATION, PLACE: Kind.PLACE}
TITLE_REACH = 3
"""Words before a single word within which a title makes it a person's name."""
OFFICE_REACH = 8
"""Words before a name and a comma within which the noun of an office stands."""
LONGEST_NAME = 8
"""Words; what is longer is a phrase that Stanza ran together."""
_MARKS = "«»\"'“”„()[]،.:-–_*|/#"


class Newcomers:
    """Makes entities of the mentions of a sentence that no known name explains."""

    def __init__(self, adjectives: frozenset[str], given: frozenset[str]) -> None:
        """``adjectives`` are those of states, ``given`` the first names of known people, both folded without article."""
        self._adjectives = adjectives
        self._given = given | name_words("given")

    def link(self, text: str, mention: Mention, sentence: Sentence, words: Sequence[Word]) -> Link | None:
        """The new entity that a mention names, or None if it is no name."""
        span = self._trimmed(mention, sentence, words)
        inside = _inside(words, span)
        if not inside or not self._is_name(inside, mention.tag):
            return None
        if len(inside) == 1 and not self._is_supported(words, inside[0], mention.tag):
            return None
        if len(inside) > 1 and mention.tag == PERSON and not self._is_person(text, words, inside):
            return None
        name = _written(text, span)
        entity = Entity(new_slug(name), NEW_KINDS[mention.tag], (name,), known=False)
        return Link(span, (entity,), f"new: Stanza reads «{name}» as {mention.tag}, and no seed table has it")

    def is_given(self, word: str) -> bool:
        """Whether a folded word is a first name, as far as the tables know."""
        return word in self._given

    # What belongs to the name

    def _trimmed(self, mention: Mention, sentence: Sentence, words: Sequence[Word]) -> Span:
        """The mention without clitics, titles, head nouns of places, and marks around it."""
        inside = _inside(words, mention.span)
        if not inside:
            return mention.span
        start = self._start(mention, sentence, words, inside[0])
        leading = {PERSON: "honorific", PLACE: "place"}.get(mention.tag)
        while leading and len(inside) > 1 and _is(leading, inside[0].folded):
            inside = inside[1:]
            start = inside[0].span.start
        while len(inside) > 1 and self._is_trailing(inside[-1].folded, mention.tag):
            inside = inside[:-1]
        if mention.tag == ORGANIZATION and len(inside) > 2 and self._is_others(inside[-2].folded, inside[-1].folded):
            inside = inside[:-1]
        if mention.tag == ORGANIZATION and start == inside[0].span.start:
            start = _head_start(words, inside[0])
        if mention.tag == PERSON and start == inside[0].span.start:
            start = self._first_name_start(words, inside[0])
        return Span(start, max(inside[-1].span.end, start + 1))

    def _is_others(self, before: str, last: str) -> bool:
        """Whether a masculine adjective behind a feminine one is somebody else's (``مدير الاستخبارات الوطنية الأميركي``)."""
        return self._is_adjective(last) and not last.endswith(HEH) and before.endswith(YEH + HEH)

    def _first_name_start(self, words: Sequence[Word], first: Word) -> int:
        """Where a person's name begins if Stanza left first names out (``سلطان سيف`` before ``مفتاح النيادي``)."""
        at = _index(words, first)
        while at and words[at - 1].folded in self._given and not (at > 1 and role_of(words[at - 2].folded)):
            at -= 1
        return words[at].span.start

    def _is_trailing(self, folded: str, tag: str) -> bool:
        """Whether a last word is not part of a name: a place's adjective, or a noun with a preposition (``للصحافة``)."""
        if tag == PLACE:
            return self._is_adjective(folded)
        if tag == PERSON:
            return without_article(folded) in name_words("common") and folded not in self._given
        return folded.startswith(LAM + LAM) and is_ordinary(folded)

    def _start(self, mention: Mention, sentence: Sentence, words: Sequence[Word], first: Word) -> int:
        """Where the name begins behind a conjunction or preposition."""
        folded, rest = first.folded, first.folded[1:]
        at = _index(words, first)
        quoted = at > 0 and words[at - 1].folded in QUOTES and words[at - 1].span.end == first.span.start
        if quoted or folded[:1] not in CONJUNCTIONS | PREPOSITIONS or len(folded) < 3 or folded in self._given:
            return first.span.start
        if folded.startswith(LAM + LAM):
            return first.offset(2)
        if mention.tag == PERSON and folded[:1] in PREPOSITIONS | {FEH}:
            return first.offset(1) if rest in self._given else first.span.start
        before = _before(words, first)
        if mention.tag != PERSON and (_is("body", before) or before in name_words("place")):
            return first.span.start  # «شركة لوكهيد», «منطقة بعلبك»: no preposition within a name
        known = any(_is(role, rest) for role in ("body", "part")) or rest in self._given or rest.startswith(ARTICLE)
        if known or any(t.span.start == first.span.start and len(t.words) > 1 for t in sentence.tokens):
            return first.offset(1)
        return first.span.start

    def _is_adjective(self, folded: str) -> bool:
        plain = without_article(folded)
        return plain != folded and (plain in self._adjectives or plain.removesuffix(HEH) in self._adjectives)

    # Whether it is one

    def _is_name(self, inside: Sequence[Word], tag: str) -> bool:
        folded = [word.folded for word in inside]
        if len(folded) > LONGEST_NAME or any(map(str.isdigit, "".join(folded))):
            return False
        if sum(map(len, folded)) < 2 or (len(folded) == 1 and len(without_article(folded[0])) < 3):
            return False
        if tag != PERSON and folded[0] in name_words("occasion"):
            return False
        if tag == ORGANIZATION and _is("body", folded[0]) and len(folded) > 1:
            return self._is_body_of_state(folded) or self._is_named_body(folded)
        if tag == PERSON and (is_ordinary(folded[0]) or role_of(folded[0])) and folded[0] not in self._given:
            return False
        return not all(self._says_nothing(word, tag) for word in folded)

    def _is_body_of_state(self, folded: Sequence[str]) -> bool:
        """``وزارة العمل السعودية``: a body that the adjective of its state tells apart, with the article."""
        return self._is_adjective(folded[-1]) and not any(map(self._is_adjective, folded[:-1]))

    def _is_named_body(self, folded: Sequence[str]) -> bool:
        """``حركة طالبان``, not ``وزارة سيادية``: what follows the noun is more than indefinite adjectives."""
        last = folded[-1]
        if without_article(folded[1]) == folded[1] and is_ordinary(folded[1]):
            return False
        described = without_article(last) == last and last.endswith(YEH + HEH)
        return not described and not all(self._says_nothing(word, ORGANIZATION) for word in folded)

    def _says_nothing(self, word: str, tag: str) -> bool:
        """Whether a word of a mention is one that any number of things are called by."""
        plain = without_article(word)
        nisba = plain in self._adjectives or plain.removesuffix(HEH) in self._adjectives
        heads = _is("body", word) or _is("place", word) or _is("direction", word)
        return nisba or heads or is_ordinary(word) or (tag == PERSON and bool(role_of(word)))

    def _is_person(self, text: str, words: Sequence[Word], inside: Sequence[Word]) -> bool:
        """Whether something besides Stanza shows that several words are a person: a first name, a title, a repetition."""
        at = _index(words, inside[0])
        before = [word.folded for word in words[max(0, at - TITLE_REACH) : at]]
        known = inside[0].folded in self._given or any(word.folded in name_words("particle") for word in inside)
        titled = any(_is("honorific", word) or role_of(word) or self._is_adjective(word) for word in before)
        again = text.count(text[inside[0].span.start : inside[1].span.end]) > 1
        return (
            known
            or titled
            or again
            or bool(before and _is("verb", before[-1]))
            or _is_presented(words, at, len(inside))
        )

    @staticmethod
    def _is_supported(words: Sequence[Word], name: Word, tag: str) -> bool:
        """Whether the words before a single word say what it names."""
        at = _index(words, name)
        before = [word.folded for word in words[max(0, at - TITLE_REACH) : at]]
        if tag == PERSON:
            return any(_is("honorific", word) or role_of(word) for word in before)
        quoted = bool(before) and before[-1] in QUOTES
        nearest = [word for word in before if word not in QUOTES][-1:]
        if tag == ORGANIZATION:
            if name.folded.startswith(LAM + LAM):
                return False
            return any(_is("body", word) for word in nearest) or (quoted and not name.folded.endswith((YEH, YEH + HEH)))
        placed = any(_is("place", word) and without_article(word) == word for word in nearest)
        if name.folded.startswith(ARTICLE) and name.folded.endswith(YEH + HEH):
            return placed  # «المتوسطية» is an adjective, «مدينة السليمانية» is a name
        attached = name.folded[:1] in PREPOSITIONS and name.folded[1:3] == ARTICLE
        definite = name.folded.startswith(ARTICLE) or attached
        return placed or (definite and (attached or any(_is("direction", word) for word in nearest)))


def _inside(words: Sequence[Word], span: Span) -> list[Word]:
    """The words, but for marks, that share a character with a span."""
    return [words[at] for at in overlapping(words, span) if not words[at].is_mark]


def _index(words: Sequence[Word], word: Word) -> int:
    """Where a word stands in its sentence."""
    return overlapping(words, word.span).start


def _is_presented(words: Sequence[Word], at: int, length: int) -> bool:
    """Whether an office stands in apposition: before a comma (``المتحدث باسم الوزارة، …``) or behind (``…، قائد …``)."""
    if at and words[at - 1].folded in COMMAS:
        return any(role_of(word.folded) for word in words[max(0, at - OFFICE_REACH) : at - 1])
    behind = words[at + length : at + length + 3]
    opened = bool(behind) and (behind[0].folded in COMMAS or has_role(behind[0].folded, "who_is"))
    return opened and any(role_of(word.folded) for word in behind[1:2])


def _before(words: Sequence[Word], word: Word) -> str:
    """The folded word before a word, passing quotation marks; empty at the beginning."""
    at = _index(words, word)
    return next((other.folded for other in reversed(words[:at]) if other.folded not in QUOTES), "")


def _head_start(words: Sequence[Word], first: Word) -> int:
    """Where a body's name begins if Stanza left its noun out (``قوى`` before ``الأمن اللبنانية``)."""
    at = _index(words, first)
    before = words[at - 1] if at else None
    if before and before.folded in name_words("body"):
        return before.span.start
    return first.span.start


@functools.lru_cache(maxsize=32768)
def _is(role: str, word: str) -> bool:
    """Whether a folded word is in a role of the table of name words, with or without clitics and article."""
    return any(without_article(stem) in name_words(role) for stem, _ in stems(word))


def _written(text: str, span: Span) -> str:
    """A name as an entity bears it: single spaces, no marks, and the article that ``li`` swallowed."""
    name = " ".join(span.of(text).replace("_", " ").split()).strip(_MARKS)
    swallowed = text[max(0, span.start - 2) : span.start] == LAM + LAM
    return ARTICLE + name if swallowed else name
