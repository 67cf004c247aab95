"""What a scan answers: the JSON of the contract, and a short table for people."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzer.reports.conflict_rows import conflict_json, document_json, signal_json
from analyzer.reports.names import TYPE_NAMES
from analyzer.scan import ScanResult
from analyzer.store.convert import signal_of
from analyzer.store.queries import ConflictFilter, conflict_page, signals_of
from analyzer.store.schema import DocumentRow

#: SQLite takes a limited number of values in one statement.
BLOCK = 5000


def scan_json(session: Session, result: ScanResult, top: int) -> dict[str, Any]:
    """The scanned documents, their signals, and the conflicts in which at least one side is among them."""
    ids = result.document_ids
    documents = {
        row.id: row
        for at in range(0, len(ids), BLOCK)
        for row in session.scalars(select(DocumentRow).where(DocumentRow.id.in_(ids[at : at + BLOCK])))
    }
    signals = [row for at in range(0, len(ids), BLOCK) for row in signals_of(session, ids[at : at + BLOCK])]
    per_document = Counter(row.document_id for row in signals)
    return {
        "documents": [document_json(documents[number], per_document[number]) for number in ids],
        "signals": [{"file": documents[row.document_id].source, **signal_json(signal_of(row))} for row in signals],
        "conflicts": [conflict_json(view) for view in conflict_page(session, filter_of(result), limit=top)],
        "skipped": [asdict(item) for item in result.skipped],
        "counts": result.counts,
        "timings": result.timings,
    }


def filter_of(result: ScanResult) -> ConflictFilter:
    """Conflicts that touch the scanned documents; past what one statement takes, those of the whole store."""
    return ConflictFilter(documents=result.document_ids if len(result.document_ids) <= BLOCK else ())


def print_scan(session: Session, result: ScanResult, top: int) -> None:
    """Counts and the likeliest conflicts, to standard output."""
    console = Console()
    counts = result.counts
    console.print(
        f"{len(result.document_ids)} dokument, {counts.get('signals in store', 0)} signaler i databasen, "
        f"{counts.get('signals compared', 0)} nyjämförda, {counts.get('candidates', 0)} kandidatpar, "
        f"{len(result.skipped)} filer överhoppade, {result.timings['total']:.1f} s"
    )
    table = Table("Sannolikhet", "Typ", "A", "B", show_lines=True)
    for view in conflict_page(session, filter_of(result), limit=top):
        table.add_row(
            f"{view.assessment.probability:.2f}",
            TYPE_NAMES[view.assessment.type],
            f"{view.a.quote}\n[dim]{view.a.document.source}[/dim]",
            f"{view.b.quote}\n[dim]{view.b.document.source}[/dim]",
        )
    if table.row_count:
        console.print(table)
    else:
        console.print("Inga konflikter funna.")
