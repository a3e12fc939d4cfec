"""How much is read of anything, so that no file can take all memory or time. Each has been chosen far above real news."""

from __future__ import annotations

LONGEST_ARTICLE = 400_000
"""Characters. The longest of 29,406 news articles has 36,000; a file with more is not an article."""
LARGEST_FILE = 64 * 2**20
"""Bytes of what is read whole: a page, a PDF, a workbook, a feed, a .txt or .json file."""
LONGEST_LINE = 16 * 2**20
"""Bytes of a line of .jsonl; the longest article, with every character escaped, takes 2.4 million."""
LARGEST_INPUT = 4 * 2**30
"""Bytes that are taken from standard input."""
LARGEST_DOWNLOAD = LARGEST_FILE
"""Bytes that are taken from the web for one URL."""
DOWNLOAD_SECONDS = 60.0
"""Seconds from the first connection to the last byte of one URL, redirects included."""
MOST_MEMBERS = 1_000_000
"""Files in one archive."""
DEEPEST_ARCHIVE = 3
"""Archives in one another: a .warc.gz is two, a zip of them three."""
SMALL_ENOUGH = 64 * 2**20
"""Bytes that anything may unpack to; more only if the ratio is that of text."""
STEEPEST = 200
"""Times its size that an archive may unpack to. Repetitive Arabic news packs 20 times, by xz 40."""
MOST_PAGES = 1_000
"""Pages of a PDF."""
SECONDS = 5
"""Seconds of computing for one article, after which its reader is ended. A page takes 0.05."""
PATIENCE = 60.0
"""Seconds without a word from the reader, however busy the machine, after which it is ended."""
MEMORY = 2**30
"""Bytes of memory for the process that reads, above what it has when it starts."""
MOST_RESTARTS = 100
"""How often the reader of one file is started again behind an article that ended it."""
