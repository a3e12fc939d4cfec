"""Stage 2, annotate: Stanza finds sentences, tokens, multiword tokens and names.

The only module that imports stanza, torch and transformers, and only when a model is loaded. The embedded model and
Stanza's official Arabic package run through the same code; neither ever reaches for the network here.
"""

from __future__ import annotations

import itertools
import logging
import os
import pathlib
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
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
TOGETHER = 16
"""Articles whose multiword tokens the network is asked about together."""
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
        self._words = _Words(self._pipeline.processors.pop("mwt"))
        self.tags([["."]])  # the first call sets the encoder's tokenizer up, which must not happen in two threads

    def annotate(self, article: Article) -> Document:
        """One article's document."""
        return next(self.annotate_all([article]))

    def annotate_all(self, articles: Iterable[Article], cores: int | None = None) -> Generator[Document]:
        """The documents of these articles, in their order, one at a time; each core works on an article of its own.

        ``cores`` is how many to use; if it is not given, all, but not more than four.

        A document depends on its article alone: not on the others, their order, or the number of cores.
        """
        rest = iter(articles)
        with ThreadPoolExecutor(cores or _cores(), initializer=_stay_on_one_core) as pool:
            while some := list(itertools.islice(rest, TOGETHER)):
                found = list(pool.map(self._sentences, [article.text for article in some]))
                words = pool.submit(self._words, _multiword(found)).result()
                for article, sentences in zip(some, found, strict=True):
                    yield Document(article, tuple(_sentence(*one, words) for one in sentences), self.name)

    def _sentences(self, text: str) -> list[_Found]:
        """Stanza's sentences of a text."""
        spans, found = list(sentences_of(text)), []
        for start in range(0, len(spans), SENTENCES_AT_ONCE):
            some = spans[start : start + SENTENCES_AT_ONCE]
            documents = self._pipeline.bulk_process([span.of(text) for span in some])
            for span, document in zip(some, documents, strict=True):
                found += [_Found(sentence, span.start) for sentence in document.sentences if sentence.tokens]
        return found

    def tags(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """The BIOES tag of each token of sentences that are given as tokens."""
        from stanza.models.common.doc import Document as StanzaDocument

        lines = [[{"id": n, "text": word} for n, word in enumerate(s, 1)] for s in sentences]
        document = self._pipeline.processors["ner"].process(StanzaDocument(lines))
        return [[token.ner for token in sentence.tokens] for sentence in document.sentences]


class _Found(NamedTuple):
    """A sentence of Stanza's, and where in the article the part begins that it counts from."""

    sentence: Any
    offset: int


def _cores() -> int:
    return min(os.cpu_count() or 1, MOST_CORES)


def _stay_on_one_core() -> None:
    """What a thread computes on one core is the same to the last bit on every machine, however many cores it has."""
    import torch

    torch.set_num_threads(1)


def _multiword(articles: Iterable[Iterable[_Found]]) -> set[str]:
    """The multiword tokens of articles."""
    tokens = (token for found in articles for one in found for token in one.sentence.tokens)
    return {token.text for token in tokens if _is_multiword(token)}


def _is_multiword(token: Any) -> bool:
    return MULTIWORD in (token.misc or "")


def _sentence(sentence: Any, offset: int, words: Mapping[str, tuple[str, ...]]) -> Sentence:
    tokens = tuple(
        Token(Span(t.start_char + offset, t.end_char + offset), words[t.text] if _is_multiword(t) else (t.text,))
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
    return pipeline


class _OpenTokens(NamedTuple):
    """What Stanza's expander takes for a document: tokens whose words it is to find."""

    tokens: list[str]

    def get_mwt_expansions(self, _evaluation: object) -> list[str]:
        """The tokens."""
        return self.tokens


class _Words:
    """The words of multiword tokens, by Stanza's expander; only what its dictionary does not know is asked of its network.

    In a document Stanza asks the network about every occurrence, lets the dictionary decide, and then looks where in the token
    each word begins, which nobody here needs. What the network said, which hangs on the token alone, is kept for the next
    articles.
    """

    def __init__(self, expander: Any) -> None:
        self._expander = expander
        self._asked: dict[str, str] = {}

    def __call__(self, tokens: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The words of each token: the token itself if they are not several."""
        found = {token: self._expander.trainer.dict_expansion(token) or self._asked.get(token, "") for token in tokens}
        if unknown := sorted(token for token, words in found.items() if not words):
            answers = dict(zip(unknown, self._ask(unknown), strict=True))
            found |= answers
            if len(self._asked) > MOST_ASKED:
                self._asked.clear()
            self._asked |= answers
        parts = {token: tuple(words.split()) for token, words in found.items()}
        return {token: words if len(words) > 1 else (token,) for token, words in parts.items()}

    def _ask(self, tokens: list[str]) -> list[str]:
        from torch import no_grad

        batch = self._expander.build_batch(_OpenTokens(tokens))
        with no_grad():
            return [
                words for part in batch.to_loader()
                for words in self._expander.trainer.predict(part, never_decode_unk=True, vocab=batch.vocab)
            ]  # fmt: skip


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
