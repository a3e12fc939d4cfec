"""The explorer: the whole graph as one HTML file that opens without a network and shows the sentence behind each edge.

pyvis makes the nodes, edges and options and brings the drawing library; the page around them is our own template, as
the one of pyvis 0.3.2 links to servers, writes names unescaped and knows no right-to-left. Texts reach the page only
as JSON, and the script puts them in as text nodes. Positions are computed here, so that the page opens at once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import pathlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kg.ids import digest
from kg.language.arabic import fold
from kg.language.dates import Period
from kg.layout import SPRING, positions
from kg.model import Article, Claim, Entity
from kg.resources import PACKAGE, seed
from kg.span import Span
from kg.tables import read_table
from kg.vocabulary import SIGNATURES, Kind, Predicate

TEMPLATES = PACKAGE / "templates"
DRAWING = "lib/vis-9.1.2/vis-network.min.js"
"""vis-network inside the templates of pyvis 0.3.2."""

CONTEXT = 600
"""Characters of an article shown with a claim; longer evidence is shown whole."""
LABEL = 30
"""Characters of a name under its node; lists and details show names in full."""

LOOKS: dict[Kind, tuple[str, str]] = {
    Kind.PERSON: ("dot", "#0072b2"),
    Kind.STATE: ("square", "#d55e00"),
    Kind.GOVERNMENT_BODY: ("square", "#e9a820"),
    Kind.ARMED_GROUP: ("triangle", "#7f1d4e"),
    Kind.POLITICAL_BODY: ("hexagon", "#117733"),
    Kind.INTERNATIONAL_ORGANIZATION: ("hexagon", "#56b4e9"),
    Kind.MEDIA_OUTLET: ("triangleDown", "#8a8a2b"),
    Kind.ORGANIZATION: ("hexagon", "#7b8494"),
    Kind.GROUP_ACTOR: ("triangleDown", "#b05cb0"),
    Kind.PLACE: ("diamond", "#2a9d8f"),
    Kind.TRACK: ("star", "#c9a227"),
    Kind.ROUND: ("star", "#332288"),
    Kind.MEETING: ("star", "#5b8fd0"),
    Kind.AGREEMENT: ("diamond", "#cc6677"),
}
"""Shape and colour of each kind: no two share both, and those of one shape differ in lightness too."""

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")
_STOP = re.compile(r"\n|[.!?…\u061f](?=\s|[\u0621-\u064a]|$)")
_ARABIC = range(0x0600, 0x0700)
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Label:
    """How a term of the vocabulary is called: a predicate, kind, polarity, modality or basis of a date."""

    term: str
    ar: str
    en: str


@dataclass(frozen=True, slots=True)
class Relation:
    """One edge: everything that is claimed about this subject, predicate and object.

    A symmetric predicate has one edge for both directions. ``object`` is the id of an entity, or the value of a period.
    """

    subject: str
    predicate: Predicate
    object: str
    claims: tuple[Claim, ...]

    @property
    def id(self) -> str:
        """A hash of subject, predicate and object."""
        return digest(self.subject, self.predicate, self.object)

    @property
    def dated(self) -> bool:
        """Whether the object is a date, which is no node."""
        return not SIGNATURES[self.predicate].range


def render(claims: Sequence[Claim], articles: Sequence[Article]) -> str:
    """The explorer page of these claims; the same claims and articles, in any order, give the same page.

    ``articles`` gives the sentences, titles and links; a claim of an article that is not among them shows its evidence
    alone.
    """
    claims = sorted(claims, key=lambda claim: (claim.article, claim.evidence.span, claim.id, claim.rule))
    entities = _entities(claims)
    relations = _relations(claims)
    network = _network(entities, relations)
    data = _data(entities, relations, {article.id: article for article in articles})
    nodes, edges, _, _, _, options = network.get_network_data()
    data |= {"nodes": nodes, "edges": edges, "options": json.loads(options)}
    counts = {"articles": len(articles), "claims": len(claims), "entities": len(entities)}
    return _page(_json(data), counts)


def _page(data: str, counts: dict[str, int]) -> str:
    """The template filled in. Scripts and style are inline, and the policy allows exactly these by their hashes."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    style, script, drawing = _text(TEMPLATES / "page.css"), _text(TEMPLATES / "page.js"), _drawing()
    policy = (
        f"default-src 'none'; script-src {_hash(drawing)} {_hash(script)}; style-src {_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return environment.get_template("page.html.jinja").render(
        data=data, counts=counts, policy=policy, style=style, script=script, drawing=drawing
    )


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


def plain(text: str) -> str:
    r"""A text as it may be shown: no controls, no marks that would reorder what stands around it, valid Unicode.

    >>> plain("\u202eأستانا\u0007 5")
    'أستانا 5'
    """
    valid = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", _BIDI.sub("", valid))


def _line(text: str) -> str:
    """A plain text on one line."""
    return " ".join(plain(text).split())


