"""``kg publish`` onto real servers: what arrives, what is not sent again, what a killed run and a bad network leave."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest

from kg.answers import Table
from kg.endpoint import Endpoint
from kg.folder import GraphFolder
from kg.ids import BASE, article_iri
from kg.model import Claim
from kg.naming import ENTITIES, FACTS
from kg.protocols import LISTED, GraphStore, Update
from kg.rdf import Literal, Quad, serialize_nquads, typed
from kg.store import build_disk_store, graph_names, open_disk_store, pieces, read_quads
from kg.vocabulary import Predicate
from tests import serving
from tests.conftest import run
from tests.graph_factory import ASTANA_5, IDLIB, OPPOSITION, RUSSIA, TURKEY, article, claim
from tests.servers import Seen, every_third, oxigraph, proxy, virtuoso

ODD = 'a "quoted" \\u0041 \\\\u0022 line\nbreak \u2028 \x08 }} ; DROP ALL # \U0001f54a'
COUNT = 12


def claims(count: int = COUNT) -> list[Claim]:
    """Three claims of each article, one of the articles with odd words."""
    made = []
    for number in range(count):
        source = f"a{number:02}"
        words = ODD if number == 1 else f"قال المقال {source}"
        made += [
            claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, source=source, words=words),
            claim(TURKEY, Predicate.MET_WITH, RUSSIA, source=source),
            claim(RUSSIA, Predicate.ATTACKED, IDLIB, source=source, says=OPPOSITION),
        ]
    return made


def graph_of(path: pathlib.Path, found: list[Claim]) -> GraphFolder:
    """A graph folder of these claims with its store."""
    made = serving.folder(path, found, [article(key) for key in sorted({one.article for one in found})])
    build_disk_store(made.nquads, path / "current" / "store")
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> GraphFolder:
    return graph_of(tmp_path_factory.mktemp("publish") / "graph", claims())


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> GraphFolder:
    """The same without the last article, with one more, and with another claim in the first."""
    more = claim(TURKEY, Predicate.ATTENDED, ASTANA_5, source="a00")
    new = claim(TURKEY, Predicate.ATTENDED, ASTANA_5, source="b00")
    kept = [one for one in claims() if one.article != f"a{COUNT - 1:02}"]
    return graph_of(tmp_path_factory.mktemp("changed") / "graph", [*kept, more, new])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as address:
        yield address


@pytest.fixture
def server(running: str) -> str:
    """The address of an Oxigraph server with nothing in it."""
    Endpoint(f"{running}/update").request("POST", b"DROP ALL", content="application/sparql-update")
    return running


def content(server: str) -> set[str]:
    """All quads of an Oxigraph server but the list, as N-Quads."""
    request = urllib.request.Request(f"{server}/store", headers={"Accept": "application/n-quads"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        lines: list[str] = answer.read().decode().removesuffix("\n").split("\n")
    return {line for line in lines if line and not line.endswith(f"<{LISTED}> .")}


def of(folder: GraphFolder) -> set[str]:
    """All quads of a folder, as Oxigraph writes them."""
    store = open_disk_store(folder.store)
    return {
        f"{line.removesuffix(' .')} <{graph}> ."
        for graph in graph_names(store)
        for piece in pieces(store, graph, 1000)
        for line in piece.removesuffix("\n").split("\n")
    }


WAYS = {
    "store": ["/store"],
    "store in pieces": ["/store", "--triples", "20"],
    "update": ["/update", "--query-url", "/query"],
    "update in pieces": ["/update", "--query-url", "/query", "--triples", "20"],
    "update, not asked": ["/update", "--query-url", "/query", "--protocol", "update"],
}


def publish(server: str, folder: GraphFolder, *options: str, code: int = 0) -> str:
    """Run the command on paths of this server; what it prints."""
    whole = [f"{server}{option}" if option.startswith("/") else option for option in options]
    result = run("publish", *whole, "--graph", folder.path, code=code)
    return result.output + result.stderr


@pytest.mark.parametrize("way", WAYS)
def test_what_arrives_is_the_graph_and_only_changes_are_sent_again(
    server: str, folder: GraphFolder, changed: GraphFolder, way: str
) -> None:
    publish(server, folder, *WAYS[way])
    assert content(server) == of(folder)
    assert "to send 0 graphs with 0 triples, remove 0; 16 are there" in publish(server, folder, *WAYS[way])
    with proxy(server) as between:
        told = publish(between.address, changed, *WAYS[way])
    # the changed and the new article, and the entities, facts and description of all
    assert "to send 5 graphs" in told
    assert "remove 1; 11 are there already" in told
    assert content(server) == of(changed)
    assert "قال المقال a00" in "".join(request.body.decode() for request in between.seen)
    assert "قال المقال a05" not in "".join(request.body.decode() for request in between.seen)


def test_what_others_keep_on_the_server_stays(server: str, folder: GraphFolder, changed: GraphFolder) -> None:
    body = b"<http://example.org/s> <http://example.org/p> 1 ."
    theirs = Endpoint(f"{server}/store?graph=http%3A%2F%2Fexample.org%2Ftheirs")
    theirs.request("PUT", body, content="text/turtle")
    for graph in (folder, changed):
        publish(server, graph, "/store")
    assert any("<http://example.org/theirs>" in line for line in content(server))


@pytest.mark.parametrize("way", WAYS)
def test_a_server_that_fails_every_third_request_loses_and_doubles_nothing(
    server: str, folder: GraphFolder, changed: GraphFolder, way: str
) -> None:
    with proxy(server, every_third) as between:
        for graph in (folder, changed, changed):
            told = publish(between.address, graph, *WAYS[way])
        assert len(between.seen) > 12
    assert "to send 0 graphs" in told
    assert content(server) == of(changed)


@pytest.mark.parametrize("way", ["store", "update"])
def test_no_reader_sees_a_part_of_an_article(server: str, folder: GraphFolder, changed: GraphFolder, way: str) -> None:
    publish(server, folder, *WAYS[way])
    sizes: list[int] = []
    asks = Endpoint(f"{server}/query")
    wanted = f"SELECT ?p {{ GRAPH <{article_iri('a00')}> {{ ?s ?p ?o }} }}"

    def look() -> None:
        result = asks.query(wanted)
        assert isinstance(result, Table)
        sizes.append(len(result.rows))

    look()
    with proxy(server) as between:
        between.after = look
        publish(between.address, changed, *WAYS[way])
    assert len(set(sizes)) == 2
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("way", ["store", "store in pieces", "update", "update in pieces"])
def test_a_killed_run_is_gone_on_with(server: str, folder: GraphFolder, way: str) -> None:
    def slow(*_: object) -> str:
        time.sleep(0.05)
        return ""

    options = ["--triples", "60"] if "pieces" not in way else []
    with proxy(server, slow) as between:
        whole = [f"{between.address}{option}" if option.startswith("/") else option for option in WAYS[way]]
        command = [sys.executable, "-m", "kg", "publish", *whole, *options, "--graph", str(folder.path)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while len(hashed(server)) < 3 and process.poll() is None:
                time.sleep(0.005)
            process.kill()
        between.settle()
        assert process.returncode == -9
    done = hashed(server)
    assert 0 < len(done) < 16
    with proxy(server) as between:
        assert f"{len(done)} are there already" in publish(between.address, folder, *WAYS[way])
    assert not done & set(between.sent("PUT"))
    assert not any(
        f"CLEAR SILENT GRAPH <{graph}>".encode() in request.body for graph in done for request in between.seen
    )
    assert content(server) == of(folder)


def hashed(server: str) -> set[str]:
    """The graphs that the list calls complete."""
    found = Update(Endpoint(f"{server}/update"), Endpoint(f"{server}/query")).listed()
    return {graph for graph, content_hash in found.items() if content_hash}


def test_both_protocols_read_the_same_list_also_page_by_page(
    server: str, folder: GraphFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(server, folder, "/store")
    by_store = GraphStore(Endpoint(f"{server}/store")).listed()
    assert len(by_store) == 16
    monkeypatch.setattr("kg.protocols.PAGE", 3)
    assert Update(Endpoint(f"{server}/update"), Endpoint(f"{server}/query")).listed() == by_store


def test_a_graph_that_was_begun_and_is_no_longer_wanted_is_removed(
    server: str, folder: GraphFolder, changed: GraphFolder
) -> None:
    def refuse_the_facts(_: int, request: Seen) -> str:
        return "404" if request.graph == FACTS else ""

    with proxy(server, refuse_the_facts) as between:
        publish(between.address, folder, "/store", "--triples", "1", code=2)
    gone = article_iri(f"a{COUNT - 1:02}")
    assert any(gone in line for line in content(server))
    publish(server, changed, "/store")
    assert content(server) == of(changed)


def test_a_dry_run_sends_nothing(server: str, folder: GraphFolder) -> None:
    assert "would send 16 graphs" in publish(server, folder, "/store", "--dry-run")
    assert content(server) == set()


def test_the_hash_of_a_graph_does_not_depend_on_how_its_store_was_built(tmp_path: pathlib.Path) -> None:
    quads = [Quad(f"{BASE}s{n % 7}", f"{BASE}p", Literal(str(n)), ENTITIES) for n in range(500)]
    found = []
    for number, some in enumerate((quads, quads[::-1])):
        place = tmp_path / str(number)
        (tmp_path / f"{number}.nq").write_text("".join(serialize_nquads([quad]) for quad in some), encoding="utf-8")
        build_disk_store(tmp_path / f"{number}.nq", place)
        found.append("".join(pieces(open_disk_store(place), ENTITIES, 50 + number)))
    assert found[0] == found[1]
    assert found[0].count("\n") == 500


# ---- Virtuoso


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as address:
        yield address


DBA = ("--auth", "digest", "--user", "dba")
VIRTUOSO = {
    "graph store": ["/sparql-graph-crud-auth"],
    "update": ["/sparql-auth"],
    "update in pieces": ["/sparql-auth", "--triples", "20"],
}


@pytest.mark.parametrize("way", VIRTUOSO)
def test_virtuoso_holds_the_graph_and_answers_plain_queries(
    other: str, folder: GraphFolder, changed: GraphFolder, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_SECRET", "dba")
    endpoint = Endpoint(f"{other}/sparql")
    for graph in (folder, changed):
        publish(other, graph, *VIRTUOSO[way], *DBA)
        assert held(endpoint) == expected(graph)
        assert "to send 0 graphs" in publish(other, graph, *VIRTUOSO[way], *DBA)
    answer = run("query", "denials", "--endpoint", f"{other}/sparql", "--format", "csv").output
    assert answer == run("query", "denials", "--graph", changed.path, "--format", "csv").output
    assert "to send 5 graphs" in publish(other, folder, *VIRTUOSO[way], *DBA)
    assert "russia" in run("query", "-", "--endpoint", f"{other}/sparql", text="SELECT ?a { ?a st:attended ?b }").output


@pytest.mark.parametrize("way", ["graph store", "update"])
def test_virtuoso_takes_requests_that_are_as_large_as_they_come(
    other: str, way: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_SECRET", "dba")
    names = [
        Quad(f"{BASE}id/new-{n}", f"{BASE}ontology#name", Literal(f"اسم {n}", "ar"), ENTITIES) for n in range(4500)
    ]
    large = serving.folder(tmp_path / "graph", claims(1), [article("a00")], names)
    build_disk_store(large.nquads, large.path / "current" / "store")
    publish(other, large, *VIRTUOSO[way], *DBA)
    assert "to send 0 graphs" in publish(other, large, *VIRTUOSO[way], *DBA)
    result = Endpoint(f"{other}/sparql").query(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{ENTITIES}> {{ ?s ?p ?o }} }}")
    assert isinstance(result, Table)
    assert result.rows[0][0] == typed(str(sum(quad.graph == ENTITIES for quad in read_quads(large.nquads))), "integer")


def expected(folder: GraphFolder) -> set[tuple[str, str, str, str]]:
    return {(g, s, p, plain(o)) for s, p, o, g in read_quads(folder.nquads)}


def held(endpoint: Endpoint) -> set[tuple[str, str, str, str]]:
    """All quads that a Virtuoso server has under our names but the list."""
    result = endpoint.query(
        f'SELECT ?g ?s ?p ?o {{ GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), "{BASE}") && ?g != <{LISTED}>) }}'
    )
    assert isinstance(result, Table)
    return {(str(g), str(s), str(p), plain(o or "")) for g, s, p, o in result.rows}


def plain(cell: str | Literal) -> str:
    """A term without its datatype; Virtuoso 7 has no booleans, it keeps 1 and 0."""
    if not isinstance(cell, Literal):
        return cell
    if cell.datatype.endswith("#boolean"):
        return str(int(cell.value in ("true", "1")))
    return f"{cell.value}@{cell.language}" if cell.language else cell.value


def test_virtuoso_refuses_a_wrong_password(other: str, folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "add --auth digest --user NAME" in publish(other, folder, "/sparql-auth", code=2)
    monkeypatch.setenv("KG_SECRET", "not-the-password")
    told = publish(other, folder, "/sparql-auth", *DBA, code=2)
    assert "does not know this user or password" in told
    assert "not-the-password" not in told
