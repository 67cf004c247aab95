"""A batch of pairs on its way through the candidate rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analyzer.matching.columns import Columns

#: Pairs whose objects are compared at a time; bounds the gathered rows to some tens of megabytes.
CHUNK = 50_000


@dataclass(frozen=True)
class PairBatch:
    """Positions of the two sides (p,), and how alike their topics are (p,) float32, cosine."""

    columns: Columns
    a: np.ndarray
    b: np.ndarray
    topic: np.ndarray

    def __len__(self) -> int:
        return len(self.a)

    def pick(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """One column's values on the two sides, (p,) each."""
        column: np.ndarray = getattr(self.columns, name)
        return column[self.a], column[self.b]

    @cached_property
    def object(self) -> np.ndarray:
        """Cosine of the objects' topics, (p,) float32."""
        objects = self.columns.objects
        result = np.empty(len(self), dtype=np.float32)
        for begin in range(0, len(self), CHUNK):
            part = slice(begin, begin + CHUNK)
            result[part] = np.einsum("ij,ij->i", objects[self.a[part]], objects[self.b[part]])
        return result
