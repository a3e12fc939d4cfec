"""The graph as a SPARQL store, and the results of queries as values. The only module that imports pyoxigraph.

Queries only read: updates, ``SERVICE`` (it would send data out) and ``FROM`` anything but a graph's full IRI are
refused before the engine sees them. A query without ``FROM`` reads all graphs as one; ``GRAPH ?g`` tells them apart.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import pathlib
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, TypeAlias

import pyoxigraph
from pyoxigraph import Store

from kg.errors import GraphError, ProjectError, QueryError
from kg.rdf import PREFIXES, Literal, Quad, Term, short

_XSD_STRING = PREFIXES["xsd"] + "string"
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
_UPDATES = {"insert", "delete", "load", "clear", "drop", "create", "copy", "move", "add"}
_FORMULA = re.compile(r"[=+\-@\t\r](?![\d.,]+$)")
_BLANK_PREFIX = "_:"
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Table:
    """The result of a SELECT: a cell is an IRI (or ``_:blank``) as ``str``, a literal, or None where it is unbound.

    ``truncated`` says that there were more rows than the limit.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    truncated: bool = False


Result: TypeAlias = Table | bool | str
"""Of SELECT a table, of ASK a truth value, of CONSTRUCT and DESCRIBE sorted N-Triples (which are also Turtle)."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def load(path: pathlib.Path) -> Store:
    """The N-Quads file in a store in memory.

    Raises:
        GraphError: the file is missing or not N-Quads.

    """
    store = Store()
    _fill(store, path)
    return store


def read_quads(path: pathlib.Path) -> Iterator[Quad]:
    """The quads of an N-Quads file, in its order.

    Raises:
        GraphError: the file is missing or not N-Quads.

    """
    try:
        for quad in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.N_QUADS):
            yield _quad(quad)
    except (OSError, SyntaxError, ValueError) as error:
        raise _damaged(path, error) from error


def insert(store: Store, quads: Iterable[Quad]) -> None:
    """Put quads into a store in memory."""
    store.extend(
        pyoxigraph.Quad(
            pyoxigraph.NamedNode(s), pyoxigraph.NamedNode(p), _term(o), pyoxigraph.NamedNode(g)
        )
        for s, p, o, g in quads
    )  # fmt: skip


def insert_turtle(store: Store, text: str, graph: str) -> None:
    """Put Turtle into a named graph of a store in memory.

    Raises:
        ProjectError: it is no Turtle, which can only be a file of the project.

    """
    try:
        store.load(text.encode(), format=pyoxigraph.RdfFormat.TURTLE, to_graph=pyoxigraph.NamedNode(graph))
    except SyntaxError as error:
        raise ProjectError(f"an ontology file of the project is no Turtle: {error}") from error


def construct(store: Store, sparql: str, graph: str) -> set[Quad]:
    """What a CONSTRUCT query of this installation makes, as quads of a graph."""
    answer: Any = store.query(sparql, use_default_graph_as_union=True)
    return {Quad(str(_cell(t.subject)), t.predicate.value, _cell(t.object) or "", graph) for t in answer}


def build_disk_store(path: pathlib.Path, folder: pathlib.Path) -> None:
    """Make ``folder`` a store on disk of the N-Quads file; what was there is replaced when the new one is complete.

    A run that is killed leaves the old store, the new one, or (between two renames) none, never a part.

    Raises:
        GraphError: the file is missing or not N-Quads; the folder is then as it was.

    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
        fresh = pathlib.Path(beside, "new")
        _build(path, fresh)
        if folder.exists():
            folder.rename(pathlib.Path(beside, "old"))
        fresh.rename(folder)


def open_best(folder: pathlib.Path, nquads: pathlib.Path) -> Store:
    """The store on disk, which is open at once and takes little memory whatever its size; without one, :func:`load`.

    Raises:
        GraphError: neither is there, or it is damaged.

    """
    return open_disk_store(folder) if folder.is_dir() else load(nquads)


def open_disk_store(folder: pathlib.Path) -> Store:
    """A store that :func:`build_disk_store` made, opened for reading.

    Raises:
        GraphError: there is none.

    """
    try:
        return Store.read_only(str(folder))
    except OSError as error:
        raise GraphError(f"{folder} is not a store ({error}); build it again with `kg rebuild`") from error


def graph_names(store: Store) -> list[str]:
    """The IRIs of the named graphs of a store, sorted."""
    return sorted(name.value for name in store.named_graphs() if isinstance(name, pyoxigraph.NamedNode))


