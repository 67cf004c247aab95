"""The command line as users and outside checks call it: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def styrsignal(tmp_path: Path) -> Run:
    """Runs `styrsignal ARGUMENTS…` in an empty folder."""

    def run(*arguments: object, timeout: float = 240, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).with_name("styrsignal"), *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=timeout,
            env=os.environ | environment,
        )

    return run


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A short decision with five signals, one of which goes against two others."""
    path = tmp_path / "beslut.md"
    path.write_text(
        "# Beslut om bemanning 2026\n\nPolisregion Syd\n\n"
        "Bakgrunden är att sommaren 2025 var ansträngd.\n\n"
        "Polisregion Syd ska senast den 1 mars 2026 avdela minst 40 områdespoliser till utsatta områden. "
        "Områdespoliserna får inte tas i anspråk för annat än lokalt arbete.\n\n"
        "Polisregion Syd ska:\n\n"
        "* låna ut områdespoliserna till kravallenheten under hela 2026,\n"
        "* minska övertiden med 20 procent, och\n"
        "* redovisa läget till rikspolischefen varje månad.\n",
        encoding="utf-8",
    )
    return path
