"""PDF: Arabic comes out in reading order, whatever order the file draws it in."""

from __future__ import annotations

import io
import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Article
from kg.read import Unreadable, read_articles
from kg.read.pdf import Mark, brackets, paragraphs, reading_order

SOURCES = pathlib.Path(__file__).parent / "sources"
TEXT = """المعارضة تقاطع محادثات أستانا
قال رئيس الوفد محمد علوش إن الجولة الخامسة (أستانا 5) لن تعقد في 04/07/2017 كما أعلنت الأمم المتحدة، وإن الإسلام والسلام شعارهم.
وأضاف في حديث لوكالة Reuters أن 9 ممثلين وصلوا عند الساعة 14:30، ووصف الاتفاق بأنه "ولد ميتا"."""


@pytest.mark.parametrize(
    "name", ["report-printed", "report-shaped"], ids=["printed by Chromium", "drawn with HarfBuzz by fpdf2"]
)
def test_the_text_is_that_which_was_printed(name: str) -> None:
    (article,) = read_articles([SOURCES / f"{name}.pdf"])
    assert isinstance(article, Article)
    assert article.text.replace('. "', '."').strip() == TEXT
    assert (article.id, article.title, article.published) == (name, "المعارضة تقاطع محادثات أستانا", None)


def test_letters_that_are_drawn_backwards_are_refused() -> None:
    (problem,) = read_articles([SOURCES / "report-backwards.pdf"])
    assert isinstance(problem, Unreadable)
    assert "backwards" in problem.reason


def drawn(line: str) -> list[Mark]:
    """A line as it stands on a page, of which only the order of letters from left to right is known."""
    return [Mark(character, 10.0 * place, 10.0 * place + 9, 12, 0) for place, character in enumerate(line)]


@pytest.mark.parametrize(
    "text",
    [
        ("14:30", "الساعة", "25/02/2018", "في", "اللقاء"),
        ("أمس", "BBC News", "قالت"),
        ("إعلان", "Astana 5", "جديد"),
        ("الأول", "15", "-", "12"),
        ("عام", "٢٠١٨"),
    ],
    ids=" ".join,
)
def test_what_runs_from_the_left_in_a_line_that_runs_from_the_right(text: tuple[str, ...]) -> None:
    seen = (word[::-1] if "\u0620" <= word[0] <= "\u064a" else word for word in reversed(text))
    assert reading_order(drawn(" ".join(seen))) == " ".join(text)


@given(st.permutations(drawn("ةرضاح دوفولا")))
def test_the_order_in_which_a_file_draws_does_not_matter(marks: list[Mark]) -> None:
    assert reading_order(marks) == "الوفود حاضرة"


def test_a_ligature_in_one_box_is_turned() -> None:
    marks = [Mark("س", 20, 30, 10, 0), Mark("ا", 10, 20, 10, 0), Mark("ل", 10, 20, 10, 0), Mark("م", 0, 10, 10, 0)]
    assert reading_order(marks) == "سلام"


def test_words_without_a_space_between_them_are_told_by_the_gap() -> None:
    near, far = Mark("ن", 0, 9, 10, 1), Mark("ن", 0, 5, 10, 1)
    assert reading_order([Mark("ا", 10, 20, 10, 0), near]) == "ان"
    assert reading_order([Mark("ا", 10, 20, 10, 0), far]) == "ا ن"


def test_presentation_forms_become_letters() -> None:
    assert paragraphs("ﻣﺤﺎﺩﺛﺎﺕ ﺃﺳﺘﺎﻧﺎ") == "محادثات أستانا"


def test_paragraphs_end_with_a_sentence_or_a_short_line() -> None:
    lines = "عنوان\nهذا سطر طويل من نص المقال يستمر بعده\nفي السطر الثاني.\n- 3 -\nوهذا مقطع جديد من المقال نفسه"
    assert paragraphs(lines).splitlines() == [
        "عنوان", "هذا سطر طويل من نص المقال يستمر بعده في السطر الثاني.", "وهذا مقطع جديد من المقال نفسه",
    ]  # fmt: skip


@given(st.text(alphabet="اب()[]«» ", max_size=30))
def test_brackets_that_fit_stay(line: str) -> None:
    assert sorted(brackets(line).replace(" ", "").translate(str.maketrans(")]»", "([«"))) == sorted(
        line.replace(" ", "").translate(str.maketrans(")]»", "([«"))
    )


def test_damaged_and_empty_files_are_named(tmp_path: pathlib.Path) -> None:
    whole = (SOURCES / "report-shaped.pdf").read_bytes()
    (tmp_path / "cut.pdf").write_bytes(whole[:3000])
    (tmp_path / "encrypted.pdf").write_bytes(whole.replace(b"/Root", b"/Encrypt 1 0 R /Root", 1))
    (tmp_path / "picture.pdf").write_bytes(_without_text())
    cut, encrypted, picture = (item.reason for item in read_articles([tmp_path]) if isinstance(item, Unreadable))
    assert "not a PDF that can be opened" in cut
    assert encrypted
    assert "pictures of pages" in picture


def _without_text() -> bytes:
    import pypdfium2

    pdf = pypdfium2.PdfDocument.new()
    pdf.new_page(200, 200)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
