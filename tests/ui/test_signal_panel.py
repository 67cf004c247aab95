import re
from dataclasses import replace

import pytest

from analyzer.records import Frame, Quantity, Signal
from analyzer.signals.goals import name_goal
from tests.ui.planted import HOSTILE, order, plan
from ui.language import load_language
from ui.signal_panel import BRIEF, SLOTS, brief_frame, hint_lines, panel_lines, slot_words
from ui.stretches import Part, cut_stretches

FULL = Frame(
    addressee=("Polisregion Öst", "Polisregion Syd"),
    modality="recommendation",
    action="öka",
    direction="increase",
    object="synlig närvaro",
    quantity=(Quantity(40, "poliser", "min", "minst 40 poliser"), Quantity(3, "kontroller", "max")),
    deadline="2025-06-30",
    period=("2025-01-01", "2025-12-31"),
    recurrence="årligen",
    priority="high",
    resource=("personnel", "budget"),
    condition="vid behov",
    goals=("visibility+", "savings-"),
    polarity="only",
)


def signal(frame: Frame, quote: str = "Öka närvaron enligt 3 § polislagen.") -> Signal:
    return Signal(4, quote, 0, len(quote), frame)


def test_every_slot_is_told_in_words() -> None:
    assert slot_words(load_language("sv"), signal(FULL)) == {
        "addressee": ["Polisregion Öst", "Polisregion Syd"],
        "modality": ["bör (rekommendation), bara i det nämnda fallet"],
        "action": ["öka"],
        "direction": ["öka"],
        "object": ["synlig närvaro"],
        "quantity": ["minst 40 poliser", "högst 3 kontroller"],
        "deadline": ["2025-06-30"],
        "period": ["2025-01-01–2025-12-31, årligen"],
        "priority": ["hög"],
        "resource": ["personal", "budget"],
        "condition": ["vid behov"],
        "exception": [],
        "goals": ["synlighet gynnas", "besparing får stå tillbaka"],
        "references": ["enligt 3 § polislagen"],
    }


def test_english_names_what_the_program_names() -> None:
    words = slot_words(load_language("en"), signal(FULL))
    assert words["modality"] == ["should (recommendation), in the named case alone"]
    assert words["goals"] == ["visibility gains", "savings gives way"]
    assert words["quantity"] == ["at least 40 poliser", "at most 3 kontroller"]


@pytest.mark.parametrize(
    ("quantity", "swedish", "english"),
    [
        (Quantity(7.5, "procent", "exact"), "7,5 procent", "7.5 procent"),
        (
            Quantity(3_000_000, "kronor", "max", "3 miljoner kronor"),
            "högst 3 miljoner kronor",
            "at most 3 miljoner kronor",
        ),
        (Quantity(3_000_000, "kronor", "max", "högst 3 mkr"), "högst 3 mkr", "at most 3,000,000 kronor"),
        (Quantity(3, "poliser", "min", "mer än tre poliser"), "mer än tre poliser", "at least 3 poliser"),
        (Quantity(30, "minuter", "max", "30 minuter"), "högst 30 minuter", "at most 30 minuter"),
    ],
)
def test_a_quantity_says_its_comparator_once(quantity: Quantity, swedish: str, english: str) -> None:
    told = [slot_words(load_language(code), signal(Frame(quantity=(quantity,))))["quantity"] for code in ("sv", "en")]
    assert told == [[swedish], [english]]


@pytest.mark.parametrize(
    ("condition", "slot"),
    [
        ("om inte regionchefen beslutar annat", "exception"),
        ("utom vid särskild händelse", "exception"),
        ("Med undantag av 3 §", "exception"),
        ("endast om läget kräver det", "condition"),
        ("när isen lagt sig", "condition"),
    ],
)
def test_an_exception_is_told_apart_from_a_condition(condition: str, slot: str) -> None:
    words = slot_words(load_language("sv"), signal(Frame(condition=condition)))
    assert words[slot] == [condition]
    assert words[{"condition": "exception", "exception": "condition"}[slot]] == []


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (Frame(modality="obligation"), "ska (skyldighet)"),
        (Frame(modality="prohibition", polarity="against"), "får inte (förbud)"),
        (Frame(modality="permission"), "får (rätt eller mandat)"),
        (Frame(modality="recommendation", polarity="against"), "bör (rekommendation), att låta bli"),
        (Frame(modality="goal"), "mål"),
    ],
)
def test_how_a_signal_binds(frame: Frame, told: str) -> None:
    assert slot_words(load_language("sv"), signal(frame))["modality"] == [told]


def test_empty_slots_are_named_and_filled_ones_are_not() -> None:
    t = load_language("sv")
    told = panel_lines(t, [signal(Frame(("Polisregion Öst",), action="öka"), "Öka.")])
    empty = told.rsplit("*Sägs inte:* ", 1)[1].split(", ")
    filled = {"addressee", "modality", "action"}
    assert empty == [t(f"signal.{name}").lower() for name in SLOTS if name not in filled]


def test_a_lead_in_shows_all_that_it_leads_in_to() -> None:
    t = load_language("sv")
    _document, signals = order()
    told = panel_lines(t, signals[:2])
    assert told.startswith("**Inledning till 2 styrsignaler**")
    assert re.findall(r"### (.*)", told) == ["Styrsignal 1", "Styrsignal 2"]
    assert panel_lines(t, []) == t("documents.panel_empty")


def test_words_of_a_document_stay_words() -> None:
    frame = Frame((HOSTILE,), action=HOSTILE, object=HOSTILE, condition=HOSTILE, deadline=HOSTILE)
    told = panel_lines(load_language("sv"), [signal(frame, HOSTILE)])
    assert set(re.findall(r"<(/?\w+)[^>]*>", told)) == {"dl", "div", "dt", "dd", "/dl", "/div", "/dt", "/dd"}
    assert "](" not in told and "![" not in told


def test_the_short_form_says_who_how_what_how_much_and_when() -> None:
    t = load_language("sv")
    frame = replace(FULL, addressee=("Polisregion Öst",), modality="obligation")
    assert brief_frame(t, signal(frame)) == (
        "Polisregion Öst · ska öka synlig närvaro · minst 40 poliser · högst 3 kontroller · senast 2025-06-30"
    )
    assert brief_frame(t, signal(Frame(modality="goal"))) == "mål"
    assert len(brief_frame(t, signal(replace(FULL, object="ord " * 500)))) <= BRIEF


def test_there_is_one_hint_for_each_marked_line() -> None:
    t = load_language("sv")
    document, signals = plan()
    broken = replace(document, text=document.text.replace("öka den synliga", "öka den\nsynliga".ljust(15)))
    part = Part(broken, broken.passages, signals, cut_stretches(broken, broken.passages, signals))
    hints = hint_lines(t, part).split("\n")
    assert len(hints) == 5
    assert hints[0] == hints[1] != hints[2]


def test_goals_have_the_names_of_the_lexicon() -> None:
    for goal, name in load_language("sv").tables["goals"].items():
        assert name == name_goal(goal)
