"""The judge: pairs of sides in, verdicts out. `probabilities` is the fast path, `judge` explains as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from analyzer.matching.encoder import embedding_text, load_encoder
from analyzer.records import CONFLICT_TYPES, ConflictType, Side, Span, Verdict
from analyzer.scoring import features
from analyzer.scoring.classifier import Among, Classifier, blocks, load
from analyzer.scoring.edges import word_stems
from analyzer.scoring.evidence import find_spans, marked_span
from analyzer.scoring.naming import FOLDER, judge_name
from analyzer.scoring.odds import DIGITS, log_odds, logistic
from analyzer.scoring.prepared import Prepared
from analyzer.scoring.preparing import prepare, read_part
from analyzer.scoring.reasons import explain_pairs
from analyzer.second_reader import MarkingReader, Reading, SecondReader, read_both_ways
from models.manifest import verify

EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Judge:
    """Reads sides once (`prepare`), then judges any pairs of them by row numbers."""

    classifier: Classifier
    #: Changes whenever the verdicts could.
    name: str

    def prepare(self, sides: Sequence[Side], vectors: np.ndarray | None = None) -> Prepared:
        """Everything about single sides: tokens, stems, vectors, numbers, times, frames as arrays.

        Args:
            vectors: float32 (n, d), unit rows of the shipped encoder for the sides, where the caller has them.
        """
        if vectors is None:
            vectors = load_encoder().encode([embedding_text(side) for side in sides])
        return prepare(sides, self.classifier.vectors, self.classifier.vocabulary, vectors)

    def read_part(self, sides: Sequence[Side]) -> Prepared:
        """What `prepare` reads of some of its sides, for `join_parts`."""
        return read_part(sides, self.classifier.vectors, self.classifier.vocabulary)

    def probabilities(
        self,
        prepared: Prepared,
        a: np.ndarray,
        b: np.ndarray,
        *,
        prior: float = EVEN,
        among: Among = "pairs",
        reader: SecondReader | None = None,
    ) -> np.ndarray:
        """(n_pairs,) float64 probability of any conflict, at the given share of conflicts among such pairs.

        `among` "pairs": somebody brought the pair because both sides concern one matter. "candidates": rules picked
        it out of a library, where most pairs have nothing to do with each other. `reader` reads every pair as well.
        Raises ValueError when `a` and `b` differ in shape or hold rows that `prepared` lacks.
        """
        first, second, _ = _ordered(prepared, a, b)
        found = np.zeros(len(first))
        for block in blocks(len(first)):
            named = features.compute(prepared, first[block], second[block])
            worded = self.classifier.worded(prepared, first[block], second[block])
            odds = self.classifier.odds(named, worded, among)
            if reader is not None:
                odds += self._second(reader, prepared, first[block], second[block], odds, among)[0]
            found[block] = logistic(odds + log_odds(prior))
        return found.round(DIGITS)

    def judge(
        self,
        prepared: Prepared,
        a: np.ndarray,
        b: np.ndarray,
        *,
        prior: float = EVEN,
        among: Among = "pairs",
        explain: bool = True,
        reader: SecondReader | None = None,
    ) -> list[Verdict]:
        """One verdict a pair, in order; without `explain` neither evidence nor reasons are looked for.

        Type and grade are what the pair is at an even prior. Evidence is given for every pair, also for those that
        are not thought to conflict: a reviewer of a low-ranked pair wants to see what was looked at. A `reader` reads
        every pair as well, and what that adds to the odds is among the reasons.
        """
        first, second, swapped = _ordered(prepared, a, b)
        verdicts: list[Verdict] = []
        for block in blocks(len(first)):
            part = first[block], second[block], swapped[block]
            verdicts += self._judge_block(prepared, *part, log_odds(prior), among, explain, reader)
        return verdicts

    def _judge_block(
        self,
        prepared: Prepared,
        a: np.ndarray,
        b: np.ndarray,
        swapped: np.ndarray,
        prior: np.ndarray,
        among: Among,
        explain: bool,
        reader: SecondReader | None,
    ) -> list[Verdict]:
        classifier, estimators = self.classifier, self.classifier.estimators
        named, worded = features.compute(prepared, a, b), classifier.worded(prepared, a, b)
        odds, shift, readings = classifier.odds(named, worded, among), np.zeros(len(a)), None
        if reader is not None:
            shift, readings = self._second(reader, prepared, a, b, odds, among)
        probability = logistic(odds + shift + prior).round(DIGITS)
        balanced, types = logistic(odds + shift), classifier.types(named)
        repeats = estimators["duplicate"].predict_proba(named)[:, 1]
        if readings is not None:
            types = (types + np.array([reading.types for reading in readings])) / 2
            repeats = (repeats + np.array([reading.duplicate for reading in readings])) / 2
        clear = estimators["grade"].predict_proba(named)[:, 1]
        meets = classifier.meets(named) if among == "candidates" else np.ones(len(a))
        duplicate = share_duplicates(probability, balanced, repeats, meets, among)
        chosen = [_decide(*row) for row in zip(balanced, types, repeats, clear, meets, strict=True)]
        reasons = explain_pairs(classifier, prepared, a, b, named, worded, among, shift) if explain else [()] * len(a)
        spans: list[tuple[Span | None, Span | None]] = [(None, None)] * len(a)
        if explain:
            kinds = [kind if kind != "none" else likeliest(row) for (kind, _), row in zip(chosen, types, strict=True)]
            spans = find_spans(prepared, a, b, kinds, estimators["evidence"], classifier.config["evidence_sharpness"])
            if readings is not None:
                spans = [
                    self._marked(prepared, (int(a[pair]), int(b[pair])), readings[pair], kinds[pair], found)
                    for pair, found in enumerate(spans)
                ]
        verdicts = []
        for pair, (kind, grade) in enumerate(chosen):
            chance = float(probability[pair])
            shares = dict(zip(CONFLICT_TYPES, (types[pair] * chance).tolist(), strict=True))
            shares |= {"duplicate": float(duplicate[pair]), "none": 1 - chance - float(duplicate[pair])}
            evidence = spans[pair][::-1] if swapped[pair] else spans[pair]
            verdicts.append(Verdict(chance, kind, grade, shares, *evidence, reasons[pair]))
        return verdicts

    def _marked(
        self,
        prepared: Prepared,
        rows: tuple[int, int],
        reading: Reading,
        kind: ConflictType,
        found: tuple[Span | None, Span | None],
    ) -> tuple[Span | None, Span | None]:
        """Evidence where a reader's marks point; what the word model found on a side that it did not reach."""
        a, b = (prepared.sides[row].text for row in rows)
        one, other = (
            marked_span(
                text,
                marks,
                partial(self.classifier.stretches.choose, other=frozenset(word_stems(beside.split())), kind=kind),
            )
            for text, beside, marks in ((a, b, reading.marks_a), (b, a, reading.marks_b))
        )
        return one or found[0], other or found[1]

    def _second(
        self,
        reader: SecondReader,
        prepared: Prepared,
        a: np.ndarray,
        b: np.ndarray,
        odds: np.ndarray,
        among: Among,
    ) -> tuple[np.ndarray, list[Reading] | None]:
        """(n_pairs,) what a second reading adds to the log-odds, and the readings of a reader that marks words. What
        somebody brings to be judged is read in either order, what a scan finds once, since that is much."""
        pairs = [(prepared.sides[i], prepared.sides[j]) for i, j in zip(a.tolist(), b.tolist(), strict=True)]
        readings = None
        if isinstance(reader, MarkingReader):
            readings = read_both_ways(reader, pairs) if among == "pairs" else reader.read(pairs)
        second = (
            reader.odds(pairs) if readings is None else np.array([reading.odds for reading in readings], np.float64)
        )
        return self.classifier.second_shift(odds, second, among), readings


def likeliest(types: np.ndarray) -> ConflictType:
    return CONFLICT_TYPES[int(types.argmax())]


def share_duplicates(
    probability: np.ndarray, balanced: np.ndarray, repeats: np.ndarray, meets: np.ndarray, among: Among
) -> np.ndarray:
    """(n_pairs,) probability of a duplicate.

    Among pairs: what is no conflict, shared out. Among candidates a duplicate is as rare as a conflict and wants two
    sides that meet just as much, so it stands to the conflict as it does among pairs that meet.
    """
    if among == "pairs":
        return (1 - probability) * repeats
    to_conflict = meets * (1 - balanced) * repeats / np.maximum(balanced, 1e-6)
    return np.minimum(probability * to_conflict, (1 - probability) * repeats)


def _decide(
    probability: float, types: np.ndarray, repeats: float, clear: float, meets: float
) -> tuple[ConflictType, int]:
    """Type and grade at an even prior: what a pair is called must not depend on how rare conflicts are around it."""
    if probability >= 0.5:
        return likeliest(types), 2 if clear >= 0.5 else 1
    return ("duplicate" if min(repeats, meets) >= 0.5 else "none"), 0


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
    return Judge(load(folder), judge_name(folder))
