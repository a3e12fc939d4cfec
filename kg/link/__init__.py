"""Stage 3, link: names, talks and dates of a document become entities and periods.

:mod:`~kg.link.names` finds the names of the seed tables, :mod:`~kg.link.talks` mentions of talks, :mod:`~kg.link.occasions`
decides which round or meeting is meant, and :mod:`~kg.link.linker` puts it all together.
"""

from kg.link.linker import link

__all__ = ["link"]
