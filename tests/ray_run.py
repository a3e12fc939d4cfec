"""A run on a Ray cluster: ``python -m tests.ray_run ADDRESS [ARTICLES [PATIENCE]]`` prints a line for each result."""

from __future__ import annotations

import hashlib
import itertools
import sys
from collections.abc import Iterator

from kg.annotate import EMBEDDED
from kg.engine import Engine, Task, ray
from kg.errors import EngineError
from kg.model import Article
from kg.records import article_record, pack
from kg.resources import folder


def articles() -> list[Article]:
    """The seeds, and each of their paragraphs as an article of its own."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((folder("seeds") / "articles").glob("*.txt"))]
    paragraphs = [line for text in texts for line in text.splitlines() if line.strip()]
    return [Article(f"a-{number:03}", text) for number, text in enumerate([*texts, *paragraphs])]


def lines(engine: Engine, number: int | None = None) -> Iterator[str]:
    """What the engine finds in so many of them, or all: the key and a hash, a line each, as they come."""
    tasks = (Task(article.id, pack(article_record(article))) for article in articles()[:number])
    for result in itertools.chain.from_iterable(engine.run(tasks)):
        found = hashlib.sha256(result.annotation + result.sketch + result.claims).hexdigest()
        yield f"{result.key} {result.problem or found}\n"


def main(address: str, number: str = "87", patience: str = "300") -> None:
    """Print the lines; end with the message if the engine refuses."""
    ray.PATIENCE = float(patience)
    try:
        for line in lines(ray.OnRay(EMBEDDED, address), int(number)):
            sys.stdout.write(line)
            sys.stdout.flush()
    except EngineError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
