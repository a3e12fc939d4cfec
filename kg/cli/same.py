"""Commands on which entities are one."""

from __future__ import annotations

import pathlib

import click

from kg.cli.options import format_option, graph_option, output_option, write


@click.command(short_help="List which entities were taken for one, and why.")
@graph_option
@output_option
@format_option("table", "tsv")
def merges(graph: pathlib.Path, output: pathlib.Path | None, form: str) -> None:
    """List which entities were taken for one (same) and which may be (unsure), each with score and reasons.

    kg merge and kg split decide; decisions stand in judgements.tsv of the graph folder and are undone by deleting a row.

    \b
    kg merges
    kg merges --format tsv -o merges.tsv
    """
    from kg import identity
    from kg.folder import GraphFolder

    folder = GraphFolder(graph)
    folder.require()
    text = folder.merges.read_text(encoding="utf-8")
    write(text if form == "tsv" else identity.aligned(text), output)


@click.command(short_help="Say that two entities are one.")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option("--reason", default="", help="Why; kept with the decision.")
@graph_option
def merge(one: str, other: str, reason: str, graph: pathlib.Path) -> None:
    """Say that two entities are one. Their claims are not rewritten: kg split, or deleting the row, undoes it.

    \b
    kg merge new-khald-almhamyd-1a2b3c4d5e6f khaled-mahamid --reason "same person, other spelling"
    """
    from kg import deciding
    from kg.folder import GraphFolder

    click.echo(deciding.merge(one, other, reason, GraphFolder(graph)))


@click.command(short_help="Say that an entity is not one with those it was merged with.")
@click.argument("name", metavar="A")
@graph_option
def split(name: str, graph: pathlib.Path) -> None:
    """Say that an entity is not one with those it was merged with, by people or by names.

    \b
    kg split new-khald-almhamyd-1a2b3c4d5e6f
    """
    from kg import deciding
    from kg.folder import GraphFolder

    click.echo(deciding.split(name, GraphFolder(graph)))
