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
    ("Väntetiderna ska bli kortare.", "decrease"),
    ("Kontrollerna ska bli fler.", "increase"),
    ("Sjukfrånvaron ska sjunka till 4 procent.", "decrease"),
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


POLARITIES = [
    ("Hamnen ska granskas.", "for"),
    ("Hamnen bör inte granskas.", "against"),
    ("Hamnen får inte granskas.", "against"),
    ("Lotsarna behöver inte granska hamnen.", "against"),
    ("Lotsarna ska avstå från att granska hamnen.", "against"),
    ("Granskningen av hamnen ska upphöra.", "against"),
    ("Hamnen får endast granskas av lotsen.", "only"),
    ("Granskningen sköts uteslutande av lotsen.", "only"),
    ("Lotsen ska inte bara granska hamnen utan även mäta djupet.", "for"),
]


@pytest.mark.parametrize(("text", "polarity"), POLARITIES)
def test_polarity(text: str, polarity: str) -> None:
    assert load_reader().frame(text).polarity == polarity


def test_a_recommendation_against_stays_a_recommendation() -> None:
    assert load_reader().frame("Hamnen bör inte granskas.").modality == "recommendation"


CONDITIONS = [
    ("Lotsen ska granska hamnen om isen brister.", "om isen brister"),
    ("När isen brister ska lotsen granska hamnen.", "När isen brister"),
    ("Lotsen ska vid behov granska hamnen.", "vid behov granska hamnen"),
    ("Lotsen ska granska hamnen utom vid dimma.", "utom vid dimma"),
    ("Lotsen ska vid genomförandet av planen mäta djupet.", None),
    ("Lotsen ska i samverkan med varvet mäta djupet.", None),
    ("Lotsen ska i enlighet med planen mäta djupet.", None),
    ("Lotsen ska lämna en rapport om djupet.", None),
    ("Lotsen ska bedöma om djupet räcker.", None),
]


@pytest.mark.parametrize(("text", "condition"), CONDITIONS)
def test_only_what_limits_the_order_is_a_condition(text: str, condition: str | None) -> None:
    found = load_reader().frame(text).condition
    assert found is None if condition is None else found is not None and found.startswith(condition)


RESOURCES = [
    ("Varvet ska genomföra en utbildningsinsats om vrak.", ()),
    ("Varvet ska göra en redogörelse för de resurser som finns.", ()),
    ("Varvet ska avdela tre medarbetare till hamnen.", ("personnel",)),
    ("Lotsarna ska gå utbildningen i maj.", ("competence",)),
    ("Varvet ska betala ut statsbidrag till hamnen.", ("budget",)),
    ("Varvet ska inom befintliga resurser mäta djupet.", ("personnel",)),
]


@pytest.mark.parametrize(("text", "resources"), RESOURCES)
def test_what_is_only_spoken_of_is_no_resource(text: str, resources: tuple[str, ...]) -> None:
    assert load_reader().frame(text).resource == resources
