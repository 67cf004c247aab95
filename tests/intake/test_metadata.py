"""What documents say of themselves: recovered from heads written the way Swedish authorities write them."""

from __future__ import annotations

import pytest

from analyzer.intake.dates import first_day, last_day, parse_date
from analyzer.intake.organisations import find_addressees, split_names
from analyzer.records import Metadata

from .builders import read

PLAN = """# Verksamhetsplan 2026 för Polisregion Nord

Dnr: A412.339/2025
Datum: 2025-12-03
Beslutad av: Regionpolischefen i Polisregion Nord

Denna verksamhetsplan ersätter verksamhetsplan A398.120/2024.

## Inriktning

Regionen ska prioritera landsbygden och redovisa senast den 1 oktober 2026.
"""

GUIDELINE = """# Riktlinjer för hantering av beslag

Utfärdad av: Polismyndigheten
Beslutad den 14 februari 2025
Diarienummer A77.001/2025
Mottagare: Polisregion Syd, Polisregion Väst och Nationella operativa avdelningen

Riktlinjen gäller från och med den 1 mars 2025 till och med den 28 februari 2027.

Enligt beslut A11.222/2019 ska beslag förvaras säkert.
"""

LETTER = """# Regleringsbrev för budgetåret 2027 avseende Kustbevakningen

Regeringsbeslut
2026-12-18
Fö2026/01122

Regeringen beslutar att följande ska gälla för budgetåret 2027.
"""

