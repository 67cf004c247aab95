"""Trains the evidence finder: which words of a side lie inside the annotated evidence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from analyzer.evaluation.spans import token_f1
from analyzer.scoring.evidence import best_stretch, token_matrix, type_vector
from analyzer.scoring.pairs import LabelledPair
from analyzer.scoring.prepared import Prepared

#: See `best_stretch`.
SHARPNESSES = tuple(round(0.6 + 0.1 * step, 1) for step in range(15))
FOLDS = 4


def side_tasks(
    prepared: Prepared, pairs: list[LabelledPair], rows: np.ndarray
) -> Iterator[tuple[int, np.ndarray, np.ndarray, str]]:
    """(family number, token features, inside or not, text) of sides with evidence; pair i is rows 2i and 2i + 1."""
    families = {family: number for number, family in enumerate(dict.fromkeys(pair.family for pair in pairs))}
    for pair, row in zip(pairs, rows.tolist(), strict=True):
        a, b = np.array([2 * row]), np.array([2 * row + 1])
        aligned = prepared.alignment(a, b)
        sides = (
            (2 * row, 2 * row + 1, aligned.best_a[0], pair.evidence_a),
            (2 * row + 1, 2 * row, aligned.best_b[0], pair.evidence_b),
        )
        for own, other, best, evidence in sides:
            text = prepared.sides[own].text
            start = text.find(evidence) if evidence else -1
            if start < 0:
                continue
            inside = np.array([start <= token.start < start + len(evidence or "") for token in prepared.tokens(own)])
            yield (
                families[pair.family],
                token_matrix(prepared, own, other, best, type_vector(pair.type or "")),
                inside,
                text,
            )


def model(seed: int) -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=300, random_state=seed))


def train_evidence(
    prepared: Prepared, pairs: list[LabelledPair], rows: np.ndarray, seed: int
) -> tuple[Pipeline, float]:
    """The word model of all sides, and the sharpness that gave the best token F1 on sides it had not seen."""
    tasks = list(side_tasks(prepared, pairs, rows))
    fold_of = np.array([family % FOLDS for family, *_ in tasks])
    scores = np.zeros(len(SHARPNESSES))
    for fold in range(FOLDS):
        fitted = model(seed).fit(*_joined([t for t, f in zip(tasks, fold_of, strict=True) if f != fold]))
        for _, matrix, inside, _ in (t for t, f in zip(tasks, fold_of, strict=True) if f == fold):
            probability = fitted.predict_proba(matrix)[:, 1]
            for number, sharpness in enumerate(SHARPNESSES):
                first, last = best_stretch(probability, sharpness)
                chosen = np.zeros(len(inside), bool)
                chosen[first : last + 1] = True
                scores[number] += token_f1(chosen, inside)
    best = int(scores.argmax())
    return model(seed).fit(*_joined(tasks)), SHARPNESSES[best]


def _joined(tasks: list[tuple[int, np.ndarray, np.ndarray, str]]) -> tuple[np.ndarray, np.ndarray]:
    return np.vstack([matrix for _, matrix, _, _ in tasks]), np.concatenate([inside for _, _, inside, _ in tasks])
