"""The command ``kg``: a thin skin over the library. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from kg import __version__
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.model import Article
    from kg.pipeline import Summary

INCOMPLETE = 3
"""Exit code of a run that left something out."""
FAILED = 2

Paths = tuple[pathlib.Path, ...]


class Commands(click.Group):
    """A group whose commands end with a message, not a traceback, for every error that ``kg`` raises on purpose."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a :class:`KgError` becomes a message on standard error and exit code 2."""
        try:
            return super().invoke(ctx)
        except KgError as error:
            click.echo(f"kg: {error}", err=True)
            ctx.exit(FAILED)


def graph_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--graph DIR``."""
    return click.option(
        "--graph", "graph", type=click.Path(file_okay=False, path_type=pathlib.Path), default=pathlib.Path("graph"),
        show_default="./graph", help="Folder of the graph.",
    )(command)  # fmt: skip


def model_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--model NAME``."""
    return click.option(
        "--model", type=click.Choice(["embedded", "official"]), default="embedded", show_default=True,
        help="The model shipped with kg, or Stanza's own Arabic package (kg models download).",
    )(command)  # fmt: skip


def output_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``-o FILE``."""
    return click.option(
        "-o", "--output", type=click.Path(dir_okay=False, path_type=pathlib.Path), help="Write here, not to the screen."
    )(command)


def format_option(*formats: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add ``--format``, the first being the default."""
    return click.option("--format", "form", type=click.Choice(formats), default=formats[0], show_default=True)


def sources_argument(*, required: bool) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add ``SOURCE...``."""
    return click.argument(
        "sources",
        metavar="SOURCE..." if required else "[SOURCE]...",
        nargs=-1,
        required=required,
        type=click.Path(path_type=pathlib.Path),
    )


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Build, query and look at a knowledge graph of Arabic news on the Syria talks.

    \b
    kg rebuild articles/              make the graph of a folder of articles
    kg query accusations              ask it: who accused whom, in which sentence
    kg html -o graph.html             a page to explore, offline, in one file
    kg claims --format csv            every claim as a table
    """


@main.command(short_help="Make the graph of files and folders.")
@sources_argument(required=False)
@graph_option
@model_option
def rebuild(sources: Paths, graph: pathlib.Path, model: str) -> None:
    """Make the graph of exactly these files and folders (.txt, .json, .jsonl).

    Without SOURCE the graph is made again of the articles it has; if there is none yet, of the five example articles.
    Only new and changed articles are annotated; an interrupted run continues where it was.

    \b
    kg rebuild articles/
    kg rebuild today.jsonl archive/ --graph syria
    """
    from kg import pipeline
    from kg.folder import GraphFolder
    from kg.resources import folder as resource

    folder = GraphFolder(graph)
    if not sources and not folder.exists():
        sources = (resource("seeds") / "articles",)
        click.echo(f"No source given and no graph in {graph}: taking the five example articles.", err=True)
    _report(pipeline.rebuild(sources, folder, model=model, progress=_progress()), graph)


@main.command(short_help="Put more articles into the graph.")
@sources_argument(required=True)
@graph_option
@model_option
def add(sources: Paths, graph: pathlib.Path, model: str) -> None:
    """Put more articles into the graph; one with a known id takes the place of the older.

    \b
    kg add today.jsonl
    """
    from kg import pipeline
    from kg.folder import GraphFolder

    _report(pipeline.add(sources, GraphFolder(graph), model=model, progress=_progress()), graph)


@main.command()
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


@main.command()
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

    folder = GraphFolder(graph)
    folder.require()
    lines = folder.claims.read_text(encoding="utf-8")
    _write(lines if form == "jsonl" else _as_csv(lines), output)


@main.command(short_help="Ask the graph a named or own question.")
@click.argument("query", metavar="NAME|FILE.rq|-", required=False)
@click.argument("parameters", nargs=-1)
@graph_option
@output_option
@format_option("table", "csv", "json", "ttl")
def query(
    query: str | None, parameters: tuple[str, ...], graph: pathlib.Path, output: pathlib.Path | None, form: str
) -> None:
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
        _write(asking.listing(), output)
        return
    folder = GraphFolder(graph)
    folder.require()
    sparql = sys.stdin.read() if query == "-" else asking.text_of(query, parameters)
    _write(asking.answer(folder, sparql, form), output)


