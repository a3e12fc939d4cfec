"""Options that many commands share, and how they write."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from kg import project, weights

if TYPE_CHECKING:
    from kg.read import Intake

Sources = tuple[str, ...]
FIELDS = ("id", "title", "outlet", "published", "url", "text")
INPUT_FORMATS = ("text", "json", "jsonl", "csv", "excel", "html", "feed", "pdf", "warc", "zip")


def graph_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--graph DIR``."""
    return click.option(
        "--graph", "graph", type=click.Path(file_okay=False, path_type=pathlib.Path), default=_graph,
        show_default="./graph, or that of the project", help="Folder of the graph.",
    )(command)  # fmt: skip


def _graph() -> pathlib.Path:
    """The project's graph folder, as seen from here; without a project, ``./graph``."""
    folder, here = project.current().graph, pathlib.Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def model_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--model NAME|FOLDER``."""
    return click.option(
        "--model", metavar="NAME|FOLDER", default=weights.chosen, show_default="what kg models use chose, or embedded",
        help="embedded, the model shipped with kg; official, Stanza's own (kg models download); or a model folder.",
    )(command)  # fmt: skip


def engine_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--engine NAME`` and ``--address HOST:PORT``."""
    engine = click.option(
        "--engine", "engine_name", type=click.Choice(["local", "ray"]), default="local", show_default=True,
        help="Where articles are worked on: this machine, or a Ray cluster (pip install 'kg[ray]', docs/cluster.md).",
    )  # fmt: skip
    address = click.option(
        "--address", metavar="HOST:PORT", show_default="RAY_ADDRESS in the environment", help="Head of the Ray cluster."
    )
    return engine(address(command))


def output_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``-o FILE``."""
    return click.option(
        "-o", "--output", type=click.Path(dir_okay=False, path_type=pathlib.Path), help="Write here, not to the screen."
    )(command)


def report_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--report FILE``."""
    return click.option(
        "--report", type=click.Path(dir_okay=False, path_type=pathlib.Path),
        help="Write a report of the run here, as JSON: articles, claims, what was left out, seconds, memory, versions.",
    )(command)  # fmt: skip


def format_option(*formats: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add ``--format``, the first being the default."""
    return click.option("--format", "form", type=click.Choice(formats), default=formats[0], show_default=True)


def inferred_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--inferred``."""
    return click.option("--inferred", is_flag=True, help="Add what follows from the ontology, in a graph of its own.")(
        command
    )


def sources_argument(*, required: bool) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add ``SOURCE...``."""
    return click.argument(
        "sources",
        metavar="SOURCE..." if required else "[SOURCE]...",
        nargs=-1,
        required=required,
    )


def reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--column``, ``--input-format`` and ``--fetch``; :func:`intake` takes them."""
    options = (
        click.option(
            "--column", "columns", metavar="FIELD=NAME", multiple=True, callback=_columns,
            help=f"The column or field that holds one of {', '.join(FIELDS)}. May be given several times.",
        ),
        click.option(
            "--input-format", "input_format", type=click.Choice(INPUT_FORMATS),
            help="What standard input, or a file whose ending does not tell, is.",
        ),
        click.option("--fetch", is_flag=True, help="Take web addresses (http, https) among the sources from the web."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def _columns(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    if wrong := [field for field, _, name in pairs if field not in FIELDS or not name]:
        raise click.BadParameter(f"{wrong[0]!r} is not FIELD=NAME with one of {', '.join(FIELDS)}")
    return {field: name for field, _, name in pairs}


def intake(sources: Sources | tuple[pathlib.Path, ...], reading: Mapping[str, Any]) -> Intake:
    """The sources as they are to be read, from the values of :func:`reading_options`."""
    from kg.read import Intake, Options

    return Intake(sources, Options(reading["columns"], reading["input_format"] or "", reading["fetch"]))


def write(text: str, output: pathlib.Path | None) -> None:
    """Write to the file, or to standard output if there is none."""
    from kg.folder import write_atomically

    if output:
        write_atomically(output, text)
    else:
        click.echo(text, nl=False)
