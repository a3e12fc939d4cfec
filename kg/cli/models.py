"""Commands on the language models."""

from __future__ import annotations

import pathlib

import click


@click.group()
def models() -> None:
    """The language models: which there are, fetching Stanza's own, and choosing one."""


@models.command(name="list")
def list_models() -> None:
    """List the models, whether they are here, and which one is used (*)."""
    from kg import weights

    chosen = weights.chosen()
    for name in dict.fromkeys([weights.EMBEDDED, weights.OFFICIAL, chosen]):
        here = weights.fingerprint(name) if weights.is_here(name) else "not here; run: kg models download"
        click.echo(f"{'*' if name == chosen else ' '} {name:10} {here}")


@models.command()
def download() -> None:
    """Download Stanza's official Arabic package (the one command that uses the network).

    The hashes of its files are written down; from then on a changed file is refused.
    """
    from kg.annotate import download_official

    click.echo(f"In {download_official()}. To use it: kg models use official")


@models.command()
@click.argument("model", metavar="embedded|official|FOLDER")
def use(model: str) -> None:
    """Use this model from now on, wherever --model is not given.

    A FOLDER is laid out as Stanza's: resources.json and ar/. The hashes of its files as they are now are written into it;
    from then on a changed file is refused.

    \b
    kg models use embedded
    kg models use ~/my-model
    """
    from kg import weights

    if model not in (weights.EMBEDDED, weights.OFFICIAL):
        weights.seal(weights.path_of(model))
    weights.choose(model)
    click.echo(f"{weights.fingerprint(model)} is used from now on.")


@models.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=pathlib.Path))
def seal(folder: pathlib.Path) -> None:
    """Write the hashes of a model folder's files as they are now into it, without choosing it.

    \b
    kg models seal ~/my-model
    """
    from kg import weights

    click.echo(weights.seal(folder))
