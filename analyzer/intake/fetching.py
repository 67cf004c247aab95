"""Government documents through g0v.se, which mirrors regeringen.se: `/KIND.json` lists them, `PATH.md` is one's text.

Service and formats: https://github.com/civictechsweden/g0vse. Beside a chat model that a site sets up
(`analyzer.second_reader.chat`) the only code that opens a connection to another machine, and only when a person runs
`styrsignal fetch`.
"""

from __future__ import annotations

import gzip
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from analyzer.errors import NothingReadable, UsageError
from analyzer.progress import Progress, Silent
from analyzer.records import Skipped

SECONDS = 30
#: No listing or document of the service comes near this many bytes.
MOST_BYTES = 64 << 20


def fetch_documents(
    base: str, kind: str, out: Path, *, since: str = "", most: int = 10_000, progress: Progress | None = None
) -> tuple[int, list[Skipped]]:
    """Write the documents of one kind to `out` (.jsonl.gz), newest first. Returns how many, and what could not be had.

    Args:
        base: address of the service. kind: the listing's name, as "regeringsuppdrag". since: "YYYY-MM" or "".

    Raises:
        UsageError: the address or the file cannot be used. NothingReadable: the listing cannot be had or is empty.
    """
    if urlsplit(base).scheme not in ("http", "https"):
        raise UsageError(f"{base!r} är ingen webbadress; ange en som börjar med https://.")
    progress = progress or Silent()
    items = listed_items(base, kind, since)[:most]
    skipped: list[Skipped] = []
    progress.stage("fetch", len(items))
    partial = out.with_name(out.name + ".partial")
    count = 0
    try:
        with gzip.open(partial, "wt", encoding="utf-8") as stream:
            for record in fetched_records(base, kind, items, skipped, progress):
                stream.write(json.dumps(record, ensure_ascii=False) + "\n")
                count += 1
        os.replace(partial, out)
    except OSError as error:
        raise UsageError(f"{out} går inte att skriva ({error.strerror}); ange en annan fil.") from error
    finally:
        partial.unlink(missing_ok=True)
    return count, skipped


def fetched_records(
    base: str, kind: str, items: list[dict[str, Any]], skipped: list[Skipped], progress: Progress
) -> Iterator[dict[str, str]]:
    """One record a document, in the format that `styrsignal scan` reads."""
    for item in items:
        path = urlsplit(item["url"]).path.rstrip("/")
        try:
            text = get(f"{base.rstrip('/')}{path}.md").decode("utf-8")
            yield {
                "id": path.strip("/"),
                "kind": kind,
                "published": str(item.get("published") or "")[:10],
                "title": str(item.get("title") or ""),
                "text": text,
            }
        except (OSError, ValueError) as error:
            skipped.append(Skipped(item["url"], "unreachable", f"kunde inte hämtas ({error}); försök igen senare."))
        progress.advance()


def listed_items(base: str, kind: str, since: str) -> list[dict[str, Any]]:
    """The listing's entries published from `since` on, newest first."""
    address = f"{base.rstrip('/')}/{kind.strip('/')}.json"
    try:
        items = json.loads(get(address))
    except (OSError, ValueError) as error:
        raise NothingReadable(
            f"{address} går inte att läsa ({error}); kontrollera nätet och dokumentslaget."
        ) from error
    wanted = [
        item
        for item in items
        if isinstance(item, dict) and item.get("url") and str(item.get("published") or "") >= since
    ]
    if not wanted:
        raise NothingReadable(f"{address} har inga dokument från {since or 'någon tid'}; välj en tidigare månad.")
    return sorted(wanted, key=lambda item: (str(item.get("published") or ""), item["url"]), reverse=True)


def get(address: str) -> bytes:
    """The body of one answer.

    Raises:
        OSError: no answer, or one that is no document. ValueError: too large.
    """
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:
        body = answer.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise ValueError("svaret är för stort")
    return body
