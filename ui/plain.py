"""Text from documents and people, made safe for Markdown components: shown as it stands, never as markup."""

from __future__ import annotations

import re

PUNCTUATION = re.compile(r"[^\w\s]|_")


def plain(text: str | None) -> str:
    """The text on one line with every punctuation mark as a character reference.

    Neither Markdown nor HTML gives meaning to a character reference, so no link, image, tag, list or emphasis arises.
    """
    return PUNCTUATION.sub(lambda mark: f"&#{ord(mark.group())};", " ".join((text or "").split()))


def shorten(text: str, limit: int) -> str:
    """The text on one line, cut between words to at most `limit` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    return (head[: head.rfind(" ")] if " " in head[limit // 2 :] else head).rstrip(" ,;:") + "…"
