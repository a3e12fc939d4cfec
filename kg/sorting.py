"""Sorting more lines than fit into memory: what is too much is sorted in parts on disk, and the parts are merged."""

from __future__ import annotations

import heapq
import itertools
import pathlib
from collections.abc import Iterable, Iterator

MOST_CHARACTERS = 128 * 2**20
"""Characters of lines that are held in memory; Python needs one to four bytes for each, and 49 for each line."""


class SortedLines:
    """Different lines in the order of their characters. First add all of them, then iterate, as often as you like."""

    def __init__(self, folder: pathlib.Path, name: str, *, most: int = MOST_CHARACTERS) -> None:
        """``folder`` is for parts that do not fit into memory; whoever owns it deletes it."""
        self._folder, self._name, self._most = folder, name, most
        self._lines: list[str] = []
        self._size = 0
        self._parts: list[pathlib.Path] = []

    def add(self, lines: Iterable[str]) -> None:
        """Take more lines, without line ends, which must not be in them.

        Raises:
            OSError: a part cannot be written.

        """
        for line in lines:
            self._lines.append(line)
            self._size += len(line) + 49
            if self._size > self._most:
                self._set_aside()

    def __iter__(self) -> Iterator[str]:
        """The lines, without line ends, each once."""
        self._lines = sorted(set(self._lines))
        parts = [_lines_of(part) for part in self._parts]
        merged = heapq.merge(self._lines, *parts) if parts else iter(self._lines)
        return (line for line, _ in itertools.groupby(merged)) if parts else merged

    def _set_aside(self) -> None:
        part = self._folder / f"{self._name}-{len(self._parts)}.part"
        with part.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(f"{line}\n" for line in sorted(set(self._lines)))
        self._parts.append(part)
        self._lines, self._size = [], 0


def _lines_of(path: pathlib.Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line[:-1]
