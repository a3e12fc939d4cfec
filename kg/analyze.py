"""Named analyses of the network, each a table: who meets whom, who stands in the middle, who belongs together, who moved.

They count direct edges only: what is denied, planned or one speaker's word makes nobody an ally. Numbers are rounded and
ties are broken by the alphabet, so that the same graph gives the same table.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kg import store
from kg.errors import QueryError
from kg.folder import GraphFolder
from kg.ids import BASE
from kg.network import local, network
from kg.rdf import Literal, Quad, term
from kg.tabular import to_csv
from kg.vocabulary import ACTORS

if TYPE_CHECKING:
    from networkx import Graph

Rows: TypeAlias = Iterable[tuple[object, ...]]
Pair: TypeAlias = tuple[str, str]

FRIENDLY = ("metWith", "agreedWith", "alliedWith", "supported", "attended")
"""Relations that draw two actors together; attending draws together all who attended the same event."""
_DIGITS = 4
_YEAR = 4
_ARTICLES = f"{BASE}article/"


@dataclass(frozen=True)
class Ties:
    """What analyses look at: labels and kinds of entities, edges by relation, and the years of each edge."""

    labels: Mapping[str, str]
    kinds: Mapping[str, str]
    edges: tuple[tuple[str, str, str], ...]
    event_years: Mapping[tuple[str, str, str], frozenset[str]]
    report_years: Mapping[tuple[str, str, str], frozenset[str]]
    held: Mapping[str, str]

    def label(self, name: str) -> str:
        """The name of an entity."""
        return self.labels.get(name, name)

    def actors(self) -> set[str]:
        """The entities that act."""
        return {name for name, kind in self.kinds.items() if kind in set(ACTORS)}

    def attendance(self) -> dict[str, list[str]]:
        """For each event the actors that attended it, in the order of the alphabet."""
        events: defaultdict[str, set[str]] = defaultdict(set)
        for one, other, relation in self.edges:
            if relation == "attended":
                events[other].add(one)
        return {event: sorted(actors) for event, actors in sorted(events.items())}


@dataclass(frozen=True, slots=True)
class Analysis:
    """A named analysis: what it tells, its columns, and how its rows are made."""

    english: str
    arabic: str
    columns: tuple[str, ...]
    rows: Callable[[Ties], Rows]


def analyze(name: str, folder: GraphFolder) -> str:
    """The table of a named analysis, as CSV.

    Raises:
        QueryError: there is none of this name; the message lists those that exist.
        GraphError: there is no graph, or it is damaged.

    """
    if name not in ANALYSES:
        raise QueryError(f"there is no analysis {name!r}; there are {', '.join(ANALYSES)}")
    folder.require()
    analysis = ANALYSES[name]
    return to_csv(analysis.columns, analysis.rows(graph_of(store.read_quads(folder.nquads))))


def listing() -> str:
    """The named analyses with what they tell, in English and Arabic."""
    return "".join(f"{name}\n    {one.english}\n    {one.arabic}\n" for name, one in ANALYSES.items())


def graph_of(quads: Iterable[Quad]) -> Ties:
    """What analyses look at, from the quads of a graph."""
    found = list(quads)
    made = network(found)
    return Ties(
        labels={node: str(values["label"] or node) for node, values in made.nodes(data=True)},
        kinds={node: str(values["kind"]) for node, values in made.nodes(data=True)},
        edges=tuple(sorted(made.edges(keys=True))),
        **_years(found),
        held={node: str(values["held"])[:_YEAR] for node, values in made.nodes(data=True) if values["held"]},
    )


def _years(quads: Iterable[Quad]) -> dict[str, dict[tuple[str, str, str], frozenset[str]]]:
    """For each edge the years that its claims give it, and those in which it was reported."""
    claims: defaultdict[str, dict[str, str]] = defaultdict(dict)
    issued: dict[str, str] = {}
    for quad in quads:
        if quad.graph.startswith(_ARTICLES):
            value = quad.object.value if isinstance(quad.object, Literal) else local(quad.object)
            claims[quad.subject][quad.predicate] = value
            if quad.predicate == term("dcterms:issued"):
                issued[local(quad.graph)] = value[:_YEAR]
    events: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    reports: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for claim in claims.values():
        if (claim.get(term("st:polarity")), claim.get(term("st:modality"))) == ("positive", "actual"):
            key = (claim[term("rdf:subject")], claim[term("rdf:object")], claim[term("rdf:predicate")])
            event = claim.get(term("st:eventDate"), "")[:_YEAR]
            report = issued.get(claim[term("prov:wasDerivedFrom")], "")
            for edge in (key, (key[1], key[0], key[2])):
                events[edge] |= {event} - {""}
                reports[edge] |= {report} - {""}
    return {
        "event_years": {edge: frozenset(years) for edge, years in events.items()},
        "report_years": {edge: frozenset(years) for edge, years in reports.items()},
    }


# ---- the analyses


def _co_attendance(graph: Ties) -> Rows:
    together: defaultdict[Pair, list[str]] = defaultdict(list)
    for event, actors in graph.attendance().items():
        for pair in itertools.combinations(actors, 2):
            together[pair].append(event)
    for (one, other), events in sorted(together.items(), key=lambda row: (-len(row[1]), row[0])):
        yield one, graph.label(one), other, graph.label(other), len(events), " | ".join(events)


def _centrality(graph: Ties) -> Rows:
    import networkx

    ties, names = _numbered(_ties(graph))
    between = networkx.betweenness_centrality(ties)
    rank = networkx.pagerank(ties, weight="weight")
    degree = dict(ties.degree())
    weight = dict(ties.degree(weight="weight"))
    rows = [
        (
            names[n],
            graph.label(names[n]),
            graph.kinds[names[n]],
            degree[n],
            weight[n],
            _rounded(between[n]),
            _rounded(rank[n]),
        )
        for n in ties
    ]
    return sorted(rows, key=lambda row: (-float(row[5]), -int(row[3]), str(row[0])))


def _communities(graph: Ties) -> Rows:
    for number, members in enumerate(_grouped(_ties(graph)), 1):
        for name in sorted(members):
            yield number, len(members), name, graph.label(name), graph.kinds[name]


def _camps(graph: Ties) -> Rows:
    years = _ties_by_year(graph)
    before: dict[str, tuple[str, str]] = {}
    for year in sorted(years):
        ties = Counter({pair: count for (pair, _), count in years[year].items()})
        by_report = {name for (pair, basis) in years[year] if basis == "report" for name in pair}
        for camp, members in _named_camps(_grouped(ties), ties, before):
            for name in sorted(members):
                earlier = before.get(name, ("", ""))
                moved = "yes" if earlier[0] and earlier[1] != camp else "no" if earlier[0] else ""
                basis = "report" if name in by_report else "event"
                yield name, graph.label(name), year, camp, graph.label(camp), *earlier, moved, basis
            before |= dict.fromkeys(members, (year, camp))


def _named_camps(
    groups: list[frozenset[str]], ties: Mapping[Pair, int], before: Mapping[str, tuple[str, str]]
) -> list[tuple[str, frozenset[str]]]:
    """Each group with the name of its camp: that of the camp most of its members were in, else its most tied member."""
    taken: set[str] = set()
    named = []
    for members in groups:
        camps = Counter(before[name][1] for name in members if name in before)
        old = [camp for camp, _ in sorted(camps.items(), key=lambda row: (-row[1], row[0])) if camp not in taken]
        strength = {name: sum(count for pair, count in ties.items() if name in pair) for name in members}
        camp = old[0] if old else min(members, key=lambda name: (-strength[name], name))
        taken.add(camp)
        named.append((camp, members))
    return named


def _ties(graph: Ties) -> Counter[Pair]:
    """Pairs of actors with the number of friendly edges and shared events between them."""
    return Counter(pair for pair, _ in _all_ties(graph))


def _ties_by_year(graph: Ties) -> dict[str, Counter[tuple[Pair, str]]]:
    """The ties of each year; where the event's year is unknown that of the report stands in, and is marked so."""
    years: defaultdict[str, Counter[tuple[Pair, str]]] = defaultdict(Counter)
    for pair, edges in _all_ties(graph):
        for edge in edges:
            held = {graph.held[edge[1]]} if edge[1] in graph.held else set()
            event = held or graph.event_years.get(edge, frozenset())
            for year in event or graph.report_years.get(edge, frozenset()):
                years[year][pair, "event" if event else "report"] += 1
    return years


