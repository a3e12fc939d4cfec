"""Commands that read a graph."""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from kg.cli.options import format_option, graph_option, inferred_option, output_option, write
from kg.cli.publish import server_options

if TYPE_CHECKING:
    from kg.endpoint import Endpoint


@click.command()
@graph_option
@output_option
@format_option("jsonl", "csv")
def claims(graph: pathlib.Path, output: pathlib.Path | None, form: str) -> None:
    """Print every claim, one a line, with its sentence.

    \b
    kg claims | head
    kg claims --format csv -o claims.csv
    """
    from kg.folder import GraphFolder
    from kg.tabular import claims_csv

    folder = GraphFolder(graph)
    folder.require()
    lines = folder.claims.read_text(encoding="utf-8")
    write(lines if form == "jsonl" else claims_csv(map(json.loads, lines.splitlines())), output)


@click.command(short_help="Ask the graph a named or own question.")
@click.argument("query", metavar="NAME|FILE.rq|-", required=False)
@click.argument("parameters", nargs=-1)
@graph_option
@output_option
@format_option("table", "csv", "json", "ttl")
@inferred_option
@click.option("--endpoint", metavar="URL", help="Ask the SPARQL server at this address, not a folder.")
@server_options
def query(
    query: str | None, parameters: tuple[str, ...], graph: pathlib.Path, output: pathlib.Path | None, form: str,
    inferred: bool, endpoint: str | None, connect: Callable[[str], Endpoint],
) -> None:  # fmt: skip
    """Ask the graph: a named query, a file with SPARQL, or SPARQL from standard input. Without QUERY, list the names.

    \b
    kg query
    kg query who-attended round=astana-11
    kg query accusations --format csv -o accusations.csv
    echo 'SELECT ?a WHERE { GRAPH ?g { ?a st:attended id:astana-5 } }' | kg query -
    kg query accusations --endpoint http://localhost:7878/query
    """
    from kg import asking
    from kg.folder import GraphFolder

    if not query:
        write(asking.listing(), output)
        return
    if endpoint and inferred:
        raise click.UsageError("what follows from the ontology is computed on this machine: --inferred or --endpoint")
    folder = GraphFolder(graph)
    if not endpoint:
        folder.require()
    sparql = sys.stdin.read() if query == "-" else asking.text_of(query, parameters)
    if endpoint:
        write(asking.remote_answer(connect(endpoint), sparql, form), output)
    else:
        write(asking.answer(folder, sparql, form, inferred=inferred), output)


@click.command(short_help="Write the page to explore the graph.")
@graph_option
@output_option
def html(graph: pathlib.Path, output: pathlib.Path | None) -> None:
    """Write the page to explore the graph: one file, no network, right to left.

    \b
    kg html -o graph.html
    """
    from kg import page
    from kg.contents import read_contents
    from kg.folder import GraphFolder

    found = read_contents(GraphFolder(graph))
    write(page.render(found.claims, list(found.articles.values()), sources=found.sources), output)
