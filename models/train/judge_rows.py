"""Every pair that the judge is trained on, as matrices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analyzer.scoring import features
from analyzer.scoring.prepared import Prepared
from analyzer.scoring.views import class_crosses, word_matrix
from models.train.judge_crossed import CrossedPairs
from models.train.judge_data import TrainingPairs

FOLDS = 5
BLOCK = 2048


@dataclass(frozen=True)
class Rows:
    """All training pairs: the labelled first, then background, then crossed. Matrices are made once."""

    #: Rows of the sides.
    a: np.ndarray
    b: np.ndarray
    named: np.ndarray
    words: sparse.csr_matrix
    classes: sparse.csr_matrix
    y: np.ndarray
    weight: np.ndarray
    files: np.ndarray
    labelled: np.ndarray
    crossed: np.ndarray
    #: Whether the models of library pairs learn from a row.
    library: np.ndarray
    #: How many candidates of a scan a row stands for.
    stands_for: np.ndarray

    @property
    def folds(self) -> np.ndarray:
        names = sorted(set(self.files.tolist()))
        return np.array([names.index(name) % FOLDS for name in self.files.tolist()])


def make_rows(data: TrainingPairs, prepared: Prepared, crossed: CrossedPairs) -> Rows:
    count = len(data.pairs)
    a = np.concatenate([np.arange(0, 2 * count, 2), crossed.a])
    b = np.concatenate([np.arange(1, 2 * count, 2), crossed.b])
    blocks = [(a[i : i + BLOCK], b[i : i + BLOCK]) for i in range(0, len(a), BLOCK)]
    more = np.zeros(len(crossed.a))
    labelled = np.concatenate([data.labelled, more > 0])
    keyed = np.char.startswith(data.files, "library_")
    return Rows(
        a=a,
        b=b,
        named=np.vstack([features.compute(prepared, *block) for block in blocks]),
        words=sparse.vstack([word_matrix(prepared, *block) for block in blocks]).tocsr(),
        classes=sparse.vstack([class_crosses(prepared, *block) for block in blocks]).tocsr(),
        y=np.concatenate([[pair.conflict for pair in data.pairs], more]).astype(int),
        weight=np.concatenate([data.weight, more + 1]),
        files=np.concatenate([data.files, crossed.files]),
        labelled=labelled,
        crossed=np.arange(len(a)) >= count,
        library=np.concatenate([data.library, more == 0]),
        stands_for=np.concatenate([keyed.astype(float), crossed.stands_for]),
    )
