"""Figures lead into the queue and answers into documents: by mouse, by keyboard, and as addresses."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Site, Visitor
from tests.browser.test_access import violations

pytestmark = pytest.mark.browser

#: A second filling would have begun by then. The page keeps a line open to the server, so the network is never idle.
SETTLED_MS = 1500


def scope_told(page: Page, words: str, flags: int) -> None:
    """The queue is open with this scope and so many flags."""
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.locator("#queue label")).to_have_count(flags)


def click_point(page: Page, plot: str, point: str) -> None:
    """Click the middle of a part of a chart, where its hover layer lies over it."""
    mark = page.locator(f"{plot} {point}").first
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    page.mouse.click(x, y)


def test_bars_cells_and_edges_lead_into_the_queue(visitor: Visitor, site: Site) -> None:
    page = visitor.open(site)
    expect(page.locator("#overview-types a").first).to_be_visible()
    click_point(page, "#plot-types", ".bars .point path >> nth=2")
    expect(page.get_by_role("tab", name="Granska")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#queue label")).to_have_count(1)

    page.get_by_role("tab", name="Översikt").click()
    click_point(page, "#plot-pairs", ".heatmap-label >> nth=1")
    scope_told(page, "Visar bara Verksamhetsplan Öst ↔ Beslut om hushållning.", 4)

    page.get_by_role("tab", name="Översikt").click()
    click_point(page, "#plot-network", ".scatterlayer .points path >> nth=0")
    scope_told(page, "Visar bara Verksamhetsplan Öst ↔ Beslut om hushållning.", 4)


def test_links_lead_by_keyboard_and_without_a_new_page(visitor: Visitor, site: Site) -> None:
    page = visitor.open(site)
    page.evaluate("window.kept = true")
    link = page.locator("#overview-types a", has_text="Ansvarskonflikt")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#queue label")).to_have_count(1)
    for _twice in range(2):  # the same way leads there again
        page.get_by_role("tab", name="Översikt").click()
        page.locator("#overview-unit-pairs a").first.click()
        expect(page.get_by_text("Visar bara ")).to_be_visible()
        page.get_by_role("button", name="Visa alla", exact=True).click()
        expect(page.get_by_text("Visar bara ")).to_be_hidden()
    assert page.evaluate("window.kept") is True


def test_an_address_opens_its_flags_and_its_document(visitor: Visitor, site: Site) -> None:
    page = visitor.open(site, "/?vy=granska&dokument=1&dokument=2&typ=priority")
    scope_told(page, "Visar bara Verksamhetsplan Öst ↔ Beslut om hushållning.", 1)
    page.goto(f"{site.address}/?vy=dokument&dokument=2&signal=1")
    expect(page.locator("#document-head")).to_contain_text("Beslut om hushållning")
    expect(page.locator("#signal-frame h3")).to_have_text("Styrsignal 2")


def test_search_leads_to_the_signal_and_on_to_its_flags(visitor: Visitor, site: Site) -> None:
    page = visitor.open(site)
    page.get_by_role("tab", name="Dokument").click()
    page.locator("#signal-search textarea, #signal-search input").fill('minskar "högst 30"')
    page.keyboard.press("Enter")
    expect(page.locator("#search-note")).to_have_text("Träff 1–1 av 1")
    expect(page.locator("#search-hits mark")).to_have_text(["minska", "högst", "30"])
    assert violations(page) == []
    page.locator("#search-hits a").click()
    expect(page.locator("#signal-frame h3")).to_have_text("Styrsignal 1")
    assert violations(page) == []
    page.locator("#signal-nearest a").first.click()
    scope_told(page, "Visar bara den valda styrsignalen.", 2)
    expect(page.get_by_role("tab", name="Granska")).to_have_attribute("aria-selected", "true")
    assert violations(page) == []


def test_the_overview_is_counted_once_on_arrival_and_once_on_return(visitor: Visitor, site: Site) -> None:
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    context = visitor.context(site, "light")
    context.on("request", note)
    page = visitor.open(site)
    expect(page.locator("#overview-types a").first).to_be_visible()
    page.wait_for_timeout(SETTLED_MS)
    config = page.evaluate("window.gradio_config")
    figures = next(one["id"] for one in config["components"] if one["props"].get("elem_id") == "figures")
    fills = {one["id"] for one in config["dependencies"] if figures in one["outputs"]}

    def counted() -> int:
        return sum(one.method == "POST" and (one.post_data_json or {}).get("fn_index") in fills for one in asked)

    assert counted() == 1
    page.get_by_role("tab", name="Granska").click()
    with page.expect_response("**/run/predict*"):
        page.get_by_role("tab", name="Översikt").click()
    page.wait_for_timeout(SETTLED_MS)
    context.remove_listener("request", note)
    assert counted() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 2560])
def test_the_overview_fits_and_is_accessible(visitor: Visitor, site: Site, scheme: str, width: int) -> None:
    page = visitor.open(site, scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    expect(page.locator("#plot-network .js-plotly-plot")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert violations(page) == []


def test_paper_holds_the_pair_and_no_controls(visitor: Visitor, site: Site) -> None:
    page = visitor.open(site, "/?par=1")
    expect(page.locator("#verdict h2")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#verdict h2")).to_be_visible()
    expect(page.locator(".side .passage").first).to_be_visible()
    for hidden in ("#queue", "#do-confirm", ".filters >> nth=0", "[role=tablist] >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()
    page.emulate_media(media="screen")
