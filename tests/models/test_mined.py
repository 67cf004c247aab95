"""Pairs that rank high and are no conflict: how they are chosen, shown and believed."""

from __future__ import annotations

import numpy as np
import torch

from analyzer.records import Frame, Side
from models.train.mined import MINED, choose
from models.train.second_reader_loss import DOUBT, pair_loss
from models.train.second_reader_pairs import KINDS, UNREAD

SIDES = [Side(f"Enhet {number} ska mäta.", Frame()) for number in range(5)]
PAIRS = np.array([[0, 1], [0, 2], [0, 3], [1, 2], [3, 4]])


def test_the_first_of_the_order_are_taken_and_no_side_too_often() -> None:
    found = choose(SIDES, PAIRS, np.array([2, 1, 0, 4, 3]), most=3, name="x", of_side=2)
    assert [(pair.a.text, pair.b.text) for pair in found] == [
        (SIDES[0].text, SIDES[3].text),
        (SIDES[0].text, SIDES[2].text),
        (SIDES[3].text, SIDES[4].text),
    ]
    assert all(pair.id.startswith(f"{MINED}-x-") and not pair.conflict for pair in found)


def test_mined_pairs_pull_towards_no_conflict() -> None:
    kinds = torch.zeros((2, len(KINDS)), requires_grad=True)
    pair_loss(kinds, torch.tensor([UNREAD, UNREAD])).backward()
    assert (kinds.grad[:, 2:] > 0).all() and (kinds.grad[:, :2] < 0).all()

    settled = torch.zeros((1, len(KINDS)))
    settled[0, 0] = np.log((len(KINDS) - 2) * (1 - DOUBT) / DOUBT)
    settled[0, 1] = -30.0
    settled.requires_grad_()
    pair_loss(settled, torch.tensor([UNREAD])).backward()
    assert settled.grad.abs().max() < 1e-3, "as sure as the label is believed, and no surer"
