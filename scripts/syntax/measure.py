"""What parts of speech and dependencies would bring to relations: claims scored with and without them.

    python -m scripts.syntax.measure --ud UD --work WORK GOLD=ARTICLES [GOLD=ARTICLES ...]
    python -m scripts.syntax.measure --ud data/ud --work work/syntax gold/dev=dev-articles/ OUT/a=OUT/a.articles.jsonl

``GOLD`` is a folder of gold facts, ``ARTICLES`` what ``kg read`` reads; ``scripts/news_gold.py join`` makes both. Articles are
annotated once and kept in ``WORK``. If ``WORK`` has no tagger and parser, they are trained first on the treebanks in ``UD``
(``ar_padt-forms-*``, ``ar_padt_v1-*``, ``ar_pud``), over the shipped encoder as it is: see ``scripts/syntax/models.py``.

Three uses are measured, each against the claims as they are: tags as a filter (the trigger of a verb's rule must be a verb, that
of a noun's must not), dependencies as a filter (subject and object must hang on the trigger), and dependencies as a finder
(where a trigger stands and the rules found nothing, the names that hang on it). Nothing of this is in ``kg``; the result is in
the model card.
"""

from __future__ import annotations

import argparse
import bisect
import json
import pathlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from kg.annotate import Annotator
from kg.link import link
from kg.model import Claim, Document, Reading
from kg.read import Unreadable, read_articles
from kg.records import annotation_record, article_of, article_record, claim_record, document_of, dump
from kg.relate import relate
from kg.relate.sentence import views
from kg.relate.speech import heard
from kg.score import read_gold, score_claims
from kg.weights import EMBEDDED, path_of
from scripts.syntax.models import Parser, States, Tagger, load, trained
from scripts.syntax.uses import FILTERS, FINDERS, Parsed, Sight, kept


class Syntax:
    """Encoder, tagger and parser."""

    def __init__(self, states: States, work: pathlib.Path) -> None:
        self.states = states
        self.tagger: Tagger = load(work / "tagger.pt")
        self.parser: Parser = load(work / "parser.pt")
        self.seconds = {"encoder": 0.0, "tagger": 0.0, "parser": 0.0}

    def parsed(self, document: Document) -> dict[int, Parsed]:
        """The parsed sentences of a document by where they begin."""
        texts = [[token.span.of(document.article.text) for token in s.tokens] for s in document.sentences]
        states = self._timed("encoder", lambda: list(self.states.all(texts)))
        tags = self._timed("tagger", lambda: [self.tagger.probabilities(state) for state in states])
        trees = self._timed("parser", lambda: [self.parser.parse(state) for state in states])
        sentences = zip(document.sentences, tags, trees, strict=True)
        return {s.span.start: Parsed(s.tokens, found, *tree) for s, found, tree in sentences}

    def _timed(self, name: str, run: Callable[[], Any]) -> Any:
        start = time.process_time()
        try:
            return run()
        finally:
            self.seconds[name] += time.process_time() - start


def sights_of(reading: Reading, parsed: dict[int, Parsed]) -> list[Sight]:
    """The sentences of a reading with their trees."""
    starts = sorted(parsed)
    return [
        Sight(view, parsed[starts[bisect.bisect_right(starts, view.words[0].span.start) - 1]])
        for view in heard(views(reading))
    ]


def documents_of(name: str, articles: pathlib.Path, work: pathlib.Path) -> list[Document]:
    """The annotated articles of a set; annotated at the first call, then read from ``WORK``."""
    path = work / f"annotated-{name}.jsonl"
    if not path.exists():
        whole = [item for item in read_articles([articles]) if not isinstance(item, Unreadable)]
        records = [
            {"article": article_record(d.article), "model": d.model, "sentences": annotation_record(d)}
            for d in Annotator().annotate_all(whole)
        ]
        path.write_text("".join(dump(record) + "\n" for record in records), encoding="utf-8")
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [document_of(article_of(line["article"]), line["sentences"], line["model"]) for line in lines]


