"""What a query may take: a runaway one is stopped, the others go on, and its memory is the system's again."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from kg.folder import GraphFolder, write_text
from tests.serving import CLAIMS, Server, folder, serving

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def children(pid: int) -> list[int]:
    """The processes below a process."""
    below = [
        int(child)
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return below + [grandchild for child in below for grandchild in children(child)]


def memory(pid: int) -> int:
    """Bytes that a process and those below it take, shared ones counted once."""
    total = 0
    for process in (pid, *children(pid)):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            lines = pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def within(seconds: float, happens: Callable[[], bool]) -> bool:
    """Whether it happens in time."""
    until = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def timed(ask: Callable[[], object]) -> tuple[object, float]:
    began = time.monotonic()
    return ask(), time.monotonic() - began


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> GraphFolder:
    return folder(tmp_path_factory.mktemp("workers") / "graph")


@pytest.fixture(scope="module")
def server(graph: GraphFolder) -> Iterator[Server]:
    options = (
        "--seconds",
        "2",
        "--busy-seconds",
        "1",
        "--memory",
        "64",
        "--answer",
        "20",
        "--places",
        "3",
        "--patience",
        "2",
    )
    with serving(graph, *options) as running:
        yield running


def test_a_runaway_query_is_stopped_and_the_others_are_answered_meanwhile(server: Server) -> None:
    server.query("ASK {}")
    before, processes = memory(server.process.pid), len(children(server.process.pid))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        runaway = pool.submit(timed, lambda: server.query(RUNAWAY))
        time.sleep(0.3)
        answer, lasted = timed(lambda: server.query("ASK {}"))
        assert (answer.status, runaway.done()) == (200, False)  # type: ignore[attr-defined]
        assert lasted < 1
        stopped, took = runaway.result()
    assert stopped.status == 503  # type: ignore[attr-defined]
    assert "stopped after 2 s" in stopped.text  # type: ignore[attr-defined]
    assert stopped.headers["retry-after"] == "5"  # type: ignore[attr-defined]
    assert 2 <= took < 4
    assert within(2, lambda: len(children(server.process.pid)) <= processes + 1)
    assert memory(server.process.pid) < before + 20_000_000


def test_a_query_that_takes_too_much_memory_is_stopped(server: Server) -> None:
    before = memory(server.process.pid)
    answer = server.query(GREEDY)
    assert (answer.status, "more than the 64 MB of memory" in answer.text) == (422, True)
    assert server.query("ASK {}").status == 200
    assert within(2, lambda: memory(server.process.pid) < before + 20_000_000)


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_an_answer_is_whole_or_an_error(server: Server, form: str) -> None:
    for _ in range(5):
        answer = server.ask(f"/sparql?format={form}&query={ENDLESS.replace(' ', '%20')}")
        assert (answer.status, answer.media) in ((422, "text/plain"), (503, "text/plain"))
        if answer.status == 422:  # a busy machine may not get so far in the time that a query has
            break
    assert "larger than 20 MB" in answer.text


def test_while_others_wait_the_longest_has_to_go(graph: GraphFolder) -> None:
    with (
        serving(graph, "--seconds", "8", "--busy-seconds", "1", "--places", "3") as server,
        concurrent.futures.ThreadPoolExecutor(20) as pool,
    ):
        runaways = [pool.submit(server.query, RUNAWAY) for _ in range(3)]
        time.sleep(0.2)
        short = [pool.submit(timed, lambda: server.query("ASK {}")) for _ in range(10)]
        assert [answer.result()[0].status for answer in short] == [200] * 10  # type: ignore[attr-defined]
        assert max(answer.result()[1] for answer in short) < 8
        first = [answer.result() for answer in runaways]
        assert {answer.status for answer in first} == {503}
        assert any("because others wait" in answer.text for answer in first)


def test_what_nobody_waits_for_is_stopped(server: Server) -> None:
    head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    request = f"{head}Content-Length: {len(RUNAWAY)}\r\n\r\n"
    workers = set(children(server.process.pid))
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall((request + RUNAWAY).encode())
        assert within(2, lambda: busy(server) > 0)
    assert within(1.5, lambda: busy(server) == 0)
    assert server.query("ASK {}").status == 200
    assert workers


def busy(server: Server) -> int:
    """How many processes of the server are computing now."""
    states = []
    for pid in children(server.process.pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            states.append(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0])
    return states.count("R")


def test_clients_that_send_too_slowly_lose_their_connection(server: Server) -> None:
    for sent in (b"", b"GET /sparql HTTP/1.1\r\nHost: local"):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(sent)
            connection.settimeout(6)
            assert connection.recv(100) == b""


def test_clients_that_stop_in_the_body_are_told(server: Server) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 9\r\n\r\nAS"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head)
        connection.settimeout(6)
        assert connection.recv(100).startswith(b"HTTP/1.1 408 ")


def test_clients_that_take_nothing_lose_their_connection_and_hold_nobody_up(server: Server) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 30000"
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(
            f"GET /sparql?query={query.replace(' ', '%20')} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        )
        assert connection.recv(12) == b"HTTP/1.1 200"
        assert server.query("ASK {}").status == 200
        assert within(6, lambda: "LIMIT%2030000 200" in server.log.read_text())
        received = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    assert b"content-length: " in received
    assert len(received) < 10_000_000


def test_a_worker_can_open_nothing() -> None:
    code = """
import socket, sys
from kg.serve import worker
from kg.serve.limits import Limits
a, b = socket.socketpair()
kept = sys.stdout.fileno()
import os
report = os.dup(kept)
worker._fence(a, Limits())
spare = os.dup(a.fileno())
found = []
for attempt in (lambda: open("/etc/passwd"), lambda: socket.socket(), lambda: os.pipe(), lambda: os.dup(0)):
    try:
        attempt()
        found.append("opened")
    except OSError as error:
        found.append(error.errno)
