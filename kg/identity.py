"""Which entities of different articles are one: by the knowledge base, by their names, by what people decided.

Every merge is a row with a score and the reasons for it; rows under :data:`SURE` are proposals and merge nothing.
Claims are never rewritten where they are kept: :meth:`Unified.rewritten` gives new ones with the entity that stands for
all of its kind, which has all their names.
"""

from __future__ import annotations

import difflib
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.errors import GraphError
from kg.judgements import Decision, Judgement
from kg.language.arabic import key
from kg.model import Claim, Entity
from kg.vocabulary import ACTORS, ORGANIZATIONS, Kind

SURE = 0.9
"""Score from which on two names are taken for one entity without asking."""
WORTH_ASKING = 0.6
"""Score from which on two names are proposed."""

_NAMED = ACTORS | {Kind.PLACE}
"""Kinds that names speak for; two rounds or meetings are told apart by number and date."""
_MOST_PROPOSALS = 2
"""Entities that one name may remind of; what reminds of more (``وزارة الخارجية``) is no name of any."""
_MOST_IN_A_BUCKET = 30
"""Entities that may share a word before the word says nothing; ``محمد`` is in too many names."""
_LONG_VOWELS = str.maketrans("", "", "\u0627\u0648\u064a\u0647")
_SHORTEST_SKELETON = 5
_ALIKE = 0.88


@dataclass(frozen=True, slots=True)
class Merge:
    """Two entities taken for one (``same``), or perhaps one (``unsure``). ``by`` is ``person`` or ``names``."""

    entity: str
    into: str
    judgement: str
    score: float
    reasons: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Unified:
    """What was merged or proposed, for each entity merged away the one it became, and that one with all names."""

    merges: tuple[Merge, ...]
    replaced: Mapping[str, str]
    _merged: Mapping[str, Entity]

    def rewritten(self, claims: Iterable[Claim]) -> Iterator[Claim]:
        """The claims with what stands for their entities.

        One that would join an entity with itself, or say what another already says in the same words, is left out.
        """
        seen: set[str] = set()
        for claim in claims:
            target = claim.object
            made = replace(
                claim,
                subject=self._merged.get(claim.subject.id, claim.subject),
                object=self._merged.get(target.id, target) if isinstance(target, Entity) else target,
                says=self._merged.get(claim.says.id, claim.says) if claim.says else None,
            )
            if made.subject != made.object and made.id not in seen:
                seen.add(made.id)
                yield made


def unify(claims: Iterable[Claim], judgements: Iterable[Judgement] = ()) -> Unified:
    """Which entities of these claims are one.

    Raises:
        GraphError: judgements contradict each other, or want to merge what cannot be one.

    """
    entities, joined = _entities(claims)
    decided = [row for row in judgements if row.pair <= entities.keys()]
    proposals = list(_proposals(entities, joined))
    clusters = _Clusters(entities, decided)
    for row in decided:
        if row.decision is Decision.SAME:
            clusters.join_by_decision(row)
    merges = [*_by_person(decided), *(_applied(merge, clusters) for merge in proposals if clusters.open(merge))]
    replaced = clusters.replaced()
    rows = sorted({_directed(merge, replaced) for merge in merges}, key=_order)
    return Unified(tuple(rows), replaced, clusters.merged())


def merges_text(merges: Iterable[Merge]) -> str:
    """The merges and proposals as a table: one row each, with score and reasons."""
    rows = [
        (merge.judgement, merge.entity, merge.into, f"{merge.score:.2f}", merge.by, "; ".join(merge.reasons))
        for merge in merges
    ]
    header = ("judgement", "entity", "into", "score", "by", "reasons")
    return "".join("\t".join(row) + "\n" for row in [header, *rows])


