"""Figures that say how good a judge is, each a plain function of labels and outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

BOOTSTRAP = 200
BINS = 10


def roc_area(labels: np.ndarray, scores: np.ndarray) -> float | None:
    """Area under ROC; None when only one class is present."""
    return float(roc_auc_score(labels, scores)) if 0 < labels.sum() < len(labels) else None


def average_precision(labels: np.ndarray, scores: np.ndarray) -> float | None:
    return float(average_precision_score(labels, scores)) if labels.any() else None


def at_half(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    """Accuracy, precision, recall and F1 of "conflict" where the probability is at least 0.5."""
    said = probabilities >= 0.5
    hits = float((said & labels).sum())
    precision, recall = hits / max(float(said.sum()), 1), hits / max(float(labels.sum()), 1)
    return {
        "accuracy": float((said == labels).mean()),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall) if hits else 0.0,
    }


def calibration_error(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Expected calibration error over ten equally wide bins (Naeini et al. 2015)."""
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    gaps = [
        (bins == number).mean() * abs(labels[bins == number].mean() - probabilities[bins == number].mean())
        for number in range(BINS)
        if (bins == number).any()
    ]
    return float(sum(gaps))


def brier(labels: np.ndarray, probabilities: np.ndarray) -> float:
    return float(((probabilities - labels) ** 2).mean())


def order_in_families(labels: np.ndarray, scores: np.ndarray, families: Sequence[str]) -> float | None:
    """Share of (conflict, non-conflict) pairs of one family that the scores put in the right order; ties count half."""
    members: dict[str, list[int]] = {}
    for row, family in enumerate(families):
        members.setdefault(family, []).append(row)
    right = total = 0.0
    for rows in members.values():
        for one in (row for row in rows if labels[row]):
            for other in (row for row in rows if not labels[row]):
                total += 1
                right += 1.0 if scores[one] > scores[other] else 0.5 if scores[one] == scores[other] else 0.0
    return right / total if total else None


def macro_f1(wanted: Sequence[str], said: Sequence[str], names: Sequence[str]) -> float | None:
    """Mean F1 over the named types that occur."""
    present = [name for name in names if name in set(wanted)]
    return float(f1_score(wanted, said, labels=present, average="macro", zero_division=0)) if present else None


def interval(
    figure: Callable[[np.ndarray], float | None], families: Sequence[str], seed: int = 0
) -> tuple[float, float] | None:
    """95 % bootstrap interval of `figure(rows)`, families drawn whole."""
    names = sorted(set(families))
    members = {name: [] for name in names}  # type: dict[str, list[int]]
    for row, family in enumerate(families):
        members[family].append(row)
    chooser = np.random.default_rng(seed)
    found = []
    for _ in range(BOOTSTRAP):
        drawn = chooser.choice(len(names), len(names))
        value = figure(np.array([row for number in drawn for row in members[names[number]]]))
        if value is not None:
            found.append(value)
    return (float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))) if found else None
