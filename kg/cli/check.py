"""Commands that check a graph and explain what stands in it."""

from __future__ import annotations

import dataclasses
import json
import pathlib

import click

from kg.cli.options import format_option, graph_option, output_option, write

WRONG = 1
"""Exit code of a check that found something wrong."""


@click.command(short_help="Check the graph against the shapes of the ontology.")
@graph_option
@output_option
@format_option("text", "json", "ttl")
def validate(graph: pathlib.Path, output: pathlib.Path | None, form: str) -> None:
    """Check the graph against the SHACL shapes of the ontology: which node is wrong, in which article, and what to do.

    The exit code is 0 if all is well and 1 if not. ttl is the report as SHACL has it.

    \b
    kg validate
    kg validate --format json -o report.json
    """
    from kg import validate as validation
    from kg.folder import GraphFolder

    folder = GraphFolder(graph)
    folder.require()
    found = validation.validate(folder.nquads)
    if form == "ttl":
        write(validation.report_turtle(folder.nquads), output)
    elif form == "json":
        write(json.dumps([dataclasses.asdict(one) for one in found], ensure_ascii=False, indent=1) + "\n", output)
    else:
        write(validation.report_text(found), output)
    if found:
        click.get_current_context().exit(WRONG)


@click.command(short_help="Show what stands behind a claim, an edge or an entity.")
@click.argument("what", metavar="CLAIM|ENTITY|SUBJECT RELATION OBJECT", nargs=-1, required=True)
@graph_option
@output_option
@format_option("text", "json")
def explain(what: tuple[str, ...], graph: pathlib.Path, output: pathlib.Path | None, form: str) -> None:
    """Show what stands behind a claim, an edge or an entity: sources, sentences with the words marked, rule, links, merges.

    \b
    kg explain russia attended astana-5
    kg explain mohammed-alloush
    kg explain 0bd7270f1bd1
    """
    from kg import explain as explaining
    from kg.folder import GraphFolder

    found = explaining.explain(what, explaining.Graph.of(GraphFolder(graph)))
    write(
        explaining.to_text(found) if form == "text" else json.dumps(found, ensure_ascii=False, indent=1) + "\n", output
    )


@click.command(short_help="Check seed tables that you edited.")
@click.argument("seeds", metavar="[FOLDER]", required=False, type=click.Path(file_okay=False, path_type=pathlib.Path))
def lint(seeds: pathlib.Path | None) -> None:
    """Check seed tables: slots and words of the rules, ids that rows refer to, names that mean two things.

    Without FOLDER, the tables in use: the project's over ours, or ours alone. The exit code is 0 if all is well and 1 if not.

    \b
    kg lint
    kg lint seeds/
    """
    from kg.lint import lint as check

    found = check(seeds)
    for problem in found:
        click.echo(str(problem))
    if found:
        click.get_current_context().exit(WRONG)
    click.echo("The seed tables are in order.")
