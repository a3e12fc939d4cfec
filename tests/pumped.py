"""Adversarial repeats, and how the time of a function grows with them."""

from __future__ import annotations

import time
from collections.abc import Callable

UNITS = (
    "ا", "ـ", "\u064b", "و", "ال", "لل", ".", "أ.", "ب. ", "!", "؟\"", ")", "(", "«", '"', "' ", " ", "\t", "\n", "\u2028",
    "\r\n", "1", "١", "1/", "1-", "1.", "5/7/", "2018 ", "2018,", "٤,", "،", "،،", "تموز،", "تموز و", "تموز/", "(تموز",
    "تموز (", "5 و",
    "5،", "الأول و", "الاثنين و", "الاثنين،", "بين ", "يوم 14/5 ", "في ", "من ", "منذ ", "أمس ", "العام ", "عام 2018 و",
    "أستانا ", "أستانا5", "الجولة ", "الجولة الخامسة ", "محادثات ", "الخامسة ", "قمة في ", "روسيا ", "روسيا وتركيا ", "روسيا، ",
    "وزير الخارجية ", "الرئيس ", "المبعوث ", "نظيره ", "قال ", "قال إن ", "إن ", "الذي ", "التي ", "لم ", "قد ", "اتهمت روسيا ",
    "قصفت ", "بحسب ", "وصل د. ", "a", "A.", "http://", "a/", "%", "\u200f", "\u202e", "\ufeff", "ﷲ", "ﻻ", "\ud800", "\U0001f600",
    "مقالات ذات صلة\n", "الأحد | ", "x > ", " - ", "(CNN) - ", "إيه. ", "سي. ", "0", "-", "ةا", "اال", "..",
)  # fmt: skip
"""What is repeated: letters, marks and words that some rule begins with."""


def text(unit: str, length: int) -> str:
    """Something, the unit again and again up to so many characters, and something else, so that a rule must give up."""
    return "س" + (unit * (length // len(unit) + 1))[:length] + "\x00ز"


def seconds(run: Callable[[str], object], given: str) -> float:
    """The processor time that a function takes, the shorter of two runs."""
    found = []
    for _ in range(2):
        begun = time.process_time()
        run(given)
        found.append(time.process_time() - begun)
        if found[0] > 1:
            break
    return min(found)


def growth(run: Callable[[str], object], unit: str, length: int) -> tuple[float, float]:
    """How many times longer a text of twice the length takes (2 is linear, 4 quadratic), and the seconds of the longer."""
    short, long = seconds(run, text(unit, length)), seconds(run, text(unit, 2 * length))
    return long / max(short, 0.002), long
