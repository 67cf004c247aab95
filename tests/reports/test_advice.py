"""Advice on flagged pairs in the answers of scan and check, and in exports."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.compare import Compared
from analyzer.reports.conflict_rows import conflict_json
from analyzer.reports.draft_report import draft_json
from analyzer.reports.exports import export_conflicts
from analyzer.scan import DraftResult
from analyzer.store.active import load_active
from analyzer.store.queries import ConflictFilter, conflict_page
from tests.ui.planted import ENCODER, fill, make_verdict, order

RANK = "B går före A: nationell nivå står över regional nivå."
OTHERS = "Konflikten skulle upphöra om A riktades till någon annan än Polisregion Öst."
COLUMNS = ("Går före (råd)", "Vad som skulle lösa konflikten")


@pytest.fixture
def planted(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """A regional plan against a national order, four flags."""
    fill(sessions)
    return sessions


def test_a_scan_tells_which_side_prevails_and_what_would_help(planted: sessionmaker[Session]) -> None:
    with planted() as session:
        rows = [conflict_json(view) for view in conflict_page(session, ConflictFilter())]
    assert rows[0]["prevails"] == {"side": "b", "reason": RANK} and rows[0]["remedy"] == OTHERS
    assert "bara en av Chefen för polisregionen och Rikspolischefen" in rows[2]["remedy"]
    assert rows[3]["type"] == "goal_tension" and rows[3]["remedy"] is None


def test_a_draft_is_side_a_and_its_own_signals_are_equals(planted: sessionmaker[Session]) -> None:
    document, signals = order()
    texts = [signal.text for signal in signals]
    with planted() as session:
        active = load_active(session, encoder=ENCODER, dimension=4, comparison="test")
        stored = active.sides[0].text
        verdicts = [
            make_verdict(texts[0], stored, 0.9, "contradiction", 2, "minska", "öka"),
            make_verdict(texts[0], texts[1], 0.8, "contradiction", 2, "minska", "bemanna"),
        ]
        pairs = Compared(
            np.array([0, 0]), np.array([len(signals), 1]), np.ones(2, np.uint32), verdicts, {"candidates": 2}
        )
        report = draft_json(session, DraftResult(document, tuple(signals), active.ids, pairs, {}), 10)
    against, inside = report["conflicts"]
    assert against["prevails"] == {"side": "a", "reason": "A går före B: nationell nivå står över regional nivå."}
    assert against["remedy"] == OTHERS.replace("om A", "om B")
    assert inside["prevails"] is None and inside["remedy"]


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx"])
def test_exports_have_a_column_for_each(planted: sessionmaker[Session], tmp_path: Path, name: str) -> None:
    with planted() as session:
        assert export_conflicts(session, ConflictFilter(), tmp_path / name) == 4
    if name.endswith(".csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter=";"))
        assert [rows[0][column] for column in COLUMNS] == [RANK, OTHERS] and rows[3][COLUMNS[1]] == ""
    else:
        with zipfile.ZipFile(tmp_path / name) as archive:
            strings = archive.read("xl/sharedStrings.xml").decode()
        assert all(text in strings for text in (*COLUMNS, RANK, OTHERS))
