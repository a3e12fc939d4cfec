"""Scores: claims against gold facts, names against a BIO file."""

from __future__ import annotations

import csv
import json
import pathlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kg.errors import ScoreError
from kg.language.arabic import key
from kg.vocabulary import SIGNATURES, Predicate

TYPES = ("LOC", "ORG", "PER")
_TAG = re.compile(r"O|[BIES]-\S+")
Tagger = Callable[[Sequence[Sequence[str]]], list[list[str]]]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of right, wrong and missed, and what follows from them."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Right among found; 0 if nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Right among gold; 0 if there is no gold."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall.

        >>> round(Score(right=2, wrong=1, missed=1).f1, 3)
        0.667
        """
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def record(self) -> Json:
        """The three figures, rounded to four places."""
        return {"precision": round(self.precision, 4), "recall": round(self.recall, 4), "f1": round(self.f1, 4)}


def read_bio(path: pathlib.Path) -> list[list[tuple[str, str]]]:
    """The sentences of a two-column BIO file, as tokens with tags.

    Raises:
        ScoreError: the file cannot be read or a line has not two columns.

    """
    sentences: list[list[tuple[str, str]]] = [[]]
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ScoreError(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}") from error
    for number, line in enumerate(lines, 1):
        columns = line.split("\t") if "\t" in line else line.split()
        if not line.strip():
            sentences.append([])
        elif len(columns) < 2 or not _TAG.fullmatch(columns[-1]):
            raise ScoreError(f"{path}, line {number}: a token and its tag, separated by a TAB; found {line!r}")
        else:
            sentences[-1].append((columns[0], columns[-1]))
    return [sentence for sentence in sentences if sentence]


def spans(tags: Sequence[str]) -> set[tuple[int, int, str]]:
    """The spans of PER, LOC and ORG in BIO or BIOES tags: first token, last token (exclusive), type.

    >>> spans(["B-PER", "I-PER", "O", "S-LOC", "B-MISC"]) == {(0, 2, "PER"), (3, 4, "LOC")}
    True
    """
    found: set[tuple[int, int, str]] = set()
    start, kind = 0, ""
    for at, tag in enumerate([*tags, "O"]):
        prefix, _, name = tag.partition("-")
        if kind and (prefix not in ("I", "E") or name != kind):
            found.add((start, at, kind))
            kind = ""
        if name and not kind:
            start, kind = at, name
    return {span for span in found if span[2] in TYPES}


def score_names(sentences: Sequence[Sequence[tuple[str, str]]], tag: Tagger) -> Json:
    """Exact-span scores of a tagger on given tokens: overall (micro) and by type. Other types are ignored."""
    found = tag([[token for token, _ in sentence] for sentence in sentences])
    counts = {kind: [0, 0, 0] for kind in TYPES}
    for sentence, tags in zip(sentences, found, strict=True):
        gold, got = spans([tag for _, tag in sentence]), spans(tags)
        for at, group in enumerate((gold & got, got - gold, gold - got)):
            for _, _, kind in group:
                counts[kind][at] += 1
    total = Score(*(sum(column) for column in zip(*counts.values(), strict=True)))
    return total.record() | {"by_type": {kind: Score(*counts[kind]).record() for kind in TYPES}}


# Claims. Rules of matching: the annotation guideline. An entity matches by the last part of its id or by a name.


def read_gold(folder: pathlib.Path) -> tuple[dict[str, list[Json]], dict[str, set[str]]]:
    """The gold facts by article, and the names of each gold entity.

    Raises:
        ScoreError: the folder is not one of gold facts.

    """
    try:
        with (folder / "entities.tsv").open(encoding="utf-8") as table:
            rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
        names = {row["id"]: {key(name) for name in row["names"].split("|")} for row in rows}
        records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
        return {record["id"]: record["facts"] for record in records}, names
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ScoreError(
            f"{folder} is no folder of gold facts (entities.tsv and one JSON an article): {reason}"
        ) from error


def score_claims(claims: Iterable[Json], gold: dict[str, list[Json]], names: dict[str, set[str]]) -> Json:
    """Strict scores of claim records: overall, by predicate, and how often modality and speaker of a match are right.

    A fact is matched once; a claim that says a matched fact again counts neither way. Articles without gold are left out.
    """
    counts = {predicate.value: [0, 0, 0] for predicate in Predicate}
    modality: list[bool] = []
    says: list[bool] = []
    by_article: dict[str, list[Json]] = {}
    for claim in claims:
        by_article.setdefault(claim["article"], []).append(claim)
    for article, facts in gold.items():
        still_open = list(facts)
        for claim in by_article.get(article, []):
            hit = next((fact for fact in still_open if _matches(claim, fact, names)), None)
            if hit:
                still_open.remove(hit)
                counts[hit["p"]][0] += 1
                modality.append(claim["modality"] == hit.get("modality", "actual"))
                if hit.get("says"):
                    says.append(bool(claim["says"]) and _same(claim["says"], hit["says"], names))
            elif not any(_matches(claim, fact, names) for fact in facts):
                counts[claim["predicate"]][1] += 1
        for fact in still_open:
            counts[fact["p"]][2] += 1
    total = Score(*(sum(column) for column in zip(*counts.values(), strict=True)))
    by_predicate = {name: Score(*c).record() for name, c in counts.items() if any(c)}
    return total.record() | {"modality": _share(modality), "says": _share(says), "by_predicate": by_predicate}


def _share(outcomes: Sequence[bool]) -> float | None:
    return round(sum(outcomes) / len(outcomes), 4) if outcomes else None


def _tail(identifier: str) -> str:
    return identifier.rstrip("/").replace("#", "/").rsplit("/", 1)[-1].casefold()


def _same(entity: Json, gold: str, names: dict[str, set[str]]) -> bool:
    return _tail(entity["id"]) == _tail(gold) or bool({key(name) for name in entity["names"]} & names.get(gold, set()))


def _matches(claim: Json, fact: Json, names: dict[str, set[str]]) -> bool:
    if claim["predicate"] != fact["p"] or claim["polarity"] != fact.get("polarity", "positive"):
        return False
    return any(_same(claim["subject"], s, names) and _same_object(claim, o, names) for s, o in _ways(fact))


def _ways(fact: Json) -> Iterator[tuple[str, str]]:
    yield fact["s"], fact["o"]
    if SIGNATURES[Predicate(fact["p"])].symmetric:
        yield fact["o"], fact["s"]


def _same_object(claim: Json, gold: str, names: dict[str, set[str]]) -> bool:
    if "date" in claim["object"]:
        days = claim["object"]["date"].split("/"), gold.split("/")
        return (days[0][0], days[0][-1]) == (days[1][0], days[1][-1])
    return _same(claim["object"], gold, names)
