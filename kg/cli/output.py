"""How a command speaks on standard error: to people, to programs (``--log-format json``), or not at all (``--quiet``)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import click

from kg.log import LEVELS, Form, configure, event


@dataclass(frozen=True, slots=True)
class Output:
    """What the options before the command say of its output."""

    form: Form = Form.TEXT
    quiet: bool = False

    @property
    def shows_progress(self) -> bool:
        """Whether a bar may be drawn."""
        return self.form is Form.TEXT and not self.quiet

    def note(self, text: str, name: str, **fields: Any) -> None:
        """Say something that is no fault: a line for people, or an event with fields."""
        if self.form is Form.JSON:
            event(name, level=logging.WARNING, **fields)
        elif not self.quiet:
            click.echo(text, err=True)

    def problem(self, text: str, name: str, **fields: Any) -> None:
        """Say what went wrong, however quiet the command is."""
        if self.form is Form.JSON:
            event(name, level=logging.ERROR, **fields)
        else:
            click.echo(text, err=True)


def start(context: click.Context, form: str, verbose: int, *, quiet: bool) -> None:
    """Set up what the options say, before the command runs."""
    level = logging.ERROR if quiet else LEVELS[min(verbose, len(LEVELS) - 1)]
    configure(Form(form), level)
    context.obj = Output(Form(form), quiet)


def output() -> Output:
    """What the options of the running command say."""
    context = click.get_current_context(silent=True)
    return (context.find_object(Output) if context else None) or Output()
