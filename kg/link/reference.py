"""Short forms that point back in an article: ``الهيئة``, ``الأخير``, ``بلاده``.

Each means something that the article named before in full; nothing is brought in from outside.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence

from kg.knowledge import KnowledgeBase
from kg.language.arabic import ARTICLE, HEH, fold, stems, without_article
from kg.language.cues import has_role
from kg.language.words import Word
from kg.link.lexicon import name_words
from kg.link.names import NameFinder
from kg.model import Entity, Link
from kg.span import Span
from kg.vocabulary import ACTORS, ORGANIZATIONS, Kind

WHERE = frozenset(map(fold, ("في", "لدى")))
"""Words before a place where something is: not whose it is (``السفير التركي في الدوحة``)."""
OWN_COUNTRY = frozenset(map(fold, ("بلاده", "بلادها")))
LATTER = (fold("الأخير"), fold("الأخيرة"))
ARMIES = frozenset({fold("جيش")})
"""Nouns that alone mean the army of a state, never a group that bears the name."""
LATTER_REACH = 220
"""Characters back from ``الأخير`` within which whom it means was named."""


@functools.cache
def short_nouns() -> frozenset[str]:
    """The nouns that can be short for a name, folded and without article."""
    return name_words("short") | name_words("short_definite")


def short_forms(
    base: KnowledgeBase, text: str, words: Sequence[Word], starts: Iterable[int], links: Sequence[Link]
) -> Iterator[Link]:
    """``الهيئة``: the last body before it whose name begins with that noun (``هيئة تحرير الشام``).

    Of several states' bodies, one whose state is named in the same sentence comes first. ``starts`` are the words that may
    be short for a name.
    """
    for at in starts:
        word = words[at]
        found = _head(word.folded)
        if not found or _is_continued(words, at):
            continue
        head, cut = found
        before = [link for link in links if link.span.end <= word.span.start and _begins(text, link, head)]
        if before and not any(link.span.overlaps(word.span) for link in links):
            near = [
                link for link in links if words[0].span.start <= link.span.start and link.span.end <= word.span.start
            ]
            states = {state for link in near for state in _states(base, link.entities[0])}
            own = [link for link in before if head in name_words("short_definite") and link.entities[0].id in states]
            body = max(own or before, key=lambda link: link.span).entities
            start = word.offset(cut)
            yield Link(Span(start, word.span.end), body, f"short for «{body[0].names[0]}», named before in the article")


@functools.lru_cache(maxsize=65536)
def _head(folded: str) -> tuple[str, int] | None:
    """The noun of a definite word that can be short for a name, and how many letters stand before it."""
    for stem, cut in stems(folded):
        plain = without_article(stem)
        definite = plain != stem or folded[:cut].endswith("لل")
        if definite and plain in short_nouns():
            return plain, cut
    return None


def _is_continued(words: Sequence[Word], at: int) -> bool:
    """Whether an adjective behind a noun makes it something else (``الجبهة الداخلية``)."""
    following = words[at + 1].folded if at + 1 < len(words) else ""
    return following.startswith(ARTICLE) and without_article(following) not in name_words("epithet") | {
        "تي",
        "ذي",
        "ذين",
    }


def _begins(text: str, link: Link, head: str) -> bool:
    """Whether a body's name, as the text writes it, begins with a noun; ``الجيش`` only if the name has the article."""
    if link.entities[0].kind not in ORGANIZATIONS:
        return False
    first = fold(text[max(0, link.span.start) : link.span.end]).split()[:1]
    if not first or without_article(first[0]) != head or (head in ARMIES and link.entities[0].kind is Kind.ARMED_GROUP):
        return False
    return (
        head not in name_words("short_definite")
        or first[0] != head
        or text[link.span.start - 2 : link.span.start] == "لل"
    )


