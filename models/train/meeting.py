"""Trains the model that finds signals likely to meet, seeded.

    python -m models.train.meeting [--data ../shared/data] [--out models/meeting]      train, register
    python -m models.train.meeting --measure                                          recall on files left out

Towers are trained so that the two sides of a conflict or a repeated demand find each other among other sides of the
same files and real signals (InfoNCE, van den Oord et al. 2018). What weighs their best again learns from towers that
have not seen the files in question. Families are never split: a file is whole in one fold. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional

from analyzer.matching.encoder import StaticEncoder, load_encoder
from analyzer.matching.meeting import FOLDER, FURTHEST, Meeting, gelu
from analyzer.matching.meeting_features import FEATURES, compare, mark_names
from models import manifest
from models.train.meeting_data import Material, read_material
from models.train.meeting_towers import ALIKE, COUNTER, Flat, Towers, flatten, turn

SEED = 11
EPOCHS, BATCH, CHUNK = 6, 100, 25
#: Rivals drawn anew for every batch: real signals, and sides of labelled pairs.
REAL_RIVALS, OWN_RIVALS = 1000, 1000
RATE, PIECE_RATE, DECAY, WARM_UP = 2e-3, 5e-4, 1e-4, 50
FOLDS, LISTS, WIDTH = 4, 250, 48
WEIGHING_EPOCHS, WEIGHING_BATCH, WEIGHING_RATE = 10, 64, 3e-3
#: Files that `--measure` leaves out of everything: of every sort and several hands.
LEFT_OUT = frozenset(
    {
        *("train_1", "train_5", "train_13", "train_16", "half_03", "half_11"),
        *("w4_malkonflikt", "w7_statliga", "f3_vard"),
    }
)
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def train_towers(material: Material, chosen: np.ndarray, encoder: StaticEncoder, seed: int) -> Towers:
    """Towers trained on the chosen pairs (p,)."""
    torch.manual_seed(seed)
    chooser = np.random.default_rng(seed)
    flat, marks = flatten(material.read), torch.from_numpy(material.read.marks)
    towers = Towers(encoder, marks.shape[1])
    towers.train()
    others = [value for name, value in towers.named_parameters() if name != "pieces"]
    groups = [{"params": [towers.pieces]}, {"params": others, "weight_decay": DECAY}]
    optimiser = torch.optim.Adam(groups)
    own, step, steps = np.unique(material.pairs[chosen]), 0, EPOCHS * (len(chosen) // BATCH)
    for _ in range(EPOCHS):
        for batch in _batches(material, chosen, chooser):
            warmth = min(1.0, step / WARM_UP) * (1 - step / steps) + 0.02
            for group, rate in zip(optimiser.param_groups, (PIECE_RATE, RATE), strict=True):
                group["lr"] = rate * warmth
            rivals = [chooser.integers(0, material.real, REAL_RIVALS), chooser.choice(own, OWN_RIVALS)]
            loss = _loss(towers, material, flat, marks, np.concatenate([*material.pairs[batch].T, *rivals]), len(batch))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            step += 1
    towers.eval()
    return towers


def _batches(material: Material, chosen: np.ndarray, chooser: np.random.Generator) -> Iterator[np.ndarray]:
    """Pairs of one file stay together in chunks, so that field and voice do not give a partner away."""
    order = chooser.permutation(chosen)
    order = order[np.argsort(material.files[order], kind="stable")]
    chunks = [order[begin : begin + CHUNK] for begin in range(0, len(order), CHUNK)]
    order = np.concatenate([chunks[at] for at in chooser.permutation(len(chunks))])
    for begin in range(0, len(order) - BATCH + 1, BATCH):
        yield order[begin : begin + BATCH]


def _loss(
    towers: Towers, material: Material, flat: dict[str, Flat], marks: torch.Tensor, sides: np.ndarray, count: int
) -> torch.Tensor:
    """`sides` holds the batch's `count` first sides, their partners, and the rivals; both sides ask."""
    asking = np.arange(2 * count)
    partner = (asking + count) % (2 * count)
    vectors = towers(flat, marks, sides)
    tiers = torch.from_numpy(material.tiers(sides[asking], sides))
    scores = turn(vectors[: 2 * count]) @ vectors.T * towers.scale.exp() + towers.tier[tiers]
    out = material.no_rival(sides[asking], sides[partner], sides)
    out[asking, partner] = False
    return functional.cross_entropy(scores.masked_fill(torch.from_numpy(out), -1e4), torch.from_numpy(partner))


