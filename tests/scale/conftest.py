"""A PostgreSQL server of the tests' own: Debian's binaries, a temporary folder, a free port, gone afterwards."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.store.database import open_database

#: Not the machine's own: times that are stored without a zone would come back shifted, and be found out.
TIME_ZONE = "Asia/Kathmandu"
ACCOUNT = "postgres"


def find_binaries() -> Path | None:
    """The folder of the newest server that is installed: Debian keeps it off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if folders:
        return folders[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def unprivileged() -> list[str]:
    """What goes before a server's command: it refuses to run as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups"]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[int]:
    """The port of a running server whose superuser is `styrsignal`."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="styrsignal-postgres-"))
    if os.geteuid() == 0:
        try:
            account = pwd.getpwnam(ACCOUNT)
        except KeyError:
            pytest.skip(f"there is no account {ACCOUNT} that may run PostgreSQL; its server refuses to run as root")
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, port = folder / "data", free_port()
    # Locale C: what the program finds must not hang on the server's alphabet.
    initdb = [binaries / "initdb", "-D", data, "-U", "styrsignal", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    settings = f"-p {port} -k {folder} -h 127.0.0.1 -F -c timezone={TIME_ZONE} -c max_connections=30"
    start = [binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-o", settings, "-w", "-t", "60", "start"]
    stop = [binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"]
    for command in (initdb, start):
        subprocess.run([*unprivileged(), *map(str, command)], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        yield port
    finally:
        subprocess.run([*unprivileged(), *map(str, stop)], check=False, cwd=folder, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def make_postgres(postgres_server: int) -> Callable[[], str]:
    """Makes an empty database and returns its URL."""
    numbers = itertools.count()

    def make() -> str:
        name = f"test_{next(numbers)}"
        address = f"host=127.0.0.1 port={postgres_server} user=styrsignal dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://styrsignal@127.0.0.1:{postgres_server}/{name}"

    return make


@pytest.fixture
def postgres(make_postgres: Callable[[], str]) -> str:
    """URL of an empty PostgreSQL database."""
    return make_postgres()


@pytest.fixture
def postgres_sessions(postgres: str) -> sessionmaker[Session]:
    """An empty store in PostgreSQL."""
    return open_database(postgres)
