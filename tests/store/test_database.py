"""Opening databases: new ones, our own, other people's, damaged ones."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from analyzer.errors import StoreError
from analyzer.review.decisions import decide
from analyzer.store.database import bring_up_to_date, make_engine, migration_config, open_database
from tests.store.samples import embed_all, make_verdict, open_at_once, pair_up, store_sample


def test_migrations_give_the_schema_of_the_code(database):
    engine = make_engine(database)
    bring_up_to_date(engine)
    command.check(migration_config(engine))  # raises where they differ


class Stopped(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize("begun", [None, "0002"])
@pytest.mark.parametrize("share", [0.05, 0.4, 0.7, 0.98])
def test_stopped_while_its_tables_are_made_a_database_is_as_it_was(tmp_path, begun, share):
    def statements(url, last=None):
        """Migrate, and stop before the statement of this number. Returns how many there were."""
        engine, count = make_engine(url), 0

        def stop(*_event):
            nonlocal count
            count += 1
            if count == last:
                raise Stopped

        event.listen(engine, "before_cursor_execute", stop)
        bring_up_to_date(engine)
        return count

    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("whole", "stopped")]
    for url in urls if begun else ():
        command.upgrade(migration_config(make_engine(url)), begun)
    with pytest.raises(Stopped):
        statements(urls[1], round(share * statements(urls[0])))
    with sqlite3.connect(tmp_path / "stopped.db") as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        versions = connection.execute("SELECT * FROM alembic_version").fetchall() if tables else []
    assert versions == ([(begun,)] if begun else []) and "signal_records" not in tables
    open_database(urls[1])
    command.check(migration_config(make_engine(urls[1])))


def test_several_may_open_a_new_database_at_once(database):
    assert open_at_once(database) == [("", 0)] * 3
    command.check(migration_config(make_engine(database)))


@pytest.mark.parametrize("statement", [1, 2, 3])
def test_another_may_make_the_database_between_two_looks_at_it(database, statement):
    engine, count = make_engine(database), 0

    def make(*_event):
        nonlocal count
        count += 1
        if count == statement:
            bring_up_to_date(make_engine(database))

    event.listen(engine, "before_cursor_execute", make)
    bring_up_to_date(engine)
    assert count >= statement
    command.check(migration_config(make_engine(database)))


def test_new_database_is_safe_against_power_loss(sessions):
    with sessions() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert session.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_plain_path_is_a_database(tmp_path):
    open_database(str(tmp_path / "plain.db"))
    assert (tmp_path / "plain.db").read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize("content", [b"not a database, but a letter", b"%PDF-1.7 ..."])
def test_other_files_are_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "letter.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="är inte en databas"):
        open_database(str(path))
    assert path.read_bytes() == content


def test_damaged_database_is_refused(tmp_path):
    path = tmp_path / "damaged.db"
    path.write_bytes(b"SQLite format 3\x00" + bytes(range(256)) * 40)
    with pytest.raises(StoreError):
        open_database(str(path))


def test_database_of_another_program_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(StoreError, match="något annat än styrsignal"):
        open_database(str(path))
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("invoices",)]


def test_newer_schema_is_refused(database, sessions):
    with sessions.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="nyare version"):
        open_database(database)


@pytest.mark.parametrize("url", ["nonsense://x", "sqlite:////no/such/folder/x.db", "postgresql+nothing://x/y"])
def test_unusable_address_is_one_sentence(url):
    with pytest.raises(StoreError) as caught:
        open_database(url)
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)


def test_folder_is_no_database(tmp_path: Path):
    with pytest.raises(StoreError, match="är en mapp"):
        open_database(str(tmp_path))


@pytest.mark.parametrize("statement", ["UPDATE reviews SET decision = 'dismiss'", "DELETE FROM reviews"])
def test_database_itself_refuses_to_change_reviews(sessions, statement):
    store_sample(sessions, "a.md", ["Abc ska göras.", "Abc ska inte göras."])
    embed_all(sessions)
    pair_up(sessions, {(0, 1): make_verdict(0.9)})
    with sessions.begin() as session:
        decide(session, 1, reviewer="Anna", decision="confirm")
    with pytest.raises(DBAPIError, match="append-only"), sessions.begin() as session:
        session.execute(text(statement))
