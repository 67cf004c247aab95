"""How fast, how large, and how much faster than what else one might do.

    python -m benchmarks.bench CORPUS [--out out/bench] [--sizes 10000 100000 1000000] [--shares 0.01 0.1 1]

CORPUS is a JSON Lines file of documents, or a folder. Shares of it are scanned, rescanned without change, and given a
new document; the candidate search is measured on larger libraries made from it (synthetic, see `benchmarks.synthetic`);
the whole is set against all pairs, two transformers with random weights, and the least that must be done. Every measure
runs in a process of its own with one thread for each process. Processor seconds, which other work on the machine
changes little, are told beside wall seconds. A line is printed and bench.json written after each measure, so that a run
that is stopped has its figures; bench.png comes at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.bench_plot import draw
from benchmarks.memory import watch

ROOT = Path(__file__).resolve().parents[1]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
#: Growth is told from libraries of this size on; below, start-up and fixed work weigh most.
GROWN = 10_000


def run(measure: str, *values: object) -> dict[str, Any]:
    """One measure of `benchmarks.stages`, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.stages", measure, *map(str, values)]
    environment = os.environ | ONE_THREAD | {"TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def run_watched(measure: str, *values: object) -> dict[str, Any]:
    """One measure, with what its process and all below it took together: the most memory, what they share counted once
    ("peak_bytes"), and processor seconds, but for those that made what is measured ("cpu")."""
    with tempfile.TemporaryDirectory(prefix="styrsignal-bench-") as name:
        answer = Path(name) / "answer"
        command = [sys.executable, "-m", "benchmarks.stages", measure, *map(str, values)]
        peaks = watch(command, ONE_THREAD | {"TOKENIZERS_PARALLELISM": "false"}, told=600, output=answer)
        if peaks["code"]:
            raise subprocess.CalledProcessError(peaks["code"], command)
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8").splitlines()[-1])
    return found | {"peak_bytes": peaks["proportional"], "cpu": peaks["cpu"] - found["prepared_cpu"]}


def exponent(rows: Sequence[dict[str, Any]], name: str) -> float | None:
    """The slope of a measure against signals, both in logarithms; None with fewer than two sizes."""
    points = [(row["signals"], row[name]) for row in rows if row["signals"] > 0 and row[name] > 0]
    if len({signals for signals, _ in points}) < 2:
        return None
    signals, values = np.log(np.array(points)).T
    return round(float(np.polyfit(signals, values, 1)[0]), 3)


def bench(
    corpus: Path,
    shares: Sequence[float],
    sizes: Sequence[int],
    compared: Sequence[int] = (),
    ratios: bool = True,
    keep: Callable[[dict[str, Any]], None] = lambda found: None,
) -> dict[str, Any]:
    """Everything measured; see the module. `keep` is given what there is after each measure."""
    from analyzer.settings import load_settings

    settings = load_settings()
    scans: list[dict[str, Any]] = []
    searches: list[dict[str, Any]] = []
    compares: list[dict[str, Any]] = []
    found: dict[str, Any] = {"corpus": corpus.name, "settings": settings.model_dump(mode="json", include=SETTINGS)}
    found |= {"scans": scans, "searches": searches, "compares": compares}
    with tempfile.TemporaryDirectory(prefix="styrsignal-bench-") as name:
        database = ""
        for number, share in enumerate(sorted(shares)):
            folder = Path(name) / str(number)
            folder.mkdir()
            scan = say("scan", run("scan", corpus, share, folder))
            database = scan.pop("database")
            scans.append(scan)
            keep(found)
        for size in sorted(sizes):
            searches.append(say("search", run("search", database, size, settings.neighbours)))
            keep(found)
        for size in sorted(compared):
            compares.append(say("compare", run_watched("compare", database, size)))
            keep(found)
        grown = [row for row in searches if row["signals"] >= GROWN] or searches
        found["growth"] = {
            "scan, time": exponent(scans, "cpu"),
            "search, time": exponent(grown, "cpu"),
            "search, memory": exponent(grown, "peak_bytes"),
            "compare, time": exponent(compares, "cpu"),
            "compare, memory": exponent(compares, "peak_bytes"),
        }
        if ratios:
            others = found["others"] = {}
            for other, values in (
                ("all pairs", ("all_pairs", database)),
                ("transformers", ("transformers", database, scans[-1]["pairs"])),
                ("limit", ("limit", corpus, database)),
            ):
                others[other] = run(*values)
                print(f"{other}: {others[other]['cpu']:.1f} s of processor, from a sample", flush=True)
                keep(found)
            found["ratios"] = set_against(scans[-1], others)
        keep(found)
    return found


def set_against(whole: dict[str, Any], others: dict[str, dict[str, Any]]) -> dict[str, float]:
    """How many times as long other ways take, and how many times as long as the least that must be done we do."""
    # All after reading, explaining and storing included; workers' seconds are in the whole only.
    ours = whole["cpu"] - whole["stages"]["read"]["cpu"]
    return {
        "all pairs / all after reading": round(others["all pairs"]["cpu"] / ours, 1),
        "transformers / all after reading": round(others["transformers"]["cpu"] / ours, 1),
        "whole scan / limit": round(whole["cpu"] / others["limit"]["cpu"], 1),
    }


SETTINGS = {"workers", "second_reader", "second_reader_pairs", "neighbours", "keep_probability", "keep_pairs"}


def say(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """One line of what was measured."""
    parts = [f"{name}: {row['signals']:,} signals, {row['pairs']:,} pairs"]
    parts.append(f"{row['cpu']:.1f} s of processor, {row['wall']:.1f} s, {row['peak_bytes'] / 2**20:.0f} MB at most")
    parts.append(f"{row['signals'] / row['cpu']:.0f} signals and {row['pairs'] / row['cpu']:.0f} pairs a second")
    if name == "scan":
        parts.append(f"{row['bytes_a_signal']:.0f} bytes a signal stored")
        parts.append(f"again {row['again']['cpu']:.2f} s, a new document {row['new_document']['cpu']:.2f} s")
    if name == "search":
        parts.append("all pairs" if row["exact"] else f"{row['recall']:.3f} of the candidates that all pairs give")
    else:
        for stage, spent in row["stages"].items():
            parts.append(f"\n    {stage:8} {spent['cpu']:8.2f} s of processor {spent['wall']:8.2f} s")
    print("; ".join(parts).replace("; \n", "\n"), flush=True)
    return row


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench")
    parser.add_argument("--shares", type=float, nargs="+", default=[0.01, 0.1, 1.0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 30_000, 100_000, 300_000, 1_000_000])
    parser.add_argument(
        "--compared",
        type=int,
        nargs="*",
        default=[10_000, 100_000],
        help="sizes at which all that follows on reading is measured, judging included; 1000000 takes an hour",
    )
    parser.add_argument("--no-ratios", action="store_true", help="leave out what else one might do")
    chosen = parser.parse_args(arguments)
    if not chosen.corpus.exists():
        parser.error(f"{chosen.corpus} finns inte; ange en JSON Lines-fil eller en mapp med dokument.")
    chosen.out.mkdir(parents=True, exist_ok=True)

    def keep(found: dict[str, Any]) -> None:
        (chosen.out / "bench.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")

    found = bench(chosen.corpus.absolute(), chosen.shares, chosen.sizes, chosen.compared, not chosen.no_ratios, keep)
    draw(found, chosen.out / "bench.png")
    print(json.dumps({key: found[key] for key in ("growth", "ratios") if key in found}, indent=1))


if __name__ == "__main__":
    main()
