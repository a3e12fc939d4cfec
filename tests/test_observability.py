"""What a run says of itself: events for people and programs, seconds by stage, and a report that is no part of the graph."""

from __future__ import annotations

import json
import logging
import pathlib
import time
from collections.abc import Iterator

import pytest

from kg import log, stopwatch
from kg.log import Form
from tests.conftest import SEEDS, run
from tests.test_project import kg


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    log.configure(Form.TEXT, logging.WARNING)


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_an_event_is_one_json_object_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(Form.JSON, logging.INFO)
    log.event("read", what="خبر\nثان", seconds=0.5, left=["a"], how={"b": 1})
    log.event("unseen", level=logging.DEBUG)
    (found,) = lines(capsys.readouterr().err)
    assert str(found.pop("time")).endswith("Z")
    fields = {"what": "خبر\nثان", "seconds": 0.5, "left": ["a"], "how": {"b": 1}}
    assert found == {"level": "info", "event": "read"} | fields


def test_an_event_for_people_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(Form.TEXT, logging.INFO)
    log.event("read", what="seed-001", title='a "b"', seconds=1 / 3)
    assert capsys.readouterr().err.split(" ", 1)[1] == 'info read what=seed-001 title="a \\"b\\"" seconds=0.333\n'


@pytest.mark.parametrize("form", list(Form))
def test_what_a_file_is_called_does_not_reach_the_terminal_as_control_characters(
    form: Form, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure(form, logging.INFO)
    log.event("read", what="\x1b[2J\u202eيمين\u2028\x9b2J\ud800")
    written = capsys.readouterr().err
    assert written.count("\n") == 1
    assert not {"\x1b", "\u202e", "\u2028", "\x9b"} & set(written)


def test_configuring_again_takes_the_place_of_before(
    capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path
) -> None:
    log.configure(Form.TEXT, logging.INFO)
    log.configure(Form.JSON, logging.INFO, tmp_path / "log")
    log.event("once")
    assert capsys.readouterr().err == ""
    assert [line["event"] for line in lines((tmp_path / "log").read_text(encoding="utf-8"))] == ["once"]


def test_an_error_of_the_program_has_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(Form.JSON, logging.INFO)
    try:
        raise ValueError("why")
    except ValueError:
        logging.getLogger("kg.serve").exception("failed")
    (found,) = lines(capsys.readouterr().err)
    assert found["part"] == "kg.serve"
    assert str(found["traceback"]).endswith("ValueError: why")


def test_stages_are_timed_even_if_they_fail() -> None:
    @stopwatch.timed("nap")
    def nap() -> None:
        time.sleep(0.01)

    @stopwatch.timed("fall")
    def fall() -> None:
        raise ZeroDivisionError

    with stopwatch.running() as watch:
        nap()
        nap()
        with pytest.raises(ZeroDivisionError):
            fall()
    nap()
    assert watch.times == {"nap": 2, "fall": 1}
    assert 0.02 <= watch.seconds["nap"] <= watch.total


@pytest.mark.model
def test_a_run_reports_what_it_did(tmp_path: pathlib.Path) -> None:
    (tmp_path / "wrong.json").write_text("{", encoding="utf-8")
    graph = tmp_path / "graph"
    run("rebuild", SEEDS, tmp_path / "wrong.json", "--graph", graph, "--report", tmp_path / "run.json", code=3)
    found = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert found["articles"]["in the graph"] == found["articles"]["annotated now"] == 5
    assert sum(found["articles"]["by source"].values()) == 5
    claims = (graph / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    assert found["claims"]["total"] == len(claims) == sum(found["claims"]["by predicate"].values())
    assert [one["what"] for one in found["left out"]] == [str(tmp_path / "wrong.json")]
    assert set(found["seconds"]) >= {"total", "read", "annotate", "link", "relate", "write"}
    assert 0 < found["seconds"]["link"] < found["seconds"]["total"]
    assert found["words annotated a second"] == pytest.approx(
        found["articles"]["words"] / found["seconds"]["annotate"], rel=0.01
    )
    assert found["peak memory in MB"]["this process"] > 100
    assert found["program"].keys() >= {"kg", "python", "stanza", "torch"}
    assert found["model"].startswith("embedded-")
    names = {path.name for path in graph.rglob("*")}
    assert not {"run.json", "report.json"} & names


@pytest.mark.model
def test_a_run_for_programs_says_only_json(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.txt").write_text("قصفت روسيا مدينة إدلب.", encoding="utf-8")
    (tmp_path / "b.json").write_text("{", encoding="utf-8")
    built = kg("--log-format", "json", "-vv", "rebuild", tmp_path, at=tmp_path)
    events = lines(built.stderr)
    assert built.returncode == 3
    assert {"stage", "built", "left out"} <= {str(event["event"]) for event in events}
    assert {"read", "annotate", "link", "relate", "write"} <= {event.get("stage") for event in events}
    failed = kg("--log-format", "json", "claims", "--graph", "nowhere", at=tmp_path)
    (event,) = lines(failed.stderr)
    assert (event["event"], event["kind"], failed.returncode) == ("failed", "GraphError", 2)
    quiet = kg("--quiet", "rebuild", tmp_path / "a.txt", at=tmp_path)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
