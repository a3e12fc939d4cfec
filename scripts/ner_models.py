"""Trained taggers as they will run (8-bit encoder): scoring them, averaging their weights, labelling news with several.

    python scripts/ner_models.py --encoder WORK/encoder --score A.bio B.bio --models WORK/best.pt ...
    python scripts/ner_models.py --average OUT.pt --models A.pt B.pt ...
    python scripts/ner_models.py --encoder WORK/encoder --label ARTICLES.jsonl.xz --out SILVER.bio --models A.pt B.pt ...

A sentence is kept if the models together, their scores averaged, are sure of all of it (``--sure``). Where a person or body of
the seed tables is named by several words, the table decides.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy
import torch
from ner_data import Sentence, forbid, read_bio, sentence_hashes
from pretrain_encoder import texts
from stanza.models.common.bert_embedding import load_tokenizer
from stanza.models.common.crf import viterbi_decode
from stanza.models.ner.data import DataLoader
from stanza.models.ner.model import NERTagger
from stanza.models.ner.scorer import score_by_entity
from stanza.models.ner.trainer import fix_singleton_tags, unpack_batch
from stanza.models.ner.vocab import MultiVocab
from train_ner import as_document
from transformers import AutoModel

from kg.encoder import Encoder
from kg.knowledge import ActorRow
from kg.language.arabic import fold
from kg.language.sentences import sentences_of
from kg.language.words import words_of
from kg.resources import seed
from kg.tables import read_table
from kg.vocabulary import ORGANIZATIONS, Kind

BATCH = 32


def average(paths: Sequence[pathlib.Path]) -> dict[str, Any]:
    """The first state, with the mean of all weights."""
    first, *rest = (torch.load(path, weights_only=False) for path in paths)
    for name, weight in first["model"].items():
        total = sum((other["model"][name] for other in rest), weight.clone())
        first["model"][name] = total / len(paths) if weight.is_floating_point() else weight
    return first


def graft(state: dict[str, Any], old: pathlib.Path, new: pathlib.Path) -> dict[str, Any]:
    """The state with what further pretraining changed in the encoder, added to what fine-tuning had changed."""
    before, after = (
        AutoModel.from_pretrained(p, dtype=torch.float32, add_pooling_layer=False).state_dict() for p in (old, new)
    )
    for name, weight in after.items():
        state["model"][f"bert_model.{name}"] += weight - before[name]
    return state


def tagger(state: dict[str, Any], encoder: pathlib.Path) -> NERTagger:
    """A tagger that runs as the shipped one does."""
    model = AutoModel.from_pretrained(encoder, dtype=torch.float32, add_pooling_layer=False)
    weights = {k.removeprefix("bert_model."): v for k, v in state["model"].items() if k.startswith("bert_model.")}
    model.load_state_dict(weights, strict=False)
    top = state["config"]["bert_hidden_layers"]
    vocab = MultiVocab.load_state_dict(state["vocab"])
    found = NERTagger(
        state["config"], vocab, bert_model=Encoder(model, top=top), bert_tokenizer=load_tokenizer(str(encoder))
    )
    found.load_state_dict({k: v for k, v in state["model"].items() if not k.startswith("bert_model.")})
    return found.eval()


def decode(models: Sequence[NERTagger], sentences: Sequence[Sentence]) -> Iterator[tuple[list[str], float]]:
    """For each sentence the tags that the models together find best, and the probability of exactly these."""
    first = models[0]
    loader = DataLoader(as_document(sentences), BATCH, first.args, vocab=first.vocab, evaluation=True)
    transitions = sum(model.crits[0]._transitions.detach() for model in models) / len(models)
    for batch in loader:
        inputs, order, word_order, char_order, lengths, word_lengths, char_lengths, offsets = unpack_batch(batch, "cpu")
        words, characters, character_mask, chars, tags = inputs
        given = (words, characters, character_mask, tags, word_order, lengths, word_lengths, chars, offsets)
        with torch.no_grad():
            scores = sum(model(*given, char_lengths, char_order)[1][0] for model in models) / len(models)
        found = [best_path(scores[n, :length], transitions) for n, length in enumerate(lengths)]
        for at in sorted(range(len(order)), key=order.__getitem__):
            path, probability = found[at]
            names = [tag[0] for tag in first.vocab["tag"].unmap([[max(n, 4)] for n in path])]
            yield fix_singleton_tags(names), probability


def best_path(scores: torch.Tensor, transitions: torch.Tensor) -> tuple[list[int], float]:
    """The best tags for one sentence, ``(words, tags)``, and their probability."""
    path, best = viterbi_decode(scores.numpy(), transitions.numpy())
    alphas = scores[0]
    for row in scores[1:]:
        alphas = row + torch.logsumexp(alphas[:, None] + transitions, 0)
    return [int(n) for n in path], float(numpy.exp(best - float(torch.logsumexp(alphas, 0))))


def f1(models: Sequence[NERTagger], path: pathlib.Path) -> float:
    """Micro F1 over exact spans."""
    sentences = read_bio(path)
    loader = DataLoader(as_document(sentences), BATCH, models[0].args, vocab=models[0].vocab, evaluation=True)
    gold = [[tag[0] for tag in tags] for tags in loader.tags]
    return float(score_by_entity([tags for tags, _ in decode(models, sentences)], gold)[2])


def news_sentences(paths: Sequence[pathlib.Path], count: int, seed: int) -> list[list[str]]:
    """Sentences of articles as tokens: as many as asked for, spread over all articles."""
    rng = random.Random(seed)
    found = list(texts(paths))
    rng.shuffle(found)
    sentences: list[list[str]] = []
    for text in found:
        spans = [span for span in sentences_of(text) if 50 <= span.end - span.start <= 300]
        for span in rng.sample(spans, min(2, len(spans))):
            sentences.append(_tokens(span.of(text)))  # noqa: PERF401
        if len(sentences) >= count:
            break
    return sentences[:count]


def _tokens(text: str) -> list[str]:
    """Words with their numbers and marks apart, as in the BIO files."""
    return [text[word.span.start : word.span.end] for word in words_of(text)]


def label(args: argparse.Namespace, models: Sequence[NERTagger]) -> None:
    """Write the sentences of news that the models are sure of."""
    sentences = news_sentences(args.label, args.count, args.seed)
    forbid(sentences, sentence_hashes(args.never))
    known = known_names()
    kept = 0
    with args.out.open("w", encoding="utf-8") as out:
        blank = [[(token, "O") for token in sentence] for sentence in sentences]
        for sentence, (tags, probability) in zip(sentences, decode(models, blank), strict=True):
            if probability >= args.sure and any(tag != "O" for tag in tags):
                final = corrected(sentence, [_bio(tag) for tag in tags], known)
                out.writelines(f"{token}\t{tag}\n" for token, tag in zip(sentence, final, strict=True))
                out.write("\n")
                kept += 1
    print(json.dumps({"sentences": len(sentences), "kept": kept}))


def _bio(tag: str) -> str:
    """A BIOES tag as BIO."""
    return {"S": "B", "E": "I"}.get(tag[0], tag[0]) + tag[1:]


def known_names() -> dict[tuple[str, ...], str]:
    """The folded words of each name of several words in the table of actors, with its kind."""
    found = {}
    for row in read_table(seed("actors.tsv"), ActorRow):
        kind = (
            "PER"
            if row.kind is Kind.PERSON
            else "ORG"
            if row.kind in ORGANIZATIONS and row.kind is not Kind.STATE
            else ""
        )
        for name in (row.ar, *row.aliases):
            words = tuple(fold(name).split())
            if kind and len(words) > 1:
                found[words] = kind
    return found


def corrected(tokens: Sequence[str], tags: list[str], known: dict[tuple[str, ...], str]) -> list[str]:
    """The tags with known names as the table has them; a name that is part of a longer found one stays in it."""
    folded = [fold(token) for token in tokens]
    longest = max(map(len, known))
    at = 0
    while at < len(tokens):
        sizes = range(min(longest, len(tokens) - at), 1, -1)
        size = next((n for n in sizes if tuple(folded[at : at + n]) in known), 0)
        inside = any(tag != "O" for tag in tags[at : at + size])
        after = tags[at + size] if at + size < len(tags) else "O"
        if size and not (inside and (tags[at].startswith("I-") or after.startswith("I-"))):
            kind = known[tuple(folded[at : at + size])]
            tags[at : at + size] = [f"B-{kind}", *[f"I-{kind}"] * (size - 1)]
        at += max(size, 1)
    return tags


def main() -> None:
    """Read the options, then score, average or label."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", type=pathlib.Path, required=True, help="best.pt of one or several runs")
    parser.add_argument("--encoder", type=pathlib.Path, help="the folder WORK/encoder of one of the runs")
    parser.add_argument(
        "--score", nargs="+", type=pathlib.Path, help="BIO files to be scored on, by the models together"
    )
    parser.add_argument("--average", type=pathlib.Path, help="write the mean of the weights here")
    parser.add_argument(
        "--graft", type=pathlib.Path, help="write the model here with the pretraining of --pretrained added"
    )
    parser.add_argument("--pretrained", type=pathlib.Path, help="the --encoder after further pretraining")
    parser.add_argument("--label", nargs="+", type=pathlib.Path, help="articles as JSON lines, plain or .xz")
    parser.add_argument("--count", type=int, default=5000, help="sentences to be looked at")
    parser.add_argument("--sure", type=float, default=0.6, help="least probability of a sentence's tags")
    parser.add_argument("--never", nargs="*", type=pathlib.Path, default=[], help="test files, not to be labelled")
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.graft:
        torch.save(graft(torch.load(args.models[0], weights_only=False), args.encoder, args.pretrained), args.graft)
        return
    if args.average:
        torch.save(average(args.models), args.average)
        return
    models = [tagger(torch.load(path, weights_only=False), args.encoder) for path in args.models]
    if args.label:
        label(args, models)
    for path in args.score or []:
        print(json.dumps({"file": path.name, "f1": round(f1(models, path), 4)}), flush=True)


if __name__ == "__main__":
    main()
