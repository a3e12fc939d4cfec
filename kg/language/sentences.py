"""Where sentences end in Arabic newswire. Rules, because its marks are reliable and treebanks rarely use them.

A line break ends a sentence, and so do full stop, question mark and exclamation mark with the quotes and brackets that
close behind them, even where the space after them is missing. A full stop ends none

- after one letter (``د. محمد``, ``أ.ف.ب``), unless letters with spaces go before it (``أ ف ب.``),
- between the names of Latin letters (``سي. إن. إن``) and in addresses (``العربية.نت``),
- between digits and after the number of a list's line,
- if there are two or more: dots stand for a pause (``بالفيديو.. بشار الأسد``) or for something left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.span import Span

LONGEST_SENTENCE = 2000
"""Characters; what goes on longer without a mark is cut at a space, so that memory stays bounded."""

_AROUND = 200
"""Characters before and behind a mark that tell whether a sentence ends there."""

_LINE = re.compile(r"[^\n\r\u2028\u2029\u0085\v\f]+")
_MARKS = re.compile(r"[.\u06d4\u061f?!]+[\"'\u201c\u201d\u00bb\u2019)\]]*\.?(?![.\u061f?!])")
_LETTER_NAME = re.compile(
    "إيه|ايه|أي|أر|بي|سي|دي|إي|اي|إف|اف|جي|إتش|اتش|آي|جيه|كيه|كاي|كي|إل|ال|إم|ام|أم|إن|ان|أن|أو|كيو|آر|ار|إس|اس|أس|تي|يو|في"
    "|دبليو|إكس|اكس|واي|زد|زي"
)
_ADDRESS = re.compile(r"(?:نت|كوم|أورغ|تي في)(?![\u0620-\u064a])|[A-Za-z0-9_/]")
_SHORT = frozenset({"دبليو", "Mr", "Mrs", "Ms", "Dr", "St", "No", "vs", "Prof", "Gen", "Jr", "Sr"})
_NOT_SHORT = frozenset("اةىءه")
"""Single letters that newsrooms type as the loose end of a word."""
_LAST_WORD = re.compile(r"(?<![\w\u064b-\u0652\u0640])([^\W\d_]+)[\u064b-\u0652]*$")
_NEXT_WORD = re.compile(r"\s*([^\W\d_]+)")
_LIST_NUMBER = re.compile(r"\s*\d{1,2}$")
_LETTERS_BEFORE = re.compile(r"(?:^|\W)[^\W\d_\u0648] [^\W\d_]$")


def sentences_of(text: str) -> Iterator[Span]:
    """The sentences of a text, in order, without the white space around them.

    >>> text = "وصل د. بشار الجعفري بنسبة 4.5 في المئة أمس.وقال للوكالة أ ف ب: حسنا"
    >>> [span.of(text) for span in sentences_of(text)]
    ['وصل د. بشار الجعفري بنسبة 4.5 في المئة أمس.', 'وقال للوكالة أ ف ب: حسنا']
    """
    for line in _LINE.finditer(text):
        start = line.start()
        for end in [*_ends(text, line), line.end()]:
            yield from _pieces(text, start, end)
            start = end


def _ends(text: str, line: re.Match[str]) -> Iterator[int]:
    for marks in _MARKS.finditer(text, line.start(), line.end()):
        first, last = max(line.start(), marks.start() - _AROUND), min(line.end(), marks.end() + _AROUND)
        if _is_end(text[first : marks.start()], marks.group(), text[marks.end() : last]):
            yield marks.end()


def _is_end(before: str, marks: str, after: str) -> bool:
    """Whether a sentence ends with these marks, which stand between these two parts of a line."""
    glued = bool(after) and not after[0].isspace()
    if not before.strip() or (glued and not after[0].isalpha() and after[0] not in "\"'\u201c\u00ab("):
        return False
    if marks.rstrip("\"'\u201c\u201d\u00bb\u2019)]") != "." and marks != ".":
        return not marks.startswith("..") and not (marks[0] == "." and marks.count(".") == len(marks))
    return not _is_short(before, after, glued=glued)


def _is_short(before: str, after: str, *, glued: bool) -> bool:
    """Whether a single full stop between these two belongs to a number, an abbreviation or an address."""
    last, following = _LAST_WORD.search(before), _NEXT_WORD.match(after)
    word = last.group(1) if last else ""
    next_word = following.group(1) if following else ""
    if glued and (_ADDRESS.match(after) or len(next_word) == 1):
        return True
    if len(word) == 1 and word not in _NOT_SHORT:
        return not _LETTERS_BEFORE.search(before)
    letters = bool(_LETTER_NAME.fullmatch(word) and _LETTER_NAME.fullmatch(next_word))
    return letters or word in _SHORT or bool(_LIST_NUMBER.match(before))


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST_SENTENCE:
        space = text.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
        cut = space if space > 0 else start + LONGEST_SENTENCE
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    if piece.strip():
        yield Span(start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip()))
