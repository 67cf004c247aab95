"""What kinds of errors the reader makes, so that the commonest can be counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any


def name_slot_error(slot: str, read: Any, marked: Any) -> str:
    """The kind of a wrong slot: "deadline: none for a value", "direction: increase for none", "addressee: too few"."""
    if slot in ("modality", "direction", "priority"):
        return f"{slot}: {read} for {marked}"
    if not read or not marked:
        return f"{slot}: {'a value' if read else 'none'} for {'a value' if marked else 'none'}"
    if isinstance(read, list) and slot != "period":
        return f"{slot}: {_compare_lists(slot, read, marked)}"
    if slot == "action" and str(read).split()[0] == str(marked).split()[0]:
        return "action: the particle"
    return f"{slot}: another value"


def _compare_lists(slot: str, read: Sequence[Any], marked: Sequence[Any]) -> str:
    if len(read) != len(marked):
        return "too few" if len(read) < len(marked) else "too many"
    if slot == "quantity" and [row["value"] for row in read] == [row["value"] for row in marked]:
        return "the comparator or the unit"
    return "another value"


def name_detection_error(quote: str, others: Collection[str], share: Callable[[str, str], float], wrong: str) -> str:
    """The kind of a `wrong` ("false" or "missed") signal, by the quotes of the other side."""
    if any(other in quote for other in others):
        return f"{wrong}: cut too {'coarsely' if wrong == 'false' else 'finely'}"
    if any(quote in other for other in others):
        return f"{wrong}: cut too {'finely' if wrong == 'false' else 'coarsely'}"
    if any(share(quote, other) >= 0.4 for other in others):
        return f"{wrong}: cut elsewhere"
    return f"{wrong}: nothing {'marked' if wrong == 'false' else 'read'} there"