def pieces(store: Store, graph: str, size: int) -> Iterator[str]:
    """The triples of a named graph as N-Triples, at most ``size`` lines at a time.

    In a store on disk they come in an order that only what they say decides.
    """
    triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, pyoxigraph.NamedNode(graph)))
    while some := list(itertools.islice(triples, size)):
        written = pyoxigraph.serialize(some, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
        yield written.decode("utf-8")


def query(store: Store, sparql: str, *, limit: int | None = None) -> Result:
    """The answer to a SPARQL 1.1 query; at most ``limit`` rows or triples.

    Prefixes of :data:`kg.rdf.PREFIXES` need no declaration. Without ``ORDER BY`` rows are sorted, so that the same
    graph gives the same text.

    Raises:
        QueryError: the query is malformed, or not one that only reads this store.

    """
    tokens = list(_tokens(sparql))
    check_read_only(sparql)
    words = {token.text.casefold() for token in tokens if token.kind == "word"}
    try:
        answer = store.query(sparql, prefixes=dict(PREFIXES), use_default_graph_as_union="from" not in words)
        return _result(answer, limit, ordered="order" in words)
    except (SyntaxError, ValueError, OSError, RuntimeError) as error:
        raise QueryError(f"the query cannot be answered: {error}{_undeclared(tokens)}") from error


def gives_table(sparql: str) -> bool:
    """Whether the query is a SELECT or ASK, which give rows or a truth value; others give triples.

    >>> gives_table("PREFIX select: <http://example.org/> CONSTRUCT { ?s ?p 1 } WHERE { ?s ?p 1 { SELECT * { } } }")
    False
    """
    words = (token.text.casefold() for token in _tokens(sparql) if token.kind == "word")
    return next((word for word in words if word in _FORMS), "select") in ("select", "ask")


def with_prefixes(sparql: str) -> str:
    """The query with those of :data:`kg.rdf.PREFIXES` declared that it uses without, on its first line.

    >>> with_prefixes("ASK { ?a st:attended id:astana-5 }")[:48]
    'PREFIX id: <https://w3id.org/syria-talks/id/> PR'
    """
    used = sorted(_undeclared_names(list(_tokens(sparql))).intersection(PREFIXES))
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in used) + sparql


def read_answer(body: IO[bytes], media: str, sparql: str, *, limit: int | None = None) -> Result:
    """What :func:`query` gives, of the answer that another server gave to this query in a media type.

    Raises:
        ValueError: it is not of that type, or that type is none of results or RDF.

    """
    ordered = any(token.kind == "word" and token.text.casefold() == "order" for token in _tokens(sparql))
    if form := pyoxigraph.QueryResultsFormat.from_media_type(media):
        return _result(pyoxigraph.parse_query_results(body, form), limit, ordered=ordered)
    return _lines((quad.triple for quad in pyoxigraph.parse(body, _rdf_format(media))), limit)


def parse(body: bytes, media: str) -> Iterator[Quad]:
    """The quads of RDF in this media type; in the default graph, whose IRI is empty, unless it says otherwise.

    Raises:
        ValueError: it is not of that type, or that type is none of RDF.

    """
    return map(_quad, pyoxigraph.parse(body, _rdf_format(media)))


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


def data_set(sparql: str) -> tuple[str, ...]:
    """The graphs that FROM and FROM NAMED name, in a query that :func:`check_read_only` lets pass.

    >>> data_set("SELECT * FROM <https://example.org/g> { ?s ?p ?o }")
    ('https://example.org/g',)
    """
    tokens = [token for token in _tokens(sparql) if token.kind != "comment"]
    return tuple(source.strip("<>") for source in _sources(tokens))


