"""Commands on the language models."""

from __future__ import annotations

import click


@click.group()
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
