"""The graph as a SPARQL store; beside :mod:`kg.serve.engine` the only module that imports pyoxigraph.

What is more than a question is refused before the engine sees it, see :mod:`kg.sparql`. A query without ``FROM`` reads all
graphs as one; ``GRAPH ?g`` tells them apart.
"""

from __future__ import annotations

import itertools
import pathlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import pyoxigraph
from pyoxigraph import Store

from kg.answers import BLANK_PREFIX, Result, Row, Table
from kg.errors import GraphError, ProjectError, QueryError
from kg.rdf import PREFIXES, Literal, Quad, Term
from kg.sparql import check_read_only, data_set, hint, ordering

_XSD_STRING = PREFIXES["xsd"] + "string"


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

    Prefixes of :data:`kg.rdf.PREFIXES` need no declaration. Rows are sorted where ``ORDER BY`` leaves their order open,
    so that the same graph gives the same text.

    Raises:
        QueryError: the query is malformed, or not one that only reads this store.

    """
    check_read_only(sparql)
    try:
        answer = store.query(sparql, prefixes=dict(PREFIXES), use_default_graph_as_union=not data_set(sparql))
        return _result(answer, limit, order=ordering(sparql))
    except (SyntaxError, ValueError, OSError, RuntimeError) as error:
        raise QueryError(f"the query cannot be answered: {error}{hint(sparql)}") from error


def read_answer(body: IO[bytes], media: str, sparql: str, *, limit: int | None = None) -> Result:
    """What :func:`query` gives, of the answer that another server gave to this query in a media type.

    Raises:
        ValueError: it is not of that type, or that type is none of results or RDF.

    """
    if form := pyoxigraph.QueryResultsFormat.from_media_type(media):
        return _result(pyoxigraph.parse_query_results(body, form), limit, order=ordering(sparql))
    return _lines((quad.triple for quad in pyoxigraph.parse(body, _rdf_format(media))), limit)


def parse(body: bytes, media: str) -> Iterator[Quad]:
    """The quads of RDF in this media type; in the default graph, whose IRI is empty, unless it says otherwise.

    Raises:
        ValueError: it is not of that type, or that type is none of RDF.

    """
    return map(_quad, pyoxigraph.parse(body, _rdf_format(media)))


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


def _result(answer: Any, limit: int | None, *, order: tuple[str, ...] | None) -> Result:
    if isinstance(answer, pyoxigraph.QueryBoolean):
        return bool(answer)
    if isinstance(answer, pyoxigraph.QueryTriples):
        return _lines(answer, limit)
    columns = tuple(variable.value for variable in answer.variables)
    taken = list(itertools.islice(answer, None if limit is None else limit + 1))
    rows = [tuple(_cell(value) for value in solution) for solution in taken[:limit]]
    return Table(columns, tuple(_settled(rows, columns, order)), truncated=len(taken) > len(rows))


def _settled(rows: list[Row], columns: Sequence[str], order: tuple[str, ...] | None) -> Iterable[Row]:
    """The rows in the query's order, those that it leaves equal sorted by what is in them."""
    if order is None or not set(order).issubset(columns):
        return rows
    places = [columns.index(name) for name in order]
    runs = itertools.groupby(rows, key=lambda row: [row[place] for place in places])
    return itertools.chain.from_iterable(sorted(run, key=_sort_key) for _, run in runs)


def _lines(triples: Iterable[Any], limit: int | None) -> str:
    return "".join(sorted({f"{triple} .\n" for triple in itertools.islice(triples, limit)}))


def _cell(value: Any) -> Term | None:
    if isinstance(value, pyoxigraph.Literal):
        if language := value.language:
            return Literal(value.value, language)
        datatype = value.datatype.value
        return Literal(value.value, datatype="" if datatype == _XSD_STRING else datatype)
    if isinstance(value, pyoxigraph.BlankNode):
        return BLANK_PREFIX + value.value
    return None if value is None else str(value.value)


def _sort_key(row: Row) -> list[tuple[str, ...]]:
    return [() if cell is None else tuple(cell) if isinstance(cell, Literal) else (cell,) for cell in row]
