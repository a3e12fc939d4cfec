"""The graph of the five seed articles, built once with the real model through the real command."""

from __future__ import annotations

import pathlib

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

from kg.cli import main
from kg.resources import folder
from tests.installation import programs, site, surroundings, wheel
from tests.page_browser import browser, opened

settings.register_profile("kg", deadline=None)  # a busy machine is no failure
settings.load_profile("kg")

__all__ = ["browser", "opened", "programs", "site", "surroundings", "wheel"]

SEEDS = folder("seeds") / "articles"


def run(*arguments: str | pathlib.Path, code: int = 0, text: str | None = None) -> Result:
    """Run ``kg`` and expect this exit code."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=text)
    assert result.exit_code == code, result.output + result.stderr + str(result.exception)
    return result


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The folder of the seeds' graph; tests only read it."""
    path = tmp_path_factory.mktemp("seeds") / "graph"
    run("rebuild", SEEDS, "--graph", path)
    return path
