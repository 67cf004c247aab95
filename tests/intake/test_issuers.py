"""Who issued a document and at what level, from the line under its title."""

import pytest

from .builders import read


@pytest.mark.parametrize(
    ("title", "line", "issuer", "level"),
    [
        ("Verksamhetsplan 2026", "Polismyndigheten, region Syd", "Polisregion Syd", "regional"),
        ("Verksamhetsplan 2026", "Polismyndigheten, region Nordkusten", "Polisregion Nordkusten", "regional"),
        ("Verksamhetsplan 2026", "Polisregion Mittkust", "Polisregion Mittkust", "regional"),
        (
            "Handlingsplan",
            "Polismyndigheten, region Öst, polisområde Slätten, lokalpolisområde Åkerby",
            "Lokalpolisområde Åkerby",
            "local",
        ),
        ("Inriktning 2026", "Polismyndigheten, ekonomiavdelningen", "Polismyndigheten", "national"),
        ("Instruktion för larmcentralen", "Polismyndigheten, region Mitt", "Polisregion Mitt", "regional"),
        ("Förordning om Polismyndighetens larmtider", "Regeringen, Justitiedepartementet", "Regeringen", "ordinance"),
        ("Nationell strategi mot stölder", "Regeringskansliet", "Regeringskansliet", "government decision"),
        ("Arbetsordning", "Åkerby tingsrätt, lagmannen", "Åkerby tingsrätt", "local"),
    ],
)
def test_the_smallest_unit_of_the_line_issues(title: str, line: str, issuer: str, level: str) -> None:
    document = read("plan.md", f"# {title}\n\n{line}\n\nDatum: 2026-01-15\n\n## Larm\n\nLarm ska besvaras.\n")
    assert (document.metadata.issuer, document.metadata.level) == (issuer, level)
