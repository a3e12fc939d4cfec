"""Everything from the data to the shipped models, in one command: what ``make models DATA=DIR`` runs.

    python scripts/train_models.py DATA --work WORK [--export kg/models/embedded]

``DATA`` holds ``ner/*.bio``, ``ud/*.conllu.xz``, ``news/*.jsonl.xz`` and ``encoder/me5-small-ar/``. Each step is a command of its
own, printed as it starts; one that is finished is left out, one that was interrupted goes on, so the same command can be given
again at any time. No file called ``test`` is trained or tuned on, nor any sentence that is in one: each step checks that by
file name and by sentence hash. About four hours on two cores.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

HERE = pathlib.Path(__file__).parent
DEV = ("anercorp-newsfane_coarse.dev.bio", "aqmar.dev.bio")
TRAIN = ("anercorp-newsfane_coarse.train.bio", "aqmar.train.bio", "wojood-sample.train.bio")
TEST = ("anercorp-newsfane_coarse.test.bio", "anercorp-camel.test.bio", "aqmar.test.bio")
ALLOCATION = {
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "16000000000",
    "MALLOC_ARENA_MAX": "1",
    "OMP_WAIT_POLICY": "passive",
}
"""With glibc this halves the time of training: memory is not handed back after every step."""


class Step(NamedTuple):
    """A command, and the file that is there when it is finished."""

    done: pathlib.Path
    script: str
    options: tuple[str | pathlib.Path, ...]


def steps(data: pathlib.Path, work: pathlib.Path) -> Iterator[Step]:
    """All steps in their order."""
    ner, encoder = data / "ner", data / "encoder" / "me5-small-ar"
    news = data / "news" / "ant-2018.jsonl.xz"
    never = ("--never", *(ner / name for name in TEST))
    files = (
        "--train", *(ner / name for name in TRAIN), "--dev", *(ner / name for name in DEV), *never,
        "--encoder", encoder, "--bf16",
    )  # fmt: skip

    def names(run: str, *options: str | pathlib.Path) -> Step:
        return Step(work / run / "finished", "train_ner.py", (*files, "--work", work / run, *options))

    def weights(run: str) -> pathlib.Path:
        return work / run / "best.pt"

    def mean(name: str, *runs: str) -> Step:
        return Step(work / name, "ner_models.py", ("--average", work / name, "--models", *map(weights, runs)))

    yield names("plain", "--epochs", "10")
    masked = ("--text", news, *never, "--encoder", encoder, "--work", work / "masked", "--steps", "400")
    yield Step(work / "masked" / "encoder" / "config.json", "pretrain_encoder.py", masked)
    graft = ("--graft", work / "graft.pt", "--encoder", encoder, "--pretrained", work / "masked" / "encoder")
    yield Step(work / "graft.pt", "ner_models.py", (*graft, "--models", weights("plain")))
    plain = ("--init", weights("plain"))
    yield names(
        "varied", *plain, *near("5e-5", head="5e-4", average="0.997"),
        "--epochs", "2", "--replace", "0.3", "--hide", "0.03", "--freeze", "1",
    )  # fmt: skip
    yield names(
        "grafted", "--init", work / "graft.pt", *near("8e-5", head="5e-4"),
        "--epochs", "1", "--hide", "0.03", "--freeze", "1", "--seed", "3",
    )  # fmt: skip
    yield names(
        "decayed", *plain, *near("5e-5", head="3e-4"),
        "--epochs", "1", "--decay", "0.9", "--hide", "0.02", "--seed", "5",
    )  # fmt: skip
    four = ("plain", "varied", "grafted", "decayed")
    yield mean("mean.pt", *four)
    label = (
        "--label", news, *never, "--encoder", work / "plain" / "encoder", "--out", work / "silver.bio", "--sure", "0.7",
    )  # fmt: skip
    yield Step(work / "silver.bio", "ner_models.py", (*label, "--models", *map(weights, four)))
    yield names(
        "silver", "--init", work / "mean.pt", "--silver", work / "silver.bio", *near("6e-5", head="4e-4"),
        "--epochs", "1", "--hide", "0.02", "--seed", "9",
    )  # fmt: skip
    treebank = (
        "--train",
        data / "ud" / "ar_padt-forms-train.conllu.xz",
        "--dev",
        data / "ud" / "ar_padt-forms-dev.conllu.xz",
    )
    tested = ("--never", data / "ud" / "ar_padt-forms-test.conllu.xz")
    tokenizer = (*treebank, *tested, "--work", work / "tokenizer", "--steps", "4000", "--epochs", "12")
    yield Step(work / "tokenizer" / "mwt.pt", "train_tokenizer.py", tokenizer)


def near(encoder: str, head: str, average: str = "0.995") -> tuple[str, ...]:
    """The options of training that goes on from trained weights: peak learning rates, and what the running average keeps."""
    return ("--lr", encoder, "--head-lr", head, "--average", average)


def run(step: Step) -> None:
    """Run a step unless it is finished."""
    if step.done.exists():
        return
    command = [sys.executable, str(HERE / step.script), *map(str, step.options)]
    print("$", *command, flush=True)
    step.done.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(command, check=True, env=os.environ | ALLOCATION | {"PYTHONPATH": str(HERE.parent)})
    step.done.touch()


def main() -> None:
    """Read the options and run the steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--export", type=pathlib.Path, help="model folder to be written at the end")
    args = parser.parse_args()
    for step in steps(args.data, args.work):
        run(step)
    if args.export:
        tagger = ("--work", args.work / "silver", "--export", args.export / "ar" / "ner" / "kg.pt")
        tokenizer = ("--work", args.work / "tokenizer", "--export", args.export / "ar")
        for script, options in (("train_ner.py", tagger), ("train_tokenizer.py", tokenizer)):
            subprocess.run([sys.executable, str(HERE / script), *map(str, options)], check=True)
        subprocess.run([sys.executable, "-m", "kg", "models", "seal", str(args.export)], check=True)


if __name__ == "__main__":
    main()
