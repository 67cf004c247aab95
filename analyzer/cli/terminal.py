"""What the commands share: options, progress on a terminal and none in a pipe, JSON answers, skipped files."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from analyzer.errors import UsageError
from analyzer.progress import Progress, Silent
from analyzer.records import Skipped

Database = Annotated[
    str | None, typer.Option("--db", metavar="URL", help="Databas: en SQLite-fil eller en SQLAlchemy-adress.")
]
JsonFile = Annotated[
    Path | None, typer.Option("--json", metavar="FIL", help="Skriv resultatet som JSON (- för standard ut).")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Skriv inget utom fel och det som efterfrågas som JSON.")]

#: Of the records of one file that could not be read, so many are named one by one.
RECORDS_TOLD = 5
STAGES = {
    "read": "Läser dokument",
    "embed": "Beräknar vektorer",
    "propose": "Söker kandidatpar",
    "prepare": "Läser signaler för bedömning",
    "judge": "Bedömer par",
    "explain": "Förklarar par",
    "store": "Sparar",
    "fetch": "Hämtar dokument",
}


class TerminalProgress:
    """One line a stage on standard error, with a bar where the number of steps is known."""

    def __init__(self, bars: Any) -> None:
        self.bars = bars
        self.task: Any = None

    def stage(self, name: str, total: int | None) -> None:
        """Finish the line of the stage before and begin a new one."""
        if self.task is not None:
            task = next(task for task in self.bars.tasks if task.id == self.task)
            self.bars.update(self.task, total=task.completed or 1, completed=task.completed or 1)
        self.task = self.bars.add_task(STAGES.get(name, name), total=total)

    def advance(self, steps: int = 1) -> None:
        """Move the present bar on."""
        self.bars.advance(self.task, steps)


def report_written(count: int, one: str, many: str, out: Path) -> None:
    """Say how many were written where; `one` is what is said of a single one ("konflikt skriven")."""
    typer.echo(f"{count} {one if count == 1 else many} till {out}")


@contextmanager
def shown_progress(quiet: bool) -> Iterator[Progress]:
    """Progress for a person at a terminal, silence for a pipe or with `--quiet`."""
    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        yield TerminalProgress(bars)


def write_json(path: Path, value: Any) -> None:
    """Write indented UTF-8 JSON to `path`, `-` meaning standard output.

    Raises:
        UsageError: the file cannot be written.
    """
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    if str(path) == "-":
        sys.stdout.write(text)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} går inte att skriva ({error.strerror}); ange en annan fil.") from error


def tell_skipped(skipped: Sequence[Skipped]) -> None:
    """Name every file that gave nothing, on standard error, one line each; of a file's records the first few."""
    told: Counter[str] = Counter()
    for item in skipped:
        file, _, record = item.source.partition("#")
        told[file] += bool(record)
        if told[file] <= RECORDS_TOLD:
            print(f"hoppar över {item.source}: {item.reason}", file=sys.stderr)
    for file, count in told.items():
        if count > RECORDS_TOLD:
            print(f"hoppar över ytterligare {count - RECORDS_TOLD} av posterna i {file}", file=sys.stderr)


def finish(skipped: Sequence[Skipped]) -> None:
    """Leave with 1 where something was skipped, else let the command end with 0."""
    tell_skipped(skipped)
    if skipped:
        raise typer.Exit(1)
