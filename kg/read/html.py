"""Web pages: the article without what stands around it, by trafilatura, and what the page says of itself.

Title, day, outlet and address come from what newsrooms write for search engines and social networks: JSON-LD, Open Graph,
``<time>``; a day is never guessed from the text.
"""

from __future__ import annotations

import codecs
import datetime
import html
import re
from collections.abc import Iterator
from typing import Any

from kg.errors import ReadError
from kg.model import Article
from kg.read import limits
from kg.read.articles import article, likely_day, titled
from kg.read.encoding import decode
from kg.read.items import Blob, Cause, LeftOutError, Options
from kg.read.web import url_id

SHORTEST = 60
"""Characters of main text; with fewer, a page is a list, a video or an error message."""
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})|<\?xml[^>]{0,100}encoding=[\"']([\w-]{2,30})",
    re.IGNORECASE,
)
_HEAD = 4_096
_BLOCKS = (
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "table",
    "blockquote",
    "figure",
    "section",
    "article",
)
_SPACES = re.compile(r"[^\S\n]+")


def page(blob: Blob, options: Options) -> Iterator[Article]:  # noqa: ARG001
    """The article of a page.

    Raises:
        ReadError: the page has no main text.

    """
    from trafilatura import bare_extraction

    markup = page_text(blob.whole(limits.LARGEST_FILE), blob.media)
    found: Any = bare_extraction(
        markup, url=blob.url or None, include_comments=False, include_tables=True, favor_precision=True, with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )  # fmt: skip
    body = "\n".join(line.strip() for line in (found.text or "").splitlines() if line.strip()) if found else ""
    if not found or len(body) < SHORTEST:
        raise LeftOutError("no main text found in the page: a list, a video, or an error page", Cause.EMPTY)
    yield _article(found, body, blob)


def _article(found: Any, body: str, blob: Blob) -> Article:
    outlet = found.sitename or found.hostname or ""
    title = _headline(_SPACES.sub(" ", html.unescape(found.title or "")).strip(), outlet)
    url = blob.url or found.url or ""
    return article(
        id=url_id(blob.url) if blob.url else blob.place, title=title, outlet=outlet, url=url,
        published=_day(found.date), text=titled(title, _without(title, body)),
    )  # fmt: skip


def _headline(title: str, outlet: str) -> str:
    """The title without the name of the outlet behind it."""
    bare = title.removesuffix(outlet).rstrip() if outlet else title
    return bare.rstrip("-|–—").rstrip() if bare != title and bare.endswith(("-", "|", "–", "—")) else title


def _day(value: str | None) -> datetime.date | None:
    return likely_day(value or "")


def _without(title: str, body: str) -> str:
    """The body without the title, where the page has it there again."""
    first, _, rest = body.partition("\n")
    return rest if rest and first.strip() == title else body


def page_text(data: bytes, media: str = "") -> str:
    """A page's bytes as text: by byte order mark, by what its server or the page itself says, else as any text.

    Raises:
        ReadError: it fits no encoding.

    >>> page_text('<meta charset="windows-1256"><p>سوريا'.encode("cp1256"))[-5:]
    'سوريا'
    """
    told = re.search(r"charset=[\"']?([\w-]{2,30})", media)
    stated = _CHARSET.search(data[:_HEAD])
    names = [told[1]] if told else []
    names += [(stated[1] or stated[2]).decode()] if stated else []
    if not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        for name in ["utf-8", *names]:
            try:
                return data.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
    try:
        return decode(data)
    except ReadError:
        if not names:
            raise
        return data.decode("utf-8", errors="replace")


def plain(markup: str) -> str:
    r"""A piece of HTML, as feeds carry it, as text with a line for each paragraph.

    >>> plain("<p>أولا&nbsp;<b>هذا</b></p><script>x()</script><p>ثانيا")
    'أولا هذا\nثانيا'
    """
    import lxml.html

    if "<" not in markup and "&" not in markup:
        return markup.strip()
    root = lxml.html.document_fromstring(f"<div>{markup}</div>")
    lxml.etree.strip_elements(root, "script", "style", "iframe", "form", with_tail=False)
    for element in root.iter(*_BLOCKS):
        element.text = f"\n{element.text or ''}"
        element.tail = f"\n{element.tail or ''}"
    lines = (_SPACES.sub(" ", line).strip() for line in root.text_content().splitlines())
    return "\n".join(line for line in lines if line)
