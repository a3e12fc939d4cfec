"""The command that starts a project."""

from __future__ import annotations

import pathlib

import click

from kg.project import Tables


@click.command(short_help="Start a project with tables and settings of your own.")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=pathlib.Path))
@click.option(
    "--base", metavar="IRI", default="", help="What identifiers begin with, for example https://example.org/talks/"
)
@click.option("--replace", is_flag=True, help="Leave our actors, places and talks out: the project is on other talks.")
@click.option("--example", metavar="NAME", default="", help="Copy a project on other talks that comes with kg.")
def init(folder: pathlib.Path, base: str, example: str, *, replace: bool) -> None:
    """Start a project: a folder with settings (kg.toml), tables of your own over ours, and articles.

    Commands that run in the folder or below use it; elsewhere name it with kg --project DIR.

    \b
    kg init my-talks
    kg init other-talks --replace --base https://example.org/other-talks/
    kg init yemen --example yemen
    """
    from kg import scaffold

    if example:
        made = scaffold.copy(example, folder)
    else:
        made = scaffold.make(folder, base=base, tables=Tables.REPLACE if replace else Tables.ADD)
    for path in made:
        click.echo(path)
    click.echo(f"next    put articles into {folder / scaffold.ARTICLES}, fill the tables in {folder / 'seeds'}")
    click.echo(f"        cd {folder} && kg lint && kg rebuild")
