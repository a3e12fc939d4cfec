"""How far a long piece of work has come, for whoever wants to show it."""

from __future__ import annotations


class Progress:
    """Hears how far a rebuild has come; this one tells nobody."""

    def start(self, what: str, total: int) -> None:
        """Something begins: to ``annotate``, ``compare`` or ``relate`` so many articles, or to ``write`` so many files."""

    def step(self, number: int = 1) -> None:
        """So many more are done."""

    def end(self) -> None:
        """What began last has ended."""


SILENT = Progress()
