"""The labelled pairs of the project: their format, and that surface statistics tell nothing about their labels."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from analyzer.evaluation import bias
from analyzer.evaluation.validation import check_files, find_faults
from analyzer.scoring.pairs import LabelledPair, read_pairs
from tests.scoring.sides import make_side

FILES = sorted((Path(__file__).resolve().parents[2] / "corpus" / "pairs").glob("*.jsonl"))
SIDE = {"text": "Slussen ska vara öppen.", "document": None, "issuer": None, "level": None, "date": None}
GOOD = {
    "id": "p-01a",
    "a": SIDE | {"addressee": None},
    "b": SIDE | {"text": "Slussen ska vara stängd.", "addressee": None},
    "type": "contradiction",
    "grade": 2,
    "evidence_a": "öppen",
    "evidence_b": "stängd",
    "rationale": "Den kan inte vara båda.",
    "source": "written",
}


def test_the_corpus_keeps_the_format() -> None:
    assert FILES
    assert check_files(FILES) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"grade": 0}, "does not fit"),
        ({"type": "none", "evidence_a": None, "evidence_b": None}, "does not fit"),
        ({"evidence_a": "öppet"}, "no exact part"),
        ({"evidence_b": None}, "missing for a conflict"),
        ({"source": "found"}, "source"),
        ({"rationale": ""}, "rationale"),
        ({"type": "quarrel"}, "unknown"),
        ({"a": SIDE}, "keys"),
        ({"b": GOOD["b"] | {"text": "Kort."}}, "too short"),  # type: ignore[operator]
        ({"note": "x"}, "keys"),
    ],
)
def test_each_fault_is_named(change: dict[str, object], fault: str) -> None:
    assert list(find_faults(GOOD)) == []
    assert any(fault in found for found in find_faults(copy.deepcopy(GOOD) | change))


def test_an_id_that_comes_twice_and_a_line_that_is_no_json_are_named(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join([json.dumps(GOOD), json.dumps(GOOD), "{"]), encoding="utf-8")
    faults = check_files([path])
    assert [fault.split(":")[1] for fault in faults] == ["2", "3"]
    assert "also stands in own.jsonl:1" in faults[0] and "no JSON" in faults[1]


def test_no_surface_statistic_gives_the_corpus_away() -> None:
    areas = bias.measure_bias([pair for path in FILES for pair in read_pairs(path)])
    outside = {name: area for name, area in areas.items() if area is None or not bias.LOW <= area <= bias.HIGH}
    assert outside == {}


def test_a_planted_bias_is_seen() -> None:
    plain, forbidding = make_side("Slussen ska vara öppen."), make_side("Slussen får inte vara öppen.")
    pairs = [
        LabelledPair("p-01", plain, forbidding, type="contradiction", grade=2),
        LabelledPair("p-02", plain, plain, type="duplicate", grade=0),
    ]
    areas = bias.measure_bias(pairs)
    assert areas["bans"] == 1.0 and areas["years"] == 0.5
    cells = list(bias.make_table({"own": areas}).columns[1].cells)
    assert cells[bias.STATISTICS.index(bias.bans)] == "1.00*" and cells[bias.STATISTICS.index(bias.years)] == "0.50"
