"""How much one file may cost. Reading stops at the first limit it meets and says which."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Bounds for one file, or for one record of a JSON Lines file."""

    #: Address space of the reading process, bytes.
    memory_bytes: int = 1024 * MIB
    #: Wall time for one file, or between two records.
    seconds: float = 30.0
    #: Size of a file that is read whole (JSON Lines files are streamed and may be larger).
    file_bytes: int = 200 * MIB
    #: Characters of text that one document may hold.
    text_chars: int = 10_000_000
    #: One line of a JSON Lines file, bytes.
    record_bytes: int = 16 * MIB
    #: DOCX and ODT: entries, bytes when unpacked, and unpacked bytes for each packed one.
    zip_entries: int = 2_000
    unpacked_bytes: int = 200 * MIB
    zip_ratio: float = 100.0
    #: A gzipped JSON Lines file when unpacked, bytes.
    stream_bytes: int = 4096 * MIB
    #: PDF pages that are read; more makes the file too large.
    pdf_pages: int = 5_000

    def as_json(self) -> dict[str, float]:
        return asdict(self)
