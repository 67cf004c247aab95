"""The signals in force, as matching wants them: numbers and vectors at once, words when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from sqlalchemy import Connection, Engine, case, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from analyzer.matching.library import Library, read_library
from analyzer.matching.records import join, pack, unpack
from analyzer.records import Frame, Metadata, Side
from analyzer.store.convert import TOLD, read_metadata, side_of, signal_of
from analyzer.store.replacement import name_document
from analyzer.store.schema import DocumentRow, SignalRecordRow, SignalRow

#: SQLite allows 32,766 variables in a statement; blocks stay well below.
BLOCK = 5000
#: Sides that are kept when they have been fetched, so that a small store is asked for each once.
KEPT = 200_000
#: What `signal_of` reads of a row.
_WORDS = [
    getattr(SignalRow, name)
    for name in ("ordinal", "quote", "start", "end", "lead_in", "lead_in_start", "lead_in_end", "passage", "page")
] + [SignalRow.id, SignalRow.heading, SignalRow.frame]


class FetchedSides(Sequence[Side]):
    """Sides by position, of which many are best fetched at once."""

    def fetch(self, positions: np.ndarray) -> list[Side]:
        """The sides at `positions`, in that order."""
        raise NotImplementedError

    @overload
    def __getitem__(self, at: int) -> Side: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Side]: ...
    def __getitem__(self, at: int | slice) -> Side | Sequence[Side]:
        found = self.fetch(np.atleast_1d(np.arange(len(self))[at]))
        return found if isinstance(at, slice) else found[0]

    def __iter__(self) -> Iterator[Side]:
        return iter(self.fetch(np.arange(len(self))))


class SidesInFront(FetchedSides):
    """Sides that are at hand, and stored ones after them."""

    def __init__(self, own: Sequence[Side], stored: StoredSides) -> None:
        self.own, self.stored = own, stored

    def __len__(self) -> int:
        return len(self.own) + len(self.stored)

    def fetch(self, positions: np.ndarray) -> list[Side]:
        asked, count = np.asarray(positions), len(self.own)
        stored = iter(self.stored.fetch(asked[asked >= count] - count))
        return [self.own[at] if at < count else next(stored) for at in asked.tolist()]


class StoredSides(FetchedSides):
    """Sides of stored signals, by position; they are fetched when asked for, and kept while they are not too many."""

    def __init__(
        self, bind: Engine | Connection, ids: np.ndarray, document_ids: np.ndarray, documents: dict[int, Metadata]
    ) -> None:
        """`documents`: metadata by the documents' ids."""
        self.bind, self.ids, self.document_ids, self.documents = bind, ids, document_ids, documents
        self.kept: dict[int, Side] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def fetch(self, positions: np.ndarray) -> list[Side]:
        """The sides at `positions`, in that order."""
        with Session(self.bind) as session:
            return self.fetch_in(session, positions)

    def fetch_in(self, session: Session, positions: np.ndarray) -> list[Side]:
        """As `fetch`, by a session that may see more than others do."""
        asked = np.asarray(positions).tolist()
        missing = [at for at in dict.fromkeys(asked) if at not in self.kept]
        if len(self.kept) + len(missing) > KEPT and missing:
            self.kept.clear()
            missing = list(dict.fromkeys(asked))
        for begin in range(0, len(missing), BLOCK):
            place = {int(self.ids[at]): at for at in missing[begin : begin + BLOCK]}
            for row in session.execute(select(*_WORDS).where(SignalRow.id.in_(place))):
                at = place[row.id]
                signal, metadata = signal_of(row), self.documents[int(self.document_ids[at])]  # type: ignore[arg-type]
                self.kept[at] = side_of(signal, metadata)
        return [self.kept[at] for at in asked]


@dataclass(frozen=True, slots=True)
class ActiveSignals:
    """Every signal of every active document, in the order of their ids; arrays of length n."""

    ids: np.ndarray
    document_ids: np.ndarray
    keys: list[str]
    sides: StoredSides
    #: float32 (n, d) where all are embedded by `encoder`, rows of zeros where not.
    vectors: np.ndarray
    embedded: np.ndarray
    #: True where the signal has been compared to all others under the present name.
    compared: np.ndarray


def count_active(session: Session, *, encoder: str, comparison: str) -> tuple[int, int]:
    """How many signals are active, and how many of them lack a vector of this encoder or this comparison."""
    lacks = or_(
        SignalRow.vector.is_(None),
        SignalRow.encoder.is_distinct_from(encoder),
        SignalRow.compared.is_distinct_from(comparison),
    )
    counts = select(func.count(), func.coalesce(func.sum(case((lacks, 1), else_=0)), 0))
    count, lacking = session.execute(_active(counts.select_from(SignalRow))).one()
    return int(count), int(lacking)


