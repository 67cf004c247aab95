"""A scan is killed at random points and resumed: does it end as an unbroken one?

    python -m benchmarks.interrupt corpus/examples --points 20 --seed 1 --json interrupt.json

Points are counted, not timed: every statement and commit that reaches the database, the making of its tables included,
and every step of progress is one, so that the same seed kills at the same places on a quick machine and a slow one.
Each point is tried on a new database: one process scans and kills itself there (SIGKILL), another scans to the end.
What the program then answers must be that of the unbroken scan, and so must every row of every table, but for moments
and the log of scans. The processes are forked from one that has read libraries and models and scans nothing itself.

The second reader and what is kept are bounded, and batches of documents are small, so that kills fall between batches.
With `--server` the databases are made on, and dropped from, a PostgreSQL server. A line is printed after each point,
and `--json` is written anew, so that a run that is stopped has its figures.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

# Before any library is read: whoever forks must have no threads.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

#: What must be equal of the answer. Counts and timings tell of one run, and a resumed one has less to do.
PARTS = ("documents", "signals", "conflicts", "skipped")
#: Tells when and how often there was a scan.
LOG = "scans"
#: No scan of what this is meant for takes so long; one that does has come to a stop.
SECONDS = 600


@dataclass(frozen=True)
class Work:
    """What is scanned, and how much of it is read a second time, kept, and committed together."""

    paths: tuple[Path, ...]
    second_reader_pairs: int = 40
    keep_pairs: int = 300
    batch: int = 4
    #: Of a PostgreSQL server, any database of whose may be opened; SQLite files otherwise.
    server: str = ""


@dataclass(slots=True)
class Counter:
    """Counts points and kills its process at one of them; 0 kills nowhere. Is the scan's progress as well."""

    deadly: int
    answer: Connection
    stages: dict[str, int] = field(default_factory=dict)
    points: int = 0
    at: str = "open"

    def pass_point(self, *_event: Any) -> None:
        """One more point."""
        self.points += 1
        self.stages[self.at] = self.stages.get(self.at, 0) + 1
        if self.points == self.deadly:
            self.answer.send({"stage": self.at})
            os.kill(os.getpid(), signal.SIGKILL)

    def stage(self, name: str, _total: int | None) -> None:
        """A stage of the scan begins."""
        self.at = name
        self.pass_point()

    def advance(self, _steps: int = 1) -> None:
        """The scan has got further."""
        self.pass_point()


def read_models() -> None:
    """Read what every scan needs, once.

    Raises:
        RuntimeError: that has started threads, which a forked process would lack.
    """
    from analyzer.matching.encoder import load_encoder
    from analyzer.reports import scan_report  # noqa: F401
    from analyzer.scan import scan  # noqa: F401
    from analyzer.scoring import load_judge
    from analyzer.second_reader import load_second_reader
    from analyzer.settings import load_settings
    from analyzer.signals import load_reader

    settings = load_settings()
    load_reader()
    load_encoder(settings.encoder)
    load_judge()
    load_second_reader(settings.second_reader)
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads > 1:
        raise RuntimeError(f"{threads} threads after the models were read; a process with one is to be forked")


@contextmanager
def new_database(work: Work, folder: Path, name: str) -> Iterator[str]:
    """The address of a database that is not there, or empty, and gone afterwards."""
    if not work.server:
        yield str(folder / f"{name}.db")
        return
    from sqlalchemy import create_engine, make_url, text

    whole = f"styrsignal_interrupt_{os.getpid()}_{name}"
    engine = create_engine(work.server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {whole}"))
        # Nothing of it may be inherited by those that are forked.
        engine.dispose()
        yield make_url(work.server).set(database=whole).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {whole} WITH (FORCE)"))
    finally:
        engine.dispose()


def scan_counted(database: str, work: Work, deadly: int, answer: Connection) -> None:
    """In a process of its own: scan, and send what came of it with the number of points, or die on the way."""
    from sqlalchemy import Engine, event

    from analyzer import scan as scanning
    from analyzer.reports.scan_report import scan_json
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    counter = Counter(deadly, answer)
    scanning.BATCH = work.batch
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, counter.pass_point)
    sessions = open_database(database)
    bounds = {"workers": 1, "second_reader_pairs": work.second_reader_pairs, "keep_pairs": work.keep_pairs}
    settings = load_settings().model_copy(update=bounds)
    result = scanning.scan(work.paths, sessions, settings, counter)
    points, stages = counter.points, dict(counter.stages)
    with sessions() as session:
        whole = scan_json(session, result, 1000)
    parts = {part: whole[part] for part in PARTS}
    answer.send({"points": points, "stages": stages, "answer": parts, "tables": table_digests(sessions)})


def table_digests(sessions: Any) -> dict[str, str]:
    """Table → a digest of its rows, without the moments at which they were written.

    Numbers of rows count by their order: those that PostgreSQL has handed out in a transaction that is undone are gone,
    so that a resumed scan has gaps where the unbroken one has none.
    """
    from sqlalchemy import DateTime, select

    from analyzer.store.schema import Base

    digests = {}
    with sessions() as session:
        numbers = {
            table.c.id: {
                id: number for number, id in enumerate(session.scalars(select(table.c.id).order_by(table.c.id)))
            }
            for table in Base.metadata.sorted_tables
            if "id" in table.c
        }
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if not isinstance(column.type, DateTime)]
            named = [next((key.column for key in column.foreign_keys), column) for column in columns]
            rows = hashlib.sha256()
            for row in session.execute(select(*columns).order_by(*table.primary_key.columns)):
                told = [
                    numbers[name][value] if name in numbers else value for name, value in zip(named, row, strict=True)
                ]
                rows.update(repr(told).encode())
            digests[table.name] = rows.hexdigest()
    del digests[LOG]
    return digests


