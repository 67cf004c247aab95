import pytest

from analyzer.records import Metadata
from ui.metadata_form import FIELDS, changes_of, form_values, unreadable_date

METADATA = Metadata("Plan", "Region Öst", level="regional", date="2025", addressees=("A", "B"))


def form(**changed: str) -> dict[str, str | None]:
    return dict(zip(FIELDS, form_values(METADATA), strict=True)) | changed


def test_an_untouched_form_changes_nothing() -> None:
    assert changes_of(METADATA, form()) == {}


def test_only_what_differs_is_a_correction() -> None:
    changed = form(title=" Ny plan ", issuer="", addressees="A\n\n C ", level="national")
    assert changes_of(METADATA, changed) == {
        "title": "Ny plan",
        "issuer": None,
        "addressees": ["A", "C"],
        "level": "national",
    }


@pytest.mark.parametrize("date", ["2025", "2025-06", "2025-06-30", " 2025 ", ""])
def test_dates_of_any_precision_are_read(date: str) -> None:
    assert unreadable_date(form(valid_from=date)) is None


@pytest.mark.parametrize("date", ["30/6 2025", "2025-13", "2025-06-31x", "juni"])
def test_other_dates_are_named(date: str) -> None:
    assert unreadable_date(form(valid_to=date)) == "valid_to"
