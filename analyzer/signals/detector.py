"""The trained second opinion on sentences that the rules take for signals."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analyzer.signals.clues import read_clues
from analyzer.signals.finding import Candidate
from models.manifest import ROOT, verify

FOLDER = ROOT / "reader"
FILE = "detector.json"
#: Kinds of predicates that only the document's tone tells from a description.
DOUBTFUL = frozenset(("present", "phrase", "bare", "imperative"))


def is_doubtful(candidate: Candidate) -> bool:
    """Whether the detector is asked: the rules say yes, no auxiliary or lead-in orders, and the present tense of the
    document rules, so that its descriptions look like its orders."""
    return (
        candidate.verdict
        and candidate.predicate.kind in DOUBTFUL
        and candidate.setting.genre == "governing"
        and candidate.lead != "governs"
    )


@dataclass(frozen=True, slots=True)
class Detector:
    """A logistic regression over clues. Overrules the rules where the probability of a signal is below `threshold`."""

    bias: float
    weights: Mapping[str, float]
    threshold: float

    def probability(self, candidate: Candidate) -> float:
        """How likely the candidate is a signal, between 0 and 1."""
        total = self.bias + sum(self.weights.get(clue, 0.0) for clue in read_clues(candidate))
        return 1 / (1 + math.exp(-max(-500.0, min(500.0, total))))

    def decide(self, candidate: Candidate) -> bool:
        """The rules' verdict, unless the sentence is doubtful and all but surely none."""
        if not is_doubtful(candidate):
            return candidate.verdict
        return self.probability(candidate) >= self.threshold


@cache
def load_detector(folder: Path = FOLDER) -> Detector:
    """The shipped detector; raises `analyzer.errors.ModelError` where its file is not the one of the manifest."""
    verify(folder)
    return Detector(**json.loads((folder / FILE).read_text(encoding="utf-8")))


def save_detector(detector: Detector, folder: Path) -> None:
    """Writes a detector the same way every time."""
    folder.mkdir(parents=True, exist_ok=True)
    data = {"bias": detector.bias, "threshold": detector.threshold, "weights": dict(sorted(detector.weights.items()))}
    text = json.dumps(data, ensure_ascii=False, indent=0)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def decide_trained(candidate: Candidate) -> bool:
    """The shipped detector's decision; loads it when first needed."""
    return load_detector().decide(candidate) if is_doubtful(candidate) else candidate.verdict
