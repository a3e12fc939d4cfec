"""Stage 2, annotate: Stanza finds sentences, tokens, multiword tokens and names.

The only module that imports stanza, torch and transformers, and only when a model is loaded. The embedded model and
Stanza's official Arabic package run through the same code; neither ever reaches for the network here.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import os
import pathlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kg.errors import ModelError
from kg.model import Article, Document, Mention, Sentence, Token
from kg.resources import folder
from kg.span import Span

if TYPE_CHECKING:
    from stanza import Pipeline
    from stanza.models.common.foundation_cache import FoundationCache

EMBEDDED, OFFICIAL = "embedded", "official"
MODELS = (EMBEDDED, OFFICIAL)
ENCODER_NAME = "kg-ar-encoder"
"""What the embedded NER model calls its encoder; the folder it is loaded from is decided here."""
CUTTING = 1
"""Version of :func:`paragraphs_of`; raise it when the same text is cut otherwise, so that no old annotation is used."""
LONGEST_PARAGRAPH = 4000
"""Characters given to Stanza at once; a longer paragraph is cut at a space, so that memory stays bounded."""
PARAGRAPHS_AT_ONCE = 64

_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")
_GLUED_STOP = re.compile(r"(?<=[\u0620-\u064a]{2})[.\u061f!](?=[\"\u201c\u00ab]?[\u0620-\u064a]{2})")


class Annotator:
    """A loaded model. ``name`` goes into every document that it makes.

    Raises:
        ModelError: the model's files are missing or do not load; the message says what to run.

    """

    def __init__(self, model: str = EMBEDDED) -> None:
        if model not in MODELS:
            raise ModelError(f"no model {model!r}; there are: {', '.join(MODELS)}")
        self.name = fingerprint(model)
        self._pipeline = _load(model)

    def annotate(self, article: Article) -> Document:
        """One article's document."""
        return next(self.annotate_all([article]))

    def annotate_all(self, articles: Iterable[Article]) -> Iterator[Document]:
        """The documents of these articles, in their order, one at a time."""
        for article in articles:
            paragraphs = list(paragraphs_of(article.text))
            sentences: list[Sentence] = []
            for start in range(0, len(paragraphs), PARAGRAPHS_AT_ONCE):
                sentences += self._sentences(article.text, paragraphs[start : start + PARAGRAPHS_AT_ONCE])
            yield Document(article, tuple(sentences), self.name)

    def tags(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """The BIOES tag of each token of sentences that are given as tokens."""
        from stanza.models.common.doc import Document as StanzaDocument

        lines = [[{"id": n, "text": word} for n, word in enumerate(s, 1)] for s in sentences]
        document = self._pipeline.processors["ner"].process(StanzaDocument(lines))
        return [[token.ner for token in sentence.tokens] for sentence in document.sentences]

    def _sentences(self, text: str, paragraphs: Sequence[Span]) -> Iterator[Sentence]:
        for span, document in zip(paragraphs, self._run([s.of(text) for s in paragraphs]), strict=True):
            for sentence in document.sentences:
                if sentence.tokens:
                    yield _sentence(sentence, span.start)

    def _run(self, texts: list[str]) -> list[Any]:
        documents: list[Any] = self._pipeline.bulk_process(texts)
        return documents


def paragraphs_of(text: str) -> Iterator[Span]:
    """The stretches of text in which sentences are looked for: lines, cut where a full stop lacks its space.

    >>> text = "عقد اللقاء أمس.وقال الوزير"
    >>> [span.of(text) for span in paragraphs_of(text)]
    ['عقد اللقاء أمس.', 'وقال الوزير']
    """
    for line in _PARAGRAPH.finditer(text):
        start = line.start()
        ends = [stop.end() for stop in _GLUED_STOP.finditer(text, line.start(), line.end())]
        for end in [*ends, line.end()]:
            yield from _pieces(text, start, end)
            start = end


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST_PARAGRAPH:
        space = text.rfind(" ", start + LONGEST_PARAGRAPH // 2, start + LONGEST_PARAGRAPH)
        cut = space if space > 0 else start + LONGEST_PARAGRAPH
        yield Span(start, cut)
        start = cut
    if text[start:end].strip():
        yield Span(start, end)


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


@functools.cache
def fingerprint(model: str) -> str:
    """The model's name with a hash of its files and of how text is cut: what was made otherwise is made anew."""
    if model == OFFICIAL:
        return f"{OFFICIAL}-{CUTTING}"
    digest = hashlib.sha256(str(CUTTING).encode())
    for path in sorted((folder("models") / EMBEDDED).rglob("*")):
        if path.is_file() and path.suffix != ".md":
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return f"{EMBEDDED}-{digest.hexdigest()[:12]}"


def _load(model: str) -> Pipeline:
    _be_quiet()
    try:
        return _embedded() if model == EMBEDDED else _official()
    except ImportError as error:
        raise ModelError(f"a package is missing ({error}); run: pip install --upgrade kg") from error
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"the {model} model does not load: {error}. {_HOW_TO_GET[model]}") from error


_HOW_TO_GET = {
    EMBEDDED: "Its files are part of the package; install kg again.",
    OFFICIAL: "To download it (600 MB, from Stanford and Hugging Face), run: kg models download",
}


def _be_quiet() -> None:
    """Stanza, torch and transformers write to the terminal unless told not to."""
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    logging.getLogger("stanza").setLevel(logging.ERROR)


def _embedded() -> Pipeline:
    from stanza import Pipeline

    return Pipeline(
        "ar", dir=str(folder("models") / EMBEDDED), processors="tokenize,mwt,ner", download_method=None, use_gpu=False,
        foundation_cache=_encoder_cache(folder("models") / EMBEDDED / "encoder"), logging_level="ERROR",
    )  # fmt: skip


def _encoder_cache(path: pathlib.Path) -> FoundationCache:
    """A cache that already holds the fine-tuned encoder, so that Stanza does not look for it by name."""
    from stanza.models.common.bert_embedding import load_tokenizer
    from stanza.models.common.foundation_cache import BertRecord, FoundationCache
    from torch import float32
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(path, local_files_only=True, dtype=float32, add_pooling_layer=False)
    cache = FoundationCache(local_files_only=True)
    cache.bert[ENCODER_NAME] = BertRecord(encoder.eval(), load_tokenizer(str(path), local_files_only=True), {})
    return cache


def _official() -> Pipeline:
    from stanza import Pipeline

    return Pipeline(
        "ar", processors="tokenize,mwt,ner", download_method=None, use_gpu=False, logging_level="ERROR"
    )  # fmt: skip


def download_official() -> None:
    """Fetch Stanza's own Arabic package; the only call in ``kg`` that uses the network.

    Raises:
        ModelError: the download failed.

    """
    import stanza

    try:
        stanza.download("ar", processors="tokenize,mwt,ner")
    except (OSError, ValueError) as error:
        raise ModelError(f"the download failed: {error}") from error


def is_here(model: str) -> bool:
    """Whether a model's files are on this machine."""
    from stanza.resources.common import DEFAULT_MODEL_DIR

    where = folder("models") / EMBEDDED if model == EMBEDDED else pathlib.Path(DEFAULT_MODEL_DIR)
    return (where / "ar" / "ner").is_dir()
