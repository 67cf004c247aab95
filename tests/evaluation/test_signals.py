"""The command that scores the reader: kinds of errors, their counts, speed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from analyzer.evaluation.signals import format_errors, load_cases, main, measure_speed, score_cases, share
from analyzer.evaluation.signals_errors import name_detection_error, name_slot_error
from analyzer.signals import load_reader

ROOT = Path(__file__).parents[2]
PASSAGES = ROOT / "corpus" / "signals" / "further.jsonl"


@pytest.mark.parametrize(
    ("slot", "read", "marked", "kind"),
    [
        ("modality", "obligation", "goal", "modality: obligation for goal"),
        ("deadline", None, "2026-01-01", "deadline: none for a value"),
        ("deadline", "2026-01-01", None, "deadline: a value for none"),
        ("addressee", ["Hamnen"], ["Hamnen", "Varvet"], "addressee: too few"),
        ("quantity", [{"value": 2}], [{"value": 2}], "quantity: the comparator or the unit"),
        ("quantity", [{"value": 2}], [{"value": 3}], "quantity: another value"),
        ("period", ["2026-01-01", None], ["2027-01-01", None], "period: another value"),
        ("action", "ta", "ta fram", "action: the particle"),
    ],
)
def test_wrong_slots_have_a_kind(slot: str, read: object, marked: object, kind: str) -> None:
    assert name_slot_error(slot, read, marked) == kind


def test_wrong_cuts_have_a_kind() -> None:
    whole, part = "hamnen ska mätas och varvet ska målas", "varvet ska målas"
    assert name_detection_error(whole, [part], share, "false") == "false: cut too coarsely"
    assert name_detection_error(part, [whole], share, "missed") == "missed: cut too coarsely"
    assert name_detection_error(whole, ["lotsen vilar"], share, "missed") == "missed: nothing read there"


def test_errors_are_counted_over_all_cases() -> None:
    cases = [dict(case, signals=[]) for case in load_cases(PASSAGES)]
    scores = score_cases(cases, load_reader())
    assert scores.errors == {"false: nothing marked there": scores.read}
    assert format_errors(scores) == f"{scores.read:>4}  false: nothing marked there"


def test_speed_counts_what_was_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Plan\n\nHamnen ska muddras.\n", encoding="utf-8")
    assert measure_speed([tmp_path], load_reader()).startswith("documents 1, words ")


def test_the_command_prints_scores_and_errors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["signals", str(PASSAGES), "--errors", "--misses"])
    main()
    printed = capsys.readouterr().out
    assert "detection  P" in printed and "  false: nothing marked there" in printed
