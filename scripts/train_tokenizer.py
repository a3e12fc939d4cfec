"""Train the embedded tokenizer and multiword-token expander: Stanza's models and settings.

    python scripts/train_tokenizer.py --train A.conllu.xz --dev B.conllu.xz --work DIR
    python scripts/train_tokenizer.py --work DIR --export kg/models/embedded/ar     (writes what is shipped)
    python scripts/train_tokenizer.py --work DIR --score kg/models/embedded/ar TEST.conllu.xz

The treebank (CoNLL-U, plain or .xz) is written out as Stanza wants it: running text in paragraphs of a few sentences,
a label for each character, and the expansions of the multiword tokens. The same command goes on after an
interruption: ``WORK/*.last.pt`` holds all that is needed (weights, optimiser, order of the data, random states), written
at each evaluation, and a model that is finished is not trained again. The training loops are ours because Stanza's
cannot resume. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import copy
import io
import json
import lzma
import math
import pathlib
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy
import torch
from ner_data import SHORTEST, forbid, forbid_names, sentence_hash
from stanza import Pipeline
from stanza.models import mwt_expander, tokenizer
from stanza.models.common.utils import set_random_seed, ud_scores
from stanza.models.mwt.data import DataLoader as ExpandLoader
from stanza.models.mwt.scorer import score as score_expansions
from stanza.models.mwt.trainer import Trainer as ExpandTrainer
from stanza.models.tokenization.data import DataLoader as TokenizeLoader
from stanza.models.tokenization.data import TokenizationDataset
from stanza.models.tokenization.trainer import Trainer as TokenizeTrainer
from stanza.models.tokenization.utils import eval_model, load_mwt_dict
from stanza.utils.conll import CoNLL
from stanza.utils.datasets.contract_mwt import contract_mwt

MOST_CHARACTERS = 400  # that the tokenizer is trained on at once
LONGEST = 390  # characters of a training sentence: Stanza splits words in some, and fails if that makes one too long
SENTENCES_IN_A_PARAGRAPH = 6  # so that the model meets paragraph ends about as often as in news
SHORTHAND = "ar_kg"
# as `stanza.models.tokenizer` sets them
FEATURES = ["space_before", "capitalized", "numeric", "end_of_para", "start_of_para"]
STEPS_TO_EVALUATION = 250


class Token(NamedTuple):
    """A surface token: its text, the words it stands for (one unless it is a multiword token), and a space after it."""

    text: str
    words: tuple[str, ...]
    space: bool


def read_lines(path: pathlib.Path) -> list[str]:
    """Lines of a CoNLL-U file, plain or xz."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as source:
        return source.read().splitlines()


def sentences(lines: list[str]) -> Iterator[list[Token]]:
    """The sentences of a CoNLL-U file as surface tokens."""
    tokens: list[Token] = []
    multiword: tuple[str, bool, int] | None = None
    words: list[str] = []
    for line in [*lines, ""]:
        if not line:
            if tokens:
                yield tokens
            tokens = []
        elif not line.startswith("#"):
            number, form, *rest = line.split("\t")
            space = "SpaceAfter=No" not in rest[-1]
            if "-" in number:
                multiword, words = (form, space, int(number.split("-")[1])), []
            elif multiword:
                words.append(form)
                if int(number) == multiword[2]:
                    tokens.append(Token(multiword[0], tuple(words), multiword[1]))
                    multiword = None
            else:
                tokens.append(Token(form, (form,), space))


def text_and_labels(sentence: list[Token]) -> tuple[str, str]:
    """A sentence as text, and a digit for each character: Stanza's 1 token, 3 multiword token, +1 at the end."""
    text, labels = "", ""
    for token in sentence:
        space = " " if token.space else ""
        text += token.text + space
        labels += "0" * (len(token.text) - 1) + ("1" if len(token.words) == 1 else "3") + "0" * len(space)
    end = max(i for i, label in enumerate(labels) if label != "0")
    return text, labels[:end] + str(int(labels[end]) + 1) + labels[end + 1 :]


def prepare(source: pathlib.Path, work: pathlib.Path, name: str, held_out: frozenset[str] = frozenset()) -> None:
    """Write ``name``.txt, .toklabels, .mwt.json, .gold.conllu and .in.conllu (multiword tokens not yet expanded)."""
    lines = leave_out(read_lines(source), held_out)
    forbid(([token.text for token in sentence] for sentence in sentences(lines)), held_out)
    all_sentences = list(sentences(lines))
    pairs = [text_and_labels(sentence) for sentence in all_sentences]
    groups = [pairs[i : i + SENTENCES_IN_A_PARAGRAPH] for i in range(0, len(pairs), SENTENCES_IN_A_PARAGRAPH)]
    for part, suffix in ((0, "txt"), (1, "toklabels")):
        paragraphs = ("".join(pair[part] for pair in group).rstrip(" ") for group in groups)
        (work / f"{name}.{suffix}").write_text("\n\n".join(paragraphs) + "\n\n", encoding="utf-8")
    expansions = Counter((t.text, t.words) for s in all_sentences for t in s if len(t.words) > 1)
    (work / f"{name}.mwt.json").write_text(json.dumps(list(expansions.items())), encoding="utf-8")
    (work / f"{name}.gold.conllu").write_text("\n".join(lines).rstrip("\n") + "\n\n", encoding="utf-8")
    contract_mwt(work / f"{name}.gold.conllu", work / f"{name}.in.conllu")


