"""Conflicts and decisions as CSV, XLSX or JSON. A cell that looks like a formula stays text in every one of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session

from analyzer.errors import UsageError
from analyzer.reports.conflict_rows import conflict_json
from analyzer.reports.names import COLUMN_NAMES, STATUS_NAMES, TYPE_NAMES
from analyzer.review.decisions import history
from analyzer.store.queries import ConflictFilter, ConflictView, conflict_page

SIDE_COLUMNS = ("document", "file", "page", "heading", "quote", "evidence")
#: A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_conflicts(session: Session, chosen: ConflictFilter, path: Path) -> int:
    """Write the conflicts under the filter to `path`, by its ending. Returns how many.

    Raises:
        UsageError: the ending is none of .csv, .xlsx, .json, or the file cannot be written.
    """
    writers: dict[str, Callable[[Path, Sequence[dict[str, Any]]], None]] = {
        ".csv": write_csv,
        ".xlsx": write_xlsx,
        ".json": write_rows,
    }
    if path.suffix.lower() not in writers:
        raise UsageError(f"{path}: ändelsen ska vara {', '.join(sorted(writers))}.")
    views = conflict_page(session, chosen, limit=10_000_000)
    if path.suffix.lower() == ".json":
        rows = [conflict_json(view) | {"decisions": decisions_json(session, view)} for view in views]
    else:
        rows = [flat_row(session, view) for view in views]
    try:
        writers[path.suffix.lower()](path, rows)
    except OSError as error:
        raise UsageError(f"{path} går inte att skriva ({error.strerror}); ange en annan fil.") from error
    except xlsxwriter.exceptions.FileCreateError as error:
        raise UsageError(f"{path} går inte att skriva ({error}); ange en annan fil.") from error
    return len(rows)


def decisions_json(session: Session, view: ConflictView) -> list[dict[str, Any]]:
    """Every decision on the pair, oldest first."""
    return [
        {
            "reviewer": row.reviewer,
            "decision": row.decision,
            "reason": row.reason,
            "comment": row.comment,
            "at": row.created_at.isoformat(),
        }
        for row in history(session, view.pair.id)
    ]


def flat_row(session: Session, view: ConflictView) -> dict[str, Any]:
    """One conflict as one row under Swedish column names."""
    conflict = conflict_json(view)
    last = (decisions_json(session, view) or [{}])[-1]
    row = {
        "pair": conflict["pair"],
        "probability": conflict["probability"],
        "type": TYPE_NAMES[conflict["type"]],
        "grade": conflict["grade"],
        "status": STATUS_NAMES[conflict["status"]],
        "decided_by": last.get("reviewer"),
        "decided_at": last.get("at"),
        "dismissal": last.get("reason"),
        "comment": last.get("comment"),
        "reasons": " ".join(conflict["reasons"]),
        "prevails": conflict["prevails"] and conflict["prevails"]["reason"],
        "remedy": conflict["remedy"],
    }
    named = {COLUMN_NAMES[key]: value for key, value in row.items()}
    for side in ("a", "b"):
        values = conflict[side] | {"heading": " › ".join(conflict[side]["heading"])}
        named |= {f"{side.upper()} {COLUMN_NAMES[key]}": values[key] for key in SIDE_COLUMNS}
    return named


def write_csv(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """CSV with byte order mark and semicolons, as Swedish spreadsheets expect; formulas defused with an apostrophe."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        if rows:
            writer = csv.DictWriter(stream, list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows({key: defuse(value) for key, value in row.items()} for row in rows)


def defuse(value: Any) -> Any:
    """Text that a spreadsheet would run is made text that it shows."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def write_xlsx(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """One sheet with a header row; strings stay strings."""
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Konflikter")
        sheet.freeze_panes(1, 0)
        if rows:
            sheet.write_row(0, 0, list(rows[0]), book.add_format({"bold": True}))
            sheet.autofilter(0, 0, len(rows), len(rows[0]) - 1)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, ["" if value is None else value for value in row.values()])


def write_rows(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Indented UTF-8 JSON."""
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
