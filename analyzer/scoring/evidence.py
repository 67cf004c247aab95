"""The shortest stretch of each side that carries the conflict: a probability a word, then the best stretch.

The stretch maximises the sum of (probability − threshold) over its words (Kadane's maximum subarray), so that it
grows over weak words between strong ones and stops where nothing more is gained.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analyzer.records import CONFLICT_TYPES, Span
from analyzer.scoring.lexicon import load_lexicon
from analyzer.scoring.numbers import read_amounts
from analyzer.scoring.prepared import Prepared
from analyzer.scoring.words import KINDS

#: Classes whose words carry a conflict when the other side has the same class.
SHARED = ("top", "high", "take", "full", "freeze", "decide", "lead", "maximum", "minimum", "only", "ban", "duty")
REACH = 2


def _own(prepared: Prepared, row: int, other: int) -> np.ndarray:
    """What each token is by itself and against the other side as a whole: (tokens, features)."""
    lexicon = load_lexicon()
    tokens = prepared.tokens[row]
    held_there = (prepared.cues[other] > 0).astype(np.float32)
    poles_there = prepared.poles[other]
    shared = [lexicon.cue(name) for name in SHARED]
    own = np.zeros((len(tokens), lexicon.size + len(SHARED) + 2 + len(KINDS)), np.float32)
    for place, token in enumerate(tokens):
        own[place, list(token.classes)] = 1
        opposed = 0.0
        for number in token.classes:
            if number >= len(lexicon.cues):
                pair, pole = divmod(number - len(lexicon.cues), 2)
                opposed += poles_there[pair, pole if token.negated else 1 - pole] > 0
        own[place, lexicon.size] = min(opposed, 2)
        own[place, lexicon.size + 1] = token.negated
        for column, number in enumerate(shared):
            own[place, lexicon.size + 2 + column] = (number in token.classes) * held_there[number]
        own[place, lexicon.size + 2 + len(SHARED) + token.kind] = 1
    return own


def token_matrix(prepared: Prepared, row: int, other: int, best: np.ndarray, types: np.ndarray) -> np.ndarray:
    """(tokens, features) for one side. `best` (WIDTH,) are its alignment scores, `types` the type probabilities."""
    tokens = prepared.tokens[row]
    count = len(tokens)
    own = _own(prepared, row, other)
    aligned = np.full((count, 3), 0.0, np.float32)
    for column, place in enumerate(prepared.place[row]):
        if place >= 0:
            aligned[place] = 1, best[column], prepared.weight[row, column]
    amount = np.zeros((count, 2), np.float32)
    units_there = set(prepared.amounts["unit"][other].tolist()) - {-1}
    for found in read_amounts(tokens):
        amount[found.token] = 1, found.unit in units_there
    place_in = np.arange(count, dtype=np.float32)[:, None]
    position = np.hstack(
        [place_in / max(count, 1), np.full((count, 1), min(count, 60) / 30), place_in < 2, count - place_in <= 2]
    )
    core = np.hstack([own, aligned, amount])
    near = np.zeros_like(core)
    for step in range(1, REACH + 1):
        near[step:] += core[: count - step] / step
        near[: count - step] += core[step:] / step
    kinds = np.repeat(types[None, :], count, axis=0)
    signs = core[:, -5:]
    return np.hstack([core, near, position, kinds, (signs[:, :, None] * kinds[:, None, :]).reshape(count, -1)]).astype(
        np.float32
    )


def best_stretch(gains: np.ndarray) -> tuple[int, int]:
    """First and last index of the stretch with the largest sum, never empty; the earliest among equals."""
    best, start, total, found = -np.inf, 0, 0.0, (0, 0)
    for place, gain in enumerate(gains):
        if total <= 0:
            start, total = place, 0.0
        total += gain
        if total > best:
            best, found = total, (start, place)
    return found


def find_span(
    prepared: Prepared, row: int, other: int, best: np.ndarray, types: np.ndarray, estimator: Any, threshold: float
) -> Span | None:
    """The evidence in one side's text, None when it holds no word."""
    tokens = prepared.tokens[row]
    if not tokens:
        return None
    probability = estimator.predict_proba(token_matrix(prepared, row, other, best, types))[:, 1]
    first, last = best_stretch(probability - threshold)
    start, end = tokens[first].start, tokens[last].end
    return Span(start, end, prepared.sides[row].text[start:end])


def type_vector(type_name: str) -> np.ndarray:
    """One-hot over the conflict types; all zero for a duplicate."""
    return np.array([name == type_name for name in CONFLICT_TYPES], np.float32)
