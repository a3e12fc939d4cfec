"""Names, talks and dates resolved, each with the reason a person would give."""

from __future__ import annotations

import pytest

from kg.knowledge import knowledge_base
from kg.language.words import words_of
from kg.link import link
from kg.link.names import NameFinder
from kg.model import Link, Reading
from kg.vocabulary import Kind
from tests.factory import document, reading


def found(text: str, *, published: str | None = None, people: tuple[str, ...] = ()) -> dict[str, str]:
    read = reading(text, published=published, people=people)
    return {one.span.of(text): one.entities[0].id for one in read.links}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("وروسيا وتركيا", {"روسيا": "russia", "تركيا": "turkey"}),
        ("للأمم المتحدة", {"أمم المتحدة": "united-nations"}),
        ("«جيش الإسلام» وحركة أحرار الشام", {"جيش الإسلام": "jaysh-al-islam", "حركة أحرار الشام": "ahrar-al-sham"}),
        ("وَرُوسيا", {"رُوسيا": "russia"}),
        ("لِـإيران", {"إيران": "iran"}),
        ("مَحَادَثَات في إدلِب", {"إدلِب": "idlib"}),
        ("إدلـــب", {"إدلـــب": "idlib"}),
        ("ستيفان دي ميستورا", {"ستيفان دي ميستورا": "staffan-de-mistura"}),
        ("ريف حلب الغربي", {"ريف حلب الغربي": "aleppo-western-countryside"}),
        ("نظام صحي جديد", {}),
        ("النظام", {"النظام": "syria-government"}),
        ("وزارة الدفاع الروسية", {"وزارة الدفاع الروسية": "russia-defense-ministry"}),
        ("بلدات الطيبة وداعل", {"الطيبة": "al-taybah-daraa", "داعل": "dael"}),
        ("طفس والحراك وصيدا", {"طفس": "tafas", "الحراك": "al-harak", "صيدا": "saida-daraa"}),
        ("صيدا (ريف درعا)", {"صيدا": "saida-daraa", "ريف درعا": "daraa-countryside"}),
        ("الحراك الشعبي في درعا", {"درعا": "daraa"}),
        ("ميناء صيدا في جنوب لبنان", {"لبنان": "lebanon"}),
        ("بلدة القحطانية", {}),
    ],
)
def test_names(text: str, names: dict[str, str]) -> None:
    assert found(text) == names


def test_a_full_stop_within_an_address_is_part_of_the_name() -> None:
    found = [
        NameFinder(knowledge_base()).find(words_of(text)) for text in ("كتبت العربية.نت أمس", "كتبت العربية. نت أمس")
    ]
    assert [[hit.name for hit in hits] for hits in found] == [["العربية نت"], []]


@pytest.mark.parametrize(
    ("text", "round_id"),
    [
        ("الجولة السابعة من محادثات أستانا", "astana-7"),
        ("الجولة السابعة من مباحثات أستانة", "astana-7"),
        ("أستانا 7", "astana-7"),
        ("أستانا5", "astana-5"),
        ("أستانة-14", "astana-14"),
        ("أستانا ٨", "astana-8"),
        ("جنيف 8", "geneva-8"),
        ("الجولة الـ14 من محادثات أستانا", "astana-14"),
        ("الجولة الرابعة عشرة من محادثات أستانا", "astana-14"),
        ("الجولة الحادية والعشرين من محادثات أستانا", "astana-21"),
        ("اجتماع أستانا الخامس", "astana-5"),
        ("جولة أستانا الثالثة", "astana-3"),
        ("الجولة الأولى من اجتماعات اللجنة الدستورية", "constitutional-committee-1"),
        ("مؤتمر الحوار الوطني السوري", "sochi-2018-01-30"),
        ("محادثات أستانا", "astana-process"),
        ("الجولة السابعة والتسعين من محادثات أستانا", "astana-process"),
    ],
)
def test_rounds_by_name(text: str, round_id: str) -> None:
    assert reading(text).links[0].entities[0].id == round_id


