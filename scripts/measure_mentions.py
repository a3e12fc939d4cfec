"""How many of the gold facts' entity mentions are found as an entity after linking.

    python scripts/measure_mentions.py GOLD ARTICLES...     (GOLD: entities.tsv and one JSON file of facts an article)

A mention is the longest name of an end of a fact that stands in the fact's evidence; an end that the evidence does not name
(a pronoun, a description) is none. It is found if a link of the reading overlaps it, and right if that link can be the
gold entity. What is missing is printed, one mention a line.
"""

from __future__ import annotations

import argparse
import json
import pathlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.annotate import Annotator
from kg.language.arabic import key
from kg.language.words import words_of
from kg.link import link
from kg.model import Article, Link, Reading
from kg.read import Unreadable, read_articles
from kg.score import read_gold
from kg.span import Span

CLITICS = (
    "",
    "\u0648",
    "\u0628",
    "\u0644",
    "\u0641",
    "\u0643",
    "\u0648\u0628",
    "\u0648\u0644",
)  # waw, beh, lam, feh, kaf


class Mention(NamedTuple):
    """A name of a gold entity in an article."""

    article: str
    entity: str
    span: Span
    text: str


def places(area: str, names: set[str]) -> Iterator[tuple[int, int]]:
    """Where one of the names stands in a text, as word numbers; the longest name first."""
    words = [key(word.folded) for word in words_of(area)]
    for name in sorted(names, key=lambda n: -len(n.split())):
        wanted = name.split()
        for at in range(len(words) - len(wanted) + 1):
            first = any(words[at] == key(clitic + wanted[0]) for clitic in CLITICS)
            if first and words[at + 1 : at + len(wanted)] == wanted[1:]:
                yield at, at + len(wanted)


def mentions(article: Article, facts: Sequence[dict[str, str]], names: dict[str, set[str]]) -> Iterator[Mention]:
    """The mentions of the ends of an article's facts, each place once."""
    seen = set()
    for fact in facts:
        start = article.text.find(fact["evidence"])
        for entity in (fact["s"], fact["o"], fact.get("says", "")):
            found = next(places(fact["evidence"], names.get(entity, set())), None) if start >= 0 else None
            if found:
                words = words_of(fact["evidence"])
                span = Span(start + words[found[0]].span.start, start + words[found[1] - 1].span.end)
                if (entity, span) not in seen:
                    seen.add((entity, span))
                    yield Mention(article.id, entity, span, span.of(article.text))


def is_right(found: Link, mention: Mention, names: dict[str, set[str]]) -> bool:
    """Whether a link can stand for the gold entity: by the end of its id, or by a name."""
    return any(
        entity.id.rsplit("/", 1)[-1] == mention.entity.rsplit("/", 1)[-1]
        or {key(name) for name in entity.names} & names[mention.entity]
        for entity in found.entities
    )


def touching(reading: Reading, span: Span) -> list[Link]:
    """The links of a reading that overlap a span."""
    links = [*reading.links, *reading.adjectives]
    return [found for found in links if found.span.start < span.end and span.start < found.span.end]


def main() -> None:
    """Read gold and articles, annotate and link, and print the shares and what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=pathlib.Path)
    parser.add_argument("articles", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    facts, names = read_gold(args.gold)
    articles = [item for item in read_articles(args.articles) if not isinstance(item, Unreadable) and item.id in facts]
    total = found = right = 0
    for document in Annotator().annotate_all(articles):
        reading = link(document)
        for mention in mentions(document.article, facts[document.article.id], names):
            links = touching(reading, mention.span)
            total += 1
            found += bool(links)
            good = any(is_right(one, mention, names) for one in links)
            right += good
            if not good:
                got = "; ".join(entity.id.rsplit("/", 1)[-1] for one in links for entity in one.entities[:2])
                print(f"{mention.article}\t{mention.entity}\t{mention.text}\t{got or 'nothing'}")
    print(json.dumps({"articles": len(articles), "mentions": total, "found": found, "right": right,
                      "found share": round(found / total, 4), "right share": round(right / total, 4)}))  # fmt: skip


if __name__ == "__main__":
    main()
