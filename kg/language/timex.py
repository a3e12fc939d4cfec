"""Expressions of time in Arabic news: months under their three sets of names, weekdays, ranges, relative words.

The text is read into items (numbers, separators, words of ``seeds/calendar.tsv``); each item has a kind, written as one
character, and :data:`GRAMMAR` is a list of regular expressions over these characters. A name that is also another word
(the month March and the verb *practised*) counts only beside something that makes it a date.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from kg import seeds
from kg.errors import TableError
from kg.language.arabic import ALEF, CONJUNCTIONS, LAM, PREPOSITIONS, WAW, fold, fold_with_offsets
from kg.language.dates import Anchor, Direction, TimeExpression

__all__ = ["TimeExpression", "calendar", "find_times"]

KINDS = {
    "month": "M", "month_weak": "m", "month_faint": "o", "weekday": "W", "ordinal": "O",
    "today": "T", "relative": "R", "relative_weak": "r", "past": "<", "current": "=", "next": ">",
    "day_word": "w", "month_word": "k", "the_month": "K", "year_word": "y", "the_year": "Y", "the_week": "V",
    "part": "p", "this": "h", "same": "s", "other": "n", "not_today": "u", "skip": "B",
    "of": "f", "to": "t", "between": "b", "falling_on": "e", "in": "i", "event_name": "z",
    "name": "x", "article": "l", "and": "&", "clitic": "c", "since": "j", "every": "a",
}  # fmt: skip
"""Kind in the table -> its character in the grammar.

Others: D day number, N year number, A number that can be an older year, F full date, x anything.
"""

_TOKEN = re.compile(
    r"(?P<word>[\u0620-\u065f\u0670-\u06d3\u06d5-\u06ed\ufb50-\ufdff\ufe70-\ufefc]+)"
    r"|(?P<full>(?<![\d/.-])(?:\d{1,2}(?P<s>[.-]|\ ?/\ ?)\d{1,2}(?P=s)\d{4}|\d{4}(?P<t>[/-])\d{1,2}(?P=t)\d{1,2})(?![/.-]?\d))"
    r"|(?P<number>\d+(?:[.,\u066b\u066c]\d+)*)"
    r"|(?P<mark>\n|[^\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff])"
)
_MARKS = {"\n": "|", "\u060c": ",", "\u2013": "-", "\u2014": "-", "\u2212": "-", "/": "/", "-": "-", "(": "(", ")": ")"}
_MARKS |= {",": ",", ".": ".", "\u061f": ".", "\u061b": ".", "!": "."}
_LAST_DAY, _MONTHS, _FIRST_YEAR, _LAST_YEAR = 31, 12, 1900, 2099
_OLDEST_YEAR = 1500
_BEGIN = re.compile("[^x|.,()/&-]")
_PAIR = re.compile(r"[Mmo](?:[/-]?[Mmo][Mmo]?|\([Mmo]\))|\([Mmo]/?\)[Mmo]|\([Mmo]/\)[Mmo]")

_DAY_AND_MONTH = re.compile(r"(?<=w)D/D(?![-/]?[DN]|f?c?k?[Mmo])")

_LISTED = {"DO": 100, "W": 7, "M": 0, "NA": 0}
"""Kinds that come in lists, with the modulus in which they are counted; months and years make no intervals."""

_MONTH = "[Mmo]"
_Q = "[<=>]"
_YEAR = "(?:[fi]?c?[yY][NA]|[,/]?N)(?![-/][ND])"
_UNKNOWN = f"(?:n|f?a|f?c?s[YKV]|f?c?[YKV](?:n|B{_Q})|B{_Q}|f?c?(?:V{_Q}|hV))"
_TAIL = f"(?:{_Q}?{_YEAR}{_Q}?|f?c?(?:hY|Y{_Q})|{_UNKNOWN}|{_Q})"
_NUMBERS = "(?:l?D(?:,l?D){0,30}(?:&l?D){1,30}|l?D[-/t]w?l?D|l?D)"
_ORDINALS = "(?:O(?:[&t]O){0,30})"
_WEEKDAYS = f"(?:W(?:[&t/-]w?W)?{_Q}?)"
_HEAD = f"(?:(?:(?:[TRr][,(]?)?{_WEEKDAYS}|[TRr])[,)]?(?:e[ct]?)?i?[(]?w?)"
_OF = "f?c?k?"
_FIRST = f"(?:l?D{_OF}|{_ORDINALS}fc?k?){_MONTH}{_Q}?"

GRAMMAR = re.compile(
    "|".join((
        f"z(?:(?:l?D|O){_OF})?{_MONTH}(?!{_YEAR})",
        f"b?w?({_HEAD}?{_FIRST}[-t]w?{_FIRST}{_TAIL}?)",
        f"bw?({_FIRST}&w?{_FIRST}{_TAIL}?)",
        f"b?w?({_HEAD}?{_NUMBERS}{_OF}{_MONTH}{_TAIL}?)",
        f"b?w?({_HEAD}?{_ORDINALS}fc?k?{_MONTH}{_TAIL}?)",
        f"w({_ORDINALS}{_OF}{_MONTH}{_TAIL}?)",
        f"({_HEAD}?F)",
        f"b?w?({_HEAD}?(?:{_NUMBERS}|{_ORDINALS})f?c?(?:K{_Q}|hK|sK|Kn|KB{_Q}))",
        "w((?:l?D[-&t]?)?l?D=)",
        f"({_WEEKDAYS}[,]?w?l?D=)",
        f"(?:(?<=[kp])([mo]{_TAIL}?))",
        f"(?:(?<=[ij])(m{_TAIL}?))",
        f"(M(?:,M){{0,12}}(?:&M){{1,12}}{_TAIL}?)",
        f"(M{_TAIL}?)",
        f"([mo](?:{_Q}?{_YEAR}|{_Q}|f(?:hY|sY|Y[<=>n])))",
        f"(h[KY])|([KY]{_Q}(?:N(?![-/][ND]))?)|s[KYV]|[KY](?:n|B{_Q})",
        "[yY]([NA](?:&[NA]){0,30})(?![-/]N)",
        "p(N)(?![-/]N)",
        "(?<=b)(N&N)(?![-/]N)",
        "(?<=f)(N)(?=&?t[NMmo])|(?:(?<=Nt)|(?<=N&t))(N)",
        "i(N(?:&N){0,30})(?=[.,|)]|$)|j(N)(?![-/wky])",
        r"(?<=\()(N)(?=\))",
        f"bw?(W(?:&w?W){_Q}?)",
        "W(?:[,]?W|&W){0,12}&W(?<=W&W&W)",
        f"((?:[TRr][,(]?)?{_WEEKDAYS}(?:{_UNKNOWN}|f?c?V{_Q})?)(?<!bW)(?!u)",
        "(?<![isj])(T)(?![nuO<=>])|(?<![tc])(R)|(?<=[wf])(r)",
    ))
)  # fmt: skip
"""Rules that are tried in order at each item; lists are bounded, so that the time is too.

