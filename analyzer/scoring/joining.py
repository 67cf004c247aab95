"""Puts together what was read of sides in several parts: words, stems and addressees get the numbers that all share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from analyzer.records import Side
from analyzer.scoring.prepared import Prepared, Table
from analyzer.scoring.words import stem
from analyzer.signals.organisation import Party

#: Arrays whose rows are the same in the whole; those of `amounts` and `slots` besides.
PLAIN = ("weight", "kind", "negated", "place", "clauses", "core", "cues", "poles", "timing", "text_vectors", "order")
TABLES = ("title_vectors", "addressee_vectors", "around")
Named = TypeVar("Named", str, Party)


def join_parts(parts: Iterable[Prepared], sides: Sequence[Side] | Mapping[int, Side], meaning: np.ndarray) -> Prepared:
    """What was read of n sides, in their order. Parts are let go one by one, since all of them are large.

    Args:
        sides: as in `Prepared`. meaning: float32 (n, d), of as many sides as the parts hold; else ValueError.
    """
    if meaning.ndim != 2:
        raise ValueError(f"the sides want a row of vectors each, got {meaning.shape}")
    whole = _Whole(len(meaning))
    for part in parts:
        whole.add(part)
    if whole.filled != len(meaning):
        raise ValueError(f"{whole.filled} sides want as many rows of vectors, got {meaning.shape}")
    return whole.build(sides, meaning)


class _Whole:
    """Arrays of `count` rows, filled from the top."""

    def __init__(self, count: int) -> None:
        self.count, self.filled = count, 0
        self.arrays: dict[str, np.ndarray] = {}
        self.words: dict[str, int] = {}
        self.stems: dict[str, int] = {}
        self.parties: dict[Party, int] = {}
        #: The first word of each stem.
        self.nouns: dict[str, int] = {}
        self.vectors: list[np.ndarray] = []
        self.tables: dict[str, list[np.ndarray]] = defaultdict(list)
        self.goals: list[tuple[list[str], np.ndarray]] = []

    def add(self, part: Prepared) -> None:
        """The rows of a part after those that are there. Raises ValueError where there is no room for them."""
        begin, self.filled = self.filled, self.filled + len(part)
        if self.filled > self.count:
            raise ValueError(f"there are more sides than the {self.count} rows of vectors")
        rows = slice(begin, self.filled)
        known = len(self.words)
        words = _number(self.words, part.words)
        self.vectors.append(part.vectors[words >= known])
        stems = [stem(word) if word else "" for word in part.words]
        nouns = np.array([self.nouns.setdefault(one, at) for one, at in zip(stems, words.tolist(), strict=True)])
        found = {name: getattr(part, name) for name in PLAIN}
        found["word"] = words[part.word]
        # Where there is none (-1) the last one is meant, which says so.
        found["stem"] = np.append(_number(self.stems, part.stems), np.int32(-1))[part.stem]
        found["addressee"] = _number(self.parties, part.addressees)[part.addressee]
        found |= {f"amounts {name}": values for name, values in part.amounts.items()}
        found["amounts noun"] = np.append(nouns, -1).astype(np.int32)[part.amounts["noun"]]
        found |= {f"slots {name}": values for name, values in part.slots.items() if name != "goals"}
        for name in TABLES:
            table, kept = getattr(part, name), self.tables[name]
            before = sum(map(len, kept)) or 1
            # Copied, since a part may lie in memory that is only lent.
            kept.append(np.array(table.rows[1:] if kept else table.rows))
            found[name] = np.where(table.numbers > 0, table.numbers + (before - 1), 0).astype(np.int32)
        for name, values in found.items():
            if name not in self.arrays:
                self.arrays[name] = np.empty((self.count, *values.shape[1:]), values.dtype)
            self.arrays[name][rows] = values
        self.goals.append((part.goals, np.array(part.slots["goals"])))

    def build(self, sides: Sequence[Side] | Mapping[int, Side], meaning: np.ndarray) -> Prepared:
        """All of it."""
        named = sorted({goal for goals, _ in self.goals for goal in goals})
        held = np.zeros((self.count, len(named)), np.int8)
        begin = 0
        for goals, values in self.goals:
            held[begin : begin + len(values), [named.index(goal) for goal in goals]] = values
            begin += len(values)
        amounts, slots = (
            {name.partition(" ")[2]: values for name, values in self.arrays.items() if name.startswith(f"{group} ")}
            for group in ("amounts", "slots")
        )
        found: dict[str, Any] = {name: self.arrays[name] for name in (*PLAIN, "word", "stem", "addressee")}
        found |= {name: Table(np.concatenate(rows), self.arrays[name]) for name, rows in self.tables.items()}
        return Prepared(
            sides=sides,
            **found,
            words=list(self.words),
            vectors=np.concatenate(self.vectors),
            stems=list(self.stems),
            amounts=amounts,
            slots=slots | {"goals": held},
            goals=named,
            addressees=list(self.parties),
            meaning=meaning.astype(np.float32, copy=False),
        )


def _number(known: dict[Named, int], own: Sequence[Named]) -> np.ndarray:
    """The numbers of one's own among all that are known, which those that are not yet join, int32."""
    return np.array([known.setdefault(one, len(known)) for one in own], np.int32)
