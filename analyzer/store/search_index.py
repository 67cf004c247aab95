"""What is derived from the signals so that they are found fast: their words and stems, and the units they steer.

It can be made again from the signals, so it is not backed up, and whatever is missing or damaged is made anew. SQLite
keeps words and stems in an FTS5 table, PostgreSQL as text-search vectors; both are given the very same words and stems,
so that both find the same signals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import snowballstemmer
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from analyzer.signals.organisation import ancestors, canonical
from analyzer.signals.verbs import read_verb
from analyzer.store.schema import SignalRow, SignalUnitRow

#: Letters and digits; what SQLite's tokenizer and PostgreSQL's vectors are given, already cut.
WORD = re.compile(r"[^\W_]+")
BLOCK = 2000
SHORTEST_STEM = 3
LONGEST_WORD = 80
#: PostgreSQL's highest position in a vector.
LAST_PLACE = 16383
SQLITE_TABLE = """CREATE VIRTUAL TABLE signal_search
USING fts5(words, stems, tokenize="unicode61 remove_diacritics 0", prefix="2 3")"""
SHADOWS = ("data", "idx", "content", "docsize", "config")


def cut_words(words: str) -> list[str]:
    """The words of a text in lower case, composed letters, in order; of endless ones the beginning."""
    return [match.group().lower()[:LONGEST_WORD] for match in WORD.finditer(unicodedata.normalize("NFC", words))]


@cache
def swedish_stemmer() -> Any:
    """Snowball's Swedish stemmer."""
    return snowballstemmer.stemmer("swedish")


@lru_cache(maxsize=200_000)
def stem_word(word: str) -> str:
    """What the forms of a word in lower case share: "närvarons" and "närvaro", "ökade" and "öka", theirs.

    Verb forms of the lexicon count as their infinitive: Snowball leaves short words as they are. It is asked until it
    takes nothing more off, so that "kostnader" ends where "kostnad" does; and it takes no definite ending off nouns in
    -o, so an -on that it leaves loses its n, in "region" as well.
    """
    lemmas = [reading.lemma for reading in read_verb(word) if reading.form != "imperative"]
    stem, before = (lemmas[0] if lemmas else word), ""
    while stem != before:
        before = stem
        shorter = str(swedish_stemmer().stemWord(stem))
        shorter = shorter[:-1] if len(shorter) > 3 and shorter.endswith("on") else shorter
        stem = shorter if len(shorter) >= SHORTEST_STEM else stem
    return stem


def signal_words(row: SignalRow) -> list[str]:
    """The words of a signal, its lead-in first."""
    return cut_words(f"{row.lead_in or ''} {row.quote}")


