"""What a second reading is worth beside the judge's own views, among pairs and among candidates of a scan."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from analyzer.records import Side
from analyzer.scoring.stretches import Stretches
from analyzer.second_reader.shipped import ShippedReader
from models.train.judge_data import TrainingPairs
from models.train.judge_rows import Rows
from models.train.judge_stretches import fit_stretches

#: Weight of all background pairs together, against the labelled ones together, in what "even prior" is measured on.
BACKGROUND_SHARE = 0.4
#: How many of a library's candidates are read a second time, best first, to learn what that reading is worth.
READ = 300
LOG = logging.getLogger("train.judge")


def fit_second(odds: np.ndarray, second: np.ndarray, rows: Rows) -> tuple[LogisticRegression, float]:
    """What a second reader's log-odds (NaN where it was not asked) are worth beside `odds`, and the share of conflicts
    where that was learned: among labelled pairs and, weighing less, pairs of real signals that are none."""
    heard = np.flatnonzero(~np.isnan(second) & ~rows.crossed & (rows.labelled | (rows.stands_for == 0)))
    labelled = rows.labelled[heard]
    weight = np.where(labelled, 1.0, BACKGROUND_SHARE * labelled.sum() / max((~labelled).sum(), 1))
    y = rows.y[heard]
    return weigh(odds[heard], second[heard], y, weight), float(np.average(y, weights=weight))


def fit_candidate_second(odds: np.ndarray, second: np.ndarray, rows: Rows) -> LogisticRegression:
    """The same for candidates of libraries. They were chosen by their odds, which are among the inputs, so that what
    is learned holds at the share of conflicts among all candidates."""
    heard = np.flatnonzero(~np.isnan(second) & (rows.stands_for > 0))
    return weigh(odds[heard], second[heard], rows.y[heard], rows.stands_for[heard])


def weigh(odds: np.ndarray, second: np.ndarray, y: np.ndarray, weight: np.ndarray) -> LogisticRegression:
    return LogisticRegression(max_iter=1000).fit(np.column_stack([odds, second]), y, sample_weight=weight)


def read_again(
    data: TrainingPairs, rows: Rows, sides: Sequence[Side], candidate: np.ndarray, seed: int
) -> tuple[np.ndarray, Stretches]:
    """(rows,) log-odds of the shipped second reader where it has not learned from the file: for background pairs,
    labelled pairs, what was read in libraries, and each library's best candidates; else NaN. And how its marks on those
    labelled pairs become evidence."""
    reader = ShippedReader.load()
    odds = np.full(len(rows.y), np.nan)
    unseen = ~np.isin(rows.files, sorted(reader.learned))
    wanted = ~rows.crossed & unseen & (rows.labelled | (rows.stands_for > 0))
    wanted[: len(data.pairs)] |= data.background
    for name in sorted(set(rows.files[unseen & (rows.stands_for > 0)].tolist())):
        own = np.flatnonzero((rows.files == name) & rows.crossed)
        wanted[own[np.argsort(-candidate[own], kind="stable")[:READ]]] = True
    chosen = np.flatnonzero(wanted)
    pairs = [(sides[a], sides[b]) for a, b in zip(rows.a[chosen].tolist(), rows.b[chosen].tolist(), strict=True)]
    readings = reader.read(pairs)
    odds[chosen] = [reading.odds for reading in readings]
    LOG.info("second reading of %d pairs", len(chosen))
    brought = chosen < len(data.pairs)
    labelled = [data.pairs[row] for row in chosen[brought].tolist()]
    taught = [pair for pair, file in zip(data.pairs, data.files, strict=True) if file in reader.learned]
    kept = [reading for reading, own in zip(readings, brought, strict=True) if own]
    return odds, fit_stretches(taught, labelled, kept, seed)
