"""A document with its signals, and its metadata corrected."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from analyzer.store.convert import metadata_of
from analyzer.store.schema import DocumentRow
from tests.browser.conftest import Site, Visitor
from tests.browser.test_access import violations

pytestmark = pytest.mark.browser


@pytest.fixture
def as_guessed(site: Site) -> Iterator[None]:
    """What a test corrects is taken back: the same store serves the tests after it, in whatever order they run."""
    yield
    with site.sessions.begin() as session:
        session.get_one(DocumentRow, 2).corrected = {}


@pytest.mark.usefixtures("as_guessed")
def test_signals_are_marked_and_metadata_corrected(visitor: Visitor, site: Site) -> None:
    page = visitor.open(site)
    page.get_by_role("tab", name="Dokument").click()
    page.locator("#documents label", has_text="Beslut om hushållning").click()
    expect(page.locator("#document-head")).to_contain_text("Fil: beslut.docx · version 1")
    marked = page.locator("#document-text .highlighted .text")
    expect(marked).to_have_count(4)
    assert marked.first.inner_text() == "Polisregion Öst ska"
    expect(page.get_by_role("gridcell", name="minska", exact=True).first).to_be_visible()
    expect(page.get_by_role("gridcell", name="skyldighet").first).to_be_visible()

    page.get_by_role("button", name="Uppgifter om dokumentet").click()
    page.get_by_label("Gäller till").fill("30 juni")
    page.get_by_label("Gäller till").press("Tab")  # as a person leaves the field: Gradio sends it then at the latest
    page.get_by_role("button", name="Spara uppgifterna").click()
    expect(page.get_by_text("Gäller till går inte att läsa som datum")).to_be_visible()
    page.get_by_label("Gäller till").fill("2025-06-30")
    page.get_by_role("button", name="Spara uppgifterna").click()
    expect(page.get_by_text("Uppgifterna är sparade.")).to_be_visible()
    with site.sessions() as session:
        row = session.get_one(DocumentRow, 2)
        assert row.corrected == {"valid_to": "2025-06-30"}
        assert metadata_of(row).title == "Beslut om hushållning"

    page.get_by_role("button", name="Granska dokumentets flaggor").click()
    expect(page.get_by_text("Visar bara Beslut om hushållning.")).to_be_visible()


def test_a_clicked_signal_shows_its_frame_beside_the_text(visitor: Visitor, site: Site) -> None:
    page = visitor.open(site)
    page.get_by_role("tab", name="Dokument").click()
    page.locator("#documents label", has_text="Verksamhetsplan Öst").click()
    text, frame = page.locator("#document-text"), page.locator("#signal-frame")
    marks = text.get_by_role("button")  # words that are no signal are no buttons
    expect(marks).to_have_count(4)
    expect(marks.first).to_have_attribute("title", "Polisregion Öst · ska öka synlig närvaro · minst 40 poliser")
    expect(frame).to_contain_text("Klicka på en markerad styrsignal")

    marks.first.click()
    expect(frame.get_by_role("heading")).to_have_text("Styrsignal 1")
    shown = dict(zip(frame.locator("dt").all_inner_texts(), frame.locator("dd").all_inner_texts(), strict=True))
    assert shown["Mottagare"] == "Polisregion Öst"
    assert shown["Modalitet"] == "ska (skyldighet)"
    assert shown["Mått"] == "minst 40 poliser"
    expect(frame).to_contain_text(re.compile("Sägs inte: tidpunkt, period, .*hänvisningar"))
    expect(text.locator("[aria-pressed=true]")).to_have_text(
        "Polisregion Öst ska öka den synliga närvaron i Sjöstaden till minst 40 poliser per dygn."
    )
    assert violations(page) == []

    page.keyboard.press("ArrowDown")
    expect(marks.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(frame.get_by_role("heading")).to_have_text("Styrsignal 2")
    expect(frame.locator("dd", has_text="före allt annat")).to_be_visible()
    expect(marks.nth(1)).to_have_attribute("aria-pressed", "true")

    page.set_viewport_size({"width": 1440, "height": 200})
    page.get_by_role("gridcell", name="4", exact=True).click()
    expect(frame.get_by_role("heading")).to_have_text("Styrsignal 4")
    expect(marks.nth(3)).to_be_in_viewport()
    expect(frame).to_have_attribute("tabindex", "0")  # taller than the window now, so it scrolls
    expect(frame).to_contain_text("<b>fet</b>")
    assert violations(page) == []
