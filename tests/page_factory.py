"""A small graph made by hand that has everything that the page shows, graphs of any size, and hostile texts."""

from __future__ import annotations

import datetime
import json
import random
import re
from collections import defaultdict
from typing import Any

from kg.language.dates import Basis, Period, ResolvedDate
from kg.model import Article, Claim, Entity, Evidence, Modality, Polarity
from kg.page import render
from kg.span import Span
from kg.vocabulary import Kind, Predicate

RUSSIA = Entity("russia", Kind.STATE, ("روسيا", "Russia"))
TURKEY = Entity("turkey", Kind.STATE, ("تركيا", "Turkey"))
IRAN = Entity("iran", Kind.STATE, ("إيران", "Iran"))
FACTIONS = Entity("factions", Kind.GROUP_ACTOR, ("فصائل المعارضة", "Opposition factions"))
ALLOUSH = Entity("mohammed-alloush", Kind.PERSON, ("محمد علوش", "Mohammed Alloush", "علوش"))
STRANGER = Entity("new-x", Kind.PERSON, ("رجل مجهول",), known=False)
ASTANA = Entity("astana", Kind.PLACE, ("أستانا", "Astana"))
ASTANA_5 = Entity("astana-5", Kind.ROUND, ("أستانا 5", "Astana 5"))
ASTANA_6 = Entity("astana-6", Kind.ROUND, ("أستانا 6", "Astana 6"))

FIRST = (
    "مقدمة الخبر. شاركت روسيا في أستانا 5 أمس. ولن يشارك محمد علوش في أستانا 5. حضرت الفصائل أستانا 5. "
    "قاطعت الفصائل أستانا 6. ستشارك إيران في أستانا 6. دُعيت تركيا إلى أستانا 6. اتهمت تركيا إيران. خاتمة الخبر."
)
SECOND = "حضر الوفد الروسي الجولة الخامسة. لم تحضر الفصائل الجولة. التقت روسيا تركيا. ظهر رجل مجهول في أستانا 5."
ARTICLES = [
    Article("a1", FIRST, "عنوان الخبر", "صحيفة", datetime.date(2017, 7, 5), "https://example.org/a1"),
    Article("a2", SECOND, "عنوان ثان", "وكالة", datetime.date(2017, 7, 11), "https://example.org/a2"),
]
NEGATIVE, PLANNED = Polarity.NEGATIVE, Modality.PLANNED


def claim(subject: Entity, predicate: Predicate, target: Entity | Period, words: str, **more: Any) -> Claim:
    """A claim of the article that has these words; positive and actual if nothing else is said."""
    text = more.pop("text", None)
    article = "a1" if text or words in FIRST else "a2"
    start = (text or {"a1": FIRST, "a2": SECOND}[article]).index(words)
    evidence = Evidence(Span(start, start + len(words)), words)
    polarity, modality = more.pop("polarity", Polarity.POSITIVE), more.pop("modality", Modality.ACTUAL)
    return Claim(article, subject, predicate, target, polarity, modality, evidence, "r", 0.8, **more)


def on(day: str) -> ResolvedDate:
    """A date that the text gives."""
    return ResolvedDate(Period(day), Basis.TEXT)


