"""Signals as rows of a table: the quote, and the slots of its frame in words."""

from __future__ import annotations

from functools import cache

from analyzer.records import Frame, Quantity, Signal
from analyzer.signals.lexicon import load_lexicon
from ui.language import Language
from ui.sides import place_of

#: Slots in the order of the guidelines, with widths in pixels: an empty column must still hold its heading.
COLUMNS = {
    "number": 60,
    "quote": 380,
    "place": 120,
    "addressee": 150,
    "modality": 130,
    "action": 110,
    "direction": 90,
    "object": 180,
    "quantity": 140,
    "deadline": 110,
    "period": 130,
    "priority": 110,
    "resource": 110,
    "condition": 160,
}


def frame_headers(t: Language) -> list[str]:
    """The names of the columns."""
    return [t(f"signal.{column}") for column in COLUMNS]


def frame_row(t: Language, signal: Signal, paragraph: int) -> list[str]:
    """One signal, one cell a column; empty where a slot is empty."""
    frame = signal.frame
    return [
        str(signal.ordinal + 1),
        signal.text,
        place_of(t, signal.page, paragraph),
        ", ".join(frame.addressee),
        t.name("modalities", frame.modality),
        frame.action or "",
        t.name("directions", frame.direction),
        frame.object or "",
        ", ".join(quantity_words(t, quantity) for quantity in frame.quantity),
        frame.deadline or "",
        period_words(frame),
        t.name("priorities", frame.priority),
        ", ".join(t.name("resources", resource) for resource in frame.resource),
        frame.condition or "",
    ]


def quantity_words(t: Language, quantity: Quantity) -> str:
    """The quantity as written, with its comparator where the words do not say it. Words that say it do so in the
    document's language; on a page in another one the number is told instead."""
    digits = 0 if quantity.value == int(quantity.value) else 1
    counted = f"{t.number(quantity.value, digits)} {quantity.unit}".strip()
    compares = f" {quantity.text.lower()} "
    if not any(f" {word} " in compares for word in comparing_words()):
        return t(f"comparators.{quantity.comparator}", text=quantity.text or counted)
    return quantity.text if t.code == "sv" else t(f"comparators.{quantity.comparator}", text=counted)


@cache
def comparing_words() -> tuple[str, ...]:
    """Words for "at least" and "at most" that the reader knows, before and behind a number."""
    lexicon = load_lexicon("quantities")
    return tuple(word for table in ("comparators", "after") for side in ("min", "max") for word in lexicon[table][side])


def period_words(frame: Frame) -> str:
    """First day, last day and how often."""
    days = "–".join(day or "" for day in frame.period) if frame.period else ""
    return ", ".join(part for part in (days, frame.recurrence) if part)
