"""Trains the judge again from labelled pairs, seeded.

    python -m models.train.judge [--data ../shared/data] [--out models/judge]

Only `pairs/train_*.jsonl` teach the judge what a conflict is; `regeringsuppdrag.jsonl.gz` gives word counts and
pairs of real signals that stand near each other in one document, taken as "no conflict". Views are stacked on
predictions for files that a view has not seen, so that a family is never split.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from analyzer.records import CONFLICT_TYPES
from analyzer.scoring import features
from analyzer.scoring.classifier import Classifier, save
from analyzer.scoring.pairs import LabelledPair
from analyzer.scoring.prepared import Prepared, prepare
from analyzer.scoring.vectors import WordVectors, load_vectors
from analyzer.scoring.views import ClassView, WordView, class_crosses, symmetric, word_matrix
from models.manifest import write
from models.train.judge_data import TrainingPairs, count_words, read_training
from models.train.judge_evidence import train_evidence
from models.train.judge_vectors import train_vectors

SEED = 20240601
FOLDS = 5
TREES = 3
ROOT = Path(__file__).resolve().parents[2]


def linear() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.02, max_iter=1000))


def trees(seed: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=220,
        learning_rate=0.05,
        max_leaf_nodes=8,
        min_samples_leaf=30,
        l2_regularization=5.0,
        max_features=0.2,
        random_state=seed,
    )


class ViewTrainer:
    """Fits the four views on any subset of the pairs; holds the matrices that are made once."""

    def __init__(self, prepared: Prepared, a: np.ndarray, b: np.ndarray, y: np.ndarray, weight: np.ndarray) -> None:
        self.y, self.weight, self.prepared = y, weight, prepared
        step = range(0, len(a), 1024)
        self.named = np.vstack([features.compute(prepared, a[i : i + 1024], b[i : i + 1024]) for i in step])
        self.words = word_matrix(prepared, a, b)
        self.crosses = class_crosses(prepared, a, b)

    def fit(self, rows: np.ndarray) -> dict[str, Any]:
        y, weight = self.y[rows], self.weight[rows]
        flat = linear()
        flat.fit(self.named[rows], y, logisticregression__sample_weight=weight)
        return {
            "linear": flat,
            "trees": [trees(SEED + k).fit(self.named[rows], y, sample_weight=weight) for k in range(TREES)],
            "words": LogisticRegression(C=0.1, max_iter=500).fit(self.words[rows], y, sample_weight=weight),
            "classes": LogisticRegression(C=0.02, max_iter=500).fit(self.crosses[rows], y, sample_weight=weight),
        }

    def views(self, fitted: dict[str, Any], rows: np.ndarray) -> np.ndarray:
        """Log-odds by view, intercepts of the word and class views left out as at run time."""
        return np.column_stack(
            [
                fitted["linear"].decision_function(self.named[rows]),
                np.mean([tree.decision_function(self.named[rows]) for tree in fitted["trees"]], axis=0),
                self.words[rows] @ fitted["words"].coef_[0],
                self.crosses[rows] @ fitted["classes"].coef_[0],
            ]
        )

    def unseen_views(self, groups: np.ndarray) -> np.ndarray:
        """Each row's views by models that have not seen its group (its file)."""
        names = sorted(set(groups.tolist()))
        found = np.zeros((len(self.y), 4))
        for fold in range(FOLDS):
            held = np.isin(groups, names[fold::FOLDS])
            rows = np.flatnonzero(held)
            found[rows] = self.views(self.fit(np.flatnonzero(~held)), rows)
        return found


def fit_types(named: np.ndarray, pairs: list[LabelledPair]) -> dict[str, Any]:
    """Type among conflicts, duplicate among the others, clear (2) or tension (1) among conflicts."""
    conflict = np.array([pair.conflict for pair in pairs])
    kinds = np.array([CONFLICT_TYPES.index(p.type) if p.conflict and p.type in CONFLICT_TYPES else -1 for p in pairs])
    boosted = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.05,
        max_leaf_nodes=8,
        min_samples_leaf=20,
        l2_regularization=5.0,
        max_features=0.2,
        random_state=SEED,
    )
    return {
        "type_linear": linear().fit(named[conflict], kinds[conflict]),
        "type_trees": boosted.fit(named[conflict], kinds[conflict]),
        "duplicate": linear().fit(named[~conflict], np.array([p.type == "duplicate" for p in pairs])[~conflict]),
        "grade": linear().fit(named[conflict], np.array([p.grade == 2 for p in pairs])[conflict]),
    }


def train(data: TrainingPairs, vectors: WordVectors, data_folder: Path) -> Classifier:
    vocabulary = count_words(data_folder)
    sides = data.sides()
    prepared = prepare(sides, vectors, vocabulary)
    a = np.arange(0, len(sides), 2)
    y = np.array([pair.conflict for pair in data.pairs], int)
    trainer = ViewTrainer(prepared, a, a + 1, y, data.weight)
    labelled = np.flatnonzero(data.labelled)
    stack = LogisticRegression(C=0.1, max_iter=500)
    stack.fit(trainer.unseen_views(data.files)[labelled], y[labelled])
    fitted = trainer.fit(np.arange(len(y)))
    stems, half = prepared.stems, len(prepared.stems)
    coefficients = fitted["words"].coef_[0]
    estimators = {"linear": fitted["linear"], "trees": fitted["trees"], "stack": stack}
    estimators |= fit_types(trainer.named[labelled], [data.pairs[row] for row in labelled])
    estimators["evidence"], threshold = train_evidence(prepared, [data.pairs[row] for row in labelled], labelled, SEED)
    config = {
        "features": list(features.NAMES),
        "seed": SEED,
        "share_of_conflicts": float(y[labelled].mean()),
        "evidence_threshold": threshold,
        "typical": [round(float(value), 5) for value in trainer.named[labelled].mean(0)],
        "pairs": len(labelled),
        "background_pairs": len(y) - len(labelled),
    }
    classes = prepared.cues.shape[1] + 2 * prepared.poles.shape[1]
    return Classifier(
        estimators,
        WordView(
            dict(zip(stems, coefficients[:half].tolist(), strict=True)),
            dict(zip(stems, coefficients[half:].tolist(), strict=True)),
        ),
        ClassView(symmetric(fitted["classes"].coef_[0], classes)),
        vocabulary,
        vectors,
        config,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "judge")
    parser.add_argument("--keep-vectors", action="store_true", help="use the word vectors that lie in --out already")
    arguments = parser.parse_args()
    vectors = load_vectors(arguments.out) if arguments.keep_vectors else train_vectors(arguments.data)
    classifier = train(read_training(arguments.data, SEED), vectors, arguments.data)
    save(classifier, arguments.out)
    write(arguments.out)


if __name__ == "__main__":
    main()
