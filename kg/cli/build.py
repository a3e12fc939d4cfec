"""Commands that make and change a graph."""

from __future__ import annotations

import pathlib
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from kg.cli.options import Paths, engine_options, graph_option, model_option, sources_argument

if TYPE_CHECKING:
    from kg.engine import Engine
    from kg.pipeline import Summary

INCOMPLETE = 3
"""Exit code of a run that left something out."""
_LABELS = {"annotate": "Reading articles", "relate": "Looking for claims", "write": "Writing the graph"}


@click.command(short_help="Make the graph of files and folders.")
@sources_argument(required=False)
@graph_option
@model_option
@engine_options
def rebuild(sources: Paths, graph: pathlib.Path, model: str, engine_name: str, address: str | None) -> None:
    """Make the graph of exactly these files and folders (.txt, .json, .jsonl).

    Without SOURCE the graph is made again of the articles it has; if there is none yet, of the five example articles.
    Only new and changed articles are annotated; an interrupted run continues where it was.

    \b
    kg rebuild articles/
    kg rebuild today.jsonl archive/ --graph syria
    kg rebuild archive/ --engine ray --address 10.0.0.1:6379
    """
    from kg import pipeline
    from kg.folder import GraphFolder
    from kg.resources import folder as resource

    folder = GraphFolder(graph)
    if not sources and not folder.exists():
        sources = (resource("seeds") / "articles",)
        click.echo(f"No source given and no graph in {graph}: taking the five example articles.", err=True)
    engine = _engine(engine_name, model, address)
    _report(pipeline.rebuild(sources, folder, model=model, engine=engine, progress=_progress()), graph)


@click.command(short_help="Put more articles into the graph.")
@sources_argument(required=True)
@graph_option
@model_option
@engine_options
def add(sources: Paths, graph: pathlib.Path, model: str, engine_name: str, address: str | None) -> None:
    """Put more articles into the graph; one with a known id takes the place of the older.

    \b
    kg add today.jsonl
    """
    from kg import pipeline
    from kg.folder import GraphFolder

    engine = _engine(engine_name, model, address)
    _report(pipeline.add(sources, GraphFolder(graph), model=model, engine=engine, progress=_progress()), graph)


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


def _engine(name: str, model: str, address: str | None) -> Engine:
    from kg.engine import Local
    from kg.engine.ray import OnRay

    if name == "ray":
        return OnRay(model, address)
    if address:
        raise click.UsageError("--address is the head of a Ray cluster; it needs --engine ray")
    return Local(model)


def _progress() -> Any:
    from kg.progress import Progress

    class Bar(Progress):
        """A progress bar on standard error for each step."""

        def start(self, what: str, total: int) -> None:
            self._begun, self._done = time.monotonic(), 0
            self._bar: Any = click.progressbar(
                length=total, label=_LABELS[what], file=sys.stderr, show_pos=True, item_show_func=lambda _: self._rate()
            )
            self._bar.__enter__()

        def step(self, number: int = 1) -> None:
            self._done += number
            self._bar.update(number, number)

        def end(self) -> None:
            self._bar.__exit__(None, None, None)

        def _rate(self) -> str:
            rate = self._done / max(time.monotonic() - self._begun, 0.001)
            return f"{rate:.1f} a second"

    return Bar()


def _report(summary: Summary, graph: pathlib.Path) -> None:
    if summary.articles or not summary.unreadable:
        _tell(summary, graph)
    else:
        click.echo("No article could be read; nothing was changed.", err=True)
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
