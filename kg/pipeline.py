"""The whole path, in one place: what a rebuild does, from sources to the files of a graph.

    sources --read--> kept articles --engine: annotate, link, relate--> kept claims --unify, merge--> files

Articles are worked on one by one, by an engine (:mod:`kg.engine`), and what is found is kept at once (:mod:`kg.kept`).
The files are made of the kept claims of all articles, which are gone through one after the other: what is in memory
grows with the number of entities, not of articles.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg import annotate, files
from kg.engine import Engine, Local, Task
from kg.errors import GraphError
from kg.folder import GraphFolder, Manifest, write_atomically
from kg.identity import Unified, unify
from kg.ids import digest
from kg.judgements import Judgement, judgements_text, read_judgements
from kg.kept import Kept, Made
from kg.model import Article
from kg.progress import SILENT, Progress
from kg.read import Account, Intake, Source, Unreadable
from kg.relate.traces import Trace
from kg.stages import AFTER_ANNOTATION, check, rules
from kg.stopwatch import timed

AT_ONCE = 500
"""Articles that are written to the disk together."""

Rows = Mapping[str, str]
"""The articles of a graph: for each id the key under which the article is kept."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a rebuild did. ``articles`` are in the graph, ``annotated`` of them were annotated now."""

    articles: int
    annotated: int
    claims: Counter[str]
    new_entities: int
    unreadable: tuple[Unreadable, ...]
    accounts: tuple[Account, ...] = ()


def rebuild(
    sources: Sequence[Source] | Intake,
    folder: GraphFolder,
    *,
    model: str = annotate.EMBEDDED,
    engine: Engine | None = None,
    progress: Progress = SILENT,
) -> Summary:
    """Make the graph of exactly these sources; with none, make it again of the articles it is made of.

    Only articles that are new or changed are annotated. What is found is kept at once, so that an interrupted run
    continues where it was. If no source can be read, the graph stays as it is. ``engine`` works on the articles; if it
    is not given, :class:`kg.engine.Local` with this model.

    Raises:
        GraphError: no source is given and there is no graph, or the folder cannot be read or written.
        ModelError: the model does not load.

    """
    intake = Intake.of(sources)
    articles = _from_first(intake)
    if not intake:
        folder.require()
    elif not articles:
        return _summary(intake)
    with folder.change(), folder.kept(write=True) as kept:
        rows = _read(articles, kept) if intake else folder.manifest().articles
        return _build(rows, intake, _Run(folder, kept, model, engine or Local(model), progress))


def add(
    sources: Sequence[Source] | Intake,
    folder: GraphFolder,
    *,
    model: str = annotate.EMBEDDED,
    engine: Engine | None = None,
    progress: Progress = SILENT,
) -> Summary:
    """Put the articles of these sources into the graph; one with the id of an older one takes its place."""
    intake = Intake.of(sources)
    articles = _from_first(intake)
    if not articles and not folder.exists():
        return _summary(intake)
    with folder.change(), folder.kept(write=True) as kept:
        before = folder.manifest().articles if folder.exists() else {}
        rows = {**before, **_read(articles, kept)}
        return _build(rows, intake, _Run(folder, kept, model, engine or Local(model), progress))


def remove(ids: Sequence[str], folder: GraphFolder, *, model: str = annotate.EMBEDDED) -> Summary:
    """Take articles out of the graph.

    Raises:
        GraphError: there is no graph, or no such article in it.

    """
    folder.require()
    with folder.change(), folder.kept(write=True) as kept:
        before = folder.manifest().articles
        if unknown := sorted(set(ids) - before.keys()):
            raise GraphError(f"not in the graph: {', '.join(unknown)}; its articles: {', '.join(list(before)[:20])}")
        rows = {name: key for name, key in before.items() if name not in ids}
        return _build(rows, Intake(()), _Run(folder, kept, model, Local(model), SILENT))


def judge(judgements: Sequence[Judgement], folder: GraphFolder) -> Unified:
    """Put these decisions on entities in the place of those in the folder, and write the graph again.

    Raises:
        GraphError: there is no graph, or the decisions cannot be carried out; then nothing is changed.

    """
    folder.require()
    with folder.change():
        unified = unify(folder.raw_claims(), judgements)
        write_atomically(folder.judgements, judgements_text(judgements))
        with folder.kept() as kept:
            files.write(replace(folder.manifest(), judgements=_hash(judgements)), judgements, folder, kept)
    return unified


# ---- reading


