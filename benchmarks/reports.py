"""Time and memory of the largest documents: protocol and action plan of 2,000 pairs, each written by a process of its
own over a synthetic store. Prints JSON."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from analyzer.reports.plan_document import CONFIRMED, write_plan
from analyzer.reports.protocol import MOST_PAIRS, write_protocol
from analyzer.review.bulk import decide_all, plan_bulk
from analyzer.store.database import open_database
from analyzer.store.queries import ConflictFilter
from benchmarks.review_store import fill

FORMATS = ("docx", "pdf")


def write(kind: str, format_: str, database: str, answer: Connection) -> None:
    """Write one document and tell what it took."""
    with open_database(database)() as session:
        before, begun, used = peak_megabytes(), time.perf_counter(), time.process_time()
        if kind == "protocol":
            content, pairs = write_protocol(session, ConflictFilter(), format_)
        else:
            content, pairs = write_plan(session, format_, CONFIRMED)
    answer.send(
        {
            "document": f"{kind}, {format_}",
            "pairs": pairs,
            "seconds": round(time.perf_counter() - begun, 1),
            "processor_seconds": round(time.process_time() - used, 1),
            "megabytes_before": before,
            "megabytes_peak": peak_megabytes(),
            "file_megabytes": round(len(content) / 1e6, 1),
        }
    )


def peak_megabytes() -> int:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Fill a store, confirm every pair and write each document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=MOST_PAIRS)
    pairs = parser.parse_args().pairs
    processes = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "store.db")
        sessions = open_database(database)
        fill(sessions, pairs, decided=1, assigned=1)
        with sessions.begin() as session:
            plan = plan_bulk(session, ConflictFilter(), decided=True)
            decide_all(session, plan, reviewer="granskare", decision="confirm", comment="Tas upp med regionen.")
        for kind in ("protocol", "plan"):
            for format_ in FORMATS:
                here, there = processes.Pipe(duplex=False)
                process = processes.Process(target=write, args=(kind, format_, database, there))
                process.start()
                there.close()
                print(json.dumps(here.recv()), flush=True)
                process.join()


if __name__ == "__main__":
    main()
