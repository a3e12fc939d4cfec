"""Train the embedded tokenizer and multiword-token expander with Stanza's own trainers.

    python scripts/train_tokenizer.py --train A.conllu.xz --dev B.conllu.xz --work DIR
    python scripts/train_tokenizer.py --work DIR --export kg/models/embedded/ar     (writes what is shipped)
    python scripts/train_tokenizer.py --work DIR --score kg/models/embedded/ar TEST.conllu.xz

The treebank (CoNLL-U, plain or .xz) is written out as Stanza wants it: running text in paragraphs of a few sentences,
a label for each character, and the expansions of the multiword tokens. The same command goes on after an interruption: a
model that is in ``WORK`` is not trained again. Stanza's trainers cannot resume one that is half trained (about twelve
minutes for the tokenizer, four for the expander). Seeds are fixed.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import pathlib
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import torch
from stanza import Pipeline
from stanza.models import mwt_expander, tokenizer
from stanza.models.common.utils import ud_scores
from stanza.utils.datasets.contract_mwt import contract_mwt

SENTENCES_IN_A_PARAGRAPH = 6  # so that the model meets paragraph ends about as often as in news
SHORTHAND = "ar_kg"


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


def prepare(source: pathlib.Path, work: pathlib.Path, name: str) -> None:
    """Write ``name``.txt, .toklabels, .mwt.json, .gold.conllu and .in.conllu (multiword tokens not yet expanded)."""
    lines = read_lines(source)
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


def train_tokenizer(work: pathlib.Path, steps: int, seed: int) -> None:
    """Train the tokenizer into ``WORK/tokenize.pt``."""
    options = {
        "lang": "ar", "shorthand": SHORTHAND, "seed": seed, "steps": steps, "eval_steps": 250, "max_seqlen": 400,
        "txt_file": work / "train.txt", "label_file": work / "train.toklabels", "dev_txt_file": work / "dev.txt",
        "dev_label_file": work / "dev.toklabels", "dev_conll_gold": work / "dev.gold.conllu",
        "mwt_json_file": work / "train.mwt.json", "save_dir": work, "save_name": "tokenize.partial.pt",
    }  # fmt: skip
    tokenizer.main([text for key, value in options.items() for text in (f"--{key}", str(value))])
    (work / "tokenize.partial.pt").replace(work / "tokenize.pt")


def train_expander(work: pathlib.Path, epochs: int, seed: int) -> None:
    """Train the multiword-token expander (a dictionary and a seq2seq model) into ``WORK/mwt.pt``."""
    longest = max(len(" ".join(words)) for (_, words), _ in json.loads((work / "train.mwt.json").read_text("utf-8")))
    options = {
        "lang": "ar", "shorthand": SHORTHAND, "seed": seed, "num_epoch": epochs, "train_file": work / "train.gold.conllu",
        "eval_file": work / "dev.in.conllu", "gold_file": work / "dev.gold.conllu",
        "max_dec_len": math.ceil(longest * 1.1 + 1), "save_dir": work, "save_name": "mwt.partial.pt",
    }  # fmt: skip
    mwt_expander.main([text for key, value in options.items() for text in (f"--{key}", str(value))])
    (work / "mwt.partial.pt").replace(work / "mwt.pt")


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
    if not (args.work / "dev.in.conllu").exists():
        prepare(args.train, args.work, "train")
        prepare(args.dev, args.work, "dev")
    if not (args.work / "tokenize.pt").exists():
        train_tokenizer(args.work, args.steps, args.seed)
    if not (args.work / "mwt.pt").exists():
        train_expander(args.work, args.epochs, args.seed)


if __name__ == "__main__":
    main()
