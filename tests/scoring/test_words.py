"""Tokens, lexicon classes, amounts and times of single texts."""

from __future__ import annotations

import math
from datetime import date

import pytest

from analyzer.scoring.calendar import read_timing
from analyzer.scoring.lexicon import load_lexicon
from analyzer.scoring.numbers import EXACT, MAXIMUM, MINIMUM, UNITS, read_amounts
from analyzer.scoring.words import tokenise


def test_offsets_point_at_the_words_even_with_soft_hyphens() -> None:
    text = "Buss\u00adtrafiken ska\u00a0ha 12 000 turer."
    tokens = tokenise(text)
    assert [text[t.start : t.end].replace("\u00ad", "").lower() for t in tokens] == [t.word for t in tokens]
    assert [t.word for t in tokens] == ["busstrafiken", "ska", "ha", "12 000", "turer"]


@pytest.mark.parametrize(
    ("text", "value", "unit", "comparator"),
    [
        ("Minst 40 procent av hallarna ska vara tomma.", 40, "percent", MINIMUM),
        ("Bryggan får kosta högst 1,5 miljoner kronor.", 1_500_000, "kronor", MAXIMUM),
        ("Ansökan avgörs inom två veckor.", 336, "hours", MAXIMUM),
        ("Listan uppdateras varje kvartal.", 4, "per_year", EXACT),
        ("Kajen inspekteras tre gånger per år.", 3, "per_year", EXACT),
        ("Hälften av platserna ska stå lediga.", 50, "percent", EXACT),
        ("Nio av tio frågor ska besvaras.", 90, "percent", EXACT),
        ("Var tionde cykel ska lånas ut.", 10, "percent", EXACT),
        ("Hamnen ska ha minst sju lotsar.", 7, "count", MINIMUM),
    ],
)
def test_amounts_are_read_in_plain_units(text: str, value: float, unit: str, comparator: int) -> None:
    amount = read_amounts(tokenise(text))[0]
    assert (amount.value, UNITS[amount.unit], amount.comparator) == (pytest.approx(value), unit, comparator)


def test_dates_and_paragraph_numbers_are_no_amounts() -> None:
    assert read_amounts(tokenise("Enligt 4 § ska bryggan vara klar den 15 juni 2026.")) == ()


@pytest.mark.parametrize(
    ("text", "first", "last", "due"),
    [
        ("Bryggan ska målas under 2026.", date(2026, 1, 1), date(2026, 12, 31), None),
        ("Från och med den 1 mars 2026 gäller nya taxor.", date(2026, 3, 1), None, None),
        ("Taxan gäller till och med juni 2027.", None, date(2027, 6, 30), None),
        ("Planen lämnas senast den 3 april 2026.", None, None, date(2026, 4, 3)),
        ("Under andra kvartalet 2026 stängs bron.", date(2026, 4, 1), date(2026, 6, 30), None),
        ("I juli tas inga båtar upp.", date(2025, 7, 1), date(2025, 7, 31), None),
    ],
)
def test_times_are_read_from_words(text: str, first: date | None, last: date | None, due: date | None) -> None:
    timing = read_timing(tokenise(text), "2025-02-01")
    assert timing.first == (first.toordinal() if first else -math.inf)
    assert timing.last == (last.toordinal() if last else math.inf)
    assert (None if math.isnan(timing.due) else timing.due) == (due.toordinal() if due else None)


def test_negation_reaches_the_words_beside_it() -> None:
    negated = {t.word for t in tokenise("Slussen ska inte öppnas på natten.") if t.negated}
    assert "öppnas" in negated and "slussen" not in negated


def test_every_lexicon_entry_is_found_in_a_text_that_holds_it() -> None:
    lexicon = load_lexicon()
    missed = []
    for table, ending in ((lexicon.index.exact, ""), (lexicon.index.prefix, "x"), (lexicon.index.suffix, "")):
        for first, entries in table.items():
            for rest, number in entries:
                words = [f"{first}{ending}", *(part.replace("*", "x") for part in rest)]
                if (0, len(words), number) not in set(lexicon.index.find(words)):
                    missed.append(words)
    assert missed == []


def test_a_long_text_is_read_in_time() -> None:
    text = "Hamnen ska minska antalet turer, dock inte under juli 2026, med minst 5 procent. " * 1500
    assert len(tokenise(text)) == 1500 * 14
