"""The work on a real Ray cluster of several nodes, some of which die: the same bytes as on one machine."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys

import pytest

from kg.annotate import EMBEDDED
from kg.engine import Local, Task
from kg.engine.ray import LARGEST, TOGETHER, Installation, OnRay, _batches
from kg.errors import EngineError
from kg.folder import TEXTS
from kg.resources import PACKAGE, folder
from tests.conftest import SEEDS, run
from tests.ray_cluster import HEAD, Cluster, cluster
from tests.ray_run import articles, lines

__all__ = ["cluster"]

RUN = (sys.executable, "-m", "tests.ray_run", HEAD)


@pytest.mark.ray
@pytest.mark.model
def test_a_cluster_builds_the_same_graph(cluster: Cluster, tmp_path: pathlib.Path) -> None:
    """In a project too, whose tables every node can read."""
    run("init", tmp_path / "project")
    rebuild = (sys.executable, "-m", "kg", "--project", tmp_path / "project", "rebuild", SEEDS, "--graph")
    cluster.become(2, 3)
    done = cluster.run(*rebuild, tmp_path / "cluster", "--engine", "ray", "--address", HEAD)
    assert done.returncode == 0, done.stderr
    assert "5 articles (5 annotated now)" in done.stdout
    assert cluster.run(*rebuild, tmp_path / "local").returncode == 0
    for name in TEXTS:
        assert (tmp_path / "cluster" / name).read_bytes() == (tmp_path / "local" / name).read_bytes(), name


@pytest.mark.ray
@pytest.mark.model
def test_all_nodes_die_and_another_joins(cluster: Cluster) -> None:
    """In the middle of a run: what was under way is done again, and the results are those of one machine."""
    cluster.become(2, 3)
    with subprocess.Popen(cluster.command(*RUN), stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        first = next(line for line in running.stdout if line.startswith("a-"))
        cluster.kill(2, 3)
        cluster.start(4)
        found = [first, *(line for line in running.stdout if line.startswith("a-"))]
    assert running.returncode == 0
    assert len(found) == len(articles())
    assert sorted(found) == sorted(lines(Local(EMBEDDED, processes=1)))


@pytest.fixture
def other(tmp_path: pathlib.Path) -> pathlib.Path:
    """This program with one more line in a seed table."""
    shutil.copytree(
        PACKAGE, tmp_path / "kg", ignore=shutil.ignore_patterns("models", "seeds", "ontology", "__pycache__")
    )
    shutil.copytree(folder("seeds"), tmp_path / "kg" / "seeds")
    for name in ("models", "ontology"):
        (tmp_path / "kg" / name).symlink_to(folder(name))
    with (tmp_path / "kg" / "seeds" / "places.tsv").open("a", encoding="utf-8") as table:
        table.write("\n")
    return tmp_path


@pytest.mark.ray
def test_a_node_with_other_tables_is_refused(cluster: Cluster, other: pathlib.Path) -> None:
    cluster.become(4)
    cluster.start(5, PYTHONPATH=str(other))
    done = cluster.run(*RUN)
    assert done.returncode == 1
    assert "cannot take part: it has other files of kg or other tables" in done.stderr


@pytest.mark.ray
def test_a_cluster_without_nodes_is_not_waited_for_forever(cluster: Cluster) -> None:
    cluster.become()
    done = cluster.run(*RUN, "1", "3")
    assert "for 3 seconds the cluster has had no node with a core and 1.2 GB of memory" in done.stderr


@pytest.mark.ray
def test_articles_that_kill_every_worker_are_told(cluster: Cluster) -> None:
    cluster.become()
    cluster.start(6, RAY_memory_usage_threshold="0.01", RAY_memory_monitor_refresh_ms="50")
    done = cluster.run(*RUN, "2")
    assert "did not get through one article: the node had too little memory for it" in done.stderr


@pytest.mark.ray
def test_what_keeps_it_from_a_cluster_is_told(cluster: Cluster) -> None:
    older = (
        "import ray; ray.__version__ = '2.9.0'; import runpy; runpy.run_module('tests.ray_run', run_name='__main__')"
    )
    assert "Ray: 2.9.0" in cluster.run(sys.executable, "-c", older, HEAD).stderr
    stranger = cluster.run(*RUN, RAY_AUTH_TOKEN="another-token-0123456789abcdefgh")  # noqa: S106
    assert "does not take this machine: Failed to connect" in stranger.stderr
    assert "RAY_AUTH_TOKEN" in stranger.stderr


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("127.0.0.1:9", "no Ray cluster answers at 127.0.0.1:9"),
        ("127.0.0.1:99999", "no Ray cluster answers at 127.0.0.1:99999"),
        ("nowhere", "'nowhere' is not the HOST:PORT of a Ray cluster's head"),
        ("", "name it with --address"),
    ],
)
def test_an_address_where_no_cluster_is(address: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray")
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with pytest.raises(EngineError, match=message):
        list(OnRay(EMBEDDED, address).run([]))


def test_without_ray_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(EngineError, match=r"pip install 'kg\[ray\]'"):
        list(OnRay(EMBEDDED, "127.0.0.1:6379").run([]))


def test_installations_that_differ() -> None:
    here = Installation.here(EMBEDDED)
    assert not here.unlike(here)
    other = Installation("0", "official-0", tuple(f"{package}.9" for package in here.packages))
    assert "torch" in other.unlike(here)
    assert "other files of kg" in other.unlike(here)
    assert "the model official-0, not embedded-" in other.unlike(here)


def test_batches_are_bounded_in_number_and_size() -> None:
    small, large = Task("s", b"x"), Task("l", b"x" * LARGEST)
    sizes = [len(batch) for batch in _batches([small] * (TOGETHER + 1) + [large] * 2 + [small])]
    assert sizes == [TOGETHER, 2, 1, 1]


def test_an_address_needs_the_engine() -> None:
    assert "it needs --engine ray" in run("rebuild", SEEDS, "--address", HEAD, code=2).stderr
