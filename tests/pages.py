"""The pages of the documentation as programs: what a reader does on them, one block after the other.

A block stands between lines of three backquotes. What happens to it is told by its language and, where there is one, by a
comment above it that readers of the page do not see:

    sh        typed into a shell
    python    given to Python, which goes on where the block before it ended
    sparql    given to ``kg query -``; it must have an answer
    text      what the block before it prints; ``...`` stands for anything
    <!-- not run: REASON -->   left out, for a reason that stands in :data:`tests.test_docs.NOT_RUN`
    <!-- file: NAME -->        written into this file
    <!-- append: NAME -->      written at its end
    <!-- exit: CODE -->        ends with this exit code
"""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).parent.parent
PAGES = sorted(["README.md", *(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))])
RUN = ("sh", "sparql", "python")
SEPARATOR = "\x1e"
"""What the script prints before the output of each block."""
_BLOCK = re.compile(r"^(?:<!-- (\w[\w ]*): (.*?) -->\n+)?```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its language, the name and value of the comment above it, and its text; ``shown`` is what it is to print."""

    language: str
    mark: str
    value: str
    text: str
    shown: str | None = None

    @property
    def runs(self) -> bool:
        """Whether a reader runs it."""
        return self.language in RUN and self.mark not in ("not run", "file", "append")


def text_of(page: str) -> str:
    """The text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[Block]:
    """The blocks of a page; a ``text`` behind a ``sh`` is part of it."""
    found: list[Block] = []
    for mark, value, language, text in _BLOCK.findall(text_of(page)):
        if language == "text" and found and found[-1].language in ("sh", "python"):
            last = found.pop()
            found.append(Block(last.language, last.mark, last.value, last.text, text))
        else:
            found.append(Block(language, mark, value, text))
    return found


def script(found: Sequence[Block], port: int) -> str:
    """A shell script that does what a reader of these blocks does; a server is started on this port, and stopped at the end."""
    return "\n".join(
        ["set -euo pipefail", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT", *_steps(found)]
    ).replace("8765", str(port))  # fmt: skip


def _steps(found: Sequence[Block]) -> Iterator[str]:
    for number, block in enumerate(found):
        if block.mark in ("file", "append"):
            sign = ">" if block.mark == "file" else ">>"
            yield f'mkdir -p "$(dirname {block.value})"\ncat {sign}{block.value} <<"END OF FILE"\n{block.text}END OF FILE'
        elif block.runs:
            yield f"printf '{SEPARATOR}{number}\\n'"
            yield from _program(found[: number + 1]) if block.language == "python" else _step(block)


def _step(block: Block) -> Iterator[str]:
    text = block.text.replace(".venv/bin/kg", "kg")
    if block.mark == "exit":
        yield f"code=0\n( set -e\n{text}) || code=$?\n[ $code = {block.value} ]"
    elif block.language == "sparql":
        yield f'kg query - <<"END OF QUERY"\n{text}END OF QUERY'
    elif "kg serve\n" in text:
        yield "kg serve --port 8765 >serve.log 2>&1 &"
        yield "for _ in $(seq 150); do grep -q '^stop' serve.log && break; sleep 0.2; done; cat serve.log"
    else:
        yield text


def _program(found: Sequence[Block]) -> Iterator[str]:
    """Run the last of these blocks after the Python before it, whose output was seen already."""
    *before, last = (block.text for block in found if block.language == "python")
    yield "python - <<'END OF PROGRAM'"
    yield (
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    exec("
        + repr("".join(before))
        + ")"
    )
    yield f"{last}END OF PROGRAM"


def outputs(printed: str) -> dict[int, str]:
    """What each block printed, by its number."""
    parts = (part.partition("\n") for part in printed.split(SEPARATOR)[1:])
    return {int(number): text for number, _, text in parts}


def is_shown(shown: str, printed: str) -> bool:
    """Whether a page shows what is printed; ``...`` stands for anything.

    >>> is_shown("a\\n...\\nz 1... s\\n", "a\\nb\\nc\\nz 1.25 s\\n"), is_shown("a\\n", "a\\nb\\n")
    (True, False)
    """
    pattern = ".*".join(map(re.escape, _tidy(shown).split("...")))
    return re.fullmatch(pattern, _tidy(printed), re.DOTALL) is not None


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
