"""Which stretch of words is the evidence: a log-linear model of stretches, then the one whose F1 to expect is highest.

The words' chances propose the stretches. Each gets a score from how likely its words and its edges are; the scores make
a probability of every stretch, and the stretch is shown that has most in common with all of them, weighed by these (the
decision of least expected loss, as for spans and alignments: Kumar & Byrne 2004).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analyzer.scoring.edges import Edges, load_edges, save_edges

FILE = "stretches.json"
#: Stretches that are scored, by the gain that the words' chances alone promise at this sharpness.
PROPOSED, SHARPNESS = 80, 1.2
#: Chances of a word nearer to 0 or 1 are taken for this; its log-odds stand beyond the edge of the text.
LEAST = 0.0025
NAMES = (
    *("gain", "of_best", "plain_of_best", "mean_chance", "last", "after"),
    *("begins", "begins_of_best", "ends", "ends_of_best", "end_before", "begins_inside", "ends_inside"),
    *("length", "opens", "closes", "place", "commas", "stops", "closed"),
)


def propose(chances: np.ndarray, count: int = PROPOSED) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First and last word of the stretches of the highest F1 to expect, best first, and that F1: each (m,)."""
    first, last = np.triu_indices(len(chances))
    gains = expected_f1(chances**SHARPNESS, first, last)
    best = np.argsort(-gains, kind="stable")[:count]
    return first[best], last[best], gains[best]


def expected_f1(weights: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """(m,) twice the weight inside over the length and all weight (Ye et al. 2012)."""
    sums = np.concatenate([[0.0], np.cumsum(weights)])
    return 2 * (sums[last + 1] - sums[first]) / np.maximum(last - first + 1 + sums[-1], 1e-9)


def overlaps(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """(m, m) F1 of every stretch with every other."""
    shared = np.minimum(last[:, None], last) - np.maximum(first[:, None], first) + 1
    length = last - first + 1
    return 2 * np.maximum(shared, 0) / (length[:, None] + length)


def describe(
    words: Sequence[str],
    chances: np.ndarray,
    edges: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    gains: np.ndarray,
) -> np.ndarray:
    """(m, NAMES) what is known of each proposed stretch. `chances` (n,) and `edges` (n, 2) are of the n words that the
    reader reached, `words` all of the text."""
    length, reached = last - first + 1, len(chances)
    odds = np.log(np.maximum(chances, LEAST) / np.maximum(1 - chances, LEAST))
    plain = expected_f1(chances, first, last)
    begins, ends = edges.T
    closing = [[word[-1] in signs for word in words[:reached]] for signs in (",;", ".:!?")]
    counted = np.array([chances, *(1 / (1 + np.exp(-edges.T))), *closing])
    sums, begun, ended, commas, stops = np.hstack([np.zeros((len(counted), 1)), counted.cumsum(1)])
    columns = {
        "gain": gains,
        "of_best": gains / max(gains[0], 1e-9),
        "plain_of_best": plain / max(plain.max(), 1e-9),
        "mean_chance": (sums[last + 1] - sums[first]) / length,
        "last": odds[last],
        "after": np.concatenate([odds, [np.log(LEAST)]])[last + 1],
        "begins": begins[first],
        "begins_of_best": begins[first] - begins.max(),
        "ends": ends[last],
        "ends_of_best": ends[last] - ends.max(),
        "end_before": np.concatenate([[2.0], ends])[first],
        "begins_inside": begun[last + 1] - begun[first + 1],
        "ends_inside": ended[last] - ended[first],
        "length": length,
        "opens": first == 0,
        "closes": last == len(words) - 1,
        "place": first / len(words),
        "commas": commas[last] - commas[first],
        "stops": stops[last] - stops[first],
        "closed": stops[last + 1] - stops[last],
    }
    return np.array([columns[name] for name in NAMES], np.float64).T


@dataclass(frozen=True, slots=True)
class Stretches:
    """`weights` (NAMES,) of what a stretch is."""

    edges: Edges
    weights: np.ndarray

    def choose(self, words: Sequence[str], chances: np.ndarray, other: frozenset[str], kind: str) -> tuple[int, int]:
        """First and last word of the evidence. `chances` (words,) that each word carries the conflict, 0 where the
        reader did not come; `other` the stems of the other side's words, `kind` the type of the conflict."""
        reached = int(np.flatnonzero(chances)[-1]) + 1 if chances.any() else len(words)
        chances = chances[:reached]
        first, last, gains = propose(chances)
        edges = self.edges.odds(words, other, kind)[:reached]
        scores = describe(words, chances, edges, first, last, gains) @ self.weights
        shares = np.exp(scores - scores.max())
        best = int((overlaps(first, last) @ shares).argmax())
        return int(first[best]), int(last[best])


def save_stretches(stretches: Stretches, folder: Path) -> None:
    """The edges, and `stretches.json` with a weight for every name."""
    save_edges(stretches.edges, folder)
    weights = dict(zip(NAMES, stretches.weights.tolist(), strict=True))
    (folder / FILE).write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def load_stretches(folder: Path) -> Stretches:
    """Raises KeyError when the weights are of other names than these."""
    weights = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Stretches(load_edges(folder), np.array([weights[name] for name in NAMES]))
