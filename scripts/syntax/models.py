"""A small tagger and parser over the encoder that finds names: parts of speech and dependencies of surface tokens.

What ``scripts/syntax/measure.py`` measures; it is not shipped. The encoder is run as it is and not fine-tuned, so that one run
of it can serve the names and both of these. Trees are over surface tokens: see ``scripts/syntax/treebank.py``.
"""

from __future__ import annotations

import functools
import pathlib
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy
import torch
from stanza.models.common.chuliu_edmonds import chuliu_edmonds_one_root
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from kg.annotate import ENCODER_NAME, encoder_cache
from kg.encoder import Encoder
from scripts.syntax.treebank import Tree, hashes, read_trees, without

LAYERS = (4, 8, 12)
"""Layers of the encoder whose states describe a token: words, phrases, and what names were learnt on."""
TOKENS_AT_ONCE = 200
"""Tokens that the encoder sees together; more would not fit into its 512 places."""
SENTENCES_AT_ONCE = 16
EPOCHS = 12
BATCH = 1500
"""Tokens in a batch, padding and all."""


class States:
    """The frozen encoder: sentences as tokens become a vector for each token."""

    def __init__(self, folder: pathlib.Path) -> None:
        record = encoder_cache(folder, quick=False).bert[ENCODER_NAME]
        self._tokenizer = record.tokenizer
        depth = record.model.config.num_hidden_layers
        self._picked = [layer - LAYERS[0] for layer in LAYERS]
        self._encoder = Encoder(record.model, top=depth - LAYERS[0] + 1)
        self.size = len(LAYERS) * record.model.config.hidden_size

    def all(self, sentences: Sequence[Sequence[str]]) -> Iterator[Tensor]:
        """For each sentence ``(tokens, size)``: the mean over a token's pieces, the layers side by side."""
        for first in range(0, len(sentences), SENTENCES_AT_ONCE):
            batch = sentences[first : first + SENTENCES_AT_ONCE]
            cuts = [range(0, len(tokens), TOKENS_AT_ONCE) for tokens in batch]
            parts = [
                tokens[at : at + TOKENS_AT_ONCE] for tokens, starts in zip(batch, cuts, strict=True) for at in starts
            ]
            found = iter(self._parts(parts))
            yield from (torch.cat([next(found) for _ in starts]) for starts in cuts)

    @torch.no_grad()
    def _parts(self, parts: Sequence[Sequence[str]]) -> list[Tensor]:
        pieces = self._tokenizer(
            [list(part) for part in parts], is_split_into_words=True, return_tensors="pt", truncation=True, max_length=512,
            padding=True,
        )  # fmt: skip
        layers = self._encoder(pieces.input_ids, pieces.attention_mask).hidden_states
        states = torch.cat([layers[at] for at in self._picked], -1)
        return [self._of_tokens(state, pieces.word_ids(at), len(parts[at])) for at, state in enumerate(states)]

    def _of_tokens(self, states: Tensor, words: Sequence[int | None], count: int) -> Tensor:
        owners = torch.tensor([count if word is None else word for word in words])[: len(states)]
        sums = torch.zeros(count + 1, self.size).index_add_(0, owners, states[: len(owners)])
        return sums[:-1] / owners.bincount(minlength=count + 1)[:-1, None].clamp(min=1)


class Tagger(nn.Module):  # type: ignore[misc]
    """Two layers over a token's vector."""

    def __init__(self, size: int, tags: Sequence[str], hidden: int = 256) -> None:
        super().__init__()
        self.tags = list(tags)
        inward = nn.Sequential(nn.LayerNorm(size), nn.Dropout(0.2), nn.Linear(size, hidden))
        self.net = nn.Sequential(inward, nn.GELU(), nn.Dropout(0.2), nn.Linear(hidden, len(tags)))

    def loss(self, states: Sequence[Tensor], trees: Sequence[Tree]) -> Tensor:
        """Cross entropy over the tokens of a batch."""
        gold = torch.tensor([self.tags.index(tag) for tree in trees for tag in tree.tags])
        return nn.functional.cross_entropy(self.net(torch.cat(list(states))), gold)

    @torch.no_grad()
    def probabilities(self, states: Tensor) -> list[dict[str, float]]:
        """For each token how likely each tag is."""
        return [dict(zip(self.tags, row, strict=True)) for row in self.net(states).softmax(-1).tolist()]


