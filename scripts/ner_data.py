"""Names in BIO files: reading them, varying them, and making sure that nothing of a test file is trained on."""

from __future__ import annotations

import hashlib
import pathlib
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

KINDS = ("PER", "LOC", "ORG")
CLITICS = ("\u0648", "\u0628", "\u0641")  # waw, beh, feh: written together with the word after them
MASK = "<mask>"
SHORTEST = 6  # tokens; shorter sentences ("London ( Reuters )") occur everywhere and prove nothing

Sentence = list[tuple[str, str]]


def read_bio(path: pathlib.Path, kinds: Sequence[str] = KINDS) -> list[Sentence]:
    """Sentences of a BIO file; tags of other kinds become O."""
    sentences: list[Sentence] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            sentences.append([])
            continue
        token, tag = line.split("\t")[:2]
        sentences[-1].append((token, tag if tag[2:] in kinds else "O"))
    return [sentence for sentence in sentences if sentence]


def sentence_hash(tokens: Iterable[str]) -> str:
    """A hash of a sentence's letters, however it is cut into tokens."""
    return hashlib.sha256("".join(tokens).encode()).hexdigest()


def sentence_hashes(paths: Iterable[pathlib.Path]) -> frozenset[str]:
    """The hashes of all sentences of these BIO files that are long enough to be recognised."""
    sentences = (s for path in paths for s in read_bio(path) if len(s) >= SHORTEST)
    return frozenset(sentence_hash(token for token, _ in sentence) for sentence in sentences)


def forbid(sentences: Iterable[Iterable[str]], held_out: frozenset[str]) -> None:
    """Stop the program if a sentence, given as tokens, is one of those held out for testing."""
    for sentence in sentences:
        tokens = list(sentence)
        if sentence_hash(tokens) in held_out:
            raise SystemExit(f"a sentence of a test file is in the training data: {' '.join(tokens)[:120]}")


def forbid_names(paths: Iterable[pathlib.Path]) -> None:
    """Stop the program if a file to be trained on is called a test file."""
    for path in paths:
        if ".test." in path.name or "-test." in path.name:
            raise SystemExit(f"{path}: test files are for testing only")


def mentions(sentence: Sentence) -> Iterator[tuple[int, int, str]]:
    """The names of a sentence: first token, last token (exclusive), kind."""
    start = None
    for at, (_, tag) in enumerate([*sentence, ("", "O")]):
        if start is not None and not tag.startswith("I-"):
            yield start, at, sentence[start][1][2:]
            start = None
        if start is None and tag != "O":
            start = at


class Variation:
    """Other names in the place of names, and hidden tokens: what a model should know about names is not these names.

    A name is replaced by another of its kind, with its clitic kept where the rest is known without it.
    """

    def __init__(self, sentences: Sequence[Sentence], *, replace: float, hide: float) -> None:
        self.replace, self.hide = replace, hide
        self._firsts = {s[start][0] for s in sentences for start, _, _ in mentions(s)}
        names: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for sentence in sentences:
            for start, end, kind in mentions(sentence):
                tokens = [token for token, _ in sentence[start:end]]
                names[kind].add((self._apart(tokens[0])[1], *tokens[1:]))
        self._names = {kind: sorted(found) for kind, found in names.items()}

    def of(self, sentence: Sentence, rng: random.Random) -> Sentence:
        """A variant of the sentence."""
        varied: Sentence = []
        at = 0
        for start, end, kind in mentions(sentence):
            if rng.random() < self.replace:
                first, *rest = rng.choice(self._names[kind])
                clitic, _ = self._apart(sentence[start][0])
                varied += sentence[at:start]
                varied += [(clitic + first, f"B-{kind}"), *((token, f"I-{kind}") for token in rest)]
                at = end
        varied += sentence[at:]
        return [(MASK if rng.random() < self.hide else token, tag) for token, tag in varied]

    def _apart(self, token: str) -> tuple[str, str]:
        if token.startswith(CLITICS) and token[1:] in self._firsts:
            return token[0], token[1:]
        return "", token