def to_csv(table: Table) -> str:
    """CSV with full IRIs and bare values. A text that a spreadsheet would run as a formula gets a ``'`` in front.

    >>> to_csv(Table(("n",), ((Literal("=1+1"),), (Literal("-3"),)))).split()
    ['n', "'=1+1", '-3']
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_spreadsheet(_plain(cell)) for cell in row] for row in table.rows)
    return out.getvalue()


def to_json(result: Table | bool) -> str:
    """SPARQL 1.1 Query Results JSON.

    >>> to_json(True)
    '{"head": {}, "boolean": true}'
    """
    if isinstance(result, bool):
        return json.dumps({"head": {}, "boolean": result})
    bindings = [
        {column: _json_term(cell) for column, cell in zip(result.columns, row, strict=True) if cell is not None}
        for row in result.rows
    ]
    return json.dumps({"head": {"vars": list(result.columns)}, "results": {"bindings": bindings}}, ensure_ascii=False)


def to_text(table: Table) -> str:
    """Aligned columns for a terminal: short IRIs, one line a row, no control or bidi characters.

    >>> print(to_text(Table(("who", "n"), (("https://w3id.org/syria-talks/id/iran", Literal("2")),))), end="")
    who      n
    -------  -
    id:iran  2
    """
    rows = [[_printable(_plain(cell and _compact(cell))) for cell in row] for row in table.rows]
    header = list(table.columns)
    widths = [max(map(_width, column)) for column in zip(header, *rows, strict=True)]
    lines = [header, ["-" * width for width in widths], *rows]
    return "".join(_line(cells, widths) for cells in lines)


def _fill(store: Store, path: pathlib.Path) -> None:
    try:
        store.bulk_load(path=str(path), format=pyoxigraph.RdfFormat.N_QUADS)
    except (OSError, SyntaxError, ValueError) as error:
        raise _damaged(path, error) from error


def _damaged(path: pathlib.Path, error: Exception) -> GraphError:
    return GraphError(f"{path} cannot be loaded ({error}); build the graph again with `kg rebuild`")


def _quad(quad: Any) -> Quad:
    graph = quad.graph_name.value if isinstance(quad.graph_name, pyoxigraph.NamedNode) else ""
    return Quad(str(_cell(quad.subject)), quad.predicate.value, _cell(quad.object) or "", graph)


def _rdf_format(media: str) -> Any:
    if found := pyoxigraph.RdfFormat.from_media_type(media):
        return found
    raise ValueError(f"media type {media or 'unknown'}")


def _term(value: Term) -> Any:
    if isinstance(value, str):
        return pyoxigraph.NamedNode(value)
    if value.language:
        return pyoxigraph.Literal(value.value, language=value.language)
    return pyoxigraph.Literal(value.value, datatype=pyoxigraph.NamedNode(value.datatype or _XSD_STRING))


def _build(path: pathlib.Path, folder: pathlib.Path) -> None:
    store = Store(str(folder))
    _fill(store, path)
    store.optimize()
    store.flush()


def _tokens(sparql: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(sparql):
        yield _Token(match.lastgroup or "", match[0])


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


def _undeclared(tokens: Sequence[_Token]) -> str:
    """A hint for the error message, if a prefix is used that nobody declared."""
    unknown = sorted(_undeclared_names(tokens) - set(PREFIXES))
    return f" (undeclared prefix: {', '.join(unknown)}; known: {', '.join(PREFIXES)})" if unknown else ""


def _undeclared_names(tokens: Sequence[_Token]) -> set[str]:
    names = {token.text.partition(":")[0] for token in tokens if token.kind == "name"}
    declared = {b.text.partition(":")[0] for a, b in itertools.pairwise(tokens) if a.text.casefold() == "prefix"}
    return names - declared - {"_"}


def _result(answer: Any, limit: int | None, *, ordered: bool) -> Result:
    if isinstance(answer, pyoxigraph.QueryBoolean):
        return bool(answer)
    if isinstance(answer, pyoxigraph.QueryTriples):
        return _lines(answer, limit)
    columns = tuple(variable.value for variable in answer.variables)
    taken = list(itertools.islice(answer, None if limit is None else limit + 1))
    rows = [tuple(_cell(value) for value in solution) for solution in taken[:limit]]
    return Table(columns, tuple(rows if ordered else sorted(rows, key=_sort_key)), truncated=len(taken) > len(rows))


def _lines(triples: Iterable[Any], limit: int | None) -> str:
    return "".join(sorted({f"{triple} .\n" for triple in itertools.islice(triples, limit)}))


def _cell(value: Any) -> Term | None:
    if isinstance(value, pyoxigraph.Literal):
        datatype = "" if value.language or value.datatype.value == _XSD_STRING else value.datatype.value
        return Literal(value.value, value.language or "", datatype)
    if isinstance(value, pyoxigraph.BlankNode):
        return _BLANK_PREFIX + value.value
    return None if value is None else str(value.value)


def _sort_key(row: tuple[Term | None, ...]) -> list[tuple[str, ...]]:
    return [() if cell is None else tuple(cell) if isinstance(cell, Literal) else (cell,) for cell in row]


def _plain(cell: Term | None) -> str:
    return (cell.value if isinstance(cell, Literal) else cell) or ""


def _compact(cell: Term) -> Term:
    return cell if isinstance(cell, Literal) else short(cell)


def _spreadsheet(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _json_term(cell: Term) -> dict[str, str]:
    if isinstance(cell, Literal):
        extra = {"xml:lang": cell.language} if cell.language else {"datatype": cell.datatype} if cell.datatype else {}
        return {"type": "literal", "value": cell.value, **extra}
    if cell.startswith(_BLANK_PREFIX):
        return {"type": "bnode", "value": cell.removeprefix(_BLANK_PREFIX)}
    return {"type": "uri", "value": cell}


def _printable(text: str) -> str:
    """The text on one line, without characters that steer terminals or the direction of writing."""
    return "".join(c for c in " ".join(text.split()) if not unicodedata.category(c).startswith("C"))


def _width(text: str) -> int:
    """Columns that a terminal gives to the text: none for combining marks, two for wide characters."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return _GAP.join(padded).rstrip() + "\n"
