"""Everything that can go wrong for a reason the user can act on.

KgError
├── ReadError        a file cannot be read as articles
├── TableError       a row of a seed table is wrong
├── ProjectError     a project's settings are wrong, or it cannot be made
├── DateError        a value is not an ISO date, month, year or interval
├── ModelError       the language model is missing or does not load
├── EngineError      the machines that are to do the work cannot be used
├── GraphError       the graph folder is missing, damaged, or in use
├── ServeError       the server cannot listen, or has lost its graph
├── LimitError       the work on an article takes too long
├── QueryError       a SPARQL query is unknown, wrong, or not allowed
├── EndpointError    another server cannot be reached, or refuses what is asked of it
├── ScoreError       gold or claims to score cannot be read
└── NotebookError    what a notebook needs is not installed

Each message says where, what was found, and what to do; :mod:`kg.cli` prints it and ends with exit code 2.
"""

from __future__ import annotations


class KgError(Exception):
    """Base of all errors that ``kg`` raises on purpose."""


class ReadError(KgError):
    """A file cannot be read as articles; the rest of the run goes on without it."""


class TableError(KgError):
    """A seed table has a wrong row."""

    def __init__(self, table: str, row: int, problem: str) -> None:
        self.table, self.row, self.problem = table, row, problem
        super().__init__(f"{table}, row {row}: {problem}")


class ProjectError(KgError):
    """The settings of a project are wrong, it is somebody else's, or it cannot be made."""


class DateError(KgError, ValueError):
    """A value is not an ISO date, month, year or interval."""


class ModelError(KgError):
    """The language model is missing or does not load."""


class EngineError(KgError):
    """The machines that are to do the work cannot be reached, or cannot do it as this one would."""


class GraphError(KgError):
    """The graph folder is missing, damaged, or in use by another run."""


class QueryError(KgError):
    """A SPARQL query is unknown, malformed, or asks for something that is not allowed."""


class EndpointError(KgError):
    """A SPARQL server cannot be reached, does not know the user, or refuses what is asked of it."""


class LimitError(KgError):
    """The work on an article takes more time than it may; the rest of the run goes on without it."""


class ScoreError(KgError):
    """A file to be scored, or the gold it is scored against, cannot be read."""


class ServeError(KgError):
    """The server cannot listen where it should, or cannot load its graph."""


class NotebookError(KgError):
    """What a notebook needs is not installed."""
