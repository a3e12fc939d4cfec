"""Media types: which there are, and which one a client wants (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

HTML = "text/html"
RESULTS: Mapping[str, str] = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
"""Of SELECT and ASK, by the name that ``format=`` may give; the first is the default."""
GRAPHS: Mapping[str, str] = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
"""Of CONSTRUCT, DESCRIBE and things; the first is the default."""
ANY = "*/*"
_JSON = (RESULTS["json"], GRAPHS["jsonld"])
_XML = (RESULTS["xml"], GRAPHS["rdf"])
_NAMES: Mapping[str, tuple[str, ...]] = {
    **{name: (media,) for name, media in {**RESULTS, **GRAPHS, "html": HTML}.items()},
    "turtle": (GRAPHS["ttl"],),
    "application/x-turtle": (GRAPHS["ttl"],),
    "ntriples": (GRAPHS["nt"],),
    "json-ld": (GRAPHS["jsonld"],),
    "rdf+xml": (GRAPHS["rdf"],),
    "json": _JSON,
    "application/json": _JSON,
    "xml": _XML,
    "application/xml": _XML,
    "text/xml": _XML,
    "application/xhtml+xml": (HTML,),
}
"""Short names and other names; what stands for a format of both results and graphs gives both."""


def wanted(accept: str, name: str = "") -> tuple[str, ...]:
    """The media types that a client wants, best first; ``name`` is that of ``format=``, which comes before the header.

    >>> wanted("text/csv;q=0.5, text/turtle")
    ('text/turtle', 'text/csv')
    >>> wanted("*/*", "ttl")
    ('text/turtle', '*/*')
    """
    ranked = sorted(map(_ranked, filter(str.strip, accept.split(","))), key=lambda pair: -pair[1])
    header = [media for media, quality in ranked if quality > 0] or [ANY]
    full = [_NAMES.get(name.strip().casefold(), ()), *(_NAMES.get(media, (media,)) for media in header)]
    return tuple(dict.fromkeys(media for some in full for media in some))


def choose(wants: Sequence[str], offered: Sequence[str]) -> str | None:
    """The first of ``wants`` that is offered, with ``*`` for anything; None if there is none.

    >>> choose(("text/*",), ("application/json", "text/csv"))
    'text/csv'
    """
    for want in wants:
        for offer in offered:
            if want in (offer, ANY) or (want.endswith("/*") and offer.startswith(want[:-1])):
                return offer
    return None


def from_browser(wants: Sequence[str]) -> bool:
    """Whether HTML is wanted by name, and nothing that we can write before it."""
    return choose([want for want in wants if "*" not in want], (HTML, *RESULTS.values(), *GRAPHS.values())) == HTML


def _ranked(item: str) -> tuple[str, float]:
    media, *parameters = item.split(";")
    quality = next((p.strip()[2:] for p in parameters if p.strip().startswith("q=")), "1")
    try:
        return media.strip().casefold(), float(quality)
    except ValueError:
        return media.strip().casefold(), 0.0
