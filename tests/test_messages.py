"""Messages say what, where and what to do: every case with its message stands in ``golden/messages.txt``, for people to read.

To write the file anew after a change, and then read what has changed::

    python -m tests.test_messages
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from kg.cli import main
from tests.conftest import SEEDS, run

GOLDEN = pathlib.Path(__file__).parent / "golden" / "messages.txt"
CAPBSET_DROP, DAC_OVERRIDE = 24, 1
"""Linux's prctl by which even root must heed the permissions of folders."""
HEAD = """\
# What kg says when it cannot do what it is asked for: a command line, what is printed, the exit code.
# Here, graph/ is the graph of the five example articles, nothing/ an empty folder, locked/ one that may not be written to, file a
# file that is not a folder. Written by: python -m tests.test_messages
"""
SECTIONS = {
    "no arguments, wrong arguments": """
        kg
        kg qurey
        kg everything
        kg rebuild --grpah graph
        kg add
        kg query who-attended round
        kg query who-attended rond=astana-5
        kg query who-attended 'round=Astana 5'
        kg query who-atended
        kg analyze everything
        kg claims --format xml
        kg export
        kg export --format csv
        kg explain a b
        kg serve --port 99999
        kg publish
        kg publish example.org
        kg rebuild https://example.org/feed.xml --graph new
        kg models
        kg models use
        kg eval
    """,
    "what is not in the graph": """
        kg explain nobody
        kg explain 000000000000
        kg explain russia attended astana-99
        kg merge nobody-1 nobody-2
        kg merge russia turkey-2
        kg split russia
        kg remove seed-999
    """,
    "missing files": """
        kg rebuild missing --graph new
        kg read missing
        kg --project missing lint
        kg query missing.rq
        kg lint missing
        kg eval claims missing
        kg eval ner missing.bio
        kg models use missing
        kg models seal missing
    """,
    "no graph": """
        kg claims --graph missing
        kg query absences --graph nothing
        kg html --graph missing
        kg validate --graph missing
        kg explain russia --graph missing
        kg export --format ttl --graph missing
        kg analyze camps --graph missing
        kg merges --graph missing
        kg add article.txt --graph file
        kg serve --graph missing
    """,
    "wrong kinds of files": """
        kg rebuild nothing --graph new
        kg rebuild report.docx empty.txt broken.json list.json latin.txt --graph new
        kg query wrong.rq
        kg query change.rq
        kg query latin.txt.rq
        kg eval ner article.txt
        kg eval claims nothing
        kg models use nothing
        kg lint nothing
        kg claims --graph file
    """,
    "places that cannot be written to": """
        kg init file
        kg claims -o nothing
        kg claims -o file/claims.jsonl
        kg rebuild article.txt --graph file/graph
        kg claims -o locked/claims.jsonl
        kg html -o locked/new/page.html
        kg rebuild article.txt --graph locked/graph
        kg export --format csv -o locked/tables
    """,
}


def scene(folder: pathlib.Path, graph: pathlib.Path) -> None:
    """Lay out what the commands find."""
    folder.mkdir(exist_ok=True)
    shutil.copytree(graph, folder / "graph", symlinks=True)
    for name in ("nothing", "locked"):
        (folder / name).mkdir()
    texts = {
        "file": "not a folder", "article.txt": "قصفت روسيا مدينة إدلب.", "report.docx": "PK", "empty.txt": " \n",
        "broken.json": '{"text": "قصفت', "list.json": "[]", "wrong.rq": "SELEKT ?a { ?a ?b ?c }",
        "change.rq": "DELETE WHERE { ?a ?b ?c }",
    }  # fmt: skip
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("latin.txt", "latin.txt.rq"):
        (folder / name).write_bytes("déjà vu à Genève".encode("latin-1"))
    (folder / "locked").chmod(0o555)


def heed_permissions() -> None:
    """Let no folder be written to whose permissions do not say so, not even by root."""
    ctypes.CDLL(None).prctl(CAPBSET_DROP, DAC_OVERRIDE, 0, 0, 0)


def said(line: str) -> str:
    """What a command prints, and its exit code."""
    _, *arguments = shlex.split(line)
    if "locked" in line or "--project" in line:  # a process works in one project
        command = [sys.executable, "-m", "kg", *arguments]
        done = subprocess.run(
            command,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=heed_permissions,
        )
        text, code = done.stdout, done.returncode
    else:
        result = CliRunner(env={"COLUMNS": "80"}).invoke(main, arguments, prog_name="kg")
        text, code = result.output, result.exit_code
    text = re.sub(r"\(while attempting.*?\)\)", "(...)", text.replace(str(pathlib.Path.cwd()), "/here"))
    return f"$ {line}\n{text}exit code {code}\n"


def all_said() -> Iterator[str]:
    """The sections of the golden file."""
    yield HEAD
    for title, lines in SECTIONS.items():
        yield f"\n## {title}\n"
        for line in lines.strip().splitlines():
            yield f"\n{said(line.strip())}"


def cases() -> dict[str, str]:
    """The cases of the golden file by their command lines."""
    blocks = re.split(
        r"^(?=\$ )",
        re.sub(r"\n*^#.*\n", "", GOLDEN.read_text(encoding="utf-8"), flags=re.MULTILINE),
        flags=re.MULTILINE,
    )
    return {
        block.splitlines()[0].removeprefix("$ "): block.strip() + "\n" for block in blocks if block.startswith("$ ")
    }


@pytest.fixture(scope="module")
def here(graph: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pathlib.Path]:
    folder = tmp_path_factory.mktemp("messages")
    scene(folder, graph)
    yield folder
    (folder / "locked").chmod(0o755)


@pytest.mark.model
@pytest.mark.parametrize("line", [line.strip() for lines in SECTIONS.values() for line in lines.strip().splitlines()])
def test_the_message_is_the_one_that_was_read(line: str, here: pathlib.Path) -> None:
    with contextlib.chdir(here):
        assert said(line) == cases()[line]


def test_no_message_is_a_traceback_and_every_failure_has_its_code() -> None:
    for line, case in cases().items():
        assert "Traceback" not in case, line
        assert re.search(r"^exit code [123]$", case, re.MULTILINE), line
        assert "[Errno" not in case, line


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        run("rebuild", SEEDS, "--graph", "built")
        scene(pathlib.Path("scene").absolute(), pathlib.Path("built"))
        os.chdir("scene")
        GOLDEN.write_text("".join(all_said()), encoding="utf-8")
        pathlib.Path("locked").chmod(0o755)