ASSIGNMENT = """# Uppdrag att utveckla trygghetsmätningar

Regeringen ger Polismyndigheten, Brottsförebyggande rådet (Brå) och Boverket i uppdrag att utveckla mätningar.

Uppdraget gäller till och med juni 2026.
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            PLAN,
            Metadata(
                title="Verksamhetsplan 2026 för Polisregion Nord",
                issuer="Polisregion Nord",
                document_type="verksamhetsplan",
                level="regional",
                date="2025-12-03",
                valid_from="2026-01-01",
                valid_to="2026-12-31",
                registration_number="A412.339/2025",
                replaces=("A398.120/2024",),
            ),
        ),
        (
            GUIDELINE,
            Metadata(
                title="Riktlinjer för hantering av beslag",
                issuer="Polismyndigheten",
                document_type="riktlinje",
                level="national",
                date="2025-02-14",
                valid_from="2025-03-01",
                valid_to="2027-02-28",
                registration_number="A77.001/2025",
                addressees=("Polisregion Syd", "Polisregion Väst", "Nationella operativa avdelningen"),
            ),
        ),
        (
            LETTER,
            Metadata(
                title="Regleringsbrev för budgetåret 2027 avseende Kustbevakningen",
                issuer="Regeringen",
                document_type="regleringsbrev",
                level="government decision",
                date="2026-12-18",
                valid_from="2027-01-01",
                valid_to="2027-12-31",
                registration_number="Fö2026/01122",
                addressees=("Kustbevakningen",),
            ),
        ),
        (
            ASSIGNMENT,
            Metadata(
                title="Uppdrag att utveckla trygghetsmätningar",
                issuer="Regeringen",
                document_type="regeringsuppdrag",
                level="government decision",
                valid_to="2026-06-30",
                addressees=(
                    "Polismyndigheten",
                    "Brottsförebyggande rådet",
                    "Boverket",
                ),
            ),
        ),
    ],
    ids=["plan", "guideline", "letter", "assignment"],
)
def test_heads(text: str, expected: Metadata) -> None:
    assert read("okänd.md", text.replace("\n", "\n\n")).metadata == expected


@pytest.mark.parametrize(
    ("title", "document_type", "level"),
    [
        ("Trafiklag", "lag", "law"),
        ("Lag (2031:5) om mätning", "lag", "law"),
        ("Förslag till inriktning", "plan", None),
        ("Underlag om samverkan", None, None),
        ("Mätförordning (2031:6)", "förordning", "ordinance"),
        ("Strategi för trafiksäkerhet i Västerås kommun 2025–2028", "strategi", "local"),
        ("Medborgarlöfte för Lokalpolisområde Järva 2026", "medborgarlöfte", "local"),
        ("Polismyndighetens handlingsplan mot bedrägerier", "handlingsplan", "national"),
        ("Arbetsordning för Länsstyrelsen i Uppsala län", "tjänsteföreskrift", "regional"),
    ],
)
def test_type_and_level_from_the_title(title: str, document_type: str | None, level: str | None) -> None:
    metadata = read("a.md", f"# {title}\n\nText som beskriver innehållet i stora drag.").metadata
    assert (metadata.document_type, metadata.level) == (document_type, level)


def test_names_written_small_are_found() -> None:
    to = "Till: Lokalpolisområdena Norr, Söder samt utredningssektionen"
    metadata = read("a.md", f"# Beslut för polisområde Ekhaga\n\n{to}\n\nAlla ska mäta.").metadata
    assert (metadata.issuer, metadata.level, metadata.document_type) == ("Polisområde Ekhaga", "local", "beslut")
    assert metadata.addressees == ("Lokalpolisområdena Norr", "Söder", "utredningssektionen")


def test_years_in_a_plan_title_are_its_validity() -> None:
    metadata = read("a.md", "# Strategi mot våld 2025–2028\n\nVi ska minska våldet.").metadata
    assert (metadata.valid_from, metadata.valid_to) == ("2025-01-01", "2028-12-31")


def test_other_documents_numbers_and_dates_are_not_its_own() -> None:
    text = "Enligt beslut (dnr Ju2019/01234) den 3 maj 2019 ska myndigheten redovisa den 1 juni 2030."
    metadata = read("a.md", f"# Uppdrag om mätning\n\n{text}").metadata
    assert metadata.registration_number is None
    assert metadata.date is None
    assert metadata.valid_to is None


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("mapp/plan-2026.txt", "Enheten ska mäta farten på alla vägar i länet varje månad.", "plan-2026"),
        ("a.md", "# Innehåll\n\n# Plan för trafik\n\nEnheten ska mäta.", "Plan för trafik"),
        ("a.html", "<title>Microsoft Word - utkast3.docx</title><p>Enheten ska mäta farten varje dag.</p>", "a"),
        ("a.html", "<title>Plan för trafik</title><p>Enheten ska mäta farten varje dag.</p>", "Plan för trafik"),
    ],
)  # fmt: skip
def test_titles(name: str, text: str, title: str) -> None:
    assert read(name, text).metadata.title == title


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("den 1 mars 2026", "2026-03-01"),
        ("31 februari 2026", None),
        ("Mars 2026", "2026-03"),
        ("2026-02-29", None),
        ("år 2026", "2026"),
        ("senast i vår", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert parse_date(text) == date


def test_edges_of_dates() -> None:
    assert [first_day(date) for date in ("2026", "2026-06", "2026-06-05")] == ["2026-01-01", "2026-06-01", "2026-06-05"]
    assert [last_day(date) for date in ("2026", "2024-02", "2026-12")] == ["2026-12-31", "2024-02-29", "2026-12-31"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Havs- och vattenmyndigheten, KTH och Boverket", ["Havs- och vattenmyndigheten", "KTH", "Boverket"]),
        ("Rådet för vård och omsorg (RVO) samt länsstyrelserna", ["Rådet för vård och omsorg", "länsstyrelserna"]),
        ("Rådet för miljö, areella näringar och byggande", ["Rådet för miljö, areella näringar och byggande"]),
        ("den som så önskar", []),
    ],
)  # fmt: skip
def test_names_in_a_row(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("opening", "names"),
    [
        ("Regeringen uppdrar åt Kungl. Tekniska högskolan att mäta.", ("Kungl. Tekniska högskolan",)),
        ("Tullverket får i uppdrag att mäta.", ("Tullverket",)),
        ("Kriminalvården ska utreda frågan.", ("Kriminalvården",)),
        ("Redovisningen ska lämnas in.", ()),
        ("Myndigheten ska redovisa uppdraget till Justitiedepartementet senast i maj.", ()),
    ],
)
def test_addressees(opening: str, names: tuple[str, ...]) -> None:
    assert find_addressees("", opening) == names
