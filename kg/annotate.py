"""Stage 2, annotate: Stanza finds sentences, tokens, multiword tokens and names.

The only module that imports stanza, torch and transformers, and only when a model is loaded. The embedded model and
Stanza's official Arabic package run through the same code; neither ever reaches for the network here.
"""

from __future__ import annotations

import functools
import logging
import os
import pathlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import weights
from kg.errors import ModelError
from kg.language.sentences import sentences_of
from kg.model import Article, Document, Mention, Sentence, Token
from kg.span import Span

if TYPE_CHECKING:
    from stanza import Pipeline
    from stanza.models.common.foundation_cache import FoundationCache

EMBEDDED = weights.EMBEDDED
ENCODER_NAME = "kg-ar-encoder"
"""What the embedded NER model calls its encoder; the folder it is loaded from is decided here."""
MIXED_LAYERS = 4
"""Of how many top layers of the encoder the embedded NER model takes the mean."""
RUNNING = 3
"""Version of how text is cut and how the model is run; raise it when the same text and files would give another document."""
SENTENCES_AT_ONCE = 128
MOST_ASKED = 100_000
"""Tokens whose words are kept in memory, some 20 MB."""
MOST_CORES = 4
MULTIWORD = "MWT=Yes"
"""How Stanza's tokenizer marks a token that is several words."""


class Annotator:
    """A loaded model. ``name`` goes into every document that it makes.

    Raises:
        ModelError: the model's files are missing or do not load; the message says what to run.

    """

    def __init__(self, model: str = EMBEDDED) -> None:
        self.name = fingerprint(model)
        self._pipeline = _load(model)
        self.tags([["."]])  # the first call sets the encoder's tokenizer up, which must not happen in two threads

    def annotate(self, article: Article) -> Document:
        """One article's document."""
        return next(self.annotate_all([article]))

    def annotate_all(self, articles: Iterable[Article], cores: int | None = None) -> Generator[Document]:
        """The documents of these articles, in their order, one at a time; each core works on an article of its own.

        ``cores`` is how many to use; if it is not given, all, but not more than four.

        A document depends on its article alone: not on the others, their order, or the number of cores.
        """
        with ThreadPoolExecutor(cores or _cores(), initializer=_stay_on_one_core) as pool:
            yield from _in_order(pool, self._document, articles)

    def _document(self, article: Article) -> Document:
        sentences: list[Sentence] = []
        spans = list(sentences_of(article.text))
        for start in range(0, len(spans), SENTENCES_AT_ONCE):
            sentences += self._sentences(article.text, spans[start : start + SENTENCES_AT_ONCE])
        return Document(article, tuple(sentences), self.name)

    def tags(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """The BIOES tag of each token of sentences that are given as tokens."""
        from stanza.models.common.doc import Document as StanzaDocument

        lines = [[{"id": n, "text": word} for n, word in enumerate(s, 1)] for s in sentences]
        document = self._pipeline.processors["ner"].process(StanzaDocument(lines))
        return [[token.ner for token in sentence.tokens] for sentence in document.sentences]

    def _sentences(self, text: str, spans: Sequence[Span]) -> Iterator[Sentence]:
        documents = self._pipeline.bulk_process([span.of(text) for span in spans])
        for span, document in zip(spans, documents, strict=True):
            for sentence in document.sentences:
                if sentence.tokens:
                    yield _sentence(sentence, span.start)


def _cores() -> int:
    return min(os.cpu_count() or 1, MOST_CORES)


def _stay_on_one_core() -> None:
    """What a thread computes on one core is the same to the last bit on every machine, however many cores it has."""
    import torch

    torch.set_num_threads(1)


def _in_order(pool: Executor, run: Callable[[Article], Document], articles: Iterable[Article]) -> Iterator[Document]:
    """The results in the order of the articles; only a few are ever waiting, so that memory stays bounded."""
    waiting: deque[Future[Document]] = deque()
    for article in articles:
        waiting.append(pool.submit(run, article))
        if len(waiting) > 2 * MOST_CORES:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _sentence(sentence: Any, offset: int) -> Sentence:
    tokens = tuple(
        Token(Span(t.start_char + offset, t.end_char + offset), tuple(word.text for word in t.words))
        for t in sentence.tokens
    )
    mentions = tuple(
        Mention(Span(e.start_char + offset, e.end_char + offset), e.type)
        for e in sentence.ents
        if e.type in ("PER", "LOC", "ORG")
    )
    return Sentence(Span(tokens[0].span.start, tokens[-1].span.end), tokens, mentions)


def fingerprint(model: str) -> str:
    """Which model, with which files, run how: what was annotated otherwise is annotated anew.

    Raises:
        ModelError: the model is not here.

    """
    return f"{weights.fingerprint(model)}-{RUNNING}"


def _load(model: str) -> Pipeline:
    path = weights.path_of(model)
    weights.verify(path)
    try:
        _be_quiet()
        return _pipeline(path)
    except ImportError as error:
        raise ModelError(f"a package is missing ({error}); run: pip install --upgrade kg") from error
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"the model in {path} does not load: {error}") from error