def excerpt(text: str, span: Span, limit: int = CONTEXT) -> tuple[str, str, str]:
    """The sentence around a span, as what stands before it, the span itself, and what follows.

    The sentence ends at full stops and line ends; at most ``limit`` characters are shown, cut between words and marked
    with an ellipsis, unless the span itself is longer.

    >>> excerpt("وصل الوفد. محمد علوش لن يشارك اليوم. انتهى", Span(11, 29))
    ('', 'محمد علوش لن يشارك', ' اليوم.')
    """
    room = max(0, limit - (span.end - span.start)) // 2
    return _before(text, span.start, room), span.of(text), _after(text, span.end, room)


def _before(text: str, end: int, room: int) -> str:
    """What the sentence says before ``end``."""
    window = text[max(0, end - room) : end]
    stops = list(_STOP.finditer(text, max(0, end - room), min(len(text), end + 1)))
    inside = [stop.end() for stop in stops if stop.end() <= end]
    if inside:
        return text[inside[-1] : end].lstrip()
    return window if end <= room else "…" + re.sub(r"^\S*\s", "", window)


def _after(text: str, start: int, room: int) -> str:
    """What the sentence says from ``start``; nothing if it ends there."""
    stop = _STOP.search(text, max(0, start - 1), min(len(text), start + room + 1))
    if stop and stop.end() <= start + room:
        return text[start : stop.end()].rstrip()
    window = text[start : start + room]
    return window if start + room >= len(text) else re.sub(r"\s\S*$", "", window) + "…"


def _entities(claims: Sequence[Claim]) -> list[Entity]:
    """Every entity of the claims, speakers too, by id, with all names under which they know it."""
    found: dict[str, Entity] = {}
    for claim in claims:
        for entity in (claim.subject, claim.object, claim.says):
            if isinstance(entity, Entity):
                first = found.setdefault(entity.id, entity)
                names = tuple(dict.fromkeys(first.names + entity.names))
                found[entity.id] = Entity(first.id, first.kind, names, first.known or entity.known)
    return [found[key] for key in sorted(found)]


