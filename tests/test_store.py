"""Querying the graph: answers, refusals, result formats, and the store on disk."""

from __future__ import annotations

import csv
import io
import json
import pathlib
from typing import Any

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.answers import Table, to_csv, to_json, to_text
from kg.errors import GraphError, QueryError
from kg.ids import iri
from kg.naming import ASSERTED, ENTITIES
from kg.rdf import PREFIXES, Literal, serialize_nquads
from kg.sparql import check_read_only
from kg.store import build_disk_store, load, open_disk_store, query
from kg.vocabulary import Predicate
from tests.graph_factory import ASTANA, ASTANA_5, RUSSIA, TURKEY, claim, quads, store_of

CLAIMS = (
    claim(RUSSIA, Predicate.ATTENDED, ASTANA_5),
    claim(TURKEY, Predicate.ATTENDED, ASTANA_5),
    claim(ASTANA_5, Predicate.HELD_IN, ASTANA),
)
WHO = "SELECT ?a { ?a st:attended id:astana-5 }"
WHO_TABLE = Table(("a",), ((iri("russia"),), (iri("turkey"),)))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return store_of(tmp_path_factory.mktemp("graph"), *CLAIMS)


def test_select_gives_a_sorted_table_and_knows_the_prefixes(store: Store) -> None:
    assert query(store, WHO) == WHO_TABLE


def test_prefixes_of_the_query_win(store: Store) -> None:
    assert query(store, f"PREFIX st: <{PREFIXES['id']}> ASK {{ ?a ?p st:astana-5 }}") is True


def test_order_by_is_kept(store: Store) -> None:
    assert query(store, f"{WHO} ORDER BY DESC(?a)") == Table(("a",), WHO_TABLE.rows[::-1])


def test_rows_that_the_query_leaves_equal_are_sorted(store: Store) -> None:
    by_relation = query(store, f"SELECT ?a ?p FROM <{ASSERTED}> {{ ?a ?p ?o }} ORDER BY DESC(?p)")  # noqa: S608
    assert isinstance(by_relation, Table)
    held, attended = f"{PREFIXES['st']}heldIn", f"{PREFIXES['st']}attended"
    assert by_relation.rows == ((iri("astana-5"), held), (iri("russia"), attended), (iri("turkey"), attended))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 9)), max_size=30))
def test_sorting_equal_rows_keeps_the_order_of_the_query(rows: list[tuple[int, int, int]]) -> None:
    values = " ".join(f"({a} {b} {c})" for a, b, c in rows)
    found = query(Store(), f"SELECT ?c ?b ?a {{ VALUES (?a ?b ?c) {{ {values} }} }} ORDER BY DESC(?a) ?b")
    assert isinstance(found, Table)
    expected = sorted(rows, key=lambda row: (-row[0], row[1], row[2]))
    assert [tuple(cell.value for cell in row if isinstance(cell, Literal)) for row in found.rows] == [
        (str(c), str(b), str(a)) for a, b, c in expected
    ]


def test_ask_gives_a_truth_value(store: Store) -> None:
    assert query(store, "ASK { id:russia st:attended id:astana-5 }") is True
    assert query(store, "ASK { id:russia st:boycotted id:astana-5 }") is False


def test_construct_gives_sorted_n_triples(store: Store) -> None:
    line = "<{}> <{}attended> <{}> .\n"
    expected = "".join(line.format(iri(who), PREFIXES["st"], iri("astana-5")) for who in ("russia", "turkey"))
    assert query(store, "CONSTRUCT { ?a st:attended ?r } WHERE { ?a st:attended ?r }") == expected


def test_construct_with_text_is_parsed_again(store: Store) -> None:
    text = query(store, "CONSTRUCT { ?a skos:prefLabel ?l } WHERE { ?a skos:prefLabel ?l }")
    assert isinstance(text, str)
    parsed = list(pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE))
    assert len(parsed) == 8


def test_a_limit_says_that_there_was_more(store: Store) -> None:
    assert query(store, f"{WHO} ORDER BY ?a", limit=1) == Table(("a",), WHO_TABLE.rows[:1], truncated=True)
    assert query(store, WHO, limit=2) == WHO_TABLE


