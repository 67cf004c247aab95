"""Trains the judge again from labelled pairs, seeded.

    python -m models.train.judge [--data ../shared/data] [--out models/judge]

`pairs/train_*.jsonl`, `corpus/pairs/*.jsonl`, `corpus/references/half_*` and `corpus/situations` teach the judge what a
conflict is; `corpus/references/real_*` are candidates of a real scan that were read and labelled;
`regeringsuppdrag.jsonl.gz` gives word counts and pairs of real signals that stand near each other in one document,
taken as "no conflict"; crossed pairs (see `judge_crossed`) teach it which pairs concern one matter at all.
`corpus/libraries` are what a scan meets: on them the chance of a candidate is calibrated. What the second reader's word
is worth is learned from files and libraries that it has not seen. Models are stacked and calibrated on predictions for
files that they have not seen, so that a family is never split.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from analyzer.matching.encoder import embedding_text, load_encoder
from analyzer.records import CONFLICT_TYPES
from analyzer.scoring import features
from analyzer.scoring.classifier import (
    Classifier,
    candidate_inputs,
    cheap_inputs,
    pair_views,
    save,
)
from analyzer.scoring.odds import log_odds
from analyzer.scoring.pairs import LabelledPair
from analyzer.scoring.preparing import prepare
from analyzer.scoring.vectors import WordVectors, load_vectors
from analyzer.scoring.views import ClassView, WordView, symmetric
from models.manifest import write
from models.train.judge_company import Scans, fit_company, fit_errands, make_scans
from models.train.judge_crossed import cross_pairs, join, library_pairs
from models.train.judge_data import TrainingPairs, count_words, read_training
from models.train.judge_evidence import train_evidence
from models.train.judge_rows import BLOCK, FOLDS, Rows, make_rows
from models.train.judge_second import BACKGROUND_SHARE, fit_second, read_again
from models.train.judge_vectors import train_vectors
from models.train.libraries import Library, read_libraries

SEED = 20240601
TREES = 2
#: Share of labelled conflicts that the linear models alone may keep from the trees.
MISSED = 0.005
LOG = logging.getLogger("train.judge")
ROOT = Path(__file__).resolve().parents[2]


def linear(strength: float = 0.02) -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=1000))


def trees(seed: int, rounds: int = 220, leaves: int = 8) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=rounds,
        learning_rate=0.05,
        max_leaf_nodes=leaves,
        min_samples_leaf=30,
        l2_regularization=5.0,
        max_features=0.2,
        random_state=seed,
    )


def fit_models(rows: Rows, learn: np.ndarray) -> dict[str, Any]:
    """The models of single pairs on the rows where `learn` holds."""
    pairs = np.flatnonzero(learn & ~rows.crossed & (rows.weight > 0))
    learn = learn & rows.library
    library = learn & (rows.labelled | rows.crossed)
    y, weight = rows.y[pairs], rows.weight[pairs]
    flat = linear()
    flat.fit(rows.named[pairs], y, logisticregression__sample_weight=weight)
    fitted: dict[str, Any] = {
        "linear": flat,
        "trees": [trees(SEED + k).fit(rows.named[pairs], y, sample_weight=weight) for k in range(TREES)],
        "words": LogisticRegression(C=0.1, max_iter=500).fit(rows.words[pairs], y, sample_weight=weight),
        "classes": LogisticRegression(C=0.02, max_iter=500).fit(rows.classes[pairs], y, sample_weight=weight),
    }
    # Whether background pairs meet is not known; that they hold no conflict is.
    for name, wanted, taught in (("meeting", rows.labelled, library), ("direct", rows.y, learn)):
        named, answers = rows.named[taught], wanted[taught].astype(int)
        fitted[f"{name}_linear"] = linear(0.01).fit(named, answers)
        fitted[f"{name}_trees"] = [trees(SEED, 120, 12).fit(named, answers)]
    return fitted


def worded(fitted: dict[str, Any], rows: Rows | Scans, chosen: np.ndarray) -> np.ndarray:
    """Log-odds of the word and class views, intercepts left out as at run time."""
    return np.column_stack(
        [rows.words[chosen] @ fitted["words"].coef_[0], rows.classes[chosen] @ fitted["classes"].coef_[0]]
    )


@dataclass(frozen=True)
class Unseen:
    """Predictions by models that have not learned from a row's file, as the second level reads them."""

    pair: np.ndarray
    direct: np.ndarray
    cheap: np.ndarray

    @classmethod
    def of(cls, count: int) -> Unseen:
        """Of `count` rows, still empty."""
        return cls(np.zeros((count, 4)), np.zeros((count, 4)), np.zeros((count, 5)))

    def fill(self, fitted: dict[str, Any], rows: Rows | Scans, held: np.ndarray) -> None:
        """Predict the rows `held`, some at a time."""
        for some in np.array_split(held, max(1, len(held) // BLOCK)):
            named, words = rows.named[some], worded(fitted, rows, some)
            self.pair[some] = np.hstack([pair_views(fitted, named), words])
            self.direct[some] = candidate_inputs(fitted, named, np.zeros(len(some)))[:, :4]
            self.cheap[some] = cheap_inputs(fitted, named, words)


@dataclass(frozen=True)
class Stacks:
    """The models of the second level with their figures, and log-odds at an even prior by them for files not learned
    from: of rows among pairs and among candidates (rows,), and of a scan's candidates (candidates,)."""

    models: dict[str, Any]
    figures: dict[str, Any]
    odds: np.ndarray
    candidate: np.ndarray
    scanned: np.ndarray


def fit_stacks(rows: Rows, scans: Scans) -> Stacks:
    """Stack, candidate and reach models, on predictions for files not learned from."""
    own, theirs = Unseen.of(len(rows.y)), Unseen.of(len(scans.y))
    fold_of = dict(zip(rows.files.tolist(), rows.folds.tolist(), strict=True))
    folds = np.array([fold_of[name] for name in scans.files.tolist()])
    for fold in range(FOLDS):
        fitted = fit_models(rows, rows.folds != fold)
        own.fill(fitted, rows, np.flatnonzero(rows.folds == fold))
        theirs.fill(fitted, scans, np.flatnonzero(folds == fold))
        LOG.info("fold %d of %d fitted", fold + 1, FOLDS)
    brought = ~rows.crossed
    real = brought & ~rows.labelled
    weight = np.where(real, BACKGROUND_SHARE * rows.labelled.sum() / max(real.sum(), 1), 1.0)[brought]
    stack = LogisticRegression(C=0.1, max_iter=500).fit(own.pair[brought], rows.y[brought], sample_weight=weight)
    share = float(np.average(rows.y[brought], weights=weight))
    odds, scanned = (stack.decision_function(found.pair) - log_odds(share) for found in (own, theirs))
    judged = np.column_stack([own.direct, odds])
    chosen = np.flatnonzero(rows.stands_for > 0)
    y, weight = rows.y[chosen], rows.stands_for[chosen]
    rare = float(np.average(y, weights=weight))
    models = {
        name: LogisticRegression(max_iter=1000).fit(inputs[chosen], y, sample_weight=weight)
        for name, inputs in (("candidate", judged), ("reach", own.cheap))
    }
    conflicts = models["reach"].decision_function(own.cheap[chosen[y == 1]]) - log_odds(rare)
    shares = {"stack": share, "candidate": rare, "reach": rare}
    figures = {"share_of_conflicts": shares, "reach": round(float(np.quantile(conflicts, MISSED)), 4)}
    candidate, scanned = (
        models["candidate"].decision_function(inputs) - log_odds(rare)
        for inputs in (judged, np.column_stack([theirs.direct, scanned]))
    )
    return Stacks({"stack": stack, **models}, figures, odds, candidate, scanned)


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


def train(data: TrainingPairs, libraries: Sequence[Library], vectors: WordVectors, data_folder: Path) -> Classifier:
    vocabulary = count_words(data_folder)
    sides = [*data.sides(), *(side for library in libraries for side in library.sides)]
    meaning = load_encoder().encode([embedding_text(side) for side in sides])
    prepared = prepare(sides, vectors, vocabulary, meaning)
    labelled = np.flatnonzero(data.labelled)
    pairs = [data.pairs[row] for row in labelled]
    LOG.info("%d labelled, %d background pairs read", len(pairs), len(data.pairs) - len(pairs))
    known = np.flatnonzero(data.labelled & data.library & ~np.char.startswith(data.files, "library_"))
    parts = cross_pairs([data.pairs[row] for row in known], data.files[known], known, meaning, SEED)
    crossed = join([*parts, *library_pairs(libraries, 2 * len(data.pairs), SEED)])
    rows = make_rows(data, prepared, crossed)
    LOG.info("%d rows with %d features made", *rows.named.shape)
    scans = make_scans(libraries, prepared, 2 * len(data.pairs))
    stacks = fit_stacks(rows, scans)
    models, shares = stacks.models, stacks.figures["share_of_conflicts"]
    second, stretches = read_again(data, rows, sides, SEED)
    models["second"], shares["second"] = fit_second(stacks.odds, second, rows)
    real = np.flatnonzero(np.char.startswith(rows.files, "real_"))
    errands = fit_errands(
        sides,
        np.concatenate([rows.a[real], scans.a]),
        np.concatenate([rows.b[real], scans.b]),
        np.concatenate([stacks.candidate[real], stacks.scanned]),
        np.concatenate([rows.y[real], scans.y]),
    )
    company, models["candidate_second"], shares["candidate_second"] = fit_company(scans, stacks.scanned, sides, errands)
    fitted = fit_models(rows, np.ones(len(rows.y), bool))
    LOG.info("models fitted on all rows")
    words, crosses = fitted.pop("words").coef_[0], fitted.pop("classes").coef_[0]
    estimators = fitted | models | fit_types(rows.named[rows.labelled], pairs)
    estimators["evidence"], sharpness = train_evidence(prepared, pairs, labelled, SEED)
    library = rows.library & (rows.labelled | rows.crossed)
    config = {
        "features": list(features.NAMES),
        "seed": SEED,
        **stacks.figures,
        "share_of_meetings": float(rows.labelled[library].mean()),
        "evidence_sharpness": sharpness,
        "typical": [round(float(value), 5) for value in rows.named[rows.labelled].mean(0)],
        "pairs": len(labelled),
        "background_pairs": len(data.pairs) - len(labelled),
        "crossed_pairs": len(crossed.a),
    }
    stems, half = prepared.stems, len(prepared.stems)
    classes = prepared.cues.shape[1] + 2 * prepared.poles.shape[1]
    return Classifier(
        estimators,
        WordView(
            dict(zip(stems, words[:half].tolist(), strict=True)),
            dict(zip(stems, words[half:].tolist(), strict=True)),
        ),
        ClassView(symmetric(crosses, classes)),
        vocabulary,
        vectors,
        stretches,
        company,
        config,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "judge")
    parser.add_argument("--keep-vectors", action="store_true", help="use the word vectors that lie in --out already")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    vectors = load_vectors(arguments.out) if arguments.keep_vectors else train_vectors(arguments.data)
    LOG.info("%d word vectors ready", len(vectors.words))
    libraries = read_libraries()
    classifier = train(read_training(arguments.data, SEED, libraries), libraries, vectors, arguments.data)
    save(classifier, arguments.out)
    if arguments.out.resolve().parent == ROOT / "models":
        write(arguments.out)


if __name__ == "__main__":
    main()