The group of a rule is the expression; one that matches without it finds none.
"""


class Item(NamedTuple):
    """One unit of the text: kind, value (a month, a day number, ``yyyymmdd`` for a full date), slice."""

    kind: str
    value: int
    start: int
    end: int


_OTHER = Item("x", 0, 0, 0)


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """Names of one month, weekday or other unit of time; ``value`` is its number."""

    kind: str
    value: int
    names: tuple[str, ...]


class Sense(NamedTuple):
    """What a name in the table stands for."""

    kind: str
    value: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The words of time: folded names, as tuples of words, and how long those are that begin with a word, the longest first."""

    names: dict[tuple[str, ...], Sense]
    lengths: dict[str, tuple[int, ...]]


@functools.cache
def calendar() -> Calendar:
    """The table ``calendar.tsv``; raises :class:`kg.errors.TableError` for a row with an unknown kind or value.

    >>> calendar().names[("تموز",)]
    Sense(kind='M', value=7)
    """
    names: dict[tuple[str, ...], Sense] = {}
    for table, number, row in seeds.sourced("calendar.tsv", CalendarRow):
        if row.kind not in KINDS:
            raise TableError(table, number, f"there is no kind {row.kind!r}; allowed: {', '.join(KINDS)}")
        names |= {tuple(fold(name).split()): Sense(KINDS[row.kind], row.value) for name in row.names}
    lengths: dict[str, tuple[int, ...]] = {}
    for name in sorted(names, key=len, reverse=True):
        lengths[name[0]] = tuple(dict.fromkeys((*lengths.get(name[0], ()), len(name))))
    return Calendar(names, lengths)


