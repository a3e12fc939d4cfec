"""The command that serves a graph."""

from __future__ import annotations

import logging
import pathlib

import click

from kg.cli.options import graph_option
from kg.cli.output import output
from kg.log import configure

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command(short_help="Serve the graph: a SPARQL endpoint, and pages to read and search.")
@graph_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option("--name", "names", multiple=True, metavar="HOST", help="A host name of this server, besides localhost.")
@click.option("--cors", "origins", multiple=True, metavar="ORIGIN", help="A site whose pages may ask here; * for all.")
@click.option("--seconds", default=20.0, show_default=True, type=click.FloatRange(0.1), help="Longest time of a query.")
@click.option(
    "--busy-seconds", default=2.0, show_default=True, type=click.FloatRange(0.1), help="The same, if others wait."
)
@click.option(
    "--memory", default=512, show_default=True, type=click.IntRange(32), help="Most memory of a query, in MB."
)
@click.option("--answer", default=50, show_default=True, type=click.IntRange(1), help="Largest answer, in MB.")
@click.option("--places", type=click.IntRange(1), help="Queries answered at once.  [default: two a processor]")
@click.option(
    "--patience", default=30.0, show_default=True, type=click.FloatRange(0.1), help="Seconds for a slow client."
)
@click.option("--log", type=click.Path(dir_okay=False, path_type=pathlib.Path), help="Log here, not to the screen.")
def serve(
    graph: pathlib.Path, host: str, port: int, names: tuple[str, ...], origins: tuple[str, ...], seconds: float,
    busy_seconds: float, memory: int, answer: int, places: int | None, patience: float, log: pathlib.Path | None,
) -> None:  # fmt: skip
    """Serve the graph to browsers and SPARQL clients: read-only, and for this machine alone unless told otherwise.

    The pages are at the address that is printed, the SPARQL 1.1 endpoint is /sparql below it. A rebuild of the graph is
    noticed. Control-C stops the server.

    \b
    kg serve
    kg serve --graph syria --port 9000
    curl http://127.0.0.1:8765/sparql --data-urlencode 'query=SELECT * { ?a st:attended id:astana-5 }'
    """
    from kg.folder import GraphFolder
    from kg.serve.limits import MEGABYTE, Limits, default_places
    from kg.serve.server import Place, serve

    configure(output().form, logging.ERROR if output().quiet else logging.INFO, log)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    limits = Limits(
        seconds,
        busy_seconds,
        memory * MEGABYTE,
        answer * MEGABYTE,
        places=places or default_places(),
        patience=patience,
    )
    if host not in LOOPBACK:
        output().note(
            f"Note: {host} may be reached from other machines, and everybody there can read the graph.",
            "open",
            host=host,
        )
    serve(GraphFolder(graph), Place(host, port, names, origins), limits, lambda at: _ready(at, limits))


def _ready(address: str, limits: object) -> None:
    click.echo(f"pages   {address}\nSPARQL  {address}sparql\nlimits  {limits}\nstop    Control-C")