def _relations(claims: Sequence[Claim]) -> list[Relation]:
    """The claims gathered by what they are about."""
    grouped: dict[tuple[str, Predicate, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        grouped[_ends(claim)].append(claim)
    return [Relation(*ends, tuple(grouped[ends])) for ends in sorted(grouped)]


def _ends(claim: Claim) -> tuple[str, Predicate, str]:
    """Subject, predicate and object; the order of what a symmetric predicate joins is that of the ids."""
    target = claim.object.value if isinstance(claim.object, Period) else claim.object.id
    ends = (claim.subject.id, target)
    first, second = sorted(ends) if SIGNATURES[claim.predicate].symmetric else ends
    return first, claim.predicate, second


def _names(entity: Entity) -> tuple[str, ...]:
    """The names of an entity as they may be shown, at least one."""
    names = tuple(dict.fromkeys(filter(None, map(_line, entity.names))))
    return names or (_line(entity.id.rpartition("/")[2]) or "?",)


def _english(names: tuple[str, ...]) -> str:
    """The first name in Latin letters, or the main name."""
    return next((name for name in names if re.search("[A-Za-z]", name)), names[0])


def _cut(name: str) -> str:
    """A name as it fits under a node."""
    return name if len(name) <= LABEL else name[:LABEL].rstrip() + "…"


# What the script reads


def _data(entities: Sequence[Entity], relations: Sequence[Relation], articles: dict[str, Article]) -> dict[str, Any]:
    """Everything besides the drawing: entities, relations with claims, sentences, articles, labels, foldings."""
    texts: dict[str, int] = {}
    used = {claim.article for relation in relations for claim in relation.claims}
    return {
        "entities": [_entity(entity) for entity in entities],
        "relations": [_relation(relation, articles, texts) for relation in relations],
        "texts": list(texts),
        "articles": {_line(key): _article(articles[key]) for key in sorted(used & articles.keys())},
        "labels": {row.term: [row.ar, row.en] for row in read_table(seed("labels.tsv"), Label)},
        "looks": LOOKS,
        "folds": _folds(),
    }


def _entity(entity: Entity) -> dict[str, Any]:
    names = _names(entity)
    return {"id": entity.id, "kind": entity.kind, "names": names, "en": _english(names), "known": entity.known}


def _relation(relation: Relation, articles: dict[str, Article], texts: dict[str, int]) -> dict[str, Any]:
    return {
        "id": relation.id,
        "s": relation.subject,
        "p": relation.predicate,
        "date" if relation.dated else "o": relation.object,
        "claims": [_claim(claim, articles.get(claim.article), texts) for claim in relation.claims],
    }


def _claim(claim: Claim, article: Article | None, texts: dict[str, int]) -> dict[str, Any]:
    """One claim; ``quote`` is the number of its sentence, and where in it the evidence begins and ends."""
    parts = excerpt(article.text, claim.evidence.span) if article else ("", claim.evidence.text, "")
    if parts[1] != claim.evidence.text:
        parts = ("", claim.evidence.text, "")
    before, mark, after = map(plain, parts)
    number = texts.setdefault(before + mark + after, len(texts))
    return {
        "id": claim.id,
        "s": claim.subject.id,
        "polarity": claim.polarity,
        "modality": claim.modality,
        "says": claim.says.id if claim.says else None,
        "when": [claim.date.period.value, claim.date.basis] if claim.date else None,
        "role": _line(claim.role),
        "rule": _line(claim.rule),
        "confidence": round(claim.confidence, 2),
        "article": _line(claim.article),
        "quote": [number, len(before), len(before) + len(mark)],
    }


def _article(article: Article) -> dict[str, Any]:
    """Its metadata; the address only if it is one of the web."""
    web = re.match(r"https?://[^\s]+$", article.url, re.IGNORECASE)
    published = article.published.isoformat() if article.published else ""
    return {
        "title": _line(article.title),
        "outlet": _line(article.outlet),
        "published": published,
        "url": plain(article.url) if web else "",
    }


def _folds() -> dict[str, str]:
    """What :func:`kg.language.arabic.fold` makes of each Arabic character that it changes; the search box does the same."""
    folded = {chr(code): fold(f"a{chr(code)}a")[1:-1] for code in _ARABIC if unicodedata.category(chr(code)) != "Cn"}
    return {character: form for character, form in folded.items() if form != character}


# The drawing


def _network(entities: Sequence[Entity], relations: Sequence[Relation]) -> Any:
    """The pyvis network. The script adds names in the chosen language, and dashes for what is not told as a fact."""
    from pyvis.network import Network

    drawn = [relation for relation in relations if not relation.dated]
    network = Network(directed=True, cdn_resources="in_line")
    network.node_ids = _Ids()
    degrees = Counter(end for relation in drawn for end in (relation.subject, relation.object))
    places = positions([entity.id for entity in entities], [(r.subject, r.object) for r in drawn])
    for entity in entities:
        network.add_node(entity.id, **_node(entity, degrees[entity.id]), **places[entity.id])
    curves = _curves(drawn)
    for relation in drawn:
        arrows = "" if SIGNATURES[relation.predicate].symmetric else "to"
        sources = len({claim.article for claim in relation.claims})
        network.add_edge(
            relation.subject, relation.object, id=relation.id, arrows=arrows, smooth=curves[relation.id],
            width=round(1.6 + math.log2(sources), 1),
        )  # fmt: skip
    network.set_options(json.dumps(_options(len(entities))))
    return network


class _Ids(list[str]):
    """The ids that pyvis keeps in a list and looks up for every edge, found at once."""

    def __init__(self) -> None:
        super().__init__()
        self._known: set[object] = set()

    def append(self, value: str) -> None:
        self._known.add(value)
        super().append(value)

    def __contains__(self, value: object) -> bool:
        return value in self._known


def _node(entity: Entity, degree: int) -> dict[str, Any]:
    """Name, shape, colour and size of a node; what is in no seed table is hollow."""
    shape, color = LOOKS[entity.kind]
    names = _names(entity)
    fill = color if entity.known else "#ffffff"
    return {
        "label": _cut(names[0]),
        "en": _cut(_english(names)),
        "shape": shape,
        "color": {"background": fill, "border": color, "highlight": {"background": fill, "border": "#f59e0b"}},
        "size": round(min(10 + 3 * math.sqrt(degree), 32)),
    }


def _curves(relations: Sequence[Relation]) -> dict[str, dict[str, Any] | bool]:
    """How each edge bends, so that those between the same two nodes lie side by side."""
    seen: Counter[frozenset[str]] = Counter()
    curves: dict[str, dict[str, Any] | bool] = {}
    for relation in relations:
        pair = frozenset((relation.subject, relation.object))
        rank, seen[pair] = seen[pair], seen[pair] + 1
        left = (rank % 2 == 1) == (relation.subject < relation.object)
        bend = {"enabled": True, "type": "curvedCW" if left else "curvedCCW", "roundness": (rank + 1) // 2 * 0.16}
        curves[relation.id] = bend if rank else False
    return curves


def _options(size: int) -> dict[str, Any]:
    """What vis-network is told: no physics, quiet colours, nothing redrawn in detail while a large graph moves."""
    large = size > SPRING
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {"hover": not large, "hideEdgesOnDrag": large, "hideEdgesOnZoom": large, "multiselect": False},
        "nodes": {
            "borderWidth": 2,
            "borderWidthSelected": 3,
            "font": {"size": 15, "color": "#1f2937", "strokeWidth": 4, "strokeColor": "#ffffff"},
            "scaling": {"label": {"drawThreshold": 5}},
        },
        "edges": {
            "font": {"size": 12, "color": "#475569", "strokeWidth": 4, "strokeColor": "#ffffff"},
            "arrows": {"to": {"scaleFactor": 0.55}},
            "scaling": {"label": {"drawThreshold": 9}},
            "selectionWidth": 1.5,
            "hoverWidth": 0.6,
        },
    }


# Positions