HELD = Period("2017-07-04/2017-07-05")
CLAIMS = [
    claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, "شاركت روسيا في أستانا 5"),
    claim(RUSSIA, Predicate.ATTENDED, ASTANA_5, "حضر الوفد الروسي الجولة الخامسة", role="وفد"),
    claim(
        ALLOUSH, Predicate.ATTENDED, ASTANA_5, "لن يشارك محمد علوش في أستانا 5",
        polarity=NEGATIVE, modality=PLANNED, says=RUSSIA,
    ),
    claim(FACTIONS, Predicate.ATTENDED, ASTANA_5, "حضرت الفصائل أستانا 5"),
    claim(FACTIONS, Predicate.ATTENDED, ASTANA_5, "لم تحضر الفصائل الجولة", polarity=NEGATIVE),
    claim(FACTIONS, Predicate.BOYCOTTED, ASTANA_6, "قاطعت الفصائل أستانا 6"),
    claim(IRAN, Predicate.ATTENDED, ASTANA_6, "ستشارك إيران في أستانا 6", modality=PLANNED),
    claim(TURKEY, Predicate.INVITED_TO, ASTANA_6, "دُعيت تركيا إلى أستانا 6"),
    claim(TURKEY, Predicate.ACCUSED, IRAN, "اتهمت تركيا إيران"),
    claim(RUSSIA, Predicate.MET_WITH, TURKEY, "التقت روسيا تركيا", date=on("2017-08-01")),
    claim(STRANGER, Predicate.ATTENDED, ASTANA_5, "ظهر رجل مجهول في أستانا 5"),
    claim(ASTANA_5, Predicate.HELD_ON, HELD, "أستانا 5 أمس", date=ResolvedDate(HELD, Basis.PUBLISHED)),
    claim(ASTANA_5, Predicate.HELD_IN, ASTANA, "روسيا في أستانا"),
]  # fmt: skip

HOSTILE = [
    "<img src=x onerror=document.title='pwned'>", "</script><script>document.title='pwned'</script>", "{{7*7}}${7*7}",
    "\u202eevil\u202c", "a\u0000b\u200b\u2028c", "'\"><svg onload=document.title='pwned'>", "x" * 10_000, "\ud800broken\udfff",
    "=HYPERLINK(\"http://evil\")", "\ufffe\uffff]]>", "<!--<script>",
]  # fmt: skip


def generated(size: int, per_node: int = 3) -> tuple[list[Claim], list[Article]]:
    """A made-up graph of this many nodes: rounds, states, bodies and people, each edge with a sentence of its own."""
    chance = random.Random(7)
    kinds = [Kind.PERSON, Kind.STATE, Kind.ARMED_GROUP, Kind.POLITICAL_BODY, Kind.GROUP_ACTOR]
    rounds = [Entity(f"astana-{n}", Kind.ROUND, (f"أستانا {n}", f"Astana {n}")) for n in range(1, 21)]
    actors = [Entity(f"actor-{n}", kinds[n % 5], (f"الطرف رقم {n}", f"Actor {n}")) for n in range(size - len(rounds))]
    verbs = [Predicate.MET_WITH, Predicate.ACCUSED, Predicate.SUPPORTED, Predicate.REJECTED]
    claims: list[Claim] = []
    texts: dict[str, str] = defaultdict(str)
    for number, actor in enumerate(actors):
        hubs = [actors[int(len(actors) * chance.random() ** 3)] for _ in range(per_node - 1)]
        edges: list[tuple[Predicate, Entity]] = [(Predicate.ATTENDED, chance.choice(rounds))]
        edges += [(verbs[(number + place) % 4], hub) for place, hub in enumerate(hubs) if hub != actor]
        for predicate, target in edges:
            words = f"{actor.names[0]} مع {target.names[0]}"
            article = f"g{len(claims) // 100}"
            lead = f"{texts[article]}أعلن بيان صدر في ختام اليوم أن لقاء جمع "
            texts[article] = f"{lead}{words} بحضور ممثلين عن أطراف أخرى في المحادثات السورية. "
            evidence = Evidence(Span(len(lead), len(lead) + len(words)), words)
            polarity = NEGATIVE if chance.random() < 0.05 else Polarity.POSITIVE
            claims.append(Claim(article, actor, predicate, target, polarity, Modality.ACTUAL, evidence, "made.up", 0.8))
    articles = [Article(key, text, "خبر", f"وكالة {number % 7}") for number, (key, text) in enumerate(texts.items())]
    return claims, articles


def generated_page(size: int) -> str:
    """The page of a generated graph."""
    return render(*generated(size))


def embedded(page: str, key: str = "data") -> Any:
    """The data in a page; ``key`` may also be ``evidence``."""
    data = re.search(rf'<script id="{key}" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert data
    return json.loads(data[1])
