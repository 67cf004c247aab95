"""Exports: the same conflicts in every format, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from analyzer.errors import UsageError
from analyzer.reports.conflict_rows import file_json
from analyzer.reports.exports import export_conflicts, render_export
from analyzer.reports.sheets import CELL_CHARS, CUT, write_csv, write_xlsx
from analyzer.review.decisions import decide, undo_last
from analyzer.store.queries import ConflictFilter
from analyzer.store.schema import AssignmentRow, PairRow
from tests.store.samples import embed_all, make_verdict, pair_up, store_sample

FORMULA = '=HYPERLINK("http://x","y") ska göras.'


@pytest.fixture
def filled(sessions):
    """One conflict, one side of which looks like a formula, decided once."""
    store_sample(sessions, "a.md", [FORMULA, "Abc får inte göras."])
    embed_all(sessions)
    pair_up(sessions, {(0, 1): make_verdict(0.4)})
    with sessions.begin() as session:
        decide(session, 1, reviewer="Anna", decision="dismiss", reason="time", comment="+46 8 …")
    return sessions


def test_csv_is_read_back_and_runs_nothing(filled, tmp_path):
    with filled() as session:
        assert export_conflicts(session, ConflictFilter(), tmp_path / "x.csv") == 1
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as stream:
        row = next(csv.DictReader(stream, delimiter=";"))
    assert row["Typ"] == "Resurskonflikt" and row["Beslut"] == "Avfärdad"
    assert row["A citat"] == f"'{FORMULA}" and row["Kommentar"] == "'+46 8 …"


def test_xlsx_has_no_formula(filled, tmp_path):
    with filled() as session:
        export_conflicts(session, ConflictFilter(), tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        strings = archive.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet and "=HYPERLINK(" in strings


def test_json_holds_the_whole_history(filled, tmp_path):
    with filled.begin() as session:
        decide(session, 1, reviewer="Bo", decision="confirm")
    with filled() as session:
        export_conflicts(session, ConflictFilter(), tmp_path / "x.json")
    row = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))[0]
    assert row["a"]["quote"] == FORMULA and row["status"] == "confirm"
    assert [decision["decision"] for decision in row["decisions"]] == ["dismiss", "confirm"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_spreadsheet_runs_a_cell(start):
    rows = [{"Citat": f"{start}SUM(A1:A9)", "Antal": -1}]
    text = write_csv(rows).decode("utf-8-sig")
    read = next(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert read == {"Citat": f"'{start}SUM(A1:A9)", "Antal": "-1"}
    with zipfile.ZipFile(io.BytesIO(write_xlsx({"Blad": rows}))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and '<c r="A2" s="2" t="s">' in sheet


def test_a_cell_that_is_too_long_says_so():
    with zipfile.ZipFile(io.BytesIO(write_xlsx({"Blad": [{"Citat": "å" * 40_000}]}))) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode()
    assert strings.count("å") == CELL_CHARS - len(CUT) and f"å{CUT}<" in strings


def test_the_decision_that_stands_is_the_one_exported(filled, tmp_path):
    with filled.begin() as session:
        decide(session, 1, reviewer="Bo", decision="confirm", comment="Säkert")
        undo_last(session, "Bo")
        key = session.get_one(PairRow, 1).key
        session.add(AssignmentRow(pair_key=key, assignee="Cia", assigned_by="Bo"))
    with filled() as session:
        export_conflicts(session, ConflictFilter(), tmp_path / "x.csv")
        row = json.loads(render_export(session, ConflictFilter(), "json")[0])[0]
    assert [act["reason"] for act in row["decisions"]] == ["time", None, "undo"] and row["assigned"] == "Cia"
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as stream:
        flat = next(csv.DictReader(stream, delimiter=";"))
    assert flat["Beslutad av"] == "Anna" and flat["Skäl till avfärdande"] == "Tiderna möts inte"
    assert flat["Tilldelad"] == "Cia" and flat["Antal beslut"] == "3"


@pytest.mark.parametrize("name", ["x.odt", "x", "no/folder/x.csv", "no/folder/x.xlsx", "no/folder/x.docx"])
def test_what_cannot_be_written_is_one_sentence(filled, tmp_path, name):
    with filled() as session, pytest.raises(UsageError):
        export_conflicts(session, ConflictFilter(), tmp_path / name)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a/b.pdf", {"file": "a/b.pdf", "record": None}),
        ("a/x.jsonl.gz#regeringsuppdrag/2020/1", {"file": "a/x.jsonl.gz", "record": "regeringsuppdrag/2020/1"}),
        ("a/x.jsonl#7", {"file": "a/x.jsonl", "record": "7"}),
        ("a/plan #2.md", {"file": "a/plan #2.md", "record": None}),
    ],
)
def test_file_and_record(source, expected):
    assert file_json(source) == expected
