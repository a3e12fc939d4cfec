"""What the README and the documentation say is so: each page is done as a reader does it, and the site is whole."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
from html.parser import HTMLParser

import click
import pytest

from kg.cli import main
from tests.conftest import SEEDS
from tests.installation import shell
from tests.pages import PAGES, ROOT, Block, blocks, is_shown, outputs, script, text_of

NOT_RUN = {
    "it is what sets a machine up, and what runs these tests": ["make graph", "make test"],
    "it installs from the network": ["pip install", "python3 -m venv", "kg-env/bin/python -m pip install"],
    "it downloads 600 MB": ["kg models download"],
    "it needs a container engine": ["podman "],
    "it asks databases on the network": ["make audit"],
    "it needs gold facts of your own": ["kg eval "],
    "it starts a server for others": ["kg serve --"],
    "it is run on another page": ["kg doctor"],
    "it needs a server to publish to": ["kg publish ", "KG_SECRET=", "kg query "],
    "it needs a cluster": ["kg rebuild "],
    "it reads files and pages of your own": ["kg read "],
    "it takes long": ["python scripts/fuzz_readers.py "],
}
"""Why a block of shell lines is not run, and how its lines may begin; a page says the reason in a comment that is not seen."""


def kinds(page: str, language: str) -> list[Block]:
    return [block for block in blocks(page) if block.language == language]


DONE_ELSEWHERE = ("docs/own-domain.md", "docs/observability.md")
"""Pages that :mod:`tests.test_domain_docs` does."""
WITH_STEPS = [page for page in PAGES if page not in DONE_ELSEWHERE and any(block.runs for block in blocks(page))]


@pytest.fixture
def place(tmp_path: pathlib.Path, graph: pathlib.Path) -> pathlib.Path:
    """The folder of a reader, with the graph of the five example articles, and the articles; some pages go on in a new one."""
    shutil.copytree(graph, tmp_path / "graph", symlinks=True)
    shutil.copytree(SEEDS, tmp_path / "my-articles")
    return tmp_path


@pytest.mark.model
@pytest.mark.parametrize("page", WITH_STEPS)
def test_every_step_of_a_page_works_and_prints_what_is_shown(
    page: str, place: pathlib.Path, surroundings: dict[str, str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    steps = blocks(page)
    done = shell(script(steps, port), place, surroundings)
    printed = outputs(done.stdout)
    last = steps[max(printed)].text if printed else "nothing was run"
    assert done.returncode == 0, f"{page} fails at:\n{last}\nwith:\n{done.stderr[-3000:]}\n{done.stdout[-1000:]}"
    for number, text in printed.items():
        block = steps[number]
        if block.language == "sparql":
            assert len(text.splitlines()) > 2, f"{page} has a query without an answer:\n{block.text}"
        if block.shown is not None:
            shown = block.shown.replace("8765", str(port))
            assert is_shown(shown, text), f"{page} shows for:\n{block.text}\nthis:\n{shown}\nand it prints:\n{text}"


@pytest.mark.parametrize("page", PAGES)
def test_what_is_not_run_is_left_out_for_a_known_reason(page: str) -> None:
    for block in blocks(page):
        if block.mark == "not run":
            lines = [line for line in block.text.splitlines() if line.strip() and not line.startswith((" ", "#"))]
            allowed = tuple(NOT_RUN[block.value])
            assert all(line.removeprefix(".venv/bin/").startswith(allowed) for line in lines), block.text


@pytest.mark.parametrize("page", PAGES)
def test_every_option_shown_exists(page: str) -> None:
    """In blocks that are not run, too."""
    for block in kinds(page, "sh"):
        for line in re.findall(r"(?:^|\| )(?:\.venv/bin/)?kg ([^|#\n>]*)", block.text, re.MULTILINE):
            command: click.Command = main
            words = re.sub(r"--project \S+ ", "", line).split()
            while isinstance(command, click.Group) and words and not words[0].startswith("-"):
                command = command.commands[words.pop(0)]
            options = {name for parameter in command.params for name in parameter.opts} | {"--help", "--version"}
            assert {word for word in words if re.match(r"--\w|-o$", word)} <= options, line


def test_every_language_of_a_block_is_one_that_is_checked() -> None:
    languages = {block.language for page in PAGES for block in blocks(page)}
    assert languages <= {"", "sh", "text", "txt", "sparql", "python", "tsv", "json"}
    fences = sum(text_of(page).count("\n```") for page in PAGES)
    assert fences == 2 * sum(
        len(kinds(page, "")) + sum(bool(b.language) + (b.shown is not None) for b in blocks(page)) for page in PAGES
    )


def test_the_readme_has_the_two_commands_and_its_paths_exist() -> None:
    readme = text_of("README.md")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("graph", "test"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert len(readme.splitlines()) < 110
    links = re.findall(r"\]\(([\w./-]+)\)", readme) + re.findall(r'src="([\w./-]+)"', readme)
    assert len(links) > 10
    assert [path for path in links if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_paths_of_the_project_in_a_page_exist(page: str) -> None:
    named = re.findall(r"`((?:kg|seeds|ontology|scripts|docs|tests)/[\w./-]*)`", text_of(page))
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.model
def test_the_example_claim_is_real(graph: pathlib.Path) -> None:
    (block,) = kinds("docs/data-model.md", "json")
    example = json.loads(block.text)
    claims = [json.loads(line) for line in (graph / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
    for end in ("subject", "object"):
        example[end]["names"].remove("...")
    found = [
        claim
        for claim in claims
        if all(claim[key] == example[key] for key in example if key not in ("subject", "object"))
        and all(claim[end]["id"] == example[end]["id"] for end in ("subject", "object"))
        and all(set(example[end]["names"]) <= set(claim[end]["names"]) for end in ("subject", "object"))
    ]
    assert len(found) == 1


@pytest.mark.parametrize("name", ["make_command_reference.py"])
def test_generated_pages_are_up_to_date(name: str) -> None:
    command = [sys.executable, str(ROOT / "scripts" / name), "--check"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, "COLUMNS": "40"})
    assert done.returncode == 0, f"run scripts/{name}; {done.stderr}"


class Page(HTMLParser):
    """What a page of the site loads, and where its links lead."""

    LOADED = {
        "script": "src",
        "link": "href",
        "img": "src",
        "iframe": "src",
        "source": "src",
        "use": "href",
        "object": "data",
    }

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.right_to_left = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if (name := self.LOADED.get(tag)) and found.get("rel") not in ("canonical", "next", "prev"):
            self.loaded += [found[name] or ""] if name in found else []
        self.right_to_left |= tag == "div" and found.get("dir") == "rtl" and found.get("lang") == "ar"


def test_the_site_loads_nothing_from_elsewhere(site: pathlib.Path) -> None:
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    assert len(pages) > 25
    loaded = [(path, url) for path, page in pages.items() for url in page.loaded if not url.startswith(("data:", "#"))]
    assert [url for _, url in loaded if re.match(r"\w+:|//", url)] == []
    assert [
        url for path, url in loaded if not (path.parent / url.partition("?")[0]).exists() and not url.startswith("/")
    ] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"url\(['\"]?(?:https?:)?//", styles) == []


def test_the_site_can_be_searched_without_a_server(site: pathlib.Path) -> None:
    index = json.loads((site / "search" / "search_index.js").read_text(encoding="utf-8").removeprefix("var __index = "))
    assert {"en", "ar"} <= set(index["config"]["lang"])
    assert any("الجملة" in entry["text"] for entry in index["docs"])


def test_the_arabic_page_is_read_from_the_right(site: pathlib.Path) -> None:
    assert Page((site / "ar.html").read_text(encoding="utf-8")).right_to_left
    assert not Page((site / "tutorial.html").read_text(encoding="utf-8")).right_to_left
