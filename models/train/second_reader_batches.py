"""Pairs as a transformer reads them: `<s> a </s></s> b </s>`, put together on the device from pieces that lie there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from models.train.second_reader_material import Material

#: Longest pair in pieces, with its four marks; lengths are filled up to multiples of `STEP`.
PIECES, MARKS, STEP = 152, 4, 16


@dataclass(frozen=True, slots=True)
class Special:
    """Numbers of the tokenizer's own pieces."""

    begin: int
    end: int
    padding: int


@dataclass(frozen=True, slots=True)
class Batch:
    """r pairs: pieces, sides (0 or 1), whether a piece is there, and whether it lies in the evidence (-1: unknown),
    all (r, length)."""

    ids: torch.Tensor
    sides: torch.Tensor
    there: torch.Tensor
    marked: torch.Tensor


class Shelf:
    """All sides and heads of the material on one device."""

    def __init__(self, material: Material, special: Special, device: torch.device) -> None:
        self.special, self.device = special, device
        self._text = torch.from_numpy(material.text.astype(np.int32)).to(device)
        self._head = torch.from_numpy(material.head.astype(np.int32)).to(device)
        self._text_begins = torch.from_numpy(material.text_begins).to(device)
        self._head_begins = torch.from_numpy(material.head_begins).to(device)
        self._head_of = torch.from_numpy(material.head_of.astype(np.int64)).to(device)
        self._texts, self._heads = np.diff(material.text_begins), np.diff(material.head_begins)
        self._of = material.head_of

    def lengths(self, pairs: np.ndarray, hidden: np.ndarray) -> np.ndarray:
        """Pieces of pairs (r, 2) with what is `hidden` (r, 2) of their heads, at most `PIECES`."""
        sides = self._texts[pairs] + self._heads[self._of[pairs, hidden]]
        shortest: np.ndarray = np.minimum(sides.sum(axis=1) + MARKS, PIECES)
        return shortest

    def batch(self, pairs: np.ndarray, hidden: np.ndarray, evidence: np.ndarray) -> Batch:
        """Some pairs (r, 2), with the evidence's pieces (r, 4)."""
        length = min(PIECES, -(-int(self.lengths(pairs, hidden).max()) // STEP) * STEP)
        there = torch.from_numpy(pairs.astype(np.int64)).to(self.device)
        heads = self._head_of[there, torch.from_numpy(hidden.astype(np.int64)).to(self.device)]
        before = self._head_begins[heads + 1] - self._head_begins[heads]
        whole = before + self._text_begins[there + 1] - self._text_begins[there]
        kept = shorten(whole, PIECES - MARKS)
        place = torch.arange(length, device=self.device)[None]
        first, second = kept[:, :1], kept[:, 1:]
        at = (place - 1, place - 3 - first)
        inside = tuple((at[side] >= 0) & (at[side] < kept[:, side : side + 1]) for side in (0, 1))
        ids = torch.full((len(pairs), length), self.special.padding, device=self.device)
        marked = torch.full(ids.shape, -1.0, device=self.device)
        stretch = torch.from_numpy(evidence.astype(np.int64)).to(self.device)
        for side in (0, 1):
            in_text = at[side] - before[:, side : side + 1]
            head = self._head[_within(self._head_begins[heads[:, side], None] + at[side], self._head)]
            text = self._text[_within(self._text_begins[there[:, side], None] + in_text, self._text)]
            ids = torch.where(inside[side], torch.where(in_text < 0, head, text).long(), ids)
            begin, end = stretch[:, 2 * side, None], stretch[:, 2 * side + 1, None]
            carried = ((in_text >= begin) & (in_text < end)).float()
            marked = torch.where(inside[side] & (begin >= 0), carried, marked)
        ids[:, 0] = self.special.begin
        ends = (place == first + 1) | (place == first + 2) | (place == first + second + 3)
        ids = torch.where(ends, self.special.end, ids)
        filled = place < first + second + MARKS
        return Batch(ids, ((place >= first + 3) & filled).long(), filled, marked)


def shorten(lengths: torch.Tensor, room: int) -> torch.Tensor:
    """Lengths (r, 2) cut to `room` together, the longer first, as the tokenizer's "longest_first"."""
    half = room // 2
    other = lengths.flip(1)
    cut = torch.where(lengths <= half, lengths, torch.where(other <= half, room - other, half))
    return torch.where(lengths.sum(1, keepdim=True) > room, cut, lengths)


def _within(places: torch.Tensor, row: torch.Tensor) -> torch.Tensor:
    """Places that lie outside are never looked at, but must be there to be read."""
    return places.clamp(0, max(len(row) - 1, 0))


def batches(lengths: np.ndarray, size: int, chooser: np.random.Generator) -> list[np.ndarray]:
    """Rows of near length together, `size` a batch, in random order."""
    rows = chooser.permutation(len(lengths))
    made: list[np.ndarray] = []
    for begin in range(0, len(rows), size * 20):
        some = rows[begin : begin + size * 20]
        some = some[np.argsort(lengths[some], kind="stable")]
        made += [some[at : at + size] for at in range(0, len(some), size)]
    return [made[number] for number in chooser.permutation(len(made))]
