"""What MkDocs adds to the files of ``docs/``: texts that stand elsewhere in the project, and the list of decisions."""

from __future__ import annotations

import pathlib

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = pathlib.Path(__file__).parent.parent
ELSEWHERE = {
    "seeds.md": "seeds/README.md",
    "models.md": "kg/models/embedded/README.md",
    "changelog.md": "CHANGELOG.md",
}
"""Pages, and the files that they are."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages."""
    for name, path in ELSEWHERE.items():
        files.append(File.generated(config, name, content=(ROOT / path).read_text(encoding="utf-8")))
    files.append(File.generated(config, "decisions.md", content=_decisions()))
    return files


def _decisions() -> str:
    rows = [f"- [{_title(path)}](decisions/{path.name})" for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    return (
        "# Decisions\n\nWhy things are as they are, one page for each decision, in the order they were made.\n\n"
        + "\n".join(rows)
    )


def _title(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
