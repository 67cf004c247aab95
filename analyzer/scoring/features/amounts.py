"""Numbers against numbers: same unit, values that agree, limits that do not meet, limits of the same kind."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.features.columns import stack
from analyzer.scoring.features.overlap import sameness
from analyzer.scoring.numbers import EXACT, MAXIMUM, MINIMUM, UNITS
from analyzer.scoring.prepared import Prepared

#: Cosine from which two counted nouns are the same.
SAME_NOUN = 0.6
NAMES = (
    "amount_same_unit",
    "amount_equal",
    "amount_all_equal",
    "amount_differs",
    "amount_differs_same_thing",
    "amount_limits_do_not_meet",
    "amount_limits_do_not_meet_same_thing",
    "amount_exact_breaks_limit",
    "amount_same_kind_of_limit",
    "amount_ratio",
    "amount_both_have",
    "amount_one_has",
    "amount_other_unit",
    "amount_shares_exceed_all",
    *(f"amount_{unit}_both" for unit in UNITS),
)


def comparable(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(n_pairs, AMOUNTS, AMOUNTS) whether two numbers measure the same: equal unit; for counts a like noun or none."""
    unit_a, unit_b = prepared.amounts["unit"][a], prepared.amounts["unit"][b]
    same = (unit_a[:, :, None] == unit_b[:, None, :]) & (unit_a[:, :, None] >= 0)
    noun_a, noun_b = prepared.amounts["noun"][a], prepared.amounts["noun"][b]
    alike = np.matmul(prepared.vectors[noun_a], prepared.vectors[noun_b].transpose(0, 2, 1)) >= SAME_NOUN
    alike |= noun_a[:, :, None] == noun_b[:, None, :]
    counted = unit_a[:, :, None] == UNITS.index("count")
    unnamed = (noun_a < 0)[:, :, None] | (noun_b < 0)[:, None, :]
    return same & (~counted | unnamed | alike)


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    amounts = prepared.amounts
    pairs = comparable(prepared, a, b)
    value_a, value_b = amounts["value"][a][:, :, None], amounts["value"][b][:, None, :]
    kind_a, kind_b = amounts["comparator"][a][:, :, None], amounts["comparator"][b][:, None, :]
    larger = np.maximum(np.maximum(value_a, value_b), 1e-9)
    equal = pairs & (np.abs(value_a - value_b) <= 0.02 * larger)
    differs = pairs & ~equal
    apart = pairs & (
        (amounts["low"][a][:, :, None] > amounts["high"][b][:, None, :] * 1.001)
        | (amounts["low"][b][:, None, :] > amounts["high"][a][:, :, None] * 1.001)
    )
    opposed = ((kind_a == MINIMUM) & (kind_b == MAXIMUM)) | ((kind_a == MAXIMUM) & (kind_b == MINIMUM))
    breaks = apart & ((kind_a == EXACT) != (kind_b == EXACT))
    kindred = differs & (kind_a == kind_b) & (kind_a != EXACT)
    ratio = np.where(differs, np.minimum(value_a, value_b) / larger, 0)
    percent = pairs & (amounts["unit"][a][:, :, None] == 0) & (value_a + value_b > 100) & ~equal
    any_of = lambda mask: mask.any(axis=(1, 2))  # noqa: E731
    has_a, has_b = (amounts["unit"][a] >= 0).any(1), (amounts["unit"][b] >= 0).any(1)
    same = sameness(prepared, a, b)
    units = [
        (amounts["unit"][a] == number).any(1) & (amounts["unit"][b] == number).any(1) for number in range(len(UNITS))
    ]
    return stack(
        any_of(pairs),
        any_of(equal),
        any_of(equal) & ~any_of(differs),
        any_of(differs) & ~any_of(equal),
        (any_of(differs) & ~any_of(equal)) * same,
        any_of(apart & opposed),
        any_of(apart) * same,
        any_of(breaks),
        any_of(kindred),
        ratio.max(axis=(1, 2)),
        has_a & has_b,
        has_a ^ has_b,
        has_a & has_b & ~any_of(pairs),
        any_of(percent),
        *units,
    )
