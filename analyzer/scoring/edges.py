"""Where evidence begins and ends, by the words around the place: a logistic regression on clues for either edge.

A reader's marks say what the conflict is about; where whoever marks evidence starts and stops is a habit of phrases
("ska … senast den 1 mars", not the subordinate clause after it), which the words at the edge tell far better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from safetensors.numpy import load_file, save_file

from analyzer.scoring.words import stem

FILE = "edges.safetensors"
STOPS = ".,;:"
#: Words from here to the nearest stop or text edge are counted as far as this.
FAR = 6
#: Most parts of a clue, and an odd number whose multiples spread them over all bits (Knuth's multiplicative hashing).
LONGEST, MIXER = 3, np.uint64(0x9E3779B97F4A7C15)
#: Texts differ in what lies outside them: before the first word, after the last.
BEFORE, AFTER = "^", "$"


def word_stems(words: Sequence[str]) -> list[str]:
    """The stem of each white-space word without its punctuation; of a word that is nothing else, the word."""
    return [stem(_bare(word)) or word for word in words]


def _bare(word: str) -> str:
    return word.lower().strip("()”\"'").rstrip(STOPS)


def edge_clues(words: Sequence[str], other: frozenset[str], kind: str) -> np.ndarray:
    """(words, clues) uint32 checksums of what each word and its neighbours are: a model of checksums holds no text.

    `other` holds the stems of the other side's words, `kind` is the type of the conflict.
    """
    count, around = len(words), _checksums([BEFORE, BEFORE, *word_stems(words), AFTER, AFTER])
    stops = [word[-1] if word[-1] in STOPS else "" for word in words]
    far, near, own, follows, beyond = (around[at : at + count] for at in range(5))
    before, here, after = (_checksums([BEFORE, *stops, ""])[at : at + count] for at in range(3))
    since, until = (np.array(distance, np.uint64) for distance in _distances(stops))
    shared = np.array([one in other for one in word_stems(words)], np.uint64)
    ending, shape = _checksums([_bare(word)[-3:] for word in words]), _checksums([_shape(word) for word in words])
    of_kind, nothing = np.full(count, crc32(kind.encode()), np.uint64), np.zeros(count, np.uint64)
    told: list[tuple[np.ndarray, ...]] = [
        *((far,), (near,), (own,), (follows,), (beyond,)),
        *((near, own), (own, follows), (far, near, own), (own, follows, beyond)),
        *((of_kind, near), (of_kind, own), (of_kind, follows)),
        *((before,), (here,), (after,), (since,), (until,), (shared,), (ending,), (shape,)),
    ]
    parts = np.array([(*one, *[nothing] * (LONGEST - len(one))) for one in told])
    clues = np.arange(1, len(told) + 1, dtype=np.uint64)[:, None] * MIXER
    for step in range(LONGEST):
        clues = (clues ^ parts[:, step]) * MIXER
    return np.ascontiguousarray((clues >> np.uint64(32)).astype(np.uint32).T)


def _checksums(texts: Sequence[str]) -> np.ndarray:
    return np.array([crc32(text.encode()) for text in texts], np.uint64)


def _shape(word: str) -> str:
    """Whether a word begins with a capital and whether a digit is in it."""
    return f"{'A' if word[0].isupper() else 'a'}{'1' if any(letter.isdecimal() for letter in word) else ''}"


def _distances(stops: Sequence[str]) -> tuple[list[int], list[int]]:
    """For each word: how many words since one with a stop, and how many until one, itself included."""
    since = [0] * len(stops)
    for at in range(1, len(stops)):
        since[at] = 0 if stops[at - 1] else min(since[at - 1] + 1, FAR)
    until = [0] * len(stops)
    for at in range(len(stops) - 1, -1, -1):
        until[at] = 0 if stops[at] else min(until[at + 1] + 1 if at + 1 < len(stops) else 1, FAR)
    return since, until


@dataclass(frozen=True, slots=True)
class Edges:
    """Does evidence begin at a word, does it end there: `known` (k,) uint32 clues in ascending order, their `weights`
    (k, 2) float32, and `bias` (2,) float32."""

    known: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def odds(self, words: Sequence[str], other: frozenset[str], kind: str) -> np.ndarray:
        """(words, 2) log-odds that evidence begins with the word, and that it ends with it."""
        clues = edge_clues(words, other, kind)
        rows = np.minimum(np.searchsorted(self.known, clues), len(self.known) - 1)
        heard = self.known[rows] == clues
        return np.stack([(weights[rows] * heard).sum(1) for weights in self.weights.T], 1) + self.bias


def save_edges(edges: Edges, folder: Path) -> None:
    """`edges.safetensors`, in half precision."""
    held = {"known": edges.known, "weights": edges.weights.astype(np.float16), "bias": edges.bias}
    save_file(held, folder / FILE)


def load_edges(folder: Path) -> Edges:
    held = load_file(folder / FILE)
    return Edges(held["known"], held["weights"].astype(np.float32), held["bias"])
