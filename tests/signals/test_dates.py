"""Deadlines, periods and recurrence by the rules of the guidelines."""

from __future__ import annotations

import pytest

from analyzer.signals.dates import Timing, find_date_ranges, find_dates, read_timing


def timing(text: str, *, delivers: bool = True) -> Timing:
    return read_timing(text, text.lower().replace(".", "").split(), delivers=delivers)


DEADLINES = [
    ("redovisas senast den 1 mars 2026", "2026-03-01"),
    ("redovisas före utgången av januari 2026", "2026-01-31"),
    ("redovisas före utgången av 2026", "2026-12-31"),
    ("lämnas senast i maj 2026", "2026-05-31"),
    ("lämnas före den 1 juli 2026", "2026-06-30"),
    ("lämnas före oktober månads ingång 2026", "2026-09-30"),
    ("lämnas senast 2026-04-15", "2026-04-15"),
    ("lämnas senast den 1 mars", None),
    ("lämnas senast vid halvårsskiftet 2026", "2026-06-30"),
    ("lämnas den 20 november 2026", "2026-11-20"),
    ("lämnas senast den 31 februari 2026", None),
]


@pytest.mark.parametrize(("text", "deadline"), DEADLINES, ids=[text for text, _ in DEADLINES])
def test_deadline(text: str, deadline: str | None) -> None:
    assert timing(text).deadline == deadline


PERIODS = [
    ("gäller under 2026", ("2026-01-01", "2026-12-31")),
    ("gäller 2024–2026", ("2024-01-01", "2026-12-31")),
    ("gäller från och med den 1 mars 2026", ("2026-03-01", None)),
    ("gäller till och med den 31 december 2026", (None, "2026-12-31")),
    ("gäller från den 1 mars till den 31 maj 2026", ("2026-03-01", "2026-05-31")),
    ("gäller under första halvåret 2026", ("2026-01-01", "2026-06-30")),
    ("gäller under Q3 2026", ("2026-07-01", "2026-09-30")),
    ("gäller februari–april 2026", ("2026-02-01", "2026-04-30")),
    ("gäller under 2025 och 2026", ("2025-01-01", "2026-12-31")),
    ("gäller utan slut", None),
]


@pytest.mark.parametrize(("text", "period"), PERIODS, ids=[text for text, _ in PERIODS])
def test_period(text: str, period: tuple[str | None, str | None] | None) -> None:
    assert timing(text, delivers=False).period == period


def test_a_recurring_date_gives_the_first_date_and_the_period() -> None:
    assert timing("ska senast den 1 mars varje år 2026–2028 redovisa") == Timing(
        "2026-03-01", ("2026-01-01", "2028-12-31"), "årligen"
    )


def test_a_series_of_dates_gives_the_first_and_the_span() -> None:
    found = timing("senast den 1 maj 2026, 1 maj 2027 och 1 maj 2028 delredovisa")
    assert (found.deadline, found.period) == ("2026-05-01", ("2026-05-01", "2028-05-01"))


def test_a_statute_number_and_an_appropriation_are_no_years() -> None:
    assert find_dates("enligt 9 § förordningen (2016:39) och anslaget 1:15, skr. 2018/19:152") == ()


def test_a_date_without_a_year_is_no_date_but_masks_its_digits() -> None:
    text = "lämnas den 10 december"
    assert find_dates(text) == ()
    assert [text[a:b] for a, b in find_date_ranges(text)] == ["10 december"]
