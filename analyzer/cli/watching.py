"""The command that keeps a folder and the store in step: watch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analyzer.cli.terminal import Database, Quiet


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Exempel:  styrsignal watch /srv/styrdokument --interval 60")(watch)


def watch(
    folder: Annotated[Path, typer.Argument(metavar="MAPP", help="Mappen med styrdokument.", show_default=False)],
    db: Database = None,
    interval: Annotated[
        float, typer.Option("--interval", min=0.1, metavar="SEKUNDER", help="Så ofta tittar den efter.")
    ] = 30,
    rest: Annotated[
        float, typer.Option("--rest", min=0, metavar="SEKUNDER", help="Så länge ska en fil ha legat orörd.")
    ] = 5,
    once: Annotated[bool, typer.Option("--once", help="Ta in det som ligger där och sluta.")] = False,
    quiet: Quiet = False,
) -> None:
    """Håll databasen i takt med en mapp: nya, ändrade och borttagna filer. Loggar JSON, en rad per händelse."""
    from analyzer.accounts.audit import log_as_system_user
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database
    from analyzer.watching.log import Log
    from analyzer.watching.loop import run_watch

    settings = load_settings()
    sessions = open_database(db or settings.database)
    log_as_system_user(sessions, "watch", folder.name)
    skipped = run_watch(folder, sessions, settings, Log(quiet=quiet), interval=interval, rest=rest, once=once)
    if skipped and once:
        raise typer.Exit(1)
