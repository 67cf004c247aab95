"""The judge: pairs of sides in, verdicts out. `probabilities` is the fast path, `judge` explains as well."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from analyzer.fingerprint import package_fingerprint
from analyzer.records import CONFLICT_TYPES, ConflictType, Side, Span, Verdict
from analyzer.scoring import features
from analyzer.scoring.classifier import Classifier, blocks, load
from analyzer.scoring.evidence import find_span, type_vector
from analyzer.scoring.prepared import Prepared, prepare
from analyzer.scoring.reasons import explain_pairs
from models.manifest import verify

FOLDER = Path(__file__).resolve().parents[2] / "models" / "judge"
EVEN = 0.5
#: Sums over blocks of other sizes may differ in the last bits; beyond these decimals nobody shall see it.
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Judge:
    """Reads sides once (`prepare`), then judges any pairs of them by row numbers."""

    classifier: Classifier
    #: Changes whenever the verdicts could.
    name: str

    def prepare(self, sides: Sequence[Side]) -> Prepared:
        """Everything about single sides: tokens, stems, vectors, numbers, times, frames as arrays."""
        return prepare(sides, self.classifier.vectors, self.classifier.vocabulary)

    def probabilities(self, prepared: Prepared, a: np.ndarray, b: np.ndarray, *, prior: float = EVEN) -> np.ndarray:
        """(n_pairs,) float64 probability of any conflict, at the given share of conflicts among such pairs.

        Raises ValueError when `a` and `b` differ in shape or hold rows that `prepared` lacks.
        """
        first, second, _ = _ordered(prepared, a, b)
        found = np.zeros(len(first))
        for block in blocks(len(first)):
            named = features.compute(prepared, first[block], second[block])
            views = self.classifier.views(prepared, first[block], second[block], named)
            found[block] = self.classifier.conflict(views, prior)
        return found.round(DIGITS)

    def judge(
        self, prepared: Prepared, a: np.ndarray, b: np.ndarray, *, prior: float = EVEN, explain: bool = True
    ) -> list[Verdict]:
        """One verdict a pair, in order; without `explain` neither evidence nor reasons are looked for.

        Type and grade are what the pair is at an even prior. Evidence is given for every pair, also for those that
        are not thought to conflict: a reviewer of a low-ranked pair wants to see what was looked at.
        """
        first, second, swapped = _ordered(prepared, a, b)
        verdicts: list[Verdict] = []
        for block in blocks(len(first)):
            verdicts += self._judge_block(prepared, first[block], second[block], swapped[block], prior, explain)
        return verdicts

    def _judge_block(
        self, prepared: Prepared, a: np.ndarray, b: np.ndarray, swapped: np.ndarray, prior: float, explain: bool
    ) -> list[Verdict]:
        named = features.compute(prepared, a, b)
        views = self.classifier.views(prepared, a, b, named)
        probability = self.classifier.conflict(views, prior).round(DIGITS)
        balanced = self.classifier.conflict(views, EVEN)
        types = self.classifier.types(named)
        estimators = self.classifier.estimators
        duplicate = estimators["duplicate"].predict_proba(named)[:, 1]
        clear = estimators["grade"].predict_proba(named)[:, 1]
        reasons = explain_pairs(self.classifier, prepared, a, b, named, views) if explain else [()] * len(a)
        aligned = prepared.alignment(a, b)
        verdicts = []
        for pair in range(len(a)):
            chosen, grade = _decide(balanced[pair], types[pair], duplicate[pair], clear[pair])
            spans: tuple[Span | None, Span | None] = (None, None)
            if explain:
                wanted = type_vector(chosen if chosen != "none" else CONFLICT_TYPES[int(types[pair].argmax())])
                args = estimators["evidence"], self.classifier.config["evidence_threshold"]
                spans = (
                    find_span(prepared, a[pair], b[pair], aligned.best_a[pair], wanted, *args),
                    find_span(prepared, b[pair], a[pair], aligned.best_b[pair], wanted, *args),
                )
            spans = spans[::-1] if swapped[pair] else spans
            shares = dict(zip(CONFLICT_TYPES, (types[pair] * probability[pair]).tolist(), strict=True))
            rest = 1 - float(probability[pair])
            shares |= {"duplicate": rest * float(duplicate[pair]), "none": rest * (1 - float(duplicate[pair]))}
            verdicts.append(Verdict(float(probability[pair]), chosen, grade, shares, *spans, reasons[pair]))
        return verdicts


def _decide(probability: float, types: np.ndarray, duplicate: float, clear: float) -> tuple[ConflictType, int]:
    """Type and grade at an even prior: what a pair is called must not depend on how rare conflicts are around it."""
    if probability >= 0.5:
        return CONFLICT_TYPES[int(types.argmax())], 2 if clear >= 0.5 else 1
    return ("duplicate" if duplicate >= 0.5 else "none"), 0


def _ordered(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each pair the one way round that its contents fix, so that judge(a, b) is judge(b, a) to the last bit."""
    a, b = np.asarray(a, np.int64), np.asarray(b, np.int64)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"a and b must be two equally long vectors of row numbers, got {a.shape} and {b.shape}")
    if len(a) and not (min(a.min(), b.min()) >= 0 and max(a.max(), b.max()) < len(prepared)):
        raise ValueError(f"row numbers must lie in 0…{len(prepared) - 1}")
    swapped = prepared.order[a] > prepared.order[b]
    return np.where(swapped, b, a), np.where(swapped, a, b), swapped


@lru_cache(maxsize=4)
def load_judge(folder: Path = FOLDER) -> Judge:
    """The shipped judge, read and checked once. Raises ModelError when a file is missing or altered."""
    verify(folder)
    classifier = load(folder)
    trained = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix != ".md"))
    return Judge(classifier, f"{folder.name}-{trained.hexdigest()[:12]}/{package_fingerprint('analyzer.scoring')}")
