"""How many planted conflicts a scan ranks first: `python -m analyzer.evaluation.planted SCAN.json KEY.jsonl`.

SCAN.json is what `styrsignal scan … --json` wrote; each line of KEY.jsonl names two quotes by file, and their type.
A planted pair counts as found at the rank of the first conflict whose sides cover both quotes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

#: Share of the shorter text's words that must stand in the other for a signal to cover a quote.
SAME = 0.8
NO_CONFLICT = ("none", "duplicate")


def covers(side: dict[str, Any], wanted: dict[str, str]) -> bool:
    """Whether a conflict's side is the quote that the key names, give or take where it was cut."""
    if not side["file"].endswith(wanted["file"]):
        return False
    quote, words = " ".join(side["quote"].split()), " ".join(wanted["quote"].split())
    if words in f"{side['lead_in'] or ''} {quote}" or quote in words:
        return True
    one, other = set(quote.split()), set(words.split())
    return len(one & other) >= SAME * min(len(one), len(other))


def rank_of(conflicts: Sequence[dict[str, Any]], planted: dict[str, Any]) -> int | None:
    """1-based rank of the planted pair, None where it is not in the list."""
    for rank, conflict in enumerate(conflicts, 1):
        a, b = conflict["a"], conflict["b"]
        if (covers(a, planted["a"]) and covers(b, planted["b"])) or (
            covers(b, planted["a"]) and covers(a, planted["b"])
        ):
            return rank
    return None


def measure_planted(conflicts: Sequence[dict[str, Any]], key: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Found conflicts and look-alikes among the first 50, N, 2 N and all, N being the number of planted conflicts, and
    the average precision of the list, where all that nobody planted counts as wrong, and what is not listed as missed.
    """
    planted = [line for line in key if line["type"] not in NO_CONFLICT]
    alike = [line for line in key if line["type"] in NO_CONFLICT]
    ranks = {line["id"]: rank_of(conflicts, line) for line in key}
    count = len(planted)
    cuts = {"50": 50, "N": count, "2N": 2 * count, "all": len(conflicts)}
    within = {
        name: {
            "conflicts": sum((ranks[line["id"]] or cut + 1) <= cut for line in planted),
            "look_alikes": sum((ranks[line["id"]] or cut + 1) <= cut for line in alike),
        }
        for name, cut in cuts.items()
    }
    typed = [line for line in planted if ranks[line["id"]]]
    found = sorted(rank for line in planted if (rank := ranks[line["id"]]))
    right = sum(conflicts[(ranks[line["id"]] or 1) - 1]["type"] == line["type"] for line in typed)
    return {
        "planted": count,
        "look_alikes": len(alike),
        "listed": len(conflicts),
        "within": within,
        "average_precision": sum(number / rank for number, rank in enumerate(found, 1)) / max(count, 1),
        "type_right": right,
        "type_of": len(typed),
        "ranks": ranks,
    }


def main() -> None:
    """Print the figures as a few lines, or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scan", type=Path)
    parser.add_argument("key", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    conflicts = json.loads(arguments.scan.read_text(encoding="utf-8"))["conflicts"]
    key = [json.loads(line) for line in arguments.key.read_text(encoding="utf-8").splitlines() if line.strip()]
    figures = measure_planted(conflicts, key)
    if arguments.json:
        print(json.dumps(figures, ensure_ascii=False, indent=1))
        return
    print(f"{figures['listed']} conflicts listed; {figures['planted']} planted, {figures['look_alikes']} look-alikes")
    for name, found in figures["within"].items():
        print(f"first {name}: {found['conflicts']} planted conflicts, {found['look_alikes']} look-alikes")
    print(f"average precision: {figures['average_precision']:.3f}")
    print(f"type right: {figures['type_right']} of {figures['type_of']} listed")


if __name__ == "__main__":
    main()
