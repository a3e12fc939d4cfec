"""Commands that make and change a graph."""

from __future__ import annotations

import pathlib
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from kg import log
from kg.cli.options import (
    Sources,
    engine_options,
    graph_option,
    intake,
    model_option,
    reading_options,
    report_option,
    sources_argument,
)
from kg.cli.output import output

if TYPE_CHECKING:
    from kg.engine import Engine
    from kg.folder import GraphFolder
    from kg.pipeline import Summary

INCOMPLETE = 3
"""Exit code of a run that left something out."""
_LABELS = {
    "annotate": "Reading articles",
    "compare": "Comparing with what changed",
    "relate": "Looking for claims",
    "write": "Writing the graph",
}


@click.command(short_help="Make the graph of files and folders.")
@sources_argument(required=False)
@reading_options
@graph_option
@model_option
@engine_options
@report_option
def rebuild(
    sources: Sources, graph: pathlib.Path, model: str, engine_name: str, address: str | None, report: pathlib.Path | None,
    **reading: object,
) -> None:  # fmt: skip
    """Make the graph of exactly these files and folders; kg read shows what is in them and what would be used.

    Without SOURCE: in a project, of the sources in its settings; else the graph is made again of the articles it has, or, if
    there is none yet, of the five example articles.
    Only new and changed articles are annotated; an interrupted run continues where it was.

    \b
    kg rebuild articles/
    kg rebuild today.jsonl archive/ --graph syria
    kg rebuild saved-pages/ crawl.warc.gz table.csv --column text=body
    kg -v rebuild articles/ --report run.json
    kg rebuild archive/ --engine ray --address 10.0.0.1:6379
    """
    from kg import pipeline, project
    from kg.folder import GraphFolder
    from kg.resources import folder as resource

    _check_tables()
    engine = _engine(engine_name, model, address)
    folder = GraphFolder(graph)
    sources = sources or tuple(map(str, project.current().sources))
    if not sources and not folder.exists():
        sources = (str(resource("seeds") / "articles"),)
        output().note(
            f"No source given and no graph in {graph}: taking the five example articles.", "no source", graph=str(graph)
        )
    _run(
        lambda: pipeline.rebuild(intake(sources, reading), folder, model=model, engine=engine, progress=_progress()),
        folder,
        model,
        report,
    )


@click.command(short_help="Put more articles into the graph.")
@sources_argument(required=True)
@reading_options
@graph_option
@model_option
@engine_options
@report_option
def add(
    sources: Sources, graph: pathlib.Path, model: str, engine_name: str, address: str | None, report: pathlib.Path | None,
    **reading: object,
) -> None:  # fmt: skip
    """Put more articles into the graph; one with a known id takes the place of the older.

    \b
    kg add today.jsonl
    """
    from kg import pipeline
    from kg.folder import GraphFolder

    _check_tables()
    engine = _engine(engine_name, model, address)
    folder = GraphFolder(graph)
    reads = intake(sources, reading)
    _run(lambda: pipeline.add(reads, folder, model=model, engine=engine, progress=_progress()), folder, model, report)


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@graph_option
@model_option
@report_option
def remove(ids: tuple[str, ...], graph: pathlib.Path, model: str, report: pathlib.Path | None) -> None:
    """Take articles out of the graph, by their ids.

    \b
    kg remove seed-002
    """
    from kg import pipeline
    from kg.folder import GraphFolder

    folder = GraphFolder(graph)
    _run(lambda: pipeline.remove(ids, folder, model=model), folder, model, report)


def _engine(name: str, model: str, address: str | None) -> Engine:
    from kg.engine import Local
    from kg.engine.ray import OnRay

    if name == "ray":
        return OnRay(model, address)
    if address:
        raise click.UsageError("--address is the head of a Ray cluster; it needs --engine ray")
    return Local(model)


def _check_tables() -> None:
    """Raise a :class:`~kg.errors.ProjectError` if the project's tables are not in order: rows would be lost silently."""
    from kg import project
    from kg.errors import ProjectError
    from kg.lint import lint

    wrong = lint() if project.current().folder else []
    if wrong:
        shown = "".join(f"\n  {problem}" for problem in wrong[:5])
        raise ProjectError(f"the tables of the project are not in order; kg lint lists all {len(wrong)}:{shown}")


def _progress() -> Any:
    from kg.progress import SILENT, Progress

    if not output().shows_progress:
        return SILENT

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


def _run(work: Callable[[], Summary], folder: GraphFolder, model: str, report: pathlib.Path | None) -> None:
    """Make the graph, tell what came of it, and write the report."""
    from kg import stopwatch

    with stopwatch.running() as watch:
        summary = work()
    log.event("built", articles=summary.articles, claims=summary.claims.total(), seconds=round(watch.total, 3))
    if report:
        from kg.folder import write_atomically
        from kg.report import report as reported
        from kg.report import to_text
        from kg.weights import fingerprint

        write_atomically(report, to_text(reported(summary, folder, watch, fingerprint(model))))
    _report(summary, folder.path)


def _report(summary: Summary, graph: pathlib.Path) -> None:
    if (summary.articles or not summary.unreadable) and not output().quiet:
        _tell(summary, graph)
    elif not summary.articles:
        output().problem("No article could be read; nothing was changed.", "nothing read")
    for account in summary.accounts:
        output().note(f"read    {account}", "read", **account.record())
    for one in summary.unreadable:
        output().problem(f"left out: {one.path}: {one.reason}", "left out", what=one.path, reason=one.reason)
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
    click.echo(f"next    kg query --graph {graph}")
