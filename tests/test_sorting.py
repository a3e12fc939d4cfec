"""Lines that do not fit into memory come out as if they did."""

from __future__ import annotations

import pathlib
import tempfile

from hypothesis import given
from hypothesis import strategies as st

from kg.sorting import SortedLines

LINES = st.lists(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=20)))


@given(LINES, st.integers(1, 1000))
def test_sorted_on_disk_is_sorted_in_memory(batches: list[list[str]], most: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lines = SortedLines(pathlib.Path(folder), "some", most=most)
        for batch in batches:
            lines.add(batch)
        expected = sorted({line for batch in batches for line in batch})
        assert list(lines) == expected
        lines.add(["later"])
        assert list(lines) == sorted({*expected, "later"}) == list(lines)


def test_what_fits_is_not_written(tmp_path: pathlib.Path) -> None:
    lines = SortedLines(tmp_path, "some")
    lines.add(["b", "a", "b"])
    assert list(lines) == ["a", "b"]
    assert not list(tmp_path.iterdir())
    small = SortedLines(tmp_path, "some", most=100)
    small.add(["b" * 80, "a"])
    assert [path.name for path in tmp_path.iterdir()] == ["some-0.part"]
