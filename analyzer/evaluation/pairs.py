"""`evaluate`: the judge against labelled pairs, by file and by source, with baselines beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.errors import UsageError
from analyzer.evaluation import baselines, metrics
from analyzer.evaluation.candidates import find_proposed
from analyzer.evaluation.plots import draw_plots, drawn_values
from analyzer.evaluation.spans import text_f1
from analyzer.matching.encoder import Encoder, load_encoder
from analyzer.records import CONFLICT_TYPES, Verdict
from analyzer.scoring.judge import Judge, load_judge
from analyzer.scoring.pairs import LabelledPair, read_pairs
from analyzer.second_reader import SecondReader, load_second_reader
from analyzer.settings import load_settings

#: `hard` is everything but natural pairs, which are neighbours in real documents and hardly ever conflict.
SOURCES = ("all", "hard", "half", "written", "natural")
#: Below this many pairs of a source, intervals and areas say nothing.
FEW = 10
#: What the figures of several files' pairs together are named.
TOGETHER = "tillsammans"


def judge_pairs(pairs: Sequence[LabelledPair], judge: Judge, reader: SecondReader | None = None) -> list[Verdict]:
    """A verdict a pair; labels are not looked at."""
    prepared = judge.prepare([side for pair in pairs for side in (pair.a, pair.b)])
    rows = np.arange(0, 2 * len(pairs), 2)
    return judge.judge(prepared, rows, rows + 1, reader=reader)


def measure(pairs: Sequence[LabelledPair], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Every figure of one group of pairs; None where the group cannot give it."""
    labels = np.array([pair.conflict for pair in pairs], bool)
    scores = np.array([verdict.probability for verdict in verdicts])
    families = [pair.family for pair in pairs]
    bounded: dict[str, Callable[[np.ndarray], float | None]] = {
        "roc_area": lambda rows: metrics.roc_area(labels[rows], scores[rows]),
        "average_precision": lambda rows: metrics.average_precision(labels[rows], scores[rows]),
        "accuracy": lambda rows: metrics.at_half(labels[rows], scores[rows])["accuracy"],
    }
    everything = np.arange(len(pairs))
    return {
        "pairs": len(pairs),
        "conflicts": int(labels.sum()),
        **{name: figure(everything) for name, figure in bounded.items()},
        **metrics.at_half(labels, scores),
        "flagged": float((scores >= 0.5).mean()),
        "family_order": metrics.order_in_families(labels, scores, families),
        "brier": metrics.brier(labels, scores),
        "calibration_error": metrics.calibration_error(labels, scores),
        **_type_figures(pairs, verdicts),
        "evidence_f1": _evidence(pairs, verdicts),
        "whole_text_evidence_f1": _evidence(pairs, None),
        "intervals": {name: metrics.interval(figure, families) for name, figure in bounded.items()}
        if len(pairs) >= FEW
        else {},
    }


def _type_figures(pairs: Sequence[LabelledPair], verdicts: Sequence[Verdict]) -> dict[str, float | None]:
    """Type among the true conflicts: as stated, and the likeliest conflict type whatever the probability."""
    true = [(pair, verdict) for pair, verdict in zip(pairs, verdicts, strict=True) if pair.conflict]
    wanted = [str(pair.type) for pair, _ in true]
    likeliest = [_likeliest(verdict) for _, verdict in true]
    graded = [pair.grade == verdict.grade for pair, verdict in true if verdict.grade]
    return {
        "type_macro_f1": metrics.macro_f1(wanted, likeliest, CONFLICT_TYPES),
        "stated_type_macro_f1": metrics.macro_f1(wanted, [verdict.type for _, verdict in true], CONFLICT_TYPES),
        "grade_accuracy": float(np.mean(graded)) if graded else None,
        "duplicate_f1": metrics.macro_f1([str(p.type) for p in pairs], [v.type for v in verdicts], ("duplicate",)),
    }


def _likeliest(verdict: Verdict) -> str:
    return max(CONFLICT_TYPES, key=lambda name: verdict.type_probabilities[name])


def _evidence(pairs: Sequence[LabelledPair], verdicts: Sequence[Verdict] | None) -> float | None:
    """Mean token F1 over both sides of the conflicts; without verdicts, of the whole texts as evidence."""
    found = []
    for row, pair in enumerate(pairs):
        if not pair.conflict or not pair.evidence_a or not pair.evidence_b:
            continue
        for side, wanted, own in ((pair.a, pair.evidence_a, "evidence_a"), (pair.b, pair.evidence_b, "evidence_b")):
            span = getattr(verdicts[row], own) if verdicts else None
            said = side.text if verdicts is None else (span.text if span else None)
            found.append(text_f1(said, wanted, side.text))
    return float(np.mean(found)) if found else None


def evaluate(
    paths: str | Path | Sequence[str | Path], judge: Judge | None = None, plots: Path | None = None
) -> dict[str, Any]:
    """Figures by file and source, and of all pairs of several files `TOGETHER`; with `plots`, a folder, diagrams of
    each file there too.

    Raises:
        UsageError: a file holds unlabelled pairs.
    """
    files = [paths] if isinstance(paths, (str, Path)) else list(paths)
    judge, encoder = judge or load_judge(), load_encoder()
    reader = load_second_reader(load_settings().second_reader)
    result: dict[str, Any] = {}
    all_pairs: list[LabelledPair] = []
    all_verdicts: list[Verdict] = []
    for path in files:
        pairs = read_pairs(path)
        if not pairs or any(pair.type is None or pair.grade is None for pair in pairs):
            raise UsageError(f"{path} saknar etiketter; evaluate behöver type och grade på varje par.")
        verdicts = judge_pairs(pairs, judge, reader)
        if plots:
            draw_plots(plots, Path(path).stem, *drawn_values(pairs, verdicts))
        result[Path(path).stem] = measure_sources(pairs, verdicts, encoder)
        all_pairs += (replace(pair, id=f"{Path(path).stem}/{pair.id}") for pair in pairs)
        all_verdicts += verdicts
    if len(files) > 1:
        result[TOGETHER] = measure_sources(all_pairs, all_verdicts, encoder)
    return result


def measure_sources(pairs: list[LabelledPair], verdicts: list[Verdict], encoder: Encoder) -> dict[str, Any]:
    """Figures by source, with candidates and baselines."""
    groups = {}
    proposed = find_proposed(pairs)
    for source in SOURCES:
        rows = [row for row, pair in enumerate(pairs) if _belongs(pair, source)]
        if rows:
            chosen = [pairs[row] for row in rows]
            groups[source] = measure(chosen, [verdicts[row] for row in rows])
            groups[source] |= _candidates(chosen, proposed[rows])
            groups[source]["baselines"] = baselines.compare(chosen, encoder)
    return groups


def _candidates(pairs: Sequence[LabelledPair], proposed: np.ndarray) -> dict[str, Any]:
    """Share of the conflicts that a scan would propose at all, and the ids of those it would not."""
    conflict = np.array([pair.conflict for pair in pairs], bool)
    missed = [pair.id for pair, found in zip(pairs, proposed, strict=True) if pair.conflict and not found]
    return {
        "candidate_recall": float(proposed[conflict].mean()) if conflict.any() else None,
        "candidates_missed": missed,
    }


def _belongs(pair: LabelledPair, source: str) -> bool:
    return source == "all" or (pair.source != "natural" if source == "hard" else pair.source == source)
