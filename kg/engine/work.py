"""What an engine does, and the work on one article after the other that all engines share."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from kg import annotate, reprints
from kg.errors import KgError
from kg.kept import Result
from kg.model import Article, Document
from kg.records import annotation_record, article_of, claim_state, document_of, pack, unpack
from kg.stages import claims_of


@dataclass(frozen=True, slots=True)
class Task:
    """An article to be worked on, packed as :mod:`kg.kept` keeps it; ``annotation`` is empty if it has none yet."""

    key: str
    article: bytes
    annotation: bytes = b""


class Engine(Protocol):
    """Something that works on articles."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Sequence[Result]]:
        """One result for each task, some at a time, in any order, as soon as they are there.

        Tasks are taken only as they can be worked on, so that few are ever in memory.

        Raises:
            ModelError: the language model does not load.

        """
        ...


class Worker:
    """Works on articles, some at a time. The language model loads when the first needs it, and then stays."""

    def __init__(self, model: str, *, cores: int = 1) -> None:
        self._model = model
        self._cores = cores
        self._annotator: annotate.Annotator | None = None

    def __call__(self, tasks: Sequence[Task]) -> list[Result]:
        """What was found in each, in their order. What goes wrong with one is told in its result.

        Raises:
            ModelError: the language model does not load.

        """
        articles = [article_of(unpack(task.article)) for task in tasks]
        known = [_known(task, article, self._model) for task, article in zip(tasks, articles, strict=True)]
        new = iter(
            self._annotated([article for article, document in zip(articles, known, strict=True) if not document])
        )
        return [
            _claims(task, document) if document else _all(task, next(new))
            for task, document in zip(tasks, known, strict=True)
        ]

    def _annotated(self, articles: Sequence[Article]) -> list[Document | Exception]:
        """The documents of these articles; of one that cannot be annotated the reason."""
        if not articles:
            return []
        if self._annotator is None:
            self._annotator = annotate.Annotator(self._model)
        try:
            return list(self._annotator.annotate_all(articles, cores=self._cores))
        except Exception as error:
            if len(articles) == 1:
                return [error]
            return [document for article in articles for document in self._annotated([article])]


def _known(task: Task, article: Article, model: str) -> Document | None:
    """The article as it was annotated before, if it was and the record is whole."""
    if not task.annotation:
        return None
    try:
        return document_of(article, unpack(task.annotation), model)
    except (KeyError, TypeError, ValueError, zlib.error):
        return None


def _all(task: Task, found: Document | Exception) -> Result:
    """All that was found in an article that has just been annotated."""
    if isinstance(found, Exception):
        return Result(task.key, problem=_told(found))
    result = _claims(task, found)
    if result.problem:
        return result
    return replace(result, annotation=pack(annotation_record(found)), sketch=reprints.sketch(found.article.text))


def _claims(task: Task, document: Document) -> Result:
    """The claims that the rules find."""
    try:
        return Result(task.key, claims=pack([claim_state(claim) for claim in claims_of(document)]))
    except Exception as error:  # one article never ends a run
        return Result(task.key, problem=_told(error))


def _told(error: Exception) -> str:
    """An error in words; one that nobody foresaw with the place where it came up."""
    if isinstance(error, KgError):
        return str(error)
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f", in {trace.tb_frame.f_code.co_qualname}" if trace else ""
    return f"{type(error).__name__}: {error}{place}; please report this with the article"