@dataclass
class Measured:
    """The gold facts of one or more sets, and for each variant the claims, and those that it drops or adds."""

    gold: dict[str, list[dict[str, Any]]]
    names: dict[str, set[str]]
    claims: dict[str, list[Claim]]
    changed: dict[str, list[Claim]]

    def rows(self) -> Iterator[tuple[str, ...]]:
        """For each variant: its name, precision, recall, F1, how many claims it drops or adds, and what share is right."""
        for name, claims in self.claims.items():
            whole, part = self._score(claims), self._score(self.changed[name])
            figures = (f"{whole[key]:.3f}" for key in ("precision", "recall", "f1"))
            yield name, *figures, str(len(self.changed[name])), f"{part['precision']:.2f}"

    def _score(self, claims: Iterable[Claim]) -> dict[str, Any]:
        return score_claims(map(claim_record, claims), self.gold, self.names)


def together(sets: Sequence[Measured]) -> Measured:
    """Several sets as one."""
    names: dict[str, set[str]] = {}
    for known in (pair for one in sets for pair in one.names.items()):
        names[known[0]] = names.get(known[0], set()) | known[1]
    gold = {article: facts for one in sets for article, facts in one.gold.items()}
    variants = list(sets[0].claims)
    claims = {name: [claim for one in sets for claim in one.claims[name]] for name in variants}
    changed = {name: [claim for one in sets for claim in one.changed[name]] for name in variants}
    return Measured(gold, names, claims, changed)


def measured(gold: pathlib.Path, documents: Iterable[Document], syntax: Syntax) -> Measured:
    """All variants on one set."""
    found = Measured(*read_gold(gold), claims={}, changed={})
    for document in documents:
        reading = link(document)
        claims = list(relate(reading))
        sights = sights_of(reading, syntax.parsed(reading.document))
        _add(found, "as they are", claims, [])
        for name, keeps in FILTERS.items():
            stand = kept(claims, sights, keeps)
            _add(found, name, stand, [claim for claim in claims if claim not in stand])
        for name, finder in FINDERS.items():
            more = list(dict.fromkeys(finder(reading, sights, claims)))
            _add(found, name, [*claims, *more], more)
    return found


def _add(measured: Measured, name: str, claims: Iterable[Claim], changed: Iterable[Claim]) -> None:
    measured.claims.setdefault(name, []).extend(claims)
    measured.changed.setdefault(name, []).extend(changed)


def cost(documents: Sequence[Document], syntax: Syntax) -> dict[str, float]:
    """Processor seconds for annotating articles anew, for the encoder and both models, and what they weigh in fp16, in MB."""
    for name in syntax.seconds:
        syntax.seconds[name] = 0.0
    annotator = Annotator()
    start = time.process_time()
    for _ in annotator.annotate_all((document.article for document in documents), cores=1):
        pass
    annotating = time.process_time() - start
    for document in documents:
        syntax.parsed(document)
    tokens = sum(len(sentence.tokens) for document in documents for sentence in document.sentences)
    weights = [p.numel() * 2 / 1e6 for model in (syntax.tagger, syntax.parser) for p in model.parameters()]
    return {"tokens": tokens, "annotating": annotating, **syntax.seconds, "MB": sum(weights)}


def main() -> None:
    """Train if need be, measure each set, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="GOLD=ARTICLES")
    parser.add_argument("--ud", type=pathlib.Path, required=True, help="folder of the treebanks")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="models and annotated articles")
    parser.add_argument("--encoder", type=pathlib.Path, default=path_of(EMBEDDED) / "encoder")
    parser.add_argument("--sentences", type=int, default=3000, help="of PADT to train the tagger on, at most")
    parser.add_argument("--cost", action="store_true", help="annotate the first set anew, and print seconds and sizes")
    args = parser.parse_args()
    torch.set_num_threads(1)
    states = States(args.encoder)
    print(json.dumps(trained(args.ud, states, args.work, args.sentences)), flush=True)
    syntax = Syntax(states, args.work)
    results: dict[str, Measured] = {}
    for pair in args.sets:
        gold, _, articles = pair.partition("=")
        name = pathlib.Path(gold).name
        documents = documents_of(name, pathlib.Path(articles), args.work)
        if args.cost and not results:
            print(json.dumps(cost(documents, syntax)), flush=True)
        results[name] = measured(pathlib.Path(gold), documents, syntax)
        show(name, results[name])
    if len(others := list(results.values())[1:]) > 1:
        show("all but the first", together(others))


def show(title: str, found: Measured) -> None:
    """Print a table."""
    print(f"\n| {title} | precision | recall | F1 | dropped or added | of these right |\n|---|---|---|---|---|---|")
    for row in found.rows():
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
