"""The whole path, in one place: which stages an article goes through, and what a rebuild does around them."""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kg import annotate, merge, page, rdf, store
from kg.errors import GraphError, KgError
from kg.folder import GraphFolder, write_atomically, write_text
from kg.identity import Unified, merges_text, unify
from kg.ids import digest
from kg.judgements import Judgement, judgements_text, read_judgements
from kg.knowledge import knowledge_base
from kg.link import link
from kg.model import Article, Claim, Document, Entity, Reading
from kg.read import Account, Intake, Source, Unreadable
from kg.records import claim_record, dump
from kg.relate import relate
from kg.resources import PACKAGE
from kg.resources import folder as resource


@dataclass(frozen=True, slots=True)
class Stage:
    """A step between two types of :mod:`kg.model`."""

    name: str
    needs: type
    gives: type
    run: Callable[[Any], Any]


AFTER_ANNOTATION: tuple[Stage, ...] = (
    Stage("link", Document, Reading, link),
    Stage("relate", Reading, tuple, relate),
)
"""What is done with every annotated article. Reading and annotation come before, merging after: they see many at once."""


def check(stages: Sequence[Stage]) -> None:
    """Do nothing if each stage gets what it needs.

    Raises:
        KgError: a stage needs what the one before it does not give.

    """
    for before, after in itertools.pairwise(stages):
        if before.gives is not after.needs:
            raise KgError(
                f"stage {after.name} needs {after.needs.__name__}; {before.name} gives {before.gives.__name__}"
            )


def claims_of(document: Document) -> tuple[Claim, ...]:
    """The claims of an annotated article."""
    value: Any = document
    for stage in AFTER_ANNOTATION:
        value = stage.run(value)
    claims: tuple[Claim, ...] = value
    return claims


@dataclass(frozen=True, slots=True)
class Summary:
    """What a rebuild did."""

    articles: int
    annotated: int
    claims: Counter[str]
    new_entities: int
    unreadable: tuple[Unreadable, ...]
    accounts: tuple[Account, ...] = ()


class Progress:
    """Hears how far a rebuild has come; this one tells nobody."""

    def start(self, total: int) -> None:
        """Annotation begins, of so many articles."""

    def step(self, article: Article) -> None:
        """An article is done."""

    def end(self) -> None:
        """Annotation has ended."""


SILENT = Progress()


def rebuild(
    sources: Sequence[Source] | Intake,
    folder: GraphFolder,
    *,
    model: str = annotate.EMBEDDED,
    progress: Progress = SILENT,
) -> Summary:
    """Make the graph of exactly these sources; with none, make it again of the articles it is made of.

    Only articles that are new or changed are annotated. What is annotated is kept at once, so that an interrupted run
    continues where it was. If no source can be read, the graph stays as it is.

    Raises:
        GraphError: no source is given and there is no graph.
        ModelError: the model does not load.

    """
    if not sources:
        folder.require()
        with folder.change():
            return _build([document.article for document in folder.documents()], Intake(()), folder, model, progress)
    intake = Intake.of(sources)
    articles = list(intake)
    if not articles:
        return Summary(0, 0, Counter(), 0, tuple(intake.unreadable), tuple(intake.accounts))
    with folder.change():
        return _build(articles, intake, folder, model, progress)


def add(
    sources: Sequence[Source] | Intake,
    folder: GraphFolder,
    *,
    model: str = annotate.EMBEDDED,
    progress: Progress = SILENT,
) -> Summary:
    """Put the articles of these sources into the graph; one with the id of an older one takes its place."""
    intake = Intake.of(sources)
    articles = list(intake)
    new = {article.id for article in articles}
    with folder.change():
        old = [document.article for document in folder.documents()] if folder.exists() else []
        kept = [article for article in old if article.id not in new]
        return _build([*kept, *articles], intake, folder, model, progress)


def remove(ids: Sequence[str], folder: GraphFolder, *, model: str = annotate.EMBEDDED) -> Summary:
    """Take articles out of the graph.

    Raises:
        GraphError: there is no graph, or no such article in it.

    """
    folder.require()
    with folder.change():
        if unknown := sorted(set(ids) - set(folder.article_ids())):
            raise GraphError(
                f"not in the graph: {', '.join(unknown)}; its articles: {', '.join(folder.article_ids()[:20])}"
            )
        articles = [document.article for document in folder.documents() if document.article.id not in ids]
        return _build(articles, Intake(()), folder, model, SILENT)


