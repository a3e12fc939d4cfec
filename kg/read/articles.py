"""Fields become an article: which field holds what, dates, and what cannot be one."""

from __future__ import annotations

import datetime
import email.utils
import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from kg.errors import ReadError
from kg.language.arabic import fold
from kg.model import Article
from kg.read import limits
from kg.read.encoding import clean
from kg.read.items import FIELDS, Cause, LeftOutError

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "guid", "المعرف", "الرقم"),
    "title": ("title", "headline", "العنوان", "عنوان"),
    "outlet": ("outlet", "source", "publisher", "site", "website", "newspaper", "المصدر", "الصحيفة", "الموقع"),
    "published": (
        "published",
        "time",
        "date",
        "pubdate",
        "published_at",
        "publishedat",
        "datepublished",
        "التاريخ",
        "تاريخ النشر",
    ),
    "url": ("url", "link", "href", "الرابط", "رابط"),
    "text": (
        "text",
        "body",
        "content",
        "article",
        "articlebody",
        "fulltext",
        "full_text",
        "النص",
        "نص",
        "المحتوى",
        "نص الخبر",
    ),
}
"""What columns and fields are called, the likeliest first; case, spelling variants and the Arabic article do not matter."""

_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/.]?)(?P<month>\d{2})\2(?P<day>\d{2})(?!\d)")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})([-/.])(?P<month>\d{1,2})\2(?P<year>\d{4})(?!\d)")
_SHOWN = 40


def article(
    *,
    id: str,  # noqa: A002
    text: str,
    title: str = "",
    outlet: str = "",
    url: str = "",
    published: datetime.date | None = None,
) -> Article:
    """An article whose text can be written as UTF-8 anywhere.

    Raises:
        ReadError: there is no text, or more than an article has.

    """
    if not text.strip():
        raise LeftOutError("no text in it", Cause.EMPTY)
    if len(text) > limits.LONGEST_ARTICLE:
        raise ReadError(f"{len(text):,} characters; an article has at most {limits.LONGEST_ARTICLE:,}")
    return Article(
        id=clean(id), text=clean(text), title=clean(title), outlet=clean(outlet), published=published, url=clean(url)
    )


def titled(title: str, body: str) -> str:
    """The text of an article: title, blank line, body."""
    return f"{title}\n\n{body}" if title else body


def article_of(fields: Mapping[str, Any], columns: Mapping[str, str], name: str) -> Article:
    """The article that these fields tell of; ``name`` is its id if they give none.

    Raises:
        ReadError: the text is missing, or a field is not text or not a date.

    """
    chosen = recognise((name for name, value in fields.items() if value not in (None, "")), columns)
    if "text" not in chosen and "title" not in chosen:
        raise LeftOutError(f"no text in it; {unrecognised(fields)}", Cause.EMPTY)
    values = {wanted: _string(fields, column) for wanted, column in chosen.items()}
    title = values.get("title", "")
    return article(
        id=values.get("id") or name, title=title, outlet=values.get("outlet", ""), url=values.get("url", ""),
        published=day(values.get("published", "")), text=titled(title, values.get("text", "")),
    )  # fmt: skip


def recognise(found: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """For each of our fields the column that holds it: the one chosen by the user, else one that is called so.

    >>> recognise(["Headline", "النص", "x"], {"url": "x"})
    {'title': 'Headline', 'url': 'x', 'text': 'النص'}
    """
    return dict(_recognised(tuple(name for name in found if name), tuple(columns.items())))


@functools.lru_cache(maxsize=8)
def _recognised(found: tuple[str, ...], columns: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The same; the lines of a file mostly have the same fields."""
    by_name = {_key(name): name for name in reversed(found)}
    named = dict(columns)
    chosen = {}
    for field in FIELDS:
        wanted = (named[field],) if field in named else NAMES[field]
        match = next((by_name[_key(name)] for name in wanted if _key(name) in by_name), None)
        if match is not None:
            chosen[field] = match
    return chosen


def unrecognised(found: Iterable[str]) -> str:
    """What to do where no column holds the text."""
    names = ", ".join(str(name)[:40] for name in found if name) or "none"
    return f"the columns found are {names[:400]}; name the right one: --column text=NAME"


def _key(name: str) -> str:
    return fold(name[:100]).replace(" ", "") or name


def _string(fields: Mapping[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str | int):
        raise ReadError(f"the field {name!r} must be text; found {type(value).__name__}")
    return str(value)


def day(value: str) -> datetime.date | None:
    """A day from an ISO, RFC 2822 or day/month/year date; an unknown date stays unknown.

    Raises:
        ReadError: it is none of these.

    """
    text = value.strip()
    if not text:
        return None
    for parse in (_numbers, email.utils.parsedate_to_datetime):
        try:
            found = parse(text)
        except (ValueError, OverflowError):
            continue
        return datetime.date(found.year, found.month, found.day)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    raise ReadError(f"the date {shown!r} is none of 2018-02-25, 25/02/2018, Sun, 25 Feb 2018; correct or remove it")


def likely_day(value: str) -> datetime.date | None:
    """The same, where a wrong date is not the user's: it is unknown then."""
    try:
        return day(value)
    except ReadError:
        return None


def _numbers(text: str) -> datetime.date:
    """Year, month and day, or day, month and year; digits of either script, and a time behind it."""
    match = _YEAR_FIRST.match(text) or _DAY_FIRST.match(text)
    if not match:
        raise ValueError(text)
    return datetime.date(*(int(match[part]) for part in ("year", "month", "day")))
