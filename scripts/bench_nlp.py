"""Words a second of three ways to annotate the same articles, side by side in one run.

    python scripts/bench_nlp.py ARTICLES.jsonl      (300 articles are enough)

(a) the architecture of Stanza's official Arabic model, one ``nlp(text)`` an article: character language models of 1,024
    units, forward and backward, under the BiLSTM tagger. Weights are random, which takes the same time; word vectors are left
    out and the tokenizer is ours, both to its advantage.
(b) our model as any Stanza model runs, in 32 bits, one ``nlp(text)`` an article.
(c) our model as ``kg rebuild`` runs it: ``Annotator.annotate_all``.

The ways take turns, a few articles at a time, so that whatever else the machine does slows all of them alike. Memory is
the peak of the process while that way had its turn; (c) goes first, before the others are loaded.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from stanza import Pipeline
from stanza.models import ner_tagger
from stanza.models.common.char_model import CharacterLanguageModel, build_charlm_vocab
from stanza.models.common.doc import Document as StanzaDocument
from stanza.models.ner.data import DataLoader
from stanza.models.ner.model import NERTagger

from kg import annotate, weights
from kg.annotate import Annotator
from kg.model import Article
from kg.read import Unreadable, read_articles

TURN = 15  # articles
UNITS = 1024  # of the official character models

Way = Callable[[Sequence[Article]], object]


def official_tagger(folder: pathlib.Path, texts: Sequence[str]) -> dict[str, str]:
    """Write a tagger with the official architecture and random weights; the options under which a pipeline loads it."""
    sample = folder / "characters.txt"
    sample.write_text("\n".join(texts), encoding="utf-8")
    characters = build_charlm_vocab(str(sample))
    paths = {}
    for direction in ("forward", "backward"):
        options = {
            "char_emb_dim": 100, "char_hidden_dim": UNITS, "char_num_layers": 1, "char_dropout": 0.05,
            "char_unit_dropout": 1e-5, "char_rec_dropout": 0.0, "char_lowercase": False,
        }  # fmt: skip
        model = CharacterLanguageModel(options, {"char": characters}, is_forward_lm=direction == "forward")
        paths[direction] = str(folder / f"{direction}.pt")
        model.save(paths[direction])
    args = ner_tagger.parse_args(["--charlm", "--shorthand", "ar_x"]) | {"lang": "ar"}
    args |= {
        "charlm": True,
        "charlm_forward_file": paths["forward"],
        "charlm_backward_file": paths["backward"],
        "word_emb_dim": 0,
    }
    tags = [f"{place}-{kind}" for kind in ("PER", "LOC", "ORG", "MISC") for place in "BIES"]
    blank = StanzaDocument([[{"id": n, "text": "x", "ner": tag} for n, tag in enumerate(["O", *tags], 1)]])
    vocab = DataLoader(blank, 1, args).vocab
    del vocab._vocabs["delta"]
    tagger = NERTagger(args, vocab)
    kept = {name: t for name, t in tagger.state_dict().items() if name.split(".")[0] not in tagger.unsaved_modules}
    torch.save({"model": kept, "vocab": vocab.state_dict(), "config": args}, folder / "ner.pt")
    return {
        "ner_model_path": str(folder / "ner.pt"),
        "ner_forward_charlm_path": paths["forward"],
        "ner_backward_charlm_path": paths["backward"],
    }


def one_call_an_article(pipeline: Pipeline) -> Way:
    """The plain way to use Stanza."""
    return lambda articles: [pipeline(article.text) for article in articles]


def plain_pipeline(**options: Any) -> Pipeline:
    """A pipeline on the embedded package, as Stanza itself runs it."""
    folder = weights.path_of(weights.EMBEDDED)
    cache = annotate.encoder_cache(folder / "encoder", quick=False)
    return Pipeline(
        "ar", dir=str(folder), processors="tokenize,mwt,ner", download_method=None, use_gpu=False, foundation_cache=cache,
        logging_level="ERROR", **options,
    )  # fmt: skip


def memory() -> float:
    """Peak memory in MB since :func:`forget_peak`."""
    status = pathlib.Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else 0.0


def forget_peak() -> None:
    """Measure the peak from here on."""
    pathlib.Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


def timed(ways: Iterable[tuple[str, Way]], articles: Sequence[Article]) -> dict[str, float]:
    """Seconds of each way for all the articles."""
    seconds = dict.fromkeys((name for name, _ in ways), 0.0)
    for start in range(0, len(articles), TURN):
        for name, way in ways:
            began = time.perf_counter()
            way(articles[start : start + TURN])
            seconds[name] += time.perf_counter() - began
    return seconds


def main() -> None:
    """Read the articles, time the ways, print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    articles = [item for item in read_articles(args.articles) if not isinstance(item, Unreadable)]
    words = sum(len(article.text.split()) for article in articles)
    annotator = Annotator()
    list(annotator.annotate_all(articles[:TURN]))
    forget_peak()
    list(annotator.annotate_all(articles))
    peak = memory()
    with tempfile.TemporaryDirectory() as folder:
        official = plain_pipeline(**official_tagger(pathlib.Path(folder), [article.text for article in articles]))
    ways: list[tuple[str, Way]] = [
        ("a: official architecture, one call an article", one_call_an_article(official)),
        ("b: ours, one call an article", one_call_an_article(plain_pipeline())),
        ("c: ours, as kg rebuild runs it", lambda some: list(annotator.annotate_all(some))),
    ]
    for _, way in ways:
        way(articles[:2])
    speeds = {name: words / seconds for name, seconds in timed(ways, articles).items()}
    a, b, c = speeds.values()
    print(json.dumps({
        "articles": len(articles), "words": words, "threads": torch.get_num_threads(),
        "words a second": {name: round(speed) for name, speed in speeds.items()},
        "c to a": round(c / a, 2), "c to b": round(c / b, 2), "peak memory of c in MB": round(peak),
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
