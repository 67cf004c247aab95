"""The likeliest partners of each side by the meeting model, and its nearest by vector."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analyzer.matching.blocks import Search, score_blocks
from analyzer.matching.library import Library
from analyzer.matching.meeting import Meeting, load_meeting
from analyzer.matching.meeting_features import compare
from analyzer.matching.rough import Columns, multiply
from analyzer.matching.selection import best_of_rows

#: How many of a side's best by the towers are weighed again.
WEIGHED = 200
#: In a large library: how many are fetched to find these, how many of the best of these must be among them, and what
#: takes a pair that may not meet below those that may.
FETCHED, WANTED, CLOSED = 1200, 100, 3.0


def propose_meetings(library: Library, rows: np.ndarray, count: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The `count` likeliest partners of sides (`rows`, positions) among those that the gate lets them meet.

    Yields positions (p,) int64 of some sides and of their partners, best first; a pair may stand in both orders.
    """
    model = load_meeting()
    bonus = model.weights["tier"]

    def ask(block: np.ndarray) -> np.ndarray:
        asking: np.ndarray = model.weights["scale"][0] * model.turn(library.towers[block])
        return asking

    def score(block: np.ndarray, columns: Columns) -> np.ndarray:
        scores = multiply(ask(block), library.towers, columns)
        scores += library.by_tier(bonus, block, columns)
        np.copyto(scores, -np.inf, where=~library.is_open(block, columns))
        # No side is its own partner.
        own = (np.arange(len(block)), block) if isinstance(columns, slice) else np.nonzero(block[:, None] == columns)
        scores[own] = -np.inf
        return scores

    search = Search(ask, library.towers, bonus, CLOSED, WANTED, FETCHED, score)
    for block, scores, columns in score_blocks(library, rows, search):
        starts, place = best_of_rows(scores, WEIGHED)
        at = np.repeat(np.arange(len(block)), np.diff(starts))
        partner = place if columns is None else columns[at, place]
        weighed = _weigh(model, library, block, starts, partner, scores[at, place])
        yield _best(block, starts, partner, weighed, count)


def _weigh(
    model: Meeting, library: Library, block: np.ndarray, starts: np.ndarray, partner: np.ndarray, score: np.ndarray
) -> np.ndarray:
    """Weights of pairs, float32 (p,): the sides of `block`, each with `partner[starts[i]:starts[i + 1]]`."""
    a, dots = np.repeat(block, np.diff(starts)), _multiply(library, model.alike, block, starts, partner)
    tier = library.scope.tiers[library.scope.party[a], library.scope.party[partner]]
    within = library.document_of[a] == library.document_of[partner]
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
    """The first `count` of each side by weight; of equal weights the earlier in `partner` comes first."""
    kept = [
        begin + np.argsort(-weighed[begin:end], kind="stable")[:count]
        for begin, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
    ]
    return np.repeat(block, [len(some) for some in kept]), partner[np.concatenate(kept)]
