"""Between the records that the stages know and the rows that the database keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Text, cast

from analyzer.records import Document, Frame, Metadata, Passage, Quantity, Side, Signal
from analyzer.store.schema import DocumentRow, SignalRow


def document_row(document: Document, *, version: int, reader: str) -> DocumentRow:
    """A new active row for `document`."""
    return DocumentRow(
        key=document.key,
        version=version,
        sha256=document.sha256,
        source=document.source,
        text=document.text,
        passages=[list(asdict(passage).values()) for passage in document.passages],
        warnings=list(document.warnings),
        guessed=asdict(document.metadata),
        corrected={},
        reader=reader,
        status="active",
    )


def metadata_of(row: DocumentRow) -> Metadata:
    """The metadata in force: what a person corrected, else what intake guessed."""
    return metadata_from({**row.guessed, **row.corrected})


#: What intake guessed of a document and a person corrected, as `read_metadata` takes them.
TOLD = (cast(DocumentRow.guessed, Text), cast(DocumentRow.corrected, Text))


@lru_cache(maxsize=20_000)
def read_metadata(guessed: str, corrected: str) -> Metadata:
    """The metadata in force, from the JSON in `TOLD`. Kept, since whoever scans or compares asks for all documents."""
    return metadata_from({**orjson.loads(guessed), **orjson.loads(corrected)})


def metadata_from(values: Mapping[str, Any]) -> Metadata:
    """Metadata from JSON, lists made tuples again; what else is kept beside it is left out."""
    own: dict[str, Any] = {key: value for key, value in values.items() if key in Metadata.__dataclass_fields__}
    tuples: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in own.items()}
    return Metadata(**tuples)


def document_of(row: DocumentRow) -> Document:
    """The record that was stored."""
    passages = tuple(
        Passage(**dict(zip(PASSAGE_FIELDS, values, strict=True)) | {"heading_path": tuple(values[6])})
        for values in row.passages
    )
    return Document(row.key, row.source, row.sha256, row.text, passages, metadata_of(row), tuple(row.warnings))


PASSAGE_FIELDS = tuple(field.name for field in fields(Passage))


def signal_values(document: Document, signal: Signal) -> dict[str, Any]:
    """Column values of a signal, for bulk inserts (`document_id` is added by the caller)."""
    return {
        "ordinal": signal.ordinal,
        "key": signal_key(document.key, signal.text),
        "quote": signal.quote,
        "start": signal.start,
        "end": signal.end,
        "lead_in": signal.lead_in,
        "lead_in_start": signal.lead_in_start,
        "lead_in_end": signal.lead_in_end,
        "passage": signal.passage,
        "page": signal.page,
        "heading": list(signal.heading),
        "frame": signal.frame.as_json(),
    }


def signal_key(document_key: str, text: str) -> str:
    """Hash of the document's name and the signal's words, the same in every version that keeps the words."""
    words = " ".join(text.casefold().split())
    return hashlib.sha256(f"{document_key}\0{words}".encode()).hexdigest()[:32]


def pair_key(a: str, b: str) -> str:
    """Hash of two signal keys in either order."""
    return hashlib.sha256("\0".join(sorted((a, b))).encode()).hexdigest()[:32]


def frame_from(values: Mapping[str, Any]) -> Frame:
    """A frame from the JSON that `Frame.as_json` gave."""
    tuples: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    return Frame(**tuples | {"quantity": tuple(Quantity(**quantity) for quantity in values["quantity"])})


def signal_of(row: SignalRow) -> Signal:
    """The record that was stored."""
    return Signal(
        ordinal=row.ordinal,
        quote=row.quote,
        start=row.start,
        end=row.end,
        frame=frame_from(row.frame),
        lead_in=row.lead_in,
        lead_in_start=row.lead_in_start,
        lead_in_end=row.lead_in_end,
        passage=row.passage,
        page=row.page,
        heading=tuple(row.heading),
    )


def side_of(signal: Signal, metadata: Metadata) -> Side:
    """What the judge may know of a signal in its document."""
    return Side(
        text=signal.text,
        frame=signal.frame,
        document=metadata.title,
        issuer=metadata.issuer,
        level=signal.frame.level or metadata.level,
        date=metadata.date,
        valid_from=metadata.valid_from,
        valid_to=metadata.valid_to,
        addressee=", ".join(signal.frame.addressee) or None,
        heading=signal.heading,
        replaces=metadata.replaces,
        registration_number=metadata.registration_number,
    )
