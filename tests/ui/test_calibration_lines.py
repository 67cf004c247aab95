"""The table of chances against decisions, and what it advises."""

from __future__ import annotations

from analyzer.review.calibration import measure
from ui.language import load_language
from ui.review_people import calibration_lines

SWEDISH, ENGLISH = load_language("sv"), load_language("en")


def test_decisions_that_differ_from_the_chances_advise_another_share() -> None:
    found = measure([0.3] * 100, [True] * 5 + [False] * 95)
    told = calibration_lines(SWEDISH, found, 0.004)
    assert "| 20 %–40 % | 100 | 30,0 | 5 |" in told
    assert f"ställa in `candidate_prior` till {found.fitting(0.004):g} i stället för 0.004" in told
    assert 0.0004 < found.fitting(0.004) < 0.0008
    assert "conflicts expected" in calibration_lines(ENGLISH, found, 0.004).lower()


def test_decisions_that_agree_or_are_not_there_advise_nothing() -> None:
    agreeing = calibration_lines(SWEDISH, measure([0.3] * 100, [True] * 30 + [False] * 70), 0.004)
    assert "stämmer" in agreeing and "candidate_prior" not in agreeing
    assert "Inget par är ännu" in calibration_lines(SWEDISH, measure([], []), 0.004)
