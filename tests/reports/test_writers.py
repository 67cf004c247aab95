"""The three writers of reports: the same text in each, evidence marked, and nothing that runs or is fetched."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import docx
import pytest

from analyzer.reports.layout import (
    Bullets,
    Facts,
    Grid,
    Heading,
    NewPage,
    Quote,
    Report,
    mark_evidence,
    say_named,
    say_plain,
)
from analyzer.reports.rendering import render_report
from tests.reports.reading import parse_html, read_report

FORMATS = ("docx", "pdf", "html")
HOSTILE = '<script src="//x.example/a.js"></script> & åäö \x00\x1b\u202e ≥ 3 Łódź „Ω”'
SHOWN = '<script src="//x.example/a.js"></script> & åäö ≥ 3 Łódź „Ω”'
WORDS = "Polisregion Öst ska öka närvaron i Sjöstaden."


def make_report(*, rows: int = 3, title: str = "Protokoll") -> Report:
    """A report with a block of every kind."""
    cells = tuple((f"Enhet {number} {HOSTILE}", str(number)) for number in range(rows))
    blocks = (
        Heading(1, "Första kapitlet"),
        say_plain(HOSTILE),
        Quote("A · Verksamhetsplan", mark_evidence(WORDS, [(20, 35)]), "Polisregion Öst · sida 2"),
        Bullets(("ett skäl", f"ett annat {HOSTILE}")),
        Facts((("Typ", "Motsägelse"),)),
        NewPage(),
        Heading(2, "Tabell"),
        Grid(("Enhet", "Antal"), cells, (0.7, 0.3)),
        say_named("Slut", "x" * 3000),
    )
    return Report(title, "Urval: alla", date(2026, 11, 29), blocks)


@pytest.mark.parametrize("format_", FORMATS)
def test_every_block_is_there_in_order(format_: str) -> None:
    text = read_report(render_report(make_report(), format_), format_)
    expected = ["Protokoll", "Urval: alla", "2026-11-29", "Första kapitlet", "A · Verksamhetsplan", WORDS]
    expected += ["Polisregion Öst · sida 2", "ett skäl", "Motsägelse", "Tabell", "Enhet 2", "Slut"]
    places = [text.index(words) for words in expected]
    assert places == sorted(places)


@pytest.mark.parametrize("format_", FORMATS)
def test_text_is_only_text(format_: str) -> None:
    content = render_report(make_report(title=HOSTILE), format_)
    text = read_report(content, format_)
    assert text.count(SHOWN) >= 5
    if format_ == "html":
        assert "script" not in parse_html(content).elements and b"http" not in content.replace(b"http-equiv", b"")


def test_evidence_is_marked_in_each() -> None:
    report = make_report()
    assert parse_html(render_report(report, "html")).marked == [WORDS[20:35]]
    runs = [run for p in docx.Document(io.BytesIO(render_report(report, "docx"))).paragraphs for run in p.runs]
    assert [run.text for run in runs if run.underline and run.font.highlight_color] == [WORDS[20:35]]


def test_a_long_table_and_a_long_cell_go_over_pages() -> None:
    text = read_report(render_report(make_report(rows=150), "pdf"), "pdf")
    assert all(f"Enhet {number} " in text for number in range(150)) and text.count("Enhet Antal") > 2
    assert "Sida 3 av" in text
    tall = Report("T", "S", date(2026, 1, 1), (Grid(("A", "B"), (("ord " * 4000, "1"),), (0.5, 0.5)),))
    assert "…" in read_report(render_report(tall, "pdf"), "pdf")


def test_pdf_brings_its_font_and_is_the_same_each_time() -> None:
    one, two = (render_report(make_report(), "pdf") for _ in range(2))
    assert one == two and b"/FontFile2" in one and b"DejaVuSansCondensed" in one
    assert b"/Lang (sv-SE)" in one and b"/Outlines" in one


def test_word_knows_the_language() -> None:
    with zipfile.ZipFile(io.BytesIO(render_report(make_report(), "docx"))) as archive:
        assert 'w:val="sv-SE"' in archive.read("word/styles.xml").decode()
        assert "NUMPAGES" in archive.read("word/footer1.xml").decode()
