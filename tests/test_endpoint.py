"""A SPARQL server over HTTP: queries give what they give at home; secrets, redirections and refusals."""

from __future__ import annotations

import base64
import functools
import http.server
import json
import pathlib
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator

import pytest

from kg.endpoint import Credentials, Endpoint, Scheme
from kg.errors import EndpointError, QueryError
from kg.folder import GraphFolder
from kg.queries import NamedQuery, available
from kg.store import build_disk_store
from tests import serving
from tests.conftest import run
from tests.servers import Seen, listening, oxigraph, proxy
from tests.test_named_queries import ARTICLES, CLAIMS

SECRET = "correct horse"  # noqa: S105


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> GraphFolder:
    made = serving.folder(tmp_path_factory.mktemp("endpoint") / "graph", CLAIMS, ARTICLES)
    build_disk_store(made.nquads, made.path / "current" / "store")
    return made


@pytest.fixture(scope="module")
def server(folder: GraphFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Oxigraph server that has the graph."""
    with oxigraph(tmp_path_factory.mktemp("server")) as address:
        run("publish", f"{address}/store", "--graph", folder.path)
        yield address


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("named", available(), ids=lambda named: named.name)
def test_named_queries_give_there_what_they_give_here(
    server: str, folder: GraphFolder, named: NamedQuery, form: str
) -> None:
    here = run("query", named.name, "--graph", folder.path, "--format", form).output
    assert run("query", named.name, "--endpoint", f"{server}/query", "--format", form).output == here


QUERIES = {
    "table": "SELECT ?a ?b { GRAPH ?g { ?a st:attended ?b } }",
    "yes": "ASK { GRAPH ?g { id:russia st:attended id:astana-5 } }",
    "triples": "CONSTRUCT { ?a st:attended ?b } WHERE { GRAPH ?g { ?a st:attended ?b } }",
    "own prefix": "PREFIX st: <https://w3id.org/syria-talks/ontology#>\nSELECT ?a { GRAPH ?g { ?a st:attended ?b } } ORDER BY ?a",
}


@pytest.mark.parametrize("name", QUERIES)
def test_own_queries_too(server: str, folder: GraphFolder, name: str) -> None:
    here = run("query", "-", "--graph", folder.path, text=QUERIES[name]).output
    assert here.count("\n") > (name != "yes")
    assert run("query", "-", "--endpoint", f"{server}/query", text=QUERIES[name]).output == here


def test_parameters_and_files(server: str, tmp_path: pathlib.Path) -> None:
    told = run("query", "who-attended", "round=astana-6", "--endpoint", f"{server}/query").output
    assert "threat" not in told
    assert "id:turkey" in told
    (tmp_path / "q.rq").write_text("SELECT ?a { GRAPH ?g { ?a a st:Round } }", encoding="utf-8")
    assert "id:astana-5" in run("query", tmp_path / "q.rq", "--endpoint", f"{server}/query").output


def test_a_limit_cuts_the_answer(server: str) -> None:
    result = Endpoint(f"{server}/query").query("SELECT ?s { GRAPH ?g { ?s ?p ?o } }", limit=3)
    assert len(result.rows) == 3  # type: ignore[union-attr]
    assert result.truncated  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "sparql", ["DROP ALL", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SELECT * FROM <file:///x> {}"]
)
def test_what_does_not_only_read_is_not_sent(server: str, sparql: str) -> None:
    with proxy(server) as between:
        with pytest.raises(QueryError):
            Endpoint(between.address).query(sparql)
        assert not between.seen


def test_inferred_is_for_folders(server: str) -> None:
    assert (
        "--inferred or --endpoint"
        in run("query", "-", "--endpoint", server, "--inferred", code=2, text="ASK {}").stderr
    )


# ---- who one is


def wants(authorization: str) -> functools.partial[str]:
    return functools.partial(_refuse_others, authorization)


def _refuse_others(authorization: str, _: int, request: Seen) -> str:
    return "" if request.authorization == authorization else "401"


BASIC = (f"Basic {base64.b64encode('néme:correct horse'.encode()).decode()}", "--user", "néme")
BEARER = ("Bearer correct horse", "--auth", "bearer")


@pytest.mark.parametrize(("header", "options"), [(BASIC[0], BASIC[1:]), (BEARER[0], BEARER[1:])])
@pytest.mark.parametrize("given", ["environment", "file"])
def test_the_secret_is_sent_and_never_shown(
    server: str, folder: GraphFolder, header: str, options: tuple[str, ...], given: str, tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if given == "environment":
        monkeypatch.setenv("KG_SECRET", SECRET)
    else:
        (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
        options = (*options, "--secret-file", str(tmp_path / "secret"))
    with proxy(server, wants(header)) as between:
        result = run("publish", f"{between.address}/store", "--graph", folder.path, *options)
    assert SECRET not in result.output + result.stderr
    assert {request.authorization for request in between.seen} == {header}


def test_without_a_secret_the_answer_says_what_is_missing(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KG_SECRET", raising=False)
    with proxy(server, wants("Bearer x"), headers={"WWW-Authenticate": 'Bearer realm="x"'}) as between:
        asked = ("query", "denials", "--endpoint", f"{between.address}/query")
        assert "add --auth bearer (HTTP 401" in run(*asked, code=2).stderr
        assert "KG_SECRET" in run(*asked, "--auth", "bearer", code=2).stderr
        assert "needs --user NAME" in run(*asked, "--auth", "basic", code=2).stderr
        assert len(between.seen) == 1
        monkeypatch.setenv("KG_SECRET", "wrong")
        assert "does not know this token" in run(*asked, "--auth", "bearer", code=2).stderr


def test_credentials_do_not_show_their_secret() -> None:
    assert SECRET not in repr(Endpoint("http://localhost/", Credentials(Scheme.BASIC, SECRET, "me")))


@pytest.mark.parametrize(
    ("url", "scheme", "exposed"),
    [
        ("http://example.org/", Scheme.BASIC, True),
        ("http://example.org/", Scheme.DIGEST, False),
        ("https://example.org/", Scheme.BASIC, False),
        ("http://127.0.0.1:8890/", Scheme.BEARER, False),
        ("http://[::1]/", Scheme.BASIC, False),
        ("http://localhost/", Scheme.BASIC, False),
    ],
)
def test_a_secret_that_goes_unencrypted_is_known(url: str, scheme: Scheme, exposed: bool) -> None:
    assert Endpoint(url, Credentials(scheme, SECRET, "me")).exposes_secret is exposed


@pytest.mark.parametrize(
    "url", ["http://me:secret@localhost/", "https://me@localhost/", "localhost", "ftp://x/", "http://"]
)
def test_addresses_that_are_none_or_hold_a_secret_are_refused(url: str) -> None:
    with pytest.raises(EndpointError) as refused:
        Endpoint(url)
    assert "secret@" not in str(refused.value)


# ---- what goes wrong


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("403", "does not let you do this"),
        ("404", "nothing at this address"),
        ("413", "send less at once with --triples"),
        ("415", "does not do this at this address"),
        ("503", "fails 1 times in a row"),
    ],
)
def test_refusals_say_what_to_do(server: str, folder: GraphFolder, status: str, says: str) -> None:
    with proxy(server, lambda *_: status) as between:
        result = run(
            "publish", f"{between.address}/x", "--graph", folder.path, "--protocol", "graph-store", "--retries", "0",
            code=2,
        )  # fmt: skip
    assert says in result.stderr
    assert f"(HTTP {status}: trouble)" in result.stderr


def test_redirections_are_not_followed(server: str) -> None:
    with proxy(server) as elsewhere, proxy(server, lambda *_: "307", headers={"Location": elsewhere.address}) as first:
        with pytest.raises(EndpointError, match=f"sends on to {elsewhere.address}"):
            Endpoint(first.address, Credentials(Scheme.BEARER, SECRET)).query("ASK {}")
        assert not elsewhere.seen


def test_what_is_no_answer_to_a_query_is_refused(server: str) -> None:
    with proxy(server, lambda *_: "200") as between, pytest.raises(EndpointError, match="no result of a query"):
        Endpoint(between.address).query("SELECT * { ?s ?p ?o }")


def test_an_answer_that_is_too_large_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.endpoint.MOST_BYTES", 1000)
    with pytest.raises(EndpointError, match="ask for less, with LIMIT"):
        Endpoint(f"{server}/query").query("SELECT * { GRAPH ?g { ?s ?p ?o } }")


def test_nobody_there() -> None:
    with pytest.raises(EndpointError, match=r"cannot be reached.* 1 times in a row .*Connection refused"):
        Endpoint("http://127.0.0.1:9/", retries=0).query("ASK {}")


def test_a_server_that_says_nothing_is_not_waited_for(server: str) -> None:
    silent = threading.Event()
    with proxy(server, lambda *_: str(silent.wait(5))[:0]) as between:
        with pytest.raises(EndpointError, match="cannot be reached"):
            Endpoint(f"{between.address}/query", timeout=0.2, retries=1).query("ASK {}")
        silent.set()
        assert len(between.seen) == 2


def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip

    class Yes(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.end_headers()
            self.wfile.write(json.dumps({"head": {}, "boolean": True}).encode())

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = http.server.ThreadingHTTPServer(("localhost", 0), Yes)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with listening(server) as port:
        endpoint = Endpoint(f"https://localhost:{port}/", retries=0)
        with pytest.raises(EndpointError, match="does not prove that it is who it says"):
            endpoint.query("ASK {}")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert endpoint.query("ASK {}") is True