def aligned(table: str) -> str:
    """A table of tab-separated values with its columns one under the other.

    >>> print(aligned("a\\tb\\nlong\\tc\\n"), end="")
    a     b
    long  c
    """
    rows = [line.split("\t") for line in table.splitlines()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def compatible(one: Kind, other: Kind) -> bool:
    """Whether an entity may turn out to be of both kinds: the same, or two sorts of bodies that are not states.

    >>> compatible(Kind.ORGANIZATION, Kind.ARMED_GROUP), compatible(Kind.PERSON, Kind.PLACE)
    (True, False)
    """
    bodies = ORGANIZATIONS - {Kind.STATE}
    return one is other or (one in bodies and other in bodies)


class _Clusters:
    """Entities that are one, as sets that grow together."""

    def __init__(self, entities: Mapping[str, Entity], decided: Iterable[Judgement]) -> None:
        self._entities = entities
        self._sets = {name: {name} for name in entities}
        self._apart = {row.pair for row in decided if row.decision is Decision.DIFFERENT}

    def join_by_decision(self, row: Judgement) -> None:
        """Join two that a person says are one."""
        one, other = self._entities[row.one], self._entities[row.other]
        if not compatible(one.kind, other.kind):
            raise GraphError(f"{one.id} is a {one.kind} and {other.id} a {other.kind}: they cannot be one")
        if not self._join(row.one, row.other):
            raise GraphError(
                f"judgements.tsv: {row.one} and {row.other} cannot be one, because others that are one with them are"
                " said to be different; delete one of these rows"
            )

    def open(self, merge: Merge) -> bool:
        """Whether nobody has decided on these two yet."""
        return frozenset((merge.entity, merge.into)) not in self._apart and (
            self._sets[merge.entity] is not self._sets[merge.into]
        )

    def join(self, merge: Merge) -> bool:
        """Join two whose names say that they are one, unless something speaks against it."""
        known = [n for n in self._sets[merge.entity] | self._sets[merge.into] if self._entities[n].known]
        return len(known) <= 1 and self._join(merge.entity, merge.into)

    def replaced(self) -> dict[str, str]:
        """For each entity merged away, the one that stands for it."""
        return {name: first for name in self._sets if (first := self._first(name)) != name}

    def merged(self) -> dict[str, Entity]:
        """For each entity, the one that stands for it, with the names of all."""
        return {name: self._whole(name) for name, members in self._sets.items() if len(members) > 1}

    def _join(self, one: str, other: str) -> bool:
        both = self._sets[one] | self._sets[other]
        if any(pair <= both for pair in self._apart):
            return False
        self._sets.update(dict.fromkeys(both, both))
        return True

    def _first(self, name: str) -> str:
        """Of entities that are one: one of a seed table, of a definite kind, the first in the alphabet."""
        return min(
            self._sets[name],
            key=lambda n: (not self._entities[n].known, self._entities[n].kind is Kind.ORGANIZATION, n),
        )

    def _whole(self, name: str) -> Entity:
        first = self._first(name)
        members = [first, *sorted(self._sets[name] - {first})]
        names = dict.fromkeys(text for member in members for text in self._entities[member].names)
        return replace(self._entities[first], names=tuple(names))


def _entities(claims: Iterable[Claim]) -> tuple[dict[str, Entity], set[frozenset[str]]]:
    """All entities, each with all names that any claim has for it, and the pairs that a claim joins."""
    found: dict[str, Entity] = {}
    joined: set[frozenset[str]] = set()
    for claim in claims:
        for end in (claim.subject, claim.object, claim.says):
            if isinstance(end, Entity):
                known = found.setdefault(end.id, end)
                if known.names != end.names:
                    found[end.id] = replace(known, names=tuple(sorted({*known.names, *end.names})))
        if isinstance(claim.object, Entity):
            joined.add(frozenset((claim.subject.id, claim.object.id)))
    return found, joined


def _applied(merge: Merge, clusters: _Clusters) -> Merge:
    """The proposal carried out, if it is sure and nothing speaks against it."""
    sure = merge.score >= SURE and clusters.join(merge)
    return replace(merge, judgement="same" if sure else "unsure")


def _by_person(decided: Iterable[Judgement]) -> Iterator[Merge]:
    for row in decided:
        if row.decision is Decision.SAME:
            yield Merge(row.one, row.other, "same", 1.0, (row.reason or "decided by a person",), "person")


def _directed(merge: Merge, replaced: Mapping[str, str]) -> Merge:
    """The row with the entity that was merged away first."""
    if merge.judgement == "same" and merge.into in replaced and merge.entity not in replaced:
        return replace(merge, entity=merge.into, into=merge.entity)
    return merge


def _order(merge: Merge) -> tuple[bool, float, str, str]:
    return (merge.judgement != "same", -merge.score, merge.entity, merge.into)


# ---- what names say


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]

    @property
    def skeleton(self) -> str:
        """The name without long vowels, which are typed one way or another in foreign names."""
        return " ".join(word.translate(_LONG_VOWELS) for word in self.words)


