"""The command line answers at once: nothing heavy is imported before it is known what for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

STYRSIGNAL = Path(sys.executable).with_name("styrsignal")
#: None of these is needed to explain a command.
HEAVY = ("numpy", "sqlalchemy", "spacy", "torch", "sklearn", "faiss", "gradio", "ray", "onnxruntime")


def processor_seconds(*arguments: str) -> float:
    """Processor time of a command: what it costs, however busy the machine is."""
    before = os.times()
    done = subprocess.run([STYRSIGNAL, *arguments], capture_output=True, check=True)
    after = os.times()
    assert b"Usage" in done.stdout
    return after.children_user + after.children_system - before.children_user - before.children_system


def test_help_takes_less_than_half_a_second():
    processor_seconds("--help")  # compiles what is not compiled yet
    assert min(processor_seconds("--help") for _ in range(3)) < 0.5


@pytest.mark.parametrize("command", [(), ("scan",), ("watch",)])
def test_help_imports_nothing_heavy(command):
    code = (
        "import sys; sys.argv = ['styrsignal', *sys.argv[1:], '--help']\n"
        "from analyzer.cli import main\n"
        "try: main()\n"
        f"except SystemExit: print('heavy:', [name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("heavy: []"), done.stdout[-300:]


def test_a_scan_with_nothing_new_loads_no_model(tmp_path):
    document = tmp_path / "beslut.md"
    document.write_text("# Beslut\n\nPolisregion Syd ska minska övertiden under 2027.\n", encoding="utf-8")
    code = (
        "import sys; sys.argv = ['styrsignal', *sys.argv[1:]]\n"
        "from analyzer.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('loaded:', [name for name in ('spacy', 'sklearn', 'onnxruntime') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, "scan", document, "--db", tmp_path / "store.db", "--quiet"]
    first, again = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert first.rstrip().endswith("loaded: ['spacy', 'sklearn']"), first[-300:]
    assert again.rstrip().endswith("loaded: []"), again[-300:]
