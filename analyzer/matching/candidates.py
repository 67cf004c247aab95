"""Pairs worth judging: those that may meet, and that some rule has a reason to propose.

Every rule and the gate look at two sides and nothing else; no pair is proposed or dropped for what the rest of the
library holds. Hence pairs proposed while documents arrive one by one are exactly those of one scan of them all.
The one exception is asked for: with `neighbours` above 0 the likeliest few partners of each signal by the meeting
model, and the nearest few by vector, are proposed as well; these change as the library grows (old ones stay proposed).

Up to `blocks.EXACT_CELLS` every fresh signal is held against all others, in blocks of bounded memory. A larger library
is searched for the likely best of each (see `analyzer.matching.blocks`), and rules look at the `CLOSE` signals whose
topics come closest to one's own: among very many signals there are more that resemble it than anybody could judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analyzer.matching import blocks
from analyzer.matching.blocks import Search, is_exact, score_blocks
from analyzer.matching.index import build_index
from analyzer.matching.library import Library, read_library
from analyzer.matching.pairs import PairBatch
from analyzer.matching.partners import propose_meetings
from analyzer.matching.rough import Columns, multiply
from analyzer.matching.rules import MEETING, RULES, load_floors, load_rules
from analyzer.matching.scope import Scope
from analyzer.matching.selection import best_of_rows
from analyzer.records import Side

__all__ = ["RULES", "Candidates", "propose"]

#: Likely partners, and nearest signals by vector, for each neighbour asked for. Most likely partners are mutual, so
#: that the pairs cost less than their number says. The nearest are few, since they add nothing with the shipped
#: encoder; but the meeting model knows that one only, and whoever sets a better encoder should gain from it.
LIKELY, NEAREST = 1.5, 1 / 6
#: Signals that the rules look at for each one in a large library; among 20,000 real signals .996 of what rules propose
#: are among these. How many are fetched to find them, how many of the best of these must be among them, and what takes
#: a pair that may not meet below those that may.
CLOSE, FETCHED, WANTED, CLOSED = 300, 600, 100, 0.5


@dataclass(frozen=True, slots=True)
class Candidates:
    """Unique pairs with a < b, sorted by (a, b): positions int64 (n,), and `RULES` bits uint32 (n,)."""

    a: np.ndarray
    b: np.ndarray
    rules: np.ndarray

    def __len__(self) -> int:
        return len(self.a)


def propose(
    sides: Sequence[Side],
    vectors: np.ndarray,
    *,
    document_of: np.ndarray | None = None,
    fresh: np.ndarray | None = None,
    neighbours: int = 0,
    library: Library | None = None,
) -> Candidates:
    """Candidate pairs among n sides.

    Args:
        sides: n signals with frames.
        vectors: float32 (n, d), unit rows, from the encoder in use; only `neighbours` reads them.
        document_of: int (n,), the same number for signals of one document; None when each stands alone.
        fresh: bool (n,); only pairs with a fresh side are proposed. None means that all are fresh.
        library: what matching has read of the sides, where the caller has it; else they are read now.
        neighbours: so many times `LIKELY` likely and `NEAREST` near partners to propose for each fresh signal besides.

    Raises `ValueError` when an array has another length than `sides`.
    """
    count = len(sides)
    document_of = np.arange(count) if document_of is None else np.asarray(document_of)
    fresh = np.ones(count, dtype=bool) if fresh is None else np.asarray(fresh, dtype=bool)
    for name, array in (("vectors", vectors), ("document_of", document_of), ("fresh", fresh)):
        if len(array) != count:
            raise ValueError(f"{name} has {len(array)} rows, but there are {count} sides")
    if count < 2 or not fresh.any():
        return _merge([], count)
    library, rows = library or read_library(sides, document_of), np.flatnonzero(fresh)
    found = [_apply_rules(batch, tier, within) for batch, tier, within in _batches(library, rows, fresh)]
    if neighbours:
        # As keys at once: of a million sides there are many millions of pairs.
        for one, other in propose_meetings(library, rows, round(LIKELY * neighbours)):
            found.append((_key(one, other, count), np.full(len(one), MEETING, dtype=np.uint32)))
        found.append(_nearest(vectors, library.scope, fresh, round(NEAREST * neighbours)))
    return _merge(found, count)


def _key(one: np.ndarray, other: np.ndarray, count: int) -> np.ndarray:
    """A number for each pair of `count` sides in either order, int64 (p,)."""
    key: np.ndarray = np.minimum(one, other).astype(np.int64) * count + np.maximum(one, other)
    return key


def _batches(
    library: Library, rows: np.ndarray, fresh: np.ndarray
) -> Iterator[tuple[PairBatch, np.ndarray, np.ndarray]]:
    """Pairs that pass the gate and the lowest floor of their tier: (pairs, tier, whether of one document)."""
    lowest = np.min([rule.floors for rule in load_rules()], axis=0)
    topics, scope = library.columns.topics, library.scope
    everything, whole = np.arange(len(library)), is_exact(len(library), len(library))

    def score(block: np.ndarray, columns: Columns) -> np.ndarray:
        topic = multiply(topics[block], topics, columns)
        out = topic < library.by_tier(lowest, block, columns)
        out |= ~library.is_open(block, columns)
        if whole:
            # Of two fresh sides only the pair in rising order counts; an old side is met in either order.
            out |= fresh[None, columns] & (everything[None, columns] <= block[:, None])
        np.copyto(topic, -np.inf, where=out)
        return topic

    search = Search(lambda block: topics[block], topics, -lowest, CLOSED, WANTED, FETCHED, score)
    for block, topic, columns in score_blocks(library, rows, search):
        if whole:
            row, place = np.divmod(np.flatnonzero(topic > -1.5), topic.shape[1])
        else:
            above = topic - library.by_tier(lowest, block, slice(0, len(library)) if columns is None else columns)
            starts, place = best_of_rows(above, CLOSE)
            row = np.repeat(np.arange(len(block)), np.diff(starts))
        one, other = block[row], place if columns is None else columns[row, place]
        # Either side of a pair may be the only one that has the other among its closest.
        kept = one != other
        row, place, one, other = row[kept], place[kept], one[kept], other[kept]
        tier = scope.tiers[scope.party[one], scope.party[other]]
        within = library.document_of[one] == library.document_of[other]
        pairs = PairBatch(library.columns, np.minimum(one, other), np.maximum(one, other), topic[row, place])
        yield pairs, tier, within


def _apply_rules(pairs: PairBatch, tier: np.ndarray, within: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keys and bits of the pairs that at least one rule proposes."""
    closeness = pairs.topic - within * np.float32(load_floors()["within_document"])
    bits = np.zeros(len(pairs), dtype=np.uint32)
    for bit, rule in enumerate(load_rules()):
        close = np.flatnonzero(closeness >= rule.floors[tier])
        some = PairBatch(pairs.columns, pairs.a[close], pairs.b[close], pairs.topic[close])
        bits[close[rule.holds(some)]] |= np.uint32(1 << bit)
    kept = bits > 0
    return _key(pairs.a[kept], pairs.b[kept], len(pairs.columns.topics)), bits[kept]


