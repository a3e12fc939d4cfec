"""What reading some sources gives, before anything is built: a table of the articles, their copies, and what is not used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from kg.read import Found, Intake, Item, Unreadable
from kg.reprints import copies
from kg.tabular import to_csv

COLUMNS = ("id", "title", "outlet", "published", "characters", "format", "path", "copy_of", "not_used")


@dataclass(frozen=True, slots=True)
class Row:
    """An article with what is known of it, or a thing that gives none with the reason in ``not_used``."""

    path: str
    id: str = ""
    title: str = ""
    outlet: str = ""
    published: str = ""
    characters: int = 0
    format: str = ""
    copy_of: str = ""
    not_used: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The rows of all sources, and what became of each source."""

    rows: tuple[Row, ...]
    intake: Intake

    def jsonl(self) -> str:
        """One row a line, as JSON."""
        return "".join(f"{json.dumps(asdict(row), ensure_ascii=False)}\n" for row in self.rows)

    def csv(self) -> str:
        """The rows for a spreadsheet."""
        return to_csv(COLUMNS, ([asdict(row)[column] for column in COLUMNS] for row in self.rows))

    def table(self) -> str:
        """The rows for the screen, long cells cut; then what is not used, and each source in one line."""
        used = [row for row in self.rows if not row.not_used]
        lines = [_line(row) for row in used]
        lines += ["", "not used:"] if len(used) < len(self.rows) else []
        lines += [f"  {row.path}: {row.not_used}" for row in self.rows if row.not_used]
        alike = sum(bool(row.copy_of) for row in used)
        lines += ["", *map(str, self.intake.accounts)]
        lines += [f"{alike} of the articles are copies of others; a graph counts each text once"] if alike else []
        return "\n".join(lines) + "\n"


def preview(intake: Intake) -> Preview:
    """Read the sources; nothing is written."""
    items = list(intake.items())
    same = copies(item.article for item in items if isinstance(item, Found))
    return Preview(tuple(_rows(items, same)), intake)


def _rows(items: Iterable[Item], same: Mapping[str, str]) -> Iterable[Row]:
    for item in items:
        if isinstance(item, Unreadable):
            yield Row(item.path, not_used=item.reason)
        elif isinstance(item, Found):
            article = item.article
            published = article.published.isoformat() if article.published else ""
            yield Row(
                item.path, article.id, article.title, article.outlet, published, len(article.text), item.format,
                same.get(article.id, ""),
            )  # fmt: skip


def _line(row: Row) -> str:
    alike = f"  copy of {row.copy_of}" if row.copy_of else ""
    told = (
        row.id,
        row.published or "no date",
        f"{row.characters:6}",
        row.format,
        _cut(row.outlet, 20),
        _cut(row.title, 60),
    )
    return "  ".join(filter(None, told)) + alike


def _cut(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