def units_of(signal_id: int, addressees: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Rows of `SignalUnitRow`: every addressee and all units above it; the unit "" where nobody is named."""
    named = {canonical(name): True for name in addressees if name.strip()}
    rolled = dict.fromkeys((above for name in named for above in ancestors(name)), False) | named
    for unit, is_named in (rolled or {"": True}).items():
        depth = len(ancestors(unit)) if unit else 0
        yield {"signal_id": signal_id, "unit": unit, "depth": depth, "named": is_named}


def index_signals(session: Session, rows: Sequence[SignalRow]) -> None:
    """Put signals into the index; those that are in it already are put in anew."""
    if not rows:
        return
    postgresql = session.get_bind().dialect.name == "postgresql"
    units = [unit for row in rows for unit in units_of(row.id, row.frame.get("addressee") or ())]
    if postgresql:
        session.execute(postgresql_insert(SignalUnitRow).on_conflict_do_nothing(), units)
    else:
        session.execute(insert(SignalUnitRow).prefix_with("OR IGNORE"), units)
    values = []
    for row in rows:
        words = signal_words(row)
        stems = [stem_word(word) for word in words]
        write = vector_text if postgresql else " ".join
        values.append({"id": row.id, "words": write(words), "stems": write(stems)})
    if postgresql:
        statement = (
            "INSERT INTO signal_search (signal_id, words, stems) VALUES (:id, CAST(:words AS tsvector), "
            "CAST(:stems AS tsvector)) ON CONFLICT (signal_id) DO UPDATE SET words = excluded.words, "
            "stems = excluded.stems"
        )
    else:
        statement = "INSERT OR REPLACE INTO signal_search (rowid, words, stems) VALUES (:id, :words, :stems)"
    session.execute(text(statement), values)


def vector_text(words: Iterable[str]) -> str:
    """Words as the literal of a text-search vector, each at its place."""
    return " ".join(f"'{word}':{min(place, LAST_PLACE)}" for place, word in enumerate(words, start=1))


def index_document(session: Session, document_id: int) -> None:
    """Put the signals of a document that was just stored into the index."""
    index_signals(session, session.scalars(select(SignalRow).where(SignalRow.document_id == document_id)).all())


def searched_count(session: Session) -> int:
    """How many signals the full-text index holds."""
    if session.get_bind().dialect.name == "postgresql":
        return int(session.execute(text("SELECT count(*) FROM signal_search")).scalar_one())
    session.execute(text("SELECT rowid FROM signal_search LIMIT 1"))  # fails where an inner table is missing
    return int(session.execute(text("SELECT count(*) FROM signal_search_docsize")).scalar_one())


def in_step(session: Session) -> bool:
    """Whether the index holds as many signals as there are. False as well where it is damaged beyond reading."""
    signals = session.execute(select(func.count(SignalRow.id))).scalar_one()
    try:
        with session.begin_nested():
            if searched_count(session) != signals:
                return False
    except DBAPIError:
        return False
    units = session.execute(select(func.count(SignalUnitRow.signal_id.distinct()))).scalar_one()
    return bool(units == signals)


def bring_index_up_to_date(session: Session) -> int:
    """Index the signals that are missing, all of them anew where the index is damaged. Returns how many; no commit."""
    if in_step(session):
        return 0
    try:
        with session.begin_nested():
            missing = missing_signals(session)
    except DBAPIError:
        return rebuild_index(session)
    if not missing:  # it holds what is no signal
        return rebuild_index(session)
    index_all(session, missing)
    return len(missing)


def missing_signals(session: Session) -> list[int]:
    """Ids of signals that the index lacks."""
    if session.get_bind().dialect.name == "postgresql":
        searched = text("SELECT signal_id FROM signal_search")
    else:
        searched = text("SELECT id FROM signal_search_docsize")
    known = set(session.scalars(searched)) & set(session.scalars(select(SignalUnitRow.signal_id).distinct()))
    return sorted(set(session.scalars(select(SignalRow.id))) - known)


def index_all(session: Session, ids: Sequence[int]) -> None:
    """Put the named signals into the index, some at a time."""
    for at in range(0, len(ids), BLOCK):
        index_signals(session, session.scalars(select(SignalRow).where(SignalRow.id.in_(ids[at : at + BLOCK]))).all())


def rebuild_index(session: Session) -> int:
    """Make the whole index anew from the signals. Returns their number; no commit."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("TRUNCATE signal_search"))
    else:
        recreate_sqlite_index(session)
    session.execute(delete(SignalUnitRow))
    ids = session.scalars(select(SignalRow.id).order_by(SignalRow.id)).all()
    index_all(session, ids)
    return len(ids)


def recreate_sqlite_index(session: Session) -> None:
    """An empty FTS5 table. One whose inner tables are broken cannot be dropped: it is struck from the schema."""
    try:
        with session.begin_nested():
            session.execute(text("DROP TABLE IF EXISTS signal_search"))
    except DBAPIError:
        session.execute(text("PRAGMA writable_schema = ON"))
        session.execute(text("DELETE FROM sqlite_master WHERE name = 'signal_search' AND type = 'table'"))
        session.execute(text("PRAGMA writable_schema = RESET"))
        for part in SHADOWS:
            session.execute(text(f"DROP TABLE IF EXISTS signal_search_{part}"))
    session.execute(text(SQLITE_TABLE))


def index_is_sound(session: Session) -> bool:
    """A full check: the counts agree, and on SQLite the inner structure agrees with the words it was made from."""
    if not in_step(session):
        return False
    if session.get_bind().dialect.name == "postgresql":
        return True
    try:
        with session.begin_nested():
            session.execute(text("INSERT INTO signal_search (signal_search) VALUES ('integrity-check')"))
    except DBAPIError:
        return False
    return True
