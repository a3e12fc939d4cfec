"""The explorer: the whole graph as one HTML file that opens without a network and shows the sentence behind each edge.

pyvis makes the nodes, edges and options and brings the drawing library; the page around them is our own template, as
the one of pyvis 0.3.2 links to servers, writes names unescaped and knows no right-to-left. Texts reach the page only
as JSON, and the script puts them in as text nodes. Positions are computed beforehand, so that the page opens at once.

:func:`kg.page.part.part` says what the script reads; a server may give it in pieces (:class:`Server`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import pathlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kg.facts import Sources
from kg.model import Article, Claim
from kg.page.drawing import FIRST, WHOLE
from kg.page.looks import KINDS, TEMPLATES, families, folds, labels, words
from kg.page.part import CLAIM, part
from kg.vocabulary import SIGNATURES

__all__ = ["Server", "part", "render"]

DRAWING = "lib/vis-9.1.2/vis-network.min.js"
"""vis-network inside the templates of pyvis 0.3.2."""
SCRIPTS = (
    "model", "elements", "view", "drawing", "filters", "search", "panel", "list", "matrix", "path", "export", "start",
)  # fmt: skip
"""The parts of the script, in their order, as they stand in ``templates/page``."""

_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Server:
    """Where a page that is served asks for more. Both addresses are of the page's own server and end where the
    percent-encoded value follows: ``near`` an id, for the part of its neighbourhood; ``find`` a name, for a part with
    the nodes that bear it. Both answer with what :func:`kg.page.part.part` gives, as JSON.

    If that server has more pages, ``home`` is its first one, which then tells how large the graph is, and ``entity``
    with an id the one about that entity; both take the language as the parameter ``lang``.
    """

    near: str
    find: str
    home: str = ""
    entity: str = ""


def render(
    claims: Sequence[Claim],
    articles: Sequence[Article],
    *,
    sources: Sources | None = None,
    total: int | None = None,
    server: Server | None = None,
) -> str:
    """The explorer page of these claims; the same claims and articles, in any order, give the same page.

    ``articles`` gives the sentences, titles and links; a claim of an article that is not among them shows its evidence
    alone. ``sources`` tells which articles are copies, if it is known already; ``total`` how many articles there are, if
    those without claims are not among ``articles``. Without ``server`` the page never asks anybody for anything.
    """
    data = part(claims, articles, sources)
    counts = {
        "articles": len(articles) if total is None else total,
        "claims": len(claims),
        "entities": len(data["nodes"]),
    }
    evidence = {"texts": data.pop("texts")}
    return _page({**data, **_terms(), "server": asdict(server) if server else None}, evidence, counts)


def _terms() -> dict[str, Any]:
    """What the script knows besides the graph: names of terms, looks, spelling."""
    return {
        "claim": CLAIM,
        "labels": labels(),
        "words": words(),
        "families": [asdict(family) for family in families()],
        "kinds": KINDS,
        "symmetric": [predicate for predicate, signature in SIGNATURES.items() if signature.symmetric],
        "folds": folds(),
        "whole": WHOLE,
        "first": FIRST,
    }


def _page(data: dict[str, Any], evidence: dict[str, Any], counts: dict[str, int]) -> str:
    """The template filled in. Scripts and style are inline, and the policy allows exactly these by their hashes."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    style, script, drawing = _text(TEMPLATES / "page.css"), _script(), _drawing()
    connect = " connect-src 'self';" if data["server"] else ""
    policy = (
        f"default-src 'none'; script-src {_hash(drawing)} {_hash(script)}; style-src {_hash(style)}; "
        f"img-src data:;{connect} base-uri 'none'; form-action 'none'"
    )
    return environment.get_template("page.html.jinja").render(
        data=_json(data), evidence=_json(evidence), counts=counts, policy=policy, style=style, script=script,
        drawing=drawing, words=words(), home=(data["server"] or {}).get("home"),
    )  # fmt: skip


def _script() -> str:
    """The script of the page: its parts in one function of their own."""
    parts = "".join(_text(TEMPLATES / "page" / f"{name}.js") for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def _text(path: pathlib.Path) -> str:
    """A file with the line ends that an HTML parser makes of them, which are those that are hashed."""
    return path.read_text(encoding="utf-8")


def _drawing() -> str:
    """The vis-network library as it is inside pyvis, without the pointer to its source map."""
    import pyvis

    script = _text(pathlib.Path(pyvis.__file__).parent / "templates" / DRAWING)
    return re.sub(r"^//# sourceMappingURL=.*$", "", script, flags=re.MULTILINE)


def _hash(content: str) -> str:
    """The source expression of an inline script or style (Content Security Policy 3, section 8.4)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _json(value: Any) -> str:
    """JSON that can stand in a script element whatever the texts in it are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
