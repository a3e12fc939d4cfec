"""The endpoint speaks the SPARQL 1.1 Protocol, and only reads.

The tests with W3C names do what the suite https://w3c.github.io/rdf-tests/sparql/sparql11/protocol/ asks, on graphs of
the same names. Left out of its 34 are the seven that need an update to succeed, because this endpoint only reads:
``update_dataset_default_graph``, ``update_dataset_default_graphs``, ``update_dataset_named_graphs``, ``update_dataset_full``,
``update_post_form``, ``update_post_direct`` and ``update_base_uri``. Of ``bad_update_*`` it holds that the answer is 4xx.
"""

from __future__ import annotations

import io
import json
import pathlib
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
import rdflib
from rdflib import Variable
from rdflib.namespace import RDF
from rdflib.query import Result

from kg.ids import iri
from kg.rdf import Quad
from tests.serving import Answered, Server, folder, serving

DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
DOCUMENT = "http://xmlns.com/foaf/0.1/Document"
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
RESULTS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPHS = {
    "turtle": "text/turtle",
    "nt": "application/n-triples",
    "json-ld": "application/ld+json",
    "xml": "application/rdf+xml",
}
WHO = "SELECT ?a { ?a st:attended id:astana-5 }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = [Quad(DATA.format(n), str(RDF.type), DOCUMENT, DATA.format(n)) for n in range(4)]
    with serving(folder(tmp_path_factory.mktemp("protocol") / "graph", more=data)) as running:
        yield running


def typed(*numbers: int) -> str:
    return " ".join(f"<{DATA.format(n)}> a ?type ." for n in numbers)


def named(*numbers: int) -> str:
    return " ".join(f"GRAPH ?g{n} {{ {typed(n)} }}" for n in numbers)


def graphs(**fields: tuple[int, ...]) -> str:
    pairs = [(f"{kind}-graph-uri", DATA.format(n)) for kind, numbers in fields.items() for n in numbers]
    return urlencode(pairs)


def truth(answer: Answered) -> bool:
    assert answer.status == 200, answer.text
    assert answer.media in (RESULTS["json"], RESULTS["xml"])
    return bool(json.loads(answer.body)["boolean"])


# The W3C's tests


def test_query_post_form(server: Server) -> None:
    assert truth(
        server.ask("/sparql/?" + graphs(default=(0,)), method="POST", body="query=ASK%20%7B%7D", content_type=FORM)
    )


@pytest.mark.parametrize("way", ["get", "post"])
def test_query_dataset_default_graphs(server: Server, way: str) -> None:
    query, chosen = f"ASK {{ {typed(1, 2)} }}", graphs(default=(1, 2))
    if way == "get":
        assert truth(server.ask(f"/sparql/?query={quote(query)}&{chosen}"))
    else:
        assert truth(server.ask(f"/sparql/?{chosen}", method="POST", body=query, content_type=QUERY))


@pytest.mark.parametrize("way", ["get", "post"])
def test_query_dataset_named_graphs(server: Server, way: str) -> None:
    query, chosen = f"ASK {{ {named(1, 2)} }}", graphs(named=(1, 2))
    if way == "get":
        assert truth(server.ask(f"/sparql/?query={quote(query)}&{chosen}"))
    else:
        assert truth(server.ask(f"/sparql/?{chosen}", method="POST", body=query, content_type=QUERY))


def test_query_dataset_full(server: Server) -> None:
    query = f"ASK {{ {typed(3)} {named(1, 2)} }}"
    assert truth(
        server.ask("/sparql/?" + graphs(default=(3,), named=(1, 2)), method="POST", body=query, content_type=QUERY)
    )


def test_query_multiple_dataset(server: Server) -> None:
    query = f"ASK FROM <{DATA.format(3)}> {{ {named(1, 2)} }}"
    assert truth(server.ask("/sparql/?" + graphs(named=(1, 2)), method="POST", body=query, content_type=QUERY))


def test_query_get(server: Server) -> None:
    assert truth(server.ask("/sparql/?query=ASK%20%7B%7D&" + graphs(default=(0,))))


def test_query_post_direct(server: Server) -> None:
    assert truth(server.ask("/sparql/", method="POST", body="ASK {}", content_type=QUERY))


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ("SELECT (1 AS ?value) {}", RESULTS),
        ("ASK {}", RESULTS),
        ("DESCRIBE <http://example.org/>", GRAPHS),
        ("CONSTRUCT { <http://e/s> <http://e/p> 1 } WHERE {}", GRAPHS),
    ],
)
def test_query_content_type(server: Server, query: str, allowed: dict[str, str]) -> None:
    answer = server.ask("/sparql/?" + graphs(default=(0,)), method="POST", body=query, content_type=QUERY)
    assert answer.status == 200
    assert answer.media in allowed.values()


