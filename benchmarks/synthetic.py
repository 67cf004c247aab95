"""Libraries larger than the real corpus, made from it. Synthetic: only fit for measuring time, memory and recall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from analyzer.matching.columns import Columns
from analyzer.matching.library import Library, make_library
from analyzer.records import Frame, Side
from analyzer.store.active import FetchedSides

#: Share of the first of two vectors in a mixture, at least and at most, and the noise on top (length 1 is the vector).
SHARES, NOISE = (0.6, 0.9), 0.2
SIGNALS_PER_DOCUMENT = 5
BLOCK = 50_000


def draw(real: int, count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.random.Generator]:
    """Of `real` sides those that lend each of `count` its frame, its words and the other half of its vectors, int64
    (count,); and what the rest is drawn by."""
    chance = np.random.default_rng(seed)
    frame, near, far = (chance.integers(0, real, count) for _ in range(3))
    return frame, near, far, chance


class Recombined(FetchedSides):
    """The sides of `enlarge`, made when they are asked for: the words, title and heading of one real side, the frame,
    addressee, issuer and days of another."""

    def __init__(self, real: Sequence[Side], count: int, seed: int) -> None:
        self.real = real
        self.frame, self.near, *_ = draw(len(real), count, seed)

    def __len__(self) -> int:
        return len(self.near)

    def fetch(self, positions: np.ndarray) -> list[Side]:
        """The sides at `positions`, in that order."""
        drawn = zip(self.near[positions].tolist(), self.frame[positions].tolist(), strict=True)
        return [self._mix(self.real[near], self.real[frame]) for near, frame in drawn]

    @staticmethod
    def _mix(words: Side, rest: Side) -> Side:
        return replace(rest, text=words.text, document=words.document, heading=words.heading)


def enlarge(real: Library, count: int, seed: int) -> Library:
    """A library of `count` sides: each has the frame, addressee and days of one real side, and vectors between those of
    two others, with noise; words and title are those of the nearer one."""
    frame, near, far, chance = draw(len(real), count, seed)
    rows = np.empty((count, real.rows.shape[1]), dtype=np.float32)
    width = (real.rows.shape[1] - real.wide) // 3
    parts = np.cumsum([0, real.wide, width, width, width])
    for begin in range(0, count, BLOCK):
        block = slice(begin, min(begin + BLOCK, count))
        share = chance.uniform(*SHARES, size=(block.stop - begin, 1)).astype(np.float32)
        mixed = share * real.rows[near[block]] + (1 - share) * real.rows[far[block]]
        for start, stop in zip(parts[:-1].tolist(), parts[1:].tolist(), strict=True):
            part = mixed[:, start:stop]
            noise = chance.standard_normal(part.shape, dtype=np.float32) * (NOISE / np.sqrt(stop - start))
            part += noise
            part /= np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-6)
        rows[block] = mixed
    numbers = {
        field.name: getattr(real.columns, field.name)[frame]
        for field in fields(Columns)
        if field.name not in ("topics", "objects")
    }
    return make_library(
        numbers=numbers,
        rows=rows,
        words=real.words[near],
        titles=real.titles[near],
        parties=[real.parties[at] for at in frame.tolist()],
        begins=real.scope.begins[frame],
        ends=real.scope.ends[frame],
        documents=[Side("", Frame())] * count,
        document_of=np.arange(count) // SIGNALS_PER_DOCUMENT,
    )


def cut_down(real: Library, count: int) -> Library:
    """The first `count` sides of a library, which meet as they did."""
    at = np.arange(count)
    columns = replace(real.columns, **{f.name: getattr(real.columns, f.name)[:count] for f in fields(Columns)})
    scope = replace(real.scope, party=real.scope.party[:count], begins=real.scope.begins[:count],
                    ends=real.scope.ends[:count], replaced={})  # fmt: skip
    return replace(
        real,
        columns=columns,
        rows=real.rows[:count],
        words=real.words[at],
        titles=real.titles[at],
        scope=scope,
        parties=real.parties[:count],
        document_of=real.document_of[:count],
    )
