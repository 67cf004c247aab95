"""Measuring the program against labelled data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def evaluate(paths: str | Path | Sequence[str | Path], plots: Path | None = None) -> dict[str, Any]:
    """The judge's figures on labelled pairs; see `analyzer.evaluation.pairs.evaluate`. Imported late: models load."""
    from analyzer.evaluation.pairs import evaluate as run

    return run(paths, plots=plots)
