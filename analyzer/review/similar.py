"""Decided pairs that say nearly what this pair says, by the vectors of both sides."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, aliased

from analyzer.review.standing import BLOCK, DISAGREED, OPEN, UNDO
from analyzer.store.schema import PairRow, ReviewRow, SignalRow, StandingRow

#: Vectors of so many pairs are held, the first decided ones: at 256 numbers a vector about 100 MB.
MOST = 50_000
#: Nearest pairs looked at before those are left out that have been opened again.
LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class SimilarPair:
    """A decided pair and how alike it is: the mean cosine of the sides, in the order in which they match better."""

    pair_id: int
    similarity: float
    #: The act by which it stands where it does.
    act: ReviewRow


class DecidedVectors:
    """Vectors of pairs that somebody has acted on, added to as people act."""

    def __init__(self, encoder: str, dimension: int) -> None:
        self.encoder = encoder
        self.last = 0
        self.keys: list[str] = []
        self.known: set[str] = set()
        self.sides = np.zeros((0, 2, dimension), dtype=np.float32)

    def catch_up(self, session: Session) -> None:
        """Add the pairs of acts that are new since last time."""
        newest = session.scalar(select(func.max(ReviewRow.id))) or 0
        if newest <= self.last or len(self.keys) >= MOST:
            return
        fresh = session.scalars(
            select(ReviewRow.pair_key).where(ReviewRow.id > self.last, ReviewRow.id <= newest).distinct()
        )
        wanted = [key for key in fresh if key not in self.known][: MOST - len(self.keys)]
        for at in range(0, len(wanted), BLOCK):
            self.add(session, wanted[at : at + BLOCK])
        self.last = newest

    def add(self, session: Session, keys: list[str]) -> None:
        """Add pairs both of whose sides are embedded by this encoder."""
        a, b = aliased(SignalRow), aliased(SignalRow)
        rows = session.execute(
            select(PairRow.key, a.vector, b.vector)
            .join(a, PairRow.a_id == a.id)
            .join(b, PairRow.b_id == b.id)
            .where(PairRow.key.in_(keys), a.encoder == self.encoder, b.encoder == self.encoder)
        ).all()
        found = {key: (one, two) for key, one, two in rows if one and two and key not in self.known}
        if found:
            block = np.array([[np.frombuffer(side, np.float32) for side in pair] for pair in found.values()])
            self.sides = np.concatenate([self.sides, block])
            self.keys += found
            self.known |= found.keys()


def nearest_pairs(
    sides: np.ndarray, keys: list[str], a: np.ndarray, b: np.ndarray, limit: int
) -> list[tuple[str, float]]:
    """(pair key, mean cosine) of the pairs most like (a, b), float32 (d,) each, the most alike first.

    `sides` (n, 2, d) float32 holds both sides of each pair in `keys`.
    """
    count = len(sides)
    if not count:
        return []
    # One product of one contiguous block: n pairs cost n rows read once.
    found = (sides.reshape(2 * count, -1) @ np.stack([a, b], axis=1)).reshape(count, 2, 2)
    likeness = np.maximum(found[:, 0, 0] + found[:, 1, 1], found[:, 0, 1] + found[:, 1, 0]) / 2
    best = np.argpartition(-likeness, limit - 1)[:limit] if count > limit else np.arange(count)
    best = best[np.lexsort((best, -likeness[best]))]
    return [(keys[at], float(likeness[at])) for at in best]


_lock = threading.Lock()
_held: WeakKeyDictionary[Engine, DecidedVectors] = WeakKeyDictionary()


def similar_decided(session: Session, pair: PairRow, *, limit: int = 5, least: float = 0.5) -> list[SimilarPair]:
    """At most `limit` decided pairs at least so alike as `least`, the most alike first; none where vectors lack."""
    a, b = pair.a, pair.b
    if a.vector is None or b.vector is None or a.encoder is None or a.encoder != b.encoder:
        return []
    one, two = (np.frombuffer(vector, np.float32) for vector in (a.vector, b.vector))
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with _lock:
        held = _held.get(engine)
        if held is None or held.encoder != a.encoder or held.sides.shape[2] != len(one):
            held = _held[engine] = DecidedVectors(a.encoder, len(one))
        held.catch_up(session)
        sides, keys = held.sides, held.keys  # both only ever grow, the sides as a new array
    near = nearest_pairs(sides, keys, one, two, LOOKED_AT)
    alike = {key: likeness for key, likeness in near if likeness >= least and key != pair.key}
    return [SimilarPair(act.pair_id, alike[key], act) for key, act in decided_acts(session, list(alike)).items()][
        :limit
    ]


def decided_acts(session: Session, keys: list[str]) -> dict[str, ReviewRow]:
    """Pair key → the act by which the pair is decided, in the order of the keys; pairs that are open are left out."""
    latest = (
        select(func.max(ReviewRow.id))
        .join(StandingRow, StandingRow.pair_key == ReviewRow.pair_key)
        .where(ReviewRow.pair_key.in_(keys), StandingRow.status.not_in((OPEN, DISAGREED)))
        .where(ReviewRow.decision == StandingRow.status, ReviewRow.reason.is_distinct_from(UNDO))
        .group_by(ReviewRow.pair_key)
    )
    acts = {row.pair_key: row for row in session.scalars(select(ReviewRow).where(ReviewRow.id.in_(latest)))}
    return {key: acts[key] for key in keys if key in acts}
