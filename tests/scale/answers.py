"""The answer of a scan, as `scan --json` gives it, less what differs from run to run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from analyzer.reports.scan_report import scan_json
from analyzer.scan import scan
from analyzer.settings import Settings

EXAMPLES = Path(__file__).resolve().parents[2] / "corpus" / "examples"
PARTS = ("documents", "signals", "conflicts", "skipped")


def answer(sessions: sessionmaker[Session], paths: Sequence[Path], **settings: Any) -> dict[str, Any]:
    """Scan the paths and give what the command line would."""
    result = scan(paths, sessions, Settings(**settings))
    return report(sessions, result)


def report(sessions: sessionmaker[Session], result: Any) -> dict[str, Any]:
    """What the command line gives of a scan."""
    with sessions() as session:
        whole = scan_json(session, result, 1000)
    return {part: whole[part] for part in PARTS}
