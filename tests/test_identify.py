"""Which language a text is in: Arabic is read, its neighbours in the same script are told apart, and doubt is for Arabic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language import identify
from kg.language.identify import foreign
from kg.resources import folder

ARTICLES = sorted((folder("seeds") / "articles").glob("*.txt"))


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_the_seed_articles_are_arabic(path: object) -> None:
    assert foreign(path.read_text(encoding="utf-8")) == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "نشست بعدی درباره سوریه هفته آینده در آستانه برگزار می‌شود و هیئت‌های سه کشور در آن شرکت خواهند کرد",
            "in Persian",
        ),
        (
            "نشست بعدي درباره سوريه هفته آينده در آستانه برگزار مي شود و هيئت هاي سه كشور در آن شركت خواهند كرد",
            "in Persian",
        ),
        (
            "شام کے بارے میں مذاکرات کا اگلا دور آئندہ ہفتے آستانہ میں ہوگا اور تینوں ممالک کے وفود اس میں شرکت کریں گے",
            "in Urdu",
        ),
        (
            "خولی داهاتووی گفتوگۆکان لەسەر سووریا هەفتەی داهاتوو لە ئاستانە بەڕێوە دەچێت و شاندی سێ وڵات بەشداری دەکەن",
            "in Kurdish",
        ),
        (
            "د سوریې په اړه د خبرو بل پړاو به راتلونکې اونۍ په آستانه کې وشي او د درېو هېوادونو پلاوي به پکې ګډون وکړي",
            "in Pashto",
        ),
        ("سۈرىيە توغرىسىدىكى كېيىنكى قېتىملىق سۆھبەت كېلەر ھەپتە ئاستانىدە ئۆتكۈزۈلىدۇ", "in Uyghur"),
        ("Следующий раунд переговоров по Сирии пройдет на будущей неделе в Астане", "in Cyrillic script"),
        ("The next round of talks on Syria will be held next week in Astana", "in Latin script"),
        ("סבב השיחות הבא על סוריה יתקיים בשבוע הבא באסטנה בהשתתפות שלוש המדינות", "in Hebrew script"),
    ],
)
def test_other_languages(text: str, language: str) -> None:
    assert foreign(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "وقال وزیر الخارجیة الإیراني إن الجولة القادمة من المحادثات ستعقد في آستانا الأسبوع المقبل بحضور الوفود الثلاثة",
        'أعلنت شركة "گازبروم" أن پوتين سيلتقي الرئيس التركي في سوتشي يوم الجمعة لبحث ملفات الطاقة وسوريا',
        "قَالَ الوَزِيرُ إِنَّ الجَوْلَةَ المُقْبِلَةَ سَتُعْقَدُ فِي أَسْتَانَا بِحُضُورِ الوُفُودِ الثَّلَاثَةِ",
        "ﻭﺯﺍﺭﺓ ﺍﻟﺨﺎﺭﺟﻴﺔ ﺍﻟﺮﻭﺳﻴﺔ ﺗﻌﻠﻦ ﻣﻮﻋﺪ ﺍﻟﺠﻮﻟﺔ ﺍﻟﻤﻘﺒﻠﺔ ﻣﻦ ﺍﻟﻤﺤﺎﺩﺛﺎﺕ",
        "قصف",
        "",
        "BBC",
    ],
    ids=["Persian keyboard", "foreign names", "vowels", "presentation forms", "one word", "nothing", "too short"],
)
def test_arabic_however_it_is_typed(text: str) -> None:
    assert foreign(text) == ""


@given(st.lists(st.sampled_from(sorted({w for _, _, words in identify._languages() for w in words})), min_size=30))
def test_what_is_plainly_arabic_has_more_signs_of_it_than_of_any_other_language(words: list[str]) -> None:
    if identify._is_plainly_arabic(" ".join(words), words):
        assert identify._language(words) == identify.ARABIC
