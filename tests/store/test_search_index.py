"""The index follows the signals: stored, replaced, reworded, loaded from a backup, damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from analyzer.store.backup import read_backup, write_backup
from analyzer.store.database import open_database
from analyzer.store.schema import SignalRow, SignalUnitRow
from analyzer.store.search_index import cut_words, in_step, index_is_sound, stem_word, units_of
from tests.store.samples import store_sample

SENTENCES = ["Närvaron ska öka i Sjöstaden.", "Övertiden ska minska.", "Hästgruppen får inte avvecklas."]


def found(session: Session, stem: str) -> list[int]:
    """Ids of signals with the stem, asked of the table itself."""
    return list(
        session.scalars(
            text("SELECT rowid FROM signal_search WHERE signal_search MATCH :asked ORDER BY rowid"),
            {"asked": f'stems : "{stem}"'},
        )
    )


def test_words_are_cut_and_stemmed_alike_however_they_are_written():
    assert cut_words("E-tjänsten, 40_poliser (ÅTGÄRDER)") == ["e", "tjänsten", "40", "poliser", "åtgärder"]
    assert cut_words("na\u0308rvaro") == ["närvaro"]


@pytest.mark.parametrize(
    "forms",
    [
        ("närvaro", "närvaron", "närvarons"),
        ("öka", "ökar", "ökade", "ökat", "ökas"),
        ("kostnad", "kostnader", "kostnaderna", "kostnadernas"),
        ("myndighet", "myndigheten", "myndigheter"),
        ("polis", "poliser", "polisens"),
        ("region", "regionen", "regionernas"),
        ("område", "områden", "områdets"),
        ("bemanna", "bemannar", "bemannas"),
        ("stöd", "stödet"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms):
    assert len({stem_word(form) for form in forms}) == 1


def test_other_words_do_not():
    words = ("öka", "minska", "närvaro", "frånvaro", "polis", "personal", "region", "område", "utredning", "utreda")
    assert len({stem_word(word) for word in words}) == len(words)


def test_a_stored_document_is_found_at_once(sessions):
    store_sample(sessions, "a.md", SENTENCES)
    with sessions() as session:
        assert found(session, "närvaro") == [1]
        assert found(session, "ska") == [1, 2]
        assert index_is_sound(session)


def test_a_reworded_signal_is_indexed_anew(sessions, database):
    store_sample(sessions, "a.md", SENTENCES)
    with sessions.begin() as session:
        session.get_one(SignalRow, 1).quote = "Cykelpatrullerna ska öka."
    with sessions() as session:
        assert found(session, "närvaro") == [] and not in_step(session)
    with open_database(database)() as session:
        assert found(session, stem_word("cykelpatrullerna")) == [1]
        assert in_step(session)


def test_a_removed_signal_is_removed_from_the_index(sessions):
    store_sample(sessions, "a.md", SENTENCES)
    with sessions.begin() as session:
        session.execute(text("DELETE FROM signals WHERE id = 1"))
    with sessions() as session:
        assert found(session, "närvaro") == [] and in_step(session)


def test_a_loaded_backup_is_indexed(sessions, tmp_path: Path):
    store_sample(sessions, "a.md", SENTENCES)
    write_backup(sessions, tmp_path / "all.jsonl.gz")
    other = open_database(str(tmp_path / "other.db"))
    read_backup(other, tmp_path / "all.jsonl.gz")
    with other() as session:
        assert found(session, "närvaro") == [1] and index_is_sound(session)


DAMAGES = {
    "emptied": ["DELETE FROM signal_search"],
    "foreign rows": ["INSERT INTO signal_search (rowid, words, stems) VALUES (99, 'x', 'x')"],
    "inner table gone": ["DROP TABLE signal_search_data"],
    "count table gone": ["DROP TABLE signal_search_docsize"],
    "units gone": ["DELETE FROM signal_units"],
    "table gone": ["DROP TABLE signal_search"],
}


@pytest.mark.parametrize("statements", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_index_is_made_anew(sessions: sessionmaker[Session], database: str, statements: list[str]):
    store_sample(sessions, "a.md", SENTENCES)
    with sessions.begin() as session:
        for statement in statements:
            session.execute(text(statement))
    sessions.kw["bind"].dispose()
    with open_database(database)() as session:
        assert found(session, "närvaro") == [1] and found(session, "ska") == [1, 2]
        assert index_is_sound(session)
        assert (
            len(session.scalars(select(SignalUnitRow.unit).where(SignalUnitRow.unit == "Polisregion Syd")).all()) == 3
        )
        assert session.scalars(select(SignalRow.id)).all() == [1, 2, 3]
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


def test_damage_that_answers_wrongly_is_noticed(sessions):
    store_sample(sessions, "a.md", SENTENCES)
    with sessions.begin() as session:
        session.execute(text("UPDATE signal_search_data SET block = x'0102' WHERE id > 10"))
    with sessions() as session:
        assert not index_is_sound(session)


def test_a_signal_steers_its_addressees_and_all_above_them():
    rows = {row["unit"]: (row["depth"], row["named"]) for row in units_of(1, ["LPO Ystad", "Polisregion Syd"])}
    assert rows == {
        "Lokalpolisområde Ystad": (5, True),
        "Polisområde Södra Skåne": (4, False),
        "Polisregion Syd": (3, True),
        "Polisregionerna": (2, False),
        "Polismyndigheten": (1, False),
        "Regeringen": (0, False),
    }
    assert list(units_of(2, [" "])) == [{"signal_id": 2, "unit": "", "depth": 0, "named": True}]
