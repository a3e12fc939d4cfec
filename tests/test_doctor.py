"""kg doctor: a healthy installation is told so; what is wrong is named, with what to do."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest

from kg import doctor
from kg.doctor import State, Wanted
from tests import checkout
from tests.conftest import run


@pytest.mark.model
def test_a_healthy_installation_is_told_so(tmp_path: pathlib.Path) -> None:
    found = json.loads(run("doctor", "--graph", tmp_path / "graph", "--format", "json").output)
    states = {finding["what"]: finding["state"] for finding in found}
    assert [what for what, state in states.items() if state == "wrong"] == []
    assert {what for what in ("files", "model", "seeds", "ontology", "graph") if states[what] == "ok"} == {
        "files", "model", "seeds", "ontology", "graph",
    }  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    assert "2 names" in next(finding["found"] for finding in found if finding["what"] == "model")


def test_a_changed_model_file_and_a_place_that_is_no_folder_are_wrong(tmp_path: pathlib.Path) -> None:
    model = tmp_path / "model"
    (model / "ar" / "ner").mkdir(parents=True)
    tagger = model / "ar" / "ner" / "kg.pt"
    tagger.write_bytes(b"as it was")
    run("models", "seal", model)
    tagger.write_bytes(b"as it is")
    (tmp_path / "file").touch()
    told = run("doctor", "--model", model, "--graph", tmp_path / "file" / "graph", code=1).output
    assert f"wrong  model      {tagger} is not the file it was" in told
    assert f"wrong  graph      {tmp_path / 'file'} cannot be written to: Not a directory" in told
    assert "Choose a folder of yours on a disk with symbolic links: --graph FOLDER" in told
    assert "2 of 12 things must be put right." in told


def test_a_wrong_table_and_a_wrong_ontology_are_named(tmp_path: pathlib.Path) -> None:
    place = checkout.make(tmp_path)
    with (place / "seeds" / "actors.tsv").open("a", encoding="utf-8") as table:
        table.write("zz-nobody\tPerson\n")
    (place / "ontology").unlink()
    (place / "ontology").mkdir()
    code = "from kg import doctor; print(*doctor._seeds(None), *doctor._ontology(None), sep='\\n')"
    environment = {**os.environ, "PYTHONPATH": str(place), "PYTHONSAFEPATH": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    seeds, lint, ontology, again = done.stdout.splitlines()
    assert seeds.startswith("wrong  seeds      actors.tsv, row ")
    assert "2 cells where there are 9 columns" in seeds
    assert lint.strip() == f"Run: kg lint {place / 'seeds'}"
    assert ontology.startswith("wrong  ontology ")
    assert again.strip() == "It is part of kg: install kg again."


def test_packages_that_are_missing_or_of_another_version_are_named() -> None:
    missing, old = doctor._unmet(["no-such-package>=1", "click>=99"])
    assert missing == "no-such-package is missing"
    assert old.endswith("is here, >=99 is wanted")


def test_what_is_too_little_is_a_note(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "DISK", 1e9)
    monkeypatch.setattr(doctor, "MEMORY", 1e9)
    monkeypatch.setattr(doctor, "EIGHT_BIT", frozenset({"none-such"}))
    wanted = Wanted(tmp_path)
    found = [finding for check in (doctor._disk, doctor._memory, doctor._processor) for finding in check(wanted)]
    assert [finding.state for finding in found] == [State.NOTE] * 3
    assert all(finding.remedy for finding in found)


def test_the_programs_of_the_tests_are_looked_for_only_if_wanted(tmp_path: pathlib.Path) -> None:
    assert list(doctor._programs(Wanted(tmp_path))) == []
    assert [finding.what for finding in doctor._programs(Wanted(tmp_path, tests=True))] == list(doctor.PROGRAMS)
