"""Signals in force: fetched when asked for, and what is kept of them gives what reading them anew gives."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from analyzer.scan import check_draft, scan
from analyzer.settings import Settings
from analyzer.store.active import SidesInFront, StoredSides, load_active
from analyzer.store.convert import metadata_of, side_of, signal_of
from analyzer.store.database import open_database
from analyzer.store.documents import correct_metadata
from analyzer.store.schema import AssessmentRow, PairRow, SignalRecordRow, SignalRow
from tests.scale.answers import EXAMPLES
from tests.store.samples import COMPARISON, DIMENSION, ENCODER, store_sample

SETTINGS = Settings(second_reader="none", workers=1)
OLD = [EXAMPLES / name for name in ("09-noa-prioritering-2025.txt",)]


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> sessionmaker[Session]:
    """A store of one example document."""
    sessions = open_database(f"sqlite:///{tmp_path_factory.mktemp('active') / 'scanned.db'}")
    scan(OLD, sessions, SETTINGS)
    return sessions


def copy_of(scanned: sessionmaker[Session], folder) -> sessionmaker[Session]:
    """Another store with the same content."""
    with scanned() as session:
        session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(scanned.kw["bind"].url.database, folder / "copy.db")
    return open_database(f"sqlite:///{folder / 'copy.db'}")


def judged(sessions: sessionmaker[Session]) -> list[tuple]:
    """Every judged pair with its chance."""
    statement = select(PairRow.a_id, PairRow.b_id, PairRow.rules, AssessmentRow.probability).join(PairRow.assessment)
    with sessions() as session:
        return [tuple(row) for row in session.execute(statement.order_by(PairRow.a_id, PairRow.b_id))]


def forget_records(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.execute(delete(SignalRecordRow))


def test_sides_are_fetched_in_the_order_asked_for(sessions):
    store_sample(sessions, "a.md", ["Abc ska göras.", "Def ska göras.", "Ghi ska göras."])
    store_sample(sessions, "b.md", ["Jkl ska göras."], "Andra")
    with sessions() as session:
        active = load_active(session, encoder=ENCODER, dimension=DIMENSION, comparison=COMPARISON)
        expected = [
            side_of(signal_of(row), metadata_of(row.document))
            for row in session.scalars(select(SignalRow).order_by(SignalRow.id))
        ]
    assert isinstance(active.sides, StoredSides) and len(active.sides) == 4
    assert active.sides.fetch(np.array([3, 0, 3])) == [expected[3], expected[0], expected[3]]
    assert list(active.sides) == expected and active.sides[2] == expected[2] and active.sides[1:3] == expected[1:3]
    both = SidesInFront(expected[:1], active.sides)
    assert both.fetch(np.array([4, 0, 1])) == [expected[3], expected[0], expected[0]]


def test_a_scan_keeps_a_record_of_every_signal_and_one_without_change_asks_for_none(scanned):
    with scanned() as session:
        signals = session.execute(select(func.count(SignalRow.id))).scalar_one()
        assert session.execute(select(func.count(SignalRecordRow.signal_id))).scalar_one() == signals > 10
    result = scan(OLD, scanned, SETTINGS)
    assert (result.counts["signals in store"], result.counts["signals compared"]) == (signals, 0)


def test_a_new_document_meets_kept_records_as_it_meets_signals_read_anew(scanned, tmp_path):
    new = tmp_path / "nytt.md"
    text = OLD[0].read_text(encoding="utf-8")
    new.write_text("# Beslut\n\nDatum: 2025-03-01\n\n" + text[len(text) // 3 :], encoding="utf-8")
    outcomes = []
    for name in ("kept", "forgotten"):
        (tmp_path / name).mkdir()
        sessions = copy_of(scanned, tmp_path / name)
        if name == "forgotten":
            forget_records(sessions)
        draft = check_draft(new, sessions, SETTINGS)
        result = scan([new], sessions, SETTINGS)
        assert 5 < result.counts["signals compared"] < result.counts["signals in store"]
        outcomes.append((judged(sessions), draft.compared.a.tolist(), draft.compared.b.tolist()))
        with sessions() as session:
            kept = session.execute(select(func.count(SignalRecordRow.signal_id))).scalar_one()
            assert kept == result.counts["signals in store"]
    assert outcomes[0] == outcomes[1]


def test_a_corrected_document_is_read_anew(scanned, tmp_path):
    sessions = copy_of(scanned, tmp_path)
    with sessions.begin() as session:
        document = session.scalars(select(SignalRow.document_id)).first()
        before = session.scalars(select(SignalRecordRow.record).order_by(SignalRecordRow.signal_id)).first()
        correct_metadata(session, document, {"valid_to": "2025-12-31"})
    scan(OLD, sessions, SETTINGS)
    with sessions() as session:
        after = session.scalars(select(SignalRecordRow.record).order_by(SignalRecordRow.signal_id)).first()
    assert after != before