def run(database: str, work: Work, deadly: int = 0) -> tuple[int | None, dict[str, Any]]:
    """A counted scan in another process: how it ended, None where it came to a stop, and what it sent last."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=scan_counted, args=(database, work, deadly, theirs))
    process.start()
    theirs.close()
    sent: dict[str, Any] = {}
    try:
        if ours.poll(SECONDS):
            sent = ours.recv()
    except EOFError:
        pass
    process.join(SECONDS if sent else 5)
    code = process.exitcode
    if process.is_alive():
        process.kill()
        process.join()
    ours.close()
    return code, sent


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


def differences(unbroken: dict[str, Any], resumed: dict[str, Any]) -> list[str]:
    """Parts of the answer and tables of the store that are not the same."""
    return [
        f"{kind} {name}"
        for kind in ("answer", "tables")
        for name, value in unbroken[kind].items()
        if resumed[kind].get(name) != value
    ]


def try_point(folder: Path, work: Work, deadly: int, unbroken: dict[str, Any]) -> dict[str, Any]:
    """Kill a scan at a point and resume it."""
    begin = time.perf_counter()
    with new_database(work, folder, str(deadly)) as database:
        code, killed = run(database, work, deadly)
        if code != -signal.SIGKILL or "stage" not in killed:
            raise SystemExit(f"the scan was not killed at point {deadly} but ended with {code}")
        code, resumed = run(database, work)
    differs = [f"the resumed scan ended with {code}"] if code or not resumed else differences(unbroken, resumed)
    return {
        "point": deadly,
        "stage": killed["stage"],
        "identical": not differs,
        "differs": differs,
        "left_to_do": resumed.get("points", 0),
        "seconds": round(time.perf_counter() - begin, 1),
    }


def interrupt(
    work: Work, points: int, seed: int, told: Callable[[dict[str, Any]], None] = lambda found: None
) -> dict[str, Any]:
    """Kill at so many random points, resume, compare; `told` hears after the unbroken scan and after each point."""
    read_models()
    with tempfile.TemporaryDirectory(prefix="styrsignal-interrupt-") as name:
        begin = time.perf_counter()
        with new_database(work, Path(name), "unbroken") as database:
            code, unbroken = run(database, work)
        if code or not unbroken:
            raise SystemExit(f"the unbroken scan ended with {code}")
        tried: list[dict[str, Any]] = []
        found = {
            "seed": seed,
            "points_in_a_scan": unbroken["points"],
            "by_stage": unbroken["stages"],
            "seconds_unbroken": round(time.perf_counter() - begin, 1),
            "documents": len(unbroken["answer"]["documents"]),
            "signals": len(unbroken["answer"]["signals"]),
            "conflicts": len(unbroken["answer"]["conflicts"]),
            "points": points,
            "tried": tried,
            "identical": 0,
        }
        told(found)
        for deadly in choose_points(unbroken["stages"], points, seed):
            tried.append(try_point(Path(name), work, deadly, unbroken))
            found["identical"] = sum(one["identical"] for one in tried)
            told(found)
    return found


def tell(found: dict[str, Any]) -> None:
    """One line of what has happened since the last."""
    if not found["tried"]:
        print(
            f"unbroken: {found['documents']} documents, {found['signals']} signals, {found['conflicts']} conflicts, "
            f"{found['points_in_a_scan']} points, {found['seconds_unbroken']} s; seed {found['seed']}",
            flush=True,
        )
        return
    last = found["tried"][-1]
    print(
        f"{len(found['tried'])}/{found['points']}: killed at {last['point']} ({last['stage']}), "
        f"{last['left_to_do']} points to the end: {'identical' if last['identical'] else 'DIFFERS'}, "
        f"{last['seconds']} s{''.join(f'; {part}' for part in last['differs'])}",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Exit code 1 where a resumed scan differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--second-reader-pairs", type=int, default=Work.second_reader_pairs)
    parser.add_argument("--keep-pairs", type=int, default=Work.keep_pairs)
    parser.add_argument("--batch", type=int, default=Work.batch, help="documents that are committed together")
    parser.add_argument("--server", default="", metavar="URL", help="of a PostgreSQL server: use it instead of SQLite")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    paths = tuple(path.absolute() for path in chosen.paths)

    def told(found: dict[str, Any]) -> None:
        tell(found)
        if chosen.json:
            chosen.json.parent.mkdir(parents=True, exist_ok=True)
            chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")

    work = Work(paths, chosen.second_reader_pairs, chosen.keep_pairs, chosen.batch, chosen.server)
    found = interrupt(work, chosen.points, chosen.seed, told)
    print(f"{found['identical']} of {len(found['tried'])} identical")
    if found["identical"] < len(found["tried"]):
        sys.exit(1)


if __name__ == "__main__":
    main()
