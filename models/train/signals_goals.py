"""Trains the reading of goals from labelled signals, seeded.

    python -m models.train.signals_goals [FILE…] [--out models/reader] [--measure]

FILES are JSON Lines with `{"id", "text", "addressee", "goals": ["speed+", …]}`; by default `corpus/goals/*.jsonl`.
Variants of one pair ("w2-045b-a", "w2-045c-b") are a family, and folds never split one. `--measure` prints the figures
of cross-validation against the lexicon alone and writes nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from analyzer.signals.goal_model import (
    FOLDER,
    GoalModel,
    Vocabulary,
    keep_words,
    name_features,
    save_goal_model,
)
from analyzer.signals.goals import read_goals
from analyzer.signals.predicates import read_predicate
from analyzer.signals.reader import build_reader
from analyzer.signals.slots import read_direction
from analyzer.signals.words import clean_text, read_words
from models.manifest import write

SEED = 20260302
FOLDS = 5
INNER_FOLDS = 4
#: Strength of the regularisation, goals with fewer examples are the lexicon's, features of fewer signals are left out.
STRENGTH = 3.0
RAREST_GOAL = 8
RAREST_FEATURE = 3
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled signal: its lower-case words, the lexicon's goals, the right ones, and its family."""

    words: tuple[str, ...]
    cues: tuple[str, ...]
    goals: frozenset[str]
    family: str


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """The labelled signals of the files, each read as the reader reads a whole signal."""
    reader, examples = build_reader(trained=False), []
    for path in paths:
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            words = read_words(reader.nlp.make_doc(clean_text(row["text"])[0]))
            predicate = read_predicate(words, 0, len(words))
            direction = read_direction(words, predicate.verb, 0, len(words))
            cues = read_goals(words.lower, forbidden=predicate.modality == "prohibition", direction=direction)
            family = re.match(r"[^-]+-\d+", row["id"])
            examples.append(
                Example(tuple(words.lower), cues, frozenset(row["goals"]), family.group() if family else row["id"])
            )
    return examples


def fold_of(family: str, folds: int = FOLDS) -> int:
    """The fold of a family, the same on every machine."""
    return int(hashlib.sha256(f"{folds}:{family}".encode()).hexdigest(), 16) % folds


def fit(examples: Sequence[Example], *, settle: bool = True) -> GoalModel:
    """One logistic regression a goal. With `settle` each goal's threshold is the one that served best on families that
    its model had not seen; without, it is even odds."""
    counts = Counter(goal for example in examples for goal in example.goals)
    goals = tuple(sorted(goal for goal, times in counts.items() if times >= RAREST_GOAL))
    vocabulary = _list_features(examples)
    matrix = _make_matrix(examples, vocabulary)
    weights, bias = np.zeros((len(vocabulary.names), len(goals)), np.float32), np.zeros(len(goals), np.float32)
    for at, goal in enumerate(goals):
        right = [goal in example.goals for example in examples]
        model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=SEED).fit(matrix, right)
        weights[:, at], bias[at] = model.coef_[0].astype(np.float16), model.intercept_[0]
    plain = GoalModel(goals, vocabulary, weights, bias, np.zeros(len(goals), np.float32))
    if not settle:
        return plain
    return GoalModel(goals, vocabulary, weights, bias, _settle_thresholds(examples, goals))


def _list_features(examples: Sequence[Example]) -> Vocabulary:
    common: Counter[str] = Counter()
    for example in examples:
        names = {name for word in set(keep_words(example.words)) for name in name_features(word)}
        common.update([*names, *(f"cue:{cue}" for cue in example.cues)])
    names = sorted(name for name, times in common.items() if times >= RAREST_FEATURE)
    return Vocabulary(names, np.array([1 + np.log(len(examples) / common[name]) for name in names], np.float32))


def _make_matrix(examples: Sequence[Example], vocabulary: Vocabulary) -> sparse.csr_matrix:
    parts = [vocabulary.vectorise(example.words, example.cues) for example in examples]
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows, _ in parts])])
    columns, values = (np.concatenate(list(arrays)) for arrays in zip(*parts, strict=True))
    return sparse.csr_matrix((values, columns, starts), (len(parts), len(vocabulary.names)))


def _settle_thresholds(examples: Sequence[Example], goals: tuple[str, ...]) -> np.ndarray:
    """For each goal the log-odds that give the best F1 on unseen families, drawn halfway back to what is best for all
    goals together, since few examples say little."""
    odds = np.full((len(examples), len(goals)), -9.0, np.float32)
    for fold in range(INNER_FOLDS):
        inside = [example for example in examples if fold_of(example.family, INNER_FOLDS) != fold]
        model = fit(inside, settle=False)
        at = [goals.index(goal) for goal in model.goals if goal in goals]
        kept = [place for place, goal in enumerate(model.goals) if goal in goals]
        for row, example in enumerate(examples):
            if fold_of(example.family, INNER_FOLDS) == fold:
                odds[row, at] = model.log_odds(example.words, example.cues)[kept]
    right = np.array([[goal in example.goals for goal in goals] for example in examples])
    steps = np.arange(-3.5, 1.01, 0.25)
    together = steps[np.argmax([_f1(odds >= step, right) for step in steps])]
    own = [steps[np.argmax([_f1(odds[:, at] >= step, right[:, at]) for step in steps])] for at in range(len(goals))]
    return ((np.array(own) + together) / 2).astype(np.float32)


def _f1(said: np.ndarray, right: np.ndarray) -> float:
    return float(2 * (said & right).sum() / max(1, said.sum() + right.sum()))


def cross_validate(examples: Sequence[Example]) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """For every example the lexicon's goals and those of a model that saw nothing of its family."""
    lexicon = [frozenset(example.cues) for example in examples]
    trained: list[frozenset[str]] = [frozenset()] * len(examples)
    for fold in range(FOLDS):
        model = fit([example for example in examples if fold_of(example.family) != fold])
        for at, example in enumerate(examples):
            if fold_of(example.family) == fold:
                trained[at] = frozenset(model.choose(example.words, example.cues))
    return lexicon, trained


def score(said: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> dict[str, float]:
    """Micro and macro F1 over goals (macro: those that any example has), precision, recall and exact sets."""
    goals = sorted({goal for labels in right for goal in labels})
    hits = sum(len(a & b) for a, b in zip(said, right, strict=True))
    claimed, wanted = sum(map(len, said)), sum(map(len, right))
    each = [
        2
        * sum(goal in a and goal in b for a, b in zip(said, right, strict=True))
        / max(1, sum(goal in a for a in said) + sum(goal in b for b in right))
        for goal in goals
    ]
    return {
        "micro F1": 2 * hits / max(1, claimed + wanted),
        "macro F1": sum(each) / max(1, len(each)),
        "precision": hits / max(1, claimed),
        "recall": hits / max(1, wanted),
        "exact": sum(a == b for a, b in zip(said, right, strict=True)) / max(1, len(right)),
    }


def main() -> None:
    """Trains and writes the model, or measures it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=sorted((ROOT / "corpus" / "goals").glob("*.jsonl")))
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--measure", action="store_true", help="cross-validation only")
    options = parser.parse_args()
    examples = read_examples(options.files)
    if not options.measure:
        save_goal_model(fit(examples), options.out)
        write(options.out)
        return
    right = [example.goals for example in examples]
    for name, said in zip(("lexicon", "trained"), cross_validate(examples), strict=True):
        figures = "  ".join(f"{key} {value:.3f}" for key, value in score(said, right).items())
        print(f"{name:<8} {len(examples)} signals  {figures}")


if __name__ == "__main__":
    main()
