"""The text of PDF files, by PDFium.

A PDF holds letters with places, not text. PDFium puts Arabic lines into reading order; what it leaves wrong is mended here:
ligatures whose letters come out backwards (``االجتماع``), mirrored brackets, presentation forms, lines that end within a
sentence. Columns come in the order in which the file draws them. A file whose Arabic comes out backwards is refused.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from kg.errors import ReadError
from kg.model import Article
from kg.read import limits
from kg.read.articles import article
from kg.read.items import Blob, Cause, LeftOutError, Options

_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_BACKWARDS_LIGATURE = re.compile("[\u0622\u0623\u0625\u0627]\u0644")
_LAM_ALEF = frozenset(f"{alef}\u0644" for alef in "\u0622\u0623\u0625\u0627")
_MIRRORED = str.maketrans("()[]{}«»", ")(][}{»«")
_OPENING, _CLOSING = "([{«", ")]}»"
_SENTENCE_END = re.compile(r"[.!؟?:…][\"'»”)\]]*$")
_PAGE_NUMBER = re.compile(r"[\s\d\u0660-\u0669/|–-]+$")
_WORD = re.compile("[\u0621-\u064a]{2,}")
_COMMON = frozenset(("في", "من", "على", "إلى", "عن", "أن", "التي", "الذي", "مع", "هذا", "هذه", "بين", "قال"))
_BACKWARDS = frozenset(word[::-1] for word in _COMMON)
_SHORT_LINE = 0.6
"""Share of the longest line of a page under which a line ends its paragraph."""


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
    """The characters of a page, ligatures in reading order."""
    text: str = page.get_text_range()
    if len(text) != page.count_chars() or not _BACKWARDS_LIGATURE.search(text):
        return text
    boxes = [page.get_charbox(number) for number in range(len(text))]
    glyphs = ["".join(char for char, _ in group) for _, group in itertools.groupby(zip(text, boxes, strict=True), _box)]
    if not _LAM_ALEF.intersection(glyphs):
        return text
    return "".join(glyph[::-1] if _WORD.fullmatch(glyph) else glyph for glyph in glyphs)


def _box(character: tuple[str, tuple[float, ...]]) -> tuple[float, ...]:
    return character[1]


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
    """The line with its brackets turned, if they fit only then: a PDF may hold those that are drawn.

    >>> brackets("بحضور )وفد( المعارضة")
    'بحضور (وفد) المعارضة'
    """
    turned = line.translate(_MIRRORED)
    return turned if not _balanced(line) and _balanced(turned) else line


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
