"""Killed at seeded random points and resumed, a scan ends as an unbroken one. `benchmarks.interrupt` tries twenty."""

from __future__ import annotations

import pytest

from benchmarks.interrupt import choose_points, interrupt
from tests.scale.answers import EXAMPLES


def test_points_are_of_every_stage_and_none_twice():
    stages = {"open": 5, "read": 36, "judge": 2}
    assert choose_points(stages, 43, seed=1) == list(range(1, 44)) == choose_points(stages, 99, seed=1)
    one, two, three = choose_points(stages, 3, seed=1)
    assert one <= 5 < two <= 41 < three <= 43


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_scan_killed_anywhere_ends_as_an_unbroken_one(monkeypatch):
    monkeypatch.setenv("STYRSIGNAL_SECOND_READER_PAIRS", "5")
    monkeypatch.setenv("STYRSIGNAL_KEEP_PAIRS", "100")
    found = interrupt([EXAMPLES / "09-noa-prioritering-2025.txt"], points=3, seed=20260301)
    assert found["conflicts"] > 10 and found["points_in_a_scan"] > 50
    assert found["identical"] == len(found["tried"]) == 3, found["tried"]
    assert len({one["stage"] for one in found["tried"]}) == 3
