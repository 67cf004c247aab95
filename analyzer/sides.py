"""Sides that lie elsewhere, such as in the store: asked for many at a time, and let go when they have been read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from analyzer.records import Side

#: Sides asked for together.
TOGETHER = 8192
#: Pairs that are told something together.
PAIRS = 1 << 20


@runtime_checkable
class Fetched(Protocol):
    """Sides that lie elsewhere: one question fetches many."""

    def fetch(self, positions: np.ndarray) -> list[Side]:
        """The sides at `positions`, in that order."""
        ...


class Part:
    """Some of many sides, in an order of their own."""

    def __init__(self, sides: Sequence[Side], positions: np.ndarray) -> None:
        """`positions`: int64 (n,), those of the part's sides among all."""
        self.sides, self.positions = sides, positions

    def __len__(self) -> int:
        return len(self.positions)

    def __iter__(self) -> Iterator[Side]:
        for begin in range(0, len(self), TOGETHER):
            yield from self.fetch(np.arange(begin, min(begin + TOGETHER, len(self))))

    def fetch(self, rows: np.ndarray) -> list[Side]:
        """The part's sides at `rows`, in that order."""
        positions = self.positions[rows]
        return self.sides.fetch(positions) if isinstance(self.sides, Fetched) else [self.sides[at] for at in positions]


def by_pairs(count: int, tell: Callable[[slice], np.ndarray], dtype: type = bool) -> np.ndarray:
    """What `tell` says of `count` pairs, told some at a time: of many millions all in one go take gigabytes."""
    found: np.ndarray = np.empty(count, dtype=dtype)
    for begin in range(0, count, PAIRS):
        at = slice(begin, min(begin + PAIRS, count))
        found[at] = tell(at)
    return found


def fetch_rows(sides: Sequence[Side] | Part, *rows: np.ndarray) -> dict[int, Side]:
    """The sides at all `rows`, by row."""
    wanted = np.unique(np.concatenate(rows))
    found = sides.fetch(wanted) if isinstance(sides, Fetched) else [sides[at] for at in wanted]
    return dict(zip(wanted.tolist(), found, strict=True))
