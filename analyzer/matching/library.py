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
from analyzer.matching.scope import Scope, read_party, read_replaced, read_scope, relate_parties
from analyzer.records import Side
from analyzer.signals.organisation import Party


@dataclass(frozen=True, slots=True)
class Library:
    """n sides. `rows` holds the vectors of each side beside one another, float32 rounded to float16, (n, w): the
    towers' vector, what the text means, what it is about, and what its object is about."""

    columns: Columns
    rows: np.ndarray
    #: Width of the towers' vectors.
    wide: int
    #: Rare pieces of text and of title, unit rows, sparse (n, pieces).
    words: sparse.csr_matrix
    titles: sparse.csr_matrix
    scope: Scope
    #: Whom each side charges, and where.
    parties: list[Party]
    #: Number of the side's document, (n,).
    document_of: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def towers(self) -> np.ndarray:
        """Vectors of the towers, (n, wide)."""
        return self.rows[:, : self.wide]

    @property
    def meaning(self) -> np.ndarray:
        """What the texts mean, (n, d)."""
        return self.rows[:, self.wide : self.wide + self.columns.topics.shape[1]]

    def is_open(self, rows: np.ndarray, columns: slice | np.ndarray) -> np.ndarray:
        """Whether sides may meet by their times and by what replaces what, bool (rows, columns). `columns`: the same
        for all rows, or each row's own (rows, columns)."""
        begins, ends, replaced = self.scope.begins, self.scope.ends, self.scope.replaced
        found: np.ndarray = begins[rows][:, None] <= ends[columns]
        found &= begins[columns] <= ends[rows][:, None]
        if replaced:
            positions = np.broadcast_to(np.arange(len(self))[columns], found.shape)
            for at, row in enumerate(rows.tolist()):
                if row in replaced:
                    found[at, np.isin(positions[at], replaced[row])] = False
        return found

    def by_tier(self, values: np.ndarray, rows: np.ndarray, columns: slice | np.ndarray) -> np.ndarray:
        """One of `values` (3,) for each pair of sides, by its tier, (rows, columns); `columns` as in `is_open`."""
        party, tiers = self.scope.party, self.scope.tiers
        if isinstance(columns, np.ndarray) and columns.ndim == 2:
            each: np.ndarray = values[tiers[party[rows][:, None], party[columns]]]
            return each
        return np.take(values[tiers[party[rows]]], party[columns], axis=1)


def read_library(sides: Sequence[Side], document_of: np.ndarray) -> Library:
    """The library of sides, in their order. `document_of` (n,) numbers their documents."""
    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder), f"the encoder in {SHIPPED.name} is the static one"
    read, model = read_sides(sides, encoder), load_meeting()
    parts = (model.project(read), read.meaning, read.columns.topics, read.columns.objects)
    rows = np.concatenate(parts, axis=1).astype(np.float16).astype(np.float32)
    scope = read_scope(sides, document_of)
    parties = [read_party(side) for side in sides]
    columns = _with_vectors(read.columns, rows, model.width)
    return Library(columns, rows, model.width, _half(read.words), _half(read.titles), scope, parties, document_of)


def make_library(
    numbers: dict[str, np.ndarray],
    rows: np.ndarray,
    words: sparse.csr_matrix,
    titles: sparse.csr_matrix,
    parties: list[Party],
    begins: np.ndarray,
    ends: np.ndarray,
    documents: Sequence[Side],
    document_of: np.ndarray,
) -> Library:
    """A library of n sides from its parts; `documents`: names of each side's document and what it replaces."""
    width = load_meeting().width
    columns = _with_vectors(Columns(topics=rows, objects=rows, **numbers), rows, width)
    numbers_of: dict[Party, int] = {}
    party = np.array([numbers_of.setdefault(one, len(numbers_of)) for one in parties], dtype=np.int32)
    scope = Scope(party, relate_parties(list(numbers_of)), begins, ends, read_replaced(documents))
    return Library(columns, rows, width, words, titles, scope, parties, document_of)


def join_rows(places: Sequence[np.ndarray], parts: Sequence[np.ndarray], dtype: type | None = None) -> np.ndarray:
    """The rows of several arrays, each at its places among all; as `dtype`, where one is given."""
    joined = np.empty((sum(map(len, places)), *parts[0].shape[1:]), dtype=dtype or parts[0].dtype)
    for place, part in zip(places, parts, strict=True):
        joined[place] = part
    return joined


def _with_vectors(columns: Columns, rows: np.ndarray, wide: int) -> Columns:
    """The columns with the last two parts of `rows` as their vectors."""
    width = (rows.shape[1] - wide) // 3
    return replace(columns, topics=rows[:, wide + width : wide + 2 * width], objects=rows[:, wide + 2 * width :])


def _half(bag: sparse.csr_matrix) -> sparse.csr_matrix:
    """The bag with its values rounded to float16."""
    values = bag.data.astype(np.float16).astype(np.float32)
    return sparse.csr_matrix((values, bag.indices, bag.indptr), shape=bag.shape)
