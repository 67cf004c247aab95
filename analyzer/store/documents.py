"""Taking documents with their signals into the store: new, known, the same content again, or a new version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from analyzer.records import Document, Metadata, Signal
from analyzer.store.convert import document_row, metadata_from, signal_values
from analyzer.store.schema import DocumentRow, FileRow, SignalRow, SourceRow
from analyzer.store.search_index import index_document

#: Metadata that people have put right, by the key of the document.
Corrections = Mapping[str, Mapping[str, Any]]
NO_CORRECTIONS: Corrections = {}
Outcome = Literal["new", "known", "same content", "new version"]


def file_digest(path: Path) -> str:
    """sha256 of the file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def known_file(session: Session, path: str, digest: str, reader: str) -> FileRow | None:
    """The row of a file that was read to its end with these bytes by this reader, else None."""
    row = session.get(FileRow, path)
    return row if row is not None and row.sha256 == digest and row.reader == reader else None


def find_document(session: Session, document: Document, reader: str) -> DocumentRow | None:
    """The active row with this very content read by this reader, under this name first, else under any name."""
    rows = session.scalars(
        select(DocumentRow).where(
            DocumentRow.sha256 == document.sha256, DocumentRow.status == "active", DocumentRow.reader == reader
        )
    ).all()
    return next((row for row in rows if row.key == document.key), rows[0] if rows else None)


def store_document(
    session: Session, document: Document, signals: Sequence[Signal], reader: str
) -> tuple[DocumentRow, Outcome]:
    """Keep a document that `find_document` did not know. An active document of the same name becomes history."""
    earlier = session.execute(
        select(func.max(DocumentRow.version)).where(DocumentRow.key == document.key)
    ).scalar_one_or_none()
    if earlier:
        session.execute(
            update(DocumentRow)
            .where(DocumentRow.key == document.key, DocumentRow.status == "active")
            .values(status="replaced")
        )
    row = document_row(document, version=(earlier or 0) + 1, reader=reader)
    session.add(row)
    session.flush()
    if signals:
        values = [signal_values(document, signal) | {"document_id": row.id} for signal in signals]
        session.execute(insert(SignalRow), values)
        index_document(session, row.id)
    return row, "new version" if earlier else "new"


def note_source(session: Session, source: str, key: str, document_id: int) -> None:
    """Remember that `source` holds this document's content."""
    session.merge(SourceRow(source=source, key=key, document_id=document_id))


def note_file(session: Session, path: str, digest: str, reader: str, skipped: Sequence[Sequence[str]]) -> None:
    """Remember that a file was read to its end, and what it could not give."""
    session.merge(FileRow(path=path, sha256=digest, reader=reader, skipped=[list(item) for item in skipped]))


def correct_document(document: Document, corrections: Corrections) -> Document:
    """The document with what people know better of it."""
    changes = corrections.get(document.key)
    if not changes:
        return document
    return replace(document, metadata=metadata_from({**asdict(document.metadata), **changes}))


def correct_documents(session: Session, document_ids: Sequence[int], corrections: Corrections) -> None:
    """Put people's words in place of guesses, where they are not there already."""
    if not corrections:
        return
    for document_id in document_ids:
        row = session.get_one(DocumentRow, document_id)
        present = {**row.guessed, **row.corrected}
        wanted = corrections.get(row.key, {})
        changes = {name: value for name, value in wanted.items() if present.get(name) != value}
        if changes:
            correct_metadata(session, document_id, changes)


def correct_metadata(session: Session, document_id: int, changes: dict[str, Any]) -> None:
    """Put a person's word in place of intake's guesses; its signals are compared anew by the next scan.

    Raises:
        KeyError: a key is no field of `Metadata`, or there is no such document.
    """
    row = session.get(DocumentRow, document_id)
    if row is None:
        raise KeyError(f"document {document_id}")
    unknown = set(changes) - set(Metadata.__dataclass_fields__)
    if unknown:
        raise KeyError(f"no such metadata: {sorted(unknown)}")
    row.corrected = {**row.corrected, **changes}
    session.execute(update(SignalRow).where(SignalRow.document_id == document_id).values(compared=None))
