"""A real Ray cluster for tests: processes of their own, in namespaces that have only loopback and that end with the test."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

ROOT = pathlib.Path(__file__).parent.parent
HEAD = "127.0.0.1:6401"
_NAMESPACES = ("--map-root-user", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
_SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "for-this-test-alone-0123456789abcdef",
    "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore",
    "RAY_task_oom_retry_delay_base_ms": "10",
}  # fmt: skip


class Cluster:
    """Nodes with one core each, at 127.0.0.2 and so on; the head at 127.0.0.1 only holds them together."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._space = subprocess.Popen(
            ["unshare", *_NAMESPACES, "sh", "-c", "ip link set lo up && echo ready && cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._space.stdout
        if self._space.stdout.readline() != "ready\n":
            self.close()
            raise OSError("no namespaces of one's own on this machine (unshare --map-root-user --net --pid)")
        (self.first,) = _children(self._space.pid)
        self._nodes: set[int] = set()

    def close(self) -> None:
        """End every process of the cluster, and of what ran on it."""
        self._space.kill()
        self._space.communicate()

    def command(self, *arguments: str | pathlib.Path, **environment: str) -> list[str]:
        """A command line that runs another one inside."""
        settings = (f"{name}={value}" for name, value in {**_SETTINGS, **environment}.items())
        target = f"--target={self.first}"
        enter = ["nsenter", target, "--user", "--net", "--pid", "--mount", "--preserve-credentials", "env", *settings]
        return [*enter, *map(str, arguments)]

    def run(self, *arguments: str | pathlib.Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command inside, to its end."""
        command = self.command(*arguments, **environment)
        return subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)

    def become(self, *nodes: int) -> None:
        """Have exactly these nodes, besides the head: kill the others, and start those that are missing."""
        self.kill(*self._nodes - {*nodes})
        self.start(*{*nodes} - self._nodes)

    def start(self, *numbers: int, **environment: str) -> None:
        """Start nodes, all at once; 1 is the head, and must be there before the others."""
        started = [subprocess.Popen(self._start(n, environment), stdout=subprocess.PIPE, text=True) for n in numbers]
        for process in started:
            output, _ = process.communicate(timeout=300)
            assert process.returncode == 0, output
        self._nodes |= {*numbers} - {1}

    def _start(self, number: int, environment: dict[str, str]) -> list[str]:
        role = ["--head", "--port=6401", "--include-dashboard=false"] if number == 1 else [f"--address={HEAD}"]
        return self.command(
            sys.executable, "-m", "ray.scripts.scripts", "start", *role, "--disable-usage-stats",
            f"--num-cpus={int(number > 1)}", f"--node-ip-address=127.0.0.{number}", f"--temp-dir={self._folder}/{number}",
            "--object-store-memory=80000000", **environment,
        )  # fmt: skip

    def kill(self, *numbers: int) -> None:
        """Kill nodes with all their workers, as if their machines had lost power."""
        for number in numbers:
            (raylet,) = (pid for pid in processes() if _runs(pid, "/raylet", f"={self._folder}/{number}/"))
            for process in (raylet, *_children(raylet)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        self._nodes -= {*numbers}


def processes() -> list[int]:
    """The number of every process on this machine."""
    return [int(path.name) for path in pathlib.Path("/proc").iterdir() if path.name.isdecimal()]


def told(pid: int, name: str) -> str:
    """What the system tells about a process; nothing if it has ended."""
    try:
        return pathlib.Path("/proc", str(pid), name).read_text(errors="replace")
    except OSError:
        return ""


def _runs(pid: int, program: str, argument: str) -> bool:
    path, _, arguments = told(pid, "cmdline").partition("\0")
    return path.endswith(program) and argument in arguments


def _children(pid: int) -> list[int]:
    return [one for one in processes() if told(one, "stat").rpartition(")")[2].split()[1:2] == [str(pid)]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that has only its head yet. Where there can be none, the test is left out, or fails where it must not be."""
    try:
        import ray  # noqa: F401

        made = Cluster(tmp_path_factory.mktemp("ray"))
    except (ImportError, OSError) as error:
        if os.environ.get("KG_REQUIRE_RAY") == "1":
            pytest.fail(f"no Ray cluster here ({error}), and KG_REQUIRE_RAY=1 says that it must be tested")
        pytest.skip(f"LEFT OUT: no Ray cluster here ({error})")
    with contextlib.closing(made):
        made.start(1)
        yield made