def test_from_chooses_a_graph(store: Store) -> None:
    assert query(store, f"ASK FROM <{ASSERTED}> {{ ?a st:attended ?r }}") is True
    assert query(store, f"ASK FROM <{ENTITIES}> {{ ?a st:attended ?r }}") is False
    assert query(store, f"ASK FROM NAMED <{ENTITIES}> {{ GRAPH ?g {{ ?a st:attended ?r }} }}") is False


def test_unbound_cells_and_literals(store: Store) -> None:
    table = query(store, 'SELECT ?x (2 AS ?n) ("ا"@ar AS ?t) ("s" AS ?s) {}')
    assert isinstance(table, Table)
    assert table.rows == ((None, Literal("2", "", PREFIXES["xsd"] + "integer"), Literal("ا", "ar"), Literal("s")),)


REACHES_OUT = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE ?x { ?s ?p ?o } } }",
    "PREFIX x: <http://127.0.0.1:1/> SELECT * { SERVICEx:y { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?p :.service:y { ?a ?b ?c } }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?p 2.service:y { ?a ?b ?c } }",
    "SELECT * { FILTER(1<2)service?x#>\n{ ?a ?b ?c } }",
    "SELECT * { ?s ?p '''a''b'''SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { ?s ?p 'it\\'s' . SERVICE <http://127.0.0.1:1/> {} }",
    "SELECT * { # '\n SERVICE <http://127.0.0.1:1/> {} # '\n }",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> {} }",
]


@pytest.mark.parametrize("sparql", REACHES_OUT)
def test_nothing_reaches_out_of_the_machine(store: Store, sparql: str) -> None:
    with pytest.raises(QueryError, match=r"SERVICE is not allowed|\\u escapes"):
        query(store, sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?service { ?service ?p 'SERVICE <http://x/>' } # SERVICE",
        'SELECT * { ?s ?p """a "SERVICE" b""" }',
        "SELECT * { ?s ?p <http://example.org/service> }",
        "SELECT * { ?s st:service ?insert }",
        "SELECT * { ?s ?p 'LOAD <file:///etc/passwd>'@ar FILTER(1 < 2) }",
    ],
)
def test_the_words_themselves_are_no_crime(store: Store, sparql: str) -> None:
    assert isinstance(query(store, sparql), Table)


@pytest.mark.parametrize(
    "sparql",
    [
        "INSERT DATA { id:a st:attended id:b }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "PREFIX x: <http://x/> CLEAR ALL",
        "drop silent all",
    ],
)
def test_updates_are_refused_by_name(store: Store, sparql: str) -> None:
    before = len(store)
    with pytest.raises(QueryError, match="is not allowed: queries only read"):
        query(store, sparql)
    assert len(store) == before


@pytest.mark.parametrize(
    "clause", ["FROM <file:///etc/passwd>", "FROM NAMED <file:///etc/passwd>", "from<passwd>", "FROM x:y", "FROM"]
)
def test_from_files_is_refused(store: Store, clause: str) -> None:
    with pytest.raises(QueryError, match="FROM must name a graph"):
        query(store, f"PREFIX x: <file:///etc/> SELECT * {clause} {{ ?s ?p ?o }}")


def test_an_update_behind_a_query_is_refused(store: Store) -> None:
    with pytest.raises(QueryError):
        query(store, "SELECT * { ?s ?p ?o } ; DROP ALL")


@pytest.mark.parametrize("body", ["{" * 9999 + "}" * 9999, "FILTER(" + "!" * 9999 + "1)", "OPTIONAL{}" * 9999])
def test_what_would_crash_the_engine_is_refused(store: Store, body: str) -> None:
    with pytest.raises(QueryError, match="too long or too deep"):
        query(store, f"SELECT * {{ {body} }}")


def test_a_long_list_of_values_is_fine(store: Store) -> None:
    assert isinstance(query(store, f"SELECT * {{ VALUES (?x ?y) {{ {'(1 2.5) ' * 5000} }} }}"), Table)


def test_a_wrong_query_says_which_prefix_is_not_declared(store: Store) -> None:
    with pytest.raises(QueryError, match=r"undeclared prefix: foo; known: dcat, dcterms,"):
        query(store, "SELECT * { ?s foo:bar ?o }")


