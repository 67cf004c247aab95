"""Documents that others replace are in force until the day before, and no longer.

The day goes where intake's guess of a last day stands, so that whoever shows or compares a document sees it; what
intake had guessed is kept beside it, for when the other document is withdrawn. A person's word goes before both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from analyzer.intake.dates import first_day, last_day
from analyzer.matching.replacing import Documents
from analyzer.records import Frame, Metadata, Side
from analyzer.store.convert import TOLD, metadata_of, read_metadata
from analyzer.store.schema import DocumentRow, SignalRow

#: Where intake's own guess is kept.
STATED = "stated_valid_to"


def end_replaced(session: Session) -> int:
    """Let every active document end where another takes its place, and give back what no other replaces any more.
    The signals of those that change are compared anew by the next comparison. Returns how many changed."""
    rows = session.execute(select(DocumentRow.id, *TOLD).where(DocumentRow.status == "active")).all()
    ends = find_ends([read_metadata(*told) for _, *told in rows])
    changed = 0
    for at, (document, known, _) in enumerate(rows):
        if at not in ends and STATED not in known:
            continue
        guessed: dict[str, Any] = orjson.loads(known)
        stated = guessed.get(STATED, guessed.get("valid_to"))
        end = min(filter(None, (stated, ends.get(at))), key=last_day, default=None)
        if end == guessed.get("valid_to"):
            continue
        guessed |= {"valid_to": end, STATED: stated}
        if at not in ends:
            del guessed[STATED]
        session.execute(update(DocumentRow).where(DocumentRow.id == document).values(guessed=guessed))
        session.execute(update(SignalRow).where(SignalRow.document_id == document).values(compared=None))
        changed += 1
    return changed


def find_ends(documents: Sequence[Metadata]) -> dict[int, str]:
    """The last day, ISO, of each document that others replace, by position; where nobody says from when, none."""
    known = Documents([name_document(metadata) for metadata in documents])
    ends: dict[int, str] = {}
    for own, metadata in zip(known.sides, documents, strict=True):
        begin = metadata.valid_from or metadata.date
        for name in metadata.replaces if begin else ():
            for at in known.named(name, own):
                end = (date.fromisoformat(first_day(begin or "")) - timedelta(days=1)).isoformat()
                if (documents[at].date or "") <= end:
                    ends[at] = min(end, ends.get(at, end))
    return ends


def replaced_others(session: Session, withdrawn: Sequence[str]) -> bool:
    """Whether any of the withdrawn documents, by key, says that it replaces another."""
    rows = session.scalars(select(DocumentRow).where(DocumentRow.key.in_(withdrawn), DocumentRow.status == "withdrawn"))
    return any(metadata_of(row).replaces for row in rows)


def name_document(metadata: Metadata) -> Side:
    """A side that says nothing but what its document is called and replaces."""
    return Side(
        "",
        Frame(),
        document=metadata.title,
        issuer=metadata.issuer,
        date=metadata.date,
        registration_number=metadata.registration_number,
        replaces=metadata.replaces,
    )
