"""Uploads and draft checks on the real stages with the models that are shipped."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analyzer.store.queries import active_documents, counts
from tests.browser.conftest import Site, Visitor
from tests.browser.test_access import violations
from tests.reports.reading import read_report
from tests.store.samples import store_sample

pytestmark = pytest.mark.browser

#: A job loads its models in a process of its own.
PATIENCE_MS = 120_000

PLAN = """# Verksamhetsplan för polisregion Öst

Polisregion Öst, 2026-01-15

## Närvaro

Polisregion Öst ska öka den synliga närvaron i Sjöstaden till minst 40 poliser per dygn under 2026.

Polisregion Öst ska redovisa antalet trafikkontroller senast den 1 mars 2026.
"""
ORDER = """# Beslut om hushållning i polisregion Öst

Rikspolischefen, 2026-02-01

## Personal

Polisregion Öst ska minska den synliga närvaron i Sjöstaden till högst 30 poliser per dygn under 2026.
"""
DRAFT = """# Utkast till beslut om närvaro i Sjöstaden

## Beslut

Polisregion Öst får inte öka den synliga närvaron i Sjöstaden under 2026.
"""
UNRELATED = """# Utkast till rutin för biblioteket

## Rutin

Skolbiblioteket i Lindköping ska hålla öppet på lördagar.
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Paths of the files to upload, by name."""
    folder = tmp_path_factory.mktemp("files")
    texts = {"plan-öst.md": PLAN, "beslut.md": ORDER, "utkast.md": DRAFT, "bibliotek.md": UNRELATED}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "program.pdf").write_bytes(b"MZ\x90\x00" + bytes(400))
    return {path.name: str(path) for path in folder.iterdir()}


def check_draft(page: Page, path: str) -> None:
    """Choose a file on the draft page and have it checked."""
    page.get_by_role("tab", name="Pröva utkast").click()
    page.locator("#draft-file input[type=file]").set_input_files(path)
    expect(page.locator("#draft-file")).to_contain_text(Path(path).stem)
    page.locator("#draft-start").click()
    expect(page.get_by_text(re.compile("styrsignal(er)? jämfördes med"))).to_be_visible(timeout=PATIENCE_MS)


def limit(page: Page, share: int) -> None:
    """Show what is at least this likely, in per cent."""
    box = page.get_by_label("number input for Visa från sannolikhet")
    box.fill(str(share))
    box.blur()


def test_from_files_to_flags_to_a_checked_draft(visitor: Visitor, empty_site: Site, files: dict[str, str]) -> None:
    page = visitor.open(empty_site)
    page.get_by_role("tab", name="Ladda upp").click()
    page.locator("#upload-start").click()
    expect(page.get_by_text("Välj minst en fil.")).to_be_visible()
    chosen = [files[name] for name in ("plan-öst.md", "beslut.md", "program.pdf")]
    page.locator("#upload-files input[type=file]").set_input_files(chosen)
    expect(page.locator("#upload-files")).to_contain_text("program")
    page.locator("#upload-start").click()
    expect(page.locator("#upload-progress")).to_contain_text("2 dokument lästes, 1 fil eller post", timeout=PATIENCE_MS)
    skipped = page.locator("#upload-skipped [role=gridcell]")
    expect(skipped.first).to_have_text("program.pdf")
    assert len(skipped.nth(1).inner_text()) > 20
    with empty_site.sessions() as session:
        assert counts(session)["documents"] == 0, "stored before anybody agreed"
    title = page.get_by_label("Titel")
    expect(title).to_have_value("Beslut om hushållning i polisregion Öst")
    title.fill("Beslut om hushållning")
    page.locator("#upload-document input").click()
    page.get_by_role("option", name="Verksamhetsplan").click()
    expect(title).to_have_value("Verksamhetsplan för polisregion Öst")
    page.wait_for_timeout(300)  # the theme fades; colours are judged when they have settled
    assert violations(page) == []
    page.locator("#upload-save").focus()
    page.keyboard.press("Enter")
    done = page.locator("#upload-progress")
    expect(done).to_contain_text("2 dokument lästes, 1 kunde inte läsas.", timeout=PATIENCE_MS)
    expect(done).to_contain_text("par bedömdes")
    expect(page.locator("#upload-documents")).to_contain_text("Beslut om hushållning")
    expect(page.locator("#upload-documents")).to_contain_text("Verksamhetsplan för polisregion Öst")
    with empty_site.sessions() as session:
        assert [row.source for row in active_documents(session)] == ["beslut.md", "plan-öst.md"]
        before = counts(session)
    assert before["documents"] == 2 and before["signals"] >= 3

    page.get_by_role("button", name="Granska dokumentens flaggor").click()
    expect(page.locator("#verdict h2")).to_be_visible()
    expect(page.locator(".side").first).to_contain_text("Sjöstaden")

    check_draft(page, files["utkast.md"])
    limit(page, 0)
    expect(page.locator("#draft-progress")).to_contain_text("möjliga konflikter från 0")
    first = page.locator("#draft-list label").first
    expect(first).to_contain_text("Utkastet")
    expect(page.locator(".side:visible").first).to_contain_text("Sjöstaden")
    for format_, start in (("DOCX", b"PK"), ("PDF", b"%PDF"), ("HTML", b"<!DOCTYPE html>")):
        with page.expect_download() as fetched:
            page.get_by_role("link", name=f"Hämta rapport ({format_})").click()
        assert Path(fetched.value.path()).read_bytes().startswith(start)
        name = fetched.value.suggested_filename
        assert name == f"Prövning av Utkast till beslut om närvaro i Sjöstaden.{format_.lower()}"
    limit(page, 100)
    expect(page.locator("#draft-progress")).to_contain_text("inga konflikter funna")
    expect(first).to_be_hidden()
    check_draft(page, files["bibliotek.md"])
    with empty_site.sessions() as session:
        assert counts(session) == before, "a draft was stored"


def test_a_name_that_is_taken_is_asked_about(visitor: Visitor, empty_site: Site, tmp_path: Path) -> None:
    with empty_site.sessions() as session:
        known = {row.key for row in active_documents(session)}
    if "beslut.md" not in known:  # this test runs alone
        store_sample(empty_site.sessions, "beslut.md", ["Polisregion Syd ska öka närvaron."])
    with empty_site.sessions() as session:
        before = {row.key: row.version for row in active_documents(session)}
    path = tmp_path / "beslut.md"
    path.write_text(UNRELATED, encoding="utf-8")
    page = visitor.open(empty_site)
    page.get_by_role("tab", name="Ladda upp").click()
    page.locator("#upload-files input[type=file]").set_input_files(path)
    expect(page.locator("#upload-files")).to_contain_text("beslut")
    page.locator("#upload-start").click()
    expect(page.locator("#upload-progress")).to_contain_text("Namnet finns redan", timeout=PATIENCE_MS)
    page.locator("#upload-save").click()
    expect(page.locator("#upload-notice")).to_contain_text("Ange först om beslut.md")
    page.get_by_label("Eget dokument").check()
    page.locator("#upload-save").click()
    expect(page.locator("#upload-progress")).to_contain_text("Klart på", timeout=PATIENCE_MS)
    with empty_site.sessions() as session:
        after = {row.key: row.version for row in active_documents(session)}
    assert after == {**before, "beslut (2).md": 1}


def test_an_export_is_made_and_fetched(visitor: Visitor, site: Site) -> None:
    page = visitor.open(site)
    page.get_by_role("tab", name="Export").click()
    expect(page.locator("#export-count")).to_contain_text("4 flaggor")
    page.get_by_label("Protokoll, PDF").check()
    page.locator("#export-start").click()
    expect(page.locator("#export-told")).to_contain_text("Filen är klar: 4 flaggor")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Hämta filen").click()
    assert fetched.value.suggested_filename.endswith(".pdf")
    assert "Par 1 · Motsägelse" in read_report(Path(fetched.value.path()).read_bytes(), "pdf")
