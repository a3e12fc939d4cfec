"""Expressions of time: what is found, which slice, and what it means; every row was worked out with a calendar."""

from __future__ import annotations

import datetime
import doctest
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg.language.dates
import kg.language.inference
import kg.language.tense
import kg.language.timex
from kg.errors import DateError
from kg.language.dates import (
    Anchor,
    Basis,
    Direction,
    MonthReference,
    Period,
    Precision,
    Tense,
    TimeExpression,
    YearReference,
)
from kg.language.inference import NamedRound, infer_reference
from kg.language.timex import calendar, find_times
from kg.span import Span

WEDNESDAY = "2017-07-05"

# text | reference | tense | values of the expressions in order (None: found but open; nothing: not found)
TABLE = """
في 4 تموز 2017 | - | - | 2017-07-04
في ٤ تموز ٢٠١٧ | - | - | 2017-07-04
في ۴ تموز ۲۰۱۷ | - | - | 2017-07-04
في 4 تموز/يوليو 2017 | - | - | 2017-07-04
في 4 يوليو/ تموز 2017 | - | - | 2017-07-04
في 4 تموز (يوليو) 2017 | - | - | 2017-07-04
في 4 يوليو تموز 2017 | - | - | 2017-07-04
في 23 كانون الثاني/يناير 2017 | - | - | 2017-01-23
في 31 كانون الأول 2016 | - | - | 2016-12-31
في 31 كانون أول 2016 | - | - | 2016-12-31
في 28 تشرين الثاني/نوفمبر 2018 | - | - | 2018-11-28
في 14 شباط 2018 | - | - | 2018-02-14
في 15 آذار 2011 | - | - | 2011-03-15
في 15 مارس 2011 | - | - | 2011-03-15
في 7 نيسان 2018 | - | - | 2018-04-07
في 4 أيار 2017 | - | - | 2017-05-04
في 4 ايار 2017 | - | - | 2017-05-04
في 9 حزيران 2017 | - | - | 2017-06-09
في 9 حزيارن 2017 | - | - | 2017-06-09
في 21 آب 2013 | - | - | 2013-08-21
في 14 أيلول 2017 | - | - | 2017-09-14
في 30 اكتوبر 2017 | - | - | 2017-10-30
في 21 نوفبر 2017 | - | - | 2017-11-21
في 22 ديسمبر 2017 | - | - | 2017-12-22
في 3 جانفي 2018 | - | - | 2018-01-03
في 8 فيفري 2017 | - | - | 2017-02-08
في 2 أفريل 2017 | - | - | 2017-04-02
في 8 ماي 2017 | - | - | 2017-05-08
في 5 جوان 2017 | - | - | 2017-06-05
في 5 جويلية 2017 | - | - | 2017-07-05
في 20 أوت 2017 | - | - | 2017-08-20
الرابع من يوليو 2017 | - | - | 2017-07-04
في الأول من أكتوبر/تشرين الأول 2018 | - | - | 2018-10-01
الحادي والثلاثين من تموز 2017 | - | - | 2017-07-31
في الثاني عشر من يونيو 2018 | - | - | 2018-06-12
يوم الخامس والعشرين من يناير 2011 | - | - | 2011-01-25
بتاريخ 4/7/2017 | - | - | 2017-07-04
بتاريخ ٤/٧/٢٠١٧ | - | - | 2017-07-04
بتاريخ 2017-07-04 | - | - | 2017-07-04
بتاريخ 04.07.2017 | - | - | 2017-07-04
بتاريخ 04-07-2017 | - | - | 2017-07-04
بتاريخ 7/25/2017 | - | - | 2017-07-25
بتاريخ 32/13/2017 | - | - | nothing
بتاريخ 30/9/1439 | 2018-06-14 | - | nothing
يوم 14/5 | 2018-05-18 | - | 2018-05-14
نتيجة 14/5 | 2018-05-18 | - | nothing
الثلاثاء 4 تموز 2017 | - | - | 2017-07-04
الثلاثاء، 4 تموز 2017 | - | - | 2017-07-04
الثلاثاء الموافق 4 تموز 2017 | - | - | 2017-07-04
الثلاثاء الموافق لـ 4 تموز 2017 | - | - | 2017-07-04
الثلاثاء (4 تموز 2017) | - | - | 2017-07-04
الثلاثاء 4/7/2017 | - | - | 2017-07-04
الأربعاء 4 تموز 2017 | - | - | None
الأربعاء 4/7/2017 | 2017-07-05 | - | None
31 شباط 2017 | - | - | None
29 شباط 2016 | - | - | 2016-02-29
29 شباط 2017 | - | - | None
منذ كانون الثاني/يناير 2017 | - | - | 2017-01
في أيلول 2015 | - | - | 2015-09
في آب 2013 | - | - | 2013-08
منذ مارس/2015 | - | - | 2015-03
في ديسمبر2019 | - | - | 2019-12
في سبتمبر عام 2016 | - | - | 2016-09
في أيلول من العام 2015 | - | - | 2015-09
بالعام 2017 | - | - | 2017
عام 2017 | - | - | 2017
سنة 2016 | - | - | 2016
لعام 2018 | - | - | 2018
مطلع 2018 | - | - | 2018
منذ 2011. | - | - | 2011
عامي 2016 و2017 | - | - | 2016 2017
العام الجاري 2018 | - | - | 2018
6-8 يوليو 2021 | - | - | 2021-07-06/2021-07-08
يومي 28 و 29 تشرين الثاني 2018 | - | - | 2018-11-28/2018-11-29
28 و29 تشرين الثاني 2018 | - | - | 2018-11-28/2018-11-29
28/29 تشرين الثاني 2018 | - | - | 2018-11-28/2018-11-29
يومي 30-31 من شهر تشرين أول 2017 | - | - | 2017-10-30/2017-10-31
من 6 إلى 8 يوليو 2021 | - | - | 2021-07-06/2021-07-08
بين 6 و8 يوليو 2021 | - | - | 2021-07-06/2021-07-08
ما بين 6 و 8 يوليو 2021 | - | - | 2021-07-06/2021-07-08
الـ26 والـ27 والـ28 من مارس 2018 | - | - | 2018-03-26/2018-03-28
يومي الثامن والتاسع مارس/آذار 2018 | - | - | 2018-03-08/2018-03-09
5 و9 يوليو 2017 | - | - | 2017-07-05 2017-07-09
8-6 يوليو 2021 | - | - | None
من 28 يناير إلى 2 فبراير 2018 | - | - | 2018-01-28/2018-02-02
ما بين يومي 14 يونيو و15 يوليو 2018 | - | - | 2018-06-14/2018-07-15
من أبريل إلى يونيو 2018 | - | - | None 2018-06
4 أيار/يوليو 2017 | - | - | nothing
4 تموز | - | - | None
4 تموز | 2017-07-05 | - | 2017-07-04
14 تموز | 2017-07-05 | - | 2017-07-14
28 كانون الأول | 2017-01-10 | - | 2016-12-28
10 كانون الثاني | 2017-12-20 | - | 2018-01-10
في أكتوبر | 2018-03-20 | - | 2017-10
في أكتوبر | 2018-03-20 | future | 2018-10
4 تموز | 2017-07-05 | future | 2017-07-04
في يناير | 2018-07-13 | - | None
في يناير | 2018-08-09 | - | None
في يناير | 2018-07-13 | past | 2018-01
في آب | 2018-03-25 | past | None
في يناير | 2018-06-13 | - | 2018-01
20 كانون الثاني | 2018-07-20 | - | None
الثلاثاء 4 تموز | 2017-07-05 | - | 2017-07-04
الخميس 4 تموز | 2017-07-05 | - | None
31 حزيران | 2017-07-05 | - | None
17 أيلول الماضي | 2018-11-20 | - | 2018-09-17
30 ديسمبر المنصرم | 2017-01-19 | - | 2016-12-30
29 ديسمبر الماضى | 2017-01-19 | - | 2016-12-29
في أيلو الماضي | 2017-10-19 | - | 2017-09
تموز الماضي | 2017-07-05 | - | 2016-07
أيار/ مايو الفائت | 2017-07-05 | - | 2017-05
آب المقبل | 2017-07-05 | - | 2017-08
تموز المقبل | 2017-07-05 | - | 2018-07
تموز الجاري | 2017-07-05 | - | 2017-07
تموز الجاري | 2017-08-05 | - | None
23 يناير الجاري | 2017-01-19 | - | 2017-01-23
6-8 يوليو/ تموز القادم | 2021-06-10 | - | 2021-07-06/2021-07-08
يومي 30-31 من شهر تشرين أول الجاري | 2017-10-19 | - | 2017-10-30/2017-10-31
مطلع أيار/ مايو الماضي | 2017-07-04 | - | 2017-05
منتصف تشرين الأول/أكتوبر الماضي | 2018-11-20 | - | 2018-10
أيار من العام الماضي | 2017-07-05 | - | 2016-05
في مايو من هذا العام | 2017-07-05 | - | 2017-05
4 مايو من العام الماضي | 2017-07-05 | - | 2016-05-04
في يوليو تموز من نفس العام | 2017-07-05 | - | None
في يوليو من العام ذاته | 2017-07-05 | - | None
مايو ويونيو الماضيين | 2017-07-05 | - | 2017-05 2017-06
يوم 23 من الشهر الجاري | 2017-07-05 | - | 2017-07-23
في الخامس من الشهر المقبل | 2017-12-05 | - | 2018-01-05
في 31 من الشهر الجاري | 2017-06-05 | - | None
يوم 23 الجاري | 2017-07-05 | - | 2017-07-23
الشهر الماضي | 2017-01-15 | - | 2016-12
الشهر المقبل | 2017-12-15 | - | 2018-01
نهاية الشهر الجاري | 2018-11-20 | - | 2018-11
هذا الشهر | 2018-11-20 | - | 2018-11
الشهر قبل الماضي | 2018-11-20 | - | nothing
العام الماضي | 2017-07-05 | - | 2016
السنة المقبلة | 2017-07-05 | - | 2018
هذا العام | 2017-07-05 | - | 2017
العام الماضي | - | - | None
اليوم | 2017-07-05 | - | 2017-07-05
اليوم | - | - | None
اليوم الأربعاء | 2017-07-05 | - | 2017-07-05
اليوم، الأربعاء | 2017-07-05 | - | 2017-07-05
اليوم الثلاثاء | 2017-07-05 | - | None
اليوم الأربعاء 5 تموز | 2017-07-05 | - | 2017-07-05
أمس | 2017-07-05 | - | 2017-07-04
امس الثلاثاء | 2017-07-05 | - | 2017-07-04
أول أمس | 2017-07-05 | - | 2017-07-03
أمس الأول | 2017-07-05 | - | 2017-07-03
أول من أمس الاثنين | 2017-07-05 | - | 2017-07-03
غدا | 2017-07-05 | - | 2017-07-06
غداً الخميس | 2017-07-05 | - | 2017-07-06
يوم غد الأربعاء | 2017-07-04 | - | 2017-07-05
يوم الغد | 2017-07-05 | - | 2017-07-06
بعد غد | 2017-07-05 | - | 2017-07-07
الثلاثاء | 2017-07-05 | - | 2017-07-04
الأربعاء | 2017-07-05 | - | 2017-07-05
الخميس | 2017-07-05 | - | None
الخميس | 2017-07-05 | past | 2017-06-29
الخميس | 2017-07-05 | present | 2017-07-06
السبت | 2017-07-05 | present | 2017-07-08
الأحد | 2017-07-05 | present | None
الأحد | 2017-07-05 | - | None
الاثنين | 2017-07-05 | - | 2017-07-03
الخميس والجمعة والسبت | 2017-07-05 | past | nothing
لامس أعلى مستوى | 2017-07-05 | - | nothing
في أمس الحاجة | 2017-07-05 | - | nothing
الخميس | 2017-07-05 | future | 2017-07-06
الأربعاء | 2017-07-05 | future | 2017-07-05
يوم الخميس | - | - | None
مساء السبت | 2017-07-05 | past | 2017-07-01
والخميس | 2017-07-05 | past | 2017-06-29
الاثنين المقبل | 2017-01-19 | - | 2017-01-23
الأربعاء المقبل | 2017-07-05 | - | 2017-07-12
الأربعاء الماضي | 2017-07-05 | - | 2017-06-28
الثلاثاء الماضي | 2017-07-05 | - | 2017-07-04
يومي الاثنين والثلاثاء | 2017-07-05 | - | 2017-07-03/2017-07-04
يومي الاثنين والثلاثاء | 2017-07-05 | future | 2017-07-10/2017-07-11
يومي الأحد والاثنين المقبلين | 2017-07-05 | - | 2017-07-09/2017-07-10
يومي السبت والأحد الماضيين | 2017-07-02 | - | 2017-06-24/2017-06-25
الأحد والخميس | 2017-07-05 | past | 2017-07-02 2017-06-29
بين الأحد والثلاثاء | 2017-07-05 | - | 2017-07-02/2017-07-04
ماي هذا الأسبوع | 2017-07-05 | - | nothing
18 فبراير الذي | 2018-03-29 | - | 2018-02-18
حزيران الفارط | 2018-07-16 | - | 2018-06
اليوم (الاثنين) حتى 21 أبريل الجاري | 2018-04-16 | - | 2018-04-16 2018-04-21
الثلاثاء من الأسبوع الماضي | 2017-07-05 | - | None
الأربعاء قبل الماضي | 2017-07-05 | - | None
الأسبوع الماضي | 2017-07-05 | - | nothing
الأسبوع المقبل | 2017-07-05 | - | nothing
وصول 9 ممثلين | 2017-07-05 | - | nothing
إعلان 4 مناطق | 2017-07-05 | - | nothing
القرار 2254 | 2017-07-05 | - | nothing
نحو 100 فصيل | 2017-07-05 | - | nothing
مارس ضغوطا | 2017-07-05 | - | nothing
ومارست طهران ضغوطا | 2017-07-05 | - | nothing
تيريزا ماي | 2017-07-05 | - | nothing
واتس آب | 2017-07-05 | - | nothing
بنسبة 28% | 2017-07-05 | - | nothing
فاز 2-1 في المباراة | 2017-07-05 | - | nothing
بقيمة 3.75 مليار | 2017-07-05 | - | nothing
استمرت 6 أشهر | 2017-07-05 | - | nothing
أستانا 7 القادمة | 2017-07-05 | - | nothing
بعد مرور 6 أيام | 2017-07-05 | - | nothing
في اليوم التالي | 2017-07-05 | - | nothing
في اليوم نفسه | 2017-07-05 | - | nothing
اليوم الدولي للقضاء على العنف | 2017-07-05 | - | nothing
منذ اليوم الأول | 2017-07-05 | - | nothing
صحيفة المصري اليوم | 2017-07-05 | - | nothing
الفرق بين الاثنين | 2017-07-05 | - | nothing
هجمات 11 سبتمبر | 2017-07-05 | - | nothing
هجمات 11 سبتمبر 2001 | 2017-07-05 | - | 2001-09-11
ثورة 25 يناير | 2017-07-05 | - | nothing
الموسم 2017/2018 | 2017-07-05 | - | nothing
الرأي العام | 2017-07-05 | - | nothing
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in TABLE.strip().splitlines()]


def day(iso: str) -> datetime.date | None:
    return None if iso == "-" else datetime.date.fromisoformat(iso)


def values(text: str, reference: datetime.date | None, tense: Tense = Tense.UNTOLD) -> list[str]:
    resolved = [e.resolve(reference, tense=tense) for e in find_times(text)]
    return [r.period.value if r else "None" for r in resolved]


@pytest.mark.parametrize(("text", "reference", "tense", "expected"), ROWS)
def test_value(text: str, reference: str, tense: str, expected: str) -> None:
    found = " ".join(values(text, day(reference), Tense.UNTOLD if tense == "-" else Tense(tense)))
    assert (found or "nothing") == expected


@pytest.mark.parametrize(
    ("text", "slices"),
    [
        ("بالعام 2017، بدا", ["2017"]),
        ("وفي 4 ايار، وقعت", ["4 ايار"]),
        ("في 30 و31 تشرين الأول/ اكتوبر”.", ["30 و31 تشرين الأول/ اكتوبر"]),
        ("خلال شهر يوليو/ تموز المقبل في", ["يوليو/ تموز المقبل"]),
        ("لشهر تموز 2017", ["تموز 2017"]),
        ("وللثلاثاء", ["ثلاثاء"]),
        ("في تموز (يوليو) الماضي", ["تموز (يوليو) الماضي"]),
        ("وصباح اليوم، قصفت", ["اليوم"]),
        ("(اليوم الثلاثاء)", ["اليوم الثلاثاء"]),
        ("الأربعاء (10 أكتوبر) في", ["الأربعاء (10 أكتوبر)"]),
        ("5 و9 تموز", ["5", "9 تموز"]),
        ("اجتماع أستانا5 يوليو المقبل", ["يوليو المقبل"]),
        ("الخميس\n4 تموز", ["الخميس", "4 تموز"]),
        ("تَـمُّـوز 2017", ["تَـمُّـوز 2017"]),
        ("4 \u200fتموز\u200f 2017", ["4 \u200fتموز\u200f 2017"]),
        ("وﺗﻤﻮﺯ 2017", ["ﺗﻤﻮﺯ 2017"]),
        ("", []),
    ],
)
def test_slice(text: str, slices: list[str]) -> None:
    assert [text[e.start : e.end] for e in find_times(text)] == slices


SENTENCES = [
    (
        "ودخل الاتفاق حيز التنفيذ منتصف تشرين الأول/أكتوبر الماضي، بعد قمة في 17 أيلول/سبتمبر الماضي في سوتشي",
        "2018-11-20",
        ["2018-10", "2018-09-17"],
    ),
    (
        "وأعلنت وزارة الخارجية، اليوم الثلاثاء، عن وصول 9 ممثلين، فيما تجري جلسة عامة، يوم غد الأربعاء.",
        "2017-07-04",
        ["2017-07-04", "2017-07-05"],
    ),
    (
        "تحتضنه العاصمة في 23 يناير الجاري، لتعزيز الهدنة التي تم التوصل إليها في 30 ديسمبر المنصرم، "
        "ويعقد لقاء في جنيف في 8 فبراير، وقال امس الأربعاء",
        "2017-01-19",
        ["2017-01-23", "2016-12-30", "2017-02-08", "2017-01-18"],
    ),
    (
        "المؤتمر بالعام 2017، بدا الانقسام، والمفاوضات ستجري خلال شهر يوليو/ تموز المقبل، في 6-8 يوليو/ تموز القادم",
        "2021-06-17",
        ["2017", "2021-07", "2021-07-06/2021-07-08"],
    ),
]


@pytest.mark.parametrize(("sentence", "reference", "expected"), SENTENCES)
def test_sentence(sentence: str, reference: str, expected: list[str]) -> None:
    assert values(sentence, day(reference)) == expected


def test_basis_is_the_text_only_where_the_year_is_written() -> None:
    reference = datetime.date(2017, 7, 5)
    bases = [r.basis for e in find_times("4 تموز 2017 ثم الثلاثاء") if (r := e.resolve(reference, Basis.INFERRED))]
    assert bases == [Basis.TEXT, Basis.INFERRED]


REFERENCES = [
    ("اليوم الثلاثاء 4 تموز 2017", [], datetime.date(2017, 7, 4)),
    ("اليوم الثلاثاء 4 تموز، ومنذ عام 2017", [], None),
    ("اليوم الثلاثاء 4 تموز", ["2017-07-04/2017-07-05"], datetime.date(2017, 7, 4)),
    ("اليوم الثلاثاء 4 تموز", [], None),
    ("الثلاثاء 4 تموز 2017. قال اليوم الثلاثاء", [], datetime.date(2017, 7, 4)),
    ("انطلقت الجولة الخامسة اليوم الثلاثاء، وغدا الأربعاء", ["2017-07-04/2017-07-05"], datetime.date(2017, 7, 4)),
    ("انطلقت الجولة الخامسة اليوم الخميس", ["2017-07-04/2017-07-05"], None),
    ("اليوم الثلاثاء", ["2017-07-04/2017-07-05", "2018-05-14/2018-05-15"], None),
    ("28 و 29 تشرين الثاني/نوفمبر الجاري", ["2018-11-28/2018-11-29"], MonthReference(2018, 11, 1)),
    ("28 و 29 تشرين الثاني/نوفمبر الجاري", ["2017-07-04/2017-07-05"], None),
    ("23 يناير الجاري", ["2017-01-23/2017-01-24"], MonthReference(2017, 1, 1)),
    ("في 6-8 يوليو القادم، وقالت اليوم الخميس", ["2021-07-06/2021-07-08"], MonthReference(2021, 6, 1)),
    ("23 يناير المقبل", ["2017-01-23/2017-01-24"], MonthReference(2016, 12, 1)),
    ("اليوم الثلاثاء 4 تموز 2017، في 23 يناير الجاري", ["2017-01-23/2017-01-24"], None),
    ("اليوم الثلاثاء 4 تموز 2017، واليوم الأربعاء 5 تموز 2017", [], None),
    ("أمس الأربعاء", ["2017-07-04/2017-07-05"], None),
    ("أمس الاثنين 3 تموز 2017", [], datetime.date(2017, 7, 4)),
    ("غدا الأربعاء 5 تموز", ["2017-03-14/2017-03-15"], datetime.date(2017, 7, 4)),
    ("غدا الخميس 5 تموز", ["2017-03-14/2017-03-15"], None),
    ("الثلاثاء 4 تموز الجاري", ["2017-03-14/2017-03-15"], MonthReference(2017, 7, 1)),
    ("الثلاثاء 4 تموز الجاري", ["2016-01-29/2016-02-03"], None),
    ("الجمعة 15 يونيو الجاري، مواليد 20 أيلول 1990", [], None),
    ("في 4 تموز الجاري 2017", [], MonthReference(2017, 7, 1)),
    ("العام الجاري 2018", [], YearReference(2018, 1, 1)),
    ("العام الجاري 2018/2017", [], None),
    ("", ["2017-07-04"], None),
]


@pytest.mark.parametrize(("text", "known", "expected"), REFERENCES)
def test_inferred_reference(text: str, known: list[str], expected: datetime.date | None) -> None:
    inferred = infer_reference(find_times(text), [NamedRound(Period(value), Span(0, len(text))) for value in known])
    assert inferred == expected
    assert type(inferred) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17 أيلول الماضي", ["2018-09-17"]),
        ("الشهر الجاري", ["2018-11"]),
        ("العام الماضي", ["2017"]),
        ("أمس", ["None"]),
        ("الخميس", ["None"]),
        ("اليوم", ["None"]),
    ],
)
def test_a_reference_month_resolves_no_day(text: str, expected: list[str]) -> None:
    assert values(text, MonthReference(2018, 11, 1)) == expected


@pytest.mark.parametrize(
    ("value", "precision", "first", "last"),
    [
        ("2017", Precision.YEAR, "2017-01-01", "2017-12-31"),
        ("2016-02", Precision.MONTH, "2016-02-01", "2016-02-29"),
        ("9999-12", Precision.MONTH, "9999-12-01", "9999-12-31"),
        ("2017-07-04", Precision.DAY, "2017-07-04", "2017-07-04"),
        ("2017-12-30/2018-01-02", Precision.INTERVAL, "2017-12-30", "2018-01-02"),
    ],
)
def test_period(value: str, precision: Precision, first: str, last: str) -> None:
    period = Period(value)
    assert (period.precision, period.start, period.end) == (precision, day(first), day(last))


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", "not YYYY"),
        ("July", "not YYYY"),
        ("2017-7-4", "not YYYY"),
        ("٢٠١٧", "not YYYY"),
        ("2017\n", "not YYYY"),
        ("2017-07/2017-08", "not YYYY"),
        ("0000", "not a date"),
        ("2017-13", "not a date"),
        ("2017-00", "not a date"),
        ("2017-02-29", "not a date"),
        ("2017-07-04/2017-07-32", "not a date"),
        ("2017-07-05/2017-07-04", "first day must be before"),
        ("2017-07-04/2017-07-04", "first day must be before"),
    ],
)
def test_what_is_no_period(value: str, problem: str) -> None:
    with pytest.raises(DateError, match=problem):
        Period(value)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2017", "2017-07-04", True),
        ("2017-07", "2017-08", False),
        ("2017-07-04/2017-07-05", "2017-07-05", True),
        ("2017-07-04/2017-07-05", "2017-07-06", False),
    ],
)
def test_overlap(one: str, other: str, expected: bool) -> None:
    assert Period(one).overlaps(Period(other)) is expected
    assert Period(other).overlaps(Period(one)) is expected


WORDS = [" ".join(name) for name in calendar().names]
PIECES = st.sampled_from(
    [*WORDS, *"0123456789٣۴/-.,،()%\n ", "2017", "30", "31", "و", "ال", "ب", "ل", "كتاب", "4/7/2017"]
)
TIMES = st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join))


@given(TIMES)
def test_slices_are_ordered_and_inside_the_text(text: str) -> None:
    found = find_times(text)
    assert all(0 <= e.start < e.end <= len(text) for e in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


@given(TIMES, st.dates() | st.none(), st.sampled_from(Tense))
def test_what_resolves_is_a_real_period(text: str, reference: datetime.date | None, tense: Tense) -> None:
    for expression in find_times(text):
        resolved = expression.resolve(reference, tense=tense)
        if resolved:
            assert Period(resolved.period.value).start <= resolved.period.end
            assert reference or resolved.basis is Basis.TEXT


@given(st.lists(TIMES.flatmap(lambda text: st.just(find_times(text)))), st.lists(st.dates()))
def test_inference_never_fails(found: list[tuple[TimeExpression, ...]], days: list[datetime.date]) -> None:
    infer_reference([e for es in found for e in es], [NamedRound(Period(d.isoformat()), Span(0, 99)) for d in days])


@given(st.dates(), st.integers(0, 6))
def test_weekdays_lie_on_the_side_that_is_said(reference: datetime.date, weekday: int) -> None:
    week = datetime.timedelta(days=7)
    if not datetime.date.min + week < reference < datetime.date.max - week:
        return
    for direction, low, high in ((Direction.PAST, -7, -1), (None, -6, 0), (Direction.NEXT, 1, 7)):
        expression = TimeExpression(0, 1, weekdays=(weekday, weekday), direction=direction)
        resolved = expression.resolve(reference, tense=Tense.PAST)
        assert resolved is not None
        assert low <= (resolved.period.start - reference).days <= high
        assert resolved.period.start.weekday() == weekday


def test_parts() -> None:
    (found,) = find_times("اليوم الثلاثاء 4 تموز 2017")
    assert found == TimeExpression(0, 26, (1, 1), (4, 4), 7, None, 2017, Anchor.DAY)


@pytest.mark.parametrize("module", [kg.language.dates, kg.language.inference, kg.language.tense, kg.language.timex])
def test_doctests(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
