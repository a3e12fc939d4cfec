"""Exports: every form says the same, other tools open it, and what comes back is what went out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from typing import Any

import networkx
import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from pyld import jsonld
from rdflib.compare import isomorphic

from kg import answers, pipeline, store
from kg.export import FORMATS, export
from kg.folder import GraphFolder
from kg.ids import iri
from kg.jsonld import context, write_jsonld
from kg.model import Claim, Document, Entity
from kg.network import gexf, graphml, load, network
from kg.queries import NamedQuery, available
from kg.rdf import PREFIXES, Quad, serialize_nquads, term
from kg.vocabulary import Kind, Predicate
from tests.conftest import run
from tests.graph_factory import ASTANA_5, claim, quads
from tests.test_merge import QUADS, by_pyoxigraph
from tests.test_named_queries import ARTICLES, CLAIMS

RDFLIB = {"nq": "nquads", "trig": "trig", "ttl": "turtle", "jsonld": "json-ld"}
RAPPER = {"nq": "nquads", "trig": "trig", "ttl": "turtle"}
CLAIMED: list[Claim] = list(CLAIMS)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A graph folder with the claims of the named queries' tests, written by the pipeline."""
    place = tmp_path_factory.mktemp("export")
    folder = GraphFolder(place / "graph")

    def claims_of(document: Document) -> tuple[Claim, ...]:
        return tuple(one for one in CLAIMED if one.article == document.article.id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.engine.work.claims_of", claims_of)
        from tests.by_hand import MODEL, Annotator

        patch.setattr("kg.annotate.Annotator", Annotator)
        patch.setattr("kg.annotate.fingerprint", lambda _: MODEL)
        lines = [
            json.dumps(
                {
                    "id": a.id, "title": a.title, "text": a.text, "outlet": a.outlet, "url": a.url,
                    "published": a.published.isoformat() if a.published else None,
                }
            )
            for a in ARTICLES
        ]  # fmt: skip
        (place / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
        pipeline.rebuild([place / "articles.jsonl"], folder)
    return folder.path


@pytest.fixture(scope="module")
def exports(small: pathlib.Path) -> dict[str, str]:
    return {form: export(GraphFolder(small), form) for form in FORMATS if form != "csv"}


def statements(text: str, form: str) -> rdflib.Graph:
    """The statements of all graphs of a text, as one graph, read by rdflib."""
    data = rdflib.Dataset(default_union=True)
    data.parse(data=text, format=RDFLIB[form])
    union = rdflib.Graph()
    for s, p, o, _ in data.quads():
        union.add((s, p, o))
    return union


def test_all_forms_of_rdf_say_the_same(exports: dict[str, str]) -> None:
    expected = statements(exports["nq"], "nq")
    assert len(expected) > 800
    for form in ("trig", "ttl", "jsonld"):
        assert isomorphic(statements(exports[form], form), expected), form


def test_quads_come_back_as_they_went(exports: dict[str, str], small: pathlib.Path) -> None:
    expected = set(store.read_quads(small / "kg.nq"))
    assert exports["nq"] == (small / "kg.nq").read_text(encoding="utf-8")
    assert exports["trig"] == (small / "kg.trig").read_text(encoding="utf-8")
    for form, name in ((pyoxigraph.RdfFormat.TRIG, "trig"), (pyoxigraph.RdfFormat.JSON_LD, "jsonld")):
        assert by_pyoxigraph(exports[name], form) == expected


def refuse(url: str, _: Any) -> Any:
    raise AssertionError(f"asks the network for {url}")


def test_a_json_ld_processor_expands_it_without_asking_the_network(exports: dict[str, str]) -> None:
    document = json.loads(exports["jsonld"])
    expanded = jsonld.expand(document, {"documentLoader": refuse})
    assert len(expanded) == len(document["@graph"])
    back = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": refuse})
    assert by_pyoxigraph(back, pyoxigraph.RdfFormat.N_QUADS) == by_pyoxigraph(
        exports["nq"], pyoxigraph.RdfFormat.N_QUADS
    )


def test_json_ld_is_readable(exports: dict[str, str]) -> None:
    nodes = {node["@id"]: node for graph in json.loads(exports["jsonld"])["@graph"] for node in graph["@graph"]}
    russia = nodes["id:russia"]
    assert (russia["@type"], russia["name_ar"], russia["name_en"], russia["known"]) == (
        "st:State", "روسيا", "Russia", "true",
    )  # fmt: skip
    claimed = next(node for node in nodes.values() if node.get("predicate") == "st:attacked" and "polarity" in node)
    assert (claimed["subject"], claimed["object"], claimed["says"]) == (
        "id:syria-government", "id:idlib", "id:syrian-opposition",
    )  # fmt: skip


@given(QUADS)
@settings(max_examples=60)
def test_any_quads_survive_json_ld(made: list[Quad]) -> None:
    assert by_pyoxigraph(write_jsonld(made), pyoxigraph.RdfFormat.JSON_LD) == set(made)


def test_the_context_has_the_prefixes_of_the_code_and_only_terms_that_exist() -> None:
    found = context()
    assert {name: found[name] for name in PREFIXES} == dict(PREFIXES)
    for name, meaning in found.items():
        if name not in PREFIXES and not name.startswith("@"):
            term(meaning if isinstance(meaning, str) else meaning["@id"])


@pytest.fixture
def rapper() -> str:
    found = shutil.which("rapper")
    if not found:
        if os.environ.get("KG_REQUIRE_RAPPER"):
            pytest.fail("rapper is required here; run scripts/install_rapper.sh")
        pytest.skip("rapper is not here; scripts/install_rapper.sh installs it")
    return found


def counted(rapper: str, path: pathlib.Path, form: str) -> int:
    """How many statements Raptor finds in a file."""
    command = [rapper, "-c", "-i", form, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "rror" not in done.stderr
    assert "arning" not in done.stderr
    found = re.search(r"returned (\d+) triples", done.stderr)
    assert found
    return int(found[1])


@pytest.mark.parametrize("form", RAPPER)
def test_raptor_reads_it(rapper: str, exports: dict[str, str], form: str, tmp_path: pathlib.Path) -> None:
    path = tmp_path / f"graph.{form}"
    path.write_text(exports[form], encoding="utf-8", newline="\n")
    found = counted(rapper, path, RAPPER[form])
    lines = exports["nq"].splitlines()
    assert found == (len({line.rpartition(" <")[0] for line in lines}) if form == "ttl" else len(lines))


@pytest.mark.model
def test_raptor_reads_the_graph_of_the_seeds(rapper: str, graph: pathlib.Path, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "seeds.ttl"
    run("export", "--format", "ttl", "--graph", graph, "-o", path)
    assert counted(rapper, path, "turtle") > 1000
    assert run("validate", "--graph", graph).output == "The graph holds to all shapes.\n"


# ---- networks and tables


def test_networkx_reads_back_what_was_written(small: pathlib.Path, exports: dict[str, str]) -> None:
    made = load(small)
    asserted = {quad[:3] for quad in store.read_quads(small / "kg.nq") if quad.graph.endswith("/asserted")}
    edges = {(f, t) for f, _, t in asserted if isinstance(t, str)}
    assert {frozenset((iri(f), iri(t))) for f, t in made.edges()} == {frozenset(pair) for pair in edges}
    for back in (networkx.parse_graphml(exports["graphml"]), networkx.read_gexf(io.BytesIO(exports["gexf"].encode()))):
        assert (set(back.nodes), back.number_of_edges()) == (set(made.nodes), made.number_of_edges())
    back = networkx.parse_graphml(exports["graphml"], force_multigraph=True)
    for node, attributes in made.nodes(data=True):
        assert back.nodes[node] == attributes
    for one, other, key, attributes in made.edges(keys=True, data=True):
        assert back.edges[one, other, key] == attributes


def test_nodes_and_edges_say_what_they_are(small: pathlib.Path) -> None:
    made = load(str(small))
    assert made.nodes["astana-5"]["label"] == "أستانا 5"
    assert made.nodes["russia"] == {
        "label": "روسيا", "name_ar": "روسيا", "name_en": "Russia", "kind": "State", "known": True, "wikidata": "Q159",
        "held": "",
    }  # fmt: skip
    assert made.edges["russia", "astana-5", "attended"] == {
        "relation": "attended", "sources": 2, "denials": 0, "articles": 3, "outlets": "الشرق | الغرب",
        "first": "2017-07-04", "last": "2017-08-01", "disputed": False,
    }  # fmt: skip
    assert not made.has_edge("jaysh-al-islam", "astana-5", "attended")  # denied


def test_no_day_of_writing_stands_in_the_files(exports: dict[str, str]) -> None:
    year = str(time.gmtime().tm_year)
    assert "lastmodified" not in exports["gexf"]
    assert all(year not in exports[form] for form in ("gexf", "graphml"))


def test_names_that_xml_cannot_hold_are_cleaned() -> None:
    odd = Entity("x", Kind.PERSON, ("اسم\x00\x1b <&\"'> \ufffe", "A\x07 name"))
    made = network(quads(claim(odd, Predicate.ATTENDED, ASTANA_5)))
    back = networkx.parse_graphml(graphml(made))
    assert back.nodes["x"]["name_ar"] == "اسم <&\"'> "
    assert "A name" in gexf(made)


def test_tables(small: pathlib.Path, tmp_path: pathlib.Path) -> None:
    run("export", "--format", "csv", "--graph", small, "-o", tmp_path / "tables")
    tables = {
        path.stem: list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        for path in (tmp_path / "tables").iterdir()
    }
    made = load(small)
    assert [len(tables[name]) for name in ("nodes", "edges", "claims")] == [
        made.number_of_nodes(), made.number_of_edges(), len(CLAIMS),
    ]  # fmt: skip
    assert {row["id"]: row["name_en"] for row in tables["nodes"]}["russia"] == "Russia"
    assert {(row["source"], row["relation"]) for row in tables["edges"]} == {
        (f, k) for f, _, k in made.edges(keys=True)
    }
    assert {row["subject"] for row in tables["claims"]} >= {"روسيا", "تركيا"}


def test_csv_needs_a_folder(small: pathlib.Path) -> None:
    assert "name a folder for them" in run("export", "--format", "csv", "--graph", small, code=2).stderr


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "csv"])
def test_the_command_writes_what_the_library_says(small: pathlib.Path, exports: dict[str, str], form: str) -> None:
    assert run("export", "--format", form, "--graph", small).output == exports[form]


def test_what_follows_is_exported_on_request_only(small: pathlib.Path, exports: dict[str, str]) -> None:
    text = run("export", "--format", "nq", "--inferred", "--graph", small).output
    added = set(text.splitlines()) - set(exports["nq"].splitlines())
    assert set(exports["nq"].splitlines()) <= set(text.splitlines())
    assert any("#attendedBy> " in line and line.endswith("graph/inferred> .") for line in added)


def test_exports_are_the_same_in_other_surroundings(small: pathlib.Path, exports: dict[str, str]) -> None:
    root = str(pathlib.Path(__file__).parent.parent)
    code = (
        "import sys, hashlib, pathlib; from kg.export import export; from kg.folder import GraphFolder\n"
        "for form in sys.argv[2:]:\n"
        "    print(hashlib.sha256(export(GraphFolder(pathlib.Path(sys.argv[1])), form).encode()).hexdigest())"
    )
    expected = [hashlib.sha256(exports[form].encode()).hexdigest() for form in exports]
    for seed, zone in (("1", "Pacific/Kiritimati"), ("2", "America/Los_Angeles")):
        surroundings = {**os.environ, "PYTHONPATH": root, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        command = [sys.executable, "-c", code, str(small), *exports]
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True)
        assert done.stdout.split() == expected


# ---- a server of its own


@pytest.fixture(scope="module")
def server(small: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Oxigraph server that has loaded the export."""
    place = tmp_path_factory.mktemp("server")
    (place / "graph.nq").write_text(export(GraphFolder(small), "nq"), encoding="utf-8", newline="\n")
    program = str(pathlib.Path(sys.executable).with_name("oxigraph"))
    loading = [program, "load", "--location", str(place / "db"), "--file", str(place / "graph.nq")]
    subprocess.run(loading, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "serve-read-only", "--location", str(place / "db"), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    """Return when somebody listens."""
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"nobody listens on port {port}")


def asked(server: str, sparql: str) -> list[dict[str, Any]]:
    data = urllib.parse.urlencode({"query": sparql}).encode()
    request = urllib.request.Request(server, data, {"Accept": "application/sparql-results+json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        rows: list[dict[str, Any]] = json.load(answer)["results"]["bindings"]
    return rows


def plain(row: dict[str, Any]) -> frozenset[tuple[str, str, str, str]]:
    """A row of SPARQL results JSON, comparable; ``xsd:string`` is what has no other type."""
    string = PREFIXES["xsd"] + "string"
    return frozenset(
        (name, cell["value"], cell.get("xml:lang", ""), cell.get("datatype", "").replace(string, ""))
        for name, cell in row.items()
    )


@pytest.mark.parametrize("named", available(), ids=lambda named: named.name)
def test_a_server_gives_the_same_answers(server: str, small: pathlib.Path, named: NamedQuery) -> None:
    ours = store.query(store.load(small / "kg.nq"), named.sparql)
    assert isinstance(ours, answers.Table)
    rows = json.loads(answers.to_json(ours))["results"]["bindings"]
    assert Counter(map(plain, asked(server, named.sparql))) == Counter(map(plain, rows))


def test_the_pipeline_writes_what_merging_gives(small: pathlib.Path) -> None:
    expected = serialize_nquads(quads(*CLAIMS, articles=ARTICLES))
    kept = (small / "kg.nq").read_text(encoding="utf-8")
    claimed = [line for line in expected.splitlines() if "/claim/" in line and "wasGeneratedBy" not in line]
    assert [line for line in claimed if line not in kept] == []
