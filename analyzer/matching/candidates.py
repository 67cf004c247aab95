"""Pairs worth judging: those that may meet, and that some rule has a reason to propose.

Every rule and the gate look at two sides and nothing else; no pair is proposed or dropped for what the rest of the
library holds. Hence pairs proposed while documents arrive one by one are exactly those of one scan of them all.
The one exception is asked for: with `neighbours` above 0 the likeliest few partners of each signal by the meeting
model, and the nearest few by vector, are proposed as well; these change as the library grows (old ones stay proposed).

Up to `blocks.EXACT_CELLS` every fresh signal is held against all others, in blocks of bounded memory. In a larger
library rules look at the `LOOKED` likeliest partners of each signal by the meeting model's towers: among very many
signals there are more that resemble one than anybody could judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np

from analyzer.matching import blocks
from analyzer.matching.blocks import is_exact, split_rows
from analyzer.matching.index import build_index
from analyzer.matching.library import Library, read_library
from analyzer.matching.pairs import PairBatch
from analyzer.matching.partners import HELD, Scored, Search, search_partners, weigh_partners
from analyzer.matching.rough import multiply_pairs
from analyzer.matching.rules import MEETING, RULES, find_lowest, load_floors, load_rules
from analyzer.matching.scope import Scope
from analyzer.records import Side
from analyzer.sides import PAIRS, by_pairs

__all__ = ["RULES", "Candidates", "propose"]

#: Likely partners, and nearest signals by vector, for each neighbour asked for. Most likely partners are mutual, so
#: that the pairs cost less than their number says. The nearest are few, since they add nothing with the shipped
#: encoder; but the meeting model knows that one only, and whoever sets a better encoder should gain from it.
LIKELY, NEAREST = 1.5, 1 / 6
#: Likeliest partners that the rules look at in a large library. Among 20,000 real signals .90 of the pairs that rules
#: propose are among these.
LOOKED = HELD
#: Signals that ask for their nearest at a time: as many as FAISS multiplies at once.
ASKED = 4096
#: A pair as one number: its two sides, 25 bits each, and its rules, so that sorting numbers sorts and joins pairs.
RULE_BITS, SIDE_BITS = len(RULES), 25
assert RULE_BITS + 2 * SIDE_BITS <= 64, "a pair is packed into 64 bits"


@dataclass(frozen=True, slots=True)
class Candidates:
    """Unique pairs with a < b, sorted by (a, b): positions int32 (n,), and `RULES` bits uint16 (n,)."""

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
    threads: int = 1,
) -> Candidates:
    """Candidate pairs among n sides.

    Args:
        sides: n signals with frames.
        vectors: float32 (n, d), unit rows, from the encoder in use; only `neighbours` reads them.
        document_of: int (n,), the same number for signals of one document; None when each stands alone.
        fresh: bool (n,); only pairs with a fresh side are proposed. None means that all are fresh.
        library: what matching has read of the sides, where the caller has it; else they are read now.
        neighbours: so many times `LIKELY` likely and `NEAREST` near partners to propose for each fresh signal besides.
        threads: how many look at the same time. What is found does not hang on it.

    Raises `ValueError` when an array has another length than `sides`, or there are more sides than pairs can tell.
    """
    count = len(sides)
    document_of = np.arange(count) if document_of is None else np.asarray(document_of)
    fresh = np.ones(count, dtype=bool) if fresh is None else np.asarray(fresh, dtype=bool)
    for name, array in (("vectors", vectors), ("document_of", document_of), ("fresh", fresh)):
        if len(array) != count:
            raise ValueError(f"{name} has {len(array)} rows, but there are {count} sides")
    if count > 1 << SIDE_BITS:
        raise ValueError(f"there are {count} sides, and pairs can be told of {1 << SIDE_BITS} at most")
    if count < 2 or not fresh.any():
        return _merge([])
    library, rows = library or read_library(sides, document_of), np.flatnonzero(fresh)
    large = not is_exact(count, count)
    found: list[np.ndarray] = []
    with ThreadPoolExecutor(threads) as pool:
        if not large:
            found += pool.map(partial(_propose_close, library, fresh), split_rows(rows, len(library)))
        if large or neighbours:
            search = search_partners(library, rows)
            likely = partial(_propose_likely, library, search, large, round(LIKELY * neighbours))
            found += chain.from_iterable(pool.map(likely, search.blocks))
        if neighbours:
            found.append(_nearest(vectors, library.scope, fresh, round(NEAREST * neighbours), pool))
    return _merge(found)


def _propose_close(library: Library, fresh: np.ndarray, block: np.ndarray) -> np.ndarray:
    """Of all pairs with one of `block` those that a rule proposes, packed."""
    return _apply_rules(*_close_pairs(library, fresh, block))


def _propose_likely(library: Library, search: Search, large: bool, count: int, block: np.ndarray) -> list[np.ndarray]:
    """The `count` likeliest partners of `block`, and in a large library those that a rule proposes; packed at once,
    since of a million sides there are many millions of pairs."""
    scored = search.score(block)
    found = [_apply_rules(*_likely_pairs(library, scored))] if large else []
    return [*found, _pack(*weigh_partners(library, scored, count), MEETING)] if count else found


def _pack(one: np.ndarray, other: np.ndarray, rules: np.ndarray | int) -> np.ndarray:
    """Pairs in either order with their rules' bits, uint64 (p,)."""
    packed: np.ndarray = np.minimum(one, other).astype(np.uint64) << np.uint64(SIDE_BITS)
    packed |= np.maximum(one, other).astype(np.uint64)
    packed <<= np.uint64(RULE_BITS)
    packed |= np.asarray(rules, dtype=np.uint64)
    return packed