@main.command(short_help="Write the page to explore the graph.")
@graph_option
@output_option
def html(graph: pathlib.Path, output: pathlib.Path | None) -> None:
    """Write the page to explore the graph: one file, no network, right to left.

    \b
    kg html -o graph.html
    """
    from kg import page, pipeline
    from kg.folder import GraphFolder

    folder = GraphFolder(graph)
    folder.require()
    found = list(pipeline.graph_claims(folder))
    text = page.render([claim for _, some in found for claim in some], [document.article for document, _ in found])
    _write(text, output)


@main.group(name="eval")
def evaluate() -> None:
    """Score the claims of a graph, or the names that a model finds."""


@evaluate.command(name="claims")
@click.argument("gold", type=click.Path(exists=True, file_okay=False, path_type=pathlib.Path))
@graph_option
@format_option("table", "json")
def eval_claims(gold: pathlib.Path, graph: pathlib.Path, form: str) -> None:
    """Score the graph's claims against a folder of gold facts (entities.tsv, one JSON file an article).

    \b
    kg eval claims gold/ --format json
    """
    from kg import score
    from kg.folder import GraphFolder

    folder = GraphFolder(graph)
    folder.require()
    found = [json.loads(line) for line in folder.claims.read_text(encoding="utf-8").splitlines()]
    _scores(score.score_claims(found, *score.read_gold(gold)), "by_predicate", form)


@evaluate.command(name="ner")
@click.argument("bio", metavar="FILE.bio", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path))
@model_option
@format_option("table", "json")
def eval_ner(bio: pathlib.Path, model: str, form: str) -> None:
    """Score the model's names against a BIO file: exact spans of PER, LOC and ORG, on the file's own tokens.

    \b
    kg eval ner test.bio --format json
    """
    from kg import score
    from kg.annotate import Annotator

    _scores(score.score_names(score.read_bio(bio), Annotator(model).tags), "by_type", form)


@main.group()
def models() -> None:
    """The language models: which there are, and fetching Stanza's own."""


@models.command(name="list")
def list_models() -> None:
    """List the models and whether they are here."""
    from kg.annotate import MODELS, is_here

    for name in MODELS:
        click.echo(f"{name:10} {'here' if is_here(name) else 'not downloaded; run: kg models download'}")


@models.command()
def download() -> None:
    """Download Stanza's official Arabic package (the one command that uses the network)."""
    from kg.annotate import download_official

    download_official()


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


def _write(text: str, output: pathlib.Path | None) -> None:
    from kg.folder import write_atomically

    if output:
        write_atomically(output, text)
    else:
        click.echo(text, nl=False)


def _as_csv(lines: str) -> str:
    rows = [json.loads(line) for line in lines.splitlines()]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            "article",
            "subject",
            "predicate",
            "object",
            "polarity",
            "modality",
            "says",
            "date",
            "evidence",
            "rule",
            "confidence",
        ]
    )
    for row in rows:
        writer.writerow([_cell(value) for value in (
            row["article"], _name(row["subject"]), row["predicate"], _name(row["object"]), row["polarity"], row["modality"],
            _name(row["says"]), row["date"]["value"] if row["date"] else "", row["evidence"]["text"], row["rule"],
            row["confidence"],
        )])  # fmt: skip
    return out.getvalue()


def _name(end: dict[str, Any] | None) -> str:
    if not end:
        return ""
    return str(end["date"] if "date" in end else end["names"][0])


def _cell(value: object) -> str:
    """A cell that a spreadsheet shows as text: what begins like a formula gets an apostrophe."""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _scores(scores: dict[str, Any], group: str, form: str) -> None:
    if form == "json":
        click.echo(json.dumps(scores, ensure_ascii=False))
        return
    click.echo(f"{'':16} precision  recall      f1")
    for name, row in [("all", scores), *scores[group].items()]:
        click.echo(f"{name:16} {row['precision']:9.3f} {row['recall']:7.3f} {row['f1']:7.3f}")
    for extra in ("modality", "says"):
        if scores.get(extra) is not None:
            click.echo(f"{extra} right in {scores[extra]:.0%} of the matches")
