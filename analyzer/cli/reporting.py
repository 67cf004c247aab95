"""Commands that write reports: export, plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from analyzer.cli.terminal import Database, report_written

Least = Annotated[float, typer.Option("--least", min=0, max=1, help="Lägsta sannolikhet.")]
Types = Annotated[
    list[str] | None, typer.Option("--type", metavar="TYP", help="Bara den typen, t.ex. contradiction; kan upprepas.")
]
Words = Annotated[
    str, typer.Option("--document", metavar="ORD", help="Bara dokument med orden i titel, utgivare eller nummer.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Exempel:  styrsignal export protokoll.docx --status confirm --least 0.2")(export)
    app.command(epilog="Exempel:  styrsignal plan --format docx --out åtgärdsplan.docx")(plan)


def export(
    out: Annotated[
        Path, typer.Argument(metavar="FIL", help=".csv, .xlsx, .json, .docx, .pdf eller .html", show_default=False)
    ],
    db: Database = None,
    least: Least = 0.0,
    types: Types = None,
    statuses: Annotated[
        list[str] | None,
        typer.Option("--status", metavar="BESLUT", help="Bara med det beslutet, t.ex. open, confirm; kan upprepas."),
    ] = None,
    document: Words = "",
) -> None:
    """Skriv flaggade konflikter med beslut till en fil: kalkylark, JSON, eller ett protokoll att läsa."""
    from analyzer.accounts.audit import log_as_system_user
    from analyzer.reports.exports import export_conflicts
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    sessions = open_database(db or load_settings().database)
    with sessions() as session:
        chosen = choose(session, document, types=types, statuses=statuses, least_probability=least)
        rows = export_conflicts(session, chosen, out)
    log_as_system_user(sessions, "export", out.name, pairs=rows)
    report_written(rows, "konflikt skriven", "konflikter skrivna", out)


def plan(
    out: Annotated[Path, typer.Option("--out", metavar="FIL", help="Fil som planen skrivs till.", show_default=False)],
    db: Database = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="docx, xlsx, json, pdf eller html; annars filens ändelse.")
    ] = "",
    least: Least = 0.0,
    types: Types = None,
    document: Words = "",
) -> None:
    """Skriv en åtgärdsplan över de bekräftade konflikterna: vem som bör ändra vad, vem som beslutar, hur bråttom."""
    from analyzer.accounts.audit import log_as_system_user
    from analyzer.reports.plan_document import CONFIRMED, PLAN_FORMATS, write_plan
    from analyzer.reports.rendering import format_of, write_file
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    chosen_format = format_ or format_of(out, PLAN_FORMATS)
    sessions = open_database(db or load_settings().database)
    with sessions() as session:
        statuses = CONFIRMED.statuses
        chosen = choose(
            session, document, types=types, statuses=statuses, least_probability=least, duplicates=CONFIRMED.duplicates
        )
        content, items = write_plan(session, chosen_format, chosen)
    write_file(out, content)
    log_as_system_user(sessions, "export", out.name, items=items)
    report_written(items, "åtgärd skriven", "åtgärder skrivna", out)


def choose(session: Any, document: str, *, types: Any, statuses: Any, least_probability: float, **more: Any) -> Any:
    """The filter that the options name.

    Raises:
        UsageError: there is no such type or decision, or no such document.
    """
    from analyzer.errors import UsageError
    from analyzer.reports.names import STATUS_NAMES, TYPE_NAMES
    from analyzer.store.queries import ConflictFilter, find_documents

    for given, known in ((types or (), TYPE_NAMES), (statuses or (), STATUS_NAMES)):
        wrong = [name for name in given if name not in known]
        if wrong:
            raise UsageError(f"{wrong[0]!r} finns inte; välj bland {', '.join(known)}.")
    documents = tuple(find_documents(session, document)) if document.strip() else ()
    if document.strip() and not documents:
        raise UsageError(f"Inget gällande dokument har orden {document!r}; sök på titel, utgivare eller nummer.")
    return ConflictFilter(
        types=tuple(types or ()),
        statuses=tuple(statuses or ()),
        least_probability=least_probability,
        documents=documents,
        **{"duplicates": "duplicate" in (types or ()), **more},
    )
