"""Two readers who differ and a strategist who settles it: documents scanned, accounts added and pages served by the
commands that users give, with the models that are shipped."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from analyzer.review.decisions import history
from analyzer.store.database import open_database
from analyzer.store.queries import ConflictFilter, conflict_page
from tests.browser.conftest import PATIENCE_MS, Site, watch
from tests.browser.test_access import violations
from tests.browser.test_intake import ORDER, PLAN
from tests.browser.test_login import PASSWORD, log_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = {"gun": "granskare", "gustav": "granskare", "siv": "strateg"}
PROGRAM = Path(sys.executable).with_name("styrsignal")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The program over two documents that clash, with two reviewers and a strategist."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "plan.md").write_text(PLAN, encoding="utf-8")
    (folder / "beslut.md").write_text(ORDER, encoding="utf-8")
    (folder / "styrsignal.toml").write_text('access = "local"\ntwo_readers = true\n', encoding="utf-8")

    def run(*arguments: str, told: str = "") -> None:
        subprocess.run([PROGRAM, *arguments], cwd=folder, input=told, text=True, check=True, capture_output=True)

    run("scan", "plan.md", "beslut.md")
    for name, role in PEOPLE.items():
        run("users", "add", name, "--role", role, told=f"{PASSWORD}\n")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    serve = [PROGRAM, "serve", "--port", str(port)]
    with (folder / "log").open("wb") as log, subprocess.Popen(serve, cwd=folder, stdout=log, stderr=log) as program:
        try:
            wait_for(port, program)
            site = Site(f"http://127.0.0.1:{port}", open_database(str(folder / "styrsignal.db")))
            yield site
        finally:
            program.terminate()
    refused = "the server responded with a status of 500"  # how Gradio's page is told that a handler said no
    assert site.foreign == [] and [told for told in site.complaints if refused not in told] == []


def wait_for(port: int, program: subprocess.Popen[bytes]) -> None:
    """Until the program answers at its port."""
    limit = time.monotonic() + 60
    while True:
        assert program.poll() is None and time.monotonic() < limit, "the program did not start"
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


@contextmanager
def at_screen(browser: Browser, office: Site, name: str, path: str = "/") -> Iterator[Page]:
    """A person in a browser of their own, logged in."""
    context = browser.new_context(locale="sv-SE", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    watch(context, office)
    page = context.new_page()
    page.goto(office.address + path)
    log_in(page, name)
    expect(page.locator("#who")).to_contain_text(name)
    yield page
    context.close()


def test_two_readers_differ_and_a_strategist_settles_it(browser: Browser, office: Site) -> None:
    with office.sessions() as session:
        first = conflict_page(session, ConflictFilter(), limit=1)[0].pair.id

    with at_screen(browser, office, "gun", f"/?par={first}") as page:
        expect(page.locator("#verdict")).to_contain_text("Öppen")
        page.keyboard.press("b")
        expect(page.get_by_text(f"Bekräftad: par {first}")).to_be_visible()

    with at_screen(browser, office, "gustav", f"/?par={first}") as page:
        expect(page.locator("#verdict")).to_contain_text("Öppen")
        expect(page.locator("#history")).to_contain_text("En annan läsare har läst paret.")
        expect(page.locator("#history")).not_to_contain_text("gun")
        page.keyboard.press("c")
        expect(page.locator("#comment textarea")).to_be_focused()
        page.keyboard.type("Besluten gäller olika delar av året.")
        page.keyboard.press("Escape")
        page.keyboard.press("a")
        expect(page.get_by_role("button", name="Tiderna möts inte (2)")).to_be_visible()
        page.keyboard.press("2")
        expect(page.get_by_text(f"Avfärdad: par {first}")).to_be_visible()

    with at_screen(browser, office, "siv") as page:
        page.get_by_role("link", name="1 där läsarna är oense").click()
        expect(page.locator("#queue label")).to_have_count(1)
        expect(page.locator("#verdict")).to_contain_text("Oense läsare")
        dispute = page.locator(".reasons:visible")
        expect(dispute).to_contain_text("gun: Bekräftad")
        expect(dispute).to_contain_text("gustav: Avfärdad (Tiderna möts inte): Besluten gäller olika delar av året.")
        assert violations(page) == []

        settle = page.get_by_role("button", name="Avgör", exact=True)
        page.get_by_label("Avgörande").click()
        page.get_by_role("option", name="Bekräfta", exact=True).click()
        settle.click()
        expect(page.get_by_role("alert")).to_contain_text("Ett avgörande motiveras")
        page.locator("#comment textarea").fill("Båda gäller hela 2026.")
        settle.click()
        expect(page.get_by_text(f"Bekräftad: par {first}")).to_be_visible()
        expect(page.locator("#history")).to_contain_text(re.compile("siv.*avgörande.*Båda gäller hela 2026"))

        page.get_by_role("button", name="Fördelning och samstämmighet").click()
        page.get_by_role("button", name="Räkna nu").click()
        agreed = page.get_by_role("row", name=re.compile("^Alla"))
        expect(agreed.get_by_role("cell")).to_have_text(["Alla", "1", "0 (0 %)", "0,00"])
        page.get_by_role("tab", name="Översikt").click()
        expect(page.locator("#waiting")).to_contain_text("0 där läsarna är oense")
        assert violations(page) == []

    with office.sessions() as session:
        acts = [(row.reviewer, row.decision, row.kind) for row in history(session, first)]
    assert acts == [
        ("gun", "confirm", "reading"),
        ("gustav", "dismiss", "reading"),
        ("siv", "confirm", "adjudication"),
    ]
