"""What is kept of each article: given back as it was, or an error that says what to do."""

from __future__ import annotations

import os
import pathlib

import pytest

from kg.errors import GraphError
from kg.kept import Kept, Made, Result
from kg.model import Article
from kg.records import annotation_record, claim_state, pack
from kg.reprints import sketch
from tests.serving import ARTICLE, CLAIMS, OTHER, document

MADE = Made("model-1", "rules-1")


def filled(path: pathlib.Path, made: Made = MADE) -> Kept:
    kept = Kept(path, write=True)
    kept.add_articles([ARTICLE, OTHER])
    for article in (ARTICLE, OTHER):
        claims = [claim_state(claim) for claim in CLAIMS if claim.article == article.id]
        annotation = pack(annotation_record(document(article)))
        kept.add([Result(article.fingerprint, annotation, sketch(article.text), pack(claims))], made)
    return kept


def test_what_is_kept_comes_back(tmp_path: pathlib.Path) -> None:
    filled(tmp_path / "kept.db").__exit__()
    key = ARTICLE.fingerprint
    with Kept(tmp_path / "kept.db") as kept:
        assert kept.article(key) == ARTICLE
        assert kept.document(key, MADE.model).sentences == document(ARTICLE).sentences
        assert kept.claims(key, MADE) == [claim for claim in CLAIMS if claim.article == ARTICLE.id]
        assert kept.sketch(key, MADE.model) == sketch(ARTICLE.text)
        assert kept.done(MADE) == kept.annotated(MADE.model) == {key, OTHER.fingerprint}
        assert kept.done(Made(MADE.model, "rules-2")) == kept.annotated("model-2") == set()


def test_a_problem_is_not_kept(tmp_path: pathlib.Path) -> None:
    with Kept(tmp_path / "kept.db", write=True) as kept:
        kept.add([Result("k", problem="too deep")], MADE)
        assert kept.done(MADE) == kept.annotated(MADE.model) == set()


def test_only_what_is_wanted_is_left(tmp_path: pathlib.Path) -> None:
    with filled(tmp_path / "kept.db") as kept:
        kept.add([Result(ARTICLE.fingerprint, claims=pack([]))], Made(MADE.model, "rules-2"))
        kept.forget({ARTICLE.fingerprint}, MADE)
        assert kept.done(MADE) == kept.annotated(MADE.model) == {ARTICLE.fingerprint}
        assert kept.done(Made(MADE.model, "rules-2")) == set()
        with pytest.raises(GraphError, match="run kg rebuild with the sources"):
            kept.article(OTHER.fingerprint)


def test_the_room_of_what_is_forgotten_is_given_back(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "kept.db"
    with Kept(path, write=True) as kept:
        kept.add_articles(Article(f"a{number}", f"نص {number} " * 500) for number in range(300))
    before = path.stat().st_size
    with Kept(path, write=True) as kept:
        kept.forget(set(), MADE)
    assert path.stat().st_size < before / 2


def test_a_file_that_is_missing_or_damaged_is_told(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "kept.db"
    with pytest.raises(GraphError, match="cannot be read"):
        Kept(path)
    path.write_bytes(b"no database, but longer than a header of one " * 100)
    with pytest.raises(GraphError, match=r"is damaged .*; delete it and run kg rebuild"), Kept(path) as kept:
        kept.done(MADE)


def test_readers_and_the_writer_do_not_wait_for_each_other(tmp_path: pathlib.Path) -> None:
    with filled(tmp_path / "kept.db") as kept, Kept(tmp_path / "kept.db") as reader:
        rows = reader._rows.execute("SELECT key FROM articles")
        next(rows)
        kept.add_articles([Article("a9", "نص")])
        assert len(rows.fetchall()) == 1


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_can_be_read(tmp_path: pathlib.Path) -> None:
    filled(tmp_path / "kept.db").__exit__()
    tmp_path.chmod(0o500)
    with Kept(tmp_path / "kept.db") as kept:
        assert kept.article(ARTICLE.fingerprint) == ARTICLE
    tmp_path.chmod(0o700)


def test_a_damaged_record_is_told(tmp_path: pathlib.Path) -> None:
    with filled(tmp_path / "kept.db") as kept:
        kept.add([Result(ARTICLE.fingerprint, claims=b"\x00")], MADE)
        with pytest.raises(GraphError, match="is damaged"):
            kept.claims(ARTICLE.fingerprint, MADE)