def _from_first(intake: Intake) -> Iterator[Article] | None:
    """The articles; nothing if there is none, which is known when the first has been read."""
    articles = iter(intake)
    first = next(articles, None)
    return itertools.chain([first], articles) if first else None


@timed("read")
def _read(articles: Iterator[Article] | None, kept: Kept) -> dict[str, str]:
    """Keep the articles; the key of each by its id."""
    rows: dict[str, str] = {}
    while some := list(itertools.islice(articles or (), AT_ONCE)):
        rows |= kept.add_articles(some)
    return rows


# ---- building


@dataclass(frozen=True, slots=True)
class _Run:
    """What a build works with."""

    folder: GraphFolder
    kept: Kept
    model: str
    engine: Engine
    progress: Progress


def _build(rows: Rows, intake: Intake, run: _Run) -> Summary:
    """Find the claims of all articles that have none yet, and make the files, unless they are there already."""
    check(AFTER_ANNOTATION)
    made = Made(annotate.fingerprint(run.model), rules().fingerprint)
    _take_over(rows, made, run)
    annotated, failed = _work(rows, made, run)
    good = {name: rows[name] for name in sorted(rows) if rows[name] not in failed}
    problems = [Unreadable(name, failed[rows[name]]) for name in sorted(rows) if rows[name] in failed]
    if rows and not good:
        return _summary(intake, problems)
    judgements = read_judgements(run.folder.judgements)
    manifest = _files(Manifest(made, _hash(judgements), good), judgements, run)
    run.kept.forget(set(good.values()), made)
    return _summary(intake, problems, len(good), annotated, Counter(manifest.claims), manifest.new)


def _summary(
    intake: Intake,
    problems: Iterable[Unreadable] = (),
    articles: int = 0,
    annotated: int = 0,
    claims: Counter[str] | None = None,
    new: int = 0,
) -> Summary:
    """What a run did, with what its sources gave; ``problems`` came up later."""
    unreadable = (*intake.unreadable, *problems)
    return Summary(articles, annotated, claims or Counter(), new, unreadable, tuple(intake.accounts))


def _files(wanted: Manifest, judgements: Sequence[Judgement], run: _Run) -> Manifest:
    """The manifest of the graph, whose files are made if they are not those of these articles already."""
    folder = run.folder
    if folder.exists() and folder.intact() and (there := folder.manifest()).same_as(wanted):
        return there
    return files.write(wanted, judgements, folder, run.kept, run.progress)


@timed("compare")
def _take_over(rows: Rows, made: Made, run: _Run) -> None:
    """Keep the claims of articles that the change from earlier rules does not concern, so that nobody looks for them."""
    now, kept = rules(), run.kept
    if not (unknown := set(rows.values()) - kept.done(made)):
        return
    for name, triggers in kept.rules(now.base).items():
        earlier = replace(made, rules=name)
        concerned = now.concern([Trace(*trace) for trace in triggers])
        if keys := sorted(unknown & kept.done(earlier)):
            run.progress.start("compare", len(keys))
            for start in range(0, len(keys), AT_ONCE):
                some = keys[start : start + AT_ONCE]
                kept.take_over([key for key in some if not concerned(kept.article(key))], earlier, made)
                run.progress.step(len(some))
            run.progress.end()
    kept.add_rules(made.rules, now.base, list(now.triggers))


@timed("annotate")
def _work(rows: Rows, made: Made, run: _Run) -> tuple[int, dict[str, str]]:
    """Find the claims of all articles that have none yet: how many were annotated, and what went wrong, by key."""
    done, annotated = run.kept.done(made), run.kept.annotated(made.model)
    keys = [key for _, key in sorted(rows.items()) if key not in done]
    new = sum(key not in annotated for key in keys)
    failed: dict[str, str] = {}
    if keys:
        run.progress.start("annotate" if new else "relate", len(keys))
        for results in run.engine.run(_tasks(keys, annotated, made, run.kept)):
            run.kept.add(results, made)
            failed |= {result.key: result.problem for result in results if result.problem}
            run.progress.step(len(results))
        run.progress.end()
    return new, failed


def _tasks(keys: Iterable[str], annotated: set[str], made: Made, kept: Kept) -> Iterator[Task]:
    for key in keys:
        known = kept.annotation_record(key, made.model) if key in annotated else b""
        yield Task(key, kept.article_record(key), known)


def _hash(judgements: Iterable[Judgement]) -> str:
    return digest(judgements_text(judgements))
