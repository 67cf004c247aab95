"""What `styrsignal extract` answers: the signals of one file, as JSON or as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from analyzer.errors import NothingReadable
from analyzer.intake import list_files, read_files
from analyzer.reading import nothing_readable, read_limits
from analyzer.records import Document, Skipped
from analyzer.reports.conflict_rows import signal_json
from analyzer.settings import Settings
from analyzer.signals import load_reader


def extract_json(path: Path, settings: Settings) -> tuple[list[dict[str, Any]], list[Skipped]]:
    """The signals of a file (of each of its documents, where it holds many) and what could not be read of it.

    Raises:
        NothingReadable: the file gives no document.
    """
    files, skipped = list_files([path])
    reader = load_reader()
    signals: list[dict[str, Any]] = []
    documents = 0
    for item in read_files(files, limits=read_limits(settings), workers=1):
        if isinstance(item, Document):
            documents += 1
            signals += [{**signal_json(signal), "file": item.source} for signal in reader.read(item)]
        else:
            skipped.append(item)
    if not documents:
        raise NothingReadable(nothing_readable([path], skipped))
    return signals, skipped


def print_signals(signals: list[dict[str, Any]]) -> None:
    """A row a signal, to standard output."""
    table = Table("Mottagare", "Modalitet", "Handling", "Föremål", "Mått", "Tid", "Prioritet", "Citat", show_lines=True)
    for signal in signals:
        when = signal["deadline"] or "–".join(part or "" for part in signal["period"] or [])
        table.add_row(
            ", ".join(signal["addressee"]),
            signal["modality"],
            signal["action"],
            signal["object"],
            "; ".join(quantity["text"] for quantity in signal["quantity"]),
            when,
            signal["priority"] if signal["priority"] != "none" else "",
            signal["quote"] if not signal["lead_in"] else f"[dim]{signal['lead_in']}[/dim] {signal['quote']}",
        )
    Console().print(table)
