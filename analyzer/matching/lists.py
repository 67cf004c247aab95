"""Which inverted lists an asker looks into: those where one of its best is likely to lie, however many they are.

The products of an asker with the rows of a list are taken as normally distributed, by the list's centre and how far its
rows spread along each direction. From this follows the product that about as many rows exceed as are wanted, and how
likely a row of each list does; a list is looked into where that chance is high enough. So an asker whose best lie close
together looks into few lists, another into many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Lists by which the product to exceed is found, steps of halving, and standard deviations that it lies within.
LIKELY, HALVINGS, FURTHEST = 256, 12, 6.0
#: Rows of a list, at least, for its spread to be its own.
FEWEST = 8


@dataclass(frozen=True, slots=True)
class Lists:
    """n lists of rows with d directions; build with `read_lists`."""

    #: Turns rows onto the directions along which spread is told, (d, d).
    turn: np.ndarray
    #: (n, d) where a list's rows lie, and how far they spread.
    centres: np.ndarray
    variances: np.ndarray
    #: (n, d) what the index itself takes for their middles, not turned; (n,) rows that a list holds.
    middles: np.ndarray
    sizes: np.ndarray
    #: How many rows an asker wants, and from which chance on it looks into a list.
    wanted: int
    cutoff: float = -np.inf

    def chances(self, asking: np.ndarray) -> np.ndarray:
        """How likely a row of each list is among the best of askers (r, d): standard deviations from its centre up to
        what a best row's product is, negative, float32 (r, n); the higher the likelier."""
        turned = asking @ self.turn
        middle = turned @ self.centres.T
        spread = np.sqrt(np.maximum(np.square(turned) @ self.variances.T, 1e-12))
        some = min(LIKELY, len(self.sizes))
        top = np.argpartition(middle + 3 * spread, -some, axis=1)[:, -some:]
        means, spreads = (np.take_along_axis(values, top, axis=1) for values in (middle, spread))
        least = _exceeded(means, spreads, self.sizes[top], self.wanted)
        chances: np.ndarray = (middle - least[:, None]) / spread
        return chances

    def choose(self, asking: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The lists of each asker (r, d), int64 (r, w), -1 where it looks into fewer than others, but at least one; and
        products with their middles, float32 (r, w)."""
        chances = self.chances(asking)
        inside = chances >= self.cutoff
        inside[np.arange(len(chances)), chances.argmax(axis=1)] = True
        row, column = np.nonzero(inside)
        counts = inside.sum(axis=1)
        chosen = np.full((len(chances), int(counts.max(initial=1))), -1, dtype=np.int64)
        chosen[row, np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)] = column
        return chosen, np.take_along_axis(asking @ self.middles.T, np.maximum(chosen, 0), axis=1)


def read_lists(
    rows: np.ndarray, askers: np.ndarray, lists: np.ndarray, middles: np.ndarray, sizes: np.ndarray, wanted: int
) -> Lists:
    """What `Lists` knows, from a sample of rows (s, d), the list of each (s,), and a sample of askers (t, d)."""
    count, width = middles.shape
    moments = rows.T @ rows / len(rows) + askers.T @ askers / len(askers)
    turn = np.linalg.eigh(moments.astype(np.float64))[1].astype(np.float32)
    turned = rows @ turn
    seen = np.bincount(lists, minlength=count)[:, None]
    centres, squares = (np.zeros((count, width), dtype=np.float32) for _ in range(2))
    np.add.at(centres, lists, turned)
    centres /= np.maximum(seen, 1)
    apart = np.square(turned - centres[lists])
    np.add.at(squares, lists, apart)
    variances = np.where(seen < FEWEST, apart.mean(axis=0), squares / np.maximum(seen, 1)).astype(np.float32)
    return Lists(turn, centres, variances, middles, sizes, wanted)


def _exceeded(means: np.ndarray, spreads: np.ndarray, sizes: np.ndarray, wanted: int) -> np.ndarray:
    """The product that about `wanted` rows exceed, (r,), by halving; (r, n) each."""
    low = (means - FURTHEST * spreads).min(axis=1)
    high = (means + FURTHEST * spreads).max(axis=1)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        more = (sizes * _above((middle[:, None] - means) / spreads)).sum(axis=1) > wanted
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return low


def _above(deviations: np.ndarray) -> np.ndarray:
    """How likely a normal variable exceeds so many standard deviations, by a logistic curve (Bowling et al. 2009)."""
    x = np.clip(deviations, -FURTHEST, FURTHEST)
    above: np.ndarray = 1 / (1 + np.exp(x * (1.5976 + 0.07056 * x * x)))
    return above
