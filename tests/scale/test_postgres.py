"""PostgreSQL as the store: the same schema, the same flags, the same decisions, and backups both ways."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from analyzer.accounts.users import add_user
from analyzer.errors import StoreError
from analyzer.review.decisions import decide
from analyzer.store.backup import read_backup, write_backup
from analyzer.store.database import bring_up_to_date, make_engine, migration_config, open_database
from analyzer.store.queries import ConflictFilter, conflict_count, conflict_page
from analyzer.store.schema import Base, DocumentRow, ReviewRow, ScanRow
from tests.scale.answers import EXAMPLES, answer
from tests.store.samples import embed_all, make_verdict, open_at_once, pair_up, store_sample

pytestmark = pytest.mark.xdist_group("postgres")
#: Enough of the example corpus for flags of several kinds, little enough for seconds.
FILES = sorted(EXAMPLES.iterdir())[:4]
WORD = re.compile(r"\w+")


def test_migrations_give_the_schema_of_the_code(postgres):
    engine = make_engine(postgres)
    bring_up_to_date(engine)
    command.check(migration_config(engine))  # raises where they differ


def test_several_may_open_a_new_database_at_once(postgres):
    assert open_at_once(postgres) == [("", 0)] * 3
    command.check(migration_config(make_engine(postgres)))


def test_a_scan_a_decision_and_a_backup_are_those_of_sqlite(postgres_sessions, make_postgres, sessions, tmp_path):
    here = answer(sessions, FILES, second_reader_pairs=20)
    there = answer(postgres_sessions, FILES, second_reader_pairs=20)
    assert here == there and len(here["conflicts"]) > 10

    for store in (sessions, postgres_sessions):
        with store.begin() as session:
            best = conflict_page(session, ConflictFilter(), limit=1)[0]
            decide(session, best.pair.id, reviewer="Åsa", decision="dismiss", reason="time", comment="gäller 2025")
        with store() as session:
            word = max(WORD.findall(best.a.quote), key=len)
            found = conflict_page(session, ConflictFilter(words=word.upper(), statuses=("dismiss",)), limit=5)
            assert [(view.pair.id, view.status) for view in found] == [(best.pair.id, "dismiss")]
            assert conflict_count(session, ConflictFilter(words=word, statuses=("open",))) > 0

    # From the one kind of database to the other and back, and both go on taking things in.
    write_backup(sessions, tmp_path / "sqlite.jsonl.gz")
    moved = open_database(make_postgres())
    read_backup(moved, tmp_path / "sqlite.jsonl.gz")
    write_backup(moved, tmp_path / "moved.jsonl.gz")
    assert lines(tmp_path / "moved.jsonl.gz") == lines(tmp_path / "sqlite.jsonl.gz")
    assert answer(moved, FILES, second_reader_pairs=20) == answer(sessions, FILES, second_reader_pairs=20) != here
    store_sample(moved, "new.md", ["Abc ska göras."])
    with moved() as session:
        assert session.scalar(select(DocumentRow.id).where(DocumentRow.key == "new.md"))


def test_after_a_backup_is_read_every_table_numbers_on(postgres_sessions, sessions, tmp_path):
    store_sample(sessions, "a.md", ["Abc ska göras.", "Abc ska inte göras."])
    embed_all(sessions)
    pair_up(sessions, {(0, 1): make_verdict(0.9)})
    with sessions.begin() as session:
        decide(session, 1, reviewer="Anna", decision="confirm")
        add_user(session, "anna", "reviewer", "korrekt häst batteri")
        session.add(ScanRow(paths=[], counts={}, timings={}, skipped=[]))
    write_backup(sessions, tmp_path / "store.jsonl.gz")
    read_backup(postgres_sessions, tmp_path / "store.jsonl.gz")
    with postgres_sessions() as session:
        numbered = 0
        for table in Base.metadata.sorted_tables:
            for column in table.primary_key.columns:
                sequence = session.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
                if sequence is not None:
                    numbered += 1
                    highest = session.scalar(select(func.max(column)))
                    assert highest and session.scalar(select(func.nextval(sequence))) == highest + 1, table.name
    assert numbered == 5


def lines(path):
    """The rows of a backup, moments as moments: databases write them with and without a zone."""
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]
    for row in rows[1:]:
        for name, value in row["row"].items():
            if name.endswith("_at") and value:
                moment = datetime.fromisoformat(value)
                row["row"][name] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return rows


@pytest.mark.parametrize("statement", ["UPDATE reviews SET decision = 'confirm'", "DELETE FROM reviews"])
def test_database_itself_refuses_to_change_reviews(postgres_sessions, statement):
    store_sample(postgres_sessions, "a.md", ["Abc ska göras.", "Abc ska inte göras."])
    embed_all(postgres_sessions)
    pair_up(postgres_sessions, {(0, 1): make_verdict(0.9)})
    with postgres_sessions.begin() as session:
        decide(session, 1, reviewer="Anna", decision="confirm")
    with pytest.raises(DBAPIError, match="append-only"), postgres_sessions.begin() as session:
        session.execute(text(statement))


def test_moments_are_read_as_they_were_written(postgres_sessions):
    store_sample(postgres_sessions, "a.md", ["Abc ska göras.", "Abc ska inte göras."])
    embed_all(postgres_sessions)
    pair_up(postgres_sessions, {(0, 1): make_verdict(0.9)})
    before = datetime.now(UTC)
    with postgres_sessions.begin() as session:
        decide(session, 1, reviewer="Anna", decision="confirm")
    with postgres_sessions() as session:
        moment = session.scalars(select(ReviewRow.created_at)).one()
        assert moment.utcoffset() is not None and moment.utcoffset().total_seconds() == 0
        assert 0 <= (moment - before).total_seconds() < 60


def test_database_of_another_program_is_refused_and_left_alone(postgres):
    with make_engine(postgres).begin() as connection:
        connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
    with pytest.raises(StoreError, match="något annat än styrsignal"):
        open_database(postgres)
    with make_engine(postgres).begin() as connection:
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        assert names.scalars().all() == ["invoices"]


@pytest.mark.parametrize("case", ["no server", "no database", "no such user"])
def test_a_server_that_cannot_be_used_is_one_sentence(postgres_server, case):
    url = {
        "no server": "postgresql+psycopg://styrsignal:hemligt@127.0.0.1:1/x",
        "no database": f"postgresql+psycopg://styrsignal:hemligt@127.0.0.1:{postgres_server}/saknas",
        "no such user": f"postgresql+psycopg://nobody:hemligt@127.0.0.1:{postgres_server}/postgres",
    }[case]
    with pytest.raises(StoreError) as caught:
        open_database(url)
    message = str(caught.value)
    assert message.endswith(".") and "\n" not in message and "hemligt" not in message
