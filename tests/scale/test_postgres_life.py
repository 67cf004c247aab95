"""What happens to a store in its life, on PostgreSQL as on SQLite: the same documents, flags, records and sums."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import DBAPIError

from analyzer.accounts.audit import append_audit, check_audit
from analyzer.reports.draft_report import draft_json
from analyzer.reports.exports import render_export
from analyzer.reports.plan_document import write_plan
from analyzer.review.agreement import agreement
from analyzer.review.assignments import assign, shares
from analyzer.review.decisions import decide, undo_last
from analyzer.scan import check_draft, scan
from analyzer.settings import Settings
from analyzer.store import overview
from analyzer.store.database import open_database
from analyzer.store.flags import flag_ids, flag_places, flag_rows
from analyzer.store.load import count_load
from analyzer.store.narrowing import units_in_use
from analyzer.store.queries import ConflictFilter, conflict_count, count_flags, counts, find_documents
from analyzer.store.schema import DocumentRow, SignalRecordRow, SignalRow
from analyzer.store.withdrawal import withdraw_files
from tests.scale.answers import EXAMPLES, report
from tests.ui.planted import fill

pytestmark = pytest.mark.xdist_group("postgres")
ROOT = Path(__file__).resolve().parents[2]
SETTINGS = Settings(second_reader_pairs=10, keep_pairs=200, workers=1)
NAMES = ("05-uppdrag-uppfoljning-omradespoliser.md", "09-noa-prioritering-2025.txt", "20-atgardslista-sommaren-2026.md")
DECISION = "# Beslut\n\nDatum: 2026-02-01\n\n{}\n"
BAN = "Polisregion Syd får inte låna ut områdespoliser till andra regioner under sommaren 2026."
DUTY = "Polisregion Syd ska låna ut samtliga områdespoliser till Polisregion Stockholm under sommaren 2026."
DRAFT = EXAMPLES.parent / "drafts" / "utkast-trygg-resa.docx"


@pytest.fixture
def folder(tmp_path):
    """A folder with some of the examples."""
    path = tmp_path / "styrdokument"
    path.mkdir()
    for name in NAMES:
        (path / name).write_bytes((EXAMPLES / name).read_bytes())
    return path


@pytest.fixture
def stores(sessions, postgres_sessions):
    """An empty store of either kind."""
    return sessions, postgres_sessions


def take_in(store, folder):
    """Scan the folder: the answer, the counts, and what the store then holds for matching."""
    result = scan([folder], store, SETTINGS)
    return report(store, result), result.counts, held(store)


def held(store):
    """Signals by whether they are compared, and the records of what matching has read, byte for byte."""
    with store() as session:
        compared = session.execute(select(SignalRow.id, SignalRow.compared.is_not(None)).order_by(SignalRow.id)).all()
        records = session.execute(
            select(SignalRecordRow.signal_id, SignalRecordRow.record).order_by(SignalRecordRow.signal_id)
        ).all()
    return [tuple(row) for row in compared], [tuple(row) for row in records]


def test_documents_come_change_and_go_as_in_sqlite(stores, folder):
    def both(act):
        here, there = (act(store) for store in stores)
        assert here == there
        return there

    answer, _, (signals, records) = both(lambda store: take_in(store, folder))
    assert len(answer["conflicts"]) > 10 and [row[0] for row in signals] == [row[0] for row in records]
    assert both(lambda store: take_in(store, folder))[1]["unchanged files"] == len(NAMES), "nothing is read twice"

    (folder / "nytt.md").write_text(DECISION.format(DUTY), "utf-8")
    answer, told, (signals, records) = both(lambda store: take_in(store, folder))
    assert told["signals compared"] == 1 and told["candidates"] > 0 and len(records) == len(signals)
    assert any("nytt.md" in (one["a"]["file"] + one["b"]["file"]) for one in answer["conflicts"])

    (folder / "nytt.md").write_text(DECISION.format(f"{DUTY}\n\n{BAN}"), "utf-8")
    answer, told, _ = both(lambda store: take_in(store, folder))
    assert told["new version"] == 1 and told["signals compared"] == 2

    draft = both(check)
    assert draft["conflicts"] and draft["conflicts"][0]["probability"] > 0

    (folder / "nytt.md").unlink()
    gone = both(lambda store: withdraw(store, folder / "nytt.md"))
    assert gone == {"active": len(NAMES), "replaced": 1, "withdrawn": 1}
    answer, _, _ = both(lambda store: take_in(store, folder))
    assert not any("nytt.md" in one["b"]["file"] for one in answer["conflicts"])


def check(store):
    """The answer of a draft against the store, without times."""
    draft = check_draft(DRAFT, store, SETTINGS)
    with store() as session:
        return {key: value for key, value in draft_json(session, draft, 50).items() if key != "timings"}


def withdraw(store, path):
    """Documents by status once the file is gone."""
    with store.begin() as session:
        withdraw_files(session, [str(path)])
    with store() as session:
        rows = session.execute(select(DocumentRow.status, func.count()).group_by(DocumentRow.status))
        return {status: count for status, count in rows}


def test_a_store_without_records_is_brought_up_to_date(stores, folder):
    take_in(stores[0], folder)
    take_in(stores[1], folder)
    engine = stores[1].kw["bind"]
    with engine.begin() as connection:  # as before migration 0005
        connection.execute(text("DROP TABLE signal_records"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    older = open_database(engine.url.render_as_string(hide_password=False))
    assert held(older)[1] == []
    (folder / "nytt.md").write_text(DECISION.format(DUTY), "utf-8")
    assert take_in(older, folder)[0] == take_in(stores[0], folder)[0]
    assert held(older) == held(stores[0]), "what was read again is kept"


def test_pages_and_reports_count_as_in_sqlite(stores):
    for store in stores:
        fill(store)
        with store.begin() as session:
            decide(session, 1, reviewer="Anna", decision="confirm", kind="reading")
            decide(session, 1, reviewer="Björn", decision="dismiss", reason="time", kind="reading")
            decide(session, 3, reviewer="Anna", decision="confirm", comment="Två chefer")
            decide(session, 2, reviewer="Anna", decision="unsure")
            undo_last(session, "Anna")
            assign(session, [2, 4], "Björn", by="Anna")
    here, there = (everything_counted(store) for store in stores)
    for name, value in here.items():
        assert there[name] == value, name
    assert here["flags of Björn"] == [2, 4] and here["flags of words"] == [1, 4] and here["found documents"] == [2]
    assert here["plan"]["summary"]["items"] == 1


def everything_counted(store):
    """What pages and reports ask of a store, by name; moments aside."""
    told = {}
    with store() as session:
        with overview.open_flags(session, 0.1):
            told["kinds"] = overview.count_kinds(session)
            told["levels"] = overview.count_levels(session)
            told["heaviest"] = heaviest, _ = overview.heaviest_documents(session, 5)
            told["links"] = overview.document_links(session, heaviest)
            told["pairs of documents"] = overview.heaviest_document_pairs(session, 5)
            told["flags by day"] = overview.flags_by_day(session)
            told["units"] = overview.unit_links(session, 1)
        told["documents by day"] = overview.documents_by_day(session)
        told["decisions by day"] = overview.decisions_by_day(session)
        told["document kinds"] = overview.document_kinds(session)
        told["waiting"] = overview.count_waiting(session)
        told["standings"] = overview.count_standings(session)
        told["load"] = [count_load(session, depth) for depth in (0, 1, 2)]
        told["agreement"], told["shares"] = agreement(session), shares(session)
        told["counts"], told["units in use"] = counts(session), units_in_use(session)
        told["found documents"] = list(find_documents(session, "HUSHÅLLNING rikspolischefen"))
        for name, chosen in FILTERS.items():
            told[f"flags of {name}"] = sorted(flag_ids(session, chosen))
            told[f"counted of {name}"] = conflict_count(session, chosen), count_flags(session, chosen)
            first = flag_places(session, chosen, limit=2)
            told[f"places of {name}"] = first, flag_places(session, chosen, limit=9, after=first[-1]) if first else []
        told["rows"] = [(row.pair_id, row.status) for row in flag_rows(session, [1, 2, 3, 4])]
        content, items = write_plan(session, "json")
        told["plan"] = json.loads(content) | {"items": items}
        rows, _ = render_export(session, ConflictFilter(), "csv")
        told["export"] = [line.split("T")[0] for line in rows.decode("utf-8-sig").splitlines()]
    return told


FILTERS = {
    "all": ConflictFilter(),
    "Björn": ConflictFilter(assignee="Björn"),
    "nobody": ConflictFilter(unassigned=True, sort="importance"),
    "unread": ConflictFilter(unread_by="Anna", sort="teaching"),
    "open": ConflictFilter(statuses=("open",), types=("priority", "goal_tension"), least_probability=0.6),
    "disagreed": ConflictFilter(statuses=("disagreed", "confirm")),
    "levels": ConflictFilter(levels=("national",), grade=2),
    "words": ConflictFilter(units=("Polisregion Öst",), words="NÄRVARON"),
    "between": ConflictFilter(between=(1, 2), date_from="2025-01", date_to="2025-02"),
    "at units": ConflictFilter(at_units=("Polisregion Öst", "Polisregion Öst"), unit_depth=2),
}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_scan_killed_anywhere_ends_as_an_unbroken_one(postgres):
    server = make_url(postgres).set(database="postgres").render_as_string(hide_password=False)
    bounds = ["--points", "6", "--batch", "1", "--second-reader-pairs", "5", "--keep-pairs", "100"]
    paths = [EXAMPLES / name for name in NAMES[1:]]
    command = [sys.executable, "-m", "benchmarks.interrupt", *paths, *bounds, "--seed", "7", "--server", server]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "6 of 6 identical"


@pytest.mark.parametrize("statement", ["UPDATE audit SET person = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_audit_log_is_only_added_to_and_what_is_edited_is_found(postgres_sessions, statement):
    for number in range(3):
        with postgres_sessions.begin() as session:
            append_audit(session, "åsa", "decide", f"pair {number}", number=number)
    with postgres_sessions() as session:
        assert check_audit(session).rows == 3
    with pytest.raises(DBAPIError, match="append-only"), postgres_sessions.begin() as session:
        session.execute(text(statement))
    with postgres_sessions.begin() as session:  # as somebody may who owns the table
        session.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        session.execute(text(statement))
    with postgres_sessions() as session:
        found = check_audit(session)
        assert found.broken == 1 and found.fault in ("edited", "cut")
