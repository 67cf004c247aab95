"""Commands on the judge: judge, evaluate, train."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from analyzer.cli.terminal import Database, JsonFile, Quiet, shown_progress, write_json

PairFile = Annotated[Path, typer.Argument(metavar="PAR.jsonl", help="Par, ett per rad.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Exempel:  styrsignal judge par.jsonl --out svar.jsonl")(judge)
    app.command(epilog="Exempel:  styrsignal evaluate par.jsonl --json mått.json --plots bilder")(evaluate)
    app.command(epilog="Exempel:  styrsignal calibrate --json svar.json")(calibrate)
    app.command(epilog="Exempel:  styrsignal train ../shared/data --name judge-2 --replace")(train)


def judge(
    pairs: PairFile,
    out: Annotated[Path | None, typer.Option("--out", metavar="FIL", help="Skriv svaren hit.")] = None,
    prior: Annotated[
        float, typer.Option(min=0.0001, max=0.9999, help="Andel konflikter att räkna med bland paren.")
    ] = 0.5,
    quiet: Quiet = False,
) -> None:
    """Bedöm par av signaler: sannolikhet, typ, grad, belägg och skäl, en JSON-rad per par. Läser aldrig facit."""
    from analyzer.errors import UsageError
    from analyzer.reports.judgement import judge_file

    with shown_progress(quiet) as progress:
        lines = judge_file(pairs, prior=prior, progress=progress)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out} går inte att skriva ({error.strerror}); ange en annan fil.") from error


def evaluate(
    pairs: Annotated[
        list[Path], typer.Argument(metavar="PAR.jsonl…", help="Märkta par, ett per rad.", show_default=False)
    ],
    json_file: JsonFile = None,
    plots: Annotated[
        Path | None,
        typer.Option("--plots", metavar="MAPP", help="Rita tillförlitlighet och ROC för varje fil som PNG här."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Mät bedömaren mot märkta par, med enklare metoder vid sidan om."""
    from rich.console import Console

    from analyzer.errors import UsageError
    from analyzer.evaluation import evaluate as run
    from analyzer.evaluation.table import make_table

    if plots:
        try:
            # Before the pairs are judged, which may take long.
            plots.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{plots} går inte att skapa ({error.strerror}); ange en annan mapp.") from error
    report = run(pairs, plots)
    if json_file:
        write_json(json_file, report)
    if not quiet and str(json_file) != "-":
        Console(width=None if sys.stdout.isatty() else 250).print(make_table(report))


def calibrate(db: Database = None, json_file: JsonFile = None) -> None:
    """Håll flaggornas chanser mot besluten, och säg vilken `candidate_prior` som besluten talar för."""
    from dataclasses import asdict

    from analyzer.review.calibration import calibration, prior_in_store
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    settings = load_settings()
    with open_database(db or settings.database)() as session:
        found, stored = calibration(session), prior_in_store(session, settings.candidate_prior)
    fitting = found.fitting(stored) if found.certain else None
    if json_file:
        bands = [asdict(band) for band in found.bands]
        write_json(json_file, {"all": asdict(found.whole), "bands": bands, "candidate_prior": fitting})
    if str(json_file) == "-":
        return
    for band in (*found.bands, found.whole):
        counted = f"{band.decided} {'beslutad' if band.decided == 1 else 'beslutade'}"
        expected = f"{band.expected:.1f}".replace(".", ",")
        told = f"{counted}, väntade konflikter {expected}, bekräftade {band.confirmed}"
        typer.echo(f"{band.low:4.0%}–{band.high:.0%}: {told}")
    prior = f"{stored:g}".replace(".", ",")
    if fitting is None:
        typer.echo(f"Besluten ger inte skäl att ändra candidate_prior ({prior}).")
        return
    typer.echo(
        f"Besluten talar för candidate_prior = {fitting:g} i stället för {stored:g}: skriv det i "
        "styrsignal.toml och kör scan igen. Chanserna flyttas, ordningen mellan flaggorna är kvar."
    )


def train(
    data: Annotated[Path, typer.Argument(metavar="MAPP", help="Mapp med träningsdata.", show_default=False)],
    name: Annotated[str, typer.Option("--name", metavar="NAMN", help="Den nya bedömarens mapp under models/.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Ta den i bruk, om den inte är sämre på paren som hölls undan.")
    ] = False,
) -> None:
    """Träna en ny bedömare på märkta par (omkring tio minuter) och mät den mot den nuvarande."""
    from analyzer.review.learning import train_judge

    found = train_judge(data, name, replace=replace)
    typer.echo(
        f"{found.pairs} par som ingen tränats på, yta under ROC: nuvarande {found.present:.3f}, ny {found.new:.3f}. "
        + ("Den nya är i bruk." if found.replaced else "Den nuvarande är kvar i bruk.")
    )
