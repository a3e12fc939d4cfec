"""What reading gives: articles with where they come from, what could not be used and why, and what was passed over."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from kg.errors import ReadError
from kg.model import Article
from kg.read.encoding import clean

FIELDS = ("id", "title", "outlet", "published", "url", "text")
"""What is told of an article, and can be named by a column."""


class Cause(StrEnum):
    """Why something gives no article."""

    BROKEN = "cannot be read"
    EMPTY = "no article in it"
    LANGUAGE = "not in Arabic"
    REPEATED = "id given twice"


class LeftOutError(ReadError):
    """Something that is read well, and is no article to be used."""

    def __init__(self, reason: str, cause: Cause) -> None:
        self.cause = cause
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Found:
    """An article, where it stands and in which format."""

    article: Article
    path: str
    format: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or a part of one, that gives no article, and why; both can be written anywhere, whatever bytes they come from."""

    path: str
    reason: str
    cause: Cause = Cause.BROKEN

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", clean(self.path))
        object.__setattr__(self, "reason", clean(self.reason))

    @classmethod
    def of(cls, path: str, error: Exception) -> Unreadable:
        """What an error says about the thing at this path."""
        reason = getattr(error, "strerror", None) or str(error)
        return cls(path, reason, getattr(error, "cause", Cause.BROKEN))


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file that is of no kind that holds articles: an image, a style sheet."""

    path: str
    kind: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", clean(self.path))
        object.__setattr__(self, "kind", clean(self.kind))


Item: TypeAlias = Found | Unreadable | Ignored


@dataclass(frozen=True, slots=True)
class Options:
    """How sources are read.

    ``columns`` names the column or field that holds each of :data:`FIELDS` where its name does not tell. ``format`` is that
    of what has no telling name. Nothing is taken from the web unless ``fetch`` is set.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    format: str = ""
    fetch: bool = False


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes with a name: a file, a member of an archive, an answer from the web.

    ``path`` is how messages call it, ``name`` its path inside the source with ``/``, from which ids are made. ``media`` is
    the content type that the web gave it. ``size`` is that of the stream, or -1.
    """

    path: str
    name: str
    stream: io.BufferedReader
    url: str = ""
    media: str = ""
    size: int = -1

    @property
    def stem(self) -> str:
        """The last part of the name, without its ending.

        >>> Blob("", "sub/v1.2.html", io.BufferedReader(io.BytesIO())).stem
        'v1.2'
        """
        return self.place.rpartition("/")[2]

    @property
    def place(self) -> str:
        """The whole name, without its ending."""
        rest, dot, ending = self.name.rpartition(".")
        return rest if dot and rest and not rest.endswith("/") and "/" not in ending else self.name

    def whole(self, most: int) -> bytes:
        """All bytes.

        Raises:
            ReadError: there are more than ``most``.

        """
        data = self.stream.read(most + 1)
        if len(data) > most:
            raise ReadError(f"larger than {most >> 20} MB; an article is not, so split it or use .jsonl")
        return data