@pytest.mark.parametrize(
    ("method", "target", "body", "media"),
    [
        pytest.param("PUT", "?query=ASK%20%7B%7D", None, FORM, id="bad_query_method"),
        pytest.param("GET", "?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", None, None, id="bad_multiple_queries"),
        pytest.param("POST", "", b"ASK {}", "text/plain", id="bad_query_wrong_media_type"),
        pytest.param("POST", "", b"query=ASK%20%7B%7D", None, id="bad_query_missing_form_type"),
        pytest.param("POST", "", b"ASK {}", None, id="bad_query_missing_direct_type"),
        pytest.param("POST", "", "ASK {}".encode("utf-16"), f"{QUERY}; charset=UTF-16", id="bad_query_non_utf8"),
        pytest.param("GET", "?query=ASK%20%7B", None, None, id="bad_query_syntax"),
        pytest.param("GET", "?update=CLEAR%20ALL", None, None, id="bad_update_get"),
        pytest.param("POST", "", b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM, id="bad_multiple_updates"),
        pytest.param("POST", "", b"CLEAR NAMED", "text/plain", id="bad_update_wrong_media_type"),
        pytest.param("POST", "", b"update=CLEAR%20NAMED", None, id="bad_update_missing_form_type"),
        pytest.param("POST", "", "CLEAR NAMED".encode("utf-16"), f"{UPDATE}; charset=UTF-16", id="bad_update_non_utf8"),
        pytest.param("POST", "", b"update=CLEAR%20XYZ", FORM, id="bad_update_syntax"),
        pytest.param(
            "POST", "?using-graph-uri=http%3A%2F%2Fe%2F", b"CLEAR ALL", UPDATE, id="bad_update_dataset_conflict"
        ),
    ],
)
def test_bad_requests(server: Server, method: str, target: str, body: bytes | None, media: str | None) -> None:
    headers = {"content_type": media} if media else {}
    assert 400 <= server.ask(f"/sparql/{target}", method=method, body=body, **headers).status < 500


def test_service_description(server: Server) -> None:
    """The three tests of https://w3c.github.io/rdf-tests/sparql/sparql11/service-description/."""
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    address = rdflib.URIRef(f"{server.address}/sparql")
    for form, media in GRAPHS.items():
        answer = server.ask("/sparql", accept=media)
        assert (answer.status, answer.media) == (200, media)
        found = rdflib.Graph().parse(data=answer.body, format=form)
        assert (address, sd.endpoint, address) in found
        assert {str(found.value(g, sd.name)) for g in found.objects(predicate=sd.namedGraph)} >= {DATA.format(1)}
        for node, kind in ((address, sd.Service), (found.value(address, sd.defaultDataset), sd.Dataset)):
            assert (node, RDF.type, kind) in found


# What is answered, and as what


@pytest.mark.parametrize("form", RESULTS)
def test_results_come_in_every_format(server: Server, form: str) -> None:
    for answer in (server.query(WHO, accept=RESULTS[form]), server.ask(f"/sparql?format={form}&query={quote(WHO)}")):
        assert answer.media == RESULTS[form]
        found = Result.parse(io.BytesIO(answer.body), format=form)
        assert [str(row[Variable("a")]).strip("<>") for row in found.bindings] == [iri("russia")]


@pytest.mark.parametrize("form", GRAPHS)
def test_graphs_come_in_every_format(server: Server, form: str) -> None:
    answer = server.query("CONSTRUCT { ?a st:attended ?r } WHERE { ?a st:attended ?r }", accept=GRAPHS[form])
    assert answer.media == GRAPHS[form]
    found = {(str(s), str(o)) for s, _, o in rdflib.Graph().parse(data=answer.body, format=form)}
    assert found == {(iri("russia"), iri("astana-5"))}


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.5", RESULTS["xml"]),
        ("application/json", RESULTS["json"]),
        ("text/*", RESULTS["csv"]),
        ("image/png, */*;q=0.1", RESULTS["json"]),
        ("text/csv;q=nonsense, application/xml", RESULTS["xml"]),
    ],
)
def test_the_best_of_the_wanted_formats(server: Server, accept: str, media: str) -> None:
    assert server.query(WHO, accept=accept).media == media


def test_no_wanted_format_is_said_plainly(server: Server) -> None:
    answer = server.query(WHO, accept="image/png")
    assert (answer.status, answer.media) == (406, "text/plain")
    assert "application/sparql-results+json" in answer.text


def test_head_has_no_body(server: Server) -> None:
    answer = server.ask("/sparql?" + urlencode({"query": WHO}), method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) > 0


