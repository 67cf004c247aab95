"""The likeliest partners of each side by the meeting model, and its nearest by vector."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analyzer.matching.library import Library
from analyzer.matching.meeting import Meeting, load_meeting
from analyzer.matching.meeting_features import compare
from analyzer.matching.selection import best_of_rows

#: How many of a side's best by the towers are weighed again.
WEIGHED = 200
#: Cells (rows × columns) scored at a time.
CELLS = 2_000_000


def propose_meetings(library: Library, rows: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The `count` likeliest partners of sides (`rows`, positions) among those that the gate lets them meet.

    Returns positions (p,) int64 of the side and of its partner, best first; a pair may stand in both orders.
    """
    found = list(_search(load_meeting(), library, rows, count))
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    one, other = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return one, other


def _search(model: Meeting, library: Library, rows: np.ndarray, count: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Blocks of what `propose_meetings` returns."""
    bonus, everything = model.weights["tier"], slice(0, len(library))
    step = max(1, CELLS // len(library))
    for begin in range(0, len(rows), step):
        block = rows[begin : begin + step]
        scores = (model.weights["scale"][0] * model.turn(library.towers[block])) @ library.towers.T
        scores += library.by_tier(bonus, block, everything)
        np.copyto(scores, -np.inf, where=~library.is_open(block, everything))
        scores[np.arange(len(block)), block] = -np.inf
        starts, partner = best_of_rows(scores, WEIGHED)
        weighed = _weigh(model, library, block, starts, partner, scores)
        yield _best(block, starts, partner, weighed, count)


def _weigh(
    model: Meeting, library: Library, block: np.ndarray, starts: np.ndarray, partner: np.ndarray, scores: np.ndarray
) -> np.ndarray:
    """Weights of pairs, float32 (p,): the sides of `block`, each with `partner[starts[i]:starts[i + 1]]`."""
    at = np.repeat(np.arange(len(block)), np.diff(starts))
    a, dots = block[at], _multiply(library, model.alike, block, starts, partner)
    tier = library.scope.tiers[library.scope.party[a], library.scope.party[partner]]
    within = library.document_of[a] == library.document_of[partner]
    score = scores[at, partner]
    return model.weigh(compare(library, a, partner, score, dots[0], tier, within, (dots[1], dots[2], dots[3])))


def _multiply(library: Library, alike: int, block: np.ndarray, starts: np.ndarray, partner: np.ndarray) -> np.ndarray:
    """Products of likeness, meaning, topic and object, float32 (4, p); a partner's vectors are fetched once for all."""
    width, wide = library.meaning.shape[1], library.towers.shape[1]
    parts = [slice(0, alike), *(slice(wide + at * width, wide + (at + 1) * width) for at in range(3))]
    found = np.empty((len(parts), len(partner)), dtype=np.float32)
    room = np.empty((int(np.diff(starts).max(initial=0)), library.rows.shape[1]), dtype=np.float32)
    for row, begin, end in zip(block.tolist(), starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        own = library.rows[row]
        theirs = np.take(library.rows, partner[begin:end], axis=0, out=room[: end - begin], mode="clip")
        for number, part in enumerate(parts):
            np.matmul(theirs[:, part], own[part], out=found[number, begin:end])
    return found


def _best(
    block: np.ndarray, starts: np.ndarray, partner: np.ndarray, weighed: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """The first `count` of each side by weight; of equal weights the earlier partner comes first."""
    kept = [
        begin + np.argsort(-weighed[begin:end], kind="stable")[:count]
        for begin, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
    ]
    return np.repeat(block, [len(some) for some in kept]), partner[np.concatenate(kept)]
