import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from analyzer.accounts.audit import BEGINNING, append_audit, audit_rows, check_audit, log_as_system_user
from analyzer.store.backup import read_backup, write_backup
from analyzer.store.database import open_database

ROWS = 12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store whose log has a dozen rows."""
    path = tmp_path / "log.db"
    sessions = open_database(str(path))
    for number in range(ROWS):
        with sessions.begin() as session:
            append_audit(
                session, "åsa" if number % 2 else "bo", "decide", f"pair {number}", reason="time", number=number
            )
    return path


def tamper(path: Path, *statements: str) -> None:
    """What somebody does who has the file: the triggers are no hindrance to them."""
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("DROP TRIGGER audit_no_delete")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def state(path: Path, expected: str = "") -> tuple[int, int, str]:
    with open_database(str(path))() as session:
        found = check_audit(session, expected)
    return found.rows, found.broken, found.fault


def test_untouched_log_is_whole_and_an_empty_one_too(path: Path, sessions: sessionmaker[Session]) -> None:
    assert state(path) == (ROWS, 0, "")
    with sessions() as session:
        assert check_audit(session).last_hash == BEGINNING


@pytest.mark.parametrize("column", ["at", "person", "act", "object", "details", "previous", "hash"])
@pytest.mark.parametrize("row", [1, 5, ROWS])
def test_one_edited_value_is_found(path: Path, row: int, column: str) -> None:
    tamper(path, f"UPDATE audit SET {column} = {column} || 'x' WHERE id = {row}")
    rows, broken, fault = state(path)
    assert (rows, broken) == (row - 1, row) and fault in ("edited", "unlinked")


@pytest.mark.parametrize("row", [1, 5, ROWS])
def test_one_removed_row_is_found(path: Path, row: int) -> None:
    tamper(path, f"DELETE FROM audit WHERE id = {row}")
    assert state(path) == (row - 1, row, "cut" if row == ROWS else "missing")


def test_removed_row_is_found_though_the_others_close_the_gap(path: Path) -> None:
    tamper(
        path,
        "DELETE FROM audit WHERE id = 5",
        *(f"UPDATE audit SET id = {at - 1} WHERE id = {at}" for at in range(6, 13)),
    )
    assert state(path) == (4, 5, "unlinked")


def test_swapped_and_added_rows_are_found(path: Path) -> None:
    tamper(
        path,
        "INSERT INTO audit SELECT 13, at, person, act, object, details, hash, hash FROM audit WHERE id = 12",
    )
    assert state(path)[1] == 13
    tamper_again = [
        "UPDATE audit SET id = 99 WHERE id = 3",
        "UPDATE audit SET id = 3 WHERE id = 4",
        "UPDATE audit SET id = 4 WHERE id = 99",
    ]
    with sqlite3.connect(path) as connection:
        for statement in tamper_again:
            connection.execute(statement)
    connection.close()
    assert state(path)[1] == 3


def test_emptied_log_is_found(path: Path) -> None:
    tamper(path, "DELETE FROM audit")
    assert state(path) == (0, 1, "cut")


def test_log_written_anew_is_found_by_a_hash_that_was_kept(path: Path) -> None:
    with open_database(str(path))() as session:
        kept = check_audit(session).last_hash
    assert state(path, kept) == (ROWS, 0, "") and state(path, kept[:16]) == (ROWS, 0, "")
    tamper(path, "DELETE FROM audit", "DELETE FROM audit_head")
    sessions = open_database(str(path))
    with sessions.begin() as session:
        append_audit(session, "bo", "decide", "pair 1")
    assert state(path) == (1, 0, "")  # whole in itself
    assert state(path, kept) == (1, 0, "unknown")


@pytest.mark.parametrize("statement", ["UPDATE audit SET person = 'x'", "DELETE FROM audit WHERE id = 1"])
def test_database_refuses_changes(path: Path, statement: str) -> None:
    with open_database(str(path))() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))
    assert state(path) == (ROWS, 0, "")


def test_rows_of_a_transaction_that_fails_are_never_there(path: Path) -> None:
    sessions = open_database(str(path))
    with pytest.raises(RuntimeError), sessions.begin() as session:
        append_audit(session, "bo", "decide", "pair 99")
        raise RuntimeError
    assert state(path) == (ROWS, 0, "")


def test_many_writers_at_once_make_one_chain(path: Path) -> None:
    sessions = open_database(str(path))

    def act(number: int) -> None:
        with sessions.begin() as session:
            append_audit(session, f"person {number % 8}", "decide", f"pair {number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(80)))
    assert state(path) == (ROWS + 80, 0, "")


def test_log_outlives_a_backup(path: Path, tmp_path: Path) -> None:
    write_backup(open_database(str(path)), tmp_path / "kopia.jsonl.gz")
    restored = tmp_path / "restored.db"
    read_backup(open_database(str(restored)), tmp_path / "kopia.jsonl.gz")
    log_as_system_user(open_database(str(restored)), "load", "kopia.jsonl.gz")
    assert state(restored) == (ROWS + 1, 0, "")


def test_rows_are_found_by_person_act_and_day(path: Path) -> None:
    sessions = open_database(str(path))
    log_as_system_user(sessions, "scan", "a.pdf", skipped=1)
    with sessions() as session:
        assert [row.object for row in audit_rows(session, person="ÅS", limit=2)] == ["pair 11", "pair 9"]
        scan = audit_rows(session, act="scan")
        assert len(scan) == 1 and json.loads(scan[0].details) == {"skipped": 1}
        assert scan[0].person.endswith("(kommandorad)")
        assert (
            audit_rows(session, since="2999-01-01") == [] and len(audit_rows(session, since="2020-01-01")) == ROWS + 1
        )
        assert audit_rows(session, person="100%") == []
