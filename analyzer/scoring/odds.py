"""Chances and their log-odds, and how finely both are told."""

from __future__ import annotations

import numpy as np

#: Chances nearer to none or certainty than this are taken to be so far off.
SUREST = 1e-6
#: Decimals of a chance: sums over blocks of other sizes may differ in the last bits, which nobody shall see.
DIGITS = 6
#: Weaker reasons than this (log-odds) are not worth a reader's time.
WORTH_SAYING = 0.05


def log_odds(probability: np.ndarray | float) -> np.ndarray:
    clipped = np.clip(probability, SUREST, 1 - SUREST)
    return np.log(clipped / (1 - clipped))


def logistic(value: np.ndarray | float) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(value)))