def hashes(path: pathlib.Path) -> Iterator[str]:
    """The hash of each sentence that is long enough to be recognised."""
    return (sentence_hash(token.text for token in s) for s in sentences(read_lines(path)) if len(s) >= SHORTEST)


def leave_out(lines: list[str], held_out: frozenset[str]) -> list[str]:
    """The treebank without the sentences that are held out: one of PADT's training part is also in its test part."""
    kept: list[str] = []
    block: list[str] = []
    for line in [*lines, ""]:
        block.append(line)
        if not line:
            known = [sentence_hash(token.text for token in s) for s in sentences(block)]
            kept += [] if held_out.intersection(known) else block
            block = []
    return kept


def keep(path: pathlib.Path, trainer: TokenizeTrainer | ExpandTrainer, **progress: Any) -> None:
    """Write all that training needs to go on, so that an interruption leaves the old file or the new one."""
    state = {
        "model": trainer.model.state_dict(), "optimizer": trainer.optimizer.state_dict(), "torch": torch.get_rng_state(),
        "random": random.getstate(), "numpy": numpy.random.get_state(), **progress,
    }  # fmt: skip
    torch.save(state, path.with_suffix(".partial"))
    path.with_suffix(".partial").replace(path)


def resume(path: pathlib.Path, trainer: TokenizeTrainer | ExpandTrainer) -> dict[str, Any]:
    """What :func:`keep` wrote, put back into the trainer and the random generators; empty if nothing was written."""
    if not path.exists():
        return {}
    state: dict[str, Any] = torch.load(path, weights_only=False)
    trainer.model.load_state_dict(state["model"])
    trainer.optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["torch"])
    random.setstate(state["random"])
    numpy.random.set_state(state["numpy"])
    return state


def arguments(options: dict[str, Any]) -> list[str]:
    """Options as Stanza's parsers take them."""
    return [text for key, value in options.items() for text in (f"--{key}", str(value))]


def train_tokenizer(work: pathlib.Path, steps: int, seed: int) -> None:
    """Train the tokenizer into ``WORK/tokenize.pt``: Stanza's loop and settings, with a checkpoint at each evaluation."""
    options = {"lang": "ar", "shorthand": SHORTHAND, "max_seqlen": MOST_CHARACTERS}
    args = tokenizer.parse_args(arguments(options)) | {"num_dict_feat": 0, "device": "cpu"}
    args |= {"feat_funcs": FEATURES, "feat_dim": len(FEATURES)}
    args |= {"dev_conll_gold": str(work / "dev.gold.conllu")}
    set_random_seed(seed)
    expansions = load_mwt_dict(work / "train.mwt.json")
    files = {name: {"txt": work / f"{name}.txt", "label": work / f"{name}.toklabels"} for name in ("train", "dev")}
    first = {token: words for token, (words, _) in expansions.items()}
    data = TokenizeLoader(args, input_files=files["train"], mwt_expansions=first)
    data.sentences = list(filter(None, ([s for s in some if len(s[0]) <= LONGEST] for some in data.sentences)))
    args |= {"vocab_size": len(data.vocab), "use_mwt": data.has_mwt()}
    dev = TokenizationDataset(args, input_files=files["dev"], vocab=data.vocab, evaluation=True)
    trainer = TokenizeTrainer(args=args, vocab=data.vocab, device="cpu")
    trainer.change_lr(args["lr0"])

    last = work / "tokenize.last.pt"
    state = resume(last, trainer)
    best, before, rate = state.get("best", -1.0), state.get("before", -1.0), state.get("rate", args["lr0"])
    data.sentences = state.get("sentences", data.sentences)
    data.init_sent_ids()
    for step in range(state.get("step", 0) + 1, steps + 1):
        trainer.update(data.next(unit_dropout=args["unit_dropout"], feat_unit_dropout=args["feat_unit_dropout"]))
        if step % args["shuffle_steps"] == 0:
            data.shuffle()
        if step % STEPS_TO_EVALUATION and step != steps:
            continue
        found = eval_model(args, trainer, dev, data.vocab, expansions)
        if step >= args["anneal_after"] and found < before:
            rate *= args["anneal"]
            trainer.change_lr(rate)
        if found > best:
            trainer.save(work / "tokenize.best.pt")
        best, before = max(best, found), found
        keep(last, trainer, step=step, best=best, before=before, rate=rate, sentences=data.sentences)
        print(f"tokenizer: step {step}, dev {found:.4f}, best {best:.4f}", flush=True)
    (work / "tokenize.best.pt").replace(work / "tokenize.pt")


