"""From when until when a document holds, as heads say it."""

from __future__ import annotations

import pytest

from analyzer.intake.validity import find_validity


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("Gäller: 2026-01-01–2026-12-31", "2026-01-01", "2026-12-31"),
        ("Gäller: 2026-02-01 - 2027-01-31", "2026-02-01", "2027-01-31"),
        ("Gäller: 2026-01-01–2026-12-31. Inriktningen ersätter den operativa inriktningen för 2025 (A011.203/2025), "
         "som upphör samma dag.", "2026-01-01", "2026-12-31"),
        ("Gäller: från och med den 1 januari 2027 till och med den 30 juni 2027", "2027-01-01", "2027-06-30"),
        ("Gäller: från och med 2026-03-01 tills vidare", "2026-03-01", None),
        ("Gäller: tills vidare från 2026-03-01", "2026-03-01", None),
        ("Gäller: 2026-03-01 och tills vidare", "2026-03-01", None),
        ("Gäller: till och med 2026-12-31", None, "2026-12-31"),
        ("Gäller: t.o.m. den 31 maj 2029", None, "2029-05-31"),
        ("Gäller: 2028", "2028-01-01", "2028-12-31"),
        ("Gäller: budgetåret 2028", "2028-01-01", "2028-12-31"),
        ("Gäller: 2027/2028", "2027-01-01", None),
        ("Gäller: 2026–2028", "2026-01-01", "2028-12-31"),
        ("Gäller: alla enheter i regionen", None, None),
        ("Gäller för: polisområde Mitt 2027", None, None),
        ("Gäller från: 2026-06-01", "2026-06-01", None),
        ("Gäller till: 2027-05-31", None, "2027-05-31"),
        ("Ikraft: 2027-01-01. Den tillfälliga rutinen (A112.040/2026) ska inte längre tillämpas.", "2027-01-01", None),
        ("Ikraftträdande: 2026-07-01", "2026-07-01", None),
    ],
)  # fmt: skip
def test_what_a_head_says(line: str, start: str | None, end: str | None) -> None:
    assert find_validity("Rutin för transporter", [line], line, None) == (start, end)


def test_two_labels_say_one_end_each() -> None:
    lines = ["Gäller från: 2026-06-01", "Gäller till: 2027-05-31"]
    assert find_validity("Rutin", lines, "", None) == ("2026-06-01", "2027-05-31")
