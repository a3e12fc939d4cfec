"""The mapping tables are SSSOM, cover every relation, use the closed lists of PLOVER and CAMEO, and agree with the SKOS file."""

from __future__ import annotations

import csv
import pathlib
import re
import subprocess
import sys
from typing import Any

import pytest
import rdflib
from rdflib import RDF, RDFS, SKOS, URIRef

from kg.rdf import ONTOLOGY
from kg.resources import folder
from kg.vocabulary import Kind, Predicate

MAPPINGS = folder("ontology") / "mappings"
TABLES = sorted(path.name for path in MAPPINGS.glob("*.sssom.tsv"))
PLOVER = {
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
}  # fmt: skip
MATCHES = {"skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch"}
NOTHING = "sssom:NoTermFound"
GRAPH: Any = rdflib.Graph().parse(folder("ontology") / "syria-talks.ttl")


def table(name: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The prefixes that a table declares, and its rows."""
    lines = (MAPPINGS / name).read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    prefixes = dict(re.findall(r"^#  (\w+): (\S+)", "\n".join(comments), re.MULTILINE))
    return prefixes, list(csv.DictReader(lines[len(comments) :], delimiter="\t"))


@pytest.mark.parametrize("name", TABLES)
def test_every_row_is_well_formed(name: str) -> None:
    prefixes, rows = table(name)
    assert len({(row["subject_id"], row["object_id"]) for row in rows}) == len(rows) > 10
    for row in rows:
        term = URIRef(ONTOLOGY + row["subject_id"].removeprefix("st:"))
        assert rdflib.Literal(row["subject_label"], "en") in set(GRAPH.objects(term, RDFS.label)), row
        assert row["predicate_id"] in MATCHES
        assert row["mapping_justification"] == "semapv:ManualMappingCuration"
        assert bool(row["object_label"]) is (row["object_id"] != NOTHING)
        for curie in row.values():
            assert ":" not in curie or curie.partition(":")[0] in prefixes


@pytest.mark.parametrize("name", TABLES)
def test_every_relation_is_mapped_or_said_to_have_no_counterpart(name: str) -> None:
    subjects = {row["subject_id"] for row in table(name)[1]}
    inverses = dict(GRAPH.subject_objects(rdflib.OWL.inverseOf))
    local = {inverse: f"st:{str(inverse).removeprefix(ONTOLOGY)}" for pair in inverses.items() for inverse in pair}
    covered = subjects | {local[o] for s, o in inverses.items() if local[s] in subjects}
    assert {f"st:{predicate}" for predicate in Predicate} <= covered


def test_every_kind_is_compared_with_wikidata() -> None:
    assert {f"st:{kind}" for kind in Kind} <= {row["subject_id"] for row in table("wikidata.sssom.tsv")[1]}


def test_codes_are_of_their_closed_lists() -> None:
    patterns = {
        "plover": "|".join(PLOVER),
        "cameo": r"(0[1-9]|1\d|20)\d{1,2}",
        "wikidata": r"Q[1-9]\d*",
        "wdt": r"P[1-9]\d*",
    }
    for name in TABLES:
        for row in table(name)[1]:
            prefix, _, code = row["object_id"].partition(":")
            assert row["object_id"] == NOTHING or re.fullmatch(patterns[prefix], code), row


def test_the_skos_file_is_what_the_tables_say() -> None:
    script = pathlib.Path(__file__).parent.parent / "scripts" / "make_mappings.py"
    assert subprocess.run([sys.executable, script, "--check"], check=False).returncode == 0
    skos: Any = rdflib.Graph().parse(MAPPINGS / "skos.ttl")
    rows = [row for name in TABLES for row in table(name)[1] if row["object_id"] != NOTHING]
    matches = {(s, p, o) for s, p, o in skos if str(s).startswith(ONTOLOGY)}
    assert len(matches) == len(rows) > 40
    concepts = set(skos.subjects(RDF.type, SKOS.Concept))
    assert concepts == {o for _, _, o in matches if "wikidata" not in str(o)}
