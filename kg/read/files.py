"""Files and folders: which files a source has, and how they are opened without waiting for a pipe or a device."""

from __future__ import annotations

import io
import os
import pathlib
import stat
from collections.abc import Iterator

from kg.errors import ReadError

_BUFFER = 1 << 16
_PAGES = (".html", ".htm")
_COMPANION = "_files"


def opened(path: pathlib.Path) -> io.BufferedReader:
    """A regular file, open to be read.

    Raises:
        ReadError: it is a pipe, a device or a socket.
        OSError: it cannot be opened.

    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ReadError(
            "not a file but a folder, pipe or device; to read a pipe, write - and direct it to standard input"
        )
    return io.BufferedReader(io.FileIO(descriptor), _BUFFER)


def files_of(folder: pathlib.Path) -> Iterator[pathlib.Path]:
    """All files below a folder, in order of their paths; links to folders are not followed.

    The folder of images and frames that a browser saves beside a page (``page_files``) is left out.
    """
    found: list[pathlib.Path] = []
    for here, folders, names in os.walk(folder):
        pages = {name.rpartition(".")[0] for name in names if name.lower().endswith(_PAGES)}
        folders[:] = [
            name for name in folders if name.removesuffix(_COMPANION) not in pages or not name.endswith(_COMPANION)
        ]
        found += [pathlib.Path(here, name) for name in names]
    return iter(sorted(found))
