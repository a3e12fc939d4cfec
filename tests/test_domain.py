"""The engine knows no talks but those of its tables: another negotiation works with its own tables alone."""

from __future__ import annotations

import ast
import functools
import json
import pathlib
import re
import shutil
from collections.abc import Iterator

import pytest

from kg import seeds
from kg.knowledge import ActorRow, DomainRow, PlaceRow, TrackRow
from kg.language.arabic import fold
from kg.resources import PACKAGE, folder
from kg.vocabulary import Kind
from tests.test_project import kg

BASE = "https://example.org/yemen-talks/"
YEMEN = folder("seeds") / "examples" / "yemen"
EXPECTED = pathlib.Path(__file__).parent / "golden" / "yemen.txt"


@pytest.fixture(scope="module")
def yemen(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The example on the talks on Yemen, with its graph."""
    path = tmp_path_factory.mktemp("domain") / "yemen"
    shutil.copytree(YEMEN, path)
    built = kg("rebuild", at=path)
    assert built.returncode == 0, built.stderr
    return path


def told(record: dict[str, object]) -> str:
    """A claim as the golden file has it."""
    ends = [record["subject"], record["object"]]
    names = [str(end.get("id", end.get("date"))).removeprefix(f"{BASE}id/") for end in ends if isinstance(end, dict)]
    marks = [
        mark
        for mark, is_so in (("not", record["polarity"] == "negative"), ("planned", record["modality"] == "planned"))
        if is_so
    ]
    return " | ".join([f"{record['article']}: {names[0]} {record['predicate']} {names[1]}", *marks])


@pytest.mark.model
def test_the_claims_of_other_talks(yemen: pathlib.Path) -> None:
    records = [json.loads(line) for line in (yemen / "graph" / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
    found = {told(record) for record in records}
    wanted = {line for line in EXPECTED.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")}
    assert wanted - found == set()
    talks = re.compile(r" (attended|boycotted|heldIn|heldOn|sponsored|signed) ")
    assert {line for line in found - wanted if talks.search(line)} == set()


@pytest.mark.model
def test_all_its_things_are_its_own(yemen: pathlib.Path) -> None:
    text = (yemen / "graph" / "kg.nq").read_text(encoding="utf-8")
    assert "syria" not in text.casefold()
    assert "w3id.org" not in text
    assert f"<{BASE}ontology#attended>" in text
    assert "شبكة معرفية للمحادثات اليمنية" in text
    slugs = {slug for slug in re.findall(rf"<{BASE}id/([^>]+)>", text) if not slug.startswith("new-")}
    known = [path.read_text(encoding="utf-8") for path in (yemen / "seeds").glob("*.tsv")]
    assert slugs <= {line.split("\t")[0] for table in known for line in table.splitlines()}


@pytest.mark.model
def test_its_rounds_page_queries_and_shapes(yemen: pathlib.Path) -> None:
    assert "houthis" in kg("query", "who-attended", "round=yemen-sweden-1", at=yemen).stdout
    own = kg("query", "who-attended", f"round={BASE}id/yemen-kuwait-2", "--format", "csv", at=yemen)
    assert "houthis" in own.stdout, own.stderr
    page = (yemen / "graph" / "page.html").read_text(encoding="utf-8")
    assert "<title>شبكة معرفية للمحادثات اليمنية</title>" in page
    assert "الجولة الثانية من مشاورات الكويت" in page
    assert kg("validate", at=yemen).stdout == "The graph holds to all shapes.\n"
    assert kg("explain", "houthis", "signed", "stockholm-agreement", at=yemen).returncode == 0


@pytest.mark.model
def test_a_changed_table_is_noticed_by_the_next_rebuild(yemen: pathlib.Path, tmp_path: pathlib.Path) -> None:
    shutil.copytree(yemen, tmp_path / "yemen", symlinks=True)
    table = tmp_path / "yemen" / "seeds" / "actors.tsv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("saudi-led-coalition")]
    table.write_text("".join(kept), encoding="utf-8")
    built = kg("rebuild", at=tmp_path / "yemen")
    assert "(0 annotated now)" in built.stdout, built.stderr
    assert "saudi-led-coalition" not in (tmp_path / "yemen" / "graph" / "kg.nq").read_text(encoding="utf-8")


@functools.cache
def words_of_our_domain() -> frozenset[str]:
    """Folded: ids of our tables, and names and words that only these talks have; outlets are a matter of the language."""
    actors = [row for row in seeds.read("actors.tsv", ActorRow) if row.kind is not Kind.MEDIA_OUTLET]
    named: list[ActorRow | PlaceRow | TrackRow] = [*actors, *seeds.read("places.tsv", PlaceRow)]
    named += seeds.read("tracks.tsv", TrackRow)
    about = [
        word for row in seeds.read("domain.tsv", DomainRow) if row.role in ("about", "elsewhere") for word in row.values
    ]
    names = [name for row in named for name in (row.id, row.ar, row.en)]
    more = {"Syria", "Syrian", "Astana", "Geneva", "Sochi", "Assad", "Damascus"}
    return frozenset(map(fold, {*names, *about} - {"who"} | more))


def texts_of_the_code(path: pathlib.Path) -> Iterator[tuple[int, str]]:
    """The texts in a module that are no docstrings, and the parts of its names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = [node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    docstrings = {id(node.value) for node in described}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value
        elif isinstance(node, ast.Name | ast.FunctionDef | ast.ClassDef):
            name = node.id if isinstance(node, ast.Name) else node.name
            yield node.lineno, name.replace("_", " ")


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_word_of_these_talks_is_in_the_code(path: pathlib.Path) -> None:
    ours = words_of_our_domain()
    found = [
        (line, text)
        for line, text in texts_of_the_code(path)
        for word in {fold(text), *re.split(r"[^\w-]+", fold(text))}
        if word in ours
    ]
    assert found == []


def test_the_example_stands_in_order(tmp_path: pathlib.Path) -> None:
    shutil.copytree(YEMEN, tmp_path / "yemen")
    assert kg("lint", at=tmp_path / "yemen").stdout == "The seed tables are in order.\n"


def test_the_check_of_the_code_finds_a_word() -> None:
    assert set(map(fold, ("syria", "astana-process", "دمشق", "أستانا"))) <= words_of_our_domain()
