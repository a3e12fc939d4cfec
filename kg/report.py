"""The report of a run, for programs: what went in, what came out, what was left out, how long it took, and with what.

It is no part of the graph, whose files are the same bytes for the same articles on every machine.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import resource
import sys
from collections import Counter
from typing import Any

import kg
from kg import project
from kg.folder import GraphFolder
from kg.model import Article
from kg.pipeline import Summary
from kg.stopwatch import Stopwatch

PACKAGES = ("stanza", "torch", "transformers", "pyoxigraph")
"""Whose versions can change what is found or how it is written."""
_KILOBYTE = 1 if sys.platform == "darwin" else 1024
"""Bytes in a unit of the system's ``ru_maxrss``."""


def report(summary: Summary, folder: GraphFolder, watch: Stopwatch, model: str) -> dict[str, Any]:
    """The report of a run on a graph folder.

    Seconds are by the clock, in this process; memory is the most that this process, and the largest that it started, had.
    """
    there = folder.exists()
    records = [json.loads(line) for line in folder.claims.read_text(encoding="utf-8").splitlines()] if there else []
    articles = [(article.outlet, _words(article)) for article in folder.articles()] if there else []
    words, seconds = sum(number for _, number in articles), watch.seconds["annotate"]
    whole = 0 < summary.annotated == len(articles) and seconds > 0
    return {
        "program": {"kg": kg.__version__, "python": platform.python_version(), **_versions()},
        "model": model,
        "project": str(project.current().folder or ""),
        "articles": {
            "in the graph": len(articles),
            "annotated now": summary.annotated,
            "words": words,
            "by source": _sorted(Counter(outlet or "unknown" for outlet, _ in articles)),
        },
        "claims": {
            "total": len(records),
            "by predicate": _sorted(Counter(record["predicate"] for record in records)),
            "by modality": _sorted(Counter(record["modality"] for record in records)),
        },
        "new entities": summary.new_entities,
        "sources": [account.record() for account in summary.accounts],
        "left out": [{"what": one.path, "reason": one.reason} for one in summary.unreadable],
        "seconds": {"total": round(watch.total, 3), **_seconds(watch)},
        "words annotated a second": round(words / seconds, 1) if whole else None,
        "peak memory in MB": {"this process": _peak(resource.RUSAGE_SELF), "others": _peak(resource.RUSAGE_CHILDREN)},
    }


def to_text(found: dict[str, Any]) -> str:
    """The report as JSON."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _words(article: Article) -> int:
    return len(article.text.split())


def _versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in PACKAGES}


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _seconds(watch: Stopwatch) -> dict[str, float]:
    return {name: round(seconds, 3) for name, seconds in watch.seconds.items()}


def _peak(who: int) -> float:
    return round(resource.getrusage(who).ru_maxrss * _KILOBYTE / 2**20, 1)
