"""The trained parts of the judge, how they are put together, saved and loaded (skops, safetensors, JSON)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from zipfile import ZIP_DEFLATED

import numpy as np
import skops.io
from safetensors.numpy import load_file, save_file

from analyzer.errors import ModelError
from analyzer.scoring import features
from analyzer.scoring.company import Company, load_company, save_company
from analyzer.scoring.odds import log_odds, logistic
from analyzer.scoring.prepared import Prepared
from analyzer.scoring.preparing import Vocabulary
from analyzer.scoring.stretches import Stretches, load_stretches, save_stretches
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
ESTIMATORS = (
    *("linear", "trees", "stack"),
    *("meeting_linear", "meeting_trees", "direct_linear", "direct_trees", "reach", "candidate"),
    *("type_linear", "type_trees", "duplicate", "grade", "evidence", "second", "candidate_second"),
)
#: What the pairs are that a probability is asked of: brought for judgement, or proposed by the rules of a scan.
Among = Literal["pairs", "candidates"]
BLOCK = 2048


@dataclass(frozen=True, slots=True)
class Classifier:
    """Everything that was learned. `config` names the features and the shares of conflicts in training."""

    estimators: dict[str, Any]
    words: WordView
    classes: ClassView
    vocabulary: Vocabulary
    vectors: WordVectors
    stretches: Stretches
    company: Company
    config: dict[str, Any]

    def worded(self, prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """(n_pairs, 2) log-odds by the views that read words rather than named features."""
        return np.column_stack([self.words.score(prepared, a, b), self.classes.score(prepared, a, b)])

    def odds(self, named: np.ndarray, worded: np.ndarray, among: Among, *, exact: bool = False) -> np.ndarray:
        """(n_pairs,) log-odds of any conflict at an even prior, from named features and `worded`.

        Among candidates most pairs are told apart by the linear models alone; `exact` sends all through the trees.
        """
        if among == "pairs":
            return self.pair_odds(named, worded)
        cheap = self._calibrated("reach", cheap_inputs(self.estimators, named, worded))
        near = np.ones(len(named), bool) if exact else cheap >= self.config["reach"]
        cheap[near] = self.candidate_odds(named[near], worded[near])
        return cheap

    def pair_odds(self, named: np.ndarray, worded: np.ndarray) -> np.ndarray:
        """(n_pairs,) log-odds at an even prior that a pair which concerns one matter is a conflict."""
        return self._calibrated("stack", np.hstack([pair_views(self.estimators, named), worded]))

    def second_shift(self, odds: np.ndarray, second: np.ndarray, among: Among) -> np.ndarray:
        """(n_pairs,) what a second reader's log-odds add to `odds` at an even prior; 0 where it gave none (NaN)."""
        inputs = np.column_stack([odds, np.nan_to_num(second)])
        heard = self._calibrated("second" if among == "pairs" else "candidate_second", inputs)
        return np.where(np.isnan(second), 0.0, heard - odds)

    def candidate_odds(self, named: np.ndarray, worded: np.ndarray) -> np.ndarray:
        """(n_pairs,) log-odds at an even prior that a pair out of a whole library is a conflict."""
        if not len(named):
            return np.zeros(0)
        inputs = candidate_inputs(self.estimators, named, self.pair_odds(named, worded))
        return self._calibrated("candidate", inputs)

    def meets(self, named: np.ndarray, share: float = 0.5) -> np.ndarray:
        """(n_pairs,) probability that both sides concern one matter and the same people, where `share` of pairs do."""
        odds = meeting_odds(self.estimators, named).mean(1) - log_odds(self.config["share_of_meetings"])
        return logistic(odds + log_odds(share))

    def _calibrated(self, name: str, inputs: np.ndarray) -> np.ndarray:
        share = self.config["share_of_conflicts"][name]
        return self.estimators[name].decision_function(inputs) - log_odds(share)

    def types(self, named: np.ndarray) -> np.ndarray:
        """(n_pairs, conflict types) given that there is a conflict."""
        return (
            self.estimators["type_linear"].predict_proba(named) + self.estimators["type_trees"].predict_proba(named)
        ) / 2


def forest_odds(forest: Sequence[Any], named: np.ndarray) -> np.ndarray:
    return np.mean([tree.decision_function(named) for tree in forest], axis=0)


def pair_views(estimators: dict[str, Any], named: np.ndarray) -> np.ndarray:
    """(n_pairs, 2): what the named features say of a pair that was brought for judgement."""
    return np.column_stack([estimators["linear"].decision_function(named), forest_odds(estimators["trees"], named)])


def meeting_odds(estimators: dict[str, Any], named: np.ndarray) -> np.ndarray:
    """(n_pairs, 2) log-odds, linear and trees, that both sides concern one matter; at the share in training."""
    return np.column_stack(
        [estimators["meeting_linear"].decision_function(named), forest_odds(estimators["meeting_trees"], named)]
    )


def cheap_inputs(estimators: dict[str, Any], named: np.ndarray, worded: np.ndarray) -> np.ndarray:
    """(n_pairs, 5): every linear model's log-odds."""
    linear = [estimators[name].decision_function(named) for name in ("meeting_linear", "direct_linear", "linear")]
    return np.column_stack([*linear, worded])


def candidate_inputs(estimators: dict[str, Any], named: np.ndarray, pair_odds: np.ndarray) -> np.ndarray:
    """(n_pairs, 5): meeting and direct models, linear and trees, and the odds among pairs that do meet."""
    direct = [
        estimators["direct_linear"].decision_function(named),
        forest_odds(estimators["direct_trees"], named),
    ]
    return np.column_stack([meeting_odds(estimators, named), *direct, pair_odds])


def save(classifier: Classifier, folder: Path) -> None:
    """Write the model; the caller registers the folder with the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ESTIMATORS:
        skops.io.dump(classifier.estimators[name], folder / f"{name}.skops", compression=ZIP_DEFLATED, compresslevel=9)
    save_file({"classes": classifier.classes.weights.astype(np.float32)}, folder / "classes.safetensors")
    save_vectors(classifier.vectors, folder)
    save_stretches(classifier.stretches, folder)
    save_company(classifier.company, folder)
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
        load_stretches(folder),
        load_company(folder),
        config,
    )


def blocks(length: int) -> Iterable[slice]:
    """Slices of at most BLOCK pairs."""
    return (slice(start, min(start + BLOCK, length)) for start in range(0, length, BLOCK))
