"""`evaluate` end to end on pairs written for the test, and above its floors on the shared data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from analyzer.errors import UsageError
from analyzer.evaluation import evaluate
from analyzer.evaluation.pairs import TOGETHER
from analyzer.evaluation.table import make_table

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "pairs"
ROWS = [
    ("t-001a", "Slussen ska vara öppen på helger.", "Slussen ska vara stängd på helger.", "contradiction", 2),
    ("t-001b", "Slussen ska vara öppen på helger.", "Slussen ska målas grön.", "none", 0),
    ("t-002a", "Hamnen ska ha minst 40 platser.", "Hamnen ska ha högst 30 platser.", "target", 2),
    ("t-002b", "Hamnen ska ha minst 40 platser.", "Hamnen ska ha minst fyrtio platser.", "duplicate", 0),
]


def write(path: Path, labelled: bool = True) -> Path:
    lines = []
    for number, a, b, kind, grade in ROWS:
        row = {"id": number, "a": {"text": a}, "b": {"text": b}, "source": "written"}
        if labelled:
            spans = {"evidence_a": a[:-1], "evidence_b": b[:-1]} if grade else {"evidence_a": None, "evidence_b": None}
            row |= {"type": kind, "grade": grade, **spans}
        lines.append(json.dumps(row))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_figures_and_table(tmp_path: Path) -> None:
    result = evaluate(write(tmp_path / "own.jsonl"), plots=tmp_path)
    assert {path.name for path in tmp_path.glob("*.png")} == {"own_reliability.png", "own_roc.png"}
    figures = result["own"]["written"]
    assert (figures["pairs"], figures["conflicts"]) == (4, 2)
    assert figures["whole_text_evidence_f1"] == pytest.approx(1.0)
    assert set(figures["baselines"]) == {"cosine_roc_area", "tfidf_roc_area", "majority_accuracy"}
    assert figures["candidate_recall"] == 1.0 and figures["candidates_missed"] == []
    console = Console(width=250, record=True, file=(tmp_path / "table.txt").open("w"))
    console.print(make_table(result))
    assert "written" in console.export_text()


def test_several_files_have_figures_of_their_own_and_together(tmp_path: Path) -> None:
    result = evaluate([write(tmp_path / "one.jsonl"), write(tmp_path / "two.jsonl")])
    assert set(result) == {"one", "two", TOGETHER}
    one, both = result["one"]["written"], result[TOGETHER]["written"]
    assert (both["pairs"], both["conflicts"]) == (8, 4)
    # The same pairs twice: nothing that is a share changes, and families of two files are not taken for one.
    for name in ("roc_area", "accuracy", "calibration_error", "family_order", "evidence_f1"):
        assert both[name] == pytest.approx(one[name])


def test_unlabelled_pairs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="etiketter"):
        evaluate(write(tmp_path / "bare.jsonl", labelled=False))


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here; the labelled pairs are no part of the project")
def test_the_judge_stays_above_its_floors() -> None:
    result = evaluate([SHARED / f"dev_{number}.jsonl" for number in (1, 2, 3)])
    for figures in result.values():
        assert figures["hard"]["roc_area"] >= 0.69
        assert figures["hard"]["evidence_f1"] >= 0.58
        assert figures["hard"]["type_macro_f1"] >= 0.55
    assert result["dev_3"]["hard"]["family_order"] >= 0.70
