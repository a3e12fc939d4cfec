"""The local engine: processes give what one process gives, and what dies is made up for."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence

import pytest

from kg import annotate, pipeline, stages
from kg.engine import Local, Task, Worker, local
from kg.errors import ModelError
from kg.folder import GraphFolder
from kg.kept import Result
from kg.model import Article
from kg.read import read_articles
from kg.records import article_record, pack, unpack
from tests.by_hand import by_hand, files, write_articles  # noqa: F401
from tests.conftest import SEEDS

ROOT = pathlib.Path(__file__).parent.parent


def task(article: Article) -> Task:
    return Task(article.fingerprint, pack(article_record(article)))


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    """The paragraphs of the seed articles, each as an article of its own."""
    found = [article for article in read_articles([SEEDS]) if isinstance(article, Article)]
    texts = [line for article in found for line in article.text.splitlines() if len(line) > 100]
    return [task(Article(f"p{number}", text)) for number, text in enumerate(texts[:12])]


@pytest.fixture(scope="module")
def expected(tasks: list[Task]) -> dict[str, Result]:
    """What one process finds in them."""
    return {result.key: result for result in Worker(annotate.EMBEDDED)(tasks)}


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two articles are many, and are sent at once."""
    monkeypatch.setattr(local, "FEW", 1)
    monkeypatch.setattr(local, "TOGETHER", 2)


def by_key(batches: Iterator[Sequence[Result]]) -> dict[str, Result]:
    return {result.key: result for batch in batches for result in batch}


@pytest.mark.model
def test_what_the_seeds_say_is_not_nothing(expected: dict[str, Result]) -> None:
    assert not any(result.problem for result in expected.values())
    assert sum(len(unpack(result.claims)) for result in expected.values()) > 5


@pytest.mark.model
@pytest.mark.usefixtures("many")
def test_processes_find_what_one_process_finds(tasks: list[Task], expected: dict[str, Result]) -> None:
    before = set(multiprocessing.active_children())
    assert by_key(Local(annotate.EMBEDDED, 2).run(iter(tasks))) == expected
    until = time.monotonic() + 10  # a thread of the pool may still be noting that they have ended
    while set(multiprocessing.active_children()) - before and time.monotonic() < until:
        time.sleep(0.05)
    assert not set(multiprocessing.active_children()) - before


@pytest.mark.model
@pytest.mark.usefixtures("many")
def test_a_killed_worker_loses_nothing(tasks: list[Task], expected: dict[str, Result]) -> None:
    running = Local(annotate.EMBEDDED, 2).run(iter(tasks))
    found = {result.key: result for result in next(running)}
    os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGKILL)
    assert {**found, **by_key(running)} == expected


@contextlib.contextmanager
def killing(until: threading.Event) -> Iterator[None]:
    """Every process that this one starts is killed at once, until the event."""

    def kill() -> None:
        while not until.wait(0.02):
            for process in multiprocessing.active_children():
                process.kill()

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        until.set()
        thread.join()


@pytest.mark.model
@pytest.mark.usefixtures("many")
def test_an_article_whose_worker_dies_again_is_left_out(tasks: list[Task], expected: dict[str, Result]) -> None:
    enough = threading.Event()
    found: dict[str, Result] = {}
    with killing(enough):
        for batch in Local(annotate.EMBEDDED, 2).run(iter(tasks[:4])):
            found |= {result.key: result for result in batch}
            enough.set()
    lost = [result for result in found.values() if result.problem]
    assert [result.problem for result in lost] == [
        "the process that worked on it died, twice; it may need too much memory"
    ]
    assert {**found, lost[0].key: expected[lost[0].key]} == {task.key: expected[task.key] for task in tasks[:4]}


@pytest.mark.usefixtures("many")
def test_a_model_that_is_missing_is_told_from_the_worker(tasks: list[Task], tmp_path: pathlib.Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        list(Local(str(tmp_path / "nowhere"), 2).run(iter(tasks)))


def test_tasks_are_taken_only_as_they_are_worked_on(tasks: list[Task], by_hand: None) -> None:  # noqa: ARG001, F811
    taken = []

    def coming() -> Iterator[Task]:
        for number in range(500):
            taken.append(number)
            yield tasks[number % len(tasks)]

    running = Local(annotate.EMBEDDED, 1).run(coming())
    next(running)
    assert len(taken) <= local.FEW + 2
    assert sum(map(len, running)) == 499


def test_what_goes_wrong_with_an_article_leaves_the_others(
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    by_hand: None,  # noqa: ARG001, F811
) -> None:
    def fragile(document: object) -> object:
        if "إدلب" in document.article.text:  # type: ignore[attr-defined]
            raise RecursionError("too deep")
        return stages.claims_of(document)  # type: ignore[arg-type]

    monkeypatch.setattr("kg.engine.work.claims_of", fragile)
    folder = GraphFolder(tmp_path / "graph")
    sources = write_articles(tmp_path / "articles", {"a1": "قصفت روسيا مدينة إدلب.", "a2": "التقت تركيا روسيا."})
    summary = pipeline.rebuild([sources], folder)
    (left_out,) = summary.unreadable
    assert (left_out.path, summary.articles) == ("a1", 1)
    assert left_out.reason.startswith("RecursionError: too deep, in ")


def test_a_worker_ends_with_its_parent() -> None:
    code = (
        "import time; from kg.engine.local import _Processes\n"
        "if __name__ == '__main__':\n"
        "    processes = _Processes('embedded', 1); processes._pool.submit(time.sleep, 60); time.sleep(1.5)\n"
        "    print(*processes._pool._processes, flush=True); time.sleep(60)\n"
    )
    script = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    with script:
        assert script.stdout
        worker = int(script.stdout.readline())
        script.kill()
    until = time.monotonic() + 30
    while time.monotonic() < until and running(worker):
        time.sleep(0.1)
    assert not running(worker)


def running(process: int) -> bool:
    """Whether a process is there and is not only waiting to be buried."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.model
@pytest.mark.usefixtures("many")
def test_one_process_or_two_and_any_order_of_the_files_give_the_same_bytes(
    tmp_path: pathlib.Path, graph: pathlib.Path
) -> None:
    folder = GraphFolder(tmp_path / "graph")
    sources = sorted(SEEDS.glob("*.txt"), reverse=True)
    pipeline.rebuild(sources, folder, engine=Local(annotate.EMBEDDED, 2))
    assert files(folder.path) == files(graph)
