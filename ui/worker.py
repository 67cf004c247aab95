"""What runs in a job's own process: one look, scan or draft check that tells its progress through a pipe."""

from __future__ import annotations

import os
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.orm import Session, sessionmaker

from analyzer.errors import StyrsignalError
from analyzer.records import Side, Signal, Verdict
from analyzer.reports.draft_document import DraftSummary
from analyzer.scoring.advice import Advice
from analyzer.settings import Settings
from analyzer.store.schema import SignalRow
from ui.passages import SideView, stored_side, view_side
from ui.uploads import TakeOrder, look_at, take_in_files

Task = Literal["read", "scan", "draft"]

#: What a draft check hands over, likeliest first; the page shows a part of it.
MOST_FINDINGS = 500


class PipeProgress:
    """Tells progress to the process that started this one."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins."""
        self.connection.send(("stage", (name, total)))

    def advance(self, steps: int = 1) -> None:
        """Steps are done."""
        self.connection.send(("advance", steps))


@dataclass(frozen=True, slots=True)
class Finding:
    """One pair of a draft's signal with another signal, as a page shows it."""

    verdict: Verdict
    rules: int
    a: SideView
    b: SideView
    advice: Advice


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """What a draft check found, and what it compared."""

    title: str
    signals: int
    stored_signals: int
    candidates: int
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...]
    #: Pairs judged worth keeping that `findings` has no room for.
    left_out: int
    #: The same as reports tell it.
    summary: DraftSummary


def run_task(
    task: Task, database: str, settings: Settings, folder: Path, connection: Connection, order: TakeOrder | None = None
) -> None:
    """Entry point of the process. Works inside `folder`, so that documents go by their file names alone."""
    from analyzer.store.database import open_database

    os.chdir(folder)
    files = sorted(Path().iterdir())
    try:
        sessions = open_database(database)
        progress = PipeProgress(connection)
        answer: Any
        if task == "scan":
            answer = take_in_files(files, sessions, settings, progress, order or TakeOrder())
        else:
            answer = (look_at if task == "read" else check_file)(files, sessions, settings, progress)
        connection.send(("done", answer))
    except StyrsignalError as error:
        connection.send(("failed", str(error)))
    finally:
        connection.close()


def check_file(
    files: list[Path], sessions: sessionmaker[Session], settings: Settings, progress: PipeProgress
) -> DraftAnswer:
    """Compare one draft to the store, storing nothing."""
    from analyzer.reports.conflict_rows import row_side
    from analyzer.reports.draft_document import summarise_draft
    from analyzer.reports.draft_report import advice_on, draft_side
    from analyzer.scan import check_draft

    checked = check_draft(files[0], sessions, settings, progress)
    compared, own = checked.compared, checked.signals
    verdicts = compared.verdicts[:MOST_FINDINGS]

    with sessions() as session:

        def view(position: int, evidence: Any) -> SideView:
            if position < len(own):
                signal: Signal = own[position]
                return view_side(checked.document, signal, evidence)
            row = session.get_one(SignalRow, int(checked.stored_ids[position - len(own)]))
            span = {"start": evidence.start, "end": evidence.end, "text": evidence.text} if evidence else None
            return stored_side(row.document, row, span)

        def judged(position: int) -> Side:
            if position < len(own):
                return draft_side(checked, position)
            return row_side(session.get_one(SignalRow, int(checked.stored_ids[position - len(own)])))

        findings = tuple(
            Finding(
                verdict,
                int(compared.rules[at]),
                view(int(compared.a[at]), verdict.evidence_a),
                view(int(compared.b[at]), verdict.evidence_b),
                advice_on(judged(int(compared.a[at])), judged(int(compared.b[at])), verdict),
            )
            for at, verdict in enumerate(verdicts)
        )
        summary = summarise_draft(session, checked)
    return DraftAnswer(
        title=checked.document.metadata.title or files[0].name,
        signals=len(own),
        stored_signals=len(checked.stored_ids),
        candidates=compared.counts.get("candidates", 0),
        warnings=checked.document.warnings,
        findings=findings,
        left_out=len(compared.verdicts) - len(verdicts),
        summary=summary,
    )
