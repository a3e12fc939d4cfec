"""WARC archives, compressed or not, as browsers' and libraries' crawlers make them: the pages in them, by warcio.

Compressed archives are a gzip member for each record. They are taken apart here, not by warcio, because it goes silently to
the end of the file where a member is damaged; so the rest is read, and the damage is told.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import IO, Any

from kg.errors import ReadError
from kg.read import limits
from kg.read.archives import Ration
from kg.read.formats import by_media
from kg.read.items import Blob, Ignored, Options, Unreadable

_GZIP = b"\x1f\x8b\x08"
_START = re.compile(rb"(?<=\r\n)WARC/1\.[01]\r\n")
_CHUNK = 65_536
_INCOMPLETE = "damaged: the page is not complete"
_PAGES = {"response": ("html", "pdf"), "resource": ("html", "pdf"), "conversion": ("text", "html")}
"""The kinds of records that hold what a reader saw, and the formats that are taken from each."""


def records(blob: Blob, options: Options) -> Iterator[Blob | Unreadable | Ignored]:  # noqa: ARG001
    """The pages of an archive, named by their addresses; images, scripts and failed requests are passed over."""
    if not blob.stream.peek(3).startswith(_GZIP):
        yield from _intact(blob.stream, blob.path)
        return
    for number, member in enumerate(_members(blob.stream), 1):
        path = f"{blob.path}, record {number}"
        if isinstance(member, ReadError):
            yield Unreadable.of(path, member)
        else:
            yield from _intact(io.BytesIO(member), path)


def _intact(stream: IO[bytes] | io.BufferedIOBase, path: str) -> Iterator[Blob | Unreadable | Ignored]:
    """The pages of records that follow one another; behind a damaged one, from the next that begins properly."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    while True:
        records = ArchiveIterator(stream)
        try:
            for record in records:
                yield from _page(record, path)
            return
        except (ArchiveLoadFailed, ValueError, AttributeError, TypeError) as error:
            yield Unreadable(path, f"damaged: {' '.join(str(error).split())[:200]}")
        if not stream.seekable() or not _go_to_next(stream, records.offset):
            return


def _go_to_next(stream: IO[bytes] | io.BufferedIOBase, at: int) -> bool:
    """Go to the next record that begins properly behind this place, if there is one."""
    stream.seek(at)
    tail = b""
    while chunk := stream.read(_CHUNK):
        if found := _START.search(tail + chunk):
            stream.seek(at - len(tail) + found.start())
            return True
        at += len(chunk)
        tail = (tail + chunk)[-16:]
    return False


def _page(record: Any, path: str) -> Iterator[Blob | Unreadable | Ignored]:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    here = f"{path}, {url}" if url else path
    media = _media(record)
    form = by_media(media)
    if record.rec_type not in _PAGES:
        return
    if record.http_headers and record.http_headers.get_statuscode() != "200":
        yield Ignored(here, f"status {record.http_headers.get_statuscode()[:3]}")
    elif not form or form.name not in _PAGES[record.rec_type]:
        yield Ignored(here, media.partition(";")[0].strip()[:40] or "no type")
    else:
        try:
            yield Blob(here, "", io.BufferedReader(io.BytesIO(_payload(record))), url, media)
        except ReadError as error:
            yield Unreadable.of(here, error)


def _media(record: Any) -> str:
    told = record.http_headers.get_header("Content-Type") if record.http_headers else record.content_type
    return str(told or "")


def _payload(record: Any) -> bytes:
    """What the server sent, unpacked.

    Raises:
        ReadError: it is not complete, or larger than a page can be.

    """
    from warcio.bufferedreaders import ChunkedDataReader

    headers = record.http_headers
    chunked = headers and (headers.get_header("Transfer-Encoding") or "").lower() == "chunked"
    stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    data: bytes = stream.read(limits.LARGEST_FILE + 1)
    if len(data) > limits.LARGEST_FILE:
        raise ReadError(f"larger than {limits.LARGEST_FILE >> 20} MB")
    if record.raw_stream.limit > 0 and not chunked:
        raise ReadError(_INCOMPLETE)
    packing = (headers.get_header("Content-Encoding") or "").lower() if headers else ""
    return _UNPACKERS.get(packing, bytes)(data)


def _ungzipped(data: bytes) -> bytes:
    """Some crawlers unpack what they store and leave the header."""
    return _inflated(data, 47) if data.startswith(_GZIP) else data


def _deflated(data: bytes) -> bytes:
    return _inflated(data, 15 if data[:1] == b"\x78" else -15)


def _inflated(data: bytes, bits: int) -> bytes:
    unpack = zlib.decompressobj(wbits=bits)
    try:
        page = unpack.decompress(data, limits.LARGEST_FILE)
    except zlib.error as error:
        raise ReadError(f"damaged: {error}") from error
    if not unpack.eof:
        raise ReadError(_INCOMPLETE)
    return page


def _unbrotlied(data: bytes) -> bytes:
    import brotli

    unpack = brotli.Decompressor()
    try:
        page: bytes = unpack.process(data)
    except brotli.error as error:
        raise ReadError(f"damaged: {error}") from error
    if not unpack.is_finished():
        raise ReadError(_INCOMPLETE)
    return page


_UNPACKERS = {"gzip": _ungzipped, "x-gzip": _ungzipped, "deflate": _deflated, "br": _unbrotlied}


def _members(stream: IO[bytes] | io.BufferedIOBase) -> Iterator[bytes | ReadError]:
    """What the gzip members of a file unpack to; an error in the place of one that is damaged."""
    data = stream.read(_CHUNK)
    taken = len(data)
    ration = Ration(lambda: taken)
    while data:
        start = data.find(_GZIP)
        if start < 0:
            more = stream.read(_CHUNK)
            taken += len(more)
            data = data[-2:] + more if more else b""
            continue
        member = _Member(data[start:])
        while not member.done and (more := stream.read(_CHUNK)):
            taken += len(more)
            member.feed(more)
        ration.take(len(member.unpacked))
        yield member.result()
        data = member.rest


class _Member:
    """A gzip member while it is unpacked."""

    def __init__(self, data: bytes) -> None:
        self._unpack = zlib.decompressobj(wbits=31)
        self._damaged = ""
        self.unpacked = bytearray()
        self.rest = b""
        self.feed(data)

    @property
    def done(self) -> bool:
        """Whether nothing more is to come."""
        return bool(self._damaged) or self._unpack.eof

    def feed(self, data: bytes) -> None:
        """Unpack more; ``rest`` is what does not belong to this member, or from which to look on if it is damaged."""
        try:
            self.unpacked += self._unpack.decompress(data, limits.LARGEST_FILE + 1 - len(self.unpacked))
        except zlib.error as error:
            self._damaged, self.rest = str(error), data[len(_GZIP) :]
            return
        if len(self.unpacked) > limits.LARGEST_FILE:
            self._damaged, self.rest = (
                f"larger than {limits.LARGEST_FILE >> 20} MB in one gzip member",
                data[len(_GZIP) :],
            )
        elif self._unpack.eof:
            self.rest = self._unpack.unused_data

    def result(self) -> bytes | ReadError:
        """The bytes, or what is wrong."""
        if self._damaged:
            return ReadError(f"damaged: {self._damaged}")
        return bytes(self.unpacked) if self._unpack.eof else ReadError("damaged: cut off")
