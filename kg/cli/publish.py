"""The command that brings a graph to another server, and the options of commands that reach one."""

from __future__ import annotations

import functools
import os
import pathlib
import sys
import urllib.parse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from kg.cli.options import graph_option
from kg.errors import EndpointError

if TYPE_CHECKING:
    from kg.endpoint import Credentials, Endpoint
    from kg.protocols import Server

SECRET = "KG_SECRET"  # noqa: S105 - its name, not what it holds
"""The environment variable with the password or token."""
PROTOCOLS = ("auto", "graph-store", "update")


def server_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how to reach a server; the command gets ``connect``, which makes an endpoint of a URL."""

    @click.option("--auth", type=click.Choice(("basic", "digest", "bearer")), help="How the server knows you.")
    @click.option("--user", metavar="NAME", help="Your name there; without --auth it is shown by basic.")
    @click.option(
        "--secret-file", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path),
        help=f"File with the password or token; else {SECRET} has it, or you are asked.",
    )  # fmt: skip
    @click.option("--timeout", default=60.0, show_default=True, type=click.FloatRange(0.1), help="Seconds to wait.")
    @click.option("--retries", default=5, show_default=True, type=click.IntRange(0), help="Tries after one that fails.")
    @functools.wraps(command)
    def with_connect(
        *, auth: str | None, user: str | None, secret_file: pathlib.Path | None, timeout: float, retries: int,
        **others: Any,
    ) -> None:  # fmt: skip
        def connect(url: str) -> Endpoint:
            from kg.endpoint import Endpoint

            checked = Endpoint(url, None, timeout, retries)
            made = Endpoint(url, _credentials(auth, user, secret_file, checked.url), timeout, retries)
            if made.exposes_secret:
                click.echo(f"Note: the secret goes unencrypted to {urllib.parse.urlsplit(url).hostname}.", err=True)
            return made

        command(connect=connect, **others)

    return with_connect


@click.command(short_help="Bring the graph to a SPARQL server.")
@click.argument("url")
@graph_option
@click.option(
    "--protocol", type=click.Choice(PROTOCOLS), default="auto", show_default=True,
    help="What is spoken at URL; auto asks the server.",
)  # fmt: skip
@click.option(
    "--query-url", metavar="URL", help="Where the server answers queries, if that is not where it takes updates."
)
@click.option(
    "--triples", default=2000, show_default=True, type=click.IntRange(1), help="Most that one request carries."
)
@click.option("--dry-run", is_flag=True, help="Only say what would be sent and removed.")
@server_options
def publish(
    url: str, graph: pathlib.Path, protocol: str, query_url: str | None, triples: int, dry_run: bool,
    connect: Callable[[str], Endpoint],
) -> None:  # fmt: skip
    """Bring the graph to a SPARQL 1.1 server: its address for the Graph Store Protocol, or for updates.

    What is there already is not sent again, so an interrupted run goes on where it stopped. Articles that are no longer
    in the graph are removed there; nothing is that kg did not publish.

    \b
    kg publish http://localhost:7878/store                                     Oxigraph
    kg publish http://localhost:3030/syria                                     Fuseki
    kg publish http://localhost:8890/sparql-auth --auth digest --user dba      Virtuoso
    KG_SECRET=... kg publish https://example.org/store --auth bearer
    """
    from kg import publish as publishing
    from kg.folder import GraphFolder

    quads = publishing.opened(GraphFolder(graph))
    server = _server(connect(url), query_url, protocol)
    plan = publishing.plan(quads, server)
    click.echo(
        f"{'would send' if dry_run else 'to send'} {len(plan.send)} graphs with {plan.triples} triples,"
        f" remove {len(plan.remove)}; {plan.unchanged} are there already"
    )
    if dry_run:
        return
    with click.progressbar(length=plan.triples, label="Sending triples", file=sys.stderr, show_pos=True) as bar:
        publishing.carry_out(plan, quads, server, bar.update, triples=triples)
    click.echo(f"published at {url}")


def _server(endpoint: Endpoint, query_url: str | None, protocol: str) -> Server:
    from kg.protocols import GraphStore, Update, probe

    asks = endpoint.at(query_url) if query_url else endpoint
    if protocol == "auto":
        return probe(endpoint, asks)
    return GraphStore(endpoint) if protocol == "graph-store" else Update(endpoint, asks)


def _credentials(auth: str | None, user: str | None, secret_file: pathlib.Path | None, url: str) -> Credentials | None:
    """Who one is by these options, None if they say nothing.

    Raises:
        EndpointError: the user or the secret is missing, or the file cannot be read.

    """
    from kg.endpoint import Credentials, Scheme

    if not auth and not user:
        return None
    scheme = Scheme(auth or Scheme.BASIC)
    if scheme is not Scheme.BEARER and not user:
        raise EndpointError(f"--auth {scheme} needs --user NAME")
    return Credentials(scheme, _secret(secret_file, url), user or "")


def _secret(secret_file: pathlib.Path | None, url: str) -> str:
    if secret_file:
        try:
            return secret_file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise EndpointError(f"{secret_file} cannot be read: {error}") from error
    if found := os.environ.get(SECRET):
        return found
    if sys.stdin.isatty():
        return str(click.prompt(f"Password or token for {url}", hide_input=True, err=True))
    raise EndpointError(f"no password or token: put it into the environment variable {SECRET}, or name a --secret-file")
