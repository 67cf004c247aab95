"""A document that another one replaces ends the day before, and lives again when the other is withdrawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from analyzer.records import Metadata
from analyzer.scan import scan
from analyzer.settings import Settings
from analyzer.store.convert import metadata_of
from analyzer.store.documents import correct_metadata
from analyzer.store.queries import active_documents
from analyzer.store.replacement import end_replaced, find_ends
from analyzer.store.schema import AssessmentRow, DocumentRow, PairRow, SignalRow
from analyzer.store.withdrawal import withdraw_files

SETTINGS = Settings(second_reader="none", workers=1)
OLD = """# Tjänsteföreskrift om båtar (PTF 2022:4)

Polisregion Syd

Datum: 2022-03-01

1 § Polisregion Syd ska hålla minst sex båtar i drift varje dag.
"""
PLAN = """# Verksamhetsplan 2027 för Polisregion Syd

Polisregion Syd

Datum: 2026-12-01

Polisregion Syd får hålla högst fyra båtar i drift varje dag.
"""
NEW = """# Tjänsteföreskrift om båtar och bryggor (PTF 2026:9)

Polisregion Syd

Datum: 2026-10-01

Ikraft: 2026-11-01. Genom denna föreskrift upphör PTF 2022:4 att gälla.

1 § Bryggorna ska målas varje vår.
"""


def write(folder: Path, **texts: str) -> list[Path]:
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return sorted(folder.glob("*.md"))


def last_days(sessions: sessionmaker[Session]) -> dict[str, str | None]:
    with sessions() as session:
        return {Path(row.key).stem: metadata_of(row).valid_to for row in active_documents(session)}


def pairs(sessions: sessionmaker[Session]) -> set[tuple[str, str]]:
    """The documents of every judged pair."""
    statement = select(PairRow).join(PairRow.assessment).where(AssessmentRow.probability > 0)
    with sessions() as session:
        name = {row.id: Path(row.document.key).stem for row in session.scalars(select(SignalRow))}
        return {tuple(sorted((name[row.a_id], name[row.b_id]))) for row in session.scalars(statement)}  # type: ignore[misc]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_replaced_document_meets_no_later_one_and_lives_again(sessions, tmp_path, at_once) -> None:
    if not at_once:
        scan(write(tmp_path, old=OLD, plan=PLAN), sessions, SETTINGS)
        assert last_days(sessions)["old"] is None and ("old", "plan") in pairs(sessions)
    files = write(tmp_path, old=OLD, plan=PLAN, new=NEW)
    result = scan(files, sessions, SETTINGS)
    assert result.counts["given another last day"] == 1
    assert last_days(sessions)["old"] == "2026-10-31" and ("old", "plan") not in pairs(sessions)
    assert "given another last day" not in scan(files, sessions, SETTINGS).counts

    with sessions.begin() as session:
        withdraw_files(session, [row.source for row in active_documents(session) if row.key.endswith("new.md")])
    scan([path for path in files if path.stem != "new"], sessions, SETTINGS)
    assert last_days(sessions) == {"old": None, "plan": "2027-12-31"} and ("old", "plan") in pairs(sessions)


def test_a_persons_word_goes_before(sessions, tmp_path) -> None:
    scan(write(tmp_path, old=OLD, new=NEW), sessions, SETTINGS)
    with sessions.begin() as session:
        [row] = session.scalars(select(DocumentRow).where(DocumentRow.key.endswith("old.md")))
        correct_metadata(session, row.id, {"valid_to": "2027-06-30"})
        assert end_replaced(session) == 0
    assert last_days(sessions)["old"] == "2027-06-30"


def test_the_earliest_end_counts_and_one_without_a_day_ends_nothing() -> None:
    old = Metadata(title="Plan 2024", registration_number="A1.2/2024", date="2024-01-01")
    new = [Metadata(title=f"Ny {day}", replaces=("A1.2/2024",), date=day) for day in ("2026-05", "2025", None)]
    assert find_ends([old, *new[:1]]) == {0: "2026-04-30"}
    assert find_ends([*new, old]) == {3: "2024-12-31"}
    assert find_ends([old, new[2]]) == {}
    later = Metadata(title="Plan 2024", date="2027-01-01")
    assert find_ends([later, Metadata(title="Ny", replaces=("plan 2024",), date="2026-05")]) == {}
