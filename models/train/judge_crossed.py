"""Pairs that were never written for each other, as a scan would meet them.

Nearly all candidate pairs of a scan concern different matters. What tells them from pairs that meet is learned from
crossed pairs: of sides of different families of one file, a random sample of those that the candidate rules propose and
the nearest by the encoder's cosine; and of the project's libraries, a sample of the candidates that no key names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analyzer.evaluation.pool import make_pool
from analyzer.matching.candidates import propose
from analyzer.records import Side
from analyzer.scoring.pairs import LabelledPair
from models.train.libraries import Library

#: Crossed pairs a file, and unnamed candidates a library.
PROPOSED = 450
NEAREST = 700
UNNAMED = 4000


#: The four columns of some crossed pairs.
Columns = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class CrossedPairs:
    """Rows of the sides `a` and `b`; how many candidates of a scan a pair stands for (0 outside libraries)."""

    a: np.ndarray
    b: np.ndarray
    files: np.ndarray
    stands_for: np.ndarray


def join(parts: Sequence[Columns]) -> CrossedPairs:
    return CrossedPairs(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def cross_pairs(
    pairs: Sequence[LabelledPair], files: np.ndarray, numbers: np.ndarray, meaning: np.ndarray, seed: int
) -> list[Columns]:
    """Crossed pairs of every file. The sides of pair i are rows 2 × numbers[i] and the next of `meaning` (sides, d)."""
    chooser = np.random.default_rng(seed)
    found: list[Columns] = []
    for name in sorted(set(files.tolist())):
        own = np.flatnonzero(files == name)
        pool = make_pool([pairs[row] for row in own.tolist()])
        # Where each pooled side stands among all sides; any pair that brought it will do, since such sides are equal.
        places = np.zeros(len(pool.sides), int)
        places[pool.labelled.ravel()] = np.column_stack([2 * numbers[own], 2 * numbers[own] + 1]).ravel()
        crossed = pool.crossed()
        a, b = places[crossed[:, 0]], places[crossed[:, 1]]
        proposed = np.flatnonzero(_proposed(pool.sides, meaning[places])[crossed[:, 0], crossed[:, 1]])
        drawn = chooser.choice(proposed, min(PROPOSED, len(proposed)), replace=False)
        cosine = np.einsum("ij,ij->i", meaning[a], meaning[b])
        cosine[drawn] = -np.inf
        nearest = np.argsort(-cosine, kind="stable")[:NEAREST]
        chosen = np.concatenate([drawn, nearest])
        found.append((a[chosen], b[chosen], np.full(len(chosen), name), np.zeros(len(chosen))))
    return found


def library_pairs(libraries: Sequence[Library], begin: int, seed: int) -> list[Columns]:
    """A sample of every library's candidates that its key does not name, the sides counted on from `begin`."""
    chooser = np.random.default_rng(seed)
    found: list[Columns] = []
    for library in libraries:
        others = library.others()
        drawn = others[chooser.choice(len(others), min(UNNAMED, len(others)), replace=False)] + begin
        stands_for = np.full(len(drawn), len(others) / len(drawn))
        found.append((drawn[:, 0], drawn[:, 1], np.full(len(drawn), library.file), stands_for))
        begin += len(library.sides)
    return found


def _proposed(sides: Sequence[Side], meaning: np.ndarray) -> np.ndarray:
    """(n, n) whether the candidate rules propose a pair of the sides, each in a document of its own."""
    candidates = propose(sides, meaning)
    table = np.zeros((len(sides), len(sides)), bool)
    table[candidates.a, candidates.b] = table[candidates.b, candidates.a] = True
    return table
