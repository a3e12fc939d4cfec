"""The command ``kg``: a thin skin over the library. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import pathlib
from typing import Any

import click

from kg import __version__
from kg.cli import ask, build, check, evaluate, models, project, publish, read, same, serve, take
from kg.cli.output import Output, start
from kg.errors import KgError
from kg.log import Form
from kg.project import choose

FAILED = 2
"""Exit code of a command that could not do its work."""


class Commands(click.Group):
    """A group whose commands end with a message, not a traceback, for every error that ``kg`` raises on purpose."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a :class:`KgError` becomes a message on standard error and exit code 2."""
        try:
            return super().invoke(ctx)
        except KgError as error:
            (ctx.find_object(Output) or Output()).problem(
                f"kg: {error}", "failed", error=str(error), kind=type(error).__name__
            )
            ctx.exit(FAILED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kg")
@click.option(
    "--project",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=pathlib.Path),
    help="Folder of the project, if it is not here or above.",
)
@click.option("-v", "--verbose", count=True, help="Say what is done and how long it takes; -vv: of every article.")
@click.option("--quiet", is_flag=True, help="Say nothing but what went wrong: no progress, no summary.")
@click.option(
    "--log-format",
    type=click.Choice([form.value for form in Form]),
    default=Form.TEXT.value,
    show_default=True,
    help="json: what is said on standard error is one JSON object a line.",
)
@click.pass_context
def main(ctx: click.Context, folder: pathlib.Path | None, verbose: int, log_format: str, *, quiet: bool) -> None:
    """Build, query and look at a knowledge graph of Arabic news on the Syria talks.

    \b
    kg rebuild articles/              make the graph of a folder of articles
    kg read pages/ crawl.warc.gz      show what would be read, before anything is built
    kg query accusations              ask it: who accused whom, in which sentence
    kg html -o graph.html             a page to explore, offline, in one file
    kg claims --format csv            every claim as a table
    kg serve                          pages and a SPARQL endpoint, for this machine
    kg init my-talks                  a folder with tables of your own, for these talks or others
    """
    start(ctx, log_format, verbose, quiet=quiet)
    if folder:
        choose(folder)


for _command in (
    project.init,
    build.rebuild,
    build.add,
    build.remove,
    read.read,
    ask.claims,
    ask.query,
    ask.html,
    serve.serve,
    publish.publish,
    check.validate,
    check.explain,
    check.lint,
    same.merges,
    same.merge,
    same.split,
    take.export,
    take.analyze,
    evaluate.evaluate,
    models.models,
):
    main.add_command(_command)
