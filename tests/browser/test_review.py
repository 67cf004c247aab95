"""The review journey, by mouse and by keyboard alone."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from analyzer.review.decisions import history
from analyzer.store.schema import CommentDraftRow
from tests.browser.conftest import PATIENCE_MS, Site, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visitor: Visitor, site: Site) -> Page:
    return visitor.open(site)


def review(page: Page) -> None:
    """Open the review page."""
    page.get_by_role("tab", name="Granska").click()
    expect(verdict(page)).to_be_visible()


def verdict(page: Page):  # type: ignore[no-untyped-def]
    return page.locator("#verdict h2")


def decisions(site: Site, pair_id: int) -> list[tuple[str, str | None, str | None]]:
    with site.sessions() as session:
        return [(row.decision, row.reason, row.comment) for row in history(session, pair_id)]


def drafts(site: Site) -> list[str]:
    """Comments that are kept and not yet decided with."""
    with site.sessions() as session:
        return list(session.scalars(select(CommentDraftRow.text)))


def wait_for(page: Page, holds: Callable[[], bool]) -> None:
    """Until something in the store holds."""
    limit = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < limit
        page.wait_for_timeout(50)


def test_both_passages_stand_in_their_context_with_evidence_marked(page: Page) -> None:
    review(page)
    expect(verdict(page)).to_have_text("Motsägelse · 97 % · tydlig")
    left, right = page.locator(".side").nth(0), page.locator(".side").nth(1)
    expect(left.locator("h3")).to_have_text("Verksamhetsplan Öst")
    expect(left).to_contain_text("Polisregion Öst · regional · 2025-01-15 · sida 2, stycke 2")
    expect(left).to_contain_text("Inriktning för året")
    expect(left).to_contain_text("Läget i regionen har varit stabilt under hösten.")
    expect(right).to_contain_text("Rikspolischefen · nationell · 2025-02 · stycke 2")
    expect(right).to_contain_text("Hushållning › Personal")
    evidence = page.locator('.highlighted[style*="255, 213, 74"] .text')
    assert evidence.all_inner_texts() == ["öka den synliga närvaron", "ska", "minska den synliga närvaron"]
    expect(page.get_by_text("Riktningarna är motsatta.")).to_be_visible()
    expect(page.get_by_text("B går före A: nationell nivå står över regional nivå.")).to_be_visible()
    expect(page.get_by_text("om A riktades till någon annan än Polisregion Öst.")).to_be_visible()


def test_text_from_documents_is_only_text(page: Page) -> None:
    review(page)
    page.locator("#queue label").nth(3).click()
    expect(verdict(page)).to_have_text("Målkonflikt · 55 % · spänning")
    expect(page.locator(".side").first).to_contain_text("<img src=x onerror=alert(1)> [klicka](https://example.com)")
    assert page.locator('main img[src="x"], main a[href*="example.com"], .side b').count() == 0


def test_mouse_confirms_dismisses_with_a_reason_and_undoes(page: Page, site: Site) -> None:
    review(page)
    page.get_by_label("Kommentar till beslutet").fill("Krockar *rakt* av.")
    page.get_by_role("button", name="Bekräfta").click()
    expect(verdict(page)).to_have_text("Prioriteringskonflikt · 81 % · tydlig")
    assert decisions(site, 1) == [("confirm", None, "Krockar *rakt* av.")]
    expect(page.locator("#queue label").first).to_contain_text("✓ Bekräftad")
    expect(page.get_by_label("Kommentar till beslutet")).to_have_value("")

    page.get_by_role("button", name="Avfärda").click()
    assert decisions(site, 2) == []
    page.get_by_role("button", name="Olika mottagare").click()
    expect(verdict(page)).to_have_text("Ansvarskonflikt · 74 % · tydlig")
    assert decisions(site, 2) == [("dismiss", "addressee", None)]

    page.get_by_role("button", name="Ångra").click()
    expect(verdict(page)).to_have_text("Prioriteringskonflikt · 81 % · tydlig")
    expect(page.get_by_text("Ångrade beslutet om par 2; det är nu öppen.")).to_be_visible()
    assert decisions(site, 2)[-1][:2] == ("reopen", "undo")

    page.locator("#queue label").first.click()
    expect(page.get_by_text("Krockar *rakt* av.")).to_be_visible()
    page.get_by_role("button", name="Ångra").click()
    expect(page.get_by_text("Ångrade beslutet om par 1; det är nu öppen.")).to_be_visible()


def test_keyboard_alone_does_the_same(page: Page, site: Site) -> None:
    page.get_by_role("tab", name="Översikt").focus()
    page.keyboard.press("ArrowRight")
    if page.get_by_role("tab", name="Granska").get_attribute("aria-selected") != "true":
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    expect(verdict(page)).to_have_text("Motsägelse · 97 % · tydlig")
    page.keyboard.press("j")
    expect(verdict(page)).to_have_text("Prioriteringskonflikt · 81 % · tydlig")
    page.keyboard.press("p")
    expect(verdict(page)).to_have_text("Motsägelse · 97 % · tydlig")

    page.keyboard.press("d")
    expect(verdict(page)).to_have_text("Prioriteringskonflikt · 81 % · tydlig")
    assert decisions(site, 1)[-1][0] == "duplicate"
    page.keyboard.press("o")
    expect(verdict(page)).to_have_text("Ansvarskonflikt · 74 % · tydlig")
    assert decisions(site, 2)[-1][0] == "unsure"

    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Annat skäl (9)")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Annat skäl (9)")).to_be_hidden()
    page.keyboard.press("9")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Annat skäl (9)")).to_be_visible()
    page.keyboard.press("3")
    expect(verdict(page)).to_have_text("Målkonflikt · 55 % · spänning")
    assert decisions(site, 3) == [("dismiss", "exception", None)]
    page.keyboard.press("b")
    expect(page.get_by_text("Bekräftad: par 4. Det var det sista i urvalet.")).to_be_visible()

    for pair_id in (4, 3, 2, 1):
        page.keyboard.press("z")
        expect(page.get_by_text(f"Ångrade beslutet om par {pair_id}")).to_be_visible()
        assert decisions(site, pair_id)[-1][1] == "undo"


def test_keys_are_letters_again_where_one_writes(page: Page, site: Site) -> None:
    review(page)
    before = [decisions(site, pair_id) for pair_id in (1, 2, 3, 4)]
    page.get_by_label("Kommentar till beslutet").press_sequentially("badzo")
    expect(page.get_by_label("Kommentar till beslutet")).to_have_value("badzo")
    assert [decisions(site, pair_id) for pair_id in (1, 2, 3, 4)] == before


def test_what_is_typed_is_kept_now_and_then_and_when_the_field_is_left(page: Page, site: Site) -> None:
    review(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or "") if request.method == "POST" else None)
    page.keyboard.press("c")
    begun = time.monotonic()
    page.keyboard.type("Gäller bara under hösten, se det senare beslutet.", delay=20)
    page.keyboard.press("Escape")
    seconds = time.monotonic() - begun

    def kept() -> list[str]:
        return [body for body in asked if "bara under" in body]

    # The store may have it before this program is told of the request.
    wait_for(page, lambda: drafts(site) == ["Gäller bara under hösten, se det senare beslutet."] and kept() != [])
    assert len(kept()) <= seconds + 1, "about once a second, not once a key"
    page.get_by_label("Kommentar till beslutet").clear()
    wait_for(page, lambda: drafts(site) == [])


def test_filters_narrow_the_list(page: Page) -> None:
    review(page)
    expect(page.locator("#queue label")).to_have_count(4)
    page.get_by_label("Ord i texten").fill("bemanna gruppen")
    page.get_by_label("Ord i texten").press("Enter")
    expect(page.locator("#queue label")).to_have_count(1)
    expect(verdict(page)).to_have_text("Prioriteringskonflikt · 81 % · tydlig")
    page.get_by_label("Ord i texten").fill("finns inte")
    page.get_by_label("Ord i texten").press("Enter")
    expect(page.get_by_text("Inga flaggor i urvalet.")).to_be_visible()


def test_a_link_opens_one_pair(visitor: Visitor, site: Site) -> None:
    page = visitor.open(site, "/?par=3")
    expect(verdict(page)).to_have_text("Ansvarskonflikt · 74 % · tydlig")
    assert page.get_by_role("link", name="länk till paret").get_attribute("href") == "/?par=3"
    page.goto(f"{site.address}/?par=4711")
    expect(page.get_by_text("Par 4711 finns inte längre bland flaggorna")).to_be_visible()


def test_the_overview_leads_into_the_queue(page: Page) -> None:
    page.locator("#overview-types").get_by_role("link", name="Ansvarskonflikt").click()
    expect(verdict(page)).to_have_text("Ansvarskonflikt · 74 % · tydlig")
    expect(page.locator("#queue label")).to_have_count(1)
    page.get_by_role("tab", name="Översikt").click()
    page.locator("#overview-pairs").get_by_role("link").first.click()
    expect(page.get_by_text("Visar bara Verksamhetsplan Öst ↔ Beslut om hushållning.")).to_be_visible()
    expect(page.locator("#queue label")).to_have_count(4)
