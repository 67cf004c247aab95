"""Sides as matching holds them: everything that pairs are proposed by, in arrays, read once for each side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from analyzer.matching.columns import Columns
from analyzer.matching.encoder import SHIPPED, StaticEncoder, load_encoder
from analyzer.matching.meeting import load_meeting
from analyzer.matching.meeting_features import read_sides
from analyzer.matching.scope import Scope, read_scope
from analyzer.records import Side

#: Sides whose vectors are computed at a time.
BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class Library:
    """n sides. `rows` holds the vectors of each side beside one another, float32 rounded to float16 (n, w):

    the towers' vector, what the text means, what it is about, what its object is about; the other arrays of vectors
    are views of it.
    """

    columns: Columns
    rows: np.ndarray
    towers: np.ndarray
    meaning: np.ndarray
    #: Rare pieces of text and of title, unit rows, sparse (n, pieces).
    words: sparse.csr_matrix
    titles: sparse.csr_matrix
    scope: Scope
    #: Number of the side's document, (n,).
    document_of: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def is_open(self, rows: np.ndarray, columns: slice) -> np.ndarray:
        """Whether sides may meet by their times and by what replaces what, bool (rows, columns)."""
        begins, ends = self.scope.begins, self.scope.ends
        found: np.ndarray = begins[rows][:, None] <= ends[columns][None, :]
        found &= begins[columns][None, :] <= ends[rows][:, None]
        for at, row in enumerate(rows.tolist() if self.scope.replaced else ()):
            gone = self.scope.replaced.get(row)
            if gone is not None:
                found[at, gone[(gone >= columns.start) & (gone < columns.stop)] - columns.start] = False
        return found

    def by_tier(self, values: np.ndarray, rows: np.ndarray, columns: slice) -> np.ndarray:
        """One of `values` (3,) for each pair of sides, by its tier, (rows, columns)."""
        party = self.scope.party
        return np.take(values[self.scope.tiers[party[rows]]], party[columns], axis=1)


def read_library(sides: Sequence[Side], document_of: np.ndarray) -> Library:
    """The library of sides, in their order. `document_of` (n,) numbers their documents."""
    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder), f"the encoder in {SHIPPED.name} is the static one"
    read, model = read_sides(sides, encoder), load_meeting()
    towers = model.project(read)
    parts = (towers, read.meaning, read.columns.topics, read.columns.objects)
    rows = np.concatenate(parts, axis=1).astype(np.float16).astype(np.float32)
    towers, meaning, topics, objects = np.split(rows, np.cumsum([part.shape[1] for part in parts[:-1]]), axis=1)
    columns = replace(read.columns, topics=topics, objects=objects)
    scope = read_scope(sides, document_of)
    return Library(columns, rows, towers, meaning, read.words, read.titles, scope, document_of)
