"""Which signals are likely to meet in a conflict or a repeated demand, learned from labelled pairs.

Two steps, cheap for all and dearer for few. Towers turn every side into one vector whose products with the others'
are scored against the whole library (a "two-tower" model: Yi et al. 2019, Sampling-bias-corrected neural modeling).
Part of the vector is compared with the same part of the other (likeness), part with the other's counterpart (what one
orders and the other forbids); both orders of a pair score the same. The best few of each side are then weighed again
by a small network over named comparisons, and the best of those are proposed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from analyzer.errors import ModelError
from analyzer.fingerprint import folder_name
from analyzer.matching.meeting_features import FEATURES, PARTS, Read, mark_names
from models import manifest

FOLDER = manifest.ROOT / "meeting"
#: Weighed values further out than this many standard deviations are cut.
FURTHEST = 6.0
ERF = (0.3275911, 0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)


@dataclass(frozen=True, slots=True)
class Meeting:
    """The trained weights; `alike` and `counter` are the widths of the two parts of a side's vector."""

    weights: dict[str, np.ndarray]
    alike: int
    counter: int

    @property
    def width(self) -> int:
        """Of a side's vector."""
        return self.alike + 2 * self.counter

    def project(self, read: Read) -> np.ndarray:
        """Vectors of sides, float32 (n, width), unit rows."""
        bags = {part: _unit(read.pieces[part] @ self.weights["pieces"]) for part in PARTS}
        count = len(read)
        vectors = np.empty((count, self.width), dtype=np.float32)
        # Each side by itself: on some processors the last bits of a product hang on where a row stands among how many,
        # and a side's vector must not hang on those beside it.
        for row in range(count):
            at = slice(row, row + 1)
            vectors[at] = self._project({part: bag[at] for part, bag in bags.items()}, read.marks[at])
        return _unit(vectors)

    def _project(self, bags: dict[str, np.ndarray], marks: np.ndarray) -> np.ndarray:
        """Vectors of sides, float32 (n, width), of any length, from their bags and marks."""
        w = self.weights
        hidden = marks @ w["marks"].T + w["bias"]
        for part in PARTS:
            hidden += bags[part] @ w[part].T
        hidden = gelu(hidden)
        hidden = hidden + gelu(hidden @ w["hidden"].T + w["hidden_bias"])
        vectors: np.ndarray = hidden @ w["out"].T + w["out_bias"]
        vectors[:, : self.alike] += bags["text"] @ w["skip"].T
        return vectors

    def turn(self, vectors: np.ndarray) -> np.ndarray:
        """Vectors with their two counterparts exchanged: `turn(x) @ y` is the score of a pair."""
        cut = self.alike + self.counter
        return np.concatenate([vectors[:, : self.alike], vectors[:, cut:], vectors[:, self.alike : cut]], axis=1)

    def weigh(self, features: np.ndarray) -> np.ndarray:
        """How likely pairs are to meet by their `FEATURES`, float32 (p,), in no unit: for ranking only."""
        w = self.weights
        scaled = np.clip((features - w["mean"]) / w["spread"], -FURTHEST, FURTHEST)
        weighed: np.ndarray = gelu(scaled @ w["first"].T + w["first_bias"]) @ w["second"][0]
        return weighed


def gelu(values: np.ndarray) -> np.ndarray:
    """Gaussian error linear unit (Hendrycks and Gimpel 2016), float32, to some 1e-6.

    The error function is that of Abramowitz and Stegun 7.1.26, several times as fast as SciPy's exact one.
    """
    x = np.abs(values) * np.float32(np.sqrt(0.5))
    t = 1.0 / (1.0 + np.float32(ERF[0]) * x)
    series = np.full_like(t, ERF[-1])
    for factor in ERF[-2:0:-1]:
        series *= t
        series += np.float32(factor)
    series *= t
    np.multiply(x, x, out=x)
    series *= np.exp(-x, out=x)
    # 1 - series is erf of |x|, so that series / 2 is what the other tail holds.
    tail = np.where(values > 0, 1.0 - 0.5 * series, 0.5 * series)
    result: np.ndarray = (values * tail).astype(np.float32, copy=False)
    return result


def _unit(rows: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    result: np.ndarray = (rows / np.maximum(length, 1e-9)).astype(np.float32)
    return result


@lru_cache(maxsize=1)
def meeting_name(folder: Path = FOLDER) -> str:
    """Changes with every file of the folder but its card; the model is not loaded for it."""
    return folder_name(folder)


@lru_cache(maxsize=1)
def load_meeting(folder: Path = FOLDER) -> Meeting:
    """The shipped model. Raises `ModelError` when its files are altered or do not fit this program."""
    manifest.verify(folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if config["marks"] != list(mark_names()) or config["features"] != list(FEATURES):
        raise ModelError("Modellen meeting hör till en annan version av programmet; hämta programmet på nytt.")
    weights = load_file(folder / "weights.safetensors")
    weights = {name: array.astype(np.float32) for name, array in weights.items()}
    # Stored as bytes with one scale a row, to be a quarter of the size.
    weights["pieces"] *= weights.pop("piece_scale")[:, None]
    return Meeting(weights, config["alike"], config["counter"])
