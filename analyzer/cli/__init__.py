"""The command line `styrsignal`. Stages are imported inside the commands, so that `--help` answers at once."""

from __future__ import annotations

import os
import sys

import typer

# Before any import. The users' networks are closed: libraries that would look for a hub or report home are told so.
# One thread for each process: the work comes in small pieces, and threads that wait for each other cost more than
# they give when several processes share the cores; it also keeps sums in one order.
for name, value in {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "TOKENIZERS_PARALLELISM": "false",
}.items():
    os.environ.setdefault(name, value)

from analyzer.cli import corpus, judging, keeping, people, reporting, searching, watching  # noqa: E402
from analyzer.errors import StyrsignalError  # noqa: E402

app = typer.Typer(
    name="styrsignal",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Hittar styrsignaler i styrdokument och flaggar de par som drar åt olika håll.",
    epilog="Avslutar med 0 (klart), 1 (klart, men filer hoppades över och är namngivna) eller 2 (fel i anropet eller "
    "inget läsbart). Exempel:  styrsignal scan corpus/examples --top 20",
)
for module in (corpus, reporting, judging, keeping, searching, people, watching):
    module.register(app)


def main() -> None:
    """Entry point: expected errors become one sentence on standard error and exit code 2."""
    try:
        app()
    except StyrsignalError as error:
        print(f"styrsignal: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("styrsignal: avbrutet; det som är sparat ligger kvar och nästa körning fortsätter där.", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
