"""Changing a graph: incremental is a rebuild, byte for byte; a killed run leaves nothing half-done; two runs do not mix."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import pipeline, stages
from kg.errors import GraphError
from kg.folder import GraphFolder
from kg.model import Claim, Document
from kg.relate import triggers
from tests.by_hand import by_hand, files, install, write_articles  # noqa: F401
from tests.conftest import run
from tests.other_rules import the_table_comes_back, use  # noqa: F401

pytestmark = pytest.mark.usefixtures("by_hand")

TEXTS = [
    "قصفت روسيا مدينة إدلب.",
    "لم تقصف روسيا مدينة إدلب.",
    "التقى كنان الشهابي سيرغي لافروف. واتهمت المعارضة السورية روسيا بقصف إدلب.",
    "التقى مارتون هاوزر سيرغي لافروف.",
    "التقى مارتن هوزر سيرغي لافروف. وانطلقت الجولة الخامسة من محادثات أستانا في 4 يوليو 2017.",
    "",
]
NAMES = ["a1", "a2", "b1", "مقال"]
CHANGES = st.lists(
    st.tuples(st.sampled_from(["put", "remove", "again"]), st.sampled_from(NAMES), st.integers(0, len(TEXTS) - 1)),
    min_size=1,
    max_size=4,
)


def rebuilt(articles: dict[str, str], place: pathlib.Path) -> dict[str, bytes]:
    """The files of a graph made from scratch."""
    pipeline.rebuild([write_articles(place / "articles", articles)], GraphFolder(place / "graph"))
    return files(place / "graph")


@given(CHANGES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changes_one_by_one_are_a_rebuild(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, str, int]]
) -> None:
    place = tmp_path_factory.mktemp("changes")
    folder, now = GraphFolder(place / "graph"), {"a1": TEXTS[0]}
    pipeline.rebuild([write_articles(place / "articles", now)], folder)
    for change, name, text in changes:
        if change == "put":
            now[name] = TEXTS[text] or "نص بلا أسماء."
            pipeline.add([write_articles(place / "new", {name: now[name]}) / f"{name}.txt"], folder)
        elif change == "remove" and name in now and len(now) > 1:
            del now[name]
            pipeline.remove([name], folder)
        else:
            pipeline.rebuild([], folder)
    assert files(folder.path) == rebuilt(now, place / "scratch")
    assert tables(folder) == [len(now)] * 3
    assert dump(folder.store) == sorted(folder.nquads.read_text(encoding="utf-8").splitlines())
    shutil.rmtree(place)


def tables(folder: GraphFolder) -> list[int]:
    """How many articles, annotations and sets of claims are kept."""
    with contextlib.closing(sqlite3.connect(folder.path / "kept.db")) as rows:
        counts = rows.execute(
            "SELECT (SELECT COUNT(*) FROM articles), (SELECT COUNT(*) FROM annotations), (SELECT COUNT(*) FROM claims)"
        )
        return list(counts.fetchone())


def dump(store: pathlib.Path) -> list[str]:
    """All quads of a store on disk."""
    text = pyoxigraph.Store.read_only(str(store)).dump(format=pyoxigraph.RdfFormat.N_QUADS)
    return sorted((text or b"").decode().splitlines())


def related(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of articles in which claims are looked for from now on."""
    read: list[str] = []
    real = stages.claims_of

    def watched(document: Document) -> tuple[Claim, ...]:
        read.append(document.article.id)
        return real(document)

    monkeypatch.setattr("kg.engine.work.claims_of", watched)
    return read


