import time

import pytest

from ui.references import find_references


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("Regionen ska enligt 3 § polislagen (1984:387) redovisa läget.", ["enligt 3 § polislagen (1984:387)"]),
        (
            "i enlighet med 2 kap. 5 och 6 §§ trafikförordningen",
            ["i enlighet med 2 kap. 5 och 6 §§ trafikförordningen"],
        ),
        ("Alla kontroller görs, med undantag av 3 §.", ["med undantag av 3 §"]),
        (
            "Planen ersätter de tidigare riktlinjerna och beslut dnr A123.456/2024.",
            ["ersätter de tidigare riktlinjerna", "dnr A123.456/2024"],
        ),
        ("Svara på uppdraget Ju2024/01234 och på prop. 2023/24:15.", ["Ju2024/01234", "prop. 2023/24:15"]),
        ("Följ PMFS 2017:7, se bilaga 2, och sedan se bilaga 2 igen.", ["PMFS 2017:7", "se bilaga 2"]),
        (
            "Rapporten följer 14–15 a §§ kommittéförordningen (1998:1474).",
            ["14–15 a §§ kommittéförordningen (1998:1474)"],
        ),
        ("Varna enligt artikel 4 i rådets direktiv (EU) 2015/1.", ["enligt artikel 4 i rådets direktiv (EU) 2015/1"]),
        ("Arbeta i enlighet\nmed verksamhetsplanen.", ["i enlighet med verksamhetsplanen"]),
        ("utifrån den lokala\nhandlingsplanen", ["utifrån den lokala handlingsplanen"]),
    ],
)
def test_references_are_told_as_they_stand(text: str, references: list[str]) -> None:
    assert find_references(text) == references


@pytest.mark.parametrize(
    "text",
    [
        "Öka närvaron enligt följande.",
        "Utifrån läget ska en plan tas fram.",
        "Minst 40 poliser 2025.",
        "Se över planen.",
    ],
)
def test_what_points_at_nothing_is_no_reference(text: str) -> None:
    assert find_references(text) == []


@pytest.mark.parametrize(
    "text", ["enligt " * 3000, "enligt " + "x" * 20000, "1, 2, " * 3000, "dnr " + "1.2" * 5000, "ö" * 20000]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.perf_counter()
    find_references(text)
    assert time.perf_counter() - start < 1
