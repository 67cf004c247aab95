"""A whole store in one file and back: gzip'd JSON Lines, a header first, then every row of every table.

The same file loads into SQLite and PostgreSQL, so it is also the way from the one to the other.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, LargeBinary, Table, func, insert, select
from sqlalchemy.orm import Session, sessionmaker

from analyzer.errors import StoreError
from analyzer.store.database import advance_sequences
from analyzer.store.schema import Base
from analyzer.store.search_index import bring_index_up_to_date

FORMAT = "styrsignal backup 1"
BLOCK = 1000


def write_backup(sessions: sessionmaker[Session], path: Path) -> int:
    """Write every row to `path`, whole or not at all. Returns the number of rows.

    Raises:
        StoreError: the file is there already or cannot be written.
    """
    if path.exists():
        raise StoreError(f"{path} finns redan; ange en ny fil, en säkerhetskopia skrivs aldrig över.")
    partial = path.with_name(path.name + ".partial")
    rows = 0
    try:
        # A fixed time in the gzip header: the same store gives the same bytes.
        with (
            sessions() as session,
            partial.open("wb") as raw,
            gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as stream,
        ):
            counts = {
                table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
                for table in Base.metadata.sorted_tables
            }
            stream.write(json_line({"format": FORMAT, "rows": counts}))
            for table in Base.metadata.sorted_tables:
                order = list(table.primary_key.columns)
                for row in session.execute(select(table).order_by(*order)).mappings().yield_per(BLOCK):
                    stream.write(json_line({"table": table.name, "row": encode_row(table, row)}))
                    rows += 1
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StoreError(f"{path} går inte att skriva ({error.strerror}); ange en annan plats.") from error
    return rows


def read_backup(sessions: sessionmaker[Session], path: Path) -> int:
    """Fill an empty store from a backup, whole or not at all. Returns the number of rows.

    Raises:
        StoreError: the file is no whole backup, or the store holds something already.
    """
    with sessions.begin() as session:
        tables = {table.name: table for table in Base.metadata.sorted_tables}
        if any(session.execute(select(table).limit(1)).first() for table in tables.values()):
            raise StoreError("Databasen är inte tom; ange en ny databas med --db, den här har inte rörts.")
        seen = dict.fromkeys(tables, 0)
        expected: dict[str, int] = {}
        try:
            lines = read_lines(path)
            header = next(lines)
            if header.get("format") != FORMAT:
                raise StoreError(f"{path} är inte en säkerhetskopia från styrsignal; ange en annan fil.")
            expected = header["rows"]
            block: list[dict[str, Any]] = []
            at = ""
            for line in lines:
                if line["table"] != at or len(block) == BLOCK:
                    insert_block(session, tables, at, block)
                    at, block = line["table"], []
                block.append(decode_row(tables[at], line["row"]))
                seen[at] += 1
            insert_block(session, tables, at, block)
        except (OSError, EOFError, ValueError, KeyError, StopIteration) as error:
            raise StoreError(f"{path} är inte en hel säkerhetskopia ({error}); ange en annan fil.") from error
        if seen != dict.fromkeys(tables, 0) | expected:  # an older backup knows fewer tables
            raise StoreError(f"{path} saknar rader; säkerhetskopian är avbruten, ange en annan fil.")
        advance_sequences(session)
        bring_index_up_to_date(session)
    return sum(seen.values())


def insert_block(session: Session, tables: dict[str, Table], name: str, block: list[dict[str, Any]]) -> None:
    """Insert rows of one table."""
    if block:
        session.execute(insert(tables[name]), block)


def json_line(value: dict[str, Any]) -> bytes:
    """One line of the file."""
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The file's lines as JSON objects."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def encode_row(table: Table, row: Any) -> dict[str, Any]:
    """Column values that JSON can hold: bytes as base64, moments as ISO 8601."""
    values: dict[str, Any] = {}
    for column in table.columns:
        value = row[column.name]
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode()
        elif isinstance(value, datetime):
            value = value.isoformat()
        values[column.name] = value
    return values


def decode_row(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """The column values that `encode_row` was given."""
    row: dict[str, Any] = {}
    for column in table.columns:
        value = values[column.name]
        if value is not None and isinstance(column.type, LargeBinary):
            value = base64.b64decode(value)
        elif value is not None and isinstance(column.type, DateTime):
            value = datetime.fromisoformat(value)
        row[column.name] = value
    return row
