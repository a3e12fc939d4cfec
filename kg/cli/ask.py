"""Commands that read a graph."""

from __future__ import annotations

import json
import pathlib
import sys

import click

from kg.cli.options import format_option, graph_option, inferred_option, output_option, write


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
def query(
    query: str | None, parameters: tuple[str, ...], graph: pathlib.Path, output: pathlib.Path | None, form: str,
    inferred: bool,
) -> None:  # fmt: skip
    """Ask the graph: a named query, a file with SPARQL, or SPARQL from standard input. Without QUERY, list the names.

    \b
    kg query
    kg query who-attended round=astana-11
    kg query accusations --format csv -o accusations.csv
    echo 'SELECT ?a WHERE { GRAPH ?g { ?a st:attended id:astana-5 } }' | kg query -
    """
    from kg import asking
    from kg.folder import GraphFolder

    if not query:
        write(asking.listing(), output)
        return
    folder = GraphFolder(graph)
    folder.require()
    sparql = sys.stdin.read() if query == "-" else asking.text_of(query, parameters)
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
