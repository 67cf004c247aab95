"""Failed log-ins in a row, by account and by address: a few are free, then each doubles the wait, up to a lock-out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from analyzer.store.schema import AttemptRow, now

#: Failures before the first wait. Many people may share one address behind a proxy.
FREE = {"account": 5, "address": 20}
#: The longest wait, and how long after the last failure all are forgiven.
LONGEST_WAIT = timedelta(minutes=15)


def take_attempt(session: Session, name: str, address: str) -> float:
    """Count one attempt as failed before its password is looked at, so that many at once gain nothing.

    Returns the seconds to wait, 0 where the attempt may go on. An attempt that must wait is not counted.
    """
    moment = now()
    session.execute(delete(AttemptRow).where(AttemptRow.failed_at < moment - LONGEST_WAIT))
    rows = [lock_row(session, kind, value, moment) for kind, value in (("account", name), ("address", address))]
    waits = [waiting(row, kind, moment) for row, kind in zip(rows, FREE, strict=True)]
    if max(waits) > 0:
        return max(waits)
    for row in rows:
        row.failures += 1
        row.failed_at = moment
    session.flush()
    return 0.0


def forgive_attempt(session: Session, name: str, address: str) -> None:
    """The attempt was good after all: the account starts anew, the address has one failure less.

    An address keeps its other failures: else anybody with an account of their own could try others' without end.
    """
    session.execute(delete(AttemptRow).where(AttemptRow.key == row_key("account", name)))
    session.execute(
        update(AttemptRow)
        .where(AttemptRow.key == row_key("address", address), AttemptRow.failures > 0)
        .values(failures=AttemptRow.failures - 1)
    )


def lock_row(session: Session, kind: str, value: str, moment: datetime) -> AttemptRow:
    """The row, made where there is none. The write comes first: two attempts at once stand in line for it."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    key = row_key(kind, value)
    statement = insert(AttemptRow).values(key=key, failures=0, failed_at=moment)
    session.execute(
        statement.on_conflict_do_update(index_elements=[AttemptRow.key], set_={"failures": AttemptRow.failures})
    )
    return session.get_one(AttemptRow, key, populate_existing=True)


def row_key(kind: str, value: str) -> str:
    """Key of a row; long values are cut, which only makes strangers share a count."""
    return f"{kind}:{value}"[:160]


def waiting(row: AttemptRow, kind: str, moment: datetime) -> float:
    """Seconds left of the wait after the last failure."""
    failed_at = row.failed_at if row.failed_at.tzinfo else row.failed_at.replace(tzinfo=UTC)
    return max(0.0, (failed_at + delay(row.failures, FREE[kind]) - moment).total_seconds())


def delay(failures: int, free: int) -> timedelta:
    """How long to wait after so many failures in a row: 1 s, 2 s, 4 s … up to the lock-out."""
    if failures < free:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - free, 20)), LONGEST_WAIT)
