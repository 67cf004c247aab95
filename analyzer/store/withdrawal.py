"""Documents whose files are gone: they leave the comparison, and stay in the history with what was decided on them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from analyzer.store.schema import DocumentRow, FileRow, SourceRow

BLOCK = 5000


def gone_files(session: Session, folder: str, present: Collection[str]) -> list[str]:
    """Files below the folder that were read once and are not there any more, by the names they were stored under.

    What merely cannot be looked at (rights, a server that does not answer) is not gone.
    """
    below = FileRow.path.startswith(folder.rstrip("/") + "/", autoescape=True)
    known = session.scalars(select(FileRow.path).where(below).order_by(FileRow.path)).all()
    return [path for path in known if path not in present and is_gone(Path(path))]


def is_gone(path: Path) -> bool:
    """Whether the file system says for certain that nothing is there."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def gone_records(session: Session, file: str, present: Collection[str]) -> list[str]:
    """Records that a file held once and no longer does, now that it has been read anew and gave all of `present`."""
    return [source for source in sources_in(session, file) if source != file and source not in present]


def sources_in(session: Session, file: str) -> Sequence[str]:
    """The sources of a file: itself, and its records `file#id`. Another file may have such a name as well."""
    record = SourceRow.source.startswith(f"{file}#", autoescape=True) & SourceRow.source.not_in(select(FileRow.path))
    own = (SourceRow.source == file) | record
    return session.scalars(select(SourceRow.source).where(own).order_by(SourceRow.source)).all()


def withdraw_files(session: Session, files: Iterable[str]) -> list[str]:
    """Forget the files, and withdraw the documents that no other file holds. Returns the withdrawn documents' keys."""
    sources: list[str] = []
    for file in files:
        sources += sources_in(session, file)
        session.execute(delete(FileRow).where(FileRow.path == file))
    return withdraw_sources(session, sources)


def withdraw_sources(session: Session, sources: Sequence[str]) -> list[str]:
    """Forget where contents were seen, and withdraw the active documents that are seen nowhere else. Returns keys."""
    held: set[int] = set()
    for at in range(0, len(sources), BLOCK):
        own = SourceRow.source.in_(sources[at : at + BLOCK])
        held.update(session.scalars(select(SourceRow.document_id).where(own)))
        session.execute(delete(SourceRow).where(own))
    keys: list[str] = []
    ids = sorted(held)
    for at in range(0, len(ids), BLOCK):
        block = ids[at : at + BLOCK]
        still = set(session.scalars(select(SourceRow.document_id).where(SourceRow.document_id.in_(block))))
        unheld = [document_id for document_id in block if document_id not in still]
        active = (DocumentRow.id.in_(unheld), DocumentRow.status == "active")
        keys += session.scalars(select(DocumentRow.key).where(*active).order_by(DocumentRow.id))
        session.execute(update(DocumentRow).where(*active).values(status="withdrawn"))
    return keys