def judge(judgements: Sequence[Judgement], folder: GraphFolder) -> Unified:
    """Put these decisions on entities in the place of those in the folder, and make the graph again.

    Raises:
        GraphError: there is no graph, or the decisions cannot be carried out; then nothing is changed.

    """
    folder.require()
    with folder.change():
        documents = list(folder.documents())
        unified = unify(_raw_claims(documents, folder), judgements)
        write_atomically(folder.judgements, judgements_text(judgements))
        _write(unified, [document.article for document in documents], folder, documents[0].model)
    return unified


def _build(articles: Iterable[Article], intake: Intake, folder: GraphFolder, model: str, progress: Progress) -> Summary:
    check(AFTER_ANNOTATION)
    name = annotate.fingerprint(model)
    ordered = sorted(articles, key=lambda article: article.id)
    annotated = _annotate(ordered, folder, model, progress)
    documents = [document for article in ordered if (document := folder.document(article, name))]
    unified = unify(_raw_claims(documents, folder), read_judgements(folder.judgements))
    _write(unified, ordered, folder, name)
    claims = Counter(claim.predicate.value for claim in unified.claims)
    return Summary(
        len(ordered), annotated, claims, _new(unified.claims), tuple(intake.unreadable), tuple(intake.accounts)
    )


def _annotate(articles: Sequence[Article], folder: GraphFolder, model: str, progress: Progress) -> int:
    """Annotate what is not kept yet; the number of articles annotated. The model loads only if there is any."""
    name = annotate.fingerprint(model)
    missing = [article for article in articles if folder.document(article, name) is None]
    if not missing:
        return 0
    progress.start(len(missing))
    for document in annotate.Annotator(model).annotate_all(missing):
        folder.keep(document)
        progress.step(document.article)
    progress.end()
    return len(missing)


def _raw_claims(documents: Iterable[Document], folder: GraphFolder) -> list[Claim]:
    """The claims of the articles before anything is merged; only of new and changed articles are they looked for."""
    rules = rules_fingerprint()
    found: list[Claim] = []
    for document in documents:
        claims = folder.kept_claims(document, rules)
        if claims is None:
            claims = claims_of(document)
            folder.keep_claims(document, rules, claims)
        found += claims
    return found


@functools.cache
def rules_fingerprint() -> str:
    """A hash of all that decides which claims an annotated article gives: the program and the seed tables."""
    files = [*PACKAGE.rglob("*.py"), *resource("seeds").glob("*.tsv")]
    digests = (hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files, key=lambda path: path.name))
    return digest(*digests)


def _write(unified: Unified, articles: Sequence[Article], folder: GraphFolder, model: str) -> None:
    """Write all that is made of the claims, beside the old files; then the new ones take their place at once."""
    claims = unified.claims
    quads = list(merge.merge(claims, articles, knowledge_base().wikidata, model=model, replaced=unified.replaced))
    with folder.next_version() as fresh:
        write_text(fresh / "kg.nq", rdf.serialize_nquads(quads))
        write_text(fresh / "kg.trig", rdf.write_trig(quads))
        write_text(fresh / "claims.jsonl", "".join(f"{dump(claim_record(claim))}\n" for claim in claims))
        write_text(fresh / "merges.tsv", merges_text(unified.merges))
        write_text(fresh / "page.html", page.render(claims, articles))
        store.build_disk_store(fresh / "kg.nq", fresh / "store")
        folder.write_manifest(fresh, articles, model)
    folder.forget(rules_fingerprint())


def _new(claims: Iterable[Claim]) -> int:
    ends = {end for claim in claims for end in (claim.subject, claim.object) if isinstance(end, Entity)}
    return sum(not entity.known for entity in ends)


def graph_claims(folder: GraphFolder) -> Iterator[tuple[Document, tuple[Claim, ...]]]:
    """The articles of a graph with their claims, entities merged as people and names decided."""
    documents = list(folder.documents())
    groups: dict[str, list[Claim]] = {document.article.id: [] for document in documents}
    for claim in unified_claims(documents, folder).claims:
        groups[claim.article].append(claim)
    return ((document, tuple(groups[document.article.id])) for document in documents)


def unified_claims(documents: Iterable[Document], folder: GraphFolder) -> Unified:
    """All claims of these documents of a graph, with what was merged and proposed."""
    rules = rules_fingerprint()
    found = (folder.kept_claims(document, rules) or claims_of(document) for document in documents)
    return unify([claim for claims in found for claim in claims], read_judgements(folder.judgements))
