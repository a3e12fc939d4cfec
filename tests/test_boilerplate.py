"""What a page shows beside its article gives nothing; what the article says is left alone. Pages are in ``expressions``."""

from __future__ import annotations

import json
import pathlib

import pytest

from kg.language.boilerplate import boilerplate
from tests.conftest import SEEDS
from tests.factory import claims, reading, told

TABLE = pathlib.Path(__file__).parent / "expressions" / "boilerplate.txt"
Page = tuple[tuple[bool, str], ...]


def pages() -> list[Page]:
    """Each page as lines, with whether they are boilerplate."""
    blocks: list[list[tuple[bool, str]]] = [[]]
    for line in TABLE.read_text(encoding="utf-8").splitlines()[2:]:
        if line:
            blocks[-1].append((line.startswith("- "), line[2:]))
        else:
            blocks.append([])
    return [tuple(block) for block in blocks]


def marked(text: str) -> list[str]:
    return [span.of(text) for span in boilerplate(text)]


@pytest.mark.parametrize(
    "page", pages(), ids=lambda page: next((line for aside, line in page if aside), page[0][1])[:40]
)
def test_pages(page: Page) -> None:
    text = "\n".join(line for _, line in page)
    assert marked(text) == [line for aside, line in page if aside]


def test_there_are_enough_pages() -> None:
    assert sum(any(aside for aside, _ in page) for page in pages()) >= 40


@pytest.mark.parametrize(
    "text",
    [
        "قال لافروف للمزيد من الوضوح إن بلاده لن تنسحب.",
        "أخبار متعلقة بالهدنة وصلت إلى جنيف أمس.",
        "اقرأ أيضا ما كتبه دي ميستورا في رسالته إلى مجلس الأمن.",
        "المصدر الأمني أكد مقتل ثلاثة جنود في حلب.",
        "نقلا عن مصدر دبلوماسي أكدت الوكالة أن الوفد وصل إلى أستانا.",
        "سوريا",
        "2018",
        "من نحن لنقرر مصير السوريين؟ تساءل رئيس الوفد في جنيف.",
        "شارك وفد المعارضة في المحادثات.",
        "اشتركوا في القتال ضد تنظيم داعش في الرقة.",
        "طباعة العملة السورية في روسيا مستمرة منذ سنوات.",
        "وكالات الأمم المتحدة علقت عملها في إدلب.",
        "رويترز نقلت عن مصدر أن بوتين سيزور أنقرة.",
        "تابعنا على الأرض انسحاب المقاتلين من دوما، يقول أحد السكان لمراسلنا في الغوطة الشرقية بعد يوم طويل.",
        "وصل الوفد الروسي.\nوصل الوفد التركي.\nوصل الوفد الإيراني.\nوصل وفد المعارضة.",
        "عنوان الخبر\nعنوان آخر تحت الخبر\nوصل الوفد أمس إلى أستانا.",
    ],
)
def test_sentences_are_text(text: str) -> None:
    assert marked(text) == []


def test_a_dateline_is_no_text() -> None:
    text = "دبي، الإمارات العربية المتحدة (CNN)-- قال وزير الخارجية الأمريكي إن بلاده تنسحب."
    assert marked(text) == ["دبي، الإمارات العربية المتحدة (CNN)--"]
    assert all(one.span.start > len("دبي، الإمارات العربية المتحدة (CNN)--") for one in reading(text).links)


def test_boilerplate_gives_no_claims() -> None:
    article = "التقى سيرغي لافروف مولود جاويش أوغلو في أنقرة."
    beside = "مقالات ذات صلة\nالتقى ستيفان دي ميستورا وليد المعلم في دمشق\nبشار الأسد يلتقي فلاديمير بوتين في سوتشي"
    alone = [told(claim) for claim in claims(article, published="2018-01-10")]
    assert alone
    assert [told(claim) for claim in claims(f"{article}\n\n{beside}", published="2018-01-10")] == alone


@pytest.mark.parametrize("page", pages(), ids=lambda page: page[-1][1][:40])
def test_pages_link_only_their_text(page: Page) -> None:
    text = "\n".join(line for _, line in page)
    read = reading(text, published="2018-01-10")
    aside = boilerplate(text)
    assert read.boilerplate == aside
    spans = [*(one.span for one in read.links), *(one.span for one in read.dates)]
    assert not [span for span in spans if any(span.overlaps(other) for other in aside)]


def test_the_seeds_claim_nothing_from_beside_the_article(graph: pathlib.Path) -> None:
    records = [json.loads(line) for line in (graph / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = {path.stem: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.txt")}
    asides = {name: boilerplate(text) for name, text in texts.items()}
    assert asides["seed-003"][0].of(texts["seed-003"]).startswith("روسيا تطالب بوقف الهجمات الإسرائيلية")
    assert len(asides["seed-002"]) >= 5
    for record in records:
        start, end = record["evidence"]["start"], record["evidence"]["end"]
        assert not [span for span in asides[record["article"]] if start < span.end and span.start < end]
