"""What the reading process and the one that started it say to each other: items as JSON, never as pickles."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from kg.read.articles import article
from kg.read.items import Cause, Found, Ignored, Item, Unreadable


def to_wire(item: Item) -> dict[str, Any]:
    """An item as JSON's types.

    >>> from_wire(to_wire(Ignored("a.png", "png")))
    Ignored(path='a.png', kind='png')
    """
    fields = dataclasses.asdict(item)
    if isinstance(item, Found):
        published = item.article.published
        fields["article"]["published"] = published.isoformat() if published else None
    return {type(item).__name__: fields}


def from_wire(message: dict[str, Any]) -> Item:
    """The item that was sent.

    Raises:
        ReadError: it is an article that no reader would give.
        KeyError, TypeError, ValueError, AttributeError: it is none.

    """
    if "Ignored" in message:
        return Ignored(**message["Ignored"])
    if "Unreadable" in message:
        fields = message["Unreadable"]
        return Unreadable(fields["path"], fields["reason"], Cause(fields["cause"]))
    found = message["Found"]
    published = found["article"].pop("published")
    day = datetime.date.fromisoformat(published) if published else None
    return Found(article(**found["article"], published=day), found["path"], found["format"])
