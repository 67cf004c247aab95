"""What documents say they replace, in the ways in which they say it."""

from __future__ import annotations

import pytest

from analyzer.intake.replacing import find_replaced

SAID = [
    ("Denna föreskrift ersätter TF 2019:4, som då upphör att gälla.", ("TF 2019:4",)),
    ("Detta beslut ersätter beslutet av den 4 maj 2021 om båtar.", ("beslutet av den 4 maj 2021 om båtar",)),
    ("Planen ersätter hamnplanen för 2025, som inte längre ska tillämpas.", ("hamnplanen för 2025",)),
    ("Genom denna föreskrift upphör HFS 2020:17 att gälla.", ("HFS 2020:17",)),
    ("I och med detta beslut upphävs rutinen för kranar från 2018.", ("rutinen för kranar från 2018",)),
    (
        "3. Hamnverkets föreskrift om lotsar från 2019 ska inte längre tillämpas.",
        ("Hamnverkets föreskrift om lotsar från 2019",),
    ),
    ("Tjänsteföreskrift (2019:11) upphör att gälla när denna föreskrift träder i kraft.", ("2019:11",)),
    ("Överenskommelsen från 2022 om bogserbåtar upphör att gälla.", ("Överenskommelsen från 2022 om bogserbåtar",)),
    ("Genom detta beslut upphör beslut A123.456/2025 att gälla.", ("A123.456/2025",)),
    ("Planen ersätter PTF 2019:14, som meddelades med stöd av förordningen (2014:1102).", ("PTF 2019:14",)),
    ("Beslutet ersätter beslutet av den 2024-03-05 om båtar.", ("beslutet av den 2024-03-05 om båtar",)),
    ("Planen ersätter planen för 2024-2026.", ("planen för 2024-2026",)),
    ("Riktlinjerna från 2021 gäller inte längre.", ("Riktlinjerna från 2021",)),
]
NOT_SAID = (
    "Genom denna förordning upphävs 5 § förordningen (2010:12).",
    "Detta beslut upphäver 3 § i PTF 2022:14.",
    "Avsnitt 4 i föreskriften (2022:4) upphör att gälla.",
    "När föreskriften (2022:4) upphör att gälla ska lotsarna få besked.",
    "Överenskommelsen från 2022 upphör att gälla den 31 december 2027.",
    "I enlighet med planen upphör verksamheten i hamnen den 1 juni 2026.",
    "Föreskriften upphör att gälla den 31 december 2027.",
    "26 § Denna föreskrift upphör att gälla den 1 maj 2027.",
    "Tillägget för skiftarbete från 2020 upphör att gälla.",
    "Bestämmelsen i 5 § förordningen (2010:12) upphör att gälla.",
    "Vikarien ersätter hamnchefen under 2026.",
    "Detta beslut ersätter inte det som gäller vid storm.",
    "Ersättning enligt beslutet från 2021 ska betalas.",
)


@pytest.mark.parametrize(("text", "replaced"), SAID)
def test_what_is_replaced_is_named(text: str, replaced: tuple[str, ...]) -> None:
    assert find_replaced(None, text) == replaced
    assert find_replaced(None, f"# Hamnföreskrift\n\nDatum: 2026-01-01\n\n{text} Lotsen leder.") == replaced


@pytest.mark.parametrize("text", NOT_SAID)
def test_an_own_end_a_part_and_a_person_replace_nothing(text: str) -> None:
    assert find_replaced(None, text) == ()


def test_a_label_wins() -> None:
    assert find_replaced("HFS 2018:31", "Planen ersätter hamnplanen för 2025.") == ("HFS 2018:31",)
