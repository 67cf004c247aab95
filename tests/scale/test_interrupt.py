"""Killed at seeded random points and resumed, a scan ends as an unbroken one. `benchmarks.interrupt` tries twenty."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.interrupt import choose_points, differences
from tests.scale.answers import EXAMPLES

ROOT = Path(__file__).resolve().parents[2]


def test_points_are_of_every_stage_and_none_twice():
    stages = {"open": 5, "read": 36, "judge": 2}
    assert choose_points(stages, 43, seed=1) == list(range(1, 44)) == choose_points(stages, 99, seed=1)
    one, two, three = choose_points(stages, 3, seed=1)
    assert one <= 5 < two <= 41 < three <= 43


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_scan_killed_anywhere_ends_as_an_unbroken_one(tmp_path):
    told = tmp_path / "interrupt.json"
    bounds = ["--points", "7", "--seed", "20260301", "--second-reader-pairs", "5", "--keep-pairs", "100"]
    paths = [EXAMPLES / name for name in ("09-noa-prioritering-2025.txt", "20-atgardslista-sommaren-2026.md")]
    # In a process of its own: it forks, and this one may have threads.
    command = [sys.executable, "-m", "benchmarks.interrupt", *paths, *bounds, "--batch", "1", "--json", told]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "7 of 7 identical" and "\n3/7: killed at " in done.stdout
    found = json.loads(told.read_text(encoding="utf-8"))
    assert found["documents"] == 2 and found["conflicts"] > 10 and found["points_in_a_scan"] > 50
    assert len({one["stage"] for one in found["tried"]}) > 5
    assert min(one["left_to_do"] for one in found["tried"]) < found["points_in_a_scan"] / 2, "what was done is kept"


def test_every_difference_is_named():
    whole = {"answer": {"documents": [1], "signals": [2]}, "tables": {"pairs": "x"}}
    assert differences(whole, whole) == []
    other = {"answer": {"documents": [1], "signals": []}, "tables": {}}
    assert differences(whole, other) == ["answer signals", "tables pairs"]
