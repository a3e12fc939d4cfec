"""How values of the model are written as RDF terms: texts, dates of any precision, addresses, numbers."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from kg.language.dates import Period, Precision
from kg.naming import time_iri
from kg.rdf import Literal, Quad, Term, term, typed

Properties: TypeAlias = Iterable[tuple[str, Term | None]]
"""Prefixed names of properties with their values; what is not known is None."""

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_DATATYPES = {
    Precision.DAY: "date",
    Precision.MONTH: "gYearMonth",
    Precision.YEAR: "gYear",
    Precision.INTERVAL: "date",
}
_POSITIONS = {"date": "time:inXSDDate", "gYearMonth": "time:inXSDgYearMonth", "gYear": "time:inXSDgYear"}
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?", re.ASCII)
LONGEST_HOST = 260
"""Characters of a host with its port; the domain name system allows no more, and IDNA takes long for them."""
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def statements(node: str, properties: Properties, graph: str) -> Iterator[Quad]:
    """The quads of a node in a graph; properties without value are left out."""
    return (Quad(node, term(name), value, graph) for name, value in properties if value is not None)


def named(text: str) -> Literal | None:
    """A text with the language that its letters show, Arabic or English; None if it is empty."""
    return Literal(text, "ar" if _ARABIC.search(text) else "en") if text else None


def decimal(number: float) -> Literal:
    """At most four decimals and no trailing zero: the canonical form, which stores keep as it is.

    >>> decimal(0.80).value, decimal(2).value
    ('0.8', '2')
    """
    return typed(f"{number:.4f}".rstrip("0").rstrip("."), "decimal")


def integer(number: int) -> Literal:
    """A whole number."""
    return typed(str(number), "integer")


def boolean(value: bool) -> Literal:
    """A truth value."""
    return typed(str(value).lower(), "boolean")


def period_literal(period: Period) -> Literal:
    """A period as ``xsd:date``, ``xsd:gYearMonth`` or ``xsd:gYear``; of an interval, its first day.

    >>> period_literal(Period("2017-07")).datatype
    'http://www.w3.org/2001/XMLSchema#gYearMonth'
    """
    return typed(period.value.partition("/")[0], _DATATYPES[period.precision])


def last_day(period: Period) -> Literal | None:
    """The last day of an interval; None for a day, month or year."""
    return typed(period.end.isoformat(), "date") if period.precision is Precision.INTERVAL else None


def time_quads(period: Period, graph: str) -> Iterator[Quad]:
    """A period as OWL-Time has it: an instant with a position as exact as it is known, or an interval of two of them."""
    node = time_iri(period.value)
    if period.precision is not Precision.INTERVAL:
        position = _POSITIONS[_DATATYPES[period.precision]]
        yield from statements(node, [("rdf:type", term("time:Instant")), (position, period_literal(period))], graph)
        return
    first, last = (Period(day) for day in period.value.split("/"))
    bounds = [("time:hasBeginning", time_iri(first.value)), ("time:hasEnd", time_iri(last.value))]
    yield from statements(node, [("rdf:type", term("time:ProperInterval")), *bounds], graph)
    yield from time_quads(first, graph)
    yield from time_quads(last, graph)


def url_term(url: str) -> Term | None:
    """The address of an article as an IRI if it is an absolute http(s) one, else as the text it was; None if empty.

    What may not stand in an IRI is percent-encoded. User names in an address make it no IRI: they may hold passwords.

    >>> url_term("https://example.org/a b?q=<x>")
    'https://example.org/a%20b?q=%3Cx%3E'
    >>> url_term("javascript:alert(1)")
    Literal(value='javascript:alert(1)', language='', datatype='')
    """
    try:
        parts = urllib.parse.urlsplit(url)
        if len(parts.netloc) > LONGEST_HOST:
            return Literal(url)
        host = parts.netloc.encode("idna").decode("ascii")
    except ValueError:
        return Literal(url)
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return Literal(url) if url else None
    path, query, fragment = map(_percent_encoded, parts[2:])
    return urllib.parse.urlunsplit((parts.scheme, host, path, query, fragment))


def _percent_encoded(text: str) -> str:
    return urllib.parse.quote(_STRAY_PERCENT.sub("%25", text), safe="/?:@!$&'()*+,;=-._~%")
