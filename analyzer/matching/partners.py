"""The likeliest partners of each side by the meeting model.

Up to `blocks.EXACT_CELLS` the towers score every side against every other. In a larger library a rough search
(`analyzer.matching.rough`) fetches for each side those that may be its best, by products to which
`analyzer.matching.landmarks` has added what addressees and times say, and only these are scored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analyzer.matching.blocks import is_exact, split_rows
from analyzer.matching.landmarks import find_landmarks
from analyzer.matching.library import Library
from analyzer.matching.meeting import Meeting, load_meeting
from analyzer.matching.meeting_features import compare
from analyzer.matching.rough import Columns, build_rough, multiply, multiply_bags
from analyzer.matching.selection import best_of_rows

#: How many of a side's best by the towers are weighed again.
WEIGHED = 200
#: How many of a side's best by the towers are handed on in a large library, for rules to look at as well.
HELD = 300
#: How many a large library is asked for to find these, how many of the best are to be among them, and what share of
#: those above `rough.FLAT_UP_TO` (docs/scale.md).
FETCHED, WANTED, RECALL = 1000, 100, 0.985
#: What takes a pair that may not meet below those that may, in the unit of the towers' score.
CLOSED = 2.5
#: Sides that ask while the search is laid out, and sides of a large library that are scored and weighed together, few
#: enough for what they are weighed by to stay in the processor's cache.
SAMPLE, TOGETHER = 2000, 128


@dataclass(frozen=True, slots=True)
class Scored:
    """The towers' scores of a block of sides, `rows` (r,), -inf where a pair must not be, float32 (r, c)."""

    rows: np.ndarray
    scores: np.ndarray
    #: The sides that each was scored against, int64 (r, c); None for all, in their order.
    columns: np.ndarray | None

    def choose(self, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The best `width` of each side, fewer where fewer may meet it: starts (r + 1,), partners and scores (p,).

        Row i has partners[starts[i]:starts[i + 1]].
        """
        starts, place = best_of_rows(self.scores, width)
        at = np.repeat(np.arange(len(self.rows)), np.diff(starts))
        return starts, place if self.columns is None else self.columns[at, place], self.scores[at, place]


@dataclass(frozen=True, slots=True)
class Search:
    """Sides that look for partners, each in one of `blocks`, and what scores those that may be a block's partners.

    Blocks may be scored by several threads at once: how they are cut does not hang on who does it.
    """

    blocks: list[np.ndarray]
    score: Callable[[np.ndarray], Scored]


def search_partners(library: Library, rows: np.ndarray) -> Search:
    """The search for partners of sides (`rows`, positions) by the towers."""
    model = load_meeting()
    bonus = model.weights["tier"]

    def ask(block: np.ndarray) -> np.ndarray:
        asking: np.ndarray = model.weights["scale"][0] * model.turn(library.towers[block])
        return asking

    def score(block: np.ndarray, columns: Columns, towers: np.ndarray) -> np.ndarray:
        scores = multiply(ask(block), towers, columns)
        scores += library.by_tier(bonus, block, columns)
        np.copyto(scores, -np.inf, where=~library.is_open(block, columns))
        # No side is its own partner.
        own = (np.arange(len(block)), block) if isinstance(columns, slice) else np.nonzero(block[:, None] == columns)
        scores[own] = -np.inf
        return scores

    count = len(library)
    if is_exact(len(rows), count):
        every = slice(0, count)
        blocks = list(split_rows(rows, count))
        return Search(blocks, lambda block: Scored(block, score(block, every, library.towers), None))
    marks = find_landmarks(library, bonus, CLOSED)

    def read_marked(at: np.ndarray) -> np.ndarray:
        return np.concatenate([library.towers[at], marks.keys[at]], axis=1)

    def ask_marked(at: np.ndarray) -> np.ndarray:
        return np.concatenate([ask(at), marks.asking(at)], axis=1)

    asking = ask_marked(rows[:: max(1, len(rows) // SAMPLE)])
    rough = build_rough(read_marked, count, asking, WANTED, RECALL)
    towers, order = np.ascontiguousarray(library.towers), rough.order()

    def score_fetched(block: np.ndarray) -> Scored:
        fetched = rough.fetch(ask_marked(block), FETCHED)
        # Where none was found a side itself stands, which is not its own partner.
        columns = np.where(fetched < 0, block[:, None], fetched)
        scores = score(block, columns, towers)
        best = np.argpartition(scores, -min(HELD, FETCHED), axis=1)[:, -min(HELD, FETCHED) :]
        return Scored(block, *(np.take_along_axis(values, best, axis=1) for values in (scores, columns)))

    rows = order[np.isin(order, rows)]
    return Search([rows[begin : begin + TOGETHER] for begin in range(0, len(rows), TOGETHER)], score_fetched)


def weigh_partners(library: Library, scored: Scored, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The `count` likeliest of the best `WEIGHED` partners of each side, among those that the gate lets it meet.

    Positions (p,) int64 of sides and of their partners, best first; a pair may stand in both orders.
    """
    starts, partner, score = scored.choose(WEIGHED)
    weighed = _weigh(load_meeting(), library, scored, starts, partner, score)
    return _best(scored.rows, starts, partner, weighed, count)


def _weigh(
    model: Meeting, library: Library, scored: Scored, starts: np.ndarray, partner: np.ndarray, score: np.ndarray
) -> np.ndarray:
    """Weights of pairs, float32 (p,): the sides of `scored`, each with `partner[starts[i]:starts[i + 1]]`."""
    block = scored.rows
    a, dots = np.repeat(block, np.diff(starts)), _multiply(library, model.alike, block, starts, partner)
    tier = library.scope.tiers[library.scope.party[a], library.scope.party[partner]]
    within = library.document_of[a] == library.document_of[partner]
    # Faster by half, but not to the last bit what `compare` finds, which small libraries are promised.
    large = scored.columns is not None
    overlaps = [multiply_bags(bags, block, starts, partner) for bags in (library.words, library.titles) if large]
    features = compare(library, a, partner, score, dots[0], tier, within, tuple(dots[1:]), tuple(overlaps))
    return model.weigh(features)


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
