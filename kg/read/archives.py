"""Archives and compressed files: what is in them is read as files; nothing is ever written.

What unpacks to far more than text does is refused, see :class:`Ration`; so are more members than any archive of news has.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any, Protocol

from kg.errors import ReadError
from kg.read import limits
from kg.read.items import Blob, Ignored, Options, Unreadable

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    struct.error,
)
"""What the unpacking modules raise for damaged archives."""
_DIRECTORY_ENTRY = 46
_END = struct.Struct("<4s4H2LH")
_MEMBER_SIZES = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Ration:
    """How much may come out of an archive: :data:`limits.STEEPEST` times what has gone in, or so little that it does no harm."""

    def __init__(self, taken_in: Callable[[], int]) -> None:
        self._taken_in = taken_in
        self._given_out = 0

    def take(self, size: int) -> None:
        """Count what comes out.

        Raises:
            ReadError: it is too much.

        """
        self._given_out += size
        if self._given_out > max(limits.SMALL_ENOUGH, limits.STEEPEST * self._taken_in()):
            raise ReadError(
                f"unpacks to more than {limits.STEEPEST} times its size; no news does, so it is not read on"
            )


class Rationed(io.RawIOBase):
    """A stream that stops when its ration is used up."""

    def __init__(self, stream: _Readable, ration: Ration) -> None:
        self._stream = stream
        self._ration = ration

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with what comes next."""
        try:
            data = self._stream.read(len(buffer))
        except BROKEN as error:
            raise ReadError(f"damaged: {error or type(error).__name__}") from error
        self._ration.take(len(data))
        buffer[: len(data)] = data
        return len(data)


def gzipped(blob: Blob, options: Options) -> Iterator[Blob]:  # noqa: ARG001
    """The file in a .gz."""
    yield _unpacked(blob, lambda source: gzip.GzipFile(fileobj=source, mode="rb"))


def xzipped(blob: Blob, options: Options) -> Iterator[Blob]:  # noqa: ARG001
    """The file in a .xz."""
    yield _unpacked(blob, lzma.LZMAFile)


def bzipped(blob: Blob, options: Options) -> Iterator[Blob]:  # noqa: ARG001
    """The file in a .bz2."""
    yield _unpacked(blob, bz2.BZ2File)


def _unpacked(blob: Blob, unpack: Callable[[Any], _Readable]) -> Blob:
    source = _Counted(blob.stream)
    stream = unpack(source)
    return Blob(blob.path, blob.place, io.BufferedReader(Rationed(stream, Ration(lambda: source.count))), blob.url)


class _Counted(io.RawIOBase):
    """A stream that knows how much has been read of it."""

    def __init__(self, stream: _Readable) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self.count += len(data)
        buffer[: len(data)] = data
        return len(data)


def zipped(blob: Blob, options: Options) -> Iterator[Blob | Unreadable | Ignored]:  # noqa: ARG001
    """The files in a .zip that end like one that is read, in order of their names."""
    from kg.read.formats import by_ending

    stream = blob.stream if blob.stream.seekable() else io.BytesIO(blob.whole(limits.LARGEST_FILE))
    size = stream.seek(0, io.SEEK_END)
    _check_directory(stream, size)
    ration = Ration(lambda: size)
    with _opened(stream) as archive:
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            path = f"{blob.path}, {member.filename}"
            if member.is_dir() or member.filename.startswith("__MACOSX/"):
                continue
            if not by_ending(member.filename):
                yield Ignored(path, member.filename.rpartition(".")[2][:20])
                continue
            try:
                yield Blob(path, within(member.filename), _member(archive, member, ration))
            except (ReadError, *BROKEN) as error:
                yield Unreadable.of(path, ReadError(f"damaged: {error}"))


def within(name: str) -> str:
    """A member's name as a path that stays inside.

    >>> within("../../etc//a.txt"), within("C:\\\\news\\\\b.txt")
    ('etc/a.txt', 'C:/news/b.txt')
    """
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))


def _opened(stream: IO[bytes] | io.BufferedIOBase) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except (*BROKEN, ValueError) as error:
        raise ReadError(f"damaged: {error}") from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, ration: Ration) -> io.BufferedReader:
    """A member as a stream; other ways of packing are refused because a few bytes of theirs give gigabytes at once."""
    if member.compress_type not in _MEMBER_SIZES:
        raise ReadError("packed in a way that kg does not read; pack it as an ordinary zip")
    if member.flag_bits & 1:
        raise ReadError("encrypted; unpack it first")
    return io.BufferedReader(Rationed(archive.open(member), ration))


def _check_directory(stream: IO[bytes] | io.BufferedIOBase, size: int) -> None:
    """Refuse a list of members that would fill the memory, before it is read.

    The end of a zip (APPNOTE 4.3.16; of a large one, 4.3.14) says how long the list is.
    """
    stream.seek(max(0, size - 66_000))
    tail = stream.read(66_000)
    end = tail.rfind(b"PK\x05\x06")
    length = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    large = tail.rfind(b"PK\x06\x06")
    if length == 0xFFFFFFFF and large >= 0:
        length = int.from_bytes(tail[large + 40 : large + 48], "little")
    if length > limits.MOST_MEMBERS * 2 * _DIRECTORY_ENTRY:
        raise ReadError(f"more than {limits.MOST_MEMBERS:,} files in it; split it")
