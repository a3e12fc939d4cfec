"""The written forms of Arabic verbs and nouns, unvocalised and folded: enough to recognise a trigger in any of them.

Third person, as in news, and the first of quotations. Weak final radicals are handled; other irregular forms are listed
in the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from kg.language.arabic import ALEF, HEH, WAW, YEH, fold

ROOT = 3
TEH, NOON, HAMZA = "\u062a", "\u0646", "\u0621"
PRONOUNS = ("", "\u0647", "\u0647\u0627", "\u0647\u0645", "\u0647\u0645\u0627")
"""Nothing, him, her, them, both of them: object of a verb or owner of a noun."""


class Agreement(StrEnum):
    """Gender, or number, in which a verb and its subject agree."""

    MASCULINE = "masculine"
    FEMININE = "feminine"
    MANY = "many"
    """Two or more, so that the subject stands before the verb."""


def verb_forms(perfect: str, imperfect: str) -> Iterator[tuple[str, str, bool]]:
    """Every form of a verb with its tense (``perfect`` or ``imperfect``) and whether a pronoun is attached.

    Left out are two that are commonly something else: the bare root with a pronoun (``دعمه`` is mostly *his support*)
    and the masculine dual of a bare root (``دعما`` is mostly *in support*).

    >>> forms = {form for form, _, _ in verb_forms("التقى", "يلتقي")}
    >>> {"التقت", "التقوا", "تلتقي", "يلتقون"} <= forms
    True
    """
    for tense, stems in (("perfect", _perfect(fold(perfect))), ("imperfect", _imperfect(fold(imperfect)))):
        for stem in stems:
            for pronoun in PRONOUNS:
                if pronoun and stem == fold(perfect) and len(stem) == ROOT:
                    continue
                base = stem.removesuffix(ALEF) if pronoun and stem.endswith(WAW + ALEF) else stem
                yield base + pronoun, tense, bool(pronoun)


def _perfect(stem: str) -> Iterator[str]:
    weak = stem[-1] in (YEH, ALEF) and len(stem) > 2
    short = stem[:-1] if weak else stem
    yield stem
    yield from (short + ending for ending in (TEH, WAW + ALEF, TEH + ALEF))
    if weak:
        yield from (short + YEH + ALEF, short + WAW + ALEF)
    elif len(stem) > ROOT:
        yield stem + ALEF


def _imperfect(stem: str) -> Iterator[str]:
    weak = stem[-1] in (YEH, WAW, ALEF) and len(stem) > 3
    short = stem[:-1] if weak else stem
    for person in (YEH, TEH):
        yield person + stem[1:]
        yield from (person + short[1:] + ending for ending in (WAW + NOON, WAW + ALEF))
        yield from (person + stem[1:] + ending for ending in (ALEF + NOON, ALEF))


def agreement(form: str, perfect: str, imperfect: str) -> Agreement:
    """Whom a form of a verb, as :func:`verb_forms` writes it, agrees with: before its subject a verb is singular.

    >>> agreement("اتهمت", "اتهم", "يتهم").value, agreement("يتهمون", "اتهم", "يتهم").value
    ('feminine', 'many')
    """
    stem, weak = fold(perfect), fold(perfect)[-1] in (YEH, ALEF)
    if stem.endswith(TEH) and not fold(imperfect).endswith(TEH):
        stem = stem[:-1]  # the table gives the feminine, because the bare root is another word
    present = fold(imperfect)[1:]
    if form[1:].startswith((present, present[:-1])) and form[:1] in (YEH, TEH) and not form.startswith(stem):
        ending = form[1:].removeprefix(present)
        many = ending.startswith((ALEF, WAW)) or form[1:].startswith(present[:-1] + WAW + NOON)
        return Agreement.MANY if many else Agreement.FEMININE if form[0] == TEH else Agreement.MASCULINE
    ending = form.removeprefix(stem[:-1] if weak else stem)
    if ending.startswith((TEH + ALEF, WAW, YEH + ALEF, *(() if weak else (ALEF,)))):
        return Agreement.MANY
    return Agreement.FEMININE if ending.startswith(TEH) else Agreement.MASCULINE


def own_form(imperfect: str) -> str:
    """What somebody says of his own side (``ندعو``).

    >>> own_form("يطالب")
    'نطالب'
    """
    return NOON + fold(imperfect)[1:]


def noun_forms(noun: str) -> Iterator[tuple[str, bool]]:
    """A noun's form alone, as an indefinite object (``هجوما``), and with the pronouns of its owner.

    >>> {("مشاركتها", True)} <= set(noun_forms("مشاركة")), {("هجوما", False)} <= set(noun_forms("هجوم"))
    (True, True)
    """
    stem = fold(noun)
    yield stem, False
    if not stem.endswith((HEH, ALEF, TEH, HAMZA)):
        yield stem + ALEF, False
    owned = stem[:-1] + TEH if stem.endswith(HEH) else stem
    yield from ((owned + pronoun, True) for pronoun in PRONOUNS[1:])
    if stem.endswith(ALEF + HAMZA):  # «إجلاؤهم», «إجلائهم»
        yield from ((stem[:-1] + seat + pronoun, True) for seat in (WAW, YEH) for pronoun in PRONOUNS[1:])
