"""What is trained on: never a test file, never a sentence of one; varied sentences stay well formed; tokenizers are trained."""

from __future__ import annotations

import importlib.util
import pathlib
import random
import subprocess
import sys
from types import ModuleType

import pytest

SCRIPTS = pathlib.Path(__file__).parents[1] / "scripts"


def load(name: str) -> ModuleType:
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


data = load("ner_data")
TEXT = "وصل\tO\nفلاديمير\tB-PER\nبوتين\tI-PER\nإلى\tO\nدمشق\tB-LOC\nوأنقرة\tB-LOC\nأمس\tO\n"


@pytest.fixture
def bio(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "a.test.bio"
    path.write_text(TEXT + "\nوقالت\tO\nأنقرة\tB-LOC\n", encoding="utf-8")
    return path


def test_a_sentence_of_a_test_file_stops_training(bio: pathlib.Path) -> None:
    held_out = data.sentence_hashes([bio])
    data.forbid([["جملة", "أخرى"]], held_out)
    with pytest.raises(SystemExit, match="in the training data"):
        data.forbid([["وصل", "فلاديمير", "بوتين", "إلى", "دمشق", "و", "أنقرة", "أمس"]], held_out)


def test_a_test_file_stops_training(bio: pathlib.Path, tmp_path: pathlib.Path) -> None:
    options = ("--train", bio, "--dev", bio, "--encoder", tmp_path, "--work", tmp_path / "w")
    command = [sys.executable, str(SCRIPTS / "train_ner.py"), *map(str, options)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "test files are for testing only" in result.stderr
    assert result.returncode != 0


def test_names_are_replaced_by_names_of_their_kind(bio: pathlib.Path) -> None:
    sentences = data.read_bio(bio)
    vary = data.Variation(sentences, replace=1.0, hide=0.0)
    seen = set()
    for seed in range(30):
        varied = vary.of(sentences[0], random.Random(seed))
        assert [kind for _, _, kind in data.mentions(varied)] == ["PER", "LOC", "LOC"]
        seen.add(" ".join(token for token, _ in varied))
    assert "وصل فلاديمير بوتين إلى أنقرة ودمشق أمس" in seen


def test_one_command_trains_all_and_nothing_on_a_test_file() -> None:
    steps = list(load("train_models").steps(pathlib.Path("DATA"), pathlib.Path("WORK")))
    assert {step.script for step in steps} >= {"train_ner.py", "train_tokenizer.py", "pretrain_encoder.py"}
    for step in steps:
        options = [str(option) for option in step.options]
        trained = options[: options.index("--never")] if "--never" in options else options
        assert not [option for option in trained if "test" in option]


def treebank(path: pathlib.Path, *sentences: str) -> pathlib.Path:
    """These sentences as CoNLL-U; a token that stands for several words is written ``و+قال``."""
    lines = []
    for sentence in sentences:
        number = 0
        for token in sentence.split():
            words = token.split("+")
            if len(words) > 1:
                lines.append(f"{number + 1}-{number + len(words)}\t{''.join(words)}" + "\t_" * 8)
            for word in words:
                number += 1
                lines.append(
                    f"{number}\t{word}\t_\t_\t_\t_\t{min(number - 1, 1)}\t{'root' if number == 1 else 'dep'}\t_\t_"
                )
        lines.append("")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_tokenizer_and_an_expander_are_trained_and_exported(tmp_path: pathlib.Path) -> None:
    script, work, shipped = SCRIPTS / "train_tokenizer.py", tmp_path / "work", tmp_path / "ar"
    some = ("و+قال الوزير ل+الصحفيين إن الجولة انتهت .", "وصل الوفد إلى أستانا و+غادر+ها أمس .")
    trained = treebank(tmp_path / "train.conllu", *some * 12)
    options = ("--train", trained, "--dev", treebank(tmp_path / "dev.conllu", *some), "--work", work)
    for more in (("--steps", "3", "--epochs", "1"), ("--export", shipped)):
        command = [sys.executable, str(script), *map(str, options), *map(str, more)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
    assert sorted(path.parent.name for path in shipped.glob("*/kg.pt")) == ["mwt", "tokenize"]
