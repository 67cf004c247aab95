"""Every page in light and dark, in both languages, against the rules of WCAG 2.1 AA."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Visitor

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
TABS = ("Översikt", "Granska", "Dokument", "Ladda upp", "Pröva utkast", "Export")


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_the_rules(visitor: Visitor, site: Site, scheme: Literal["light", "dark"]) -> None:
    page = visitor.open(site, scheme=scheme)
    broken: dict[str, list[str]] = {}
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        if tab == "Granska":
            page.keyboard.press("a")
            expect(page.get_by_role("button", name="Annat skäl")).to_be_visible()
        if tab == "Dokument":
            page.locator("#documents label").first.click()
            expect(page.locator("#document-text")).to_be_visible()
            page.get_by_role("button", name="Uppgifter om dokumentet").click()
            expect(page.get_by_label("Diarienummer", exact=True)).to_be_visible()
        page.wait_for_timeout(300)  # the theme fades; colours are judged when they have settled
        broken[tab] = violations(page)
    assert broken == {tab: [] for tab in TABS}


def test_an_empty_store_is_usable_too(visitor: Visitor, empty_site: Site) -> None:
    page = visitor.open(empty_site)
    expect(page.get_by_text("Databasen är tom.")).to_be_visible()
    for tab in ("Granska", "Dokument"):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(300)
        assert violations(page) == []


def test_english_by_choice(visitor: Visitor, site: Site) -> None:
    page = visitor.open(site)
    page.get_by_role("link", name="English").click()
    page.get_by_role("tab", name="Review").click()
    expect(page.locator("#verdict h2")).to_have_text("Contradiction · 97% · clear")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_role("tab", name="Upload").click()
    expect(page.get_by_text("Drop File Here")).to_be_visible()
    page.get_by_role("link", name="Svenska").click()
    page.get_by_role("tab", name="Ladda upp").click()
    expect(page.get_by_text("Släpp fil här")).to_be_visible()