def load_active(session: Session, *, encoder: str, dimension: int, comparison: str) -> ActiveSignals:
    """Read the active signals; vectors of another encoder and comparisons under another name count as missing."""
    columns = (SignalRow.id, SignalRow.document_id, SignalRow.key, SignalRow.vector, SignalRow.encoder)
    statement = _active(select(*columns, SignalRow.compared).select_from(SignalRow)).order_by(SignalRow.id)
    rows = session.execute(statement).all()
    embedded = np.array([row.encoder == encoder and row.vector is not None for row in rows], dtype=bool)
    vectors = np.zeros((len(rows), dimension), dtype=np.float32)
    joined = b"".join(row.vector for row, has in zip(rows, embedded, strict=True) if has)
    vectors[embedded] = np.frombuffer(joined, dtype=np.float32).reshape(-1, dimension)
    ids = np.array([row.id for row in rows], dtype=np.int64)
    document_ids = np.array([row.document_id for row in rows], dtype=np.int64)
    return ActiveSignals(
        ids=ids,
        document_ids=document_ids,
        keys=[row.key for row in rows],
        sides=StoredSides(session.get_bind(), ids, document_ids, load_metadata(session)),
        vectors=vectors,
        embedded=embedded,
        compared=np.array([row.compared == comparison for row in rows], dtype=bool),
    )


def load_metadata(session: Session) -> dict[int, Metadata]:
    """The metadata in force of every active document, by its id."""
    statement = select(DocumentRow.id, *TOLD).where(DocumentRow.status == "active")
    return {document: read_metadata(*told) for document, *told in session.execute(statement)}


def load_library(session: Session, active: ActiveSignals, own: Sequence[Side] = ()) -> tuple[Library, np.ndarray]:
    """What matching knows of sides of one document (`own`) and of all active signals after them: from the records of
    those that have been compared, read now for the others. A document's signals are read together or not at all.

    Returns the library, and the positions in `active` of the signals that were read now, int64.
    """
    document_of = np.concatenate([np.zeros(len(own), dtype=np.int64), active.document_ids])
    ids, records = _load_records(session)
    at = np.searchsorted(active.ids, ids)
    has = np.zeros(len(active.ids), dtype=bool)
    has[at] = True
    whole = ~np.isin(active.document_ids, active.document_ids[~(has & active.compared)])
    kept = len(own) + np.flatnonzero(whole)
    new = np.flatnonzero(~whole)
    sides = [*own, *active.sides.fetch_in(session, new)]
    if not len(kept):
        return read_library(sides, document_of), new
    fresh = read_library(sides, document_of[np.setdiff1d(np.arange(len(document_of)), kept)]) if sides else None
    shapes = fresh or read_library([Side("", Frame())], np.zeros(1, dtype=np.int64))
    unpacked = unpack(
        [record for record, place in zip(records, at.tolist(), strict=True) if whole[place]],
        shapes.rows.shape[1],
        shapes.words.shape[1],
    )
    named = {document: name_document(metadata) for document, metadata in active.sides.documents.items()}
    documents = [*own, *(named[document] for document in active.document_ids.tolist())]
    return join(fresh, unpacked, kept, documents, document_of), new


def store_records(session: Session, active: ActiveSignals, library: Library, at: np.ndarray) -> None:
    """Keep what matching has read of the active signals at positions `at`, in place of what was kept of them."""
    for begin in range(0, len(at), BLOCK):
        block = at[begin : begin + BLOCK]
        ids = active.ids[block].tolist()
        session.execute(delete(SignalRecordRow).where(SignalRecordRow.signal_id.in_(ids)))
        values = [
            {"signal_id": signal_id, "record": record}
            for signal_id, record in zip(ids, pack(library, block), strict=True)
        ]
        session.execute(insert(SignalRecordRow), values)


def _active(statement: Any) -> Any:
    return statement.join(DocumentRow, SignalRow.document_id == DocumentRow.id).where(DocumentRow.status == "active")


def _load_records(session: Session) -> tuple[np.ndarray, list[bytes]]:
    """Ids of active signals with their records, in the order of the ids."""
    statement = select(SignalRecordRow.signal_id, SignalRecordRow.record).select_from(SignalRecordRow)
    joined = statement.join(SignalRow, SignalRow.id == SignalRecordRow.signal_id)
    rows = session.execute(_active(joined).order_by(SignalRecordRow.signal_id)).all()
    return np.array([row.signal_id for row in rows], dtype=np.int64), [row.record for row in rows]
