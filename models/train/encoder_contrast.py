"""Contrastive training of piece vectors: a text is the mean of its pieces, and texts that belong together attract.

Loss: symmetric InfoNCE over the batch with cosine similarity (van den Oord et al. 2018, arXiv:1807.03748; the
"multiple negatives ranking loss" of sentence-transformers), texts of the same group masked out as negatives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from models.train.encoder_pairs import TextPair

#: Pieces of a text that are read in training; a long paragraph says what it is about before that.
MAX_PIECES = 96


@dataclass(frozen=True, slots=True)
class ContrastSettings:
    """How long and how fast to train. `repeats` sees a small kind several times an epoch."""

    epochs: int = 1
    batch: int = 512
    rate: float = 2e-3
    temperature: float = 0.05
    dropout: float = 0.1
    repeats: tuple[tuple[str, int], ...] = (("entailment", 2),)


def train_vectors(
    start: np.ndarray, tokenizer: Tokenizer, pairs: Sequence[TextPair], settings: ContrastSettings, seed: int
) -> np.ndarray:
    """Trained vectors (size, dimension), float32, from start vectors of the same shape."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    encoded = _encode(tokenizer, pairs)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start.copy()), freeze=False, sparse=True, mode="mean")
    optimiser = torch.optim.SparseAdam(bag.parameters(), lr=settings.rate)
    schedule = [b for _ in range(settings.epochs) for b in _batches(pairs, settings, rng)]
    for step, batch in enumerate(schedule):
        optimiser.param_groups[0]["lr"] = settings.rate * min(1.0, (step + 1) / 100) * (1 - step / len(schedule))
        loss = _loss(bag, encoded, batch, pairs, settings, rng)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 200 == 0:
            print(f"step {step}/{len(schedule)} loss {loss.item():.4f} ({pairs[batch[0]].kind})", flush=True)
    return bag.weight.detach().numpy()


def _encode(tokenizer: Tokenizer, pairs: Sequence[TextPair]) -> list[tuple[np.ndarray, np.ndarray]]:
    """The piece ids of both texts of each pair."""
    texts = [text for pair in pairs for text in (pair.a, pair.b)]
    ids = [np.asarray(e.ids[:MAX_PIECES], dtype=np.int64) for e in tokenizer.encode_batch_fast(texts)]
    return list(zip(ids[::2], ids[1::2], strict=True))


def _batches(pairs: Sequence[TextPair], settings: ContrastSettings, rng: np.random.Generator) -> list[np.ndarray]:
    """Batches of pair numbers, each of one kind, in random order: negatives of the same kind are the hard ones."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for number, pair in enumerate(pairs):
        by_kind[pair.kind].append(number)
    repeats = dict(settings.repeats)
    batches = []
    for kind in sorted(by_kind):
        numbers = np.concatenate([rng.permutation(by_kind[kind]) for _ in range(repeats.get(kind, 1))])
        whole = max(1, len(numbers) // settings.batch)
        batches += np.array_split(numbers, whole)
    return [batches[i] for i in rng.permutation(len(batches))]


def _loss(
    bag: torch.nn.EmbeddingBag,
    encoded: list[tuple[np.ndarray, np.ndarray]],
    batch: np.ndarray,
    pairs: Sequence[TextPair],
    settings: ContrastSettings,
    rng: np.random.Generator,
) -> torch.Tensor:
    texts = [_drop(encoded[i][side], settings.dropout, rng) for side in (0, 1) for i in batch]
    offsets = np.cumsum([0] + [len(ids) for ids in texts[:-1]])
    vectors = functional.normalize(bag(torch.from_numpy(np.concatenate(texts)), torch.from_numpy(offsets)), dim=1)
    count = len(batch)
    a, b = vectors[:count], vectors[count:]
    names: dict[str, int] = {}
    groups = np.array([names.setdefault(pairs[i].group, len(names)) for i in batch])
    same = groups[:, None] == groups[None, :]
    np.fill_diagonal(same, False)
    scores = (a @ b.T / settings.temperature).masked_fill(torch.from_numpy(same), -1e4)
    target = torch.arange(count)
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


def _drop(ids: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """The ids without a random share of them, never empty."""
    kept = ids[rng.random(len(ids)) >= share]
    if len(kept):
        return kept
    return ids if len(ids) else np.zeros(1, dtype=np.int64)
