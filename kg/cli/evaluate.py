"""Commands that score."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import click

from kg.cli.options import format_option, graph_option, model_option


@click.group(name="eval")
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