@pytest.mark.parametrize(
    ("text", "published", "topic"),
    [
        ("جولة جديدة من محادثات أستانة ستجرى يومي 28 و 29 تشرين الثاني/نوفمبر الجاري.", None, "astana-11"),
        ("مفاوضات أستانا ستكون في 6-8 يوليو/ تموز القادم.", None, "astana-16"),
        ("مؤتمر أستانة تحتضنه العاصمة الكازاخية في 23 يناير الجاري.", None, "astana-1"),
        ("انطلقت جولة جديدة من محادثات أستانا بين المعارضة والنظام.", "2018-05-14", "astana-9"),
        ("انطلقت جولة جديدة من محادثات أستانا بين المعارضة والنظام.", None, None),
        ("محادثات أستانا في 3 آذار.", None, None),
    ],
)
def test_rounds_by_date(text: str, published: str | None, topic: str | None) -> None:
    read = reading(text, published=published)
    assert (read.topic.id if read.topic else None) == topic


def test_a_date_names_another_round_than_the_topic() -> None:
    text = "انطلقت الجولة الخامسة من أستانا اليوم الثلاثاء. وفي آخر اجتماع من محادثات أستانا في أيار 2017 اتفقوا."
    assert [one.entities[0].id for one in reading(text).links if "astana-" in one.entities[0].id][:2] == [
        "astana-5", "astana-4",
    ]  # fmt: skip


def test_an_article_without_a_date_is_dated_by_its_round() -> None:
    read = reading("انطلقت الجولة الخامسة من محادثات أستانا، اليوم الثلاثاء.")
    assert str(read.reference) == "2017-07-04"
    assert [dated.date.period.value for dated in read.dates if dated.date] == ["2017-07-04"]


def test_a_meeting_is_the_known_one_or_a_new_one() -> None:
    known = reading("عقدت قمة في سوتشي في 17 أيلول/سبتمبر 2018.").links
    new = reading("عقد اجتماع في باريس في 3 آذار/مارس 2018.").links
    nothing = reading("عقد اجتماع في باريس.").links
    press = reading("قال في مؤتمر صحفي في باريس في 3 آذار/مارس 2018.").links
    about = reading("عقد اجتماع بشأن الوضع في منبج في 3 آذار/مارس 2018.").links
    assert known[0].entities[0].id == "sochi-2018-09-17"
    assert (new[0].entities[0].id, new[0].entities[0].known) == ("paris-2018-03-03", False)
    assert [[one.entities[0].id for one in links] for links in (nothing, press, about)] == [
        ["paris"],
        ["paris"],
        ["manbij"],
    ]


@pytest.mark.parametrize(
    ("text", "published", "meeting"),
    [
        ("أجرى بنيامين نتنياهو محادثات مع أنغيلا ميركل.", "2018-06-05", "berlin-2018-06-04"),
        ("أجرى بنيامين نتنياهو محادثات مع أنغيلا ميركل.", "2018-08-05", None),
        ("وكان دونالد ترامب التقى بنيامين نتنياهو في فبراير/شباط 2017.", "2018-05-24", "washington-2017-02-15"),
        ("وكان دونالد ترامب التقى بنيامين نتنياهو في عام 2017.", "2018-05-24", None),
        ("بحث سيرغي لافروف الأزمة مع محمد جواد ظريف.", "2018-05-14", "moscow-2018-05-14"),
        ("بحث سيرغي لافروف الأزمة هاتفيا مع محمد جواد ظريف.", "2018-05-14", None),
        ("بحث سيرغي لافروف الأزمة في باريس يوم 3 آذار/مارس 2018.", "2018-03-04", None),
        ("التقى أنغيلا ميركل سعد الحريري بعد أن تحدث بنيامين نتنياهو.", "2018-06-05", None),
        ("استقبل إيمانويل ماكرون وفدا في الإليزيه في 3 آذار/مارس 2018.", "2018-03-04", "paris-2018-03-03"),
        ("عقد اجتماع في مقر البنتاغون الخميس.", "2018-03-02", "washington-2018-03-01"),
        ("انتقد البيت الأبيض اجتماع الخميس.", "2018-03-02", None),
    ],
)
def test_who_met_and_in_whose_seat_tells_the_meeting(text: str, published: str, meeting: str | None) -> None:
    links = reading(text, published=published).links
    met = [link.entities[0].id for link in links if link.entities[0].kind is Kind.MEETING]
    assert met == ([meeting] if meeting else [])


