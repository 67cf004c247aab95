"""Pictures of every page over the example corpus, light and dark, as they stand in `docs/pages`.

    python -m benchmarks.pictures [--out docs/pages]

Documents are scanned, an administrator is added and the pages are served by the commands that users give.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Literal

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-c", "from analyzer.cli import main; main()"]
#: File name → label of the tab.
TABS = {
    "oversikt": "Översikt",
    "granska": "Granska",
    "dokument": "Dokument",
    "ladda-upp": "Ladda upp",
    "utkast": "Pröva utkast",
    "export": "Export",
    "konton": "Konton och logg",
}
NAME, PASSWORD = "ada", "korrekt häst batteri"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
#: Size of the window and of the stored picture, and its colours.
WINDOW, STORED, COLOURS = (1440, 1000), (960, 667), 128
#: Longest wait for the server, and for charts to be drawn, in seconds.
START, DRAWN = 120, 2.5


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the program over the example corpus, with one administrator."""
    (folder / "styrsignal.toml").write_text('access = "local"\n', encoding="utf-8")
    subprocess.run([*COMMAND, "scan", str(ROOT / "corpus" / "examples"), "-q"], cwd=folder, check=True)
    add = [*COMMAND, "users", "add", NAME, "--role", "administratör"]
    subprocess.run(add, cwd=folder, input=f"{PASSWORD}\n", text=True, check=True)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen([*COMMAND, "serve", "--port", str(port)], cwd=folder) as program:
        try:
            limit = time.monotonic() + START
            while time.monotonic() < limit:
                try:
                    httpx.get(address)
                    break
                except httpx.TransportError:
                    time.sleep(0.5)
            yield address
        finally:
            program.terminate()


def photograph(browser: Browser, address: str, scheme: Literal["light", "dark"], out: Path) -> None:
    """One picture of each page in one scheme."""
    width, height = WINDOW
    context = browser.new_context(
        locale="sv-SE", viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Namn").fill(NAME)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#overview-types a").first.wait_for()
    for name, label in TABS.items():
        page.get_by_role("tab", name=label, exact=True).click()
        time.sleep(DRAWN)
        store(page, out / f"{name}-{scheme}.png")
    context.close()


def store(page: Page, path: Path) -> None:
    """The window as a small picture."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB").resize(STORED, Image.Resampling.LANCZOS)
    picture.quantize(COLOURS).save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pages")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, served(Path(scratch)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme in SCHEMES:
            photograph(browser, address, scheme, out)
        browser.close()


if __name__ == "__main__":
    main()
