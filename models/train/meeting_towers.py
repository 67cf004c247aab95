"""The towers of the meeting model in torch, as `analyzer/matching/meeting.py` runs them in NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from analyzer.matching.encoder import StaticEncoder
from analyzer.matching.meeting_features import PARTS, Read

ALIKE, COUNTER, HIDDEN = 128, 64, 256
#: Shares of pieces, titles and marks that are left out at random while training: no one word may decide.
DROPPED, UNTITLED, UNMARKED = 0.2, 0.3, 0.1
TEMPERATURE = 0.1


@dataclass(frozen=True, slots=True)
class Flat:
    """The pieces of one part, all sides in a row, and where each side's begin (n + 1,)."""

    rows: np.ndarray
    begins: np.ndarray

    def take(self, sides: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Pieces of some sides, and where each one's begin, as `embedding_bag` wants them."""
        lengths = self.begins[sides + 1] - self.begins[sides]
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = np.repeat(self.begins[sides] - offsets, lengths) + np.arange(lengths.sum())
        return torch.from_numpy(self.rows[places]), torch.from_numpy(offsets)


def flatten(read: Read) -> dict[str, Flat]:
    """Every part's pieces in the layout of `Flat`."""
    return {
        part: Flat(found.indices.astype(np.int64), found.indptr.astype(np.int64)) for part, found in read.pieces.items()
    }


class Towers(nn.Module):
    """Sides to vectors; starts from the encoder's directions, rare pieces heavier."""

    def __init__(self, encoder: StaticEncoder, marks: int) -> None:
        super().__init__()
        length = np.maximum(np.linalg.norm(encoder.matrix, axis=1, keepdims=True), 1e-9)
        weight = np.clip((encoder.rarity - 5) / 5, 0.05, 1)[:, None]
        self.pieces = nn.Parameter(torch.tensor(encoder.matrix / length * weight, dtype=torch.float32))
        width = encoder.dimension
        self.text = nn.Linear(width, HIDDEN)
        self.parts = nn.ModuleDict({part: nn.Linear(width, HIDDEN, bias=False) for part in PARTS if part != "text"})
        self.marks = nn.Linear(marks, HIDDEN, bias=False)
        self.hidden = nn.Linear(HIDDEN, HIDDEN)
        self.out = nn.Linear(HIDDEN, ALIKE + 2 * COUNTER)
        self.skip = nn.Linear(width, ALIKE, bias=False)
        self.tier = nn.Parameter(torch.tensor([0.0, 1.0, 2.0]))
        self.scale = nn.Parameter(torch.tensor(float(np.log(1 / TEMPERATURE))))
        with torch.no_grad():
            self.skip.weight.copy_(2 * torch.linalg.qr(torch.randn(width, width))[0][:ALIKE])
            for layer in (*self.parts.values(), self.marks):
                layer.weight.mul_(0.5)

    def forward(self, flat: dict[str, Flat], marks: torch.Tensor, sides: np.ndarray) -> torch.Tensor:
        """Unit vectors of some sides."""
        text = self._bag(flat["text"], sides, DROPPED)
        hidden = self.text(text)
        for part, layer in self.parts.items():
            bag = self._bag(flat[part], sides, 0.0 if part == "action" else DROPPED)
            if part == "title" and self.training:
                bag = bag * (torch.rand(len(sides), 1) > UNTITLED)
            hidden = hidden + layer(bag)
        held = marks[torch.from_numpy(sides)]
        if self.training:
            held = held * (torch.rand_like(held) > UNMARKED)
        hidden = functional.dropout(functional.gelu(hidden + self.marks(held)), DROPPED, self.training)
        hidden = hidden + functional.dropout(functional.gelu(self.hidden(hidden)), DROPPED, self.training)
        vectors = self.out(hidden)
        vectors = torch.cat([vectors[:, :ALIKE] + self.skip(text), vectors[:, ALIKE:]], 1)
        return functional.normalize(vectors, dim=1)

    def _bag(self, flat: Flat, sides: np.ndarray, dropped: float) -> torch.Tensor:
        rows, offsets = flat.take(sides)
        kept = (torch.rand(len(rows)) > dropped).float() if self.training and dropped else None
        bags = functional.embedding_bag(rows, self.pieces, offsets, mode="sum", per_sample_weights=kept)
        return functional.normalize(bags, dim=1)

    def weights(self) -> dict[str, np.ndarray]:
        """Arrays by the names that `Meeting` reads; pieces as bytes."""
        plain = {name: value.detach().numpy() for name, value in self.named_parameters()}
        pieces = plain["pieces"]
        scale = np.maximum(np.abs(pieces).max(axis=1), 1e-9) / 127
        return {
            "pieces": np.rint(pieces / scale[:, None]).astype(np.int8),
            "piece_scale": scale.astype(np.float32),
            **{part: plain[f"parts.{part}.weight"] for part in PARTS if part != "text"},
            **{name: plain[f"{name}.weight"] for name in ("text", "marks", "hidden", "out", "skip")},
            **{"bias": plain["text.bias"], "hidden_bias": plain["hidden.bias"], "out_bias": plain["out.bias"]},
            "tier": plain["tier"],
            "scale": np.exp(plain["scale"])[None],
        }


def turn(vectors: torch.Tensor) -> torch.Tensor:
    """Vectors with their two counterparts exchanged."""
    alike, one, other = vectors.split([ALIKE, COUNTER, COUNTER], dim=1)
    return torch.cat([alike, other, one], 1)
