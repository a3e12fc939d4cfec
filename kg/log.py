"""What a run says while it runs: events with fields, on standard error, for people or one JSON object a line.

The library logs events under ``kg`` with :func:`event` and never decides where they go; :func:`configure` does, for a
program. What comes from articles and files may hold anything: control characters never reach the terminal as such.
"""

from __future__ import annotations

import datetime
import json
import logging
import pathlib
import sys
from enum import StrEnum
from typing import Any

NAME = "kg"
LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
"""By how often ``-v`` is given."""
_UNPRINTABLE = (
    range(0x20), range(0x7F, 0xA0), (0x61C,), range(0x200E, 0x2010), range(0x2028, 0x202F), range(0x2066, 0x206A),
    range(0xD800, 0xE000),
)  # fmt: skip
_ESCAPES = {code: f"\\u{code:04x}" for codes in _UNPRINTABLE for code in codes}
"""Controls, marks of direction, ends of line and lone surrogates, as JSON writes them."""


class Form(StrEnum):
    """How events are written."""

    TEXT = "text"
    JSON = "json"


def event(name: str, *, level: int = logging.INFO, **fields: Any) -> None:
    """Log that something happened, in few fixed words, with what it happened to as fields.

    Fields are texts, numbers, or lists and dictionaries of them.
    """
    logging.getLogger(NAME).log(level, name, extra={"fields": fields})


def configure(form: Form, level: int, file: pathlib.Path | None = None) -> None:
    """Write what ``kg`` logs from this level on to the file, or to standard error; what was configured before is undone."""
    handler: logging.Handler = (
        logging.FileHandler(file, encoding="utf-8", errors="backslashreplace") if file else StandardError()
    )
    handler.setFormatter(Json() if form is Form.JSON else Text())
    logger = logging.getLogger(NAME)
    for old in [old for old in logger.handlers if isinstance(old.formatter, Json | Text)]:
        logger.removeHandler(old)
        old.close()
    logger.addHandler(handler)
    logger.setLevel(level)


class StandardError(logging.Handler):
    """Writes to what is standard error at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        sys.stderr.write(self.format(record) + "\n")


class Json(logging.Formatter):
    """One JSON object a line: time, level, event, then the fields of the event."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of an event."""
        head = {"time": _time(record), "level": record.levelname.lower(), "event": record.getMessage()}
        if record.name != NAME:
            head["part"] = record.name
        if record.exc_info:
            head["traceback"] = self.formatException(record.exc_info)
        return json.dumps(head | getattr(record, "fields", {}), ensure_ascii=False, default=str).translate(_ESCAPES)


class Text(logging.Formatter):
    """Time, level and event, then the fields as ``name=value``; a text with a space in it stands in quotation marks."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of an event, and below it the traceback of an error."""
        fields = [f"{name}={_shown(value)}" for name, value in getattr(record, "fields", {}).items()]
        head = [_time(record), record.levelname.lower(), *_part(record), record.getMessage()]
        line = " ".join([*head, *fields]).translate(_ESCAPES)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _time(record: logging.LogRecord) -> str:
    moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _part(record: logging.LogRecord) -> list[str]:
    return [] if record.name == NAME else [record.name]


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, str) and value and not any(c.isspace() or c in '"=' for c in value):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)
