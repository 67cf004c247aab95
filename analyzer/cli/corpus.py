"""Commands on documents: scan, check, extract, serve."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analyzer.cli.terminal import Database, JsonFile, Quiet, finish, shown_progress, write_json

Top = Annotated[int, typer.Option("--top", min=0, metavar="N", help="Så många par, troligast först, i svaret.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Exempel:  styrsignal scan styrdokument/ nytt-beslut.pdf --json resultat.json")(scan)
    app.command(epilog="Exempel:  styrsignal check utkast.docx --top 10 --report prövning.docx")(check)
    app.command(epilog="Exempel:  styrsignal extract regleringsbrev.pdf --json signaler.json")(extract)
    app.command(epilog="Exempel:  styrsignal serve --port 7860")(serve)


def scan(
    paths: Annotated[list[Path], typer.Argument(metavar="SÖKVÄG…", help="Filer och mappar.", show_default=False)],
    db: Database = None,
    json_file: JsonFile = None,
    top: Top = 1000,
    engine: Annotated[
        str, typer.Option("--engine", metavar="MOTOR", help="local: den här maskinen; ray: ett Ray-kluster.")
    ] = "local",
    quiet: Quiet = False,
) -> None:
    """Läs filer och mappar, hitta styrsignaler, jämför dem med allt i databasen och spara."""
    from analyzer.accounts.audit import log_as_system_user
    from analyzer.reports.scan_report import print_scan, scan_json
    from analyzer.scan import scan as run
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    settings = load_settings()
    sessions = open_database(db or settings.database)
    with shown_progress(quiet) as progress:
        result = run(paths, sessions, settings, progress, engine=engine)
    log_as_system_user(sessions, "scan", ", ".join(path.name for path in paths), skipped=len(result.skipped))
    with sessions() as session:
        if json_file:
            write_json(json_file, scan_json(session, result, top))
        if not quiet and str(json_file) != "-":
            print_scan(session, result, min(top, 10))
    finish(result.skipped)


def check(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="Ett utkast.", show_default=False)],
    db: Database = None,
    json_file: JsonFile = None,
    top: Top = 1000,
    report_file: Annotated[
        Path | None, typer.Option("--report", metavar="FIL", help="Skriv en rapport: .docx, .pdf eller .html.")
    ] = None,
    least: Annotated[float, typer.Option("--least", min=0, max=1, help="Lägsta sannolikhet i rapporten.")] = 0.1,
    store: Annotated[bool, typer.Option("--store", help="Spara utkastet som ett gällande dokument.")] = False,
    quiet: Quiet = False,
) -> None:
    """Pröva ett utkast mot de dokument som finns i databasen, utan att spara det."""
    from analyzer.accounts.audit import log_as_system_user
    from analyzer.reports.draft_document import DRAFT_FORMATS, summarise_draft, write_draft_report
    from analyzer.reports.draft_report import draft_json, print_draft
    from analyzer.reports.rendering import format_of, write_file
    from analyzer.scan import check_draft
    from analyzer.scan import scan as run
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    # Before the work, which may take long.
    report_format = format_of(report_file, DRAFT_FORMATS) if report_file else ""
    settings = load_settings()
    sessions = open_database(db or settings.database)
    with shown_progress(quiet) as progress:
        draft = check_draft(file, sessions, settings, progress)
        if store:
            run([file], sessions, settings, progress)
            log_as_system_user(sessions, "scan", file.name)
    with sessions() as session:
        report = draft_json(session, draft, top)
        if report_file:
            write_file(report_file, write_draft_report(summarise_draft(session, draft), report_format, least))
    if json_file:
        write_json(json_file, report)
    if not quiet and str(json_file) != "-":
        print_draft(report, min(top, 10))


def extract(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="En fil.", show_default=False)],
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Visa styrsignalerna i en fil: vem, vad, hur mycket, till när. Sparar inget."""
    from analyzer.reports.signal_report import extract_json, print_signals
    from analyzer.settings import load_settings

    signals, skipped = extract_json(file, load_settings())
    if json_file:
        write_json(json_file, signals)
    if not quiet and str(json_file) != "-":
        print_signals(signals)
    finish(skipped)


def serve(
    host: Annotated[str, typer.Option(help="Adress att lyssna på.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port att lyssna på.")] = 7860,
    db: Database = None,
    allow: Annotated[
        list[str] | None, typer.Option("--allow", metavar="NAMN", help="Värdnamn som webbläsare får använda.")
    ] = None,
) -> None:
    """Starta gränssnittet för uppladdning och granskning."""
    from analyzer.accounts.exposure import advise, check_exposure
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    settings = load_settings()
    if db:
        settings = settings.model_copy(update={"database": db})
    check_exposure(settings, host, allow or ())
    sessions = open_database(settings.database)
    advise(sessions, settings, host)

    from ui.server import open_port, run_server

    opened = open_port(host, port)

    from ui.app import create_app
    from ui.security import LOOPBACK

    application = create_app(sessions, settings, hosts=(*LOOPBACK, host, *(allow or ())))
    typer.echo(f"styrsignal svarar på http://{host}:{port} (avsluta med Ctrl+C)")
    run_server(application, opened)
