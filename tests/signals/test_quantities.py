"""Quantities: value, unit and comparator as the guidelines' files write them."""

from __future__ import annotations

import pytest

from analyzer.records import Quantity
from analyzer.signals.quantities import comparable, find_quantities

CASES = [
    ("minst 30 områdespoliser", (30, "områdespoliser", "min")),
    ("högst 700 000 kronor", (700000, "kronor", "max")),
    ("1,5 miljoner kronor", (1500000, "kronor", "exact")),
    ("12 mkr", (12000000, "kronor", "exact")),
    ("4 500 tkr", (4500000, "kronor", "exact")),
    ("två miljarder kronor", (2000000000, "kronor", "exact")),
    ("85 %", (85, "procent", "exact")),
    ("≥ 9 operatörer per tur", (9, "operatörer per tur", "min")),
    ("inte fler än tolv patruller", (12, "patruller", "max")),
    ("senast tre månader efter insatsen", (3, "månader", "max")),
    ("inom 24 timmar", (24, "timmar", "max")),
    ("under två veckor", (2, "veckor", "exact")),
    ("under fem minuter", (5, "minuter", "max")),
    ("fler än 40 ärenden", (40, "ärenden", "min")),
    ("sex nya tjänster", (6, "tjänster", "exact")),
    ("2,5 årsarbetskrafter", (2.5, "årsarbetskrafter", "exact")),
    ("hälften av patrullerna", (50, "procent", "exact")),
    ("minst två gånger per år", (2, "gånger per år", "min")),
    ("fyra gånger i månaden", (4, "gånger per månad", "exact")),
    ("10 dagar eller mer", (10, "dagar", "min")),
    ("0,8 procentenheter", (0.8, "procentenheter", "exact")),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_one_quantity(text: str, expected: tuple[float, str, str]) -> None:
    [quantity] = find_quantities(text)
    assert (quantity.value, quantity.unit, quantity.comparator) == expected


def test_the_words_that_were_read_are_kept_as_they_stand() -> None:
    [quantity] = find_quantities("Enheten ska ha minst 30 utredare i tjänst")
    assert quantity.text == "minst 30 utredare"


@pytest.mark.parametrize(("text", "unit"), [("3–5 dagar", "dagar"), ("mellan 3 och 5 procent", "procent")])
def test_a_range_is_a_least_and_a_most(text: str, unit: str) -> None:
    low, high = find_quantities(text)
    assert (low.value, low.unit, low.comparator) == (3, unit, "min")
    assert (high.value, high.unit, high.comparator) == (5, unit, "max")


@pytest.mark.parametrize(
    "text",
    [
        "enligt 3 § hamnlagen",
        "utgiftsområde 4 Rättsväsendet, anslaget 1:1",
        "förordningen (2007:1244) om granskning",
        "samtal till 114 14",
        "klockan 8",
        "en gemensam lägesbild",
        "under 2026",
        "den som fyllt 18 år",
    ],
)
def test_a_number_that_names_is_no_quantity(text: str) -> None:
    assert find_quantities(text) == ()


def test_masked_digits_are_no_numbers() -> None:
    text = "senast den 3 mars"
    assert find_quantities(text, [(text.index("3"), len(text))]) == ()


def test_two_rates_in_different_units_compare() -> None:
    assert comparable(Quantity(1, "gånger per månad")) == comparable(Quantity(12, "gånger per år"))
    assert comparable(Quantity(5, "utredare")) == (5, "utredare")
