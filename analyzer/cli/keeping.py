"""Commands that keep things: backup, load, fetch, doctor."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from analyzer.cli.terminal import Database, Quiet, finish, report_written, shown_progress


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Exempel:  styrsignal backup styrsignal-2026-11-28.jsonl.gz")(backup)
    app.command(epilog="Exempel:  styrsignal load styrsignal-2026-11-28.jsonl.gz --db ny.db")(load)
    app.command(epilog="Exempel:  styrsignal fetch regeringsuppdrag --since 2026-01 --out uppdrag.jsonl.gz")(fetch)
    app.command(epilog="Exempel:  styrsignal doctor")(doctor)


def backup(
    out: Annotated[Path, typer.Argument(metavar="FIL.jsonl.gz", help="Ny fil.", show_default=False)],
    db: Database = None,
) -> None:
    """Spara allt i databasen, beslut och historik också, i en fil som `load` läser."""
    from analyzer.accounts.audit import log_as_system_user
    from analyzer.settings import load_settings
    from analyzer.store.backup import write_backup
    from analyzer.store.database import open_database

    sessions = open_database(db or load_settings().database)
    rows = write_backup(sessions, out)
    log_as_system_user(sessions, "backup", out.name, rows=rows)
    typer.echo(f"{rows} rader sparade i {out}")


def load(
    file: Annotated[Path, typer.Argument(metavar="FIL.jsonl.gz", help="En säkerhetskopia.", show_default=False)],
    db: Database = None,
) -> None:
    """Läs in en säkerhetskopia i en tom databas, av samma eller annat slag."""
    from analyzer.accounts.audit import log_as_system_user
    from analyzer.settings import load_settings
    from analyzer.store.backup import read_backup
    from analyzer.store.database import open_database

    sessions = open_database(db or load_settings().database)
    rows = read_backup(sessions, file)
    log_as_system_user(sessions, "load", file.name, rows=rows)
    typer.echo(f"{rows} rader inlästa ur {file}")


def fetch(
    kind: Annotated[str, typer.Argument(metavar="SLAG", help="Dokumentslag, t.ex. regeringsuppdrag.")],
    out: Annotated[Path, typer.Option("--out", metavar="FIL.jsonl.gz", help="Fil som `scan` läser.")],
    since: Annotated[str, typer.Option(metavar="ÅÅÅÅ-MM", help="Bara det som publicerats från och med.")] = "",
    base: Annotated[
        str, typer.Option(metavar="ADRESS", help="Tjänsten som dokumenten hämtas från.")
    ] = "https://g0v.se",
    most: Annotated[int, typer.Option(min=1, help="Högst så många dokument.")] = 10_000,
    quiet: Quiet = False,
) -> None:
    """Hämta regeringens dokument genom g0v.se till en fil. Det enda kommandot som använder nätet."""
    from analyzer.intake.fetching import fetch_documents

    with shown_progress(quiet) as progress:
        count, skipped = fetch_documents(base, kind, out, since=since, most=most, progress=progress)
    report_written(count, "dokument skrivet", "dokument skrivna", out)
    finish(skipped)


def doctor(db: Database = None) -> None:
    """Kontrollera installationen: modeller, databas, sökregister (görs om där det är fel), plats på disken."""
    from analyzer.doctor import examine
    from analyzer.settings import load_settings

    findings = examine(db or load_settings().database)
    for finding in findings:
        print(f"{'ok ' if finding.good else 'FEL'}  {finding.name}: {finding.text}")
    if not all(finding.good for finding in findings):
        print("styrsignal: något behöver åtgärdas, se raderna med FEL.", file=sys.stderr)
        raise typer.Exit(2)
