"""What is added up of a scan's processes is what they hold."""

from __future__ import annotations

import os
import sys

from benchmarks.memory import MIB, look, tree, watch

#: Holds 100 MB for two seconds, and lets a child hold 200 MB at the same time.
HOLD = """
import subprocess, sys, time
held = bytearray(100 * 2**20)
if sys.argv[1:]:
    subprocess.run([sys.executable, "-c", "import time; held = bytearray(200 * 2**20); time.sleep(2)"])
"""


def test_children_count():
    found = watch([sys.executable, "-c", HOLD, "with a child"], {})
    assert found["code"] == 0 and found["processes"] == 2
    assert 300 * MIB < found["resident"] < 400 * MIB
    assert 300 * MIB < found["proportional"] <= found["resident"]
    assert 200 * MIB < found["largest_process"] < 260 * MIB
    assert 0 < found["resident_after_seconds"] < found["seconds"]


def test_a_process_that_is_gone_holds_nothing():
    gone = watch([sys.executable, "-c", "pass"], {})
    assert gone["code"] == 0
    assert next(iter(tree(os.getpid()))) == os.getpid()
    assert look(2**22 + 1)["resident"] == 0
