"""A report in the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from analyzer.errors import UsageError
from analyzer.reports.layout import Report

#: Formats that people read, and what browsers are told of them.
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


def render_report(report: Report, format_: str) -> bytes:
    """The report as "docx", "pdf" or "html"."""
    return load_writer(format_)(report)


def load_writer(format_: str) -> Callable[[Report], bytes]:
    """The writer of a format; each needs a library that only it needs."""
    if format_ == "docx":
        from analyzer.reports.write_docx import write_docx

        return write_docx
    if format_ == "pdf":
        from analyzer.reports.write_pdf import write_pdf

        return write_pdf
    from analyzer.reports.write_html import write_html

    return write_html


def format_of(path: Path, formats: Sequence[str]) -> str:
    """The format that a file's ending names.

    Raises:
        UsageError: it names none of `formats`.
    """
    format_ = path.suffix.lower().removeprefix(".")
    if format_ not in formats:
        raise UsageError(f"{path}: ändelsen ska vara {', '.join(f'.{name}' for name in formats)}.")
    return format_


def write_file(path: Path, content: bytes) -> None:
    """Write a report where the user asked for it.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} går inte att skriva ({error.strerror}); ange en annan fil.") from error
