"""What every command that reads files shares: limits by the settings, and the sentence when nothing was readable."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analyzer.intake import ReadLimits
from analyzer.records import Skipped
from analyzer.settings import Settings


def read_limits(settings: Settings) -> ReadLimits:
    """What one file may cost."""
    return ReadLimits(seconds=settings.read_seconds, memory_bytes=settings.read_megabytes << 20)


def nothing_readable(paths: Sequence[Path], skipped: Sequence[Skipped]) -> str:
    """One sentence: what was given and, when it was a single file, why it could not be read."""
    if len(skipped) == 1:
        return f"{skipped[0].source}: {skipped[0].reason}"
    where = ", ".join(str(path) for path in paths)
    return f"Inget dokument kunde läsas i {where} ({len(skipped)} filer hoppades över); ange filer som går att läsa."
