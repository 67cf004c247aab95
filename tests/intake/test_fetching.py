"""Fetching from a mirror: a real server on loopback, with everything a bad day brings."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from analyzer.errors import NothingReadable, UsageError
from analyzer.intake import read_files
from analyzer.intake.fetching import fetch_documents
from analyzer.records import Document

LISTING = [
    {"url": "https://www.example.se/uppdrag/2026/01/ett/", "title": "Ett", "published": "2026-01-15"},
    {"url": "/uppdrag/2026/03/tva/", "title": "Två", "published": "2026-03-02"},
    {"url": "/uppdrag/2025/11/gammalt/", "title": "Gammalt", "published": "2025-11-20"},
    {"url": "/uppdrag/2026/04/borta/", "title": "Borta", "published": "2026-04-01"},
    "not an entry",
]
BODIES = {
    "/uppdrag.json": json.dumps(LISTING).encode(),
    "/uppdrag/2026/01/ett.md": "# Ett\n\nPolismyndigheten ska öka närvaron.\n".encode(),
    "/uppdrag/2026/03/tva.md": "# Två\n\nPolismyndigheten ska minska kostnaderna.\n".encode(),
    "/uppdrag/2025/11/gammalt.md": b"# Gammalt\n\nPolismyndigheten ska vila.\n",
    "/trasig.json": b"{nope",
    "/tom.json": b"[]",
}


class Mirror(BaseHTTPRequestHandler):
    """Answers with `BODIES`, 404 for the rest."""

    def do_GET(self) -> None:
        """One document."""
        body = BODIES.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def mirror() -> Iterator[str]:
    """Address of a running mirror."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def test_fetched_file_is_what_a_scan_reads(mirror: str, tmp_path: Path) -> None:
    out = tmp_path / "uppdrag.jsonl.gz"
    count, skipped = fetch_documents(mirror, "uppdrag", out, since="2026-01")
    assert count == 2
    assert [item.source for item in skipped] == ["/uppdrag/2026/04/borta/"]
    documents = [item for item in read_files([out]) if isinstance(item, Document)]
    assert [document.metadata.title for document in documents] == ["Två", "Ett"], "newest first"
    assert documents[0].metadata.date == "2026-03-02"


def test_most_and_since_bound_the_fetch(mirror: str, tmp_path: Path) -> None:
    out = tmp_path / "x.jsonl.gz"
    assert fetch_documents(mirror, "uppdrag", out, since="2025", most=2)[0] == 1  # the newest is gone
    with gzip.open(out, "rt", encoding="utf-8") as lines:
        assert [json.loads(line)["title"] for line in lines] == ["Två"]


@pytest.mark.parametrize("kind", ["trasig", "tom", "saknas"])
def test_listing_that_gives_nothing_is_one_sentence(mirror: str, tmp_path: Path, kind: str) -> None:
    with pytest.raises(NothingReadable):
        fetch_documents(mirror, kind, tmp_path / "x.jsonl.gz")
    assert not list(tmp_path.iterdir()), "no half file is left"


def test_only_web_addresses(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="webbadress"):
        fetch_documents("file:///etc", "passwd", tmp_path / "x.jsonl.gz")


def test_no_network_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NothingReadable, match="kontrollera nätet"):
        fetch_documents("http://127.0.0.1:9", "uppdrag", tmp_path / "x.jsonl.gz")
