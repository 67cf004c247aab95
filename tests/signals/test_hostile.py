"""No text hangs the reader: time grows in step with length."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

import pytest

from analyzer.records import Document
from analyzer.signals import load_reader

#: Seconds that any of these may take; each takes a fraction of it on one slow core.
LIMIT = 15.0


def read(text: str) -> float:
    began = time.process_time()
    load_reader().read(Document("k", "k.txt", hashlib.sha256(text.encode()).hexdigest(), text, ()))
    return time.process_time() - began


HOSTILE: dict[str, Callable[[int], str]] = {
    "one sentence": lambda n: "Boverket ska mäta " + "buller vid vägen " * (n // 17),
    "coordinated verbs": lambda n: "Boverket ska " + "mäta buller och " * (n // 16),
    "subordinate clauses": lambda n: "Boverket ska mäta " + "buller som hörs när " * (n // 20),
    "att": lambda n: "Boverket ska " + "att " * (n // 4),
    "nested brackets": lambda n: "Boverket ska mäta " + "(" * (n // 2) + ")" * (n // 2),
    "numbers": lambda n: "Boverket ska mäta " + "1 000 " * (n // 6),
    "dates": lambda n: "Boverket ska mäta " + "den 1 mars 2026, " * (n // 17),
    "commas": lambda n: "Regeringen ger " + "Boverket, " * (n // 10) + "i uppdrag att mäta buller.",
    "one word": lambda n: "å" * n,
    "punctuation": lambda n: ". " * (n // 2),
    "gaps": lambda n: "målet för " * (n // 10),
    "modals": lambda n: "Boverket ska " * (n // 13),
    "soft hyphens": lambda n: "Bo\u00adverket ska mäta bul\u00adler. " * (n // 28),
    "list items": lambda n: "Boverket ska:\n\n" + "- mäta buller\n" * (n // 14),
    "nested items": lambda n: "Boverket ska:\n\n" + "".join(" " * (i % 40) + "- mäta:\n" for i in range(n // 28)),
    "lines": lambda n: "Natt: minst 4 patruller\n\n" * (n // 25),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_fifty_thousand_characters_are_read_in_time(name: str) -> None:
    assert read(HOSTILE[name](50_000)) < LIMIT


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_time_grows_in_step_with_length(name: str) -> None:
    make = HOSTILE[name]
    read(make(2_000))
    short, long = (min(read(make(size)) for _ in range(2)) for size in (4_000, 16_000))
    assert long < 12 * max(short, 0.01)


def test_two_thousand_items_are_two_thousand_signals() -> None:
    text = "Boverket ska:\n\n" + "\n".join(f"- mäta buller vid väg {number}" for number in range(2_000))
    document = Document("k", "k.txt", hashlib.sha256(text.encode()).hexdigest(), text, ())
    assert len(load_reader().read(document)) == 2_000
