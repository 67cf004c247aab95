"""Soft alignment of the content words of two sides by their vectors.

Every word looks for its nearest counterpart on the other side (cosine of word vectors; equal stems count 1),
as in the lexical alignment of Parikh et al. 2016 and BERTScore. No order is imposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from analyzer.scoring.prepared import Prepared

#: Cosine from which two words count as the same thing, for the features that need a yes or no.
SAME = 0.7


@dataclass(frozen=True, slots=True)
class Alignment:
    """(n_pairs, WIDTH) each: similarity to the nearest word of the other side, and its column there."""

    best_a: np.ndarray
    best_b: np.ndarray
    match_a: np.ndarray
    match_b: np.ndarray


def align(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> Alignment:
    stems_a, stems_b = prepared.stem[a], prepared.stem[b]
    similarity = np.matmul(prepared.vectors[prepared.word[a]], prepared.vectors[prepared.word[b]].transpose(0, 2, 1))
    numbers = (prepared.kind[a] == 0)[:, :, None] | (prepared.kind[b] == 0)[:, None, :]
    similarity[numbers] = 0.0
    similarity[stems_a[:, :, None] == stems_b[:, None, :]] = 1.0
    present = (stems_a >= 0)[:, :, None] & (stems_b >= 0)[:, None, :]
    similarity = np.where(present, similarity, 0.0)
    return Alignment(
        similarity.max(axis=2), similarity.max(axis=1), similarity.argmax(axis=2), similarity.argmax(axis=1)
    )
