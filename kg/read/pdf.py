"""The text of PDF files, by PDFium.

A PDF holds letters with places, not text, and programs draw Arabic from either side, some words so and some otherwise in
one line. PDFium tells lines, words and places; the order within a line that runs from right to left is made anew from the
places. What else is wrong is mended: ligatures whose letters come out backwards, mirrored brackets, presentation forms,
lines that end within a sentence. Vowel signs are left out, columns come in the order in which the file draws them, and a
file whose letters are drawn backwards is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.errors import ReadError
from kg.model import Article
from kg.read import limits
from kg.read.articles import article
from kg.read.items import Blob, Cause, LeftOutError, Options

_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_ARABIC = re.compile("[\u0620-\u064a\ufb50-\ufdff\ufe70-\ufefc]")
_ALEF_LAM = frozenset(f"{alef}\u0644" for alef in "\u0622\u0623\u0625\u0627")
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z\d](?:[^\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]*[A-Za-z\d])?")
_NUMBER = re.compile(r"\d+(?:[.,:/+-]\d+)*")
_LATIN = re.compile("[A-Za-z]")
_MIRRORED = str.maketrans("()[]{}«»", ")(][}{»«")
_GLUED = re.compile(r"(?<=\w)(?=[(«])|(?<=[)»])(?=\w)")
_OPENING, _CLOSING = "([{«", ")]}»"
_SENTENCE_END = re.compile(r"[.!؟?:…][\"'»”)\]]*$")
_PAGE_NUMBER = re.compile(r"[\s\d\u0660-\u0669/|–-]+$")
_WORD = re.compile("[\u0621-\u064a]{2,}")
_COMMON = frozenset(("في", "من", "على", "إلى", "عن", "أن", "التي", "الذي", "مع", "هذا", "هذه", "بين", "قال"))
_BACKWARDS = frozenset(word[::-1] for word in _COMMON)
_NO_WIDTH = 0.5
"""Points under which a space has no place of its own."""
_GAP = 0.18
"""Gap between two words, in heights of the line; letters of one word may stand further apart."""
_SHORT_LINE = 0.6
"""Share of the longest line of a page under which a line ends its paragraph."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A character on a page: its left and right edge and height in points, and in which word PDFium sees it."""

    character: str
    left: float
    right: float
    height: float
    word: int

    @property
    def width(self) -> float:
        """In points."""
        return self.right - self.left

    @property
    def box(self) -> tuple[float, float]:
        """Its edges; those of letters in one ligature may be the same."""
        return self.left, self.right


