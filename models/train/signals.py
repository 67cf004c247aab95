"""Trains the detector that tells orders in the present tense from descriptions, seeded.

    python -m models.train.signals [--data ../shared/data] [--out models/reader] [--measure]

Folds never split an annotated document, a file of labelled pairs or a press release. `--measure` prints the figures of
cross-validation and writes nothing.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from analyzer.evaluation.signals import SignalScores, load_cases, score_cases
from analyzer.signals.clues import read_clues
from analyzer.signals.components import SignalComponent
from analyzer.signals.detector import FOLDER, Detector, save_detector
from analyzer.signals.reader import build_reader
from models.manifest import write
from models.train.signals_data import Labelled, label_cases, label_prose, label_sides

SEED = 20260301
FOLDS = 5
RELEASES = 900
#: Texts of another kind that no fold trains on: does the detector know prose, or press releases only?
OTHERS = 80
#: Weight of a sentence of prose against a signal; strength of the regularisation.
PROSE_WEIGHT = 0.3
STRENGTH = 1.0
#: The rules are overruled below this probability: only where the detector is all but sure.
THRESHOLD = 0.02
#: Clues of fewer sentences are left out.
RAREST = 3
ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"


def read_training(data: Path) -> list[Labelled]:
    """Every labelled sentence: annotated passages (never those held apart), sides, press releases and articles."""
    reader = build_reader(trained=False)
    own = [path for path in sorted((ROOT / "corpus" / "signals").glob("*.jsonl")) if path.stem != "held_out"]
    cases = [case for path in (data / "signals_dev.jsonl", *own) for case in load_cases(path)]
    pairs = [*sorted((ROOT / "corpus" / "pairs").glob("*.jsonl")), *sorted((data / "pairs").glob("train_*.jsonl"))]
    texts = data / "regeringen_texts.jsonl.gz"
    return [
        *label_cases(reader, cases),
        *label_sides(reader, pairs),
        *label_prose(reader, texts, "pressmeddelanden", RELEASES, SEED),
        *label_prose(reader, texts, "artiklar", OTHERS, SEED),
    ]


def fit(rows: Sequence[Labelled]) -> Detector:
    """A detector on the rows; articles are left out, for they only measure."""
    rows = [row for row in rows if row.source != "artiklar"]
    counts = [Counter(read_clues(row.candidate)) for row in rows]
    common = Counter(clue for count in counts for clue in count)
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(
        [{clue: n for clue, n in count.items() if common[clue] >= RAREST} for count in counts]
    )
    model = LogisticRegression(C=STRENGTH, max_iter=1000, random_state=SEED)
    weights = np.where([row.steers for row in rows], 1.0, PROSE_WEIGHT)
    model.fit(matrix, [row.steers for row in rows], sample_weight=weights)
    named = zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True)
    return Detector(
        bias=round(float(model.intercept_[0]), 4),
        weights={str(clue): round(float(weight), 4) for clue, weight in named if abs(weight) >= 0.00005},
        threshold=THRESHOLD,
    )


def fold_of(group: str) -> int:
    """The fold of a group, the same on every machine."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS


def cross_validate(rows: Sequence[Labelled]) -> list[str]:
    """Lines of figures: what the detector keeps of the doubtful sentences that the rules took for signals, each judged
    by a detector that saw nothing of its group."""
    kept: Counter[tuple[str, bool, bool]] = Counter()
    for fold in range(FOLDS):
        detector = fit([row for row in rows if fold_of(row.group) != fold])
        for row in rows:
            if fold_of(row.group) == fold:
                kept[row.source, row.steers, detector.decide(row.candidate)] += 1
    lines = []
    for source, steers in sorted({(source, steers) for source, steers, _ in kept}):
        yes, no = kept[source, steers, True], kept[source, steers, False]
        name = "signals" if steers else "others"
        lines.append(
            f"{source:<18} {name:<8} the rules take {yes + no:>5}, the detector keeps {yes:>5} ({yes / (yes + no):.3f})"
        )
    return lines


def score_folds(cases: Sequence[dict[str, Any]], data: Path = DATA) -> SignalScores:
    """Scores on annotated passages, each read with a detector that was trained without it."""
    rows = read_training(data)
    reader = build_reader(trained=False)
    component = reader.nlp.get_pipe("styrsignal_signals")
    assert isinstance(component, SignalComponent)
    total = SignalScores()
    for fold in range(FOLDS):
        component.decide = fit([row for row in rows if fold_of(row.group) != fold]).decide
        score_cases((case for case in cases if fold_of(case["id"]) == fold), reader, total)
    return total


def main() -> None:
    """Trains and writes the detector, or measures it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--measure", action="store_true", help="cross-validation only")
    options = parser.parse_args()
    rows = read_training(options.data)
    if options.measure:
        print("\n".join(cross_validate(rows)))
        return
    save_detector(fit(rows), options.out)
    write(options.out)


if __name__ == "__main__":
    main()
