"""What is inside a file: archives are opened until there are articles."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import ReadError
from kg.read import limits
from kg.read.formats import Format, guess
from kg.read.items import Blob, Cause, Found, Ignored, Item, LeftOutError, Options, Unreadable


@dataclass(frozen=True, slots=True)
class Leaf:
    """Bytes that are articles, and the format to read them by."""

    blob: Blob
    format: Format

    @property
    def path(self) -> str:
        """How messages call it."""
        return self.blob.path


def leaves(blob: Blob, options: Options, depth: int = 0) -> Iterator[Leaf | Unreadable | Ignored]:
    """The things in a file that give articles, and what is wrong with others; archives in archives too."""
    form = guess(blob, options)
    if not form.holds:
        yield Leaf(blob, form)
        return
    if depth == limits.DEEPEST_ARCHIVE:
        yield Unreadable(blob.path, f"more than {limits.DEEPEST_ARCHIVE} archives in one another; unpack it")
        return
    empty = True
    inside = dataclasses.replace(options, format="") if options.format == form.name else options
    try:
        for number, member in enumerate(form.open(blob, options)):
            if number == limits.MOST_MEMBERS:
                raise ReadError(f"more than {limits.MOST_MEMBERS:,} files in it; split it")
            empty = empty and isinstance(member, Ignored)
            yield from leaves(member, inside, depth + 1) if isinstance(member, Blob) else (member,)
    except Exception as error:
        yield _broken(blob.path, form, error)
        return
    if empty:
        yield Unreadable(blob.path, "nothing in it that could be an article", Cause.EMPTY)


def read_leaf(leaf: Leaf | Unreadable | Ignored, options: Options) -> Iterator[Item]:
    """The articles of a leaf, and what gives none."""
    if not isinstance(leaf, Leaf):
        yield leaf
        return
    try:
        for item in leaf.format.open(leaf.blob, options):
            yield item if isinstance(item, Unreadable) else Found(item, leaf.path, leaf.format.name)
    except Exception as error:
        yield _broken(leaf.path, leaf.format, error)


def _broken(path: str, form: Format, error: Exception) -> Unreadable:
    if isinstance(error, LeftOutError | ReadError):
        return Unreadable.of(path, error)
    if isinstance(error, MemoryError):
        return Unreadable(path, f"needs more than {limits.MEMORY >> 30} GB of memory to be read as {form.name}")
    return Unreadable(path, f"damaged: not readable as {form.name} ({type(error).__name__}: {str(error)[:200]})")
