"""Detection and slots on annotated passages stay above stated floors, and the scorer counts as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.evaluation.signals import (
    COMPARISONS,
    format_scores,
    load_cases,
    match_signals,
    normalise,
    score_cases,
    share,
)
from analyzer.evaluation.signals_sides import format_sides, score_sides
from analyzer.records import Frame, Signal
from analyzer.signals import load_reader

ROOT = Path(__file__).parents[2]
#: Passages that nothing is tuned on; the others are worked with.
HELD_OUT = ROOT / "corpus" / "signals" / "held_out.jsonl"
CORPUS = sorted(path for path in (ROOT / "corpus" / "signals").glob("*.jsonl") if path != HELD_OUT)
DEVELOPMENT = ROOT.parent / "shared" / "data" / "signals_dev.jsonl"

#: Floors on the development data, below the figures of the day so that only a real loss fails.
FLOORS = {
    "addressee": 0.93,
    "modality": 0.98,
    "action": 0.96,
    "direction": 0.95,
    "object": 0.92,
    "quantity": 0.97,
    "deadline": 0.97,
    "period": 0.96,
    "priority": 0.97,
    "resource": 0.90,
}


def test_project_passages_are_read_right() -> None:
    scores = score_cases((case for path in CORPUS for case in load_cases(path)), load_reader())
    assert scores.documents >= 50
    assert scores.f1 >= 0.95, scores.misses
    assert {slot: scores.accuracy(slot) >= 0.95 for slot in COMPARISONS} == dict.fromkeys(COMPARISONS, True), (
        scores.misses
    )


def test_passages_held_apart_are_read_well() -> None:
    scores = score_cases(load_cases(HELD_OUT), load_reader())
    assert scores.documents >= 10
    assert scores.f1 >= 0.9
    floors = {"addressee": 0.85, "modality": 0.95, "direction": 0.9, "quantity": 0.85, "deadline": 0.9}
    assert {slot for slot, floor in floors.items() if scores.accuracy(slot) < floor} == set()


@pytest.mark.shared
@pytest.mark.skipif(not DEVELOPMENT.exists(), reason="../shared is missing")
def test_development_data_is_read_right() -> None:
    scores = score_cases(load_cases(DEVELOPMENT), load_reader())
    assert scores.f1 >= 0.93
    assert {slot for slot, floor in FLOORS.items() if scores.accuracy(slot) < floor} == set()


@pytest.mark.parametrize("path", [*CORPUS, HELD_OUT], ids=[path.stem for path in [*CORPUS, HELD_OUT]])
def test_every_marked_quote_stands_in_its_text(path: Path) -> None:
    for case in load_cases(path):
        for signal in case["signals"]:
            assert signal["quote"] in case["text"]
            assert signal["lead_in"] is None or signal["lead_in"] in case["text"]
        for text in case["non_signals"]:
            assert text in case["text"]


def test_quotes_are_compared_after_normalising() -> None:
    assert normalise("Bo\u00adverket\nska  mäta.") == "boverket ska mäta"
    assert share("mäta buller", "mäta buller") == 1
    assert share("mäta buller", "lyssna noga") == 0


def test_each_marked_signal_is_found_once() -> None:
    signals = [Signal(0, "mäta buller", 0, 11, Frame()), Signal(1, "mäta buller.", 12, 24, Frame())]
    assert match_signals(signals, [{"quote": "mäta buller"}]) == [(0, 0)]


def test_scores_are_printed_with_every_slot() -> None:
    scores = score_cases(load_cases(CORPUS[0]), load_reader())
    assert all(slot in format_scores(scores) for slot in COMPARISONS)


def test_sides_are_counted_once_each_and_by_type() -> None:
    order = {"text": "Hamnen ska granskas.", "document": "Plan", "issuer": None, "level": "local", "date": None}
    told = {"text": "Hamnen byggdes 1950.", "document": "Plan", "issuer": None, "level": "local", "date": None}
    pairs = [{"a": order, "b": told, "type": "none"}, {"a": order, "b": order, "type": "duplicate"}]
    scores = score_sides(pairs, load_reader())
    assert (scores.sides, scores.typed, scores.missed, scores.missed_typed) == (2, 1, [told["text"]], 0)
    assert format_sides("x", scores).endswith("sides     2, found 0.500; of pairs with a type     1, found 1.000")


PAIRS = sorted((ROOT / "corpus" / "pairs").glob("*.jsonl"))


def test_sides_of_the_project_s_pairs_are_signals() -> None:
    scores = score_sides((pair for path in PAIRS for pair in load_cases(path)), load_reader())
    assert scores.sides > 1000
    assert scores.missed_typed / scores.typed <= 0.015, scores.missed
