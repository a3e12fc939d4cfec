"""The examples of docs/serve.md work as they stand, against a real server; only the port is another."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from kg.ids import iri
from tests.serving import Server, folder, serving

EXAMPLES = (pathlib.Path(__file__).parent.parent / "docs" / "serve.md").read_text(encoding="utf-8")
PYTHON = [block for block in re.findall(r"```python\n(.*?)```", EXAMPLES, re.DOTALL) if ":8765/" in block]
CURL = [line for line in EXAMPLES.splitlines() if line.startswith("curl ")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(folder(tmp_path_factory.mktemp("clients") / "graph")) as running:
        yield running


def here(example: str, server: Server) -> str:
    return example.replace("http://127.0.0.1:8765", server.address)


def test_there_are_examples_of_each_client() -> None:
    assert [word for word in ("SPARQLWrapper", "SPARQLStore") if word in "".join(PYTHON)] == [
        "SPARQLWrapper",
        "SPARQLStore",
    ]
    assert len(CURL) == 3


@pytest.mark.parametrize("example", PYTHON)
def test_python_examples(server: Server, example: str) -> None:
    command = [sys.executable, "-W", "ignore", "-c", here(example, server)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert f"{iri('russia')} روسيا" in done.stdout
    assert f"{iri('russia')} Russia" in done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
@pytest.mark.parametrize("example", CURL)
def test_curl_examples(server: Server, example: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{here(example, server)} --silent --fail"], capture_output=True, text=True, check=True
    )
    assert re.search(r"a\s+https://w3id.org/syria-talks/id/russia|\"boolean\":true|id:astana-5 a st:Round", done.stdout)


FORMATS = {"json": "SELECT", "xml": "SELECT", "csv": "SELECT", "tsv": "SELECT", "turtle": "CONSTRUCT", "n3": "CONSTRUCT",
           "rdf+xml": "CONSTRUCT", "json-ld": "CONSTRUCT", "xml ": "DESCRIBE"}  # fmt: skip
QUERIES = {
    "SELECT": "SELECT ?a { ?a st:attended ?r }",
    "CONSTRUCT": "CONSTRUCT { ?a st:attended ?r } WHERE { ?a st:attended ?r }",
    "DESCRIBE": "DESCRIBE id:russia",
}


@pytest.mark.parametrize("method", ["GET", "POST", "POSTDIRECTLY"])
@pytest.mark.parametrize(("form", "kind"), FORMATS.items())
def test_sparqlwrapper_in_all_its_ways(server: Server, method: str, form: str, kind: str) -> None:
    from SPARQLWrapper import POSTDIRECTLY, SPARQLWrapper

    endpoint = SPARQLWrapper(f"{server.address}/sparql")
    endpoint.setReturnFormat(form.strip())
    endpoint.setMethod("POST" if method == "POSTDIRECTLY" else method)
    if method == "POSTDIRECTLY":
        endpoint.setRequestMethod(POSTDIRECTLY)
    endpoint.setQuery(QUERIES[kind])
    answer = endpoint.query().response.read().decode()
    assert "russia" in answer


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_store_in_all_its_ways(server: Server, method: str) -> None:
    from rdflib import Graph, URIRef
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    store = SPARQLStore(f"{server.address}/sparql", method=method)
    graph = Graph(store)
    attended = URIRef("https://w3id.org/syria-talks/ontology#attended")
    assert (URIRef(iri("russia")), attended, URIRef(iri("astana-5"))) in graph
    assert [str(subject) for subject in graph.subjects(attended)] == [iri("russia")]
    assert bool(graph.query("ASK { ?a st:attended ?r }"))
    found = graph.query("CONSTRUCT { ?a st:attended ?r } WHERE { ?a st:attended ?r }")
    assert len(found.graph or ()) == 1
    named = Graph(store, identifier=URIRef("https://w3id.org/syria-talks/graph/asserted"))
    assert len(list(named.query("SELECT ?s { ?s st:attended ?o }"))) == 1
