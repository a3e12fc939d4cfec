"""Stage 1, read: sources become articles.

A source is a file, a folder, an archive, standard input (``-``) or, if the user says so, a web address. The formats are the
rows of :data:`kg.read.formats.FORMATS`. What cannot be read is reported as :class:`Unreadable` in its place; one bad file
never loses a good one. Bytes are UTF-8, UTF-16 or Windows-1256, or what a web page says of itself.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterable, Iterator

from kg.model import Article
from kg.read.apart import Apart
from kg.read.encoding import decode
from kg.read.formats import BY_NAME, FORMATS, SUFFIXES
from kg.read.intake import Account, Intake, Source, read_items
from kg.read.items import FIELDS, Cause, Found, Ignored, Item, Options, Unreadable
from kg.read.limits import LARGEST_FILE, LONGEST_ARTICLE

__all__ = [
    "BY_NAME", "FIELDS", "FORMATS", "LARGEST_FILE", "LONGEST_ARTICLE", "SUFFIXES", "Account", "Cause", "Found", "Ignored",
    "Intake", "Item", "Options", "Source", "Unreadable", "decode", "read_articles",
]  # fmt: skip

_AS_FOUND = Options()


def read_articles(sources: Iterable[Source], options: Options = _AS_FOUND) -> Iterator[Article | Unreadable]:
    """The articles of these sources, in the order given; a file that is reached twice is read once."""
    seen: set[pathlib.Path] = set()
    with Apart() as apart:
        for source in sources:
            for item in read_items(source, options, apart, seen):
                if not isinstance(item, Ignored):
                    yield item.article if isinstance(item, Found) else item
