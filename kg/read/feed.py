"""RSS and Atom feeds: each entry is an article, its text what the feed carries of it, often only a summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.errors import ReadError
from kg.model import Article
from kg.read import limits
from kg.read.articles import article, likely_day, titled
from kg.read.html import plain
from kg.read.items import Blob, Cause, LeftOutError, Options, Unreadable
from kg.read.web import url_id

_ENTRIES = ("item", "entry")
_TEXTS = ("encoded", "content", "description", "summary")
_DATES = ("pubDate", "published", "date", "issued", "updated")


def feed(blob: Blob, options: Options) -> Iterator[Article | Unreadable]:  # noqa: ARG001
    """The entries of a feed. Entities that a feed declares are not expanded, and nothing that it points to is opened.

    Raises:
        ReadError: it is no XML, or no feed.

    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    root = etree.fromstring(blob.whole(limits.LARGEST_FILE), parser)
    if root is None or _local(root) not in ("rss", "RDF", "feed"):
        raise LeftOutError("not a feed: neither RSS nor Atom", Cause.EMPTY)
    entries = [element for element in root.iter() if _local(element) in _ENTRIES]
    if parser.error_log:
        first = parser.error_log[0]
        yield Unreadable(f"{blob.path}, line {first.line}", f"broken XML: {first.message.splitlines()[0][:100]}")
    if not entries:
        raise LeftOutError("a feed without entries", Cause.EMPTY)
    channel = next((element for element in root.iter() if _local(element) in ("channel", "feed")), root)
    outlet = plain(_told(channel, ("title",)))
    for number, entry in enumerate(entries, 1):
        try:
            yield _article(entry, outlet, f"{blob.stem}-{number}")
        except ReadError as error:
            yield Unreadable.of(f"{blob.path}, entry {number}", error)


def _article(entry: Any, outlet: str, name: str) -> Article:
    title, url = plain(_told(entry, ("title",))), _link(entry)
    body = plain(max((_told(entry, (field,)) for field in _TEXTS), key=len))
    identity = url or _told(entry, ("guid", "id"))
    if not body:
        raise LeftOutError("no text in it", Cause.EMPTY)
    return article(
        id=url_id(identity) if "://" in identity else identity or name, title=title, outlet=outlet, url=url,
        published=likely_day(_told(entry, _DATES)), text=titled(title, body),
    )  # fmt: skip


def _link(entry: Any) -> str:
    """The address of the page: in RSS the text of ``link``, in Atom the target of the one that is ``alternate``."""
    links = [child for child in entry if _local(child) == "link"]
    for link in links:
        if link.get("rel", "alternate") == "alternate" and (target := link.get("href") or (link.text or "").strip()):
            return str(target)
    guid = next((child for child in entry if _local(child) == "guid"), None)
    if guid is None or guid.get("isPermaLink", "true") != "true" or "://" not in (guid.text or ""):
        return ""
    return str(guid.text).strip()


def _told(element: Any, names: tuple[str, ...]) -> str:
    """The text of the first child, by the order of these names, that has any."""
    for name in names:
        for child in element:
            if _local(child) == name and (text := "".join(child.itertext()).strip()):
                return text
    return ""


def _local(element: Any) -> str:
    """An element's name without its namespace; that of a processing instruction or an entity is empty."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
