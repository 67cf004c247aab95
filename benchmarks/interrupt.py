"""A scan is killed at random points and resumed: does it end as an unbroken one?

    python -m benchmarks.interrupt corpus/examples --points 20 --seed 1 --json interrupt.json

Points are counted, not timed: every statement and commit that reaches the database and every step of progress is one,
so that the same seed kills at the same places on a quick machine and a slow one. Each point is tried on a new database:
one process scans and kills itself there (SIGKILL), a second one scans to the end.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
#: What must be equal. Counts and timings tell of one run, and a resumed one has less to do.
PARTS = ("documents", "signals", "conflicts", "skipped")


@dataclass(slots=True)
class Counter:
    """Counts points and kills its process at one of them; 0 kills nowhere. Is the scan's progress as well."""

    deadly: int
    stages: dict[str, int] = field(default_factory=dict)
    points: int = 0
    at: str = "open"

    def pass_point(self, *_event: Any) -> None:
        """One more point."""
        self.points += 1
        self.stages[self.at] = self.stages.get(self.at, 0) + 1
        if self.points == self.deadly:
            print(self.at, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

    def stage(self, name: str, _total: int | None) -> None:
        """A stage of the scan begins."""
        self.at = name
        self.pass_point()

    def advance(self, _steps: int = 1) -> None:
        """The scan has got further."""
        self.pass_point()


def scan_counted(database: str, paths: Sequence[Path], deadly: int) -> None:
    """In a process of its own: scan, and print the answer with the number of points, or die on the way."""
    from sqlalchemy import event

    from analyzer.reports.scan_report import scan_json
    from analyzer.scan import scan
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    sessions = open_database(database)
    counter = Counter(deadly)
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(sessions.kw["bind"], name, counter.pass_point)
    result = scan(paths, sessions, load_settings(), counter)
    points, stages = counter.points, dict(counter.stages)
    with sessions() as session:
        whole = scan_json(session, result, 1000)
    print(json.dumps({"points": points, "stages": stages, "answer": {part: whole[part] for part in PARTS}}))


def run(database: Path, paths: Sequence[Path], deadly: int = 0) -> tuple[int, str]:
    """A counted scan in another process: its exit code and what it printed."""
    command = [sys.executable, "-m", "benchmarks.interrupt", *map(str, paths), "--child", str(database)]
    environment = os.environ | {"STYRSIGNAL_WORKERS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, "--deadly", str(deadly)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    return done.returncode, done.stdout


def choose_points(stages: dict[str, int], wanted: int, seed: int) -> list[int]:
    """Random points, in turn one of every stage: most points lie in the reading, and the others are as dangerous."""
    chance = random.Random(seed)
    left: list[list[int]] = []
    start = 1
    for count in stages.values():
        left.append(chance.sample(range(start, start + count), count))
        start += count
    chance.shuffle(left)
    chosen: list[int] = []
    while len(chosen) < min(wanted, start - 1):
        chosen += [stage.pop() for stage in left if stage]
    return sorted(chosen[:wanted])


def interrupt(paths: Sequence[Path], points: int, seed: int) -> dict[str, Any]:
    """Kill at so many random points, resume, compare. Returns what `main` prints."""
    paths = [path.absolute() for path in paths]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begin = time.perf_counter()
        code, printed = run(folder / "unbroken.db", paths)
        if code:
            raise SystemExit(f"the unbroken scan ended with {code}")
        unbroken = json.loads(printed)
        seconds = time.perf_counter() - begin
        tried = []
        for deadly in choose_points(unbroken["stages"], points, seed):
            database = folder / f"{deadly}.db"
            code, stage = run(database, paths, deadly)
            if code != -signal.SIGKILL:
                raise SystemExit(f"the scan was not killed at point {deadly} but ended with {code}")
            code, printed = run(database, paths)
            same = code == 0 and json.loads(printed)["answer"] == unbroken["answer"]
            tried.append({"point": deadly, "stage": stage.strip(), "identical": same})
    return {
        "points_in_a_scan": unbroken["points"],
        "by_stage": unbroken["stages"],
        "seconds_unbroken": round(seconds, 1),
        "conflicts": len(unbroken["answer"]["conflicts"]),
        "tried": tried,
        "identical": sum(one["identical"] for one in tried),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Exit code 1 where a resumed scan differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--deadly", type=int, default=0, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.child:
        scan_counted(chosen.child, chosen.paths, chosen.deadly)
        return
    found = interrupt(chosen.paths, chosen.points, chosen.seed)
    text = json.dumps(found, indent=1)
    if chosen.json:
        chosen.json.write_text(text + "\n", encoding="utf-8")
    print(text)
    if found["identical"] < len(found["tried"]):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