@pytest.mark.parametrize(
    ("text", "published", "agreement"),
    [
        ("رفض جيش الإسلام الاتفاق حول دوما.", "2018-04-05", "douma-evacuation-2018-04-01"),
        ("أعلنت روسيا التوصل إلى اتفاق مع فيلق الرحمن.", "2018-03-24", "faylaq-al-rahman-evacuation-2018-03-23"),
        ("رفض جيش الإسلام الاتفاق حول دوما.", "2018-06-05", None),
        ("رفض جيش الإسلام الاتفاق حول دوما في عام 2016.", "2018-04-05", None),
        ("رفضت روسيا قرارا بشأن دوما.", "2018-04-05", None),
        ("رفض جيش الإسلام الاتفاق.", "2018-04-05", None),
    ],
)
def test_place_or_parties_tell_an_agreement_of_these_days(text: str, published: str, agreement: str | None) -> None:
    links = reading(text, published=published).links
    told = [one.entities[0].id for one in links if one.entities[0].kind is Kind.AGREEMENT]
    assert told == ([agreement] if agreement else [])


def test_a_family_name_is_the_person_named_in_full() -> None:
    text = "قال خالد المحاميد شيئا. وأضاف المحاميد."
    names = found(text, people=("خالد المحاميد", "المحاميد"))
    assert names["المحاميد"] == names["خالد المحاميد"]


def test_a_known_family_name_in_another_persons_name_is_not_known() -> None:
    assert found("زار حافظ الأسد موسكو", people=("حافظ الأسد",)).get("الأسد") is None


def test_a_place_in_the_name_of_a_body_is_not_where_it_happened() -> None:
    text = "قال مركز حلب الإعلامي إن القصف مستمر."
    read = link(document(text, bodies=("مركز حلب الإعلامي",)))
    assert [one.span.of(text) for one in read.links] == ["مركز حلب الإعلامي"]


def test_an_office_is_who_holds_it_if_the_article_names_him() -> None:
    alone = found("وصل الرئيس الروسي إلى أنقرة.")
    named = found("وصل فلاديمير بوتين إلى أنقرة. والتقى الرئيس الروسي بالصحافيين.")
    assert "vladimir-putin" not in alone.values()
    assert named["الرئيس الروسي"] == "vladimir-putin"


def test_his_country_is_the_speakers() -> None:
    text = "قال سيرغي لافروف خلال لقاء مع محمد جواد ظريف إن بلاده لن تنسحب."
    assert found(text)["بلاده"] == "russia"
    assert "بلدة" not in found("قال سيرغي لافروف في بلدة صغيرة.")


def test_reasons_and_offsets() -> None:
    text = "شارك زيدان الفلاني في أستانا 7."
    read: Reading = reading(text, people=("زيدان الفلاني",))
    person, talks = read.links
    assert isinstance(person, Link)
    assert not person.entities[0].known
    assert person.reason.startswith("new: ")
    assert talks.reason == "round 7 by its number"
    assert talks.span.of(text) == "أستانا 7"


def test_adjectives_are_kept_apart_from_names() -> None:
    text = "غارات روسية على إدلب"
    read = link(document(text))
    assert [(one.span.of(text), one.entities[0].id) for one in read.adjectives] == [("روسية", "russia")]


