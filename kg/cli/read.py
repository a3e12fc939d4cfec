"""The command that shows what sources hold."""

from __future__ import annotations

import pathlib

import click

from kg.cli.build import INCOMPLETE
from kg.cli.options import Sources, format_option, intake, output_option, reading_options, sources_argument, write


@click.command(short_help="Show what would be read, before anything is built.")
@sources_argument(required=True)
@reading_options
@output_option
@format_option("table", "csv", "jsonl")
def read(sources: Sources, output: pathlib.Path | None, form: str, **reading: object) -> None:
    """Show what would be read: id, day, length, format, outlet and title of each article, copies, and what is not used and why.

    Reads text, JSON, CSV, Excel, web pages, feeds, PDF, WARC, zip, gzip, xz, bz2, and folders of them. Nothing is built.
    The exit code is 3 if something is not used.

    \b
    kg read saved-pages/ crawl.warc.gz
    kg read table.csv --column text=body --column title=headline
    kg read export.xlsx --format csv -o what-is-read.csv
    kg read https://example.org/feed.xml --fetch
    curl -s https://example.org/a.html | kg read - --input-format html
    """
    from kg.preview import preview

    found = preview(intake(sources, reading))
    write({"table": found.table, "csv": found.csv, "jsonl": found.jsonl}[form](), output)
    if found.intake.unreadable:
        click.get_current_context().exit(INCOMPLETE)
