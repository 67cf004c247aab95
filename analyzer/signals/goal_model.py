"""The trained reading of goals: which poles a signal serves, from its words and the lexicon's cues together."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import snowballstemmer
from safetensors.numpy import load_file, save

from models.manifest import ROOT, verify

FOLDER = ROOT / "reader"
WEIGHTS, NAMES = "goals.safetensors", "goals.json"
#: Lengths of the stretches of letters that are compared, and words of a signal that are looked at.
LETTERS = (3, 4, 5)
LONGEST = 200
#: What a cue of the lexicon counts beside letters and stems, whose vectors have length one each.
CUE = 0.5


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("swedish")


def name_features(word: str) -> tuple[str, ...]:
    """The stem of a lower-case word and its stretches of letters, as names of features."""
    marked = f" {word} "
    stretches = {marked[at : at + size] for size in LETTERS for at in range(len(marked) - size + 1)}
    return (f"stem:{_stemmer().stemWord(word)}", *(f"letters:{stretch}" for stretch in sorted(stretches)))


def keep_words(words: Sequence[str]) -> list[str]:
    """The words of a signal that are looked at."""
    return [word for word in words[:LONGEST] if word[0].isalnum()]


class Vocabulary:
    """Sorted names of features and how much each counts (`rarity`, float32). Sorting puts cues first, then letters,
    then stems. Remembers the rows of words that it has seen."""

    def __init__(self, names: Sequence[str], rarity: np.ndarray) -> None:
        self.names = tuple(names)
        self.rarity = rarity
        self._places = {name: place for place, name in enumerate(self.names)}
        self._bounds = [bisect_left(self.names, block) for block in ("letters:", "stem:")]
        self._known: dict[str, tuple[int, ...]] = {}

    def _rows_of(self, word: str) -> tuple[int, ...]:
        if word not in self._known:
            if len(self._known) > 100_000:
                self._known.clear()
            self._known[word] = tuple(self._places[name] for name in name_features(word) if name in self._places)
        return self._known[word]

    def vectorise(self, words: Sequence[str], cues: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the known features, int64 and sorted, and their values, float32: letters and stems of length one
        each, cues `CUE`."""
        found = {row for word in keep_words(words) for row in self._rows_of(word)}
        found.update(self._places[name] for cue in cues if (name := f"cue:{cue}") in self._places)
        rows = np.array(sorted(found), np.int64)
        values = self.rarity[rows]
        first, second = np.searchsorted(rows, self._bounds)
        values[:first] = CUE
        for block in (values[first:second], values[second:]):
            block /= max(float(np.linalg.norm(block)), 1e-9)
        return rows, values


@dataclass(frozen=True, slots=True)
class GoalModel:
    """One logistic regression a goal. `weights`: n_features × n_goals, float32; `bias` and `thresholds` (log-odds):
    n_goals, float32."""

    goals: tuple[str, ...]
    vocabulary: Vocabulary
    weights: np.ndarray
    bias: np.ndarray
    thresholds: np.ndarray

    def log_odds(self, words: Sequence[str], cues: Sequence[str]) -> np.ndarray:
        """The log-odds of each goal for a signal with lower-case `words` in which the lexicon found `cues`."""
        rows, values = self.vocabulary.vectorise(words, cues)
        odds: np.ndarray = values @ self.weights[rows] + self.bias
        return odds

    def choose(self, words: Sequence[str], cues: Sequence[str]) -> tuple[str, ...]:
        """The goals of a signal: the model's, and of the lexicon's those that the model does not know or that say what
        is burdened, for which labelled signals are few."""
        chosen = self.log_odds(words, cues) >= self.thresholds
        own = tuple(goal for goal, over in zip(self.goals, chosen, strict=True) if over)
        kept = (cue for cue in cues if cue not in own and (cue not in self.goals or cue.endswith("-")))
        return (*own, *kept)


@cache
def load_goal_model(folder: Path = FOLDER) -> GoalModel:
    """The shipped model; raises `analyzer.errors.ModelError` where a file is not the one of the manifest."""
    verify(folder)
    arrays = load_file(folder / WEIGHTS)
    names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
    vocabulary = Vocabulary(names["features"], arrays["rarity"])
    weights = arrays["weights"].astype(np.float32)
    return GoalModel(tuple(names["goals"]), vocabulary, weights, arrays["bias"], arrays["thresholds"])


def save_goal_model(model: GoalModel, folder: Path) -> None:
    """Writes a model, weights as float16."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, np.ndarray] = {
        "weights": np.ascontiguousarray(model.weights.astype(np.float16)),
        "rarity": model.vocabulary.rarity.astype(np.float32),
        "bias": model.bias.astype(np.float32),
        "thresholds": model.thresholds.astype(np.float32),
    }
    (folder / WEIGHTS).write_bytes(save(arrays))
    names = {"goals": list(model.goals), "features": list(model.vocabulary.names)}
    (folder / NAMES).write_text(json.dumps(names, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