os.write(report, repr(found).encode())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[24, 24, 24, 24]"


def test_the_engine_reaches_nothing_even_if_the_check_would_fail(graph: GraphFolder, tmp_path: pathlib.Path) -> None:
    """With the check taken away, SERVICE fails because a worker has no socket to give."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.5)
        port = trap.getsockname()[1]
        code = f"""
import os, pathlib, socket, tempfile
from kg.folder import GraphFolder, write_text
from kg.serve import engine, worker
from kg.serve.jobs import Job
from kg.serve.library import open_library
from kg.serve.limits import Limits
engine.check_read_only = lambda sparql: None
library = open_library(GraphFolder(pathlib.Path({str(graph.path)!r})), pathlib.Path({str(tmp_path)!r}))
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
if not os.fork():
    ours.close()
    worker.work(theirs, library, Limits())
    os._exit(0)
theirs.close()
ours.recv(99)
file = tempfile.TemporaryFile()
query = "SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
file.write(Job("query", {{"sparql": query, "wants": ["*/*"], "default": [], "named": []}}).encode())
file.seek(0)
socket.send_fds(ours, [b"!"], [file.fileno()])
print(ours.recv(9999).decode())
"""
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert json.loads(done.stdout)[0] != "done"
        with pytest.raises(TimeoutError):
            trap.accept()


# The life of the server


def count(server: Server) -> int:
    answer = server.query("SELECT (COUNT(*) AS ?n) { ?c a st:Claim }", accept="text/csv")
    return int(answer.text.split()[1])


def test_a_rebuild_is_noticed_and_a_damaged_one_is_not_taken(tmp_path: pathlib.Path) -> None:
    graph = folder(tmp_path / "graph", CLAIMS[:1])
    with serving(graph) as server:
        assert count(server) == 1
        processes = len(children(server.process.pid))
        folder(tmp_path / "graph")
        assert within(10, lambda: count(server) == len(CLAIMS))
        assert within(5, lambda: len(children(server.process.pid)) <= processes)
        with graph.change(), graph.next_version() as fresh:
            write_text(fresh / "kg.nq", "damaged")
            graph.manifest().write(fresh)
        assert within(10, lambda: "not loaded again" in server.log.read_text())
        assert count(server) == len(CLAIMS)


def test_a_lost_nursery_is_replaced(tmp_path: pathlib.Path) -> None:
    with serving(folder(tmp_path / "graph")) as server:
        (nursery,) = (pid for pid in children(server.process.pid) if b"kg.serve.nursery" in command_line(pid))
        os.kill(nursery, signal.SIGKILL)
        assert within(10, lambda: server.ask("/health").status == 200 and nursery not in children(server.process.pid))
        assert count(server) == len(CLAIMS)


def command_line(pid: int) -> bytes:
    return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order(tmp_path: pathlib.Path, number: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    with (
        serving(folder(tmp_path / "graph"), "--seconds", "2") as server,
        concurrent.futures.ThreadPoolExecutor() as pool,
    ):
        under_way = pool.submit(server.query, RUNAWAY)
        assert within(3, lambda: busy(server) > 0)
        below = children(server.process.pid)
        server.process.send_signal(number)
        assert under_way.result().status == 503
        assert server.process.wait(10) == 0
    assert not [pid for pid in below if pathlib.Path(f"/proc/{pid}").exists()]
    assert list(scratch.iterdir()) == []


def test_if_it_is_killed_nothing_stays_behind(tmp_path: pathlib.Path) -> None:
    graph = folder(tmp_path / "graph")
    command = [sys.executable, "-m", "kg", "serve", "--graph", str(graph.path), "--port", "0", "--seconds", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("pages")
        below = children(process.pid)
        process.kill()
    assert below
    assert within(5, lambda: not any(pathlib.Path(f"/proc/{pid}").exists() for pid in below))


def test_it_says_why_it_cannot_start(tmp_path: pathlib.Path) -> None:
    def start(*options: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "kg", "serve", *options], capture_output=True, text=True, timeout=30, check=False
        )
        return done.returncode, done.stderr

    code, said = start("--graph", str(tmp_path / "none"))
    assert (code, "kg: no graph in" in said) == (2, True)
    graph = folder(tmp_path / "graph")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = start("--graph", str(graph.path), "--port", port)
        assert (code, f"kg: cannot listen on 127.0.0.1, port {port}" in said) == (2, True)
    graph.nquads.write_text("damaged")
    code, said = start("--graph", str(graph.path), "--port", "0")
    assert (code, "cannot be loaded" in said) == (2, True)


def test_the_log_tells_every_request_on_one_line(server: Server) -> None:
    server.ask("/search?q=%D8%A7%0AGET%20/forged")
    server.ask("/id/nothing-here")
    lines = _accesses(server, until="GET /id/nothing-here 404")
    assert any("GET /search?q=%D8%A7%0AGET%20/forged 200" in line for line in lines)
    assert not [line for line in lines if line.startswith("GET")]


def _accesses(server: Server, until: str) -> list[str]:
    """The lines of the access log up to a wanted one, which is written after its answer is sent."""
    for _ in range(100):
        lines = [line for line in server.log.read_text(encoding="utf-8").splitlines() if "kg.serve.access" in line]
        if any(until in line for line in lines):
            return lines
        time.sleep(0.05)
    pytest.fail(f"no line of {until}")


def test_health(server: Server) -> None:
    answer = server.ask("/health")
    found = json.loads(answer.body)
    assert (answer.status, found["status"]) == (200, "ok")
    assert found["quads"] > 50
