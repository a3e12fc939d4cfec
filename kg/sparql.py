"""A SPARQL query as text, before any engine sees it: what kind it is, which prefixes it uses, and whether it only reads.

Queries only read: updates, ``SERVICE`` (it would send data out) and ``FROM`` anything but a graph's full IRI are refused.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.errors import QueryError
from kg.rdf import PREFIXES

_ESCAPED_ASCII = re.compile(r"\\u00[0-7][0-9A-Fa-f]|\\U000000[0-7][0-9A-Fa-f]")
_TOKEN = re.compile(
    r"""
    (?P<iri> < [^<>"{}|^`\x00-\x20]* > )
  | (?P<text> \"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\" | \'\'\'(?:'{0,2}(?:[^'\\]|\\.))*\'\'\'
            | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
  | (?P<comment> \#[^\r\n]* )
  | (?P<variable> [?$]\w+ )
  | (?P<name> [\w.-]{0,256}:(?:(?![.-])(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\.)*) )
  | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
  | (?P<word> [^\W\d]\w* )
  | (?P<other> \S )
    """,
    re.VERBOSE | re.DOTALL,
)  # fmt: skip
_HIDDEN_SERVICE = re.compile(r"\).*service", re.IGNORECASE)
"""What ``1<2)service?x#>`` would be if the engine reads ``<`` as a comparison: no true IRI looks like this."""
_DEEPEST, _MOST_OPERATORS = 100, 1000
"""Brackets in brackets, and keywords with operators, that a query may have: pyoxigraph 0.5 crashes at some 5,000."""
_FORMS = {"select", "ask", "construct", "describe"}
_AFTER_ORDER = {"limit", "offset", "values"}
_DIRECTIONS = {"asc", "desc", "(", ")"}
_UPDATES = {"insert", "delete", "load", "clear", "drop", "create", "copy", "move", "add"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def check_read_only(sparql: str) -> None:
    """Refuse what changes the graph, reaches out of it, or hides its words in escapes.

    >>> check_read_only("SELECT * { ?service ?p 'SERVICE' }")
    >>> check_read_only("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    kg.errors.QueryError: SERVICE is not allowed: queries stay on this machine

    Raises:
        QueryError: it is one of these; the message says which.

    """
    if _ESCAPED_ASCII.search(sparql):
        raise QueryError("write ASCII characters themselves, not as \\u escapes")
    tokens = [token for token in _tokens(sparql) if token.kind != "comment"]
    if any(map(_is_service, tokens)):
        raise QueryError("SERVICE is not allowed: queries stay on this machine")
    words = [token.text.casefold() for token in tokens if token.kind == "word"]
    update = next((word for word in words if word in _UPDATES), None)
    if update and not _FORMS.intersection(words):
        raise QueryError(
            f"{update.upper()} is not allowed: queries only read; sources are changed with kg add and kg remove"
        )
    _check_data_sets(tokens)
    _check_size(tokens)


def gives_table(sparql: str) -> bool:
    """Whether the query is a SELECT or ASK, which give rows or a truth value; others give triples.

    >>> gives_table("PREFIX select: <http://example.org/> CONSTRUCT { ?s ?p 1 } WHERE { ?s ?p 1 { SELECT * { } } }")
    False
    """
    return next((word for word in _words(sparql) if word in _FORMS), "select") in ("select", "ask")


def ordering(sparql: str) -> tuple[str, ...] | None:
    """The variables by which the query orders its rows: empty if it does not, ``None`` if it orders by more than variables.

    >>> ordering("SELECT * { SELECT ?s ?n { ?s ?p ?n } ORDER BY ?s } ORDER BY DESC(?n) ?s LIMIT 9")
    ('n', 's')
    >>> ordering("SELECT * { SELECT ?s ?n { ?s ?p ?n } ORDER BY ?s }")
    ()
    >>> ordering("SELECT * { ?s ?p ?n } ORDER BY STR(?n)")
    """
    outside = [token for token, depth in _with_depth(_tokens(sparql)) if depth == 0 and token.kind != "comment"]
    words = [token.text.casefold() for token in outside]
    if "order" not in words:
        return ()
    following = outside[words.index("order") + 2 :]
    conditions = list(itertools.takewhile(lambda token: token.text.casefold() not in _AFTER_ORDER, following))
    if any(token.kind != "variable" and token.text.casefold() not in _DIRECTIONS for token in conditions):
        return None
    return tuple(token.text[1:] for token in conditions if token.kind == "variable")


def data_set(sparql: str) -> tuple[str, ...]:
    """The graphs that FROM and FROM NAMED name, in a query that :func:`check_read_only` lets pass.

    >>> data_set("SELECT * FROM <https://example.org/g> { ?s ?p ?o }")
    ('https://example.org/g',)
    """
    tokens = [token for token in _tokens(sparql) if token.kind != "comment"]
    return tuple(source.strip("<>") for source in _sources(tokens))


def with_prefixes(sparql: str) -> str:
    """The query with those of :data:`kg.rdf.PREFIXES` declared that it uses without, on its first line.

    >>> with_prefixes("ASK { ?a st:attended id:astana-5 }")[:48]
    'PREFIX id: <https://w3id.org/syria-talks/id/> PR'
    """
    used = sorted(_undeclared_names(list(_tokens(sparql))).intersection(PREFIXES))
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in used) + sparql


def hint(sparql: str) -> str:
    """What to add to an error message if the query uses a prefix that nobody declared; else nothing."""
    unknown = sorted(_undeclared_names(list(_tokens(sparql))) - set(PREFIXES))
    return f" (undeclared prefix: {', '.join(unknown)}; known: {', '.join(PREFIXES)})" if unknown else ""


def _words(sparql: str) -> Iterator[str]:
    """The keywords of a query, in lower case."""
    return (token.text.casefold() for token in _tokens(sparql) if token.kind == "word")


def _tokens(sparql: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(sparql):
        yield _Token(match.lastgroup or "", match[0])


def _with_depth(tokens: Iterable[_Token]) -> Iterator[tuple[_Token, int]]:
    """Each token with the number of braces that are open around it."""
    depth = 0
    for token in tokens:
        depth += (token.text == "{") - (token.text == "}")
        yield token, depth


def _is_service(token: _Token) -> bool:
    """Whether the engine could read the word in this token; keywords may be glued to what follows (``SERVICEst:x``)."""
    if token.kind == "iri":
        return bool(_HIDDEN_SERVICE.search(token.text))
    keyword = token.text.partition(":")[0] if token.kind == "name" else token.text
    return token.kind in ("word", "name") and "service" in keyword.casefold()


def _sources(tokens: Sequence[_Token]) -> Iterator[str]:
    """What stands after each FROM or FROM NAMED, as it is written; the empty text at the end of the query."""
    for index, token in enumerate(tokens):
        if token.kind in ("word", "name") and token.text.casefold().startswith("from"):
            named = index + 1 < len(tokens) and tokens[index + 1].text.casefold() == "named"
            yield tokens[index + 1 + named].text if index + 1 + named < len(tokens) else ""


def _check_data_sets(tokens: Sequence[_Token]) -> None:
    """Refuse FROM clauses that are not full http(s) IRIs: other engines would open the files that they name."""
    for source in _sources(tokens):
        if not re.match(r"<https?://", source):
            raise QueryError(
                f"FROM must name a graph of this store by its full IRI <https://...>; found {source or 'nothing'}"
            )


def _check_size(tokens: Sequence[_Token]) -> None:
    """Refuse what would exhaust the engine's stack, and with it end the process."""
    signs = [token.text for token in tokens if token.kind in ("word", "other")]
    steps = ((sign in "([{") - (sign in ")]}") for sign in signs)
    depth = max(itertools.accumulate(steps), default=0)
    operators = sum(sign not in "()[]{}.,;" and not sign.isdigit() for sign in signs)
    if depth > _DEEPEST or operators > _MOST_OPERATORS:
        found = f"{operators} operators (at most {_MOST_OPERATORS}), depth {depth} (at most {_DEEPEST})"
        raise QueryError(f"the query is too long or too deep: {found}")


def _undeclared_names(tokens: Sequence[_Token]) -> set[str]:
    names = {token.text.partition(":")[0] for token in tokens if token.kind == "name"}
    declared = {b.text.partition(":")[0] for a, b in itertools.pairwise(tokens) if a.text.casefold() == "prefix"}
    return names - declared - {"_"}