@pytest.mark.parametrize(
    ("text", "published", "names"),
    [
        ("قال وزير الخارجية الأمريكي إن واشنطن تتابع.", "2017-05-02", {"وزير الخارجية الأمريكي": "rex-tillerson"}),
        ("قال وزير الخارجية الأمريكي إن واشنطن تتابع.", "2018-06-02", {"وزير الخارجية الأمريكي": "mike-pompeo"}),
        ("أكدت رئيسة الوزراء البريطانية ذلك.", "2018-03-01", {"رئيسة الوزراء البريطانية": "theresa-may"}),
        (
            "التقى سيرغي لافروف نظيره الإيراني في موسكو.",
            "2018-03-01",
            {"نظيره الإيراني": "mohammad-javad-zarif"},
        ),
        (
            "بحث الرئيسان الروسي والتركي الوضع في إدلب.",
            "2018-09-01",
            {"الروسي": "vladimir-putin", "التركي": "recep-tayyip-erdogan"},
        ),
        ("التقى بوتين أردوغان. وأكد الأخير التزامه.", "2018-09-01", {"الأخير": "recep-tayyip-erdogan"}),
        ("سيطرت هيئة تحرير الشام على البلدة. وقالت الهيئة إنها باقية.", None, {"الهيئة": "hayat-tahrir-al-sham"}),
        ("قال مندوب روسيا فاسيلي نيبينزيا إن بلاده ترفض القرار.", "2018-04-10", {"بلاده": "russia"}),
        ("قال السفير التركي في الدوحة إن بلاده تتابع.", None, {}),
    ],
)
def test_what_points_to_a_name(text: str, published: str | None, names: dict[str, str]) -> None:
    told = found(text, published=published)
    assert {name: told.get(name) for name in names} == names
    assert names or "بلاده" not in told


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("استخدم كيماوي ضد المدنيين.", ("كيماوي",)),
        ("قتل م في القصف.", ("م",)),
        ("قصف طيران حربي روسي البلدة.", ("حربي روسي",)),
        ("وصل 15 مقاتلا.", ("15",)),
        ("الجيش يحافظ على الأمن والنظام.", ()),
    ],
)
def test_what_is_no_name(text: str, people: tuple[str, ...]) -> None:
    read = reading(text, people=people)
    assert [one.span.of(text) for one in read.links if one.span.of(text) in (*people, "النظام")] == []


def test_spellings_of_a_new_name_are_one_with_a_reason() -> None:
    text = "وصل بريت ماكغورن إلى بغداد. وقال بريت ماكجورن إن المعركة مستمرة."
    first, second = (
        one
        for one in reading(text, people=("بريت ماكغورن", "بريت ماكجورن")).links
        if one.span.of(text).startswith("بريت")
    )
    assert first.entities == second.entities
    assert "spelling" in first.reason + second.reason


def test_people_of_one_family_name_are_kept_apart() -> None:
    text = "التقى كامل درويش سمير درويش في حلب. وقال سمير درويش إن الوضع صعب. وأضاف درويش أن الهدنة صامدة."
    links = [
        one for one in reading(text, people=("كامل درويش", "سمير درويش", "درويش")).links if "درويش" in one.span.of(text)
    ]
    assert len({one.entities[0].id for one in links}) == 2
    assert links[-1].entities[0].names[0] == "سمير درويش"


ELSEWHERE = "اتهمت المعارضة الرئيس بالتزوير. وقالت الشرطة إنها تحقق. وجرت الانتخابات بهدوء. وفازت القوات الحكومية."


def test_the_opposition_of_an_article_on_another_country_is_not_ours() -> None:
    assert found(ELSEWHERE) == {}
    assert found(f"{ELSEWHERE} وسافر الوفد إلى سوريا.").get("المعارضة") == "syrian-opposition"
