"""``kg models download``: Stanza's own package, fetched from a server in the place of its own, on loopback."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest
from stanza.resources.common import DEFAULT_RESOURCES_VERSION

from kg import weights
from tests.servers import listening

PROCESSORS = ("tokenize", "mwt", "ner")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def offered(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder laid out as Stanza's server, with the embedded models as its Arabic package."""
    embedded, offered = weights.path_of(weights.EMBEDDED), tmp_path / "offered"
    for name in PROCESSORS:
        shutil.copytree(embedded / "ar" / name, offered / "ar" / name)
    return offered


def download(offered: pathlib.Path, here: pathlib.Path, *, changed: str = "") -> subprocess.CompletedProcess[str]:
    """The command, with a server that offers this folder; what it fetches goes to ``here``.

    The file ``changed`` is another one than the server's list says.
    """
    handler = functools.partial(_Quiet, directory=str(offered))
    with listening(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)) as port:
        site = f"http://127.0.0.1:{port}"
        resources = json.loads((weights.path_of(weights.EMBEDDED) / "resources.json").read_text("utf-8"))
        for name in PROCESSORS:
            digest = hashlib.md5((offered / "ar" / name / "kg.pt").read_bytes(), usedforsecurity=False).hexdigest()
            resources["ar"][name]["kg"] = {"md5": digest}
        resources["url"] = f"{site}/{{lang}}/{{filename}}"
        (offered / f"resources_{DEFAULT_RESOURCES_VERSION}.json").write_text(json.dumps(resources), encoding="utf-8")
        if changed:
            (offered / changed).write_bytes(b"other bytes")
        return kg("models", "download", here=here, site=site)


def kg(*arguments: str, here: pathlib.Path, site: str = "http://127.0.0.1:9") -> subprocess.CompletedProcess[str]:
    """A command whose official model is in ``here``, and whose network is this site."""
    places = {"STANZA_RESOURCES_DIR": str(here), "STANZA_RESOURCES_URL": site, "XDG_CONFIG_HOME": str(here / "config")}
    command = [sys.executable, "-m", "kg", *arguments]
    return subprocess.run(command, env=os.environ | places, capture_output=True, text=True, check=False)


def test_the_package_is_fetched_listed_and_sealed(offered: pathlib.Path, tmp_path: pathlib.Path) -> None:
    here = tmp_path / "here"
    result = download(offered, here)
    assert result.returncode == 0, result.stderr
    assert str(here) in result.stdout
    for name in PROCESSORS:
        assert (here / "ar" / name / "kg.pt").read_bytes() == (offered / "ar" / name / "kg.pt").read_bytes()
    weights.verify(here)
    assert "official-" in kg("models", "use", "official", here=here).stdout
    assert "* official" in kg("models", "list", here=here).stdout


def test_a_file_that_is_not_what_the_server_lists_is_refused(offered: pathlib.Path, tmp_path: pathlib.Path) -> None:
    result = download(offered, tmp_path / "here", changed="ar/ner/kg.pt")
    assert result.returncode == 2
    assert "the download failed: md5" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "here" / weights.SUMS).exists()


def test_without_a_network_it_says_so(tmp_path: pathlib.Path) -> None:
    result = kg("models", "download", here=tmp_path / "here")
    assert result.returncode == 2
    assert "the download failed" in result.stderr
    assert "Traceback" not in result.stderr
