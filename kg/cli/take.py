"""Commands that take the graph elsewhere."""

from __future__ import annotations

import pathlib

import click

from kg.cli.options import graph_option, inferred_option, output_option, write

FORMATS = ("nq", "trig", "ttl", "jsonld", "graphml", "gexf", "csv")


@click.command(short_help="Write the graph for other tools.")
@graph_option
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="csv makes a folder of three tables.")
@click.option("-o", "--output", type=click.Path(path_type=pathlib.Path), help="Write here, not to the screen.")
@inferred_option
def export(graph: pathlib.Path, form: str, output: pathlib.Path | None, inferred: bool) -> None:
    """Write the graph for other tools: RDF (nq, trig, ttl, jsonld), networks (graphml, gexf), tables (csv).

    \b
    kg export --format ttl -o graph.ttl
    kg export --format gexf -o graph.gexf      for Gephi
    kg export --format csv -o tables/          nodes.csv, edges.csv, claims.csv
    """
    from kg import export as exporting
    from kg.folder import GraphFolder

    if form != exporting.TABLES:
        write(exporting.export(GraphFolder(graph), form, inferred=inferred), output)
        return
    if output is None:
        raise click.UsageError("csv makes three tables; name a folder for them: -o FOLDER")
    for name, text in exporting.tables(GraphFolder(graph)).items():
        write(text, output / name)


@click.command(short_help="Analyse the network: who meets whom, who stands in the middle, who moved.")
@click.argument("name", metavar="NAME", required=False)
@graph_option
@output_option
def analyze(name: str | None, graph: pathlib.Path, output: pathlib.Path | None) -> None:
    """Analyse the network of direct edges; the answer is a CSV table. Without NAME, list the analyses.

    \b
    kg analyze
    kg analyze co-attendance
    kg analyze camps -o camps.csv
    """
    from kg import analyze as analysing
    from kg.folder import GraphFolder

    write(analysing.analyze(name, GraphFolder(graph)) if name else analysing.listing(), output)
