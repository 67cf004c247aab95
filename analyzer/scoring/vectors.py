"""Word vectors of the judge's own, learned from running text only.

The encoder that finds candidates is trained on the labelled pairs as well; a judge that read its vectors would see
its own training labels in them and trust them too much. So the judge brings a small table of word vectors. A word
that is not in the table is read as a compound: the longest known end (its head) and the longest known beginning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

SHORTEST_PART = 4
HEAD_SHARE = 0.6
#: Vectors are stored as bytes; unit rows of a few dozen dimensions fill this range well.
SCALE = 200.0


class WordVectors:
    """A table of unit vectors, (words, d), with compounds put together from their parts."""

    def __init__(self, words: Sequence[str], matrix: np.ndarray) -> None:
        if len(words) != len(matrix):
            raise ValueError(f"{len(words)} words but {len(matrix)} vectors")
        self.words = list(words)
        self.row = {word: number for number, word in enumerate(self.words)}
        self.matrix = matrix.astype(np.float32)

    @property
    def dimension(self) -> int:
        return int(self.matrix.shape[1])

    def vector(self, word: str) -> np.ndarray:
        """(d,) float32, not normalised; zeros for a word that no part of is known."""
        row = self.row.get(word)
        if row is not None:
            return self.matrix[row]
        cuts = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
        head = next((self.row[word[cut:]] for cut in cuts if word[cut:] in self.row), None)
        opening = next((self.row[word[:cut]] for cut in reversed(cuts) if word[:cut] in self.row), None)
        found = np.zeros(self.dimension, np.float32)
        if head is not None:
            found = found + HEAD_SHARE * self.matrix[head]
        return found if opening is None else found + (1 - HEAD_SHARE) * self.matrix[opening]

    def encode(self, words: Iterable[str]) -> np.ndarray:
        """(n, d) float32 unit rows; zero rows for unknown words."""
        found = [self.vector(word) for word in words]
        return unit(np.vstack(found) if found else np.zeros((0, self.dimension), np.float32))


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1; zero rows stay."""
    return (rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)).astype(np.float32)


def save_vectors(vectors: WordVectors, folder: Path) -> None:
    """`vectors.safetensors` (bytes) and `vectors.json`, the words in the same order."""
    stored = np.clip(np.rint(vectors.matrix * SCALE), -127, 127).astype(np.int8)
    save_file({"vectors": stored}, folder / "vectors.safetensors")
    (folder / "vectors.json").write_text(json.dumps(vectors.words, ensure_ascii=False) + "\n", encoding="utf-8")


def load_vectors(folder: Path) -> WordVectors:
    words = json.loads((folder / "vectors.json").read_text(encoding="utf-8"))
    return WordVectors(words, unit(load_file(folder / "vectors.safetensors")["vectors"].astype(np.float32)))
