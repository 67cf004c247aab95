"""Backup and load: equal stores, whole or not at all."""

from __future__ import annotations

import gzip

import pytest

from analyzer.errors import StoreError
from analyzer.review.decisions import decide
from analyzer.store.backup import read_backup, write_backup
from analyzer.store.database import open_database
from tests.store.samples import embed_all, make_verdict, pair_up, store_sample


@pytest.fixture
def filled(sessions):
    """A store with something in every table that people fill."""
    store_sample(sessions, "a.md", ["Abc ska göras.", "Abc får inte göras."])
    embed_all(sessions)
    pair_up(sessions, {(0, 1): make_verdict(0.4)})
    with sessions.begin() as session:
        decide(session, 1, reviewer="Anna", decision="dismiss", reason="time", comment="gäller 2025")
    return sessions


def test_loaded_store_equals_the_one_that_was_backed_up(filled, tmp_path):
    rows = write_backup(filled, tmp_path / "one.jsonl.gz")
    other = open_database(str(tmp_path / "other.db"))
    assert read_backup(other, tmp_path / "one.jsonl.gz") == rows > 4
    write_backup(other, tmp_path / "two.jsonl.gz")
    assert (tmp_path / "one.jsonl.gz").read_bytes() == (tmp_path / "two.jsonl.gz").read_bytes()


def test_backup_never_overwrites(filled, tmp_path):
    (tmp_path / "one.jsonl.gz").write_bytes(b"precious")
    with pytest.raises(StoreError, match="finns redan"):
        write_backup(filled, tmp_path / "one.jsonl.gz")
    assert (tmp_path / "one.jsonl.gz").read_bytes() == b"precious"


def test_load_wants_an_empty_store(filled, tmp_path):
    write_backup(filled, tmp_path / "one.jsonl.gz")
    with pytest.raises(StoreError, match="inte tom"):
        read_backup(filled, tmp_path / "one.jsonl.gz")


def test_cut_backup_loads_nothing(filled, tmp_path):
    write_backup(filled, tmp_path / "one.jsonl.gz")
    lines = gzip.decompress((tmp_path / "one.jsonl.gz").read_bytes()).splitlines(keepends=True)
    (tmp_path / "short.jsonl.gz").write_bytes(gzip.compress(b"".join(lines[:-1])))
    (tmp_path / "torn.jsonl.gz").write_bytes((tmp_path / "one.jsonl.gz").read_bytes()[:-40])
    (tmp_path / "other.jsonl.gz").write_bytes(gzip.compress(b'{"id": 1}\n'))
    other = open_database(str(tmp_path / "other.db"))
    for name in ("short", "torn", "other"):
        with pytest.raises(StoreError):
            read_backup(other, tmp_path / f"{name}.jsonl.gz")
    assert read_backup(other, tmp_path / "one.jsonl.gz"), "still empty after the failed attempts"
