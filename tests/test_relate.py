"""The golden file: a sentence, and what is told of it. To change it, read it."""

from __future__ import annotations

import pathlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.relate.slots import AND_EACH_OTHER, AND_PLACE, PAIRS, SEARCHES
from kg.relate.triggers import rules
from kg.vocabulary import Predicate
from tests.factory import claims, told

GOLDEN = pathlib.Path(__file__).parent / "golden" / "relate.txt"
PEOPLE = ("ناجي مصطفى",)


def cases() -> list[tuple[str, list[str]]]:
    blocks = GOLDEN.read_text(encoding="utf-8").split("\n\n")
    lines = [[line for line in block.splitlines() if not line.startswith("#")] for block in blocks]
    return [(block[0], [line.removeprefix("= ") for line in block[1:]]) for block in lines if block]


POINTING_BACK = ("المدينة", "القاعدة", "خسر الجيش")
SELF_CONTAINED = [sentence for sentence, _ in cases() if not any(word in sentence for word in POINTING_BACK)]
"""Sentences whose places another sentence does not change."""


@pytest.mark.parametrize(("sentence", "expected"), cases())
def test_golden(sentence: str, expected: list[str]) -> None:
    assert sorted(map(told, claims(sentence, people=PEOPLE))) == expected


@pytest.mark.parametrize(("sentence", "_"), cases())
def test_evidence_is_an_exact_slice_that_holds_both_ends(sentence: str, _: list[str]) -> None:
    for claim in claims(sentence, people=PEOPLE):
        span = claim.evidence.span
        assert claim.evidence.text == sentence[span.start : span.end]
        assert claim.evidence.text == claim.evidence.text.strip()


def test_every_predicate_has_a_case() -> None:
    """What has no case has no rule that a sentence of the golden file shows."""
    assert {line.split()[1] for _, lines in cases() for line in lines} == {predicate.value for predicate in Predicate}


def test_slots_of_the_trigger_table_exist() -> None:
    for row in rules():
        for slot in f"{row.subject} {row.object}".split():
            assert (
                slot in SEARCHES
                or slot in PAIRS
                or slot.startswith(("prep:", "near:"))
                or slot in (AND_PLACE, AND_EACH_OTHER)
            ), row.rule


def test_a_claim_is_told_once() -> None:
    text = "قصفت روسيا إدلب. وقصفت روسيا إدلب. وقصفت روسيا مدينة إدلب."
    assert [told(claim) for claim in claims(text)] == ["russia attacked idlib"]


def test_affirmed_and_denied_are_two_claims() -> None:
    text = "شاركت تركيا في أستانا 7. لم تشارك تركيا في أستانا 7."
    assert sorted(map(told, claims(text))) == ["turkey attended astana-7", "turkey attended astana-7 | not"]


def test_a_speaker_is_kept_over_the_sentence_end() -> None:
    text = "قال سيرغي لافروف إن تركيا ستشارك في أستانا 7. وأضاف أن إيران ستشارك في أستانا 7."
    assert [told(claim) for claim in claims(text)] == [
        "turkey attended astana-7 | planned | says sergey-lavrov",
        "iran attended astana-7 | planned | says sergey-lavrov",
    ]


def test_a_source_without_a_name_is_nobody() -> None:
    (claim,) = claims("سيطر الحديث عن الجبهة الجنوبية، وصرحت مصادر أن إيران ستشارك في أستانا 7.")
    assert claim.says is None


def test_the_one_meeting_of_an_article_is_meant_by_its_noun_alone() -> None:
    text = "عقد فلاديمير بوتين ودونالد ترامب قمة في هلسنكي يوم 16 يوليو. وشارك سيرغي لافروف في القمة."
    found = {told(claim) for claim in claims(text, published="2018-07-17")}
    assert "sergey-lavrov attended helsinki-2018-07-16" in found


def test_of_two_meetings_a_noun_alone_means_neither() -> None:
    text = "عقدت قمة في هلسنكي يوم 16 يوليو وقمة في طهران يوم 7 سبتمبر. وشارك سيرغي لافروف في القمة."
    found = {told(claim) for claim in claims(text, published="2018-09-09")}
    assert not any(one.startswith("sergey-lavrov attended") for one in found)


