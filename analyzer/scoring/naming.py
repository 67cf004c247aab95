"""The judge's name, which tells verdicts of one judge from those of another, without loading the judge."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from analyzer.fingerprint import folder_name, package_fingerprint

FOLDER = Path(__file__).resolve().parents[2] / "models" / "judge"


@lru_cache(maxsize=4)
def judge_name(folder: Path = FOLDER) -> str:
    """Changes with every file of the folder but its card, and with the code that judges."""
    return f"{folder_name(folder)}/{package_fingerprint('analyzer.scoring')}"
