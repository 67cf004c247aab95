"""The judge's name, which tells verdicts of one judge from those of another, without loading the judge."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from analyzer.fingerprint import package_fingerprint

FOLDER = Path(__file__).resolve().parents[2] / "models" / "judge"


@lru_cache(maxsize=4)
def judge_name(folder: Path = FOLDER) -> str:
    """Changes with every file of the folder but its card, and with the code that judges."""
    trained = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix != ".md"))
    return f"{folder.name}-{trained.hexdigest()[:12]}/{package_fingerprint('analyzer.scoring')}"
