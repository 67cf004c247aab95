"""The shortest stretch of each side that carries the conflict: a probability a word, then the best stretch.

The stretch is the one whose F1 with the evidence is highest as far as the words' probabilities tell: twice the
probability inside it, over its length and the probability of all words (the plug-in rule for F1: Ye et al. 2012).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from analyzer.records import CONFLICT_TYPES, Span
from analyzer.scoring.lexicon import load_lexicon
from analyzer.scoring.prepared import Prepared
from analyzer.scoring.stretches import expected_f1
from analyzer.scoring.words import KINDS
from analyzer.second_reader import Mark

#: Classes whose words carry a conflict when the other side has the same class.
SHARED = ("top", "high", "take", "full", "freeze", "decide", "lead", "maximum", "minimum", "only", "ban", "duty")
REACH = 2
#: What counts as a word of a span, as the measure of evidence counts them.
WORD = re.compile(r"\S+")
#: Pairs whose words are put to the estimator at once; some 50 words a pair and 600 numbers a word.
TOGETHER = 256


def _held(prepared: Prepared, row: int) -> np.ndarray:
    """(tokens, classes) 1 where a token belongs to a lexicon class."""
    tokens = prepared.tokens(row)
    held = np.zeros((len(tokens), load_lexicon().size), np.float32)
    belongs = [(place, number) for place, token in enumerate(tokens) for number in token.classes]
    if belongs:
        held[tuple(np.array(belongs).T)] = 1
    return held


def _own(prepared: Prepared, row: int, other: int) -> np.ndarray:
    """What each token is by itself and against the other side as a whole: (tokens, features)."""
    lexicon, tokens = load_lexicon(), prepared.tokens(row)
    held = _held(prepared, row)
    negated = np.array([token.negated for token in tokens], np.float32)
    kinds = np.eye(len(KINDS), dtype=np.float32)[np.array([token.kind for token in tokens], int)]
    poles = held[:, len(lexicon.cues) :].reshape(len(tokens), len(lexicon.oppositions), 2)
    there = (prepared.poles[other] > 0).astype(np.float32)
    apart, along = (np.einsum("tpk,pk->t", poles, sides) for sides in (there[:, ::-1], there))
    shared = [lexicon.cue(name) for name in SHARED]
    opposed = np.minimum(np.where(negated > 0, along, apart), 2)
    return np.hstack(
        [held, opposed[:, None], negated[:, None], held[:, shared] * (prepared.cues[other, shared] > 0), kinds]
    )


def token_matrix(prepared: Prepared, row: int, other: int, best: np.ndarray, types: np.ndarray) -> np.ndarray:
    """(tokens, features) for one side. `best` (WIDTH,) are its alignment scores, `types` the type probabilities."""
    tokens = prepared.tokens(row)
    count = len(tokens)
    own = _own(prepared, row, other)
    aligned = np.full((count, 3), 0.0, np.float32)
    columns = prepared.place[row] >= 0
    places = prepared.place[row][columns]
    aligned[places] = np.column_stack([np.ones(len(places)), best[columns], prepared.weight[row][columns]])
    amount = np.zeros((count, 2), np.float32)
    units_there = set(prepared.amounts["unit"][other].tolist()) - {-1}
    for found in prepared.read_amounts(row):
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
    by_kind = (signs[:, :, None] * kinds[:, None, :]).reshape(count, signs.shape[1] * kinds.shape[1])
    return np.hstack([core, near, position, kinds, by_kind]).astype(np.float32)


def best_stretch(chances: np.ndarray, sharpness: float) -> tuple[int, int]:
    """First and last index of the stretch of the highest F1 to expect, never empty; the earliest among equals.

    `chances` (n,) are raised to the power `sharpness` first: above 1, weak words count for less, and it gets shorter.
    """
    first, last = np.triu_indices(len(chances))
    best = expected_f1(chances**sharpness, first, last).argmax()
    return int(first[best]), int(last[best])


def find_spans(
    prepared: Prepared, a: np.ndarray, b: np.ndarray, kinds: Sequence[str], estimator: Any, sharpness: float
) -> list[tuple[Span | None, Span | None]]:
    """The evidence on both sides of each pair, should it be of the given kind; None for a side without any word."""
    found: list[Span | None] = []
    for start in range(0, len(a), TOGETHER):
        block = slice(start, start + TOGETHER)
        aligned = prepared.alignment(a[block], b[block])
        sides = [
            side
            for pair, kind in enumerate(kinds[block])
            for side in (
                (int(a[block][pair]), int(b[block][pair]), aligned.best_a[pair], type_vector(kind)),
                (int(b[block][pair]), int(a[block][pair]), aligned.best_b[pair], type_vector(kind)),
            )
        ]
        found += _find_block(prepared, sides, estimator, sharpness)
    return list(zip(found[::2], found[1::2], strict=True))


def _find_block(
    prepared: Prepared, sides: list[tuple[int, int, np.ndarray, np.ndarray]], estimator: Any, sharpness: float
) -> Iterator[Span | None]:
    """The evidence of each (row, other row, alignment, type); all words are put to the estimator at once."""
    matrices = [token_matrix(prepared, *side) for side in sides]
    ends = np.cumsum([len(matrix) for matrix in matrices])
    words = np.vstack(matrices)
    probability = estimator.predict_proba(words)[:, 1] if len(words) else np.zeros(0)
    for (row, *_), chances in zip(sides, np.split(probability, ends[:-1]), strict=True):
        if not len(chances):
            yield None
            continue
        tokens = prepared.tokens(row)
        first, last = best_stretch(chances, sharpness)
        start, end = tokens[first].start, tokens[last].end
        yield Span(start, end, prepared.sides[row].text[start:end])


def word_chances(text: str, marks: Sequence[Mark]) -> tuple[list[re.Match[str]], np.ndarray]:
    """The n white-space words of a text and (n,) how likely each carries the conflict, 0 where no mark is."""
    words = list(WORD.finditer(text))
    ends = [word.end() for word in words]
    chances = np.zeros(len(words))
    for mark in marks:
        # A piece may begin with the space before its word, and never goes past it.
        place = min(bisect_left(ends, mark.end), len(words) - 1)
        chances[place] = max(chances[place], mark.chance)
    return words, chances


def marked_span(
    text: str, marks: Sequence[Mark], choose: Callable[[Sequence[str], np.ndarray], tuple[int, int]]
) -> Span | None:
    """The stretch of whole words that a reader's marks point at; None without marks (a text that it did not reach).

    `choose` gives the first and last word, from the words and their chances.
    """
    if not marks:
        return None
    words, chances = word_chances(text, marks)
    first, last = choose([word.group() for word in words], chances)
    start, end = words[first].start(), words[last].end()
    end -= len(text[start:end]) - len(text[start:end].rstrip(".,;:"))
    return Span(start, end, text[start:end])


def type_vector(type_name: str) -> np.ndarray:
    """One-hot over the conflict types; all zero for a duplicate."""
    return np.array([name == type_name for name in CONFLICT_TYPES], np.float32)
