"""Counts the words beside every word of the domain text and sums the counts up in a few numbers a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.pipeline_neighbours import SCALE, NeighbourTable

#: The commonest words, whose company is counted; they are mostly articles, pronouns, prepositions and auxiliaries.
COMPANY = 300
#: The singular vectors are those of the words that have been seen often.
FITTED = 20_000
#: Added to every expected count, so that a rare word's chance neighbours say little.
SHRINKAGE = 0.3


def neighbour_table(tokens: Path, words: int, width: int) -> NeighbourTable:
    """A table of the `words` commonest words of `tokens` with `width` numbers each.

    Association of the word with each common word to its left and to its right (log of observed over expected count),
    reduced by a singular value decomposition and rounded to 1/32.
    """
    counts: Counter[str] = Counter()
    for line in _lines(tokens):
        counts.update(line)
    # Ties in the order of the alphabet: the table must not hang on the order of the text.
    known = sorted(counts, key=lambda word: (-counts[word], word))[:words]
    beside = _count_neighbours(tokens, {word: row for row, word in enumerate(known)})
    expected = np.outer([counts[word] for word in known], beside.sum(0) / sum(counts[word] for word in known))
    association = np.log1p(beside / (expected + SHRINKAGE))
    association -= association.mean(0)
    _, _, axes = np.linalg.svd(association[:FITTED], full_matrices=False)
    # A singular vector's sign is the library's choice: make its largest part positive.
    axes *= np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(1)])[:, None]
    reduced = association @ axes[:width].T
    reduced /= reduced[:FITTED].std(0).mean()
    return NeighbourTable(known, np.clip(np.rint(reduced * SCALE), -127, 127).astype(np.int8))


def _count_neighbours(tokens: Path, rows: dict[str, int]) -> np.ndarray:
    """How often each common word stands to the left (first columns) and to the right of each word."""
    unknown = len(rows)
    stream: list[int] = []
    for line in _lines(tokens):
        stream.extend(rows.get(word, unknown) for word in line)
        stream.append(unknown)
    text = np.array(stream, dtype=np.int64)
    sides = []
    for word, neighbour in ((text[1:], text[:-1]), (text[:-1], text[1:])):
        counted = (word < unknown) & (neighbour < COMPANY)
        cells = np.bincount(word[counted] * COMPANY + neighbour[counted], minlength=unknown * COMPANY)
        sides.append(cells.reshape(unknown, COMPANY))
    return np.hstack(sides).astype(np.float32)


def _lines(tokens: Path) -> Iterator[list[str]]:
    with tokens.open(encoding="utf-8") as lines:
        for line in lines:
            yield line.lower().split()
