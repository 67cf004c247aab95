"""Uploads and draft checks on the real stages with the models that are shipped."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analyzer.store.queries import active_documents, counts
from tests.browser.conftest import Site, Visitor

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
    expect(page.get_by_text("styrsignaler jämfördes med")).to_be_visible(timeout=PATIENCE_MS)


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
    expect(page.get_by_text("2 dokument lästes, 1 kunde inte läsas.")).to_be_visible(timeout=PATIENCE_MS)
    skipped = page.locator("#upload-skipped [role=gridcell]")
    expect(skipped.first).to_have_text("program.pdf")
    assert len(skipped.nth(1).inner_text()) > 20
    expect(page.locator("#upload-documents")).to_contain_text("Beslut om hushållning i polisregion Öst")
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
    limit(page, 100)
    expect(page.locator("#draft-progress")).to_contain_text("inga konflikter funna")
    expect(first).to_be_hidden()
    check_draft(page, files["bibliotek.md"])
    with empty_site.sessions() as session:
        assert counts(session) == before, "a draft was stored"
