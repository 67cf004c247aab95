"""The sides of a file of pairs as one pool: what a scan of them would have to sort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analyzer.records import Side
from analyzer.scoring.pairs import LabelledPair


@dataclass(frozen=True, slots=True)
class Pool:
    """Distinct sides, and the families that each one is in."""

    sides: list[Side]
    families: list[frozenset[str]]
    #: (n, 2) positions of the two sides of each pair that was pooled.
    labelled: np.ndarray

    def crossed(self) -> np.ndarray:
        """(n, 2) positions a < b of all pairs of two sides that share no family."""
        a, b = np.triu_indices(len(self.sides), 1)
        rows = zip(a.tolist(), b.tolist(), strict=True)
        apart = [self.families[one].isdisjoint(self.families[other]) for one, other in rows]
        return np.column_stack([a, b])[apart]


def make_pool(pairs: Sequence[LabelledPair]) -> Pool:
    """Sides with the same text, document, date and addressee are one."""
    places: dict[tuple[str | None, ...], int] = {}
    sides: list[Side] = []
    families: list[set[str]] = []
    labelled = []
    for pair in pairs:
        rows = []
        for side in (pair.a, pair.b):
            place = places.setdefault((side.text, side.document, side.date, side.addressee), len(sides))
            if place == len(sides):
                sides.append(side)
                families.append(set())
            families[place].add(pair.family)
            rows.append(place)
        labelled.append(rows)
    return Pool(sides, [frozenset(names) for names in families], np.array(labelled, int).reshape(-1, 2))
