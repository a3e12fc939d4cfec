"""A real server on a graph made by hand: ``kg serve`` in a process of its own, on a free port."""

from __future__ import annotations

import contextlib
import datetime
import http.client
import os
import pathlib
import re
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg import page
from kg.folder import GraphFolder, Manifest, write_text
from kg.ids import digest
from kg.judgements import judgements_text
from kg.kept import Kept, Made, Result
from kg.language.dates import Basis, Period, ResolvedDate
from kg.merge import merge
from kg.model import Article, Claim, Document, Entity, Evidence, Modality, Polarity, Sentence
from kg.rdf import Quad, serialize_nquads
from kg.records import annotation_record, claim_state, pack
from kg.reprints import sketch
from kg.span import Span
from kg.vocabulary import Predicate
from tests.graph_factory import ALLOUSH, ASTANA, ASTANA_5, ASTANA_6, MODEL, RUSSIA, TURKEY, WIKIDATA

TEXT = (
    "انطلاق أستانا 5\n\nشاركت روسيا في أستانا 5 أمس. ولن يشارك محمد علوش في أستانا 5، بحسب روسيا. "
    "وعُقدت أستانا 5 في أستانا. والتقت تركيا روسيا. وقال وفد للنظام إنه سيحضر أستانا 6."
)
ARTICLE = Article("a1", TEXT, "انطلاق أستانا 5", "صحيفة", datetime.date(2017, 7, 4), "https://example.org/a1")
OTHER = Article("a2", "لم تشارك روسيا في أستانا 5.", "", "وكالة")
MADE = Made("by hand", "by hand")
_SENTENCE = re.compile(r"[^.\n]+\.?")


def told(
    article: Article, subject: Entity, predicate: Predicate, target: Entity | Period, words: str, **more: object
) -> Claim:
    """A claim on these words of an article."""
    start = article.text.index(words)
    evidence = Evidence(Span(start, start + len(words)), words)
    polarity = more.pop("polarity", Polarity.POSITIVE)
    modality = more.pop("modality", Modality.ACTUAL)
    return Claim(article.id, subject, predicate, target, polarity, modality, evidence, f"{predicate}.test", 0.8, **more)  # type: ignore[arg-type]


CLAIMS = (
    told(ARTICLE, RUSSIA, Predicate.ATTENDED, ASTANA_5, "شاركت روسيا في أستانا 5"),
    told(
        ARTICLE, ALLOUSH, Predicate.ATTENDED, ASTANA_5, "ولن يشارك محمد علوش في أستانا 5",
        polarity=Polarity.NEGATIVE, modality=Modality.PLANNED, says=RUSSIA,
    ),
    told(ARTICLE, ASTANA_5, Predicate.HELD_IN, ASTANA, "وعُقدت أستانا 5 في أستانا"),
    told(
        ARTICLE, ASTANA_5, Predicate.HELD_ON, Period("2017-07-04/2017-07-05"), "أستانا 5 أمس",
        date=ResolvedDate(Period("2017-07-04/2017-07-05"), Basis.PUBLISHED),
    ),
    told(ARTICLE, TURKEY, Predicate.MET_WITH, RUSSIA, "والتقت تركيا روسيا", role="وزير"),
    told(ARTICLE, RUSSIA, Predicate.ATTENDED, ASTANA_6, "سيحضر أستانا 6", modality=Modality.PLANNED),
    told(OTHER, RUSSIA, Predicate.ATTENDED, ASTANA_5, "لم تشارك روسيا في أستانا 5", polarity=Polarity.NEGATIVE),
)  # fmt: skip


def document(article: Article) -> Document:
    """The article with its sentences, and no tokens."""
    spans = (Span(found.start(), found.end()) for found in _SENTENCE.finditer(article.text))
    return Document(article, tuple(Sentence(span, ()) for span in spans), MADE.model)


def keep(kept: Kept, articles: Sequence[Article], claims: Sequence[Claim]) -> Manifest:
    """Keep articles with their claims, as a rebuild does; the manifest of their graph."""
    kept.add_articles(articles)
    for article in articles:
        states = [claim_state(claim) for claim in claims if claim.article == article.id]
        annotation = pack(annotation_record(document(article)))
        kept.add([Result(article.fingerprint, annotation, sketch(article.text), pack(states))], MADE)
    return Manifest(MADE, digest(judgements_text(())), {article.id: article.fingerprint for article in articles})


def folder(
    path: pathlib.Path,
    claims: Iterable[Claim] = CLAIMS,
    articles: Sequence[Article] = (ARTICLE, OTHER),
    more: Iterable[Quad] = (),
) -> GraphFolder:
    """A graph folder of these claims, as a rebuild leaves it."""
    made, found = GraphFolder(path), list(claims)
    quads = [*merge(found, articles, WIKIDATA, model=MODEL), *more]
    with made.change(), made.next_version() as fresh, made.kept(write=True) as kept:
        write_text(fresh / "kg.nq", serialize_nquads(quads))
        write_text(fresh / "page.html", page.render(found, articles))
        keep(kept, articles, found).write(fresh)
    return made


@dataclass(frozen=True, slots=True)
class Answered:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    process: subprocess.Popen[str]
    port: int
    log: pathlib.Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, target: str, *, method: str = "GET", body: bytes | str | None = None, **headers: str) -> Answered:
        """Send one request as it is; ``content_type`` is the header ``Content-Type``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.request(method, target, body.encode() if isinstance(body, str) else body, sent)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answered(answer.status, found, answer.read())

    def query(self, sparql: str, **headers: str) -> Answered:
        """Ask by GET."""
        return self.ask("/sparql?" + urllib.parse.urlencode({"query": sparql}), **headers)


@contextlib.contextmanager
def serving(graph: GraphFolder, *options: str) -> Iterator[Server]:
    """``kg serve`` on this folder; it is stopped as a user would stop it."""
    log = graph.path.with_name(f"{graph.path.name}.log")
    command = [
        sys.executable,
        "-m",
        "kg",
        "serve",
        "--graph",
        str(graph.path),
        "--port",
        "0",
        "--log",
        str(log),
        *options,
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "error"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    try:
        yield Server(process, _port(process), log)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0


def _port(process: subprocess.Popen[str]) -> int:
    """The port that the server says it listens on."""
    assert process.stdout
    seen = []
    for line in process.stdout:
        seen.append(line)
        if found := re.search(r"^SPARQL +http://127\.0\.0\.1:(\d+)/sparql", line):
            return int(found[1])
    raise AssertionError("".join(seen))
