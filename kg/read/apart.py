"""Reading in a process of its own, which can be ended: pages, PDF files, workbooks, feeds and archives are hostile until read.

The process is started when the first such file comes, and again behind an article that ended it. Nothing that it says is
trusted beyond being articles.
"""

from __future__ import annotations

import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from kg.errors import ReadError
from kg.read import limits
from kg.read.items import Item, Options, Unreadable
from kg.read.wire import from_wire
from kg.resources import PACKAGE

_LONGEST_REPLY = 64 * 2**20
_ENDED = {
    signal.SIGPROF: "took too long to read",
    signal.SIGKILL: "the system ended its reader, probably for want of memory",
    signal.SIGXFSZ: "its reader tried to write a file, which it may not",
}


class _EndedError(Exception):
    """The process is no more, and why."""


class Apart:
    """A process that reads. Use it with ``with``: then it ends with the block."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def read(
        self, file: pathlib.Path, options: Options, *, path: str, name: str, url: str = "", media: str = ""
    ) -> Iterator[Item]:
        """What a file gives. What ends the process is named, and the reading goes on behind it."""
        request = {
            "file": str(file.absolute()), "path": path, "name": name, "url": url, "media": media,
            "columns": dict(options.columns), "format": options.format, "seconds": limits.SECONDS,
        }  # fmt: skip
        begun, here = 0, path
        for _ in range(limits.MOST_RESTARTS):
            skip = begun
            try:
                for told in self._ask(request | {"skip": skip}):
                    if isinstance(told, str):
                        begun, here = begun + 1, told
                    else:
                        yield told
                return
            except _EndedError as ended:
                yield Unreadable(here if begun > skip else path, str(ended))
            if begun == skip:
                return
        yield Unreadable(path, f"{limits.MOST_RESTARTS} things in it ended their reader; the rest is not read")

    def end(self) -> None:
        """End the process, if there is one."""
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    pipe.close()
        self._process = None
        self._buffer.clear()

    def _ask(self, request: dict[str, Any]) -> Iterator[Item | str]:
        """What the process finds; before each thing in the file, how that is called."""
        process = self._process = self._process or _start()
        finished = False
        try:
            self._send(process, json.dumps(request).encode() + b"\n")
            while not finished:
                reply = json.loads(self._line(process))
                finished = "end" in reply
                if not finished:
                    yield str(reply["begin"]) if "begin" in reply else from_wire(reply)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ReadError) as error:
            raise _EndedError("its reader said what is no answer") from error
        finally:
            if not finished:
                self.end()

    def _send(self, process: subprocess.Popen[bytes], data: bytes) -> None:
        try:
            process.stdin.write(data)  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        except BrokenPipeError as error:
            raise _EndedError(_why(process)) from error

    def _line(self, process: subprocess.Popen[bytes]) -> bytes:
        """The next line that the process says."""
        output = process.stdout.fileno()  # type: ignore[union-attr]
        poller = select.poll()
        poller.register(output, select.POLLIN)
        until = time.monotonic() + limits.PATIENCE
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if not poller.poll(max(0.0, until - time.monotonic()) * 1000):
                raise _EndedError(f"no answer from its reader for {limits.PATIENCE:.0f} s")
            data = os.read(output, 1 << 20)
            if not data:
                raise _EndedError(_why(process))
            self._buffer += data
            if len(self._buffer) > _LONGEST_REPLY:
                raise _EndedError("its reader said more than an article has")
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line


def _start() -> subprocess.Popen[bytes]:
    """The process. It finds ``kg`` where this one has it, and nothing in the working directory."""
    paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "kg.read.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )


def _why(process: subprocess.Popen[bytes]) -> str:
    code = process.wait()
    return _ENDED.get(-code, f"its reader ended (code {code})")  # type: ignore[call-overload, no-any-return]
