"""What an upload came to: its documents, what they collide with and how surely, and what they were compared to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from analyzer.store.convert import metadata_of
from analyzer.store.queries import OPEN, ConflictFilter, conflict_count, conflict_page, signals_of
from analyzer.store.schema import DocumentRow
from ui.filters import LEAST, Scope
from ui.language import Language
from ui.sides import row_title

DOCUMENT_COLUMNS = ("title", "issuer", "level", "date", "registration_number")
#: Collisions that are listed; the queue has the rest.
MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the page shows when an upload is taken in."""

    told: str
    skipped: list[list[str]]
    documents: list[list[str]]
    collisions: list[list[str]]
    scope: Scope


def tell_outcome(t: Language, session: Session, result: Mapping[str, Any]) -> Outcome:
    """The outcome in words and tables. `result` is the job's answer."""
    ids, skipped = result["documents"], result["skipped"]
    rows = [session.get_one(DocumentRow, document_id) for document_id in ids]
    counts = [len(signals_of(session, [row.id])) for row in rows]
    chosen = ConflictFilter(statuses=(OPEN,), documents=ids, least_probability=LEAST / 100)
    found = conflict_count(session, chosen) if ids else 0
    percent = t.percent(LEAST / 100)
    lines = [
        t(
            "upload.done",
            seconds=t.number(result["seconds"], 1),
            documents=t.number(len(ids)),
            skipped=t.number(len(skipped)),
        ),
        t("upload.flags", count=t.number(found), percent=percent) if found else t("upload.nothing", percent=percent),
        compared_line(t, result["counts"], sum(counts)),
    ]
    if found > MOST_LISTED:
        lines.append(t("upload.most", count=t.number(MOST_LISTED)))
    return Outcome(
        told="\n\n".join(lines),
        skipped=[list(item) for item in skipped],
        documents=[document_row(t, row, count) for row, count in zip(rows, counts, strict=True)],
        collisions=collision_rows(t, session, chosen) if found else [],
        scope=Scope(tuple(ids), label=", ".join(row_title(t, row) for row in rows)),
    )


def compared_line(t: Language, counts: Mapping[str, int], signals: int) -> str:
    """What was compared to what; nothing is compared twice."""
    if not counts.get("signals compared"):
        return t("upload.nothing_new", signals=t.number(signals))
    numbers = {
        "signals": signals,
        "fresh": counts["signals compared"],
        "stored": counts.get("signals in store", 0),
        "candidates": counts.get("candidates", 0),
    }
    return t("upload.compared", **{name: t.number(value) for name, value in numbers.items()})


def collision_rows(t: Language, session: Session, chosen: ConflictFilter) -> list[list[str]]:
    """The likeliest conflicts: the uploaded document, what it collides with, type, grade and chance."""
    ids: Sequence[int] = chosen.documents
    rows = []
    for view in conflict_page(session, chosen, limit=MOST_LISTED):
        own, other = (view.a, view.b) if view.a.document_id in ids else (view.b, view.a)
        rows.append(
            [
                row_title(t, own.document),
                row_title(t, other.document),
                t.name("types", view.assessment.type),
                t.name("grades", str(view.assessment.grade)),
                t.percent(view.assessment.probability),
            ]
        )
    return rows


def document_row(t: Language, row: DocumentRow, signals: int) -> list[str]:
    """What holds of one document, its signals and warnings."""
    metadata = metadata_of(row)
    facts = [getattr(metadata, column) or "" for column in DOCUMENT_COLUMNS]
    facts[0] = row_title(t, row)
    facts[2] = t.name("levels", metadata.level)
    return [*facts, str(signals), " ".join(row.warnings)]
