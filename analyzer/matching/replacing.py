"""Whether what a document says it replaces is another document: by number or title, or by its date and its words."""

from __future__ import annotations

import re
from functools import lru_cache

from analyzer.intake.dates import parse_date
from analyzer.records import Side

NUMBER = re.compile(r"(?<![\d:])\d{4}:\d{1,4}(?![\d:])")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?![\d:])")
WORD = re.compile(r"[^\W\d_]{4,}")
#: Words are compared by their first letters; those of months, and such as name no matter, tell nothing.
LETTERS = 6
IDLE = frozenset(
    ("januar", "februa", "mars", "april", "maj", "juni", "juli", "august", "septem", "oktobe", "novemb", "decemb")
) | {"från", "till", "inom", "avseen", "gällan", "tidiga"}
#: Share of the words of the shorter name that must stand in the other.
SAME = 0.7


def names(name: str, own: Side, other: Side) -> bool:
    """Whether `name`, which the document of `own` says it replaces, is the document of `other`.

    Titles and numbers as they stand; a statute's number in a title; else date or year, and most words of a title.
    """
    if other.document == own.document:
        return False
    plain = name.casefold().strip()
    if plain in {told.casefold().strip() for told in (other.document, other.registration_number) if told}:
        return True
    title = other.document or ""
    if not title or (own.date and other.date and other.date > own.date):
        return False
    if numbers := NUMBER.findall(name):
        return "ändring" not in title.casefold() and bool(set(numbers) & set(NUMBER.findall(title)))
    when = parse_date(name)
    if when is None or not _dated(when, other):
        return False
    called, titled = _words(name), _words(title)
    shared = len(called & titled)
    alike = shared >= SAME * min(len(called), len(titled)) and bool(shared)
    return alike and (shared > 1 or (own.issuer is not None and own.issuer == other.issuer))


def keys(name: str) -> set[str]:
    """What a name and the documents that it may be have in common, one of them at least."""
    return {name.casefold().strip(), *NUMBER.findall(name), *YEAR.findall(name)}


def document_keys(side: Side) -> set[str]:
    """The `keys` by which a side's document is found."""
    title = side.document or ""
    exact = {told.casefold().strip() for told in (side.document, side.registration_number) if told}
    return exact | set(NUMBER.findall(title)) | set(YEAR.findall(title)) | {(side.date or "")[:4]} - {""}


def _dated(when: str, side: Side) -> bool:
    """Whether a document is of that day, or of that year where no more is said."""
    return (side.date or "").startswith(when) or (
        len(when) == len("2026") and when in YEAR.findall(side.document or "")
    )


@lru_cache(maxsize=10_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(word[:LETTERS] for word in WORD.findall(text.casefold())) - IDLE