def test_adding_touches_only_what_is_new(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = GraphFolder(tmp_path / "graph")
    pipeline.rebuild([write_articles(tmp_path / "articles", {f"a{n}": TEXTS[n] for n in range(4)})], folder)
    read = related(monkeypatch)
    summary = pipeline.add([write_articles(tmp_path / "new", {"b1": TEXTS[4], "a0": TEXTS[2]})], folder)
    assert (summary.articles, summary.annotated) == (5, 2)
    assert sorted(read) == ["a0", "b1"]


@pytest.mark.usefixtures("the_table_comes_back")
def test_another_trigger_touches_only_articles_with_its_words(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = {f"a{n}": TEXTS[n] for n in range(4)}
    rows = triggers.rules()
    folder, before = GraphFolder(tmp_path / "graph"), rebuilt(articles, tmp_path)
    read = related(monkeypatch)
    use(monkeypatch, [row for row in rows if row.rule != "accused.accuse"])
    pipeline.rebuild([], folder)
    assert read == ["a2"]
    without = files(folder.path)
    assert without != before
    assert tables(folder) == [len(articles)] * 3
    assert without == rebuilt(articles, tmp_path / "scratch")
    read.clear()
    use(monkeypatch, rows)
    pipeline.rebuild([], folder)
    assert (read, files(folder.path)) == (["a2"], before)
    read.clear()
    use(monkeypatch, rows[::-1])
    pipeline.rebuild([], folder)
    assert sorted(read) == sorted(articles)


def test_a_graph_that_did_not_change_is_not_switched(tmp_path: pathlib.Path) -> None:
    folder = GraphFolder(tmp_path / "graph")
    rebuilt({"a1": TEXTS[0]}, tmp_path)
    version = (folder.path / "current").resolve()
    pipeline.rebuild([], folder)
    assert (folder.path / "current").resolve() == version
    assert len(list((folder.path / "versions").iterdir())) == 1


def test_what_was_damaged_by_hand_is_made_again(tmp_path: pathlib.Path) -> None:
    good = rebuilt({"a1": TEXTS[0]}, tmp_path)
    folder = GraphFolder(tmp_path / "graph")
    folder.nquads.resolve().write_text("spoilt\n", encoding="utf-8")
    pipeline.rebuild([], folder)
    assert files(folder.path) == good


def test_a_copied_folder_and_one_with_plain_files_can_be_rebuilt(tmp_path: pathlib.Path) -> None:
    good = rebuilt({"a1": TEXTS[0]}, tmp_path)
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "graph", copy)
    assert not (copy / "kg.nq").is_symlink()
    pipeline.rebuild([], GraphFolder(copy))
    assert files(copy) == good
    assert (copy / "kg.nq").is_symlink()
    assert (copy / "store").is_symlink()


ROOT = pathlib.Path(__file__).parent.parent
REBUILD = "from tests.by_hand import install; install(); import sys; from kg.cli import main; main(sys.argv[1:])"
SURROUNDINGS = [
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "4294967295", "LC_ALL": "ar_SY.UTF-8", "LANGUAGE": "ar", "TZ": "America/Los_Angeles"},
    {"PYTHONHASHSEED": "77", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Damascus", "OMP_NUM_THREADS": "2"},
]


def test_hash_seeds_locales_and_time_zones_change_nothing(tmp_path: pathlib.Path) -> None:
    texts = {name: "\n".join(TEXTS) + f"\nانعقد اللقاء أمس {name}." for name in NAMES}
    expected = rebuilt(texts, tmp_path)
    started_ones = [
        subprocess.Popen(
            [sys.executable, "-c", REBUILD, "rebuild", tmp_path / "articles", "--graph", tmp_path / f"graph{n}"],
            env={**os.environ, "PYTHONPATH": str(ROOT), **surrounding},
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
        )
        for n, surrounding in enumerate(SURROUNDINGS)
    ]
    assert [process.wait() for process in started_ones] == [0] * len(SURROUNDINGS)
    for n, surrounding in enumerate(SURROUNDINGS):
        assert files(tmp_path / f"graph{n}") == expected, surrounding


# ---- one set of files


def whole(graph: pathlib.Path) -> bool:
    """Whether a reader who comes now sees one graph, all of it, or none; the sets of files that may be seen differ in all."""
    current = graph / "current"
    try:
        version = current.resolve(strict=True)
    except FileNotFoundError:
        return not (graph / "kg.nq").exists() and not (graph / "manifest.json").exists()
    quads = (version / "kg.nq").read_text(encoding="utf-8").splitlines()
    trig = pyoxigraph.Store()
    trig.load(path=str(version / "kg.trig"), format=pyoxigraph.RdfFormat.TRIG)
    complete = (version / "page.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    return complete and len(trig) == len(quads) == len(dump(version / "store")) and (version / "manifest.json").exists()


def changing(sources: pathlib.Path, graph: pathlib.Path) -> None:
    """A rebuild in a process of its own."""
    install()
    pipeline.rebuild([sources], GraphFolder(graph))


@contextlib.contextmanager
def started(sources: pathlib.Path, graph: pathlib.Path) -> Iterator[multiprocessing.process.BaseProcess]:
    """A rebuild that runs beside this process, forked from one that has loaded everything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["kg.pipeline", "kg.page", "kg.link", "kg.relate", "datasketch", "tests.test_changes"]
    )
    process = context.Process(target=changing, args=(sources, graph))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def test_killed_at_fifty_moments_nothing_half_written_is_seen(tmp_path: pathlib.Path) -> None:
    first = {f"a{n}": TEXTS[n % 5] for n in range(3)}
    second = {f"a{n}": TEXTS[(n + 1) % 5] for n in range(1, 6)}
    expected = [rebuilt(texts, tmp_path / name) for name, texts in (("first", first), ("second", second))]
    sources = [tmp_path / name / "articles" for name in ("first", "second")]
    graph = tmp_path / "graph"
    with started(sources[0], graph) as process:
        process.join()
    before = time.perf_counter()
    with started(sources[1], graph) as process:
        process.join()
    duration = time.perf_counter() - before
    seen, states = random.Random(1), set()
    for turn in range(50):
        with started(sources[turn % 2], graph) as process:
            process.join(seen.uniform(0, 1.5 * duration))
            process.kill()
            process.join()
        assert whole(graph), turn
        states.add(expected.index(files(graph)))
    assert states == {0, 1}
    for turn in range(2):
        pipeline.rebuild([sources[turn]], GraphFolder(graph))
        assert files(graph) == expected[turn]
        assert not [path for path in graph.rglob(".*") if path.name != ".lock"]


def test_a_first_rebuild_that_is_killed_is_no_graph_or_a_whole_one(tmp_path: pathlib.Path) -> None:
    expected = rebuilt({"a1": TEXTS[0]}, tmp_path / "good")
    moments = random.Random(2)
    for turn in range(8):
        graph = tmp_path / f"graph{turn}"
        with started(tmp_path / "good" / "articles", graph) as process:
            process.join(moments.uniform(0.05, 0.5))
        assert not graph.exists() or whole(graph)
        pipeline.rebuild([tmp_path / "good" / "articles"], GraphFolder(graph))
        assert files(graph) == expected


def test_readers_during_changes_see_whole_graphs(tmp_path: pathlib.Path) -> None:
    sources = [write_articles(tmp_path / f"s{n}", {"a1": TEXTS[n]}) for n in range(2)]
    graph = tmp_path / "graph"
    pipeline.rebuild([sources[0]], GraphFolder(graph))
    for turn in range(4):
        with started(sources[(turn + 1) % 2], graph) as process:
            while process.is_alive():
                assert whole(graph)


# ---- one run at a time


def hold(graph: pathlib.Path, ready: pathlib.Path) -> None:
    """Hold a folder until killed."""
    with GraphFolder(graph).change():
        ready.touch()
        time.sleep(60)


def test_a_second_run_is_refused_and_a_dead_one_holds_nothing(tmp_path: pathlib.Path) -> None:
    good = rebuilt({"a1": TEXTS[0]}, tmp_path)
    graph, ready = tmp_path / "graph", tmp_path / "ready"
    holder = multiprocessing.get_context("forkserver").Process(target=hold, args=(graph, ready))
    holder.start()
    while not ready.exists():
        time.sleep(0.01)
    for command in (("rebuild",), ("add", tmp_path / "articles"), ("remove", "a1"), ("merge", "russia", "idlib")):
        message = run(*command, "--graph", graph, code=2).stderr
        assert f"{graph} is being changed by another run of kg; wait until it has ended" in message, command
    assert run("query", "attacks", "--graph", graph).output  # readers are let in
    holder.kill()
    holder.join()
    run("rebuild", "--graph", graph)
    assert files(graph) == good


# ---- a full disk


def test_a_file_that_cannot_be_written_leaves_the_old_graph(tmp_path: pathlib.Path) -> None:
    """As on a full disk or over a quota: no file may grow beyond 20 kB, in a process of its own."""
    good = rebuilt({"a1": TEXTS[0]}, tmp_path)
    more = write_articles(tmp_path / "more", {"a2": TEXTS[1] * 50})
    code = (
        "import resource, signal, sys; from tests.by_hand import install; install();"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000));"
        "from kg.cli import main; main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, "add", str(more), "--graph", str(tmp_path / "graph")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2, done.stderr
    assert "written (" in done.stderr
    assert "the graph is as it was" in done.stderr
    assert files(tmp_path / "graph") == good
    assert whole(tmp_path / "graph")
    pipeline.add([more], GraphFolder(tmp_path / "graph"))
    assert files(tmp_path / "graph") != good


@pytest.fixture
def small_disk(tmp_path: pathlib.Path) -> Iterator[pathlib.Path]:
    """A file system of one megabyte."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting needs root")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_leaves_the_old_graph(small_disk: pathlib.Path, tmp_path: pathlib.Path) -> None:
    folder = GraphFolder(small_disk / "graph")
    pipeline.rebuild([write_articles(tmp_path / "articles", {"a1": TEXTS[0]})], folder)
    good = files(folder.path)
    more = write_articles(tmp_path / "more", {f"a{n}": TEXTS[n % 5] * 20 for n in range(60)})
    with pytest.raises(GraphError, match=r"cannot be (read or )?written") as caught:
        pipeline.rebuild([more], folder)
    assert "the graph is as it was" in str(caught.value)
    assert files(folder.path) == good
    assert whole(folder.path)
