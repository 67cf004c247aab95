"""How often people agree with a flag, against the chance that it was shown with, and the share of conflicts that fits.

What a chance means hangs on how rare conflicts are among a corpus's candidates, which the setting `candidate_prior`
states and nobody knows before reading: among decisions written side by side in one house they are rarer than among
plans of many authors. Another share moves all log-odds by the same step (Saerens, Latinne and Decaestecker 2002), so
that the decisions tell it: the step at which the chances add up to what was confirmed, held towards none while few
are decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzer.scoring.odds import log_odds, logistic
from analyzer.store.schema import AssessmentRow, PairRow, SignalRow, StandingRow

#: Chances told together: from each of these up to the next.
BANDS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8)
#: What is believed of the step before anything is decided: normal around none with this deviation, in log-odds.
DEVIATION = 2.0
#: A step is worth telling from so many of its standard errors on.
CERTAIN = 2.0
NEWTON_STEPS = 50
CONFIRMED = "confirm"
DECIDED = (CONFIRMED, "dismiss", "duplicate")


@dataclass(frozen=True, slots=True)
class Band:
    """Decided flags with chances from `low` up to `high`: how many, the sum of their chances, how many confirmed."""

    low: float
    high: float
    decided: int
    expected: float
    confirmed: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Bands that hold something, and the step in log-odds that fits the decisions with its standard error."""

    bands: tuple[Band, ...]
    step: float
    error: float

    @property
    def whole(self) -> Band:
        """All bands as one."""
        parts = [(band.decided, band.expected, band.confirmed) for band in self.bands]
        decided, expected, confirmed = (sum(column) for column in zip(*parts, strict=True)) if parts else (0, 0.0, 0)
        return Band(0.0, 1.0, int(decided), float(expected), int(confirmed))

    @property
    def certain(self) -> bool:
        """Whether the decisions say more than that few are made."""
        return abs(self.step) >= CERTAIN * self.error

    def fitting(self, prior: float) -> float:
        """The share of conflicts that the decisions speak for, in place of `prior`, to two digits."""
        return float(f"{logistic(log_odds(prior) + self.step):.2g}")


def measure(chances: Sequence[float], confirmed: Sequence[bool]) -> Calibration:
    """Decided flags: the chance that each was shown with, and whether it was confirmed."""
    shown, truth = np.asarray(chances, dtype=np.float64), np.asarray(confirmed, dtype=bool)
    edges = (*BANDS, 1.0)
    place = np.searchsorted(BANDS, shown, side="right") - 1
    bands = tuple(
        Band(edges[at], edges[at + 1], int(here.sum()), float(shown[here].sum()), int(truth[here].sum()))
        for at in range(len(BANDS))
        if (here := place == at).any()
    )
    step, error = _fit(shown, truth)
    return Calibration(bands, step, error)


def _fit(shown: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """The likeliest step by Newton's method, and its standard error."""
    odds, step, curve = log_odds(shown), 0.0, DEVIATION**-2
    for _ in range(NEWTON_STEPS):
        chance = logistic(odds + step)
        curve = float((chance * (1 - chance)).sum()) + DEVIATION**-2
        change = (float(truth.sum() - chance.sum()) - step * DEVIATION**-2) / curve
        # The curve flattens far from the chances shown: no leap.
        step += min(1.0, max(-1.0, change))
        if abs(change) < 1e-9:
            break
    return step, curve**-0.5


def calibration(session: Session) -> Calibration:
    """Over all pairs that are confirmed, dismissed or called a repetition; the machine's present chances count.

    Flags of repetitions are left out: their chance is not one of a conflict.
    """
    statement = (
        select(AssessmentRow.probability, StandingRow.status)
        .join(PairRow, PairRow.id == AssessmentRow.pair_id)
        .join(StandingRow, StandingRow.pair_key == PairRow.key)
        .where(StandingRow.status.in_(DECIDED), AssessmentRow.type != "duplicate")
        .order_by(PairRow.id)
    )
    rows = session.execute(statement).all()
    return measure([row.probability for row in rows], [row.status == CONFIRMED for row in rows])


def prior_in_store(session: Session, otherwise: float) -> float:
    """The share of conflicts at which the stored chances were given, with which the name of their comparison ends; it
    need not be what the settings say by now. `otherwise`, where nothing tells."""
    newest = select(SignalRow.compared).where(SignalRow.compared.is_not(None)).order_by(SignalRow.id.desc()).limit(1)
    told = (session.scalars(newest).first() or "").rpartition("/")[2]
    try:
        prior = float(told)
    except ValueError:
        return otherwise
    return prior if 0 < prior < 1 else otherwise
