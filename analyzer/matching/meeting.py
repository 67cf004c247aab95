"""Which signals are likely to meet in a conflict or a repeated demand, learned from labelled pairs.

Two steps, cheap for all and dearer for few. Towers turn every side into one vector whose products with the others'
are scored against the whole library (a "two-tower" model: Yi et al. 2019, Sampling-bias-corrected neural modeling).
Part of the vector is compared with the same part of the other (likeness), part with the other's counterpart (what one
orders and the other forbids); both orders of a pair score the same. The best few of each side are then weighed again
by a small network over named comparisons, and the best of those are proposed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from scipy.special import erf

from analyzer.errors import ModelError
from analyzer.matching.encoder import SHIPPED, StaticEncoder, load_encoder
from analyzer.matching.meeting_features import FEATURES, PARTS, Read, compare, mark_names, read_sides
from analyzer.matching.scope import Scope
from analyzer.records import Side
from models import manifest

FOLDER = manifest.ROOT / "meeting"
#: How many of a side's best by the towers are weighed again.
WEIGHED = 200
#: Cells (rows × columns) scored at a time.
CELLS = 4_000_000
#: Weighed values further out than this many standard deviations are cut.
FURTHEST = 6.0


@dataclass(frozen=True, slots=True)
class Meeting:
    """The trained weights; `alike` and `counter` are the widths of the two parts of a side's vector."""

    weights: dict[str, np.ndarray]
    alike: int
    counter: int

    def project(self, read: Read) -> np.ndarray:
        """Vectors of sides, float32 (n, alike + 2 counter), unit rows."""
        w = self.weights
        bags = {part: self._bag(read.pieces[part]) for part in PARTS}
        hidden = read.marks @ w["marks"].T + w["bias"]
        for part in PARTS:
            hidden += bags[part] @ w[part].T
        hidden = gelu(hidden)
        hidden = hidden + gelu(hidden @ w["hidden"].T + w["hidden_bias"])
        vectors = hidden @ w["out"].T + w["out_bias"]
        vectors[:, : self.alike] += bags["text"] @ w["skip"].T
        return _unit(vectors)

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

    def _bag(self, pieces: Sequence[Sequence[int]]) -> np.ndarray:
        bags = np.zeros((len(pieces), self.weights["pieces"].shape[1]), dtype=np.float32)
        for row, found in enumerate(pieces):
            if found:
                self.weights["pieces"][found].sum(axis=0, out=bags[row])
        return _unit(bags)


def propose_meetings(
    sides: Sequence[Side], scope: Scope, document_of: np.ndarray, fresh: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """The `count` likeliest partners of each fresh side among those that the gate lets it meet.

    Returns positions (p,) int64 of the fresh side and of its partner; a pair may stand in both orders.
    """
    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder), f"the encoder in {SHIPPED.name} is the static one"
    model, read = load_meeting(), read_sides(sides, encoder)
    found = list(_search(model, read, scope, document_of, np.flatnonzero(fresh), count))
    one, other = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return one.astype(np.int64), other.astype(np.int64)


def _search(
    model: Meeting, read: Read, scope: Scope, document_of: np.ndarray, rows: np.ndarray, count: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Blocks of what `propose_meetings` returns."""
    vectors = model.project(read)
    turned = model.turn(vectors)
    scale, bonus = np.float32(model.weights["scale"][0]), model.weights["tier"]
    width = min(WEIGHED, len(read) - 1)
    step = max(1, min(len(rows), CELLS // len(read)))
    for begin in range(0, len(rows), step):
        block = rows[begin : begin + step]
        tiers, is_open = scope.gate(block, slice(0, len(read)))
        is_open[np.arange(len(block)), block] = False
        scores = scale * (turned[block] @ vectors.T) + bonus[tiers]
        scores[~is_open] = -np.inf
        best = np.sort(np.argpartition(-scores, width - 1, axis=1)[:, :width], axis=1)
        taken = np.take_along_axis(scores, best, axis=1)
        a, b = np.repeat(block, width), best.ravel()
        likeness = np.einsum("ij,ij->i", vectors[a, : model.alike], vectors[b, : model.alike])
        tier, within = np.take_along_axis(tiers, best, axis=1).ravel(), document_of[a] == document_of[b]
        weighed = model.weigh(compare(read, a, b, taken.ravel(), likeness, tier, within)).reshape(best.shape)
        weighed[~np.isfinite(taken)] = -np.inf
        # Stable, and `best` is in rising order: of equal weights the earlier side comes first.
        order = np.argsort(-weighed, axis=1, kind="stable")[:, :count]
        kept = np.isfinite(np.take_along_axis(weighed, order, axis=1))
        partner = np.take_along_axis(best, order, axis=1)
        yield np.repeat(block, kept.sum(axis=1)), partner[kept]


def gelu(values: np.ndarray) -> np.ndarray:
    """Gaussian error linear unit (Hendrycks and Gimpel 2016), exact."""
    result: np.ndarray = (0.5 * values * (1.0 + erf(values / np.float32(np.sqrt(2.0))))).astype(np.float32)
    return result


def _unit(rows: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    result: np.ndarray = (rows / np.maximum(length, 1e-9)).astype(np.float32)
    return result


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