FRAGMENTS = [
    "service", "SERVICE ", "silent ", "<http://127.0.0.1:1/>", ":y", "{", "}", "{?a ?b ?c}", "?a ?b ?c", ".", " ", "\n",
    "#", "#>\n", "filter(1<2)", "filter(?a<?b", ")", '"', "'", '"""', "\\", ":.", ":x.", "2.", "?x", "@en", "<", ">",
    "a ", "^^", "union", "true",
]  # fmt: skip


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=8))
@settings(max_examples=300)
def test_no_query_that_is_let_through_opens_a_connection(fragments: list[str]) -> None:
    store = pyoxigraph.Store()
    store.load(b"<http://a> <http://p> <http://127.0.0.1:1/> .\n", format=pyoxigraph.RdfFormat.N_QUADS)
    sparql = f"PREFIX : <http://127.0.0.1:1/> SELECT * {{ ?a ?b ?x {''.join(fragments)} }}"
    try:
        check_read_only(sparql)
        answer: Any = store.query(sparql)
        list(answer)  # OSError if it connects, RuntimeError if it would
    except (QueryError, SyntaxError, ValueError):
        pass


TABLE = Table(
    ("who", "text"),
    (
        (iri("russia"), Literal("قال «نعم»,\n\u202eثم", "ar")),
        (None, Literal("=HYPERLINK(1)")),
        ("_:b", Literal("5", "", PREFIXES["xsd"] + "integer")),
    ),
)


def test_csv_keeps_the_values_and_defuses_formulas() -> None:
    assert list(csv.reader(io.StringIO(to_csv(TABLE), newline=""))) == [
        ["who", "text"],
        [iri("russia"), "قال «نعم»,\n\u202eثم"],
        ["", "'=HYPERLINK(1)"],
        ["_:b", "5"],
    ]


def test_json_is_that_of_sparql_results() -> None:
    assert json.loads(to_json(TABLE)) == {
        "head": {"vars": ["who", "text"]},
        "results": {
            "bindings": [
                {
                    "who": {"type": "uri", "value": iri("russia")},
                    "text": {"type": "literal", "value": "قال «نعم»,\n\u202eثم", "xml:lang": "ar"},
                },
                {"text": {"type": "literal", "value": "=HYPERLINK(1)"}},
                {
                    "who": {"type": "bnode", "value": "b"},
                    "text": {"type": "literal", "value": "5", "datatype": PREFIXES["xsd"] + "integer"},
                },
            ]
        },
    }
    parsed: Any = pyoxigraph.parse_query_results(to_json(TABLE).encode(), pyoxigraph.QueryResultsFormat.JSON)
    assert len(list(parsed)) == 3


def test_text_is_aligned_on_one_line_each_without_steering_characters() -> None:
    table = Table(("اسم", "n"), ((Literal("مُحَمَّد\u202e\x1b[31m\nعلوش"), Literal("1")), (iri("russia"), None)))
    assert to_text(table) == "اسم            n\n-------------  -\nمُحَمَّد[31m علوش  1\nid:russia\n"


def test_text_of_an_empty_table() -> None:
    assert to_text(Table(("a", "bc"), ())) == "a  bc\n-  --\n"


def test_a_store_on_disk_answers_as_the_one_in_memory(tmp_path: pathlib.Path) -> None:
    source, folder = tmp_path / "graph.nq", tmp_path / "store"
    source.write_text(serialize_nquads(quads(*CLAIMS)), encoding="utf-8")
    build_disk_store(source, folder)
    assert query(open_disk_store(folder), WHO) == WHO_TABLE
    source.write_text(serialize_nquads(quads(CLAIMS[0])), encoding="utf-8")
    build_disk_store(source, folder)
    assert query(open_disk_store(folder), WHO) == Table(("a",), WHO_TABLE.rows[:1])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph.nq", "store"]


def test_a_failed_build_leaves_the_old_store(tmp_path: pathlib.Path) -> None:
    source, folder = tmp_path / "graph.nq", tmp_path / "store"
    source.write_text(serialize_nquads(quads(*CLAIMS)), encoding="utf-8")
    build_disk_store(source, folder)
    source.write_text("no quads\n", encoding="utf-8")
    with pytest.raises(GraphError, match=r"graph\.nq cannot be loaded"):
        build_disk_store(source, folder)
    assert query(open_disk_store(folder), WHO) == WHO_TABLE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph.nq", "store"]


def test_a_missing_graph_is_an_error_that_says_what_to_run(tmp_path: pathlib.Path) -> None:
    with pytest.raises(GraphError, match="kg rebuild"):
        load(tmp_path / "graph.nq")
    with pytest.raises(GraphError, match="kg rebuild"):
        open_disk_store(tmp_path / "store")
