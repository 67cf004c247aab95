"""Rows of tables: which cells set a goal, which tell what was reached, and the frames of both."""

from __future__ import annotations

import hashlib

import pytest

from analyzer.records import Document, Passage, Quantity
from analyzer.signals import load_reader
from analyzer.signals.lexicon import load_lexicon
from analyzer.signals.rows import find_goal, read_cells, reports_outcome

GOAL = "Mått: Besiktade kranar inom 30 dagar | Mål 2026: Minst 70 procent"


def read_rows(*rows: str) -> list[tuple[str, str]]:
    text = "\n".join(rows)
    digest, places, at = hashlib.sha256(text.encode()).hexdigest(), [], 0
    for ordinal, row in enumerate(rows):
        places.append(Passage(ordinal, "table_row", at, at + len(row), heading_path=("Plan",)))
        at += len(row) + 1
    signals = load_reader().read(Document("k", "k.docx", digest, text, tuple(places)))
    return [(signal.quote, signal.frame.modality) for signal in signals]


def test_a_goal_and_its_indicator_are_one_signal_without_what_was_reached() -> None:
    assert read_rows(f"{GOAL} | Utfall 2024: 61 procent") == [(GOAL, "goal")]


def test_a_participle_in_the_indicator_does_not_hide_the_goal() -> None:
    row = "Ärenden redovisade till hamnkontoret | Mål 2026: Högst 40"
    assert read_rows(row) == [(row, "goal")]


def test_an_outcome_alone_is_no_signal() -> None:
    row = "Mått: Besiktade kranar | Utfall 2024: Minst 61 procent"
    assert reports_outcome(row) and read_rows(row) == []


def test_a_value_is_the_goal_where_the_column_of_goals_only_names_it() -> None:
    row = "Mål i hamnen: Besiktade kranar | Värde 2028: minst 70 procent | Utfall 2026: 61 procent"
    told = row.rpartition(" | ")[0]
    assert read_rows(row) == [(told, "goal")]
    frame = load_reader().frame(told)
    assert (frame.object, frame.period) == ("Besiktade kranar", ("2028-01-01", "2028-12-31"))
    assert frame.quantity == (Quantity(70.0, "procent", "min", "minst 70 procent"),)
    assert read_rows("Mått: Kranar | Mål 2028: minst 9 | Värde 2026: 4") == [
        ("Mått: Kranar | Mål 2028: minst 9", "goal")
    ]


def test_frame_of_a_goal_row() -> None:
    frame = load_reader().frame(GOAL)
    assert (frame.modality, frame.object, frame.action) == ("goal", "Besiktade kranar inom 30 dagar", None)
    assert frame.quantity == (Quantity(70.0, "procent", "min", "Minst 70 procent"),)
    assert frame.period == ("2026-01-01", "2026-12-31")


def test_who_and_what_come_from_their_columns() -> None:
    rows = "Vem: Hamnchefen | Gör: Planerar veckan | När: Varje fredag"
    digest = hashlib.sha256(rows.encode()).hexdigest()
    passage = Passage(0, "table_row", 0, len(rows))
    [signal] = load_reader().read(Document("k", "k.docx", digest, rows, (passage,)))
    assert (signal.frame.addressee, signal.frame.action) == (("Hamnchefen",), "planera")
    assert signal.frame.recurrence == "veckovis"


def test_a_text_without_cells_is_no_row() -> None:
    assert find_goal("Mål 2026: Minst 70 procent") is None


@pytest.mark.parametrize("column", load_lexicon("tables")["columns"])
def test_every_heading_names_its_column(column: str) -> None:
    for heading in load_lexicon("tables")["columns"][column]:
        named = "outcome" if column == "value" else column
        assert [cell.column for cell in read_cells(f"{heading.capitalize()}: x | y")] == [named, None]
    for heading in load_lexicon("tables")["exceptions"].get(column, ()):
        assert read_cells(f"{heading.capitalize()}: x | y")[0].column is None