def list_rivals(
    material: Material, towers: Towers, chosen: np.ndarray, pool: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The features of each pair and of the towers' best rivals, float32 (lists, 1 + LISTS, features), partner first,
    for both sides of the chosen pairs (lists = 2 p); and whether the partner is among the towers' best (lists,)."""
    model = as_meeting(towers, {})
    vectors = model.project(material.read)
    scale, bonus = model.weights["scale"][0], model.weights["tier"]
    found, inside = [], []
    for a, b in (material.pairs[chosen].T, material.pairs[chosen].T[::-1]):
        for begin in range(0, len(chosen), 200):
            one, other = a[begin : begin + 200], b[begin : begin + 200]
            tiers = material.tiers(one, pool)
            scores = scale * (model.turn(vectors[one]) @ vectors[pool].T) + bonus[tiers]
            scores[material.no_rival(one, other, pool)] = -1e4
            best = np.argpartition(-scores, LISTS, axis=1)[:, :LISTS]
            partners = np.column_stack([other, pool[best]])
            first, second = np.repeat(one, LISTS + 1), partners.ravel()
            tier = material.scope.tiers[material.scope.party[first], material.scope.party[second]]
            likeness = np.einsum("ij,ij->i", vectors[first, :ALIKE], vectors[second, :ALIKE])
            score = scale * np.einsum("ij,ij->i", model.turn(vectors[one]).repeat(LISTS + 1, 0), vectors[second])
            score = score + bonus[tier]
            within = material.document_of[first] == material.document_of[second]
            features = compare(material.read, first, second, score, likeness, tier, within)
            features = features.reshape(len(one), LISTS + 1, -1)
            found.append(features)
            met = material.scope.meet(one, other)
            inside.append(met & (features[:, 0, 0] >= np.take_along_axis(scores, best, axis=1).min(axis=1)))
    return np.concatenate(found), np.concatenate(inside)


def train_weighing(lists: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """Weights of the small network, by the names that `Meeting` reads; `lists` (lists, 1 + rivals, features)."""
    torch.manual_seed(seed)
    mean, spread = lists.mean(axis=(0, 1)), np.maximum(lists.std(axis=(0, 1)), 1e-3)
    scaled = torch.from_numpy(np.clip((lists - mean) / spread, -FURTHEST, FURTHEST).astype(np.float32))
    network = nn.Sequential(nn.Linear(scaled.shape[2], WIDTH), nn.GELU(), nn.Dropout(0.1), nn.Linear(WIDTH, 1, False))
    optimiser = torch.optim.Adam(network.parameters(), WEIGHING_RATE, weight_decay=1e-4)
    for epoch in range(WEIGHING_EPOCHS):
        optimiser.param_groups[0]["lr"] = WEIGHING_RATE * (1 - epoch / WEIGHING_EPOCHS)
        for batch in torch.randperm(len(scaled)).split(WEIGHING_BATCH):
            scores = network(scaled[batch])[:, :, 0]
            loss = functional.cross_entropy(scores, torch.zeros(len(batch), dtype=torch.long))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    first, second = network[0], network[3]
    arrays = {"first": first.weight, "first_bias": first.bias, "second": second.weight}
    return {name: value.detach().numpy() for name, value in arrays.items()} | {
        "mean": mean.astype(np.float32),
        "spread": spread.astype(np.float32),
    }


def as_meeting(towers: Towers, weighing: dict[str, np.ndarray]) -> Meeting:
    """The model as the program runs it."""
    weights = {name: array.astype(np.float32) for name, array in towers.weights().items()}
    weights["pieces"] *= weights.pop("piece_scale")[:, None]
    return Meeting(weights | weighing, ALIKE, COUNTER)


def train(material: Material, chosen: np.ndarray, encoder: StaticEncoder) -> tuple[Towers, dict[str, np.ndarray]]:
    """Towers on all chosen pairs; the weighing on conflicts that towers of other files ranked."""
    names = sorted(set(material.files[chosen]))
    lists = []
    for fold in range(FOLDS):
        unseen = np.isin(material.files, names[fold::FOLDS])
        towers = train_towers(material, chosen[~unseen[chosen]], encoder, SEED + fold)
        asked = chosen[unseen[chosen] & material.conflict[chosen]]
        pool = np.concatenate([np.arange(material.real), np.unique(material.pairs[asked])])
        found, inside = list_rivals(material, towers, asked, pool)
        lists.append(found[inside])
        print(f"fold {fold}: {inside.mean():.3f} of the partners among the first {LISTS}", flush=True)
    return train_towers(material, chosen, encoder, SEED), train_weighing(np.concatenate(lists), SEED)


def measure(material: Material, encoder: StaticEncoder) -> None:
    """Recall of conflicts of the files left out, by either side's list: among real signals and the files' own sides,
    and among all sides of labelled pairs besides, where no style gives a partner away."""
    left_out = np.isin(material.files, sorted(LEFT_OUT))
    towers, weighing = train(material, np.flatnonzero(~left_out), encoder)
    asked = np.flatnonzero(left_out & material.conflict)
    near = np.concatenate([np.arange(material.real), np.unique(material.pairs[asked])])
    for name, pool in (("real and own", near), ("all sides", np.arange(len(material.read)))):
        lists, inside = list_rivals(material, towers, asked, pool)
        scaled = np.clip((lists - weighing["mean"]) / weighing["spread"], -FURTHEST, FURTHEST)
        weighed = gelu(scaled @ weighing["first"].T + weighing["first_bias"]) @ weighing["second"][0]
        for kind, scores in (("towers", lists[:, :, 0]), ("weighed", weighed)):
            rank = np.where(inside, (scores[:, 1:] > scores[:, :1]).sum(axis=1), LISTS)
            best = rank.reshape(2, -1).min(axis=0)
            print(f"{name:14} {kind:8}", *(f"@{k} {(best < k).mean():.3f}" for k in (15, 30, 60, 120)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--measure", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder)
    material = read_material(options.data, encoder)
    if options.measure:
        measure(material, encoder)
        return
    towers, weighing = train(material, np.arange(len(material.pairs)), encoder)
    options.out.mkdir(parents=True, exist_ok=True)
    arrays = {name: np.ascontiguousarray(array) for name, array in (towers.weights() | weighing).items()}
    save_file(arrays, options.out / "weights.safetensors")
    config = {"alike": ALIKE, "counter": COUNTER, "marks": list(mark_names()), "features": list(FEATURES)}
    (options.out / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    if options.out.resolve() == FOLDER:
        manifest.write(options.out)


if __name__ == "__main__":
    main()
