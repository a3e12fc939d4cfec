"""Web pages and feeds in the markup of real outlets: the article and nothing beside it, and what the page says of itself."""

from __future__ import annotations

import pathlib

import pytest

from kg.model import Article
from kg.read import Unreadable, read_articles

SOURCES = pathlib.Path(__file__).parent / "sources"


def one(path: pathlib.Path) -> Article | Unreadable:
    (item,) = read_articles([path])
    return item


def article(path: pathlib.Path) -> Article:
    item = one(path)
    assert isinstance(item, Article), item
    return item


PAGES = [
    pytest.param("aljazeera", "فصائل المعارضة تقاطع الجولة المقبلة من أستانا", "الجزيرة نت", "2018-02-25", 3, id="Al Jazeera"),
    pytest.param("enabbaladi", "«جيش الإسلام» ينفي مشاركته في لقاء القاهرة", "عنب بلدي", "2018-02-13", 3, id="Enab Baladi"),
    pytest.param(
        "bbc", "محادثات جنيف: دي ميستورا يلتقي وفد الحكومة السورية", "BBC News عربي", "2017-11-29", 4, id="BBC Arabic"
    ),
    pytest.param(
        "sana", "لافروف: موسكو تدعو إلى عقد مؤتمر سوتشي نهاية الشهر", "الوكالة العربية السورية للأنباء - سانا",
        "2018-01-15", 4, id="SANA, Windows-1256",
    ),
    pytest.param(
        "skynewsarabia", "روسيا وتركيا وإيران تتفق على مناطق خفض التصعيد", "سكاي نيوز عربية", "2017-05-04", 3, id="Sky News"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "title", "outlet", "published", "paragraphs"), PAGES)
def test_an_outlets_page(name: str, title: str, outlet: str, published: str, paragraphs: int) -> None:
    found = article(SOURCES / f"{name}.html")
    assert (found.id, found.title, found.outlet, str(found.published)) == (name, title, outlet, published)
    assert found.text.startswith(f"{title}\n\n")
    assert len(found.text.split("\n\n", 1)[1].splitlines()) == paragraphs


BESIDE = (
    "عاجل", "إسقاط طائرة مسيرة", "مقتل عشرة مدنيين", "والعالم ساكت", "أضف تعليقك", "يتعهد بمواصلة العملية", "جميع الحقوق",
    "طيران التحالف", "روسيا تعلن هدنة", "لن يتم نشر عنوان", "قصف على دوما", "ليست مسؤولة عن محتوى", "يدمر أوكارا",
    "يبحث مع نظيره", "ضبط أسلحة", "اشتباكات على أطراف", "اقرأ أيضا", "ترامب يزور",
)  # fmt: skip


def test_nothing_of_what_stands_beside_an_article_is_taken() -> None:
    paths = sorted(SOURCES.glob("*.html"))
    pages = "".join(path.read_text(encoding="cp1256" if path.stem == "sana" else "utf-8") for path in paths)
    text = "".join(item.text for item in read_articles(paths) if isinstance(item, Article))
    assert [phrase for phrase in BESIDE if phrase not in pages] == []
    assert [phrase for phrase in BESIDE if phrase in text] == []


def test_a_day_is_never_guessed_from_the_text(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.html"
    page = (SOURCES / "enabbaladi.html").read_text(encoding="utf-8")
    for told in ('<meta property="article:published_time" content="2018-02-13T15:04:05+00:00">',
                 '<meta property="article:modified_time" content="2018-02-14T08:00:00+00:00">',
                 '<time class="entry-date published" datetime="2018-02-13T15:04:05+00:00">13/02/2018</time>'):  # fmt: skip
        assert told in page
        page = page.replace(told, "")
    path.write_text(page, encoding="utf-8")
    assert article(path).published is None


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<html><body><ul><li><a href='/1'>خبر</a></li></ul></body></html>", "no main text"),
        ("", "no main text"),
        ("<html><head><title>404</title></head><body><h1>الصفحة غير موجودة</h1></body></html>", "no main text"),
    ],
)
def test_a_page_without_an_article_is_said_to_have_none(tmp_path: pathlib.Path, markup: str, reason: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(markup, encoding="utf-8")
    item = one(path)
    assert isinstance(item, Unreadable)
    assert reason in item.reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1256"])
def test_a_page_without_charset_is_read_as_any_text(tmp_path: pathlib.Path, encoding: str) -> None:
    page = (SOURCES / "enabbaladi.html").read_text(encoding="utf-8").replace('<meta charset="UTF-8">', "")
    path = tmp_path / "enabbaladi.html"
    path.write_bytes(page.encode(encoding))
    assert article(path) == article(SOURCES / "enabbaladi.html")


def test_a_saved_folder_gives_its_pages_and_not_their_frames(tmp_path: pathlib.Path) -> None:
    page = (SOURCES / "bbc.html").read_bytes()
    (tmp_path / "2018" / "a_files").mkdir(parents=True)
    (tmp_path / "2018" / "a.html").write_bytes(page)
    (tmp_path / "2018" / "a_files" / "advert.html").write_bytes(page)
    (tmp_path / "2018" / "style.css").write_text("", encoding="utf-8")
    assert [item.id for item in read_articles([tmp_path]) if isinstance(item, Article)] == ["2018/a"]


def test_an_rss_feed() -> None:
    found, empty = read_articles([SOURCES / "feed.rss"])
    assert found == Article(
        id="enabbaladi.net/archives/161000",
        text="وفد المعارضة يصل إلى أستانا\n\nوصل وفد المعارضة السورية المسلحة إلى أستانا للمشاركة في الجولة الخامسة.\n"
        "وقال مصدر في الوفد إن محمد علوش لن يشارك فيها.",
        title="وفد المعارضة يصل إلى أستانا",
        outlet="عنب بلدي",
        published=found.published if isinstance(found, Article) else None,
        url="https://www.enabbaladi.net/archives/161000?utm_source=rss",
    )
    assert str(found.published) == "2017-07-04"
    assert empty == Unreadable(f"{SOURCES / 'feed.rss'}, entry 2", "no text in it", empty.cause)  # type: ignore[union-attr]


def test_an_atom_feed() -> None:
    found = article(SOURCES / "feed.atom")
    assert (found.id, found.url, found.outlet) == (
        "baladi.example/news/7",
        "https://baladi.example/news/7",
        "بلدي نيوز",
    )
    assert found.title == "اختتام الجولة الخامسة دون اتفاق"
    assert str(found.published) == "2017-07-05"


def test_a_feed_that_is_cut_off_gives_what_it_has_and_says_so(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "feed.rss"
    whole = (SOURCES / "feed.rss").read_text(encoding="utf-8")
    path.write_text(whole[: whole.index("<title>بلا نص")], encoding="utf-8")
    broken, found, *_ = read_articles([path])
    assert isinstance(broken, Unreadable)
    assert "broken XML" in broken.reason
    assert isinstance(found, Article)
    assert found.id == "enabbaladi.net/archives/161000"


@pytest.mark.parametrize("content", ["<html><body>x</body></html>", "<a><b/></a>", "<rss><channel></channel></rss>"])
def test_what_is_no_feed_is_said_to_be_none(tmp_path: pathlib.Path, content: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(content, encoding="utf-8")
    item = one(path)
    assert isinstance(item, Unreadable)
    assert "feed" in item.reason
