"""Whether a file of labelled pairs keeps the format of the annotation guidelines, section 3.

python -m analyzer.evaluation.validation PAIRS.jsonl…      exit code 1 and every fault named
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from analyzer.records import CONFLICT_TYPES, LEVELS, PAIR_TYPES

KEYS = ("id", "a", "b", "type", "grade", "evidence_a", "evidence_b", "rationale", "source")
SIDE_KEYS = ("text", "document", "issuer", "level", "date", "addressee")
SOURCES = ("natural", "half", "written")
SHORTEST_TEXT = 15
SHORTEST_RATIONALE = 10


def find_faults(row: Any) -> Iterator[str]:
    """What is wrong with one parsed line, in words; nothing for a line that keeps the format."""
    if not isinstance(row, dict) or set(row) != set(KEYS):
        yield f"wants the keys {', '.join(KEYS)}"
        return
    for side in ("a", "b"):
        yield from _side_faults(row, side)
    if row["type"] not in PAIR_TYPES:
        yield f"type {row['type']!r} is unknown"
    if row["grade"] not in (0, 1, 2) or (row["grade"] == 0) != (row["type"] in ("none", "duplicate")):
        yield f"grade {row['grade']!r} does not fit type {row['type']!r}"
    if row["source"] not in SOURCES:
        yield f"source {row['source']!r} is unknown"
    if not isinstance(row["rationale"], str) or len(row["rationale"]) < SHORTEST_RATIONALE:
        yield "rationale is missing"


def _side_faults(row: dict[str, Any], name: str) -> Iterator[str]:
    side, evidence = row[name], row[f"evidence_{name}"]
    if not isinstance(side, dict) or tuple(side) != SIDE_KEYS:
        yield f"{name} wants the keys {', '.join(SIDE_KEYS)} in that order"
        return
    if not isinstance(side["text"], str) or len(side["text"]) < SHORTEST_TEXT:
        yield f"{name}.text is missing or too short"
        return
    if side["level"] is not None and side["level"] not in LEVELS:
        yield f"{name}.level {side['level']!r} is unknown"
    if evidence is not None and evidence not in side["text"]:
        yield f"evidence_{name} is no exact part of {name}.text"
    if not evidence and row["type"] in CONFLICT_TYPES:
        yield f"evidence_{name} is missing for a conflict"


def check_files(paths: Iterable[Path]) -> list[str]:
    """Every fault in the files as `file:line: fault`; ids must differ over all of them."""
    faults: list[str] = []
    seen: dict[str, str] = {}
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            where = f"{path.name}:{number}"
            try:
                row = json.loads(line)
            except ValueError as error:
                faults.append(f"{where}: no JSON ({error})")
                continue
            faults += [f"{where}: {fault}" for fault in find_faults(row)]
            name = str(row.get("id")) if isinstance(row, dict) else ""
            if name in seen:
                faults.append(f"{where}: id {name} also stands in {seen[name]}")
            seen[name] = where
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    faults = check_files(parser.parse_args().files)
    print("\n".join(faults) or "no faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
