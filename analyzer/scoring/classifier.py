"""The trained parts of the judge, how they are put together, saved and loaded (skops, safetensors, JSON)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED

import numpy as np
import skops.io
from safetensors.numpy import load_file, save_file

from analyzer.errors import ModelError
from analyzer.scoring import features
from analyzer.scoring.prepared import Prepared, Vocabulary
from analyzer.scoring.vectors import WordVectors, load_vectors, save_vectors
from analyzer.scoring.views import ClassView, WordView

#: What skops may build beside its own list; all of scikit-learn's boosted trees, nothing that runs code.
TRUSTED = [
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.link.MultinomialLogit",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss.loss.HalfMultinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn._loss._loss.CyHalfMultinomialLoss",
]
ESTIMATORS = ("linear", "trees", "stack", "type_linear", "type_trees", "duplicate", "grade", "evidence")
BLOCK = 2048


def log_odds(probability: np.ndarray) -> np.ndarray:
    clipped = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.log(clipped / (1 - clipped))


def logistic(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-value))


@dataclass(frozen=True, slots=True)
class Classifier:
    """Everything that was learned. `config` names the features, the encoder and the training share of conflicts."""

    estimators: dict[str, Any]
    words: WordView
    classes: ClassView
    vocabulary: Vocabulary
    vectors: WordVectors
    config: dict[str, Any]

    def views(self, prepared: Prepared, a: np.ndarray, b: np.ndarray, named: np.ndarray) -> np.ndarray:
        """(n_pairs, views) log-odds by each view, from the named features (n_pairs, features) and the words."""
        worded = np.column_stack([self.words.score(prepared, a, b), self.classes.score(prepared, a, b)])
        return np.hstack([self._named_views(named), worded])

    def replace_named(self, views: np.ndarray, named: np.ndarray) -> np.ndarray:
        """The same views with other values of the named features; the words stay."""
        return np.hstack([self._named_views(named), views[:, 2:]])

    def _named_views(self, named: np.ndarray) -> np.ndarray:
        trees = [tree.decision_function(named) for tree in self.estimators["trees"]]
        return np.column_stack([self.estimators["linear"].decision_function(named), np.mean(trees, axis=0)])

    def stacked(self, views: np.ndarray) -> np.ndarray:
        """(n_pairs,) calibrated log-odds at the training share of conflicts."""
        return self.estimators["stack"].decision_function(views)

    def conflict(self, views: np.ndarray, prior: float) -> np.ndarray:
        """(n_pairs,) probability of any conflict; the training share is corrected to `prior` by its log-odds."""
        trained = log_odds(np.array(self.config["share_of_conflicts"]))
        return logistic(self.stacked(views) - trained + log_odds(np.array(prior)))

    def types(self, named: np.ndarray) -> np.ndarray:
        """(n_pairs, conflict types) given that there is a conflict."""
        return (
            self.estimators["type_linear"].predict_proba(named) + self.estimators["type_trees"].predict_proba(named)
        ) / 2


def save(classifier: Classifier, folder: Path) -> None:
    """Write the model; the caller registers the folder with the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ESTIMATORS:
        skops.io.dump(classifier.estimators[name], folder / f"{name}.skops", compression=ZIP_DEFLATED, compresslevel=9)
    save_file({"classes": classifier.classes.weights.astype(np.float32)}, folder / "classes.safetensors")
    save_vectors(classifier.vectors, folder)
    words = {"unmatched": _rounded(classifier.words.unmatched), "matched": _rounded(classifier.words.matched)}
    vocabulary = {"documents": classifier.vocabulary.documents, "counts": classifier.vocabulary.counts}
    for name, data in (("config", classifier.config), ("words", words), ("vocabulary", vocabulary)):
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1 if name == "config" else None)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _rounded(weights: dict[str, float]) -> dict[str, float]:
    return {word: round(weight, 4) for word, weight in weights.items() if abs(weight) >= 0.001}


def load(folder: Path) -> Classifier:
    """Read a model that the manifest has verified. Raises ModelError when it was trained for other features."""
    config, words, vocabulary = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("config", "words", "vocabulary")
    )
    if tuple(config["features"]) != features.NAMES:
        raise ModelError(
            f"Bedömaren i {folder.name} är tränad på andra särdrag än programmets; "
            "träna om den med python -m models.train.judge."
        )
    estimators = {name: skops.io.load(folder / f"{name}.skops", trusted=TRUSTED) for name in ESTIMATORS}
    return Classifier(
        estimators,
        WordView(words["unmatched"], words["matched"]),
        ClassView(load_file(folder / "classes.safetensors")["classes"]),
        Vocabulary(vocabulary["counts"], vocabulary["documents"]),
        load_vectors(folder),
        config,
    )


def blocks(length: int) -> Iterable[slice]:
    """Slices of at most BLOCK pairs."""
    return (slice(start, min(start + BLOCK, length)) for start in range(0, length, BLOCK))