def test_who_meets_somewhere_attends_the_meeting() -> None:
    text = "التقى فلاديمير بوتين بشار الأسد في سوتشي يوم الخميس."
    found = claims(text, published="2018-05-18")
    assert sorted(map(told, found)) == [
        "bashar-al-assad attended sochi-2018-05-17",
        "sochi-2018-05-17 heldIn sochi",
        "sochi-2018-05-17 heldOn 2018-05-17",
        "vladimir-putin attended sochi-2018-05-17",
        "vladimir-putin metWith bashar-al-assad",
    ]
    attended = {claim.evidence.text for claim in found if claim.predicate is Predicate.ATTENDED}
    assert attended == {"التقى فلاديمير بوتين بشار الأسد"}


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        (
            "وفي 2 أكتوبر، زار جواد ظريف بغداد حيث التقى برهم صالح.",
            "2018-10-05",
            {
                "mohammad-javad-zarif attended baghdad-2018-10-02",
                "barham-salih attended baghdad-2018-10-02",
                "baghdad-2018-10-02 heldIn baghdad",
                "baghdad-2018-10-02 heldOn 2018-10-02",
            },
        ),
        ("وصل سيرغي لافروف إلى بيروت للقاء جبران باسيل.", "2018-05-02", set()),
        (
            "تستضيف بيروت، الجمعة المقبلة، قمة بين ميشال عون وعبد الفتاح السيسي.",
            "2018-10-02",
            {
                "michel-aoun attended beirut-2018-10-05 | planned",
                "abdel-fattah-el-sisi attended beirut-2018-10-05 | planned",
                "beirut-2018-10-05 heldIn beirut | planned",
                "beirut-2018-10-05 heldOn 2018-10-05 | planned",
            },
        ),
        (
            "عقدت فصائل المعارضة اجتماعا مع روسيا في بلدة نصيب الأربعاء.",
            "2018-07-12",
            {"russia attended naseeb-town-2018-07-11", "naseeb-town-2018-07-11 heldIn naseeb-town"},
        ),
        (
            "يعقد دونالد ترامب لقاء مع فلاديمير بوتين الاثنين.",
            "2018-07-15",
            {"donald-trump attended helsinki-2018-07-16 | planned", "helsinki-2018-07-16 heldOn 2018-07-16 | planned"},
        ),
        (
            "انتهت الغارات بعد يومين من قمة عقدت في طهران بين حسن روحاني ورجب طيب أردوغان.",
            "2018-09-09",
            {"tehran-2018-09-07 heldIn tehran", "tehran-2018-09-07 heldOn 2018-09-07"},
        ),
        (
            "زار جواد ظريف بيروت الاثنين والتقى ميشال عون.",
            "2018-03-28",
            {
                "mohammad-javad-zarif attended beirut-2018-03-26",
                "michel-aoun attended beirut-2018-03-26",
                "beirut-2018-03-26 heldIn beirut",
                "beirut-2018-03-26 heldOn 2018-03-26",
            },
        ),
        (
            "أجرى سيرغي لافروف في بغداد، الثلاثاء، محادثات مع حيدر العبادي.",
            "2018-03-28",
            {
                "sergey-lavrov attended baghdad-2018-03-27",
                "haider-al-abadi attended baghdad-2018-03-27",
                "baghdad-2018-03-27 heldIn baghdad",
                "baghdad-2018-03-27 heldOn 2018-03-27",
            },
        ),
        (
            "يعقد مجلس الأمن الدولي، الخميس، جلسة بشأن إدلب.",
            "2018-03-28",
            {"un-security-council attended new-york-2018-03-29 | planned"},
        ),
        (
            'شهد العام استضافة روسيا "مؤتمر الحوار الوطني" في يناير 2018.',
            "2018-03-28",
            {"sochi-2018-01-30 heldIn russia", "sochi-2018-01-30 heldOn 2018-01"},
        ),
        ("قبل قمة بين دونالد ترامب وأنغيلا ميركل، التقى فلاديمير بوتين الصحافة.", "2018-07-16", set()),
        (
            "التقى جواد ظريف الثلاثاء في زيارة مفاجئة لطهران مع سيرغي لافروف.",
            "2018-04-11",
            {
                "mohammad-javad-zarif attended tehran-2018-04-10",
                "sergey-lavrov attended tehran-2018-04-10",
                "tehran-2018-04-10 heldIn tehran",
                "tehran-2018-04-10 heldOn 2018-04-10",
            },
        ),
        (
            "وصل جواد ظريف إلى بيروت، الاثنين، لإجراء محادثات مع ميشال عون.",
            "2018-09-03",
            {
                "mohammad-javad-zarif attended beirut-2018-09-03 | planned",
                "michel-aoun attended beirut-2018-09-03 | planned",
                "beirut-2018-09-03 heldIn beirut | planned",
                "beirut-2018-09-03 heldOn 2018-09-03 | planned",
            },
        ),
        (
            "التقى وزير الخارجية الروسي سيرغي لافروف نظيره الإيراني محمد جواد ظريف في بغداد الاثنين.",
            "2018-09-05",
            {"sergey-lavrov attended baghdad-2018-09-03", "baghdad-2018-09-03 heldOn 2018-09-03"},
        ),
        (
            "لم يشارك الحوثيون في محادثات في جنيف، الخميس.",
            "2018-09-06",
            {"houthis attended geneva-2018-09-06 | not", "geneva-2018-09-06 heldIn geneva"},
        ),
        (
            "قال سيرغي لافروف ذلك في اجتماع لوزراء خارجية تركيا وإيران في موسكو، الأربعاء.",
            "2018-09-06",
            {"turkey attended moscow-2018-09-05", "iran attended moscow-2018-09-05"},
        ),
    ],
)
def test_meetings_told_by_a_visit_a_host_or_who_meets(text: str, published: str, expected: set[str]) -> None:
    found = {told(claim) for claim in claims(text, published=published)}
    events = {one for one in found if " attended " in one or " held" in one}
    assert expected <= events
    assert expected or not events


