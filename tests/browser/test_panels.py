"""The panels around a pair by keyboard alone and against the rules; every page at other sizes and at 200 % zoom."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site, Visitor
from tests.browser.test_access import TABS, violations

pytestmark = pytest.mark.browser

#: Width and height in CSS pixels; the last is 1280 × 720 at 200 % zoom.
SIZES = ((1280, 720), (1920, 1080), (640, 360))
#: Controls of the page that something else lies over when they are brought into view, by the words on them.
COVERED = """() => [...document.querySelectorAll("button, a[href], input, textarea")].filter((element) => {
  if (element.closest(".visually-hidden")) return false; // Gradio measures tabs by a copy of them
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
  element.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  const box = element.getBoundingClientRect();
  if (box.width < 2 || box.height < 2) return false;
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return !hit || !(element.contains(hit) || hit.contains(element) || element.closest("label")?.contains(hit));
}).map((element) => `${element.tagName} ${element.innerText || element.ariaLabel || element.id}`)"""


#: How often something is tried again.
TRIES = 10


def press(page: Page, control: Locator, *keys: str) -> None:
    """Go to a control and press keys there."""
    control.focus()
    for key in keys:
        if key.startswith("Arrow"):
            # On a busy machine the list opens a while after its field has the focus.
            expect(control).to_have_attribute("aria-expanded", "true")
        page.keyboard.press(key)


def choose(page: Page, control: Locator, wanted: str, *keys: str) -> None:
    """Press keys in a list until it holds what begins with `wanted`, and keeps it: a panel that was opened just now is
    still being filled, which empties its lists again."""
    for _ in range(TRIES):
        press(page, control, *keys)
        page.wait_for_timeout(500)
        if control.input_value().startswith(wanted):
            return
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")


def open_tab(page: Page, name: str) -> None:
    """Open a page by keyboard; where the window is narrow its tab may be in a menu."""
    tab = page.get_by_role("tab", name=name)
    if not tab.count():
        press(page, page.get_by_role("button", name="Fler sidor"), "Enter")
        tab = page.locator(".overflow-dropdown button", has_text=name)
    press(page, tab, "Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_panels_are_worked_by_keyboard_alone(visitor: Visitor, site: Site, scheme: Literal["light", "dark"]) -> None:
    page = visitor.open(site, scheme=scheme)
    press(page, page.get_by_role("tab", name="Granska"), "Enter")
    expect(page.locator("#verdict h2")).to_be_visible()
    press(page, page.get_by_role("button", name="Fler filter"), "Enter")
    named = page.get_by_role("button", name="Spara vyn")
    press(page, page.get_by_label("Namn på urvalet"))
    page.keyboard.type("Mina målkonflikter")
    page.keyboard.press("Tab")
    expect(named).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vyn Mina målkonflikter är sparad.")).to_be_visible()
    press(page, page.get_by_role("button", name="Ta bort vyn"), "Enter")
    expect(page.get_by_text("Vyn Mina målkonflikter är borttagen.")).to_be_visible()

    press(page, page.get_by_label("Paret är tilldelat"), "ArrowDown", "Enter")
    expect(page.get_by_text("Par 1 är tilldelat granskare.")).to_be_visible()
    press(page, page.get_by_label("Paret är tilldelat"), "ArrowUp", "Enter")
    expect(page.get_by_text("Par 1 är inte längre tilldelat någon.")).to_be_visible()

    press(page, page.get_by_role("button", name="Åtgärda hela urvalet"), "Enter")
    choose(page, page.get_by_label("Åtgärd", exact=True), "Avfärda", "ArrowDown", "Enter")
    press(page, page.get_by_role("button", name="Räkna flaggorna"), "Enter")
    expect(page.get_by_text("4 flaggor: Avfärda: ")).to_be_visible()
    press(page, page.get_by_role("button", name="Fördelning och samstämmighet"), "Enter")
    press(page, page.get_by_role("button", name="Räkna nu"), "Enter")
    expect(page.locator(".prose.people")).to_contain_text("Inget par har ännu lästs av två.")

    press(page, page.get_by_role("button", name="Ändra tangenter"), "Enter")
    following = page.get_by_label("Nästa", exact=True)
    press(page, following, "Control+a")
    page.keyboard.type("x")
    press(page, page.get_by_role("button", name="Spara tangenterna"), "Enter")
    expect(page.get_by_text("Tangenterna är sparade.")).to_be_visible()
    page.wait_for_timeout(300)  # the theme fades; colours are judged when they have settled
    assert violations(page) == []
    press(page, page.get_by_role("tab", name="Granska"), "x")
    expect(page.locator("#verdict h2")).to_have_text("Prioriteringskonflikt · 81 % · tydlig")
    press(page, page.get_by_role("button", name="Återställ"), "Enter")
    expect(page.get_by_role("button", name="Nästa (N)")).to_be_visible()


def test_pages_fit_other_sizes_and_nothing_is_covered(visitor: Visitor, site: Site) -> None:
    page = visitor.open(site)
    found: dict[str, list[str]] = {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for tab in TABS:
            open_tab(page, tab)
            if tab == "Dokument":
                page.locator("#documents label").first.click()
                expect(page.locator("#document-text")).to_be_visible()
            page.wait_for_timeout(400)  # charts are drawn anew
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found[f"{tab} {width} × {height}"] = [*([f"{wider} wider"] if wider > 0 else []), *page.evaluate(COVERED)]
    assert {place: told for place, told in found.items() if told} == {}
