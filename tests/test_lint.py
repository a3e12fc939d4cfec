"""kg lint: what is wrong with an edited table is said with its row; every check is proved by a case that fails it."""

from __future__ import annotations

import pathlib
import shutil

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.lint import lint
from kg.resources import folder

TRIGGER = "{rule}\t{predicate}\t{form}\t{words}\t\t{subject}\t{object}\tpositive\tactual\t{confidence}"
GOOD = {
    "rule": "attacked.test", "predicate": "attacked", "form": "verb", "words": "دك/يدك", "subject": "agent",
    "object": "direct prep:على", "confidence": "0.8",
}  # fmt: skip


@pytest.fixture
def seeds(tmp_path: pathlib.Path) -> pathlib.Path:
    shutil.copytree(folder("seeds"), tmp_path / "seeds")
    return tmp_path / "seeds"


def add(path: pathlib.Path, line: str) -> int:
    """Append a row to a table; its number."""
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text(f"{text}\n{line}\n", encoding="utf-8")
    return text.count("\n") + 2


def test_our_own_tables_are_in_order() -> None:
    assert [str(problem) for problem in lint()] == []


def test_a_good_rule_passes(seeds: pathlib.Path) -> None:
    add(seeds / "triggers.tsv", TRIGGER.format(**GOOD))
    assert lint(seeds) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"subject": "agnt"}, "there is no slot 'agnt'; did you mean 'agent'?"),
        ({"object": ""}, "a slot is missing; allowed: "),
        ({"words": "دك"}, "write 'دك' as perfect/imperfect"),
        ({"form": "noun"}, "write 'دك/يدك' as without a slash"),
        ({"words": ""}, "no words are given"),
        ({"rule": "hits"}, "call the rule attacked.something, not 'hits'"),
        ({"rule": "attacked.strike"}, "the rule 'attacked.strike' stands in row "),
        ({"confidence": "1.5"}, "the confidence must be above 0 and at most 1; found 1.5"),
        ({"predicate": "bombed"}, "'bombed' is not valid"),
    ],
)
def test_wrong_rules(seeds: pathlib.Path, change: dict[str, str], message: str) -> None:
    number = add(seeds / "triggers.tsv", TRIGGER.format(**GOOD | change))
    (problem,) = lint(seeds)
    assert (problem.table, problem.row) == ("triggers.tsv", number)
    assert problem.what.startswith(message)


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        ("actors.tsv", "new-one\tPerson\tفلان\tSomeone\t\trusia\t\t\t", "no row has the parent 'rusia'; did you mean 'russia'?"),
        ("actors.tsv", "new-one\tPerson\tفلان\tSomeone\tسيرغي لافروف\t\t\t\t", "the name 'سيرغي لافروف' is also one of"),
        ("actors.tsv", "new-one\tPerson\tفلان\tSomeone\tال\t\t\t\t", "the name 'ال' is too short"),
        ("actors.tsv", "new-one\tPerson\tفلان\t\t\t\t\t\t", "'new-one' needs an Arabic and an English name"),
        ("actors.tsv", "sergey-lavrov\tPerson\tفلان\tSomeone\t\t\t\t\t", "the id 'sergey-lavrov' stands twice"),
        ("offices.tsv", "nobody\tوزير\trussia\t2015\t", "no row has the person 'nobody'"),
        ("states.tsv", "atlantis\tأطلسي\t", "no row has the id 'atlantis'"),
        ("actors.tsv", "new-one\tPerson", "2 cells where there are 9 columns"),
    ],
)  # fmt: skip
def test_wrong_rows(seeds: pathlib.Path, table: str, line: str, message: str) -> None:
    number = add(seeds / table, line)
    found = [problem for problem in lint(seeds) if problem.table == table and problem.row == number]
    assert any(problem.what.startswith(message) for problem in found), lint(seeds)


def test_a_missing_table_is_named(seeds: pathlib.Path) -> None:
    (seeds / "triggers.tsv").unlink()
    assert [str(problem) for problem in lint(seeds)] == [
        "triggers.tsv, row 0: cannot be read: No such file or directory"
    ]


def test_the_command(seeds: pathlib.Path) -> None:
    fine = CliRunner().invoke(main, ["lint", str(seeds)])
    assert (fine.exit_code, fine.output) == (0, "The seed tables are in order.\n")
    add(seeds / "states.tsv", "atlantis\tأطلسي\t")
    wrong = CliRunner().invoke(main, ["lint", str(seeds)])
    assert wrong.exit_code == 1
    assert "states.tsv, row" in wrong.output
