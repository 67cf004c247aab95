"""Conflicts and decisions as CSV, XLSX, JSON, or a protocol. Text that looks like a formula stays text in each."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from analyzer.reports.acts import NONE, Acts, acts_on
from analyzer.reports.conflict_rows import conflict_json
from analyzer.reports.names import COLUMN_NAMES, DISMISSAL_NAMES, KIND_NAMES, STATUS_NAMES, TYPE_NAMES
from analyzer.reports.protocol import write_protocol
from analyzer.reports.rendering import format_of, write_file
from analyzer.reports.sheets import write_csv, write_xlsx
from analyzer.store.queries import ConflictFilter, ConflictView, conflict_page

SIDE_COLUMNS = ("document", "file", "page", "heading", "quote", "evidence")
TABLES: dict[str, Callable[[Sequence[dict[str, Any]]], bytes]] = {
    "csv": write_csv,
    "xlsx": lambda rows: write_xlsx({"Konflikter": rows}),
}
PROTOCOLS = ("docx", "pdf", "html")
FORMATS = (*TABLES, "json", *PROTOCOLS)


def export_conflicts(session: Session, chosen: ConflictFilter, path: Path) -> int:
    """Write the conflicts under the filter to `path`, by its ending. Returns how many.

    Raises:
        UsageError: the ending is none of `FORMATS`, or the file cannot be written.
    """
    content, count = render_export(session, chosen, format_of(path, FORMATS))
    write_file(path, content)
    return count


def render_export(session: Session, chosen: ConflictFilter, format_: str) -> tuple[bytes, int]:
    """The conflicts under the filter in one of `FORMATS`, and how many they are.

    Raises:
        UsageError: there are more than the format can hold.
    """
    if format_ in PROTOCOLS:
        return write_protocol(session, chosen, format_)
    views = conflict_page(session, chosen, limit=10_000_000)
    acts = acts_on(session, views, chosen.unread_by)
    if format_ == "json":
        rows = [full_row(view, acts.get(view.pair.key, NONE)) for view in views]
        return write_json_rows(rows), len(rows)
    return TABLES[format_]([flat_row(view, acts.get(view.pair.key, NONE)) for view in views]), len(views)


def full_row(view: ConflictView, acts: Acts) -> dict[str, Any]:
    """One conflict with every act on it, for programs."""
    return conflict_json(view) | {"assigned": acts.assignee, "decisions": acts.as_json()}


def flat_row(view: ConflictView, acts: Acts) -> dict[str, Any]:
    """One conflict as one row under Swedish column names, with the decision that stands."""
    conflict = conflict_json(view)
    last = acts.last
    row = {
        "pair": conflict["pair"],
        "probability": conflict["probability"],
        "type": TYPE_NAMES[conflict["type"]],
        "grade": conflict["grade"],
        "status": STATUS_NAMES.get(conflict["status"], conflict["status"]),
        "decided_by": last and last.reviewer,
        "decided_at": last and last.created_at.isoformat(),
        "dismissal": last and last.reason and DISMISSAL_NAMES.get(last.reason, last.reason),
        "comment": last and last.comment,
        "kind": last and last.kind and KIND_NAMES.get(last.kind, last.kind),
        "batch": last and last.batch,
        "decisions": len(acts.rows),
        "assigned": acts.assignee,
        "reasons": " ".join(conflict["reasons"]),
        "prevails": conflict["prevails"] and conflict["prevails"]["reason"],
        "remedy": conflict["remedy"],
    }
    named = {COLUMN_NAMES[key]: value for key, value in row.items()}
    for side in ("a", "b"):
        values = conflict[side] | {"heading": " › ".join(conflict[side]["heading"])}
        named |= {f"{side.upper()} {COLUMN_NAMES[key]}": values[key] for key in SIDE_COLUMNS}
    return named


def write_json_rows(rows: Any) -> bytes:
    """Indented UTF-8 JSON."""
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
