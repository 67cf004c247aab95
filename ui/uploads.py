"""What happens to uploaded files in a job's own process: they are looked at, then, when people agree, taken in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from analyzer.progress import Progress
from analyzer.records import Document, Metadata, Skipped
from analyzer.settings import Settings
from analyzer.store.convert import metadata_of
from analyzer.store.schema import DocumentRow

#: The store has no such name; it has it with this content; it has it with another content.
Known = Literal["new", "same", "other"]
#: Documents of one upload that are shown one by one.
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Looked:
    """One document of an upload before it is taken in. `file` is the file that holds it."""

    key: str
    file: str
    metadata: Metadata
    passages: int
    warnings: tuple[str, ...]
    known: Known = "new"
    #: The document in force under that name, or with that content under another name.
    earlier: str = ""
    earlier_version: int = 0


@dataclass(frozen=True, slots=True)
class LookAnswer:
    """What an upload holds."""

    documents: tuple[Looked, ...]
    skipped: tuple[tuple[str, str], ...]
    #: Documents beyond `MOST_SHOWN`.
    more: int = 0
    #: Files of which some document has the name of a stored one with another content.
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeOrder:
    """How to take an upload in: corrections by key, and the files that are documents of their own under new names."""

    corrections: dict[str, dict[str, Any]] = field(default_factory=dict)
    own: tuple[str, ...] = ()


def look_at(files: list[Path], sessions: sessionmaker[Session], settings: Settings, progress: Progress) -> LookAnswer:
    """Read the files and tell what they are and whether the store knows them. Stores nothing."""
    from analyzer.intake import list_files, read_files
    from analyzer.reading import read_limits

    listed, skipped = list_files(files)
    progress.stage("look", len(listed))
    looked: list[Looked] = []
    asked: dict[str, None] = {}
    total = 0
    with sessions() as session:
        for item in read_files(listed, limits=read_limits(settings), workers=settings.workers):
            progress.advance()
            if isinstance(item, Skipped):
                skipped.append(item)
                continue
            total += 1
            one = compare_names(session, item)
            if one.known == "other":
                asked[one.file] = None
            if len(looked) < MOST_SHOWN:
                looked.append(one)
    told = tuple((item.source, item.reason) for item in skipped)
    return LookAnswer(tuple(looked), told, total - len(looked), tuple(asked))


def compare_names(session: Session, document: Document) -> Looked:
    """What the store has under the document's name, and where else it has the same content."""
    file = file_of(document.key)
    passages = sum(passage.kind != "heading" for passage in document.passages)
    looked = Looked(document.key, file, document.metadata, passages, document.warnings)
    active = select(DocumentRow).where(DocumentRow.status == "active")
    same = session.scalars(active.where(DocumentRow.sha256 == document.sha256).order_by(DocumentRow.id)).first()
    named = session.scalars(active.where(DocumentRow.key == document.key)).first()
    row, known = (same, "same") if same else (named, "other")
    if row is None:
        return looked
    title = metadata_of(row).title or row.source
    return Looked(
        document.key, file, document.metadata, passages, document.warnings, known, title, row.version  # type: ignore[arg-type]
    )  # fmt: skip


def file_of(key: str) -> str:
    """The file that a document's key names: records of one file have keys of their own."""
    for suffix in (".jsonl#", ".jsonl.gz#"):
        if suffix in key:
            return key.split(suffix, 1)[0] + suffix[:-1]
    return key


def take_in_files(
    files: list[Path], sessions: sessionmaker[Session], settings: Settings, progress: Progress, order: TakeOrder
) -> dict[str, Any]:
    """Take the files into the store as ordered: ids of their documents, and what could not be read."""
    from analyzer.scan import scan

    with sessions() as session:
        renamed = {str(file): free_name(session, files, file) for file in files if str(file) in order.own}
    corrections = dict(order.corrections)
    for old, new in renamed.items():
        Path(old).rename(new)
        for key in [key for key in corrections if file_of(key) == old]:
            corrections[new + key.removeprefix(old)] = corrections.pop(key)
    paths = sorted(Path(renamed.get(str(file), str(file))) for file in files)
    result = scan(paths, sessions, settings, progress, corrections)
    return {
        "documents": result.document_ids,
        "skipped": [(item.source, item.reason) for item in result.skipped],
        "counts": result.counts,
        "seconds": result.timings.get("total", 0.0),
    }


def free_name(session: Session, files: list[Path], file: Path) -> str:
    """A name that neither the store nor the upload has: "plan (2).pdf"."""
    suffixes = "".join(file.suffixes[-2:]) if file.name.endswith(".jsonl.gz") else file.suffix
    stem = file.name.removesuffix(suffixes)
    number = 2
    while True:
        name = f"{stem} ({number}){suffixes}"
        taken = (DocumentRow.key == name) | DocumentRow.key.startswith(f"{name}#", autoescape=True)
        if Path(name) not in files and session.scalars(select(DocumentRow.id).where(taken)).first() is None:
            return name
        number += 1