def test_a_browser_is_sent_to_the_page(server: Server) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = server.query(WHO, accept=accept)
    assert (answer.status, answer.headers["location"]) == (303, "/query?" + urlencode({"query": WHO}))
    assert server.ask("/sparql", accept=accept).headers["location"] == "/query"


# What is refused


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("INSERT DATA { <http://a> <http://b> 1 }", "queries only read"),
        ("DELETE WHERE { ?s ?p ?o }", "queries only read"),
        ("LOAD <file:///etc/passwd>", "queries only read"),
        ("PREFIX a: <http://a/> CLEAR ALL", "queries only read"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE is not allowed"),
        ("SELECT * { SERVICE SILENT ?x { ?s ?p ?o } }", "SERVICE is not allowed"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "FROM must name a graph"),
        ("SELECT * FROM <http://example.org/> { ?s ?p ?o }", "no named graph <http://example.org/>"),
        ("SELECT * FROM NAMED <http://example.org/> { ?s ?p ?o }", "no named graph <http://example.org/>"),
        ("SELECT * { ?s ?p ?o } ; DROP ALL", "cannot be answered"),
        ("SELECT * { ?s nope:p ?o }", "cannot be answered"),
        ("", "cannot be answered"),
        ("SELECT * {" + "{" * 20_000, "too deep"),
    ],
)
def test_what_does_not_only_read_this_graph_is_refused(server: Server, query: str, why: str) -> None:
    for answer in (server.query(query), server.ask("/sparql", method="POST", body=query, content_type=QUERY)):
        assert (answer.status, answer.media) == (400, "text/plain")
        assert why in answer.text


@pytest.mark.parametrize("field", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("graph", ["http://example.org/", "file:///etc/passwd", "not an IRI", ""])
def test_graphs_of_others_are_refused(server: Server, field: str, graph: str) -> None:
    answer = server.ask("/sparql?" + urlencode({"query": "ASK {}", field: graph}))
    assert (answer.status, "no named graph" in answer.text) == (400, True)


def test_updates_are_refused(server: Server) -> None:
    for answer in (
        server.ask("/sparql", method="POST", body="CLEAR ALL", content_type=UPDATE),
        server.ask("/sparql", method="POST", body="update=CLEAR+ALL", content_type=FORM),
    ):
        assert (answer.status, "only reads" in answer.text) == (403, True)
    assert truth(server.query("ASK { ?s ?p ?o }"))


def test_too_long_a_request_is_refused(server: Server) -> None:
    assert server.ask("/sparql", method="POST", body="#" * 1_000_001, content_type=QUERY).status == 413
    assert server.ask("/sparql?query=" + "a" * 200_000).status in (400, 414, 431)
    assert server.ask("/sparql?" + "&".join(["a=1"] * 200)).status == 400


def test_bytes_that_are_no_text_are_refused(server: Server) -> None:
    assert server.ask("/sparql", method="POST", body=b"ASK { } # \xff", content_type=QUERY).status == 400
    assert server.ask("/sparql", method="POST", body=b"query=ASK%7B%7D%23%FF", content_type=FORM).status == 400
    assert server.ask("/sparql?query=ASK%7B%7D%23%FF").status == 400


# Who may ask


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil.example", ""]
)
def test_other_names_that_point_here_get_nothing(server: Server, host: str) -> None:
    assert server.query("ASK {}", host=host).status == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:9", "[::1]:8765", "192.168.1.7"])
def test_names_that_can_only_be_ours_are_served(server: Server, host: str) -> None:
    assert truth(server.query("ASK {}", host=host))


def test_pages_of_other_sites_may_not_ask(server: Server) -> None:
    headers = {"origin": "https://other.example", "sec_fetch_site": "cross-site", "sec_fetch_mode": "cors"}
    answer = server.query("ASK {}", **headers)
    assert answer.status == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert truth(server.query("ASK {}", origin="https://other.example"))


def test_sites_that_were_named_may_ask(tmp_path: pathlib.Path) -> None:
    origin = "https://ours.example"
    with serving(folder(tmp_path / "graph"), "--cors", origin, "--name", "kg.example") as server:
        preflight = server.ask(
            "/sparql", method="OPTIONS", origin=origin, access_control_request_method="POST",
            access_control_request_headers="content-type",
        )  # fmt: skip
        assert (preflight.status, preflight.headers["access-control-allow-origin"]) == (200, origin)
        asked = server.query(
            "ASK {}", origin=origin, host="kg.example", sec_fetch_site="cross-site", sec_fetch_mode="cors"
        )
        assert (truth(asked), asked.headers["access-control-allow-origin"]) == (True, origin)
        other = server.query("ASK {}", origin="https://other.example")
        assert "access-control-allow-origin" not in other.headers
