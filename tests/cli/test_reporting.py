"""Exports, plans and reports on drafts through the command line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from analyzer.review.decisions import decide
from analyzer.store.database import open_database
from tests.reports.reading import read_report
from tests.ui.planted import fill


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A store of four flags, two of them confirmed."""
    sessions = open_database(str(tmp_path / "x.db"))
    fill(sessions)
    with sessions.begin() as session:
        for pair in (1, 3):
            decide(session, pair, reviewer="Anna", decision="confirm")
    sessions.kw["bind"].dispose()
    return tmp_path


def test_export_by_ending_and_filter(styrsignal, planted):
    told = styrsignal("export", "p.docx", "--db", "x.db", "--status", "confirm", "--type", "contradiction")
    assert told.returncode == 0 and told.stdout == "1 konflikt skriven till p.docx\n"
    text = read_report((planted / "p.docx").read_bytes(), "docx")
    assert "typ motsägelse, beslut bekräftad" in text and "Bekräftad, Anna" in text
    assert styrsignal("export", "p.json", "--db", "x.db", "--document", "hushållning").returncode == 0
    assert len(json.loads((planted / "p.json").read_text(encoding="utf-8"))) == 4


@pytest.mark.parametrize("format_", ["docx", "xlsx", "json"])
def test_plan_in_each_format(styrsignal, planted, format_):
    told = styrsignal("plan", "--db", "x.db", "--format", format_, "--out", "plan.bin")
    assert told.returncode == 0 and told.stdout == "2 åtgärder skrivna till plan.bin\n"
    content = (planted / "plan.bin").read_bytes()
    assert json.loads(content)["summary"]["items"] == 2 if format_ == "json" else content.startswith(b"PK")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "x.odt"), ".docx"),
        (("export", "x.csv", "--status", "maybe"), "maybe"),
        (("export", "x.csv", "--document", "finns inte"), "finns inte"),
        (("plan", "--out", "x.csv"), ".xlsx"),
        (("plan", "--out", "no/folder/x.docx"), "no/folder"),
        (("check", "x.md", "--report", "x.txt"), ".docx"),
    ],
)
def test_what_cannot_work_is_one_sentence(styrsignal, planted, arguments, words):
    told = styrsignal(*arguments, "--db", "x.db")
    assert told.returncode == 2 and words in told.stderr and told.stderr.count("\n") == 1


def rows_of(path: Path) -> dict[str, list]:
    """Everything in a database."""
    with sqlite3.connect(path) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}


def test_a_checked_draft_leaves_a_report_and_nothing_else(styrsignal, planted, document):
    temporary = planted / "tmp"
    temporary.mkdir()
    before = rows_of(planted / "x.db")
    report = ("check", document.name, "--db", "x.db", "--report", "r.pdf", "--least", "0", "--quiet")
    told = styrsignal(*report, TMPDIR=str(temporary))
    assert told.returncode == 0, told.stderr
    assert rows_of(planted / "x.db") == before and list(temporary.rglob("*")) == []
    left = {path.name for path in planted.iterdir()} - {"x.db-wal", "x.db-shm"}
    assert left == {"x.db", "tmp", "r.pdf", document.name}
    text = read_report((planted / "r.pdf").read_bytes(), "pdf")
    assert "Prövning av utkast" in text and "Gällande dokument: 2" in text and "Fil: beslut.md" in text


def test_calibrate_holds_chances_against_decisions(styrsignal, planted):
    told = styrsignal("calibrate", "--db", "x.db")
    assert told.returncode == 0 and "2 beslutade, väntade konflikter 1,7, bekräftade 2" in told.stdout
    assert "Besluten ger inte skäl att ändra candidate_prior (0,004)." in told.stdout
    answer = json.loads(styrsignal("calibrate", "--db", "x.db", "--json", "-").stdout)
    assert answer["all"]["decided"] == 2 and answer["candidate_prior"] is None
