"""The page of the ontology is that of the ontology, in both languages, and all its links lead somewhere."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys

import pytest

from kg.vocabulary import TERMS

ROOT = pathlib.Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "ontology.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", ["0", "1"])
def test_it_is_up_to_date_whatever_the_hash_seed(seed: str) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "make_ontology_page.py"), "--check"]
    surroundings = {**os.environ, "PYTHONHASHSEED": seed}
    assert subprocess.run(command, env=surroundings, check=False).returncode == 0


def test_every_term_has_its_place_and_every_link_its_target() -> None:
    places = re.findall(r'id="([^"]+)"', PAGE)
    assert len(places) == len(set(places))
    assert set(TERMS) <= set(places)
    assert set(re.findall(r'href="#([^"]+)"', PAGE)) <= set(places)


def test_it_needs_no_network_and_reads_from_the_right() -> None:
    assert '<html lang="ar" dir="rtl">' in PAGE
    assert not re.search(r"<(script|link|img|iframe)", PAGE)
    assert "@import" not in PAGE
