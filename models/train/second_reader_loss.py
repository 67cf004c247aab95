"""What the second reader is taught by: kind of pair, whether any conflict, and the pieces that carry it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from tokenizers import Encoding
from torch.nn import functional

from models.train.second_reader_pairs import UNREAD, Stretch

#: How far a mined pair is believed to be a conflict after all.
DOUBT = 0.06


def pair_loss(kinds: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Whether any conflict at all and, where somebody read the pair, which kind."""
    odds = kinds[:, 2:].logsumexp(-1) - kinds[:, :2].logsumexp(-1)
    read = wanted != UNREAD
    conflict = torch.where(read, (wanted >= 2).float(), DOUBT)
    loss = functional.binary_cross_entropy_with_logits(odds, conflict)
    if read.any():
        named = functional.cross_entropy(kinds[read], wanted[read], label_smoothing=0.05)
        loss = loss + named * read.float().mean()
    return loss


def mark_loss(marks: torch.Tensor, marked: Sequence[Sequence[float]]) -> torch.Tensor:
    """Which pieces lie in the evidence; sides without evidence (below zero) have no say."""
    wanted = torch.full(marks.shape, -1.0)
    for row, values in enumerate(marked):
        wanted[row, : len(values)] = torch.tensor(values)
    known = wanted >= 0
    if not known.any():
        return torch.zeros(())
    return functional.binary_cross_entropy_with_logits(marks[known], wanted[known])


def stretches_marked(encoding: Encoding, stretches: tuple[Stretch, Stretch]) -> list[float]:
    """1 for pieces inside their side's stretch, 0 for those outside, -1 where the side has none."""
    marked = []
    for (start, end), side in zip(encoding.offsets, encoding.sequence_ids, strict=True):
        stretch = None if side is None else stretches[side]
        marked.append(-1.0 if stretch is None else float(start < stretch[1] and end > stretch[0]))
    return marked
