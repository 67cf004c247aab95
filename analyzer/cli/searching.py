"""Commands that look things up: search."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analyzer.cli.terminal import Database, JsonFile, write_json

if TYPE_CHECKING:
    from analyzer.store.schema import SignalRow


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    # A word to leave out begins as an option does.
    plain_words = {"ignore_unknown_options": True}
    app.command(
        epilog='Exempel:  styrsignal search övertid "i första hand" -sommar "polisområ*" --most 20',
        context_settings=plain_words,
    )(search)


def search(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="ORD",
            help='Ord i alla böjningar, "fras som den står", början*, och -utan ett ord.',
            show_default=False,
        ),
    ],
    db: Database = None,
    unit: Annotated[list[str] | None, typer.Option("--unit", help="Bara riktat till enheten eller under den.")] = None,
    most: Annotated[int, typer.Option("--most", min=1, max=1000, help="Högst så många träffar.")] = 50,
    json_file: JsonFile = None,
) -> None:
    """Sök bland styrsignalerna i gällande dokument."""
    from analyzer.settings import load_settings
    from analyzer.signals.organisation import canonical
    from analyzer.store.database import open_database
    from analyzer.store.search import SearchFilter, search

    # The shell has taken the quotation marks off a phrase among other words.
    asked = " ".join(f'"{word}"' if len(words) > 1 and " " in word and '"' not in word else word for word in words)
    chosen = SearchFilter(units=[canonical(name) for name in unit or ()])
    with open_database(db or load_settings().database)() as session:
        page = search(session, asked, chosen, limit=most)
        hits = [hit_values(row) for row in page.signals]
    if json_file is not None:
        write_json(json_file, {"asked": asked, "total": page.total, "signals": hits})
    if json_file is None or str(json_file) != "-":
        for hit in hits:
            typer.echo(f"{hit['document']}{place(hit)}: {hit['text']}")
        typer.echo(f"träffar: {page.total}" + (f", visade: {len(hits)}" if len(hits) < page.total else ""))


def hit_values(row: SignalRow) -> dict[str, Any]:
    """A found signal as JSON tells it."""
    from analyzer.store.convert import metadata_of, signal_of

    return {
        "file": row.document.source,
        "document": metadata_of(row.document).title or Path(row.document.source).name,
        "page": row.page,
        "heading": list(row.heading),
        "lead_in": row.lead_in,
        "quote": row.quote,
        "text": " ".join(signal_of(row).text.split()),
        "start": row.start,
        "end": row.end,
        "addressee": row.frame["addressee"],
        "modality": row.frame["modality"],
    }


def place(hit: dict[str, Any]) -> str:
    """Where in the document, as far as it is known."""
    return f", sida {hit['page']}" if hit["page"] is not None else ""
