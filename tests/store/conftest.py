"""Stores of either kind: an SQLite file and, where its programs are at hand, a PostgreSQL server of our own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from analyzer.store.database import open_database


@pytest.fixture(scope="session")
def postgresql_address() -> Iterator[str]:
    """A PostgreSQL server of our own in a folder of its own, where its programs are at hand."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    programs = found[-1].parent if found else None
    as_postgres = ["runuser", "-u", "postgres", "--"]
    if programs is None or shutil.which("runuser") is None:
        pytest.skip("PostgreSQL finns inte på den här datorn.")
    folder = Path(tempfile.mkdtemp(prefix="styrsignal-pg-"))
    folder.chmod(0o755)
    subprocess.run(["chown", "postgres", folder], check=True)
    made = subprocess.run(
        [*as_postgres, programs / "initdb", "-D", folder / "data", "-E", "UTF8", "--locale=C", "-A", "trust"],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        shutil.rmtree(folder)
        pytest.skip("PostgreSQL går inte att starta här: " + made.stderr.decode(errors="replace")[-200:])
    control = [*as_postgres, programs / "pg_ctl", "-D", folder / "data", "-w"]
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    subprocess.run([*control, "-o", options, "-l", folder / "log", "start"], check=True, capture_output=True)
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, database: str) -> sessionmaker[Session]:
    """An empty store of either kind."""
    if request.param == "sqlite":
        return open_database(database)
    address = request.getfixturevalue("postgresql_address")
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return open_database(address)
