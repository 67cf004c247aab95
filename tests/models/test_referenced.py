"""Pairs by reference: they hold no real text, and resolve to it where the data is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer.records import PAIR_TYPES
from models.train.referenced import REFERENCES, read_references

FILES = sorted(REFERENCES.glob("*.jsonl"))
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def test_real_sides_are_references_only() -> None:
    assert FILES
    for path in FILES:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            real = [row[side] for side in ("a", "b") if "record" in row[side]]
            assert len(real) == (1 if row["source"] == "half" else 2)
            assert row["type"] in PAIR_TYPES and (row["grade"] > 0) == (row["type"] not in ("none", "duplicate"))
            for side in real:
                assert set(side) <= {"record", "parts", "addressee"}
                assert all(begin < end for begin, end in side["parts"])


def test_ids_come_once() -> None:
    ids = [json.loads(line)["id"] for path in FILES for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(ids) == len(set(ids))


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not beside the project")
def test_references_resolve_to_whole_spans() -> None:
    pairs = read_references(REFERENCES / "half_01.jsonl", SHARED)
    assert len(pairs) > 100
    for pair in pairs:
        if pair.conflict:
            assert pair.evidence_a and pair.evidence_a in pair.a.text
            assert pair.evidence_b and pair.evidence_b in pair.b.text
