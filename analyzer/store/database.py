"""Opening the database: one URL in, a session factory out, the schema brought up to date on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Engine, create_engine, event, func, inspect, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session, sessionmaker

from analyzer.errors import StoreError
from analyzer.store.schema import Base
from analyzer.store.search_index import bring_index_up_to_date

MIGRATIONS = Path(__file__).parent / "migrations"
SQLITE_MAGIC = b"SQLite format 3\x00"
BUSY_SECONDS = 30


def open_database(url: str) -> sessionmaker[Session]:
    """Open (and where needed create or upgrade) the database at `url`, a SQLAlchemy URL or the path of an SQLite file.

    Raises:
        StoreError: it cannot be reached, is read-only, is not a database, or is not one of styrsignal's.
    """
    engine = make_engine(url)
    try:
        bring_up_to_date(engine)
        sessions = sessionmaker(engine, expire_on_commit=False)
        with sessions.begin() as session:
            bring_index_up_to_date(session)
    except DBAPIError as error:
        raise StoreError(explain(engine.url, error)) from error
    return sessions


def make_engine(url: str) -> Engine:
    """An engine whose SQLite connections use WAL, full synchronisation, foreign keys and a busy time-out."""
    try:
        parsed = make_url(url if "://" in url else f"sqlite:///{url}")
        if parsed.get_backend_name() == "sqlite":
            check_sqlite_file(parsed)
        # An error is told without the values of its statement: they are the words of documents.
        engine = create_engine(parsed, hide_parameters=True, json_deserializer=orjson.loads)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"Databasadressen {url!r} går inte att använda ({error}); ange en fil eller en SQLAlchemy-adress."
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", prepare_postgresql)
    return engine


def check_sqlite_file(url: URL) -> None:
    """Refuse what is plainly no SQLite file before SQLite touches it (it would happily overwrite an empty one)."""
    if not url.database or url.database == ":memory:":
        return
    path = Path(url.database)
    if path.is_dir():
        raise StoreError(f"{path} är en mapp, inte en databas; ange en fil.")
    if not path.parent.is_dir():
        raise StoreError(f"Mappen {path.parent} finns inte; skapa den eller ange en annan databasfil.")
    if path.is_file():
        try:
            head = path.open("rb").read(len(SQLITE_MAGIC))
        except OSError as error:
            raise StoreError(
                f"Databasen {path} går inte att öppna ({error.strerror}); kontrollera rättigheterna."
            ) from error
        if head and head != SQLITE_MAGIC:
            raise StoreError(f"{path} är inte en databas; ange en annan fil med --db, den här har inte rörts.")


def prepare_sqlite(connection: Any, _record: Any) -> None:
    """Settings of every new SQLite connection: nothing acknowledged is lost, readers do not wait for writers."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
    # SQLite's own lower() leaves Å, Ä and Ö as they are, and a search for "öst" would miss "Öst".
    connection.create_function("lower", 1, lower, deterministic=True)


def prepare_postgresql(connection: Any, _record: Any) -> None:
    """Moments go in and come out in UTC, whatever zone the server is set to: SQLite and backups know no other."""
    connection.execute("SET TIME ZONE 'UTC'")
    connection.commit()


def advance_sequences(session: Session) -> None:
    """Let PostgreSQL number new rows after those that came in with numbers of their own; SQLite does so anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            session.execute(select(func.setval(sequence, highest, False)).where(sequence.is_not(None)))


def lower(value: Any) -> Any:
    """What SQL's lower() should give: letters of every alphabet in lower case, other values untouched."""
    return value.lower() if isinstance(value, str) else value


def migration_config(engine: Engine) -> Config:
    """Alembic's configuration, made here so that no ini file has to be found at run time."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def bring_up_to_date(engine: Engine) -> None:
    """Run the migrations that the database lacks; refuse a database that holds somebody else's tables."""
    config = migration_config(engine)
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        # In this order: who makes a new database at the same time commits its tables and its revision together.
        tables = set(inspect(connection).get_table_names())
        current = MigrationContext.configure(connection).get_current_revision()
    if current == newest:
        return
    if current is None and tables:
        raise StoreError(
            f"{engine.url.render_as_string(hide_password=True)} är en databas för något annat än styrsignal; "
            "ange en annan med --db, den här har inte rörts."
        )
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            "Databasen är skapad av en nyare version av styrsignal; uppgradera programmet eller ange en annan databas."
        ) from error


def explain(url: URL, error: DBAPIError) -> str:
    """One Swedish sentence for a database's own error."""
    where = url.render_as_string(hide_password=True)
    what = str(error.orig).lower()
    if "not a database" in what or "malformed" in what:
        return f"{where} är inte en hel databas; ange en annan eller återställ en säkerhetskopia."
    if "readonly" in what or "read-only" in what:
        return f"{where} är skrivskyddad; ge skrivrätt eller ange en annan databas."
    if "locked" in what:
        return f"{where} är låst av ett annat program; vänta tills det är klart och försök igen."
    if "full" in what:
        return f"Disken är full vid {where}; frigör plats och kör om, inget som var sparat är förlorat."
    told = str(error.orig).strip().partition("\n")[0].rstrip(".")
    return f"{where} går inte att använda ({told}); kontrollera adressen och rättigheterna."
