"""Draw claims of a graph to be judged by hand, and see how much of other news each rule finds something in.

    python scripts/review_claims.py draw GRAPH --count 200 --seed 1 -o sample.jsonl
    python scripts/review_claims.py rates GRAPH

``draw`` writes one claim a line with its sentence and the one before and behind it; the same seed draws the same claims.
``rates`` counts, for each rule, the sentences in which it finds a claim, in the articles that name nothing of the domain
(``about`` in ``seeds/domain.tsv``). The exit code is 1 if a rule finds something in more than 1 % of them.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import random
import sys
from collections import Counter
from collections.abc import Iterator

from kg.folder import GraphFolder
from kg.knowledge import domain
from kg.language.arabic import fold
from kg.model import Claim, Document
from kg.records import claim_record

MOST = 0.01
"""Share of the sentences about other things in which a rule may find something."""


def annotated(folder: GraphFolder) -> Iterator[tuple[Document, list[Claim]]]:
    """Each article of a graph with what was found in it."""
    manifest = folder.manifest()
    with folder.kept() as kept:
        for key in manifest.articles.values():
            yield kept.document(key, manifest.made.model), kept.claims(key, manifest.made)


def draw(folder: GraphFolder, count: int, seed: int) -> Iterator[str]:
    """So many claims, as lines of JSON with their context."""
    total = sum(1 for _ in folder.raw_claims())
    chosen = set(random.Random(seed).sample(range(total), min(count, total)))
    pairs = ((document, claim) for document, claims in annotated(folder) for claim in claims)
    for number, (document, claim) in enumerate(pairs):
        if number in chosen:
            record = {"number": number, "rule": claim.rule, **claim_record(claim), "context": _context(document, claim)}
            yield json.dumps(record, ensure_ascii=False)


def _context(document: Document, claim: Claim) -> str:
    """The sentences of the evidence, with one more on each side."""
    spans = [sentence.span for sentence in document.sentences]
    at = [n for n, span in enumerate(spans) if span.overlaps(claim.evidence.span)]
    start, end = spans[max(0, at[0] - 1)].start, spans[min(len(spans) - 1, at[-1] + 1)].end
    return document.article.text[start:end]


def rates(folder: GraphFolder) -> tuple[int, int, Counter[str]]:
    """Articles and sentences about other things, and in how many of the sentences each rule finds a claim."""
    about = {fold(word) for word in domain("about")}
    articles, sentences, found = 0, 0, Counter[str]()
    for document, claims in annotated(folder):
        if about.isdisjoint(fold(document.article.text).split()):
            articles += 1
            sentences += len(document.sentences)
            found.update({(claim.rule, claim.evidence.span): claim.rule for claim in claims}.values())
    return articles, sentences, found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["draw", "rates"])
    parser.add_argument("graph", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=pathlib.Path)
    options = parser.parse_args()
    folder = GraphFolder(options.graph)
    if options.what == "draw":
        lines = "".join(f"{line}\n" for line in draw(folder, options.count, options.seed))
        options.output.write_text(lines, encoding="utf-8") if options.output else sys.stdout.write(lines)
        return 0
    articles, sentences, found = rates(folder)
    print(f"{articles} articles, {sentences} sentences about other things")
    for rule, count in found.most_common():
        print(f"{rule:40}{count:7}{count / sentences:9.3%}")
    return int(any(count > MOST * sentences for count in found.values()))


if __name__ == "__main__":
    sys.exit(main())
