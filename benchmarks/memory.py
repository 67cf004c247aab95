"""The memory of a scan into a new database, all its processes together.

    python -m benchmarks.memory CORPUS [--share 0.1] [--workers 2] [--second-reader-pairs 1000] [--json memory.json]

CORPUS is as for `benchmarks.bench`. The command is started as users start it, and every half second the memory of its
process and of all below it is added up, twice over: resident sets, in which what processes share counts once for each,
and proportional sets, in which it counts once in all. A peak between two looks is missed; `largest_process` is the
kernel's own peak of the largest one, which misses nothing. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.stages import cut_corpus

SECONDS = 0.5
MIB = 2**20


def tree(pid: int) -> Iterator[int]:
    """The process and all below it, as far as they are still there."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from tree(int(child))


def kilobytes(pid: int, file: str, name: str) -> int:
    """A line of one of the kernel's files on a process; 0 where the process is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
    return 0


def processor_seconds(pid: int) -> float:
    """What a process has had of the processors; 0 where it is gone."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def look(pid: int) -> dict[str, int]:
    """Bytes of the process and all below it, added up, and how many they are."""
    pids = list(tree(pid))
    return {
        "resident": 1024 * sum(kilobytes(one, "status", "VmRSS") for one in pids),
        "proportional": 1024 * sum(kilobytes(one, "smaps_rollup", "Pss") for one in pids),
        "largest_process": 1024 * max(kilobytes(one, "status", "VmHWM") for one in pids),
        "processes": len(pids),
    }


def watch(
    command: Sequence[str | Path], environment: dict[str, str], told: float = 10, output: Path = Path(os.devnull)
) -> dict[str, Any]:
    """Run a command to its end: the most that it held, when that was, processor seconds of all processes (but for their
    last half second), and how it ended. A line each `told` seconds. What the command tells goes to `output`."""
    begin = last = time.perf_counter()
    with output.open("wb") as stream:
        process = subprocess.Popen(command, env=os.environ | environment, stdout=stream)
    peaks: dict[str, Any] = {}
    spent: dict[int, float] = {}
    while process.poll() is None:
        now = look(process.pid)
        spent |= {one: seconds for one in tree(process.pid) if (seconds := processor_seconds(one))}
        seconds = time.perf_counter() - begin
        for name, value in now.items():
            if value > peaks.get(name, 0):
                peaks[name], peaks[f"{name}_after_seconds"] = value, round(seconds, 1)
        if time.perf_counter() - last >= told:
            last = time.perf_counter()
            print(f"{seconds:.0f} s: {now['resident'] / MIB:.0f} MB in {now['processes']} processes", flush=True)
        time.sleep(SECONDS)
    seconds = time.perf_counter() - begin
    return {"code": process.returncode, "seconds": round(seconds, 1), "cpu": sum(spent.values()), **peaks}


def scan(corpus: Path, share: float, workers: int, pairs: int) -> dict[str, Any]:
    """Scan a share of a corpus into a new database, watched."""
    with tempfile.TemporaryDirectory(prefix="styrsignal-memory-") as name:
        folder = Path(name)
        paths = cut_corpus(corpus.absolute(), share, folder)
        answer = folder / "answer.json"
        command: list[str | Path] = [Path(sys.executable).with_name("styrsignal"), "scan", paths]
        environment = {"STYRSIGNAL_WORKERS": str(workers), "STYRSIGNAL_SECOND_READER_PAIRS": str(pairs)}
        command += ["--db", folder / "memory.db", "--json", answer, "--top", "1", "--quiet"]
        found = watch(command, environment)
        if found["code"] not in (0, 1):
            raise SystemExit(f"the scan ended with {found['code']}")
        told = json.loads(answer.read_text(encoding="utf-8"))
    counts = {name: told["counts"].get(name, 0) for name in ("signals in store", "candidates", "pairs kept")}
    return {
        "corpus": corpus.name,
        "share": share,
        "workers": workers,
        "second_reader_pairs": pairs,
        "documents": len(told["documents"]),
        **counts,
        **found,
        "timings": told["timings"],
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--second-reader-pairs", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    found = scan(chosen.corpus, chosen.share, chosen.workers, chosen.second_reader_pairs)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(
        f"{found['documents']} documents, {found['signals in store']:,} signals, {found['pairs kept']:,} pairs kept; "
        f"at most {found['resident'] / MIB:.0f} MB resident after {found['resident_after_seconds']:.0f} of "
        f"{found['seconds']:.0f} s, {found['proportional'] / MIB:.0f} MB with what is shared counted once, "
        f"in up to {found['processes']} processes, the largest {found['largest_process'] / MIB:.0f} MB"
    )


if __name__ == "__main__":
    main()
