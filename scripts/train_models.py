"""Everything from the data to the shipped models, in one command: what ``make models DATA=DIR`` runs.

    python scripts/train_models.py DATA --work WORK [--export kg/models/embedded]

``DATA`` holds ``ner/*.bio``, ``ud/*.conllu.xz``, ``news/*.jsonl.xz`` and ``encoder/me5-small-ar/``. Each step is a command of its
own, printed as it starts; one that is finished is left out, one that was interrupted goes on, so the same command can be given
again at any time. No file called ``test`` is trained or tuned on, nor any sentence that is in one: each step checks that by
file name and by sentence hash. About two hours on two cores.
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
    """A script with its options; its checkpoints, and the file ``finished`` at its end, are in a folder of this name."""

    name: str
    script: str
    options: tuple[str | pathlib.Path, ...]


def steps(data: pathlib.Path, work: pathlib.Path) -> Iterator[Step]:
    """All steps in their order: the encoder on news with masked words, on it the names; the tokenizer and the expander."""
    ner, ud, news = data / "ner", data / "ud", data / "news" / "ant-2018.jsonl.xz"
    never = ("--never", *(ner / name for name in TEST))
    masked = ("--text", news, *never, "--encoder", data / "encoder" / "me5-small-ar", "--steps", "400")
    yield Step("masked", "pretrain_encoder.py", masked)
    names = (
        "--train", *(ner / name for name in TRAIN), "--dev", *(ner / name for name in DEV), *never,
        "--encoder", work / "masked" / "encoder", "--bf16", "--epochs", "8", "--average", "0.998", "--hide", "0.02",
    )  # fmt: skip
    yield Step("names", "train_ner.py", names)
    tokenizer = (
        "--train", ud / "ar_padt-forms-train.conllu.xz", "--dev", ud / "ar_padt-forms-dev.conllu.xz",
        "--never", ud / "ar_padt-forms-test.conllu.xz", "--steps", "4000", "--epochs", "12",
    )  # fmt: skip
    yield Step("tokenizer", "train_tokenizer.py", tokenizer)


def run(step: Step, work: pathlib.Path) -> None:
    """Run a step unless it is finished."""
    folder = work / step.name
    if (folder / "finished").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, str(HERE / step.script), *map(str, step.options), "--work", str(folder)]
    print("$", *command, flush=True)
    subprocess.run(command, check=True, env=os.environ | ALLOCATION | {"PYTHONPATH": str(HERE.parent)})
    (folder / "finished").touch()


def main() -> None:
    """Read the options and run the steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--export", type=pathlib.Path, help="model folder to be written at the end")
    args = parser.parse_args()
    for step in steps(args.data, args.work):
        run(step, args.work)
    if args.export:
        tagger = ("--work", args.work / "names", "--export", args.export / "ar" / "ner" / "kg.pt")
        tokenizer = ("--work", args.work / "tokenizer", "--export", args.export / "ar")
        for script, options in (("train_ner.py", tagger), ("train_tokenizer.py", tokenizer)):
            subprocess.run([sys.executable, str(HERE / script), *map(str, options)], check=True)
        subprocess.run([sys.executable, "-m", "kg", "models", "seal", str(args.export)], check=True)


if __name__ == "__main__":
    main()
