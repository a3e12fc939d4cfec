"""What a change of the trigger table does not concern: shown by taking all of it away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.model import Polarity
from kg.relate import triggers
from kg.relate.traces import Trace, changed, concerns, trace, traces
from tests.factory import claims
from tests.other_rules import the_table_comes_back, use  # noqa: F401
from tests.test_relate import PEOPLE, cases

TABLE = triggers.rules()
pytestmark = pytest.mark.usefixtures("the_table_comes_back")


def test_rows_that_do_not_concern_a_sentence_tell_nothing_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = [sentence for sentence, _ in cases()][::5]
    before = [claims(sentence, people=PEOPLE) for sentence in sentences]
    least = len(TABLE)
    for sentence, expected in zip(sentences, before, strict=True):
        concerning = tuple(row for row, trace in zip(TABLE, traces(), strict=True) if concerns(trace.letters, sentence))
        least = min(least, len(concerning))
        use(monkeypatch, concerning)
        assert claims(sentence, people=PEOPLE) == expected
        monkeypatch.undo()
    assert least < len(TABLE) / 10


def test_every_row_concerns_what_it_tells() -> None:
    by_rule = {row.rule: trace for row, trace in zip(TABLE, traces(), strict=True)}
    for sentence, _ in cases():
        for claim in claims(sentence, people=PEOPLE):
            rule = claim.rule.removeprefix(f"{claim.predicate.value}.")
            if trace := by_rule.get(claim.rule) or by_rule.get(rule):
                assert concerns(trace.letters, sentence), (claim.rule, sentence)


@pytest.mark.parametrize(
    ("old", "new", "letters"),
    [
        ("ab", "ab", ""),
        ("ab", "a", "b"),
        ("a", "ab", "b"),
        ("ab", "ac", "bc"),
        ("abc", "xab", "xc"),
        ("ab", "ba", "ab"),
        ("", "ab", "ab"),
    ],
)
def test_what_changed_from_one_table_to_another(old: str, new: str, letters: str) -> None:
    before, after = ([Trace(row, (row,)) for row in rows] for rows in (old, new))
    assert changed(before, after) == set(letters)


def test_every_cell_of_a_row_counts() -> None:
    row = TABLE[0]
    others = [
        replace(row, confidence=0.1),
        replace(row, needs=("وفد",)),
        replace(row, polarity=Polarity.NEGATIVE),
        replace(row, rule="x"),
    ]
    assert len({trace(one).row for one in (row, *others)}) == len(others) + 1
