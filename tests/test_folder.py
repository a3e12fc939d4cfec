"""The graph folder: for its owner alone until he opens it."""

from __future__ import annotations

import os
import pathlib
import stat

from kg.folder import GraphFolder


def mode(path: pathlib.Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_is_for_its_owner_alone_whatever_the_umask(tmp_path: pathlib.Path) -> None:
    before = os.umask(0)
    try:
        with GraphFolder(tmp_path / "new" / "graph").change():
            pass
    finally:
        os.umask(before)
    assert mode(tmp_path / "new" / "graph") == 0o700


def test_a_folder_that_was_opened_to_others_stays_so(tmp_path: pathlib.Path) -> None:
    folder = GraphFolder(tmp_path / "graph")
    with folder.change():
        pass
    folder.path.chmod(0o750)
    with folder.change():
        pass
    assert mode(folder.path) == 0o750
