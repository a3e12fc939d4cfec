"""What a graph folder holds, read back: its claims with entities merged, its articles, and which of these are copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.facts import Sources
from kg.folder import GraphFolder
from kg.identity import Unified, unify
from kg.judgements import read_judgements
from kg.model import Article, Claim


@dataclass(frozen=True, slots=True)
class Contents:
    """The claims of a graph in the order of its articles, the articles by their ids, and what was merged."""

    claims: tuple[Claim, ...]
    articles: Mapping[str, Article]
    sources: Sources
    unified: Unified


def read_contents(folder: GraphFolder) -> Contents:
    """All that a graph holds.

    Raises:
        GraphError: there is no graph, or it is damaged.

    """
    articles = {article.id: article for article in folder.articles()}
    unified = read_merges(folder)
    claims = tuple(unified.rewritten(folder.raw_claims()))
    return Contents(claims, articles, Sources(articles.values(), folder.manifest().copies), unified)


def read_merges(folder: GraphFolder) -> Unified:
    """Which entities of a graph are one.

    Raises:
        GraphError: there is no graph, or it is damaged.

    """
    return unify(folder.raw_claims(), read_judgements(folder.judgements))
