"""Frames of texts that are one whole signal, slot by slot."""

from __future__ import annotations

import pytest

from analyzer.records import Frame
from analyzer.signals import load_reader


def frame(text: str, **known: str) -> Frame:
    return load_reader().frame(text, **known)  # type: ignore[arg-type]


MODALITIES = [
    ("Kustbevakningen ska granska hamnen.", "obligation", "granska"),
    ("Kustbevakningen ska inte granska hamnen.", "prohibition", "granska"),
    ("Hamnen får inte granskas.", "prohibition", "granska"),
    ("Inga hamnar får granskas.", "prohibition", "granska"),
    ("Uppdraget att granska hamnen upphör.", "prohibition", "upphöra"),
    ("Enheten ska avstå från nya inköp.", "prohibition", "avstå"),
    ("Det är förbjudet att lämna kajen.", "prohibition", "lämna"),
    ("Chefen får besluta om övertid.", "permission", "besluta"),
    ("Enheten behöver inte inhämta samråd.", "permission", "inhämta"),
    ("Chefen beslutar om övertid.", "permission", "besluta"),
    ("Hamnen bör granskas varje år.", "recommendation", "granska"),
    ("Arbetet ska leda till färre olyckor.", "goal", "leda"),
    ("Andelen nöjda ska uppgå till minst 80 procent.", "goal", "uppgå"),
    ("Målet är att olyckorna ska minska.", "goal", "minska"),
    ("Kustbevakningen åläggs att granska hamnen.", "obligation", "granska"),
    ("Det åligger hamnchefen att granska kajen.", "obligation", "granska"),
    ("Regeringen ger Kustbevakningen i uppdrag att granska hamnen.", "obligation", "granska"),
    ("Uppdraget ska vara genomfört i maj.", "obligation", "genomföra"),
    ("Enheten ska kunna använda båtar.", "obligation", "använda"),
    ("Lämna inte kajen obevakad.", "prohibition", "lämna"),
    ("Vad som än händer ska enheten, om inte isen hindrar det, granska hamnen.", "obligation", "granska"),
    ("Finns det is i rännan ska hamnen stängas.", "obligation", "stänga"),
    ("Det är hamnchefen som leder arbetet.", "obligation", "leda"),
    ("Antalet resor ska inte bara öka.", "goal", "öka"),
]


@pytest.mark.parametrize(("text", "modality", "action"), MODALITIES, ids=[case[0] for case in MODALITIES])
def test_modality_and_action(text: str, modality: str, action: str) -> None:
    found = frame(text)
    assert (found.modality, found.action) == (modality, action)


ADDRESSEES = [
    (
        "Regeringen uppdrar åt Tullverket, Kustbevakningen (KBV) och Myndigheten för delaktighet att öva.",
        ("Tullverket", "Kustbevakningen", "Myndigheten för delaktighet"),
    ),
    ("Vid isläge ska Tullverket och Kustbevakningen samråda.", ("Tullverket", "Kustbevakningen")),
    ("Beslut om isbrytning fattas av hamnchefen.", ("hamnchefen",)),
    ("Den som lägger till vid kajen ska anmäla sig.", ("Den som lägger till vid kajen",)),
    ("Chefen för isbrytarna ska leda arbetet.", ("Chefen för isbrytarna",)),
    ("Kajen ska sopas utan beslut av hamnchefen.", ()),
    ("Tullverket ska:\n… granska gods", ("Tullverket",)),
]


@pytest.mark.parametrize(("text", "addressee"), ADDRESSEES, ids=[case[0] for case in ADDRESSEES])
def test_addressee(text: str, addressee: tuple[str, ...]) -> None:
    assert frame(text).addressee == addressee


def test_a_known_addressee_wins_and_an_issuer_stands_in() -> None:
    assert frame("Kajen ska sopas.", addressee="Tullverket och Kustbevakningen") == frame(
        "Kajen ska sopas.", addressee="Tullverket och Kustbevakningen", issuer="Boverket"
    )
    assert frame("Kajen ska sopas.", addressee="Tullverket").addressee == ("Tullverket",)
    assert frame("Kajen ska sopas.", issuer="Norrviks hamn").addressee == ("Norrviks hamn",)


DIRECTIONS = [
    ("Enheten ska vidta åtgärder för att minska olyckorna.", "decrease"),
    ("Enheten ska föreslå hur olyckorna kan minska.", "none"),
    ("Enheten ska fortsätta och förstärka arbetet.", "increase"),
    ("Enheten ska fortsätta arbetet.", "maintain"),
    ("Arbetet ska leda till färre olyckor.", "decrease"),
    ("Receptionen ska stängas.", "stop"),
    ("Enheten ska inrätta en jour.", "start"),
]


@pytest.mark.parametrize(("text", "direction"), DIRECTIONS, ids=[case[0] for case in DIRECTIONS])
def test_direction_is_the_governing_acts(text: str, direction: str) -> None:
    assert frame(text).direction == direction


def test_priority_condition_resource_level_and_goals() -> None:
    found = frame(
        "Utredarna ska i första hand förhöra vittnen inom två dagar, om inte åklagaren beslutar annat.",
        level="regional",
    )
    assert found.priority == "absolute"
    assert found.condition == "om inte åklagaren beslutar annat"
    assert "personnel" in found.resource
    assert found.level == "regional"
    assert "speed+" in found.goals


def test_a_prohibition_burdens_the_goal_that_it_names() -> None:
    assert "openness+" in frame("Bilder ska publiceras.").goals
    assert "openness-" in frame("Bilder får inte publiceras.").goals


def test_a_table_line_is_an_order_with_a_quantity() -> None:
    found = frame("RLC natt: ≥ 9 operatörer per tur")
    assert found.modality == "obligation"
    assert [(q.value, q.unit, q.comparator) for q in found.quantity] == [(9, "operatörer per tur", "min")]


@pytest.mark.parametrize("text", ["", " ", "…", ".", "§", "ska", "ska.", "att att att", "\u00ad", "1", "–"])
def test_any_text_has_a_frame(text: str) -> None:
    assert frame(text).modality in ("obligation", "recommendation")


def test_a_frame_is_the_same_every_time() -> None:
    text = "Tullverket ska senast den 1 mars 2026 öka kontrollerna med 20 procent."
    assert frame(text).as_json() == frame(text).as_json()