def _all_ties(graph: Ties) -> Iterator[tuple[Pair, tuple[tuple[str, str, str], ...]]]:
    """Each friendly tie between two actors, with the edges that it rests on."""
    actors = graph.actors()
    for one, other, relation in graph.edges:
        if relation in FRIENDLY and {one, other} <= actors:
            yield (min(one, other), max(one, other)), ((one, other, relation),)
    for event, present in graph.attendance().items():
        for one, other in itertools.combinations(present, 2):
            yield (one, other), ((one, event, "attended"),)


def _numbered(ties: Mapping[Pair, int]) -> tuple[Graph, list[str]]:
    """The network of the ties, with numbers for nodes: their order is the same in every run."""
    import networkx

    names = sorted({name for pair in ties for name in pair})
    numbers = {name: number for number, name in enumerate(names)}
    made = networkx.Graph()
    made.add_nodes_from(range(len(names)))
    for (one, other), weight in sorted(ties.items()):
        made.add_edge(numbers[one], numbers[other], weight=weight)
    return made, names


def _grouped(ties: Mapping[Pair, int]) -> list[frozenset[str]]:
    """Actors that are tied more among themselves than to others (Clauset, Newman and Moore 2004), large groups first."""
    from networkx.algorithms.community import greedy_modularity_communities

    made, names = _numbered(ties)
    if not made.number_of_edges():
        return []
    groups = greedy_modularity_communities(made, weight="weight")
    named = [frozenset(names[number] for number in group) for group in groups]
    return sorted(named, key=lambda group: (-len(group), sorted(group)))


def _rounded(number: float) -> str:
    return f"{number:.{_DIGITS}f}"


ANALYSES: Mapping[str, Analysis] = {
    "co-attendance": Analysis(
        "Pairs of actors that attended the same rounds and meetings, how many and which.",
        "كل فاعلَين حضرا الجولات والاجتماعات نفسها، وعددها وأسماؤها.",
        ("one", "one_label", "other", "other_label", "events", "which"),
        _co_attendance,
    ),
    "centrality": Analysis(
        "How central each actor is among friendly ties: neighbours, ties, betweenness, PageRank.",
        "مدى مركزية كل فاعل في شبكة العلاقات الودية.",
        ("id", "label", "kind", "neighbours", "ties", "betweenness", "pagerank"),
        _centrality,
    ),
    "communities": Analysis(
        "Groups of actors that are tied more among themselves than to others.",
        "مجموعات الفاعلين الذين تكثر العلاقات بينهم.",
        ("community", "size", "id", "label", "kind"),
        _communities,
    ),
    "camps": Analysis(
        "Who belonged to which camp in each year, and who moved from one to another.",
        "من كان في أي معسكر في كل سنة، ومن انتقل من معسكر إلى آخر.",
        ("id", "label", "year", "camp", "camp_label", "previous_year", "previous_camp", "moved", "basis"),
        _camps,
    ),
}
