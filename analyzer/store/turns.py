"""One scan of a store at a time, whoever starts it: two that store pairs at once would give them the same numbers."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from analyzer.errors import StoreError

#: Names the lock among all that PostgreSQL's clients may ask for: "styr" in ASCII.
ADVISORY_LOCK = 0x73747972
#: Beside an SQLite file. Not the file itself: closing it would drop the locks that SQLite holds on it.
SUFFIX = "-scan"


@contextmanager
def scan_turn(sessions: sessionmaker[Session]) -> Iterator[None]:
    """Wait until no other process scans this store, and keep others waiting inside. A process that dies lets go.

    Raises:
        StoreError: the lock file beside an SQLite database cannot be written.
    """
    engine = sessions.kw["bind"]
    if engine.dialect.name == "postgresql":
        with postgresql_turn(engine):
            yield
    elif engine.url.database and engine.url.database != ":memory:":
        with file_turn(Path(engine.url.database + SUFFIX)):
            yield
    else:
        yield


@contextmanager
def postgresql_turn(engine: Engine) -> Iterator[None]:
    """The server's own lock; it goes with the connection."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(select(func.pg_advisory_lock(ADVISORY_LOCK)))
        try:
            yield
        finally:
            if not connection.invalidated:
                connection.execute(select(func.pg_advisory_unlock(ADVISORY_LOCK)))


@contextmanager
def file_turn(path: Path) -> Iterator[None]:
    """A lock on an empty file, which stays: to remove it would let two processes lock two files of one name."""
    try:
        stream = path.open("ab")
    except OSError as error:
        raise StoreError(f"{path} går inte att skriva ({error.strerror}); ge skrivrätt i mappen.") from error
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
