"""Bytes as text: which encoding, and which characters cannot stay."""

from __future__ import annotations

import codecs
import os
import re

from kg.errors import ReadError

_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UNSAFE = re.compile("[\x00\ud800-\udfff]")
_ARABIC = re.compile("[\u0620-\u064a]")
_MOJIBAKE = re.compile("[\x80-\x9f\u00c0-\u00df]")
_SAMPLE = 65_536
_SOUND = 4
"""Arabic letters for each damaged place, from which on a text is UTF-8."""


def decode(data: bytes) -> str:
    """Bytes as text: by byte order mark, else UTF-8, else UTF-16 or Windows-1256 if that gives Arabic.

    Raises:
        ReadError: none of the encodings fits.

    >>> decode("سوريا".encode("cp1256")) == decode("سوريا".encode("utf-16")) == "سوريا"
    True
    """
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            return _decode(data[len(mark) :], encoding)
    if b"\x00" not in data[:4096]:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            if _is_damaged_utf8(data):
                raise ReadError(f"broken UTF-8 at byte {error.start}") from error
            return _plausible(data, ("cp1256",))[0]
    return _plausible(data, ("utf-16-le", "utf-16-be"))[0]


def encoding_of(head: bytes) -> str:
    """The encoding of a text that begins with these bytes, judged as :func:`decode` judges a whole one.

    >>> encoding_of("سوريا".encode("cp1256")), encoding_of("\ufeffسوريا".encode())
    ('cp1256', 'utf-8-sig')
    """
    for mark, encoding in _BOMS.items():
        if head.startswith(mark):
            return "utf-8-sig" if encoding == "utf-8" else "utf-16"
    if b"\x00" in head[:4096]:
        return _plausible(head[: len(head) // 2 * 2], ("utf-16-le", "utf-16-be"))[1]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "utf-8" if _is_damaged_utf8(head) else _plausible(head, ("cp1256",))[1]
    return "utf-8"


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether it is Arabic in UTF-8 but for a few bytes; as Windows-1256 it would be letters too, and nonsense."""
    text = data[:_SAMPLE].decode("utf-8", errors="replace")
    return len(_ARABIC.findall(text)) > _SOUND * text.count("\ufffd")


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(f"broken {encoding.upper()} at byte {error.start}") from error


def _plausible(data: bytes, encodings: tuple[str, ...]) -> tuple[str, str]:
    """The text and its encoding, the first of these that gives Arabic."""
    for encoding in encodings:
        text = data.decode(encoding, errors="replace")
        sample = text[:_SAMPLE]
        letters = len(_ARABIC.findall(sample))
        if "\ufffd" not in text and letters > len(sample) / 4 and letters > len(_MOJIBAKE.findall(sample)):
            return text, encoding
    raise ReadError("neither UTF-8, UTF-16 nor Windows-1256 text; save it as UTF-8")


def clean(text: str) -> str:
    """The text as it can be written as UTF-8 anywhere: lone surrogates and NUL become U+FFFD, in place."""
    return _UNSAFE.sub("\ufffd", text)


def readable(name: str) -> str:
    """A file's name, the same in every locale; bytes that are not UTF-8 are written as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