Feature = Callable[[_Name, _Name], "tuple[float, str] | None"]


def _same_words(one: _Name, other: _Name) -> tuple[float, str] | None:
    if sorted(one.words) == sorted(other.words) or "".join(one.words) == "".join(other.words):
        return 0.95, "the names have the same words, in another order or written together"
    return None


def _same_consonants(one: _Name, other: _Name) -> tuple[float, str] | None:
    plain = one.skeleton.replace(" ", "")
    if len(one.words) > 1 and one.skeleton == other.skeleton and len(plain) >= _SHORTEST_SKELETON:
        return 0.9, "the names differ only in long vowels"
    return None


def _longer_name(one: _Name, other: _Name) -> tuple[float, str] | None:
    short, long = sorted((one.words, other.words), key=len)
    if len(short) > 1 and any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1)):
        return 0.85, "one name is a part of the other"
    return None


def _first_and_last(one: _Name, other: _Name) -> tuple[float, str] | None:
    if min(len(one.words), len(other.words)) > 1 and (one.words[0], one.words[-1]) == (other.words[0], other.words[-1]):
        return 0.8, "first and last words agree"
    return None


def _nearly_alike(one: _Name, other: _Name) -> tuple[float, str] | None:
    if len(one.words) == len(other.words) > 1:
        share = difflib.SequenceMatcher(None, " ".join(one.words), " ".join(other.words), autojunk=False).ratio()
        if share >= _ALIKE:
            return 0.7, f"the names agree in {share:.0%} of their letters"
    return None


def _last_word(one: _Name, other: _Name) -> tuple[float, str] | None:
    short, long = sorted((one.words, other.words), key=len)
    if len(short) == 1 and len(long) > 1 and long[-1] == short[0]:
        return WORTH_ASKING, "one name is the last word of the other"
    return None


FEATURES: tuple[Feature, ...] = (
    _same_words, _same_consonants, _longer_name, _first_and_last, _nearly_alike, _last_word,
)  # fmt: skip
"""What is looked at, the strongest first; the first that fits gives the score."""


def _proposals(entities: Mapping[str, Entity], joined: Collection[frozenset[str]]) -> Iterator[Merge]:
    """Pairs of entities whose names speak for one, the surest first; at least one of them is in no seed table."""
    names = {name: _names(entity) for name, entity in sorted(entities.items())}
    found = []
    for one, other in sorted(_candidates(entities, names)):
        reason = _compare(names[one], names[other])
        if reason and frozenset((one, other)) not in joined:
            found.append(Merge(one, other, "unsure", reason[0], (reason[1],), "names"))
    weak = Counter(name for merge in found if merge.score < SURE for name in (merge.entity, merge.into))
    for merge in sorted(found, key=_order):
        if merge.score >= SURE or max(weak[merge.entity], weak[merge.into]) <= _MOST_PROPOSALS:
            yield merge


def _names(entity: Entity) -> list[_Name]:
    return [_Name(tuple(words)) for words in dict.fromkeys(tuple(key(name).split()) for name in entity.names) if words]


def _compare(one: Sequence[_Name], other: Sequence[_Name]) -> tuple[float, str] | None:
    for feature in FEATURES:
        for first, second in itertools.product(one, other):
            if found := feature(first, second):
                return found
    return None


def _candidates(entities: Mapping[str, Entity], names: Mapping[str, Sequence[_Name]]) -> set[tuple[str, str]]:
    """Pairs of compatible entities that share a word or a skeleton; the one that is in no table comes first."""
    buckets: defaultdict[str, set[str]] = defaultdict(set)
    for entity, some in names.items():
        for name in some:
            for sign in (*name.words, f"={name.skeleton}", "".join(name.words)):
                buckets[sign].add(entity)
    pairs: set[tuple[str, str]] = set()
    for bucket in buckets.values():
        if len(bucket) <= _MOST_IN_A_BUCKET:
            for one, other in itertools.combinations(sorted(bucket), 2):
                first, second = (other, one) if entities[one].known else (one, other)
                kinds = entities[one].kind, entities[other].kind
                if not entities[first].known and compatible(*kinds) and kinds[0] in _NAMED:
                    pairs.add((first, second))
    return pairs
