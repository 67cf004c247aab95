"""What the second reader adds to the judge on development pairs, with a bootstrap interval, and what it costs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from analyzer.evaluation.metrics import interval, roc_area
from analyzer.evaluation.pairs import judge_pairs
from analyzer.scoring import load_judge
from analyzer.scoring.pairs import read_pairs
from analyzer.second_reader.shipped import ShippedReader

SEED = 20240601


def measure(data: Path) -> None:
    """Print area under ROC over hard pairs without, with and by the reader alone; families are drawn whole."""
    began = time.perf_counter()
    reader, judge = ShippedReader.load(), load_judge()
    print(f"loaded in {time.perf_counter() - began:.1f} s")
    for path in sorted((data / "pairs").glob("dev_*.jsonl")):
        pairs = [pair for pair in read_pairs(path) if pair.source != "natural"]
        labels = np.array([pair.conflict for pair in pairs], bool)
        began = time.perf_counter()
        alone = reader.odds([(pair.a, pair.b) for pair in pairs])
        speed = len(pairs) / (time.perf_counter() - began)
        without, with_reader = (
            np.array([verdict.probability for verdict in judge_pairs(pairs, judge, who)]) for who in (None, reader)
        )
        areas = [roc_area(labels, scores) or 0.0 for scores in (without, with_reader, alone)]
        low, high = gain_interval(labels, without, with_reader, [pair.family for pair in pairs])
        print(
            f"{path.stem}: features {areas[0]:.3f}, with reader {areas[1]:.3f} (gain {areas[1] - areas[0]:+.3f}, "
            f"95 % {low:+.3f} to {high:+.3f}), reader alone {areas[2]:.3f}, {speed:.0f} pairs/s"
        )


def gain_interval(
    labels: np.ndarray, without: np.ndarray, with_reader: np.ndarray, families: Sequence[str]
) -> tuple[float, float]:
    """The middle 95 % of the gain in area under ROC over bootstrap draws of families."""

    def gain(rows: np.ndarray) -> float | None:
        before, after = roc_area(labels[rows], without[rows]), roc_area(labels[rows], with_reader[rows])
        return None if before is None or after is None else after - before

    return interval(gain, families, SEED) or (float("nan"), float("nan"))