def document(blob: Blob, options: Options) -> Iterator[Article]:  # noqa: ARG001
    """The text of all pages as one article; its first line is the title.

    Raises:
        ReadError: the file is damaged, encrypted, too long, or holds pictures of text only.

    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(blob.whole(limits.LARGEST_FILE))
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"not a PDF that can be opened: {error}") from error
    if len(pdf) > limits.MOST_PAGES:
        raise ReadError(f"{len(pdf):,} pages; at most {limits.MOST_PAGES:,} are read as one article")
    text = "\n".join(filter(None, _pages(pdf)))
    if not text.strip():
        raise LeftOutError("no text in it: pictures of pages need a program for recognising text first", Cause.EMPTY)
    if is_backwards(text):
        raise ReadError("its Arabic letters run backwards; save it as text by the program that made it")
    yield article(id=blob.place, title=text.partition("\n")[0], text=text)


def _pages(pdf: Any) -> Iterator[str]:
    total = 0
    for number in range(len(pdf)):
        page = pdf[number]
        text = page.get_textpage()
        yield paragraphs(_characters(text))
        total += text.count_chars()
        text.close()
        page.close()
        if total > limits.LONGEST_ARTICLE:
            raise ReadError(f"more than {limits.LONGEST_ARTICLE:,} characters; an article has not so many")


def _characters(page: Any) -> str:
    """The characters of a page line by line, as they stand on it."""
    from pypdfium2 import raw

    text = "".join(chr(raw.FPDFText_GetUnicode(page, number)) for number in range(page.count_chars()))
    if not _ARABIC.search(text):
        return text
    lines, word = [], 0
    for line in re.finditer(r"[^\r\n]+", text):
        marks = []
        for number in range(line.start(), line.end()):
            left, bottom, right, top = page.get_charbox(number)
            word += text[number].isspace()
            if not unicodedata.combining(text[number]):
                marks.append(Mark(text[number], left, right, top - bottom, word))
        word += 1
        lines.append(reading_order(marks) if is_arabic(line[0]) else line[0])
    return "\n".join(lines)


def is_arabic(line: str) -> bool:
    """Whether a line runs from right to left: it has at least as many Arabic letters as others."""
    return 2 * len(_ARABIC.findall(line)) >= sum(map(str.isalpha, line)) > 0


def reading_order(marks: Iterable[Mark]) -> str:
    """A line that runs from right to left as text, whatever order the file draws it in.

    >>> reading_order(Mark(letter, 9.0 * place, 9.0 * place + 9, 10, 0) for place, letter in enumerate("5 \u0646\u0645"))
    'من 5'
    """
    line = [mark for mark in marks if not mark.character.isspace() or mark.width > _NO_WIDTH]
    line.sort(key=lambda mark: -(mark.left + mark.right))
    height = max((mark.height for mark in line), default=0.0)
    made: list[str] = []
    for before, mark in zip([None, *line], line, strict=False):
        if before and before.word != mark.word and before.left - mark.right > _GAP * height:
            made.append(" ")
        if before and mark.box == before.box and before.character + mark.character in _ALEF_LAM:
            made.insert(-1, mark.character)
        else:
            made.append(mark.character)
    return _LEFT_TO_RIGHT.sub(_from_left, " ".join("".join(made).split()))


def _from_left(run: re.Match[str]) -> str:
    """What runs from left to right within a line of the other direction: Latin words with what is between, or each number."""
    return run[0][::-1] if _LATIN.search(run[0]) else _NUMBER.sub(lambda number: number[0][::-1], run[0])


def paragraphs(text: str) -> str:
    r"""The lines of a page as paragraphs: one goes on until a sentence ends with a line, or a line is much shorter.

    >>> paragraphs("انطلقت الجولة الخامسة من المحادثات اليوم\r\nفي أستانا.\r\n 3 \r\nوقال الوفد")
    'انطلقت الجولة الخامسة من المحادثات اليوم في أستانا.\nوقال الوفد'
    """
    plain = _PRESENTATION.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text.replace("\ufffe", ""))
    lines = [line.strip() for line in plain.splitlines() if not _PAGE_NUMBER.match(line)]
    lines = [brackets(line) for line in lines if line]
    longest = max(map(len, lines), default=0)
    made: list[str] = []
    open_end = False
    for line in lines:
        if open_end:
            made[-1] += f" {line}"
        else:
            made.append(line)
        open_end = len(line) >= _SHORT_LINE * longest and not _SENTENCE_END.search(line)
    return "\n".join(made)


def brackets(line: str) -> str:
    """The line with its brackets turned, if they fit only then: a PDF may hold those that are drawn. A space is set around.

    >>> brackets("بحضور )وفد(المعارضة")
    'بحضور (وفد) المعارضة'
    """
    turned = line.translate(_MIRRORED)
    return _GLUED.sub(" ", turned if not _balanced(line) and _balanced(turned) else line)


def _balanced(line: str) -> bool:
    depth = 0
    for character in line:
        depth += (character in _OPENING) - (character in _CLOSING)
        if depth < 0:
            return False
    return depth == 0


def is_backwards(text: str) -> bool:
    """Whether the letters of Arabic words stand in the order of the eye of somebody who reads from the left.

    >>> is_backwards("اناتسأ يف عامتجالا"), is_backwards("الاجتماع في أستانا")
    (True, False)
    """
    words = _WORD.findall(text)
    right = sum(word in _COMMON for word in words)
    wrong = sum(word in _BACKWARDS for word in words)
    return wrong > right
