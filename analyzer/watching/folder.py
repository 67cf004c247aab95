"""What lies in a watched folder, and which of it has come to rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from analyzer.intake import list_files
from analyzer.records import Skipped

#: Size in bytes and time of the last change in nanoseconds; None for a file that went while we looked.
Mark = tuple[int, int] | None


@dataclass(slots=True)
class Folder:
    """Looks at a folder again and again. A file counts as at rest when its mark has stayed the same for so long."""

    path: Path
    #: Seconds without change after which nobody is thought to write to a file any more.
    rest: float
    clock: Callable[[], float] = time.monotonic
    #: File → its mark and when it was first seen with it.
    seen: dict[Path, tuple[Mark, float]] = field(default_factory=dict)
    #: File → the mark with which it was taken in.
    taken: dict[Path, Mark] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)

    def look(self) -> None:
        """Note what is there now."""
        now = self.clock()
        files, self.skipped = list_files([self.path])
        before, self.seen = self.seen, {}
        for path in files:
            mark = mark_of(path)
            known = before.get(path)
            self.seen[path] = known if known and known[0] == mark else (mark, now)
        self.taken = {path: mark for path, mark in self.taken.items() if path in self.seen}

    def pending(self) -> list[Path]:
        """Files that are new or changed since they were taken in, at rest or not."""
        return [path for path, (mark, _since) in self.seen.items() if mark and self.taken.get(path) != mark]

    def at_rest(self) -> list[Path]:
        """Pending files that nobody has written to for long enough."""
        now = self.clock()
        return [path for path in self.pending() if now - self.seen[path][1] >= self.rest]

    def note_taken(self, paths: list[Path]) -> None:
        """These were taken in as they were at the last look; a later change makes them pending again."""
        for path in paths:
            self.taken[path] = self.seen[path][0]


def mark_of(path: Path) -> Mark:
    """What changes when somebody writes to the file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
