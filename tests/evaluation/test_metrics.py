"""Metrics against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.evaluation import metrics
from analyzer.evaluation.spans import text_f1


def test_order_in_families_counts_pairs_within_a_family_only() -> None:
    labels = np.array([True, False, False, True])
    scores = np.array([0.6, 0.4, 0.6, 0.1])
    assert metrics.order_in_families(labels, scores, ["f1", "f1", "f1", "f2"]) == pytest.approx(0.75)
    assert metrics.order_in_families(labels, scores, ["1", "2", "3", "4"]) is None


def test_calibration_error_and_brier() -> None:
    labels = np.array([True, False, True, False])
    probabilities = np.array([0.95, 0.05, 0.55, 0.55])
    assert metrics.calibration_error(labels, probabilities) == pytest.approx(0.25 * 0.05 + 0.25 * 0.05 + 0.5 * 0.05)
    assert metrics.brier(labels, probabilities) == pytest.approx((0.05**2 * 2 + 0.45**2 + 0.55**2) / 4)


def test_at_half() -> None:
    found = metrics.at_half(np.array([True, True, False, False]), np.array([0.5, 0.4, 0.9, 0.1]))
    assert found == {"accuracy": 0.5, "precision": 0.5, "recall": 0.5, "f1": 0.5}


def test_areas_need_both_classes() -> None:
    assert metrics.roc_area(np.array([True, True]), np.array([0.1, 0.2])) is None
    assert metrics.roc_area(np.array([True, False]), np.array([0.1, 0.2])) == 0.0


def test_intervals_draw_families_whole() -> None:
    families = ["f1"] * 3 + ["f2"] * 3
    drawn = []
    metrics.interval(lambda rows: drawn.append(sorted(rows.tolist())) or 1.0, families)
    assert all(rows in ([0, 0, 1, 1, 2, 2], [0, 1, 2, 3, 4, 5], [3, 3, 4, 4, 5, 5]) for rows in drawn)


@pytest.mark.parametrize(
    ("found", "wanted", "f1"),
    [("b c", "b c", 1.0), ("a b c d", "b c", 2 / 3), ("d", "b c", 0.0), (None, "b c", 0.0)],
)
def test_span_f1_is_over_words(found: str | None, wanted: str, f1: float) -> None:
    assert text_f1(found, wanted, "a b c d") == pytest.approx(f1)