def _nearest(vectors: np.ndarray, scope: Scope, fresh: np.ndarray, neighbours: int) -> tuple[np.ndarray, np.ndarray]:
    """The nearest signals of each fresh one by vector, as pairs of the rule `near`; the gate's times still hold."""
    rows = np.flatnonzero(fresh)
    index = build_index(vectors, blocks.EXACT_CELLS // len(rows))
    _, ids = index.neighbours(np.ascontiguousarray(vectors[rows]), neighbours + 1)
    row, other = np.repeat(rows, ids.shape[1]), ids.ravel()
    keep = (other >= 0) & (other != row)
    a, b = np.minimum(row, other)[keep], np.maximum(row, other)[keep]
    meets = scope.meet(a, b)
    return _key(a[meets], b[meets], len(fresh)), np.full(int(meets.sum()), 1 << RULES.index("near"), dtype=np.uint32)


def _merge(found: Sequence[tuple[np.ndarray, np.ndarray]], count: int) -> Candidates:
    """All pairs once, sorted, their bits joined; `found`: keys and bits."""
    if not found:
        empty = np.zeros(0, dtype=np.int64)
        return Candidates(empty, empty.copy(), np.zeros(0, dtype=np.uint32))
    keys, bits = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(keys, kind="stable")
    keys, bits = keys[order], bits[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    rules = np.bitwise_or.reduceat(bits, starts) if len(starts) else bits
    keys = keys[starts]
    return Candidates(keys // count, keys % count, rules)
