"""What the second reader is taught by: kind of pair, whether any conflict, and the pieces that carry it."""

from __future__ import annotations

import torch
from torch.nn import functional

from models.train.second_reader_pairs import UNREAD

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


def mark_loss(marks: torch.Tensor, marked: torch.Tensor) -> torch.Tensor:
    """Which pieces (r, length) lie in the evidence; what is below zero has no say."""
    known = marked >= 0
    if not known.any():
        return torch.zeros((), device=marks.device)
    return functional.binary_cross_entropy_with_logits(marks[known], marked[known])