def _be_quiet() -> None:
    """Stanza, torch and transformers write to the terminal unless told not to."""
    from transformers.utils.logging import disable_progress_bar, set_verbosity_error

    disable_progress_bar()
    set_verbosity_error()
    logging.getLogger("stanza").setLevel(logging.ERROR)


def _pipeline(path: pathlib.Path) -> Pipeline:
    from stanza import Pipeline
    from torch import no_grad
    from torch.nn import LSTM

    from kg.recurrent import Recurrent

    pipeline = Pipeline(
        "ar", dir=str(path), processors="tokenize,mwt,ner", download_method=None, use_gpu=False, logging_level="ERROR",
        tokenize_no_ssplit=True,  # kg.language.sentences has cut the text
        foundation_cache=encoder_cache(path / "encoder") if (path / "encoder").is_dir() else None,
    )  # fmt: skip
    tokenizer = pipeline.processors["tokenize"].trainer.model
    for name, module in list(tokenizer.named_children()):
        if isinstance(module, LSTM):
            setattr(tokenizer, name, Recurrent(module))
    expander = pipeline.processors["mwt"]
    expander.process = no_grad()(functools.partial(_expand, expander, {}))
    return pipeline


class _OpenTokens(NamedTuple):
    """What Stanza's expander takes for a document: tokens whose words it is to find."""

    tokens: list[str]

    def get_mwt_expansions(self, _evaluation: object) -> list[str]:
        """The tokens."""
        return self.tokens


def _expand(expander: Any, asked: dict[str, str], document: Any) -> Any:
    """Find the words of a document's multiword tokens; only what the dictionary does not know is asked of the network.

    Stanza asks the network about every occurrence, lets the dictionary decide, and then looks where in the token each word
    begins, which nobody here needs. ``asked`` keeps what the network said, which hangs on the token alone, for the next
    documents.
    """
    from stanza.models.common.doc import Word

    tokens = [t for sentence in document.sentences for t in sentence.tokens if MULTIWORD in (t.misc or "")]
    words = {t.text: expander.trainer.dict_expansion(t.text) or asked.get(t.text, "") for t in tokens}
    unknown = sorted(text for text, found in words.items() if not found)
    if unknown:
        batch = expander.build_batch(_OpenTokens(unknown))
        found = [
            word for part in batch.to_loader()
            for word in expander.trainer.predict(part, never_decode_unk=True, vocab=batch.vocab)
        ]  # fmt: skip
        words.update(zip(unknown, found, strict=True))
        if len(asked) > MOST_ASKED:
            asked.clear()
        asked.update(zip(unknown, found, strict=True))
    for token in tokens:
        if len(parts := words[token.text].split()) > 1:
            token.words = [Word(token.sent, {"id": n, "text": part}) for n, part in enumerate(parts, 1)]
    return document


def encoder_cache(path: pathlib.Path, *, quick: bool = True) -> FoundationCache:
    """A cache that already holds the fine-tuned encoder, so that Stanza does not look for it by name.

    ``quick`` is how :mod:`kg.encoder` runs it; else it is the 32-bit model of transformers.
    """
    from stanza.models.common.bert_embedding import load_tokenizer
    from stanza.models.common.foundation_cache import BertRecord, FoundationCache
    from torch import float32
    from transformers import AutoModel

    from kg.encoder import Encoder

    model = AutoModel.from_pretrained(path, local_files_only=True, dtype=float32, add_pooling_layer=False).eval()
    tokenizer = load_tokenizer(str(path), local_files_only=True)
    cache = FoundationCache(local_files_only=True)
    cache.bert[ENCODER_NAME] = BertRecord(Encoder(model, top=MIXED_LAYERS) if quick else model, tokenizer, {})
    return cache


def download_official() -> pathlib.Path:
    """Fetch Stanza's own Arabic package; the only call in ``kg`` that uses the network. Gives its folder.

    Raises:
        ModelError: the download failed.

    """
    import stanza

    path = weights.path_of(weights.OFFICIAL)
    try:
        stanza.download("ar", model_dir=str(path), processors="tokenize,mwt,ner")
    except (OSError, ValueError) as error:
        raise ModelError(f"the download failed: {error}") from error
    weights.seal(path)
    return path
