"""Cutting documents into signals."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from analyzer.records import Document, Metadata, Passage, Signal
from analyzer.signals import load_reader


def document(text: str, passages: tuple[Passage, ...] = (), **facts: Any) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document("k", "k.md", digest, text, passages, Metadata(**facts))


def read(text: str, **facts: Any) -> tuple[Signal, ...]:
    return load_reader().read(document(text, **facts))


def quotes(text: str, **facts: Any) -> list[str]:
    return [signal.quote.rstrip(".") for signal in read(text, **facts)]


CUTS = [
    (
        "Boverket ska analysera konsekvenser och identifiera behov.",
        ["Boverket ska analysera konsekvenser", "identifiera behov"],
    ),
    ("Boverket ska kartlägga och redovisa kostnader.", ["Boverket ska kartlägga och redovisa kostnader"]),
    ("Boverket ska ta fram och sprida kartor.", ["Boverket ska ta fram och sprida kartor"]),
    (
        "Boverket ska öka närvaron i norr och minska kostnaderna i söder.",
        ["Boverket ska öka närvaron i norr", "minska kostnaderna i söder"],
    ),
    (
        "Boverket ska vidta åtgärder för att minska buller och öka trivseln.",
        ["Boverket ska vidta åtgärder för att minska buller och öka trivseln"],
    ),
    (
        "Följande mål gäller för hamnar:\n- Antalet lotsar i Syd ska vara minst 12.\n- Kranar ska provas varje år.",
        ["Antalet lotsar i Syd ska vara minst 12", "Kranar ska provas varje år"],
    ),
    ("Kartan bör vara enkel och ska innehålla höjder.", ["Kartan bör vara enkel", "ska innehålla höjder"]),
    (
        "Boverket ansvarar för kartor och Tullverket ansvarar för gods.",
        ["Boverket ansvarar för kartor", "Tullverket ansvarar för gods"],
    ),
    (
        "I uppdraget ingår att samråda med regionerna och att sprida kartor.",
        ["I uppdraget ingår att samråda med regionerna", "att sprida kartor"],
    ),
    (
        "Boverket ska senast den 1 maj 2026 lämna en delrapport och senast den 1 maj 2027 lämna en slutrapport.",
        ["Boverket ska senast den 1 maj 2026 lämna en delrapport", "senast den 1 maj 2027 lämna en slutrapport"],
    ),
    (
        "Boverket ska föra dialog med och inhämta råd från kommunerna.",
        ["Boverket ska föra dialog med och inhämta råd från kommunerna"],
    ),
    (
        "Boverket ska göra en bedömning av om buller och ljus har lett till färre besök.",
        ["Boverket ska göra en bedömning av om buller och ljus har lett till färre besök"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), CUTS, ids=[case[0] for case in CUTS])
def test_coordination(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


def test_a_part_after_the_first_has_its_lead_in() -> None:
    _, second = read("Boverket ska senast den 1 maj 2026 lämna en delrapport och den 1 maj 2027 lämna en slutrapport.")
    assert second.lead_in == "Boverket ska"
    assert second.text == "Boverket ska … den 1 maj 2027 lämna en slutrapport."


@pytest.mark.parametrize(
    "text",
    [
        "Den som hyr ut vallar ska ha gjort en fullständig buller- och riskbedömning grundad på tre mätningar.",
        "Boverket ska in- och utföra mätare.",
    ],
)
def test_a_conjunction_inside_a_word_cuts_nothing(text: str) -> None:
    assert quotes(text) == [text.rstrip(".")]


BACKGROUND = [
    "Syftet är att minska bullret.",
    "Regeringen gav 2021 Boverket i uppdrag att mäta buller.",
    "Regeringen avser att återkomma.",
    "Det behövs fler mätare.",
    "Bullret har ökat under flera år.",
    "Kommunen byggde en vall 2019.",
    "Uppdragstiden förlängs till och med den 31 december 2026.",
    "Detta uppdrag ska ses som ett led i arbetet.",
    "I uppdraget ingår inte att mäta vibrationer.",
    "Den totala kostnaden beräknas till 3 miljoner kronor.",
    "Målgruppen är boende nära väg.",
    "Med buller avses oönskat ljud.",
    "”Vi ska mäta mer”, säger statsrådet.",
    "Bidraget utbetalas med anledning av att bullerlagen ska gälla från den 1 juli 2026.",
    "Från och med den 1 mars 2026 publiceras alla hamnbeslut på denna webbplats.",
]


@pytest.mark.parametrize("text", BACKGROUND)
def test_background_is_no_signal(text: str) -> None:
    assert quotes(text, title="Uppdrag till Boverket om buller", level="government decision") == []


def test_a_list_is_read_with_its_lead_in_and_its_addressee() -> None:
    signals = read("Boverket ska:\n\n- mäta buller vid vägar,\n- föreslå vallar.\n\nSyftet är lugn.")
    assert [signal.quote for signal in signals] == ["mäta buller vid vägar", "föreslå vallar."]
    assert {signal.lead_in for signal in signals} == {"Boverket ska:"}
    assert {signal.frame.addressee for signal in signals} == {("Boverket",)}
    assert [signal.frame.action for signal in signals] == ["mäta", "föreslå"]


def test_a_heading_that_orders_leads_the_list_below_it_and_no_other() -> None:
    lines = ["Tullverket ska", "senast den 1 mars 2028 ha minst 14 hundar", "väga gods", "Övrigt", "blå stolar"]
    kinds = ("heading", "list_item", "list_item", "heading", "list_item")
    starts = [sum(len(line) + 1 for line in lines[:at]) for at in range(len(lines))]
    passages = tuple(
        Passage(at, kind, start, start + len(line), depth=int(kind == "list_item"))
        for at, (line, kind, start) in enumerate(zip(lines, kinds, starts, strict=True))
    )
    found = load_reader().read(document("\n".join(lines), passages, title="Plan för hundar", level="national"))
    assert [(signal.lead_in, signal.quote) for signal in found] == [(lines[0], line) for line in lines[1:3]]
    assert {(signal.frame.addressee, signal.frame.modality) for signal in found} == {(("Tullverket",), "obligation")}


def test_items_below_an_item_take_it_as_lead_in() -> None:
    text = "Boverket ska:\n\n- ta fram underlag som ska innehålla\n  - en karta över vägar,\n  - en lista över vallar."
    assert [signal.lead_in for signal in read(text)] == ["ta fram underlag som ska innehålla"] * 2


def test_a_lead_in_that_gives_reasons_makes_no_signals() -> None:
    assert quotes("Bakgrunden är följande:\n\n- bullret ökar,\n- vägarna slits.") == []


def test_offsets_and_passages_point_into_the_document() -> None:
    text = "Plan\n\nBo\u00adverket ska\nmäta buller.  Vägen är lång."
    start = text.index("Bo")
    passages = (Passage(0, "heading", 0, 4), Passage(1, "paragraph", start, len(text), page=3, heading_path=("Plan",)))
    [signal] = load_reader().read(document(text, passages))
    assert text[signal.start : signal.end] == signal.quote == "Bo\u00adverket ska\nmäta buller."
    assert (signal.passage, signal.page, signal.heading) == (1, 3, ("Plan",))
    assert signal.frame.addressee == ("Boverket",)


def test_headings_are_not_read_and_a_named_heading_charges_what_stands_below() -> None:
    text = "Trafikgruppen\nÖka kontrollerna ska prioriteras.\nKontrollerna ska öka."
    first, second = text.index("Öka"), text.rindex("Kontrollerna")
    passages = (
        Passage(0, "heading", 0, 13, heading_path=("Plan",)),
        Passage(1, "paragraph", second, len(text), heading_path=("Plan", "Trafikgruppen")),
    )
    assert first < second
    [signal] = load_reader().read(document(text, passages))
    assert signal.frame.addressee == ("Trafikgruppen",)


def test_same_and_pointed_at_dates() -> None:
    signals = read(
        "Boverket ska betala tillbaka medel senast den 1 mars 2027. Vid samma tidpunkt ska en redovisning lämnas. "
        "Kartorna ska lämnas i samband med redovisningen. Boverket ska slutredovisa uppdraget senast den 1 maj 2027."
    )
    assert [signal.frame.deadline for signal in signals] == ["2027-03-01", "2027-03-01", "2027-05-01", "2027-05-01"]


def test_a_document_without_signals_and_an_empty_one_give_none() -> None:
    assert read("Vägen är lång.") == ()
    assert read("") == ()


def test_read_many_streams_in_order() -> None:
    texts = ["Boverket ska mäta buller.", "Vägen är lång.", "Tullverket ska granska gods."]
    found = list(load_reader().read_many(document(text) for text in texts))
    assert [len(signals) for signals in found] == [1, 0, 1]


TOLD = [
    "Hamnen städas av kommunen.",
    "Bullervallen ska bli klar.",
    "Målet är tystare vägar.",
]


def test_a_decision_in_minutes_steers_wherever_it_stands() -> None:
    text = "Läget\nBeslut: Vraken bärgas tills vidare bara om sommaren."
    start = text.index("Beslut")
    passages = (Passage(0, "heading", 0, 5), Passage(1, "paragraph", start, len(text), heading_path=("Plan", "Läget")))
    facts = {"title": "Protokoll från hamnrådet", "level": "regional"}
    assert [signal.quote for signal in load_reader().read(document(text, passages, **facts))] == [text[start:]]


def test_news_steers_only_where_it_charges_somebody() -> None:
    news = "Vägen blir tystare, säger ministern. Boverket ska mäta buller. " + " ".join(TOLD)
    assert quotes(news, title="Ny strategi mot buller") == ["Boverket ska mäta buller"]
    assert quotes(" ".join(TOLD), title="Strategi mot buller", level="national") == [text.rstrip(".") for text in TOLD]


GOVERNING = [
    "Kajvakten ligger hos rederiet.",
    "Två av lotsarna tjänstgör från den 1 april till den 31 maj 2026 i Norrvik.",
    "I Norrvik patrullerar lotsarna varannan lördag.",
    "Särskilt fokus för lotsarnas personal är vraken.",
    "Till hamnchefens uppgifter hör att mäta djupet.",
    "Utbetalningar före mars godtas inte.",
    "Vraken kommer först när dykarnas timmar fördelas.",
    "Vid dimma är det lotsen som håller kontakt med fartygen.",
    "Vraken är det som dykarna ska ta sig an först.",
    "Djupmätningen ska ned med tio procent.",
    "Larmar flera fartyg samtidigt ska lotsarna först till det som läcker.",
    "Barn ska aldrig in i maskinrummet.",
    "Där hamnen kamerabevakar ska en skylt sättas upp.",
    "Hotade lotsar erbjuds ett samtal om året.",
    "Den som lotsar behöver målade bojar och ska få dem inom en vecka.",
    "Lotsarna rycker före allt annat ut när någon har gått vilse.",
    "Hamnchefen sluter avtal med rederierna om delade kostnader.",
    "Granskningen av kranar ska i andra hand, sedan vraken bärgats, inriktas på pirar.",
    "Båtar som fynd ska märkas.",
    "Lotsavgiften bestäms av hamnchefen.",
    "Fler inspektioner av kranar",
    "Inköpsstopp för båtar i Norrvik till och med den 31 mars 2026",
    "Kranarna kan ställas av under vintern.",
]


@pytest.mark.parametrize("text", GOVERNING)
def test_the_present_tense_of_a_steering_document_governs(text: str) -> None:
    assert quotes(text, title="Hamnens driftplan 2026", level="local") == [text.rstrip(".")]


DESCRIBING = [
    "Datum: 2026-03-01",
    "Diarienr: N12/2026",
    "Under 2025 växte en ny hamn fram, med 40 platser.",
    "Under våren har 61 båtar med skador på skrovet registrerats.",
    "Tre av fem kranförare har slutat.",
    "Många båtar läcker.",
    "Problemet finns i hela landet.",
    "Hamnchefen bedömer att isen ligger länge.",
    "Ger mätningarna besked?",
    "Erfarenheten är att isen tar tid.",
    "Det stämmer.",
]


@pytest.mark.parametrize("text", DESCRIBING)
def test_what_a_steering_document_tells_is_no_signal(text: str) -> None:
    assert quotes(text, title="Hamnens driftplan 2026", level="local") == []


@pytest.mark.parametrize("heading", ["1 Bakgrund", "Regionens läge", "6 Skäl", "Om planen", "Varför en plan"])
def test_a_section_of_reasons_describes(heading: str) -> None:
    text = "Lotsarna städar kajen."
    passage = Passage(0, "paragraph", 0, len(text), heading_path=("Driftplan", heading))
    facts: dict[str, Any] = {"title": "Driftplan", "level": "local"}
    assert read_passage(text, passage, facts) == []
    assert read_passage(text, Passage(0, "paragraph", 0, len(text), heading_path=("Driftplan", "Städning")), facts)


def read_passage(text: str, passage: Passage, facts: dict[str, Any]) -> list[str]:
    return [signal.quote for signal in load_reader().read(document(text, (passage,), **facts))]


def test_items_below_a_definition_define() -> None:
    assert quotes("Med följande avses:\n\n- kaj: minst en brygga\n- pir: högst tre bryggor", level="local") == []


ONE_ACT = [
    "Mätningarna ska sammanställas per hamn och publiceras på webben.",
    "Innan båten läggs upp ska alla lotsar ha hörts och alla kranar ha gåtts igenom.",
]


@pytest.mark.parametrize("text", ONE_ACT)
def test_what_is_done_to_one_thing_or_reached_together_is_one_signal(text: str) -> None:
    assert quotes(text) == [text.rstrip(".")]
