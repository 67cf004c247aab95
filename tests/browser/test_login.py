"""Logging in, what each role sees, and the administrator's page; by keyboard, and against the rules of WCAG 2.1 AA."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from analyzer.accounts.audit import audit_rows
from analyzer.accounts.users import add_user
from tests.browser.conftest import PATIENCE_MS, Site, start_site, watch
from tests.browser.test_access import violations

pytestmark = pytest.mark.browser
PASSWORD = "korrekt häst batteri"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with accounts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STYRSIGNAL_ACCESS", "local")
        site, server, thread = start_site(tmp_path_factory.mktemp("login") / "store.db", planted=True)
    with site.sessions.begin() as session:
        for name, role in (("rut", "reader"), ("ada", "administrator")):
            add_user(session, name, role, PASSWORD)
    yield site
    server.should_exit = True
    thread.join(30)
    assert site.foreign == []


@pytest.fixture(params=["light", "dark"])
def person(request: pytest.FixtureRequest, browser: Browser, guarded: Site) -> Iterator[BrowserContext]:
    """Somebody who has not logged in."""
    scheme: Literal["light", "dark"] = request.param
    context = browser.new_context(locale="sv-SE", viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    context.set_default_timeout(PATIENCE_MS)
    watch(context, guarded)
    yield context
    context.close()


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Fill in the form by keyboard alone; it has the focus."""
    expect(page.get_by_label("Namn")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_reader_is_led_to_the_pair_and_out_again(person: BrowserContext, guarded: Site) -> None:
    page = person.new_page()
    page.goto(guarded.address + "/?par=2")
    assert violations(page) == []
    log_in(page, "rut", "fel lösenord")
    expect(page.get_by_role("alert")).to_have_text("Namnet eller lösenordet stämmer inte.")
    expect(page.get_by_label("Lösenord")).to_be_focused()
    assert violations(page) == []
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#who")).to_contain_text("rut (läsare)")
    expect(page.get_by_role("tab", name="Granska")).to_have_attribute("aria-selected", "true")
    for tab in ("Ladda upp", "Konton och logg"):
        expect(page.get_by_role("tab", name=tab)).to_have_count(0)
    page.wait_for_timeout(300)
    assert violations(page) == []
    for control in ("Bekräfta (B)", "Ångra (Z)", "Åtgärda hela urvalet"):
        expect(page.get_by_role("button", name=control)).to_have_count(0)
    expect(page.get_by_label("Kommentar till beslutet")).to_be_hidden()
    expect(page.get_by_text("Tangenter: N/J = Nästa · P/K = Föregående · S// = Sök")).to_be_visible()
    page.keyboard.press("b")
    page.locator("#do-confirm").dispatch_event("click")  # a reader who goes round what is hidden
    expect(page.get_by_role("alert")).to_contain_text("Din roll (läsare) får inte göra det här.")
    assert violations(page) == []
    page.locator("#log-out").click()
    expect(page.get_by_text("Du är utloggad.")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Namn")).to_be_visible()
    with guarded.sessions() as session:
        assert [row.act for row in audit_rows(session, person="rut", limit=3)] == ["logout", "login", "login_failed"]


def test_administrator_adds_an_account_and_reads_the_log(person: BrowserContext, guarded: Site) -> None:
    page = person.new_page()
    page.goto(guarded.address)
    log_in(page, "ada")
    page.get_by_role("tab", name="Konton och logg").click()
    expect(page.locator("#log-chain")).to_contain_text("Loggen är hel")
    page.wait_for_timeout(300)
    assert violations(page) == []
    with guarded.sessions() as session:
        name = f"ny{len(audit_rows(session))}"
    page.locator("#account-name input, #account-name textarea").fill(name)
    page.locator("#account-password input").fill("ett bra lösenord")
    page.locator("#account-add").click()
    expect(page.locator("#account-notice")).to_contain_text(f"Kontot {name} är tillagt.")
    expect(page.locator("#accounts-log")).to_contain_text("Lade till konto")
    expect(page.locator("#account-password input")).to_have_value("")


def test_own_password_is_changed_by_keyboard(person: BrowserContext, guarded: Site) -> None:
    with guarded.sessions() as session:
        name = f"eva{len(audit_rows(session))}"
    with guarded.sessions.begin() as session:
        add_user(session, name, "reviewer", PASSWORD)
    page = person.new_page()
    page.goto(guarded.address)
    log_in(page, name)
    page.locator("#own-password").focus()
    page.keyboard.press("Enter")
    for old, told in (("fel lösenord", "stämmer inte"), (PASSWORD, "Lösenordet är bytt.")):
        expect(page.get_by_label("Nuvarande lösenord")).to_be_focused()
        assert violations(page) == []
        for words in (old, "helt andra ord nu", "helt andra ord nu"):
            page.keyboard.type(words)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text(told)).to_be_visible()
        assert violations(page) == []
    page.get_by_role("link", name="Tillbaka till styrsignal").click()
    expect(page.locator("#who")).to_contain_text(f"{name} (granskare)")


def test_link_in_a_letter_is_followed_by_whoever_is_logged_in(person: BrowserContext, guarded: Site) -> None:
    page = person.new_page()
    page.goto(guarded.address)
    log_in(page, "rut")
    expect(page.locator("#who")).to_contain_text("rut")
    letter = person.new_page()
    letter.set_content(f'<a href="{guarded.address}/?par=3">Paret</a>')
    letter.get_by_text("Paret").click()
    expect(letter.locator("#who")).to_contain_text("rut")
    expect(letter.get_by_role("tab", name="Granska")).to_have_attribute("aria-selected", "true")
