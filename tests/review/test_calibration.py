"""Chances held against decisions: the step between two shares of conflicts is found; few decisions change little."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import update

from analyzer.review.calibration import calibration, measure, prior_in_store
from analyzer.review.decisions import decide
from analyzer.store.schema import SignalRow


def decided(step: float, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Chances, and truths drawn at chances that lie `step` away in log-odds."""
    chance = np.random.default_rng(seed)
    odds = chance.normal(-1.0, 1.5, count)
    shown, true = (1 / (1 + np.exp(-(odds + moved))) for moved in (0.0, step))
    return shown, chance.random(count) < true


@pytest.mark.parametrize("step", [-2.0, -0.7, 0.0, 1.0])
def test_the_step_of_many_decisions_is_found(step: float) -> None:
    found = measure(*decided(step, 4000, seed=3))
    assert found.step == pytest.approx(step, abs=3 * found.error) and found.error < 0.1
    # Log-odds of .004 are -5.52.
    assert found.fitting(0.004) == pytest.approx(1 / (1 + np.exp(5.517 - found.step)), rel=0.06)
    assert found.certain == (step != 0.0)


def test_few_decisions_say_little() -> None:
    found = measure([0.3, 0.2], [False, False])
    assert not found.certain and -1.0 < found.step < 0.0
    assert measure([], []).bands == () and measure([], []).step == 0.0 and not measure([], []).certain


def test_a_step_far_from_the_chances_is_reached() -> None:
    found = measure([0.999] * 500, [False] * 495 + [True] * 5)
    assert found.step == pytest.approx(-11.5, abs=1.0)


def test_bands_count_what_was_decided() -> None:
    found = measure([0.0, 0.049, 0.05, 0.39, 0.4, 1.0], [False, True, False, True, True, True])
    assert [(band.low, band.high, band.decided, band.confirmed) for band in found.bands] == [
        (0.0, 0.05, 2, 1),
        (0.05, 0.1, 1, 0),
        (0.2, 0.4, 1, 1),
        (0.4, 0.6, 1, 1),
        (0.8, 1.0, 1, 1),
    ]
    assert (found.whole.decided, found.whole.confirmed) == (6, 4)
    assert found.whole.expected == pytest.approx(1.889)


def test_what_stands_decided_counts_and_nothing_else(filled) -> None:
    with filled.begin() as session:
        for pair, decision in ((1, "confirm"), (2, "dismiss"), (3, "duplicate"), (4, "unsure"), (5, "escalate")):
            reason = "exception" if decision == "dismiss" else None
            decide(session, pair, reviewer="Anna", decision=decision, reason=reason)
        decide(session, 6, reviewer="Anna", decision="confirm")
        decide(session, 6, reviewer="Anna", decision="reopen")
        whole = calibration(session).whole
    assert (whole.decided, whole.confirmed) == (3, 1)
    assert whole.expected == pytest.approx(0.9 + 0.8 + 0.7)


def test_the_advice_starts_from_the_share_that_the_stored_chances_were_given_at(filled) -> None:
    with filled.begin() as session:
        for name, expected in (("a/b/30/0.0004", 0.0004), ("a/b", 0.004), (None, 0.004), ("a/30", 0.004)):
            session.execute(update(SignalRow).values(compared=name))
            assert prior_in_store(session, otherwise=0.004) == expected
