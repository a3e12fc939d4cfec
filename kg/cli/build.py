"""Commands that make and change a graph."""

from __future__ import annotations

import pathlib
import sys
from typing import TYPE_CHECKING, Any

import click

from kg.cli.options import Sources, graph_option, intake, model_option, reading_options, sources_argument

if TYPE_CHECKING:
    from kg.model import Article
    from kg.pipeline import Summary

INCOMPLETE = 3
"""Exit code of a run that left something out."""


@click.command(short_help="Make the graph of files and folders.")
@sources_argument(required=False)
@reading_options
@graph_option
@model_option
def rebuild(sources: Sources, graph: pathlib.Path, model: str, **reading: object) -> None:
    """Make the graph of exactly these files and folders; kg read shows what is in them, and which formats it reads.

    Without SOURCE the graph is made again of the articles it has; if there is none yet, of the five example articles.
    Only new and changed articles are annotated; an interrupted run continues where it was.

    \b
    kg rebuild articles/
    kg rebuild today.jsonl archive/ --graph syria
    kg rebuild saved-pages/ crawl.warc.gz table.csv --column text=body
    """
    from kg import pipeline
    from kg.folder import GraphFolder
    from kg.resources import folder as resource

    folder = GraphFolder(graph)
    if not sources and not folder.exists():
        sources = (str(resource("seeds") / "articles"),)
        click.echo(f"No source given and no graph in {graph}: taking the five example articles.", err=True)
    _report(pipeline.rebuild(intake(sources, reading), folder, model=model, progress=_progress()), graph)


@click.command(short_help="Put more articles into the graph.")
@sources_argument(required=True)
@reading_options
@graph_option
@model_option
def add(sources: Sources, graph: pathlib.Path, model: str, **reading: object) -> None:
    """Put more articles into the graph; one with a known id takes the place of the older.

    \b
    kg add today.jsonl
    """
    from kg import pipeline
    from kg.folder import GraphFolder

    _report(pipeline.add(intake(sources, reading), GraphFolder(graph), model=model, progress=_progress()), graph)


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@graph_option
@model_option
def remove(ids: tuple[str, ...], graph: pathlib.Path, model: str) -> None:
    """Take articles out of the graph, by their ids.

    \b
    kg remove seed-002
    """
    from kg import pipeline
    from kg.folder import GraphFolder

    _report(pipeline.remove(ids, GraphFolder(graph), model=model), graph)


def _progress() -> Any:
    from kg.pipeline import Progress

    class Bar(Progress):
        """A progress bar on standard error."""

        def start(self, total: int) -> None:
            self._bar = click.progressbar(length=total, label="Reading articles", file=sys.stderr, show_pos=True)
            self._bar.__enter__()

        def step(self, article: Article) -> None:  # noqa: ARG002
            self._bar.update(1)

        def end(self) -> None:
            self._bar.__exit__(None, None, None)

    return Bar()


def _report(summary: Summary, graph: pathlib.Path) -> None:
    if summary.articles or not summary.unreadable:
        _tell(summary, graph)
    else:
        click.echo("No article could be read; nothing was changed.", err=True)
    for account in summary.accounts:
        click.echo(f"read    {account}", err=True)
    for problem in summary.unreadable:
        click.echo(f"left out: {problem.path}: {problem.reason}", err=True)
    if summary.unreadable:
        click.get_current_context().exit(INCOMPLETE)


def _tell(summary: Summary, graph: pathlib.Path) -> None:
    click.echo(f"{summary.articles} articles ({summary.annotated} annotated now), {summary.claims.total()} claims:")
    for predicate, count in sorted(summary.claims.items(), key=lambda pair: (-pair[1], pair[0])):
        click.echo(f"  {count:6} {predicate}")
    click.echo(f"{summary.new_entities} entities that are in no seed table")
    click.echo(f"page    {graph / 'page.html'}")
    click.echo(f"graph   {graph / 'kg.nq'}, {graph / 'kg.trig'}")
    click.echo(f"claims  {graph / 'claims.jsonl'}")
    click.echo(f"next    kg query who-attended round=astana-5 --graph {graph}")
