"""The figures of `evaluate` as a table that a person can read."""

from __future__ import annotations

from typing import Any

from rich.table import Table

COLUMNS = (
    ("par", "pairs"),
    ("konflikter", "conflicts"),
    ("ROC", "roc_area"),
    ("AP", "average_precision"),
    ("träff", "accuracy"),
    ("F1", "f1"),
    ("flaggade", "flagged"),
    ("familj", "family_order"),
    ("typ F1", "type_macro_f1"),
    ("belägg F1", "evidence_f1"),
    ("Brier", "brier"),
    ("ECE", "calibration_error"),
    ("kandidat", "candidate_recall"),
)
BASELINES = (("cosinus ROC", "cosine_roc_area"), ("tf-idf ROC", "tfidf_roc_area"), ("majoritet", "majority_accuracy"))


def make_table(result: dict[str, Any]) -> Table:
    """One row a file and source; the baselines stand in the last columns."""
    table = Table("fil", "källa", *(title for title, _ in (*COLUMNS, *BASELINES)))
    for name, groups in result.items():
        for source, figures in groups.items():
            cells = [_cell(figures, key) for _, key in COLUMNS]
            table.add_row(name, source, *cells, *(_cell(figures["baselines"], key) for _, key in BASELINES))
    return table


def _cell(figures: dict[str, Any], key: str) -> str:
    value = figures[key]
    if value is None:
        return "–"
    text = str(value) if isinstance(value, int) else f"{value:.3f}"
    bounds = figures.get("intervals", {}).get(key)
    return f"{text} ({bounds[0]:.2f}–{bounds[1]:.2f})" if bounds else text