def find_times(text: str) -> tuple[TimeExpression, ...]:
    """The expressions of time in the text, in order; slices do not overlap and leave out prepositions and clitics.

    >>> text = "تعقد في 28 و29 تشرين الثاني/نوفمبر 2018"
    >>> [(text[e.start : e.end], e.resolve(None).period.value) for e in find_times(text)]
    [('28 و29 تشرين الثاني/نوفمبر 2018', '2018-11-28/2018-11-29')]
    """
    items = _pair_months(_months_in_digits(_items(text)))
    kinds = "".join(item.kind for item in items).replace("TO", "wO")
    found: list[TimeExpression] = []
    position = 0
    while begin := _BEGIN.search(kinds, position):
        match = GRAMMAR.match(kinds, begin.start())
        if match and match.lastindex:
            first, last = match.span(match.lastindex)
            last += ")" in kinds[last : last + 1] and kinds.count("(", first, last) > kinds.count(")", first, last)
            found += _expressions(items[first:last], between=match[0].startswith("b"))
        position = match.end() if match else begin.end()
    return tuple(found)


def _items(text: str) -> list[Item]:
    """The text as items; a run of words that have nothing to do with time is one, wherever it lies."""
    items: list[Item] = []
    tokens = list(_TOKEN.finditer(text))
    behind = 0
    for position, token in enumerate(tokens):
        if position < behind:
            continue  # a word of the name before
        what = token.lastgroup
        if what == "word":
            found = _read(tokens, position) if _beginnings(token[0]) else None
            if found is None:
                if not items or items[-1] is not _OTHER:
                    items.append(_OTHER)
            else:
                behind = position + found.length
                start = token.start() + found.cut
                items += [Item(kind, 0, start, start) for kind in found.clitics]
                items.append(Item(*found.word, start, tokens[behind - 1].end()))
        elif what == "mark":
            items.append(Item(_MARKS.get(token[0], "x"), 0, *token.span()))
        else:
            glued = items and items[-1].kind == "x" and text[token.start() - 1].isalpha()
            kind, value = _date(token[0]) if what == "full" else _number(token[0])
            items.append(Item("x" if glued else kind, value, *token.span()))
    return items


class Parse(NamedTuple):
    """How a word is read: its clitics, the table's word, characters before it, words that it takes."""

    clitics: str
    word: Sense
    cut: int
    length: int


def _read(tokens: Sequence[re.Match[str]], position: int) -> Parse | None:
    """The longest name of the table that starts in this word, taken whole or after clitics; None for most words."""
    table = calendar()
    for clitics, stem, cut in _beginnings(tokens[position][0]):
        for length in table.lengths[stem]:
            following = tokens[position + 1 : position + length]
            name = (stem, *(fold(token[0]) if token.lastgroup == "word" else "" for token in following))
            if word := table.names.get(name):
                return Parse(clitics, word, cut, len(name))
    return None


@functools.lru_cache(maxsize=65536)
def _beginnings(raw: str) -> tuple[tuple[str, str, int], ...]:
    """The readings of a word that begin a name of the table: kinds of the clitics, rest, characters cut off."""
    known = calendar().lengths
    return tuple((kinds, stem, _offset(raw, cut)) for kinds, stem, cut in _stems(fold(raw)) if stem in known)


def _stems(word: str) -> Iterator[tuple[str, str, int]]:
    """The word, and what remains of it without clitics: kinds of the clitics, rest, letters cut off.

    >>> list(_stems("ولتموز"))
    [('', 'ولتموز', 0), ('&', 'لتموز', 1), ('&c', 'تموز', 2)]
    """
    yield "", word, 0
    kinds, cut = "", 0
    if word[:1] and word[0] in CONJUNCTIONS:
        kinds, cut = "&" if word[0] == WAW else "c", 1
        yield kinds, word[1:], 1
    rest = word[cut:]
    if rest.startswith(LAM + LAM):
        yield kinds + "c", ALEF + rest[1:], cut + 2
    elif rest[:1] and rest[0] in PREPOSITIONS:
        yield kinds + "c", rest[1:], cut + 1


def _offset(raw: str, letters: int) -> int:
    """How many characters of the raw word make this many letters of its folded form."""
    _, offsets = fold_with_offsets(raw)
    return offsets[letters - 1] + 1 if letters else 0


def _number(digits: str) -> Sense:
    """A day of the month, a year, or a number that is neither."""
    value = int(digits) if digits.isdecimal() and len(digits) <= len("2017") else 0
    if 1 <= value <= _LAST_DAY and len(digits) <= len("31"):
        return Sense("D", value)
    older = "A" if _OLDEST_YEAR <= value < _FIRST_YEAR else "x"
    return Sense("N" if _FIRST_YEAR <= value <= _LAST_YEAR else older, value)


