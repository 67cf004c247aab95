"""Sides as the judge holds them: all that was read of them once, in arrays, so that a pair is array arithmetic."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from analyzer.records import Side
from analyzer.scoring.alignment import Alignment, align
from analyzer.scoring.lexicon import load_lexicon
from analyzer.scoring.numbers import Amount, read_amounts
from analyzer.scoring.words import Token, tokenise
from analyzer.signals.organisation import Party

#: Content words a side may hold in the arrays; of longer texts the rarest words are kept, in text order.
WIDTH = 28
AMOUNTS = 5
MODALITIES = ("obligation", "prohibition", "permission", "recommendation", "goal")
DIRECTIONS = ("increase", "decrease", "maintain", "start", "stop")
PRIORITIES = ("none", "high", "absolute")
#: Oppositions whose surroundings tell whether the same thing is meant.
NEIGHBOURED = ("amount", "open", "start", "permit", "centre", "keep_destroy", "only_also", "together_apart")
RESOURCES = ("personnel", "budget", "competence", "equipment/premises", "time")


@dataclass(frozen=True, slots=True)
class Table:
    """Unit rows of which many are the same: `rows[numbers]`, and the first is all zeros. float32 (m, d), int32."""

    rows: np.ndarray
    numbers: np.ndarray

    def __getitem__(self, at: np.ndarray) -> np.ndarray:
        found: np.ndarray = self.rows[self.numbers[at]]
        return found


@dataclass(slots=True)
class Prepared:
    """Arrays over n sides. Padding has weight 0 and stem -1. Compare sides only within one Prepared.

    Chances are told by the arrays alone; `sides` are asked for their texts where a pair is explained or read again.
    """

    #: By row.
    sides: Sequence[Side] | Mapping[int, Side]
    #: (n, WIDTH): row of `vectors`, stem number, rarity, kind, negation, place among the side's tokens.
    word: np.ndarray
    stem: np.ndarray
    weight: np.ndarray
    kind: np.ndarray
    negated: np.ndarray
    place: np.ndarray
    #: (n, WIDTH) uint16: bits of the clauses that a word stands in, see `clauses.NAMES`.
    clauses: np.ndarray
    #: (n, WIDTH) whether a word names the thing itself: no number or date, no word of rank, limit, change or order.
    core: np.ndarray
    #: Words, and their vectors, (words, d) float32 unit rows.
    words: list[str]
    vectors: np.ndarray
    stems: list[str]
    #: int8, (n, cues) counts and (n, oppositions, 2) pole counts after negation.
    cues: np.ndarray
    poles: np.ndarray
    #: (n, AMOUNTS) each: value, low, high, unit (-1 for none), row of `vectors` of the counted noun (-1).
    amounts: dict[str, np.ndarray]
    #: (n, 3): first day, last day, due date.
    timing: np.ndarray
    #: (n, d) float32 unit rows.
    text_vectors: np.ndarray
    title_vectors: Table
    addressee_vectors: Table
    #: (n, len(NEIGHBOURED), 2) of unit rows: the words around each pole of an opposition, zeros where there is none.
    around: Table
    slots: dict[str, np.ndarray]
    goals: list[str]
    #: Number of the side's addressees among the distinct ones, and those, with the places where they work.
    addressee: np.ndarray
    addressees: list[Party]
    #: A fixed order of sides by content, so that a pair is always computed the same way round.
    order: np.ndarray
    #: (n, d) float32 unit rows of the shipped encoder: what the text as a whole is about.
    meaning: np.ndarray
    _aligned: tuple[bytes, Alignment] | None = field(default=None, init=False, repr=False)
    _tokens: dict[int, tuple[Token, ...]] = field(default_factory=dict, init=False, repr=False)
    _weights: dict[int, tuple[dict[str, float], np.ndarray]] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.order)

    def __getstate__(self) -> dict[str, Any]:
        """Without what is only kept to save work."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.init}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)
        self._aligned, self._tokens, self._weights = None, {}, {}

    def alignment(self, a: np.ndarray, b: np.ndarray) -> Alignment:
        """The soft alignment of a block of pairs; features of one block share it."""
        key = hashlib.blake2b(a.tobytes() + b.tobytes()).digest()
        if self._aligned is None or self._aligned[0] != key:
            self._aligned = key, align(self, a, b)
        return self._aligned[1]

    def cue(self, name: str, rows: np.ndarray) -> np.ndarray:
        """(n_pairs,) whether the cue holds at each of the given sides, as 0 or 1."""
        return (self.cues[rows, load_lexicon().cue(name)] > 0).astype(np.float32)

    def tokens(self, row: int) -> tuple[Token, ...]:
        """All tokens of a side's text."""
        if row not in self._tokens:
            self._tokens[row] = tokenise(self.sides[row].text)
        return self._tokens[row]

    def read_amounts(self, row: int) -> tuple[Amount, ...]:
        """All amounts of a side as read, with their places among its tokens."""
        return read_amounts(self.tokens(row))

    def with_sides(self, sides: Mapping[int, Side]) -> Prepared:
        """The same with (some of) the sides themselves, by row."""
        told = replace(self, sides=sides)
        told._weights = self._weights
        return told

    def stem_weights(self, table: dict[str, float]) -> np.ndarray:
        """(stems + 1,) float32: what a table says of each stem, 0 where nothing, as of the padding at the end."""
        kept = self._weights.get(id(table))
        if kept is None:
            found = np.array([table.get(word, 0.0) for word in (*self.stems, "")], np.float32)
            kept = self._weights[id(table)] = table, found
        return kept[1]
