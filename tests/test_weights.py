"""Model folders: nothing changed is loaded, and the choice of a model is kept."""

from __future__ import annotations

import pathlib
import shutil

import pytest

from kg import weights
from kg.annotate import Annotator, fingerprint
from kg.errors import ModelError
from tests.conftest import run


@pytest.fixture
def copy(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A copy of the embedded model in a folder of its own, and an account that has chosen nothing yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "mine"
    shutil.copytree(weights.path_of("embedded"), path)
    return path


def test_the_embedded_model_is_what_its_list_says() -> None:
    weights.verify(weights.path_of("embedded"))


@pytest.mark.parametrize("name", ["ar/ner/kg.pt", "encoder/model.safetensors", "resources.json"])
def test_a_changed_file_is_refused_before_it_is_loaded(copy: pathlib.Path, name: str) -> None:
    with (copy / name).open("r+b") as file:
        file.seek(100)
        file.write(b"other bytes")
    with pytest.raises(ModelError, match=r"is not the file it was: its sha256 is .* It is not loaded"):
        Annotator(str(copy))


def test_a_missing_file_and_one_too_many_are_refused(copy: pathlib.Path) -> None:
    (copy / "ar" / "ner" / "other.pt").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"other\.pt is not listed"):
        weights.verify(copy)
    (copy / "ar" / "ner" / "kg.pt").unlink()
    with pytest.raises(ModelError, match="missing"):
        weights.verify(copy)


def test_use_a_folder(copy: pathlib.Path) -> None:
    (copy / weights.SUMS).unlink()
    with pytest.raises(ModelError, match="run: kg models use"):
        Annotator(str(copy))
    assert "mine-" in run("models", "use", copy).output
    assert weights.chosen() == str(copy)
    assert f"* {copy}" in run("models", "list").output
    weights.verify(copy)
    run("models", "use", "embedded")
    assert weights.chosen() == "embedded"


@pytest.mark.usefixtures("copy")
def test_use_what_is_no_model(tmp_path: pathlib.Path) -> None:
    assert "is no model folder" in run("models", "use", tmp_path / "nothing", code=2).stderr
    assert weights.chosen() == "embedded"


def test_other_files_give_another_fingerprint(copy: pathlib.Path) -> None:
    before = fingerprint(str(copy))
    (copy / "resources.json").write_text((copy / "resources.json").read_text("utf-8") + "\n", encoding="utf-8")
    weights.seal(copy)
    assert fingerprint(str(copy)) != before
    assert fingerprint("embedded").split("-", 1)[1] == before.split("-", 1)[1]