def train_expander(work: pathlib.Path, epochs: int, seed: int) -> None:
    """Train the expander (a dictionary and a seq2seq model) into ``WORK/mwt.pt``, with a checkpoint after each epoch."""
    longest = max(len(" ".join(words)) for (_, words), _ in json.loads((work / "train.mwt.json").read_text("utf-8")))
    options = {"lang": "ar", "shorthand": SHORTHAND, "num_layers": 1, "max_dec_len": math.ceil(longest * 1.1 + 1)}
    args = vars(mwt_expander.parse_args(arguments(options))) | {"device": "cpu"}
    set_random_seed(seed)
    document = CoNLL.conll2doc(input_file=str(work / "train.gold.conllu"))
    data = ExpandLoader(document, args["batch_size"], args, evaluation=False)
    args["vocab_size"] = data.vocab.size
    contracted = CoNLL.conll2doc(input_file=str(work / "dev.in.conllu"))
    dev = ExpandLoader(contracted, args["batch_size"], args, vocab=data.vocab, evaluation=True)
    trainer = ExpandTrainer(args=args, vocab=data.vocab, device="cpu")
    trainer.train_dict(data.doc.get_mwt_expansions(evaluation=False))

    last = work / "mwt.last.pt"
    state = resume(last, trainer)
    best = state.get("best", -1.0)
    for epoch in range(state.get("epoch", 0) + 1, epochs + 1):
        for batch in data.to_loader():
            trainer.update(batch)
        found = expanded_f1(trainer, dev, work / "dev.gold.conllu")
        if found > best:
            trainer.save(work / "mwt.best.pt")
        best = max(best, found)
        keep(last, trainer, epoch=epoch, best=best)
        print(f"expander: epoch {epoch}, dev {found:.4f}, best {best:.4f}", flush=True)
    (work / "mwt.best.pt").replace(work / "mwt.pt")


def expanded_f1(trainer: ExpandTrainer, dev: ExpandLoader, gold: pathlib.Path) -> float:
    """F1 of the words that the seq2seq model alone makes of a document's multiword tokens, 0 to 1."""
    predictions = [words for batch in dev.to_loader() for words in trainer.predict(batch)]
    document = copy.deepcopy(dev.doc)
    document.set_mwt_expansions(predictions, fake_dependencies=True)
    return float(score_expansions(io.StringIO(f"{document:C}\n\n"), str(gold))[2])


def export(work: pathlib.Path, folder: pathlib.Path) -> None:
    """Copy both models into ``FOLDER/tokenize/kg.pt`` and ``FOLDER/mwt/kg.pt`` without the paths they were trained with."""
    for name in ("tokenize", "mwt"):
        state = torch.load(work / f"{name}.pt", weights_only=True)
        state["config"] = {
            k: v for k, v in state["config"].items() if not k.endswith(("_file", "_dir", "_gold", "_name"))
        }
        target = folder / name / "kg.pt"
        target.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, target, _use_new_zipfile_serialization=False)


def score(folder: pathlib.Path, treebank: pathlib.Path, work: pathlib.Path) -> dict[str, float]:
    """F1 of tokens, sentences and words of the shipped models on the running text of a treebank, in percent."""
    prepare(treebank, work, "score")
    pipeline = Pipeline("ar", dir=str(folder.parent), processors="tokenize,mwt", download_method=None, use_gpu=False)
    document = pipeline((work / "score.txt").read_text(encoding="utf-8"))
    (work / "score.pred.conllu").write_text(f"{document:C}\n\n", encoding="utf-8")
    scores = ud_scores(str(work / "score.gold.conllu"), str(work / "score.pred.conllu"))
    return {name: round(scores[name].f1 * 100, 2) for name in ("Tokens", "Sentences", "Words")}


def main() -> None:
    """Read the options, then prepare and train, or export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=pathlib.Path)
    parser.add_argument("--dev", type=pathlib.Path)
    parser.add_argument(
        "--never", nargs="*", type=pathlib.Path, default=[], help="test treebanks, not to be trained on"
    )
    parser.add_argument("--work", type=pathlib.Path, required=True, help="prepared data and models")
    parser.add_argument("--export", type=pathlib.Path, help="write the shipped models here, train nothing")
    parser.add_argument(
        "--score", nargs=2, type=pathlib.Path, metavar=("FOLDER", "TREEBANK"), help="score shipped models"
    )
    parser.add_argument("--steps", type=int, default=6000, help="steps of the tokenizer")
    parser.add_argument("--epochs", type=int, default=15, help="epochs of the expander")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    if args.score:
        args.work.mkdir(parents=True, exist_ok=True)
        print(json.dumps(score(*args.score, args.work)))
        return
    if args.export:
        export(args.work, args.export)
        return
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    held_out = frozenset(found for path in args.never for found in hashes(path))
    if not (args.work / "dev.in.conllu").exists():
        forbid_names((args.train, args.dev))
        prepare(args.train, args.work, "train", held_out)
        prepare(args.dev, args.work, "dev", held_out)
    if not (args.work / "tokenize.pt").exists():
        train_tokenizer(args.work, args.steps, args.seed)
    if not (args.work / "mwt.pt").exists():
        train_expander(args.work, args.epochs, args.seed)


if __name__ == "__main__":
    main()
