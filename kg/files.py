"""The files of a graph, made of the kept claims of its articles: beside the old ones, which they then replace at once."""

from __future__ import annotations

import itertools
import pathlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TextIO

from kg import page, store
from kg.facts import Sources
from kg.folder import GraphFolder, Manifest, sync, write_lines, write_text
from kg.identity import Unified, merges_text, unify
from kg.judgements import Judgement
from kg.kept import Kept
from kg.knowledge import knowledge_base
from kg.merge import content
from kg.model import Article, Claim, Entity
from kg.progress import SILENT, Progress
from kg.provenance import census, dataset_quads
from kg.rdf import Quad, by_graph, nquad, trig
from kg.records import claim_record, dump
from kg.reprints import age, copies_among
from kg.sorting import SortedLines
from kg.stopwatch import timed

STEPS = 5
"""How often progress is told."""
_AT_ONCE = 5_000


@timed("write")
def write(
    wanted: Manifest, judgements: Sequence[Judgement], folder: GraphFolder, kept: Kept, progress: Progress = SILENT
) -> Manifest:
    """Write the files of the graph of these articles; its manifest, with all that was counted.

    Raises:
        GraphError: the claims of an article are not kept, or the judgements cannot be carried out.
        OSError: the disk is full or cannot be written; the graph is as it was.

    """
    progress.start("write", STEPS)
    claims, articles = _Claims(kept, wanted), _Articles(kept, wanted)
    unified = unify(claims, judgements)
    progress.step()
    sources = Sources(articles, _copies(articles, kept, wanted))
    progress.step()
    with folder.next_version() as fresh:
        told = _Told(unified.rewritten(claims))
        write_lines(fresh / "merges.tsv", [merges_text(unified.merges)])
        _write_graph(fresh, told, articles, sources, unified, wanted.made.model)
        progress.step()
        with ThreadPoolExecutor(1) as beside:
            stored = beside.submit(store.build_disk_store, fresh / "kg.nq", fresh / "store")
            _write_page(fresh, list(unified.rewritten(claims)), articles, sources)
            progress.step()
            stored.result()
        manifest = replace(wanted, copies=sources.copies, claims=dict(sorted(told.count.items())), new=len(told.new))
        manifest.write(fresh)
    progress.step()
    progress.end()
    return manifest


def _write_graph(
    fresh: pathlib.Path, told: _Told, articles: _Articles, sources: Sources, unified: Unified, model: str
) -> None:
    """Write claims, N-Quads and TriG; the claims are gone through once."""
    with tempfile.TemporaryDirectory(dir=fresh) as place:
        scratch = pathlib.Path(place)
        lines, grouped = SortedLines(scratch, "nq"), SortedLines(scratch, "trig")

        def add(quads: Iterable[Quad]) -> None:
            for some in _batches(quads):
                lines.add(map(nquad, some))
                grouped.add(map(by_graph, some))

        with (fresh / "claims.jsonl").open("w", encoding="utf-8", newline="\n") as out:
            written = _written(told, out)
            add(content(written, articles, sources, knowledge_base().wikidata, model, unified.replaced, scratch))
            sync(out)
        add(dataset_quads(census(articles, lines), model))
        write_lines(fresh / "kg.nq", (f"{line}\n" for line in lines))
        write_lines(fresh / "kg.trig", trig(grouped))


def _write_page(fresh: pathlib.Path, claims: Sequence[Claim], articles: _Articles, sources: Sources) -> None:
    named = {claim.article for claim in claims}
    shown = [article for article in articles if article.id in named]
    write_text(fresh / "page.html", page.render(claims, shown, sources=sources, total=len(articles)))


def _written(claims: Iterable[Claim], out: TextIO) -> Iterator[Claim]:
    """The claims, each of which is also written as a line."""
    for claim in claims:
        out.write(f"{dump(claim_record(claim))}\n")
        yield claim


@dataclass(frozen=True, slots=True)
class _Articles:
    """The articles of a graph, read from the disk one by one as often as they are gone through."""

    kept: Kept
    manifest: Manifest

    def __iter__(self) -> Iterator[Article]:
        return map(self.kept.article, self.manifest.articles.values())

    def __len__(self) -> int:
        return len(self.manifest.articles)


@dataclass(frozen=True, slots=True)
class _Claims:
    """The claims of a graph before anything is merged, read from the disk as often as they are gone through."""

    kept: Kept
    manifest: Manifest

    def __iter__(self) -> Iterator[Claim]:
        for key in self.manifest.articles.values():
            yield from self.kept.claims(key, self.manifest.made)


class _Told:
    """Claims that are counted as they pass: how many of each relation, and the entities that are in no seed table."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._claims = claims
        self.count: Counter[str] = Counter()
        self.new: set[str] = set()

    def __iter__(self) -> Iterator[Claim]:
        for claim in self._claims:
            self.count[claim.predicate.value] += 1
            self.new |= {end.id for end in (claim.subject, claim.object) if isinstance(end, Entity) and not end.known}
            yield claim


def _copies(articles: _Articles, kept: Kept, manifest: Manifest) -> dict[str, str]:
    """Which articles are copies of which."""
    keys, model = manifest.articles, manifest.made.model
    sketches = {name: kept.sketch(key, model) for name, key in keys.items()}
    ages = {article.id: age(article) for article in articles}
    return copies_among(sketches, lambda name: kept.article(keys[name]).text, ages)


def _batches(quads: Iterable[Quad]) -> Iterator[list[Quad]]:
    rest = iter(quads)
    while some := list(itertools.islice(rest, _AT_ONCE)):
        yield some
