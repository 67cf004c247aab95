"""A scan that is killed anywhere loses nothing: the next one ends with what an unbroken one gives."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "corpus" / "examples"
PARTS = ("documents", "signals", "conflicts", "skipped")


def report(styrsignal, tmp_path, name):
    """The answer of a whole scan of the example corpus into the database `name`."""
    answer = styrsignal("scan", EXAMPLES, "--db", f"{name}.db", "--json", f"{name}.json", "--quiet")
    assert answer.returncode == 0, answer.stderr
    whole = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
    return {part: whole[part] for part in PARTS}


@pytest.mark.slow
def test_killed_scans_end_as_unbroken_ones(styrsignal, tmp_path):
    begin = time.perf_counter()
    unbroken = report(styrsignal, tmp_path, "unbroken")
    seconds = time.perf_counter() - begin
    chance = random.Random(20260301)
    for _ in range(4):
        process = subprocess.Popen(
            [Path(sys.executable).with_name("styrsignal"), "scan", EXAMPLES, "--db", "killed.db", "--quiet"],
            cwd=tmp_path,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.1, 0.95) * seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert report(styrsignal, tmp_path, "killed") == unbroken
