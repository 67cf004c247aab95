"""What `styrsignal doctor` looks at. Each check returns one finding and never raises."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from analyzer.errors import StyrsignalError

#: Below this, a scan of a large corpus may fill the disk.
FREE_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: a Swedish name and sentence, and whether all is well."""

    name: str
    good: bool
    text: str


def examine(url: str) -> list[Finding]:
    """Every check, in the order in which they are printed."""
    search = examine_search(url)  # first: SQLite counts a damaged index, which is mended here, as a damaged database
    database = examine_database(url)
    found = [examine_python(), examine_libraries(), examine_models(), database]
    return [*found, *([search] if database.good else []), examine_disk(url)]


def examine_python() -> Finding:
    """Python is new enough."""
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), found)


def examine_libraries() -> Finding:
    """The libraries that the main job needs are there."""
    names = ("spacy", "scikit-learn", "faiss-cpu", "SQLAlchemy", "gradio", "pypdfium2")
    try:
        return Finding("Bibliotek", True, ", ".join(f"{name} {version(name)}" for name in names))
    except PackageNotFoundError as error:
        return Finding("Bibliotek", False, f"{error.name} saknas; kör make setup.")


def examine_models() -> Finding:
    """Every shipped model is the one that the manifest names, and loads."""
    from analyzer.matching.encoder import load_encoder
    from analyzer.scoring import load_judge
    from analyzer.second_reader import load_second_reader
    from analyzer.settings import load_settings
    from analyzer.signals import load_reader

    try:
        load_reader()
        reader = load_second_reader(load_settings().second_reader)
        names = [load_encoder().name, load_judge().name, *([reader.name] if reader else [])]
        return Finding("Modeller", True, ", ".join(names))
    except StyrsignalError as error:
        return Finding("Modeller", False, str(error))


def examine_database(url: str) -> Finding:
    """The database opens, is at the present schema and whole."""
    from analyzer.store.database import open_database
    from analyzer.store.queries import counts

    try:
        sessions = open_database(url)
        with sessions() as session:
            if session.get_bind().dialect.name == "sqlite":
                verdict = session.execute(text("PRAGMA integrity_check")).scalar_one()
                if verdict != "ok":
                    return Finding("Databas", False, f"skadad ({verdict}); återställ en säkerhetskopia med load.")
            numbers = counts(session)
    except (StyrsignalError, SQLAlchemyError) as error:
        return Finding("Databas", False, str(error))
    return Finding("Databas", True, f"{url}: {numbers['documents']} dokument, {numbers['signals']} signaler")


def examine_search(url: str) -> Finding:
    """The search index agrees with the signals, to the letter. It is made from them: where it does not, it is anew."""
    from analyzer.store.database import explain, open_database
    from analyzer.store.search_index import index_is_sound, rebuild_index

    try:
        sessions = open_database(url)
    except StyrsignalError as error:
        return Finding("Sökregister", False, str(error))
    try:
        with sessions.begin() as session:
            if index_is_sound(session):
                return Finding("Sökregister", True, "stämmer med signalerna")
            count = rebuild_index(session)
    except DBAPIError as error:
        return Finding("Sökregister", False, explain(sessions.kw["bind"].url, error))
    return Finding("Sökregister", True, f"stämde inte med signalerna och är gjort om ({count} signaler)")


def examine_disk(url: str) -> Finding:
    """There is room where the database lies."""
    place = Path(".")
    if "://" not in url:
        place = Path(url).parent
    elif (database := make_url(url).database) and url.startswith("sqlite"):
        place = Path(database).parent
    free = shutil.disk_usage(place).free
    return Finding("Disk", free >= FREE_BYTES, f"{free / (1 << 30):.1f} GB ledigt")
