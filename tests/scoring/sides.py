"""Sides made from texts of the tests' own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analyzer.records import Side
from analyzer.scoring.pairs import read_side
from analyzer.scoring.prepared import Prepared
from analyzer.scoring.preparing import Vocabulary, prepare
from analyzer.scoring.vectors import WordVectors


def make_side(text: str, **known: str) -> Side:
    return read_side({"text": text, **known})


def prepare_texts(*texts: str | Side) -> Prepared:
    """Prepared sides with word vectors that know nothing, so that only equal stems match."""
    sides = [make_side(text) if isinstance(text, str) else text for text in texts]
    table = WordVectors(["okänt"], np.eye(1, 8, dtype=np.float32))
    return prepare(sides, table, Vocabulary({}, 1000), np.zeros((len(sides), 4), np.float32))


def columns(prepared: Prepared, family: object, pairs: Sequence[tuple[int, int]] = ((0, 1),)) -> list[dict[str, float]]:
    """The features of one family by name, for each pair of rows."""
    a, b = np.array([one for one, _ in pairs]), np.array([other for _, other in pairs])
    values = family.compute(prepared, a, b)  # type: ignore[attr-defined]
    return [dict(zip(family.NAMES, row.tolist(), strict=True)) for row in values]  # type: ignore[attr-defined]
