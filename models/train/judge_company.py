"""What a candidate's company (`analyzer/scoring/company.py`) and a second reading are worth, by scans of the libraries.

Every candidate of every library is judged by models that have not learned from that library, as a scan would judge it.
The first stage is learned on all libraries. What the second reader's word is worth, and then the second stage, are
learned on the best candidates of those that it has not learned from: on what a scan would ask it about, and no more. A
key's look-alikes were chosen for their words, and teach that the judge's own views are worth nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from analyzer.records import Side
from analyzer.scoring import features
from analyzer.scoring.company import FLOOR, SHARE, Company, Stage, read_rivals, weigh
from analyzer.scoring.odds import log_odds, logistic
from analyzer.scoring.prepared import Prepared
from analyzer.scoring.settlement import OTHER_MATTER, SAME_MATTER, find_errands
from analyzer.scoring.views import class_crosses, word_matrix
from analyzer.second_reader.shipped import ShippedReader
from models.train.judge_rows import BLOCK
from models.train.libraries import Library

#: Candidates of a library that are read a second time, best first, as a scan does.
READ = 1000
#: Of Newton's method, and of halving an interval.
STEPS = 25
LOG = logging.getLogger("train.judge")


@dataclass(frozen=True)
class Scans:
    """Every candidate of the libraries: rows of the sides, files, matrices as in `Rows`, whether it is a conflict."""

    a: np.ndarray
    b: np.ndarray
    files: np.ndarray
    named: np.ndarray
    words: sparse.csr_matrix
    classes: sparse.csr_matrix
    y: np.ndarray


def make_scans(libraries: Sequence[Library], prepared: Prepared, begin: int) -> Scans:
    """The libraries' candidates; their sides are rows of `prepared` from `begin` on."""
    a, b, files, y = [], [], [], []
    for library in libraries:
        conflicts = {
            (min(pair), max(pair))
            for pair, label in zip(library.known.tolist(), library.labels, strict=True)
            if label.conflict
        }
        pairs = np.sort(library.candidates, axis=1)
        a.append(pairs[:, 0] + begin)
        b.append(pairs[:, 1] + begin)
        files.append(np.full(len(pairs), library.file))
        y.append(np.array([(one, other) in conflicts for one, other in pairs.tolist()], bool))
        begin += len(library.sides)
    one, other = np.concatenate(a), np.concatenate(b)
    blocks = [(one[i : i + BLOCK], other[i : i + BLOCK]) for i in range(0, len(one), BLOCK)]
    return Scans(
        one,
        other,
        np.concatenate(files),
        np.vstack([features.compute(prepared, *block).astype(np.float32) for block in blocks]),
        sparse.vstack([word_matrix(prepared, *block) for block in blocks]).tocsr(),
        sparse.vstack([class_crosses(prepared, *block) for block in blocks]).tocsr(),
        np.concatenate(y),
    )


def fit_company(
    scans: Scans,
    candidate: np.ndarray,
    sides: Sequence[Side],
    errands: tuple[float, ...],
) -> tuple[Company, LogisticRegression, float]:
    """Both stages, what the second reader's log-odds are worth beside `candidate`, and the share of conflicts among
    all candidates where that was learned.

    Args:
        candidate: log-odds at an even prior (n,) by models that have not learned from the candidate's library.
        sides: those that the scans' rows count. errands: see `fit_errands`.
    """
    apart = np.array(errands)[find_errands(sides, scans.a, scans.b)]
    own = {name: np.flatnonzero(scans.files == name) for name in sorted(set(scans.files.tolist()))}
    first = fit_stage(scans, candidate + apart, list(own.values()))
    reader = ShippedReader.load()
    unseen = [own[name] for name in sorted(own.keys() - reader.learned)]
    read = []
    for at in unseen:
        odds = candidate[at] + apart[at]
        read.append(at[np.argsort(-odds - weigh(scans.a[at], scans.b[at], odds, first), kind="stable")[:READ]])
    best = np.concatenate(read)
    pairs = [(sides[a], sides[b]) for a, b in zip(scans.a[best].tolist(), scans.b[best].tolist(), strict=True)]
    # They were chosen by their odds, which are among the inputs, so that what is learned holds among all candidates.
    inputs = np.column_stack([candidate[best], [reading.odds for reading in reader.read(pairs)]])
    word = LogisticRegression(max_iter=1000).fit(inputs, scans.y[best])
    share = float(scans.y[np.concatenate(unseen)].mean())
    LOG.info("second reading: %s of %d candidates", word.coef_[0].round(3).tolist(), len(best))
    second = np.full(len(candidate), np.nan)
    second[best] = word.decision_function(inputs) - log_odds(share) + apart[best]
    return Company(first, fit_stage(scans, second, read), errands), word, share


def fit_errands(
    sides: Sequence[Side], a: np.ndarray, b: np.ndarray, odds: np.ndarray, y: np.ndarray
) -> tuple[float, ...]:
    """What must be added to the log-odds (n,) at an even prior of candidates of each kind of errands, so that their
    chances add up to the conflicts among them; nothing for the first kind, which is none.

    By the candidates of a real scan that were read, and those of the libraries: the judge has learned from written
    texts what a conflict is, and real assignments are full of what only resembles one.
    """
    kinds, found = find_errands(sides, a, b), [0.0]
    for kind in (SAME_MATTER, OTHER_MATTER):
        own = np.flatnonzero(kinds == kind)
        known, wanted = odds[own] + float(log_odds(SHARE)), int(y[own].sum())
        lowest, highest = -10.0, 10.0
        for _ in range(STEPS):
            middle = (lowest + highest) / 2
            enough = logistic(known + middle).sum() >= wanted
            lowest, highest = (lowest, middle) if enough else (middle, highest)
        LOG.info("errands %d: %.3f by %d candidates with %d conflicts", kind, highest, len(own), wanted)
        found.append(round(highest, 4))
    return tuple(found)


def fit_stage(scans: Scans, odds: np.ndarray, libraries: Sequence[np.ndarray]) -> Stage:
    """A stage from the candidates of each library, positions in `scans`; `odds` at an even prior (n,).

    Logistic regression with the odds as they are, by Newton's method: only what company adds is learned.
    """
    even = float(log_odds(SHARE))
    near = [at[odds[at] + even >= FLOOR] for at in libraries]
    rivals = np.concatenate([read_rivals(scans.a[at], scans.b[at], odds[at] + even) for at in near])
    known, y = np.concatenate([odds[at] + even for at in near]), np.concatenate([scans.y[at] for at in near])
    rows, weights = np.column_stack([rivals, np.ones(len(y))]), np.zeros(2)
    for _ in range(STEPS):
        chance = logistic(known + rows @ weights)
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows
        weights += np.linalg.solve(curve, rows.T @ (y - chance))
    LOG.info("company: %s over %d candidates with %d conflicts", weights.round(3).tolist(), len(y), y.sum())
    return Stage(*weights.round(4).tolist())
