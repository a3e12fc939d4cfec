"""Names for things: IRIs from slugs, slugs from names, hashes from meaning. Nothing here depends on time or place."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata

from kg import project
from kg.language.arabic import key

BASE = project.current().base
"""What every IRI begins with: the setting ``base`` of the project that the process works in."""

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_READABLE = 12
_ROMAN = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويء",
        [
            "a",
            "b",
            "t",
            "th",
            "j",
            "h",
            "kh",
            "d",
            "dh",
            "r",
            "z",
            "s",
            "sh",
            "s",
            "d",
            "t",
            "z",
            "a",
            "gh",
            "f",
            "q",
            "k",
            "l",
            "m",
            "n",
            "h",
            "w",
            "y",
            "a",
        ],
        strict=True,
    )
)


def iri(slug: str) -> str:
    """The IRI of an entity.

    >>> iri("astana-5")
    'https://w3id.org/syria-talks/id/astana-5'
    """
    return f"{BASE}id/{slug}"


def article_iri(article: str) -> str:
    """The IRI of an article, which is also that of its named graph; any id gives a valid and distinct one.

    >>> article_iri("seed-002")
    'https://w3id.org/syria-talks/article/seed-002'
    """
    return f"{BASE}article/{slug(article)}"


def slug(text: str) -> str:
    """Lower-case ASCII for an IRI; a hash tells apart what this would make equal.

    >>> slug("seed-002")
    'seed-002'
    >>> slug("مقال") == slug("مقاله")
    False
    """
    plain = _NOT_SLUG.sub("-", unicodedata.normalize("NFKD", text).casefold()).strip("-")
    return plain if plain == text else f"{plain[:40]}-{digest(text)}".strip("-")


@functools.lru_cache(maxsize=8192)
def new_slug(name: str) -> str:
    """The slug of an entity that is in no table, from its Arabic name; every spelling that folds alike shares it.

    >>> new_slug("خالد المحاميد") == new_slug("خالد  الْمحاميد")
    True
    """
    folded = key(name)
    roman = "".join(_ROMAN.get(c, c) for c in folded)
    return f"new-{_NOT_SLUG.sub('-', roman).strip('-')[:40]}-{digest(folded)}"


def digest(*parts: str, length: int = _READABLE) -> str:
    """Hexadecimal digits, twelve if not told otherwise, that stand for these texts in this order (SHA-256).

    >>> digest("a", "b") == digest("ab")
    False
    """
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:length]
