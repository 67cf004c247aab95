"""What is measured, each in a process of its own, so that its memory is its own: see `benchmarks.bench`."""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.synthetic import Recombined, cut_down, enlarge

#: A new document for the store: so many demands.
NEW_SIGNALS = 30
#: Sides of which the partners are looked for among all, to see what a search by parts misses.
ASKED = 300
#: By which sides are recombined.
SEED = 1


class Clock:
    """Progress of a scan that keeps the processor and wall seconds of each stage."""

    def __init__(self) -> None:
        self.stages: dict[str, dict[str, float]] = {}
        self.now, self.at = (time.process_time(), time.perf_counter()), "open"

    def stage(self, name: str, _total: int | None) -> None:
        """A stage begins, and the one before has ended."""
        now = (time.process_time(), time.perf_counter())
        kept = self.stages.setdefault(self.at, {"cpu": 0.0, "wall": 0.0})
        kept["cpu"] += now[0] - self.now[0]
        kept["wall"] += now[1] - self.now[1]
        self.now, self.at = now, name

    def advance(self, _steps: int = 1) -> None:
        """Nothing to keep."""


def peak_bytes() -> int:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def children_seconds() -> float:
    """Processor seconds of the processes that this one has started and seen end."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def cut_corpus(corpus: Path, share: float, folder: Path) -> Path:
    """Every so-many-th document of the corpus: records of a JSON Lines file, or files of a folder."""
    step = max(1, round(1 / share))
    if step == 1:
        return corpus
    if corpus.is_dir():
        target = folder / "documents"
        target.mkdir()
        for path in sorted(path for path in corpus.rglob("*") if path.is_file())[::step]:
            shutil.copy(path, target / f"{path.parent.name}-{path.name}")
        return target
    import gzip

    opened: Callable[..., Any] = gzip.open if corpus.suffix == ".gz" else open
    target = folder / "records.jsonl"
    with opened(corpus, "rb") as lines, target.open("wb") as out:
        out.writelines(line for number, line in enumerate(lines) if number % step == 0)
    return target


def scan_corpus(corpus: str, share: str, folder: str) -> dict[str, Any]:
    """A scan into a new database, the same again, and a new document of `NEW_SIGNALS` signals."""
    from analyzer.scan import scan
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    at, settings = Path(folder), load_settings()
    paths = [cut_corpus(Path(corpus), float(share), at)]
    database = at / "bench.db"
    sessions, clock = open_database(str(database)), Clock()
    begin = time.perf_counter()
    result = scan(paths, sessions, settings, clock)
    clock.stage("end", None)
    seconds = time.perf_counter() - begin
    own = sum(stage["cpu"] for stage in clock.stages.values())
    peak = peak_bytes()
    with sessions() as session:
        session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    signals = result.counts["signals in store"]
    again = timed(lambda: scan(paths, sessions, settings))
    new = at / "nytt-beslut.md"
    new.write_text(write_document(), encoding="utf-8")
    one = timed(lambda: scan([new], sessions, settings))
    return {
        "share": float(share),
        "documents": len(result.document_ids),
        "signals": signals,
        "pairs": result.counts.get("candidates", 0),
        "kept": result.counts.get("pairs kept", 0),
        "wall": seconds,
        "cpu": own + children_seconds(),
        "stages": clock.stages,
        "peak_bytes": peak,
        "bytes_a_signal": database.stat().st_size / max(1, signals),
        "again": again,
        "new_document": one | {"signals": NEW_SIGNALS},
        "database": str(database),
    }


def timed(act: Callable[[], Any]) -> dict[str, float]:
    """Processor and wall seconds of an act."""
    begin, spent = time.perf_counter(), time.process_time()
    act()
    return {"cpu": time.process_time() - spent, "wall": time.perf_counter() - begin}


def write_document() -> str:
    """A decision of `NEW_SIGNALS` demands, written for this measure."""
    who = ("Polisregion Syd", "Utredningsenheten", "Varje lokalpolisområde", "HR-avdelningen", "Ekonomiavdelningen")
    what = (
        "ska minska övertiden för utredare med {} procent till den 31 december 2026.",
        "ska bemanna receptionen med minst {} medarbetare varje vardag.",
        "får inte köpa in fler än {} fordon under 2026.",
        "ska redovisa antalet trafikkontroller var {}:e vecka till rikspolischefen.",
        "ska avsätta {} procent av arbetstiden för brottsförebyggande arbete i skolor.",
        "ska i första hand utreda brott mot barn inom {} dagar.",
    )
    lines = [f"{who[at % len(who)]} {what[at % len(what)].format(5 + at)}" for at in range(NEW_SIGNALS)]
    return "# Beslut om verksamheten 2026\n\nDatum: 2026-01-15\n\n" + "\n\n".join(lines) + "\n"


def load_real(database: str) -> Any:
    """The library of a scanned database."""
    from sqlalchemy import select

    from analyzer.matching.encoder import load_encoder
    from analyzer.store.active import load_active, load_library
    from analyzer.store.database import open_database
    from analyzer.store.schema import SignalRow

    sessions, encoder = open_database(database), load_encoder()
    with sessions() as session:
        name = session.scalars(select(SignalRow.compared).where(SignalRow.compared.is_not(None)).limit(1)).one()
        active = load_active(session, encoder=encoder.name, dimension=encoder.dimension, comparison=name)
        return load_library(session, active)[0]


def stored_sides(database: str, most: int) -> tuple[list[Any], np.ndarray, int]:
    """A seeded sample of stored sides with their vectors, and the number of all."""
    from analyzer.matching.encoder import load_encoder
    from analyzer.store.active import load_active
    from analyzer.store.database import open_database

    encoder = load_encoder()
    with open_database(database)() as session:
        active = load_active(session, encoder=encoder.name, dimension=encoder.dimension, comparison="")
    count = len(active.ids)
    at = np.sort(np.random.default_rng(SEED).choice(count, min(most, count), replace=False))
    return active.sides.fetch(at), active.vectors[at], count


def search(database: str, count: str, neighbours: str) -> dict[str, Any]:
    """Candidates of a library of `count` sides, made from the real one, all fresh; and what the search missed."""
    from analyzer.matching.blocks import is_exact
    from analyzer.matching.candidates import propose

    real, size = load_real(database), int(count)
    library = cut_down(real, size) if size <= len(real) else enlarge(real, size, SEED)
    del real
    # What is made to be measured must not count as what measuring takes.
    vectors = np.ascontiguousarray(library.meaning)
    sides: Any = range(size)
    options: dict[str, Any] = {"document_of": library.document_of, "neighbours": int(neighbours), "library": library}
    begin, spent = time.perf_counter(), time.process_time()
    found = propose(sides, vectors, **options)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - spent
    peak = peak_bytes()
    asking = np.zeros(size, dtype=bool)
    asking[:: max(1, size // ASKED)] = True
    keys = found.a.astype(np.int64) * size + found.b
    exact = propose(sides, vectors, fresh=asking, **options)
    likely = exact.a.astype(np.int64) * size + exact.b
    place = np.minimum(np.searchsorted(keys, likely), max(0, len(keys) - 1))
    return {
        "signals": size,
        "exact": is_exact(size, size),
        "pairs": len(found),
        "wall": seconds,
        "cpu": cpu,
        "peak_bytes": peak,
        "recall": float((keys[place] == likely).mean()) if len(likely) else 1.0,
    }


def compare(database: str, count: str) -> dict[str, Any]:
    """All that a scan does after reading and before storing, with a library of `count` sides made from the real one,
    all fresh: candidates, and verdicts on those worth keeping, by as many workers as the settings say. What is made to
    be measured takes `prepared_cpu`; what workers take is not told here."""
    from analyzer.compare import find_candidates, judge_candidates
    from analyzer.engine import open_engine
    from analyzer.scoring import load_judge
    from analyzer.settings import load_settings

    settings, size = load_settings(), int(count)
    real = load_real(database)
    library = enlarge(real, size, SEED)
    sides = Recombined(stored_sides(database, len(real))[0], size, SEED)
    del real
    vectors = np.ascontiguousarray(library.meaning)
    fresh, document_of, judge, clock = np.ones(size, dtype=bool), library.document_of, load_judge(), Clock()
    begin, spent = time.perf_counter(), time.process_time()
    with open_engine("local", settings) as engine:
        clock.stage("propose", None)
        candidates = find_candidates(sides, vectors, document_of, fresh, settings, library)
        del library
        compared = judge_candidates(candidates, sides, vectors, size, judge, settings, clock, engine)
        clock.stage("end", None)
    return {
        "signals": size,
        "pairs": len(candidates),
        "kept": len(compared.verdicts),
        "workers": settings.workers,
        "wall": time.perf_counter() - begin,
        "prepared_cpu": spent,
        "stages": clock.stages,
    }


MEASURES: dict[str, Callable[..., dict[str, Any]]] = {"scan": scan_corpus, "search": search, "compare": compare}


def main(arguments: Sequence[str]) -> None:
    """In a process of its own: one measure by its name, its answer as JSON."""
    from benchmarks.ratios import MEASURES as OTHERS

    name, *values = arguments
    print(json.dumps((MEASURES | OTHERS)[name](*values)))


if __name__ == "__main__":
    main(sys.argv[1:])