def _date(digits: str) -> Sense:
    """A date in digits as ``yyyymmdd``: year first, else day first, else, if only that is possible, month first.

    An Islamic year makes it no date of ours.
    """
    first, second, third = map(int, re.split(r"[/.-]", digits))
    if first > _LAST_DAY:
        first, third = third, first
    elif second > _MONTHS >= first:
        first, second = second, first
    return Sense("F" if _FIRST_YEAR <= third <= _LAST_YEAR else "x", third * 10_000 + second * 100 + first)


def _months_in_digits(items: list[Item]) -> list[Item]:
    """The items with ``يوم 14/5`` read as a day and a month."""
    found: list[Item] = []
    done = 0
    for match in _DAY_AND_MONTH.finditer("".join(item.kind for item in items)):
        month = items[match.end() - 1]
        if month.value <= _MONTHS:
            found += [*items[done : match.start() + 1], month._replace(kind="M")]
            done = match.end()
    return found + items[done:]


def _pair_months(items: list[Item]) -> list[Item]:
    """The items with the two names of one month as one item; two names that contradict each other become no month."""
    found: list[Item] = []
    done = 0
    for match in _PAIR.finditer("".join(item.kind for item in items)):
        pair = items[slice(*match.span())]
        months = [item for item in pair if item.kind in "Mmo"]
        first = months[0]
        one = len({month.value for month in months}) == 1
        if one or "/" in match[0] or "(" in match[0]:
            found += items[done : match.start()]
            found.append(Item("M" if one else "x", first.value if one else 0, first.start, pair[-1].end))
            done = match.end()
    return found + items[done:]


def _expressions(items: Sequence[Item], *, between: bool) -> Iterator[TimeExpression]:
    """One expression, or one for each member of a list that is no run of days: 5 and 9 July, Sunday and Thursday."""
    for listed, modulus in _LISTED.items():
        at = [n for n, item in enumerate(items) if item.kind in listed]
        between_them = "".join(item.kind for item in items[at[0] + 1 : at[-1]]) if at else ""
        if between or "&" not in between_them or set(between_them) & set("-/t"):
            continue
        if modulus and _run([items[n].value for n in at], modulus):
            continue
        shared = items[at[-1] + 1 :]
        for n in at[:-1]:
            yield replace(_expression([items[n], *shared]), end=items[n].end)
        yield _expression(items[at[-1] :])
        return
    yield _expression(items)


def _run(values: Sequence[int], modulus: int) -> bool:
    """Whether each value follows the one before it, counted with this modulus."""
    return all((after - before) % modulus == 1 for before, after in pairwise(values))


def _expression(items: Sequence[Item]) -> TimeExpression:
    """What the items of one expression say."""
    by_kind: dict[str, list[int]] = {}
    for item in items:
        by_kind.setdefault("N" if item.kind == "A" else item.kind, []).append(item.value)
    days = [item.value for item in items if item.kind in "DO"]
    months = [item.value for item in items if item.kind in "Mmo"]
    full = by_kind.get("F", [0])[0]
    if full:
        days, months, by_kind["N"] = [full % 100], [full // 100 % 100], [full // 10_000]
    weekdays = by_kind.get("W")
    return TimeExpression(
        start=items[0].start,
        end=items[-1].end,
        weekdays=(weekdays[0], weekdays[-1]) if weekdays else None,
        days=(days[0], days[-1]) if days else None,
        month=months[0] if months else None,
        last_month=months[1] if len(months) > 1 else None,
        year=by_kind["N"][-1] if "N" in by_kind else None,
        anchor=_anchor(by_kind),
        shift=sum(by_kind.get("R", []) + by_kind.get("r", [])),
        direction=_direction(by_kind),
    )


def _anchor(kinds: Container[str]) -> Anchor | None:
    """What the expression hangs on."""
    if any(kind in kinds for kind in "snBVa"):
        return Anchor.UNKNOWN
    if any(kind in kinds for kind in "TRr"):
        return Anchor.DAY
    if "K" in kinds or (any(kind in kinds for kind in "DO") and not any(kind in kinds for kind in "MmoF")):
        return Anchor.MONTH
    return Anchor.YEAR if "Y" in kinds and "N" not in kinds else None


def _direction(kinds: Container[str]) -> Direction | None:
    """Last, this or next."""
    for kind, direction in (("<", Direction.PAST), ("=", Direction.CURRENT), (">", Direction.NEXT)):
        if kind in kinds:
            return direction
    return Direction.CURRENT if "h" in kinds else None
