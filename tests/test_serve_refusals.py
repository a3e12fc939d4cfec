"""The check of a query's text against a real parser: whatever rdflib reads as SERVICE or FROM, the check has seen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kg.errors import QueryError
from kg.sparql import check_read_only, data_set

SPACES = st.sampled_from([" ", "", "\n", "\t", "# it's\n", ' # }"\n'])
PARTS = st.sampled_from(
    [
        "?s ?p ?o .", "?s ?p 'SERVICE' .", '?s ?p "it\'s" .', "?s ?p '''a'b''' .", '?s ?p """a"b""" .',
        "?s <http://e/SERVICE> ?o .",
        "FILTER(1<2)", "FILTER(?o<3 && 4>?o)", "SERVICE <http://e/> { ?a ?b ?c }", "service silent ?x { ?a ?b ?c }",
        "SeRvIcE x:y{?a ?b ?c}",
        "OPTIONAL { SERVICE ?x { } }", "{ ?s ?p ?o } UNION { SERVICE <http://e/> { } }", "BIND('#' AS ?h)",
        "?service x:service ?SERVICE .",
        "?s ?p 'a\\\\'SERVICE' .", "MINUS { ?a ?b 2.0 }", "?s ?p -1,+2 .", "?s x:a\\\\'b ?o .",
    ]
)  # fmt: skip
SOURCES = st.sampled_from(
    [
        "",
        "FROM <http://g/1>",
        "FROM NAMED <https://g/2>",
        "from<http://g/3>",
        "FROM # named\n <http://g/4>",
        "FROM named<http://g/5>",
        "FROM x:g",
    ]
)


def parts(node: Any, name: str) -> list[Any]:
    """All parts of a parsed query that have this name."""
    if isinstance(node, CompValue):
        found = [node] if node.name == name else []
        return found + [part for value in node.values() for part in parts(value, name)]
    if isinstance(node, list) or hasattr(node, "asList"):
        return [part for value in node for part in parts(value, name)]
    return []


@settings(max_examples=150, deadline=None)
@given(st.lists(SOURCES, max_size=3), st.lists(PARTS, min_size=1, max_size=4), SPACES)
@example(["FROM <http://g/1>"], ["SERVICE <http://e/> { ?a ?b ?c }"], " ")
def test_what_a_parser_finds_the_check_has_seen(sources: list[str], pieces: list[str], space: str) -> None:
    query = f"PREFIX x: <http://x/> SELECT * {space.join(['', *sources, ''])} {{ {space.join(pieces)} }}"
    try:
        parsed = parseQuery(query)
    except Exception:  # rdflib's parser raises many kinds; what it cannot read is no query
        return
    if parts(parsed, "ServiceGraphPattern"):
        with pytest.raises(QueryError, match="SERVICE is not allowed"):
            check_read_only(query)
    elif any("x:g" in source for source in sources):
        with pytest.raises(QueryError, match="FROM must name"):
            check_read_only(query)
    else:
        check_read_only(query)
        clauses = parts(parsed, "DatasetClause")
        assert sorted(data_set(query)) == sorted(str(clause.default or clause.named) for clause in clauses)
