"""What a second reading is worth beside the judge's own views among pairs (among candidates: `judge_company`)."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from analyzer.records import Side
from analyzer.scoring.stretches import Stretches
from analyzer.second_reader import read_both_ways
from analyzer.second_reader.shipped import ShippedReader
from models.train.judge_data import TrainingPairs
from models.train.judge_rows import Rows
from models.train.judge_stretches import fit_stretches

#: Weight of all background pairs together, against the labelled ones together, in what "even prior" is measured on.
BACKGROUND_SHARE = 0.4
LOG = logging.getLogger("train.judge")


def fit_second(odds: np.ndarray, second: np.ndarray, rows: Rows) -> tuple[LogisticRegression, float]:
    """What a second reader's log-odds (NaN where it was not asked) are worth beside `odds`, and the share of conflicts
    where that was learned: among labelled pairs and, weighing less, pairs of real signals that are none."""
    heard = np.flatnonzero(~np.isnan(second))
    labelled = rows.labelled[heard]
    weight = np.where(labelled, 1.0, BACKGROUND_SHARE * labelled.sum() / max((~labelled).sum(), 1))
    inputs, y = np.column_stack([odds[heard], second[heard]]), rows.y[heard]
    word = LogisticRegression(max_iter=1000).fit(inputs, y, sample_weight=weight)
    return word, float(np.average(y, weights=weight))


def read_again(data: TrainingPairs, rows: Rows, sides: Sequence[Side], seed: int) -> tuple[np.ndarray, Stretches]:
    """(rows,) log-odds of the shipped second reader for background pairs and for labelled pairs of files that it has
    not learned from; else NaN. And how its marks on those labelled pairs become evidence."""
    reader = ShippedReader.load()
    odds = np.full(len(rows.y), np.nan)
    unseen = ~np.isin(rows.files, sorted(reader.learned))
    wanted = ~rows.crossed & unseen & rows.labelled
    wanted[: len(data.pairs)] |= data.background
    chosen = np.flatnonzero(wanted)
    pairs = [(sides[a], sides[b]) for a, b in zip(rows.a[chosen].tolist(), rows.b[chosen].tolist(), strict=True)]
    readings = read_both_ways(reader, pairs)
    odds[chosen] = [reading.odds for reading in readings]
    LOG.info("second reading of %d pairs", len(chosen))
    brought = chosen < len(data.pairs)
    labelled = [data.pairs[row] for row in chosen[brought].tolist()]
    taught = [pair for pair, file in zip(data.pairs, data.files, strict=True) if file in reader.learned]
    kept = [reading for reading, own in zip(readings, brought, strict=True) if own]
    return odds, fit_stretches(taught, labelled, kept, seed)
