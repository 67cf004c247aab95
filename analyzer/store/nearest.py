"""The signals that mean most nearly the same as one, by the vectors that the store keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, defer

from analyzer.store.schema import AssessmentRow, DocumentRow, PairRow, SignalRow

BLOCK = 5000


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A signal with its document loaded, and the cosine similarity of its vector to the one asked about."""

    signal: SignalRow
    similarity: float


def nearest_signals(session: Session, signal_id: int, most: int = 10) -> list[Neighbour]:
    """The signals of active documents nearest to one, nearest first; ties in the order of their ids.

    Exact: every vector of the same encoder is compared. Empty where the signal has no vector yet.
    """
    asked = session.execute(select(SignalRow.vector, SignalRow.encoder).where(SignalRow.id == signal_id)).one_or_none()
    if asked is None or asked.vector is None:
        return []
    vector = np.frombuffer(asked.vector, dtype=np.float32)
    statement = (
        select(SignalRow.id, SignalRow.vector)
        .join(SignalRow.document)
        .where(DocumentRow.status == "active", SignalRow.encoder == asked.encoder, SignalRow.id != signal_id)
        .where(SignalRow.vector.is_not(None))
        .order_by(SignalRow.id)
    )
    ids, similarities = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    for rows in session.execute(statement).yield_per(BLOCK).partitions():
        block = np.frombuffer(b"".join(row.vector for row in rows), dtype=np.float32).reshape(len(rows), -1)
        ids = np.concatenate([ids, np.fromiter((row.id for row in rows), dtype=np.int64)])
        similarities = np.concatenate([similarities, block @ vector])
        best = np.lexsort((ids, -similarities))[:most]
        ids, similarities = ids[best], similarities[best]
    found = {row.id: row for row in load_signals(session, ids.tolist())}
    return [Neighbour(found[one], float(value)) for one, value in zip(ids.tolist(), similarities, strict=True)]


def load_signals(session: Session, ids: Sequence[int]) -> Sequence[SignalRow]:
    """Signals with their documents, without what a list does not show."""
    return session.scalars(
        select(SignalRow)
        .join(SignalRow.document)
        .where(SignalRow.id.in_(ids))
        .options(
            contains_eager(SignalRow.document).options(defer(DocumentRow.text), defer(DocumentRow.passages)),
            defer(SignalRow.vector),
        )
    ).all()


def pairs_of(session: Session, signal_id: int) -> Sequence[int]:
    """Ids of the judged pairs that a signal is one side of, likeliest conflict first."""
    return session.scalars(
        select(PairRow.id)
        .join(PairRow.assessment)
        .where(or_(PairRow.a_id == signal_id, PairRow.b_id == signal_id))
        .order_by(AssessmentRow.probability.desc(), PairRow.id)
    ).all()
