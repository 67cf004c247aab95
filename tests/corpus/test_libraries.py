"""The libraries are what their README says, and what is measured on is not learned from."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from analyzer.records import CONFLICT_TYPES
from analyzer.second_reader.shipped import FOLDER
from models.train.libraries import LIBRARIES, MEASURED, read_library

NAMES = sorted(path.name for path in LIBRARIES.iterdir() if path.is_dir())


def read_key(name: str) -> list[dict]:
    return [json.loads(line) for line in (LIBRARIES / name / "key.jsonl").read_text(encoding="utf-8").splitlines()]


def read_read(name: str) -> list[dict]:
    path = LIBRARIES / name / "read.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def plain(path: Path) -> str:
    return " ".join(path.read_text(encoding="utf-8").replace("|", " ").split())


@pytest.mark.parametrize("name", NAMES)
def test_every_quote_stands_in_its_file(name: str) -> None:
    texts = {path.name: plain(path) for path in (LIBRARIES / name).glob("*.md")}
    for line in read_key(name):
        for side in ("a", "b"):
            assert " ".join(line[side]["quote"].replace("|", " ").split()) in texts[line[side]["file"]], line["id"]


@pytest.mark.parametrize("name", NAMES)
def test_keys_hold_conflicts_of_every_type_and_look_alikes(name: str) -> None:
    key = read_key(name)
    assert len({line["id"] for line in key}) == len(key)
    assert all((line["grade"] == 0) == (line["type"] in ("none", "duplicate")) for line in key)
    types = Counter(line["type"] for line in key)
    assert all(types[kind] >= 5 for kind in CONFLICT_TYPES)
    assert sum(types[kind] for kind in CONFLICT_TYPES) >= 45 and types["none"] + types["duplicate"] >= 25


@pytest.mark.parametrize("name", NAMES)
def test_what_was_read_later_is_labelled(name: str) -> None:
    """Whatever is learned from was read, so that its commonest false flags are known as such."""
    rows = read_read(name)
    assert rows or name in MEASURED
    assert len({row["id"] for row in rows}) == len(rows)
    texts = {path.name: plain(path) for path in (LIBRARIES / name).glob("*.md")}
    for row in rows:
        for side in ("a", "b"):
            text, quote = texts[row[side]["file"]], " ".join(row[side]["quote"].split())
            # Of a table's row the quote names the columns that intake adds.
            cells = [cell.partition(": ")[2] for cell in quote.split(" | ")]
            assert quote in text or all(cell in text for cell in cells), row["id"]
        conflict = row["type"] not in ("none", "duplicate")
        assert (row["grade"] > 0) == conflict and (row["meets"] or not conflict)
        assert all((f"evidence_{side}" in row) == conflict for side in "ab")


def test_nothing_learns_from_the_measured_ones() -> None:
    assert set(NAMES) > MEASURED
    learned = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))["learned"]
    assert not {f"library_{name}" for name in MEASURED} & set(learned)


def test_signals_and_candidates_of_a_library() -> None:
    library = read_library(LIBRARIES / "d1")
    told = len(read_key("d1")) + len(read_read("d1"))
    assert len(library.labels) + len(library.lost) == told and len(library.lost) <= 3
    assert len(library.meets) == len(library.labels) and 0 < (~library.meets).sum() < len(read_read("d1"))
    proposed = {tuple(pair) for pair in library.candidates.tolist()}
    found = [
        (min(pair), max(pair)) in proposed
        for pair, label in zip(library.known.tolist(), library.labels, strict=True)
        if label.conflict
    ]
    assert sum(found) >= 0.9 * len(found)
    assert len(library.others()) + len(proposed & {(min(p), max(p)) for p in library.known.tolist()}) == len(proposed)
