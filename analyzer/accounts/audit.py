"""The audit log: who did what, when. Rows are only ever added, and each carries the hash of the one before it.

An edited, removed or added row breaks the chain of hashes; rows cut off at the end are missed by the count and hash in
`audit_head`. Whoever can rewrite the whole database can rewrite the whole chain too: write the last hash down elsewhere
now and then, and `check_audit` says whether that hash is still in the log.
"""

from __future__ import annotations

import getpass
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Insert, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, sessionmaker

from analyzer.store.folding import holds
from analyzer.store.schema import AuditHeadRow, AuditRow, now

#: Stands before the first row.
BEGINNING = "0" * 64
HEAD = 1
MOST_SHOWN = 200
#: Longest text that the log takes over from elsewhere (names, addresses, file names).
LONGEST = 300


#: What may be wrong with the log: a row is missing, does not follow the one before, or was edited; rows were cut off
#: at the end; a hash that was written down is not there.
FAULTS = ("missing", "unlinked", "edited", "cut", "unknown")


@dataclass(frozen=True, slots=True)
class AuditState:
    """What a check of the log found: whole rows and the last one's hash; the first row at fault, 0 for none."""

    rows: int
    last_hash: str
    broken: int = 0
    #: One of `FAULTS`, empty where the log is whole.
    fault: str = ""


def append_audit(session: Session, person: str, act: str, object_: str = "", **details: Any) -> AuditRow:
    """Add one row within the session's transaction; other writers wait until that has ended."""
    session.execute(first_head(session))
    # Writing first takes the lock: what is read next is the newest row and stays so.
    session.execute(update(AuditHeadRow).where(AuditHeadRow.id == HEAD).values(count=AuditHeadRow.count + 1))
    count, previous = session.execute(
        select(AuditHeadRow.count, AuditHeadRow.hash).where(AuditHeadRow.id == HEAD)
    ).one()
    text = json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    moment = now().isoformat(timespec="milliseconds")
    row = AuditRow(
        id=count,
        at=moment,
        person=person[:LONGEST],
        act=act,
        object=object_[:LONGEST],
        details=text,
        previous=previous,
        hash="",
    )
    row.hash = row_hash(row)
    session.add(row)
    session.flush()
    session.execute(update(AuditHeadRow).where(AuditHeadRow.id == HEAD).values(hash=row.hash))
    return row


def first_head(session: Session) -> Insert:
    """The head of an empty log, unless there is one."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(AuditHeadRow).values(id=HEAD, count=0, hash=BEGINNING).on_conflict_do_nothing()


def row_hash(row: AuditRow | Row[Any]) -> str:
    """SHA-256 over the row's values and the hash of the row before it."""
    values = [row.previous, row.id, row.at, row.person, row.act, row.object, row.details]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def log_as_system_user(sessions: sessionmaker[Session], act: str, object_: str = "", **details: Any) -> None:
    """Log an act from the command line, under the name that the system knows the person by."""
    with sessions.begin() as session:
        append_audit(session, system_user(), act, object_, **details)


def system_user() -> str:
    """The name of the system's own account."""
    try:
        return f"{getpass.getuser()} (kommandorad)"
    except (KeyError, OSError):
        return "okänd (kommandorad)"


def check_audit(session: Session, expected_hash: str = "") -> AuditState:
    """Follow the chain from its first row. `expected_hash` (or its beginning) was written down earlier."""
    previous, number, seen = BEGINNING, 0, not expected_hash or BEGINNING.startswith(expected_hash)
    table = AuditRow.__table__
    for row in session.execute(select(table).order_by(table.c.id)).yield_per(1000):
        number += 1
        if row.id != number:
            return AuditState(number - 1, previous, number, "missing")
        if row.previous != previous:
            return AuditState(number - 1, previous, number, "unlinked")
        if row_hash(row) != row.hash:
            return AuditState(number - 1, previous, number, "edited")
        previous = row.hash
        seen = seen or row.hash.startswith(expected_hash)
    head = session.execute(select(AuditHeadRow.count, AuditHeadRow.hash).where(AuditHeadRow.id == HEAD)).one_or_none()
    count, last = (head[0], head[1]) if head else (0, BEGINNING)
    if (count, last) != (number, previous):
        return AuditState(number, previous, min(number, count) + 1, "cut")
    return AuditState(number, previous, fault="" if seen else "unknown")


def audit_rows(
    session: Session, *, person: str = "", act: str = "", since: str = "", limit: int = MOST_SHOWN
) -> Sequence[AuditRow]:
    """The latest rows, newest first: of one person, of one kind of act, from a day on (ISO), as far as given."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if person.strip():
        query = query.where(holds(AuditRow.person, person.strip()))
    if act:
        query = query.where(AuditRow.act == act)
    if since.strip():
        query = query.where(AuditRow.at >= since.strip())
    return session.scalars(query).all()


def acts_in_log(session: Session) -> list[str]:
    """Every kind of act that the log holds."""
    return list(session.scalars(select(AuditRow.act).distinct().order_by(AuditRow.act)))
