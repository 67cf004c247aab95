"""Signals as rows of a table: the quote, and the slots of its frame in words."""

from __future__ import annotations

from analyzer.records import Frame, Quantity, Signal
from ui.language import Language, load_language
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
    """The quantity as written, with its comparator where the words do not say it; in the language of the page where
    the words say it in the document's."""
    digits = 0 if quantity.value == int(quantity.value) else 1
    counted = f"{t.number(quantity.value, digits)} {quantity.unit}".strip()
    text = quantity.text or counted
    if comparator_said(t, quantity, text):
        return text
    own = comparator_said(load_language("sv"), quantity, text)
    return t(f"comparators.{quantity.comparator}", text=counted if own else text)


def comparator_said(t: Language, quantity: Quantity, text: str) -> bool:
    """Whether the words hold the comparator as this language has it."""
    word = t(f"comparators.{quantity.comparator}", text="").strip().lower()
    return bool(word) and word in text.lower()


def period_words(frame: Frame) -> str:
    """First day, last day and how often."""
    days = "–".join(day or "" for day in frame.period) if frame.period else ""
    return ", ".join(part for part in (days, frame.recurrence) if part)