def latter(words: Sequence[Word], starts: Iterable[int], links: Sequence[Link]) -> Iterator[Link]:
    """``الأخير``: the last person or masculine body named before it, if it stands as a noun; ``الأخيرة`` the last state."""
    for at in starts:
        word = words[at]
        if not word.folded.endswith(LATTER) or not _is_noun(words, at):
            continue
        feminine = word.folded.endswith(HEH)
        near = [
            link
            for link in links
            if word.span.start - LATTER_REACH <= link.span.start and link.span.end <= word.span.start
            if _agrees(link.entities, feminine=feminine)
        ]
        if near:
            who = max(near, key=lambda link: link.span).entities
            yield Link(word.span, who, f"the latter: «{who[0].names[0]}», named right before")


def _is_noun(words: Sequence[Word], at: int) -> bool:
    """Whether ``الأخير`` stands for somebody rather than describing a noun: behind a preposition, a verb or ``أن``."""
    if words[at].folded[:1] != ARTICLE[0] and at:  # «للأخير»
        return True
    before = without_article(words[at - 1].folded) if at else ""
    return before in name_words("before_name") and not words[at - 1].folded.startswith(ARTICLE)


def _agrees(entities: Sequence[Entity], *, feminine: bool) -> bool:
    kinds = {entity.kind for entity in entities}
    if feminine:
        return Kind.STATE in kinds
    masculine = not fold(entities[0].names[0]).split()[0].endswith(HEH)
    return Kind.PERSON in kinds or (masculine and Kind.PLACE not in kinds and bool(kinds & (ACTORS - {Kind.STATE})))


def own_countries(
    base: KnowledgeBase, names: NameFinder, words: Sequence[Word], starts: Iterable[int], links: Sequence[Link]
) -> Iterator[Link]:
    """``بلاده``: the state of who speaks, the first person of the sentence, else of the person named last before it."""
    for at in starts:
        word = words[at]
        if not any(stem in OWN_COUNTRY for stem, _ in stems(word.folded)):
            continue
        inside = {w.span.end + 1 for w in words if w.folded in WHERE}
        before = [
            link
            for link in links
            if words[0].span.start <= link.span.start and link.span.end <= word.span.start
            if link.span.start not in inside or link.entities[0].kind is Kind.PERSON
        ]
        states = [(link, state) for link in before if (state := _state(base, link.entities[0]))]
        if states:
            people = [pair for pair in states if pair[0].entities[0].kind is Kind.PERSON]
            said = any(has_role(w.folded, "complement") for w in words if w.span.end <= word.span.start)
            link, state = (people or states)[0 if said else -1]
            reason = f"the country of «{link.entities[0].names[0]}», named before in the sentence"
            yield Link(word.span, (names.acting(state),), reason)


def _states(base: KnowledgeBase, entity: Entity) -> Iterator[str]:
    """The ids of an entity and of what it belongs to."""
    at = entity.id
    while at:
        yield at
        at = base.parents.get(at, "")


def _state(base: KnowledgeBase, entity: Entity) -> Entity | None:
    """The state that a person or body belongs to, up the tables' chain of parents; a state has none."""
    at = entity.id
    while at := base.parents.get(at, ""):
        if base.entities.get(at) in base.adjectives.values():
            return base.entities[at]
    return None


def short_names(text: str, links: Sequence[Link]) -> Iterator[Link]:
    """The links, a new name being the known one that it shortens.

    A place by its last word (``اليرموك`` after ``مخيم اليرموك``), a body by its first ones (``حزب العمال``).
    """
    known = [
        (link, fold(link.span.of(text)).split())
        for link in links
        if link.entities[0].known and link.entities[0].kind is not Kind.PERSON
    ]
    for link in links:
        if link.entities[0].known:
            yield link
            continue
        words = fold(link.span.of(text)).split()
        kind = link.entities[0].kind
        whole = None
        if kind is Kind.PLACE and len(words) == 1:
            whole = next((k for k, full in known if full[1:] == words), None)
        elif kind is Kind.ORGANIZATION and len(words) > 1:
            whole = next((k for k, full in known if full[:-1] == words), None)
        if whole:
            yield Link(link.span, whole.entities, f"short for «{whole.entities[0].names[0]}», named in the article")
        else:
            yield link