class Parser(nn.Module):  # type: ignore[misc]
    """Deep biaffine attention (Dozat and Manning 2017) over one BiLSTM."""

    def __init__(self, size: int, labels: Sequence[str], hidden: int = 200, arc: int = 256, label: int = 100) -> None:
        super().__init__()
        self.labels = list(labels)
        self.inward = nn.Sequential(
            nn.LayerNorm(size), nn.Dropout(0.33), nn.Linear(size, hidden), nn.GELU(), nn.Dropout(0.33)
        )
        self.lstm = nn.LSTM(hidden, hidden, bidirectional=True, batch_first=True)
        self.root = nn.Parameter(torch.zeros(2 * hidden))
        widths = (arc, arc, label, label)
        self.views = nn.ModuleList(
            nn.Sequential(nn.Dropout(0.33), nn.Linear(2 * hidden, width), nn.GELU(), nn.Dropout(0.33))
            for width in widths
        )
        self.arc = nn.Parameter(torch.zeros(arc + 1, arc))
        self.label = nn.Parameter(torch.zeros(len(labels), label + 1, label + 1))

    def _seen(self, states: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Scores of arcs ``(sentences, dependents, 1 + heads)``, and what labels are scored with."""
        inward = self.inward(pad_sequence(list(states), batch_first=True))
        lengths = torch.tensor([len(state) for state in states])
        packed = pack_padded_sequence(inward, lengths, batch_first=True, enforce_sorted=False)
        inner = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)[0]
        heads = torch.cat([self.root.expand(len(states), 1, -1), inner], 1)
        dependent, head, of, under = (view(x) for view, x in zip(self.views, (inner, heads, inner, heads), strict=True))
        scores = _one(dependent) @ self.arc @ head.transpose(1, 2)
        beyond = torch.arange(heads.shape[1])[None, :] > lengths[:, None]
        return scores.masked_fill(beyond[:, None, :], -1e4), [_one(of), _one(under)]

    def loss(self, states: Sequence[Tensor], trees: Sequence[Tree]) -> Tensor:
        """Cross entropy of heads, and of labels under the right heads."""
        scores, (of, under) = self._seen(states)
        heads = pad_sequence([torch.tensor(tree.heads) + 1 for tree in trees], batch_first=True, padding_value=-1)
        gold = [torch.tensor([self.labels.index(label) for label in tree.labels]) for tree in trees]
        labels = pad_sequence(gold, batch_first=True, padding_value=-1)
        chosen = under.gather(1, heads.clamp(min=0)[..., None].expand(-1, -1, under.shape[-1]))
        found = torch.einsum("bnd,lde,bne->bnl", of, self.label, chosen)
        entropy = nn.functional.cross_entropy
        return entropy(scores.flatten(0, 1), heads.flatten(), ignore_index=-1) + entropy(
            found.flatten(0, 1), labels.flatten(), ignore_index=-1
        )

    @torch.no_grad()
    def parse(self, states: Tensor) -> tuple[tuple[int, ...], tuple[str, ...], tuple[float, ...]]:
        """Heads, -1 for the root's, labels, and how likely each head is: the best tree with one root."""
        scores, (of, under) = self._seen([states])
        square = numpy.full((len(states) + 1, len(states) + 1), -1e4)
        square[1:] = scores[0].log_softmax(-1).numpy()
        heads = torch.from_numpy(chuliu_edmonds_one_root(square)[1:].astype("int64"))
        found = torch.einsum("nd,lde,ne->nl", of[0], self.label, under[0][heads]).argmax(1)
        sure = numpy.exp(square[numpy.arange(1, len(square)), heads])
        return tuple((heads - 1).tolist()), tuple(self.labels[at] for at in found.tolist()), tuple(sure.tolist())


def _one(values: Tensor) -> Tensor:
    """Values with a one behind them, so that a product has a bias."""
    return torch.cat([values, torch.ones_like(values[..., :1])], -1)


Score = Callable[[], float]


def train(model: Any, states: Sequence[Tensor], trees: Sequence[Tree], score: Score, path: pathlib.Path) -> None:
    """Train with Adam and a rate that falls linearly; what ``path`` keeps is the epoch with the best ``score``."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, betas=(0.9, 0.95), weight_decay=0.01)
    batches = list(_batches(trees))
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, total_iters=EPOCHS * len(batches))
    best = -1.0
    for epoch in range(1, EPOCHS + 1):
        model.train()
        random.shuffle(batches)
        for batch in batches:
            optimizer.zero_grad()
            model.loss([states[at].float() for at in batch], [trees[at] for at in batch]).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            schedule.step()
        model.eval()
        if (found := score()) > best:
            best = found
            torch.save(model, path)
        print(f"{path.stem}: epoch {epoch}, dev {found:.4f}, best {best:.4f}", flush=True)


def load(path: pathlib.Path) -> Any:
    """A model that :func:`train` kept."""
    return torch.load(path, weights_only=False).eval()


def _batches(trees: Sequence[Tree]) -> Iterator[list[int]]:
    """Indices of sentences of like length."""
    batch: list[int] = []
    for at in sorted(range(len(trees)), key=lambda n: len(trees[n].tokens)):
        if batch and (len(batch) + 1) * len(trees[at].tokens) > BATCH:
            yield batch
            batch = []
        batch.append(at)
    yield batch


def accuracy(tagger: Tagger, states: Sequence[Tensor], trees: Sequence[Tree]) -> float:
    """The share of tokens with the right tag."""
    right = total = 0
    for state, tree in zip(states, trees, strict=True):
        found = (max(row, key=lambda tag: row[tag]) for row in tagger.probabilities(state.float()))
        right += sum(a == b for a, b in zip(found, tree.tags, strict=True))
        total += len(tree.tags)
    return right / total


def attachment(parser: Parser, states: Sequence[Tensor], trees: Sequence[Tree]) -> tuple[float, float]:
    """The shares of tokens with the right head, and with the right head and label; punctuation counts."""
    heads = both = total = 0
    for state, tree in zip(states, trees, strict=True):
        for head, label, _, right, named in zip(*parser.parse(state.float()), tree.heads, tree.labels, strict=True):
            heads += head == right
            both += (head, label) == (right, named)
            total += 1
    return heads / total, both / total


class Split(NamedTuple):
    """Trees with their vectors: to train on, to choose by, and to test on, by the name of the file."""

    train: list[Tree]
    dev: list[Tree]
    tests: dict[str, list[Tree]]


def tagging(ud: pathlib.Path, most: int) -> Split:
    """PADT in all its parts; at most ``most`` sentences to train on."""
    train, dev, test = (list(read_trees(ud / f"ar_padt-forms-{part}.conllu.xz")) for part in ("train", "dev", "test"))
    held_out = hashes(test)
    random.shuffle(train)
    return Split(without(train[:most], held_out), without(dev, held_out)[:200], {"PADT test": test})


def parsing(ud: pathlib.Path) -> Split:
    """The dev part of PADT in UD 1 and four fifths of PUD; tested on the rest of PUD and the test part."""
    pud = list(read_trees(ud / "ar_pud.conllu.xz"))
    padt, test = (list(read_trees(ud / f"ar_padt_v1-{part}.conllu.xz")) for part in ("dev", "test"))
    rest = pud[800:]
    held_out = hashes([*test, *rest])
    train, dev = [*padt[:-40], *pud[:760]], [*padt[-40:], *pud[760:800]]
    return Split(without(train, held_out), without(dev, held_out), {"PADT 1 test": test, "PUD, the last 200": rest})


def train_tagger(ud: pathlib.Path, states: States, path: pathlib.Path, most: int) -> dict[str, float]:
    """Train the tagger into ``path``; its scores on what is held out."""
    split = tagging(ud, most)
    tagger = Tagger(states.size, sorted({tag for tree in split.train for tag in tree.tags}))
    dev = _vectors(states, split.dev)
    train(tagger, _vectors(states, split.train), split.train, lambda: accuracy(tagger, dev, split.dev), path)
    best = load(path)
    return {f"UPOS, {name}": accuracy(best, _vectors(states, trees), trees) for name, trees in split.tests.items()}


def train_parser(ud: pathlib.Path, states: States, path: pathlib.Path) -> dict[str, float]:
    """Train the parser into ``path``; its scores on what is held out."""
    split = parsing(ud)
    parser = Parser(states.size, sorted({label for tree in split.train for label in tree.labels}))
    dev = _vectors(states, split.dev)
    train(parser, _vectors(states, split.train), split.train, lambda: attachment(parser, dev, split.dev)[1], path)
    best = load(path)
    scores: dict[str, float] = {}
    for name, trees in split.tests.items():
        scores[f"UAS, {name}"], scores[f"LAS, {name}"] = attachment(best, _vectors(states, trees), trees)
    return scores


def trained(ud: pathlib.Path, states: States, work: pathlib.Path, most: int, seed: int = 1) -> dict[str, float]:
    """Train what is not there yet of ``WORK/tagger.pt`` and ``WORK/parser.pt``; the scores of what was trained."""
    work.mkdir(parents=True, exist_ok=True)
    scores: dict[str, float] = {}
    for name, run in (("tagger", functools.partial(train_tagger, most=most)), ("parser", train_parser)):
        path = work / f"{name}.pt"
        if not path.exists():
            random.seed(seed)
            torch.manual_seed(seed)
            scores |= run(ud, states, path.with_suffix(".partial"))
            path.with_suffix(".partial").replace(path)
    return scores


def _vectors(states: States, trees: Sequence[Tree]) -> list[Tensor]:
    return [found.half() for found in states.all([tree.tokens for tree in trees])]