#: Pairs that pass the gate, their tiers (p,), and whether each is of one document (p,).
Batch = tuple[PairBatch, np.ndarray, np.ndarray]


def _close_pairs(library: Library, fresh: np.ndarray, block: np.ndarray) -> Batch:
    """All pairs with one of `block` that reach the lowest floor of their tier."""
    topics, everything = library.columns.topics, np.arange(len(library))
    topic = topics[block] @ topics.T
    out = topic < library.by_tier(find_lowest(), block, slice(None))
    out |= ~library.is_open(block, slice(None))
    # Of two fresh sides only the pair in rising order counts; an old side is met in either order.
    out |= fresh & (everything <= block[:, None])
    np.copyto(topic, -np.inf, where=out)
    row, other = np.divmod(np.flatnonzero(topic > -1.5), topic.shape[1])
    return _batch(library, block[row], other, topic[row, other])


def _likely_pairs(library: Library, scored: Scored) -> Batch:
    """Pairs of the `LOOKED` likeliest partners that reach the lowest floor of their tier."""
    starts, other, _ = scored.choose(LOOKED)
    topic = multiply_pairs(library.columns.topics, scored.rows, starts, other)
    one = np.repeat(scored.rows, np.diff(starts))
    close = topic >= find_lowest()[library.scope.tiers[library.scope.party[one], library.scope.party[other]]]
    return _batch(library, one[close], other[close], topic[close])


def _batch(library: Library, one: np.ndarray, other: np.ndarray, topic: np.ndarray) -> Batch:
    """Pairs in either order (p,), with how alike their topics are."""
    scope = library.scope
    pairs = PairBatch(library.columns, np.minimum(one, other), np.maximum(one, other), topic)
    tier = scope.tiers[scope.party[one], scope.party[other]]
    return pairs, tier, library.document_of[one] == library.document_of[other]


def _apply_rules(pairs: PairBatch, tier: np.ndarray, within: np.ndarray) -> np.ndarray:
    """The pairs that at least one rule proposes, packed."""
    closeness = pairs.topic - within * np.float32(load_floors()["within_document"])
    bits = np.zeros(len(pairs), dtype=np.uint32)
    for bit, rule in enumerate(load_rules()):
        close = np.flatnonzero(closeness >= rule.floors[tier])
        some = PairBatch(pairs.columns, pairs.a[close], pairs.b[close], pairs.topic[close])
        bits[close[rule.holds(some)]] |= np.uint32(1 << bit)
    kept = bits > 0
    return _pack(pairs.a[kept], pairs.b[kept], bits[kept])


def _nearest(
    vectors: np.ndarray, scope: Scope, fresh: np.ndarray, neighbours: int, pool: ThreadPoolExecutor
) -> np.ndarray:
    """The nearest signals of each fresh one by vector, packed as pairs of the rule `near`; the gate still holds."""
    rows = np.flatnonzero(fresh)
    index = build_index(vectors, blocks.EXACT_CELLS // len(rows))

    def ask(begin: int) -> np.ndarray:
        return index.neighbours(np.ascontiguousarray(vectors[rows[begin : begin + ASKED]]), neighbours + 1)[1]

    ids = np.concatenate(list(pool.map(ask, range(0, len(rows), ASKED))))
    row, other = np.repeat(rows, ids.shape[1]), ids.ravel()
    keep = (other >= 0) & (other != row)
    a, b = np.minimum(row, other)[keep], np.maximum(row, other)[keep]
    meets = scope.meet(a, b)
    return _pack(a[meets], b[meets], 1 << RULES.index("near"))


def _merge(found: list[np.ndarray]) -> Candidates:
    """All pairs once, sorted, their bits joined; `found`: pairs as packed, let go one by one, as they may be many."""
    pairs = np.empty(sum(map(len, found)), dtype=np.uint64)
    end = 0
    while found:
        some = found.pop()
        pairs[end : end + len(some)] = some
        end += len(some)
    pairs.sort()
    pairs = pairs[: _join_rules(pairs)]
    rules = by_pairs(len(pairs), lambda at: pairs[at] & np.uint64((1 << RULE_BITS) - 1), np.uint16)
    # Both sides stay where they are, a number of 32 bits each, instead of beside that.
    for begin in range(0, len(pairs), PAIRS):
        some = pairs[begin : begin + PAIRS]
        some >>= np.uint64(RULE_BITS)
        some += (some >> np.uint64(SIDE_BITS)) * np.uint64((1 << 32) - (1 << SIDE_BITS))
    told = pairs.astype("<u8", copy=False).view([("b", "<i4"), ("a", "<i4")])
    return Candidates(told["a"], told["b"], rules)


def _join_rules(pairs: np.ndarray) -> int:
    """Move sorted pairs to the front, each once with all its rules, in place and some at a time; how many they are."""
    begin = end = 0
    while begin < len(pairs):
        same = pairs[min(begin + PAIRS, len(pairs)) - 1] | np.uint64((1 << RULE_BITS) - 1)
        stop = int(np.searchsorted(pairs, same, side="right"))
        block = pairs[begin:stop]
        others = np.flatnonzero(block[1:] ^ block[:-1] >= np.uint64(1 << RULE_BITS)) + 1
        joined = np.bitwise_or.reduceat(block, np.append(0, others))
        pairs[end : end + len(joined)] = joined
        begin, end = stop, end + len(joined)
    return end