def test_who_holds_a_meeting_attends_it() -> None:
    text = "تعقد منظمة حظر الأسلحة الكيميائية الاثنين اجتماعا في لاهاي."
    assert sorted(map(told, claims(text, published="2018-04-16"))) == [
        "opcw attended the-hague-2018-04-16",
        "the-hague-2018-04-16 heldIn the-hague",
        "the-hague-2018-04-16 heldOn 2018-04-16",
    ]


def test_talks_in_a_country_are_the_round_held_there_then() -> None:
    text = "يشارك ستافان دي ميستورا في محادثات في روسيا مع إيران وتركيا حول سوريا."
    assert sorted(map(told, claims(text, published="2018-07-31"))) == [
        "astana-10 heldIn russia",
        "iran attended astana-10",
        "staffan-de-mistura attended astana-10",
        "turkey attended astana-10",
    ]


def test_a_spokesman_without_a_name_is_whom_the_article_names() -> None:
    text = "قال إيغور كوناشينكوف إن الهدنة قائمة. وقال المتحدث باسم وزارة الدفاع الروسية إن تركيا قصفت إدلب."
    assert "turkey attacked idlib | says igor-konashenkov" in map(told, claims(text))


def test_two_presidents_meet_where_and_when_they_are_known_to_have_met() -> None:
    text = (
        "هاتف الرئيس الروسي فلاديمير بوتين الرئيس السوري بشار الأسد. وكان الرئيسان التقيا أواخر تشرين الثاني في سوتشي."
    )
    found = [
        told(claim)
        for claim in claims(text, published="2018-05-17")
        if claim.predicate is not Predicate.AFFILIATED_WITH
    ]
    assert sorted(found) == [
        "bashar-al-assad attended sochi-2017-11-20",
        "sochi-2017-11-20 heldIn sochi",
        "sochi-2017-11-20 heldOn 2017-11",
        "vladimir-putin attended sochi-2017-11-20",
        "vladimir-putin metWith bashar-al-assad",
    ]


def test_the_day_of_writing_decides_between_plan_and_fact() -> None:
    text = "عقدت الجولة السابعة من محادثات أستانا في 30 تشرين الأول 2017."
    modalities = {
        published: claims(text, published=published)[-1].modality.value for published in ("2017-10-12", "2017-11-12")
    }
    assert modalities == {"2017-10-12": "planned", "2017-11-12": "actual"}


@given(st.text(alphabet='اأإبتثجحخدرسعفقكلمنهويىةء ،.؟"«»()0123456789\n\u200f\u0640', max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for claim in claims(text):
        assert claim.evidence.text == text[claim.evidence.span.start : claim.evidence.span.end]


@given(st.lists(st.sampled_from(SELF_CONTAINED), min_size=1, max_size=4))
def test_other_sentences_do_not_change_what_a_sentence_tells(sentences: list[str]) -> None:
    """But for talks, speakers and what points back, which an article shares: here only that nothing new appears."""
    alone = {told(claim).split(" | ")[0] for sentence in sentences for claim in claims(sentence, people=PEOPLE)}
    together = {told(claim).split(" | ")[0] for claim in claims("\n".join(sentences), people=PEOPLE)}
    talks = re.compile(r"astana|geneva|sochi|-\d{4}-\d\d-\d\d")
    unresolved = {line for line in together - alone if not talks.search(line)}
    assert not unresolved
