"""A slice of a text: indices in Python characters, 0-based, end exclusive."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A slice of an article's text.

    >>> Span(2, 5).inside(Span(0, 5))
    True
    """

    start: int
    end: int

    def inside(self, other: Span) -> bool:
        """Whether this span lies within the other."""
        return other.start <= self.start and self.end <= other.end

    def overlaps(self, other: Span) -> bool:
        """Whether the spans share a character."""
        return self.start < other.end and other.start < self.end

    def of(self, text: str) -> str:
        """The text that the span covers."""
        return text[self.start : self.end]
