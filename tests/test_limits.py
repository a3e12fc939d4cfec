"""An article that takes too long is named and left out; the run goes on, and the limit is processor time alone."""

from __future__ import annotations

import re
import threading
import time

import pytest

from kg import limits, stages
from kg.engine import Task, Worker
from kg.errors import LimitError
from kg.limits import processor_seconds
from kg.link import link
from kg.model import Document, Reading
from kg.records import annotation_record, article_record, pack, unpack
from tests.factory import document


def spin() -> None:
    while True:
        pass


def test_work_without_end_is_stopped() -> None:
    with pytest.raises(LimitError) as caught, processor_seconds(0.1, "the article"):
        spin()
    assert str(caught.value).startswith("the article took more than 0.1 seconds of processor time")


def test_a_regex_that_backtracks_without_end_is_stopped() -> None:
    with pytest.raises(LimitError), processor_seconds(0.1, "the article"):
        re.match("(a+)+$", "a" * 64 + "b")


def test_waiting_is_no_work_and_the_clock_stands_still_behind() -> None:
    with processor_seconds(0.05, "the article"):
        time.sleep(0.2)
    begun = time.process_time()
    while time.process_time() - begun < 0.2:
        pass


def test_another_thread_is_not_stopped() -> None:
    def work() -> None:
        with processor_seconds(0.001, "the article"):
            sum(range(10**6))
        done.append(True)

    done: list[bool] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done


def test_the_run_goes_on_without_the_article(monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(given: Document) -> Reading:
        if "بلا نهاية" in given.article.text:
            spin()
        return link(given)

    texts = ("قصفت روسيا مدينة إدلب.", "خبر بلا نهاية.", "قصفت تركيا مدينة عفرين.")
    made = [document(text, name=str(number)) for number, text in enumerate(texts)]
    tasks = [Task(one.article.id, pack(article_record(one.article)), pack(annotation_record(one))) for one in made]
    stages.claims_of(made[0])  # the tables are loaded
    first, *rest = stages.AFTER_ANNOTATION
    monkeypatch.setattr(stages, "AFTER_ANNOTATION", (stages.Stage(first.name, first.needs, first.gives, slowly), *rest))
    monkeypatch.setattr(stages, "ARTICLE_SECONDS", 0.5)
    results = Worker("by hand")(tasks)
    assert [result.problem.partition(";")[0] for result in results] == [
        "", "looking for claims took more than 0.5 seconds of processor time", "",
    ]  # fmt: skip
    assert [len(unpack(result.claims)) for result in (results[0], results[2])] == [1, 1]


def test_ordinary_articles_are_far_from_the_limit() -> None:
    text = "قالت وزارة الخارجية الروسية إن وفد المعارضة السورية شارك في الجولة الخامسة من محادثات أستانا يوم 5 تموز. "
    begun = time.process_time()
    stages.claims_of(document(text * 20, published="2017-07-05"))
    assert time.process_time() - begun < limits.ARTICLE_SECONDS / 10
