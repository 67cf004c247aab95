"""A document with its signals, and its metadata corrected."""

import pytest
from playwright.sync_api import expect

from analyzer.store.convert import metadata_of
from analyzer.store.schema import DocumentRow
from tests.browser.conftest import Site, Visitor

pytestmark = pytest.mark.browser


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
