"""Whether what a document says it replaces is another document: by number or title, or by its date and its words."""

from __future__ import annotations

import re
from functools import lru_cache

from analyzer.intake.dates import parse_date
from analyzer.records import Side
from analyzer.signals.organisation import scope_relation

#: A statute's number, with the letters of its series where they stand there.
NUMBER = re.compile(r"(?<![\w:])(?:(?P<series>[A-ZÅÄÖ]{2,6})\s?)?(?P<number>\d{4}:\d{1,4})(?![\d:])")
#: What stands before a number in a title that only speaks of that document: "ändring i förordningen (2010:12)".
SPOKEN_OF = re.compile(r"(?:förordning|lag|föreskrift|beslut|kungörelse|instruktion|balk)(?:en|n|et|erna)\s*\(?$", re.I)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?![\d:])")
#: Words of some length, and names.
WORD = re.compile(r"[^\W\d_]{4,}|[A-ZÅÄÖ][^\W\d_]{2,}")
ASIDE = re.compile(r"\([^)]*\)")
#: Words are compared by their first letters; those of months, and such as name no matter, tell nothing.
LETTERS = 6
IDLE = frozenset(
    ("januar", "februa", "mars", "april", "maj", "juni", "juli", "august", "septem", "oktobe", "novemb", "decemb")
) | {"från", "till", "inom", "avseen", "gällan", "tidiga"}
#: Share of the words of the shorter name that must stand in the other.
SAME = 0.7


def names(name: str, own: Side, other: Side) -> bool:
    """Whether `name`, which the document of `own` says it replaces, is the document of `other`.

    Titles and numbers as they stand; a statute's number in a title; else date or year, and most words of a title. Never
    a later document, nor one of another authority unless its own number is given.
    """
    if same_document(own, other) or (own.date and other.date and other.date > own.date):
        return False
    plain = name.casefold().strip()
    if other.registration_number and plain == other.registration_number.casefold().strip():
        return True
    title = other.document or ""
    if not title or _of_others(own.issuer, other.issuer):
        return False
    if plain == title.casefold().strip():
        return True
    if numbers := _numbers(name):
        return any(_same_number(one, two) for one in numbers for two in _own_numbers(title))
    when = parse_date(name)
    if when is None or when not in _dates(other):
        return False
    called, titled = _words(name), _words(title)
    shared = len(called & titled)
    alike = shared >= SAME * min(len(called), len(titled)) and bool(shared)
    return alike and (shared > 1 or (own.issuer is not None and own.issuer == other.issuer))


def same_document(one: Side, other: Side) -> bool:
    """Whether two sides stand in one document, by all that names it."""
    return (one.document, one.registration_number, one.date) == (other.document, other.registration_number, other.date)


def keys(name: str) -> set[str]:
    """What a name and the documents that it may be have in common, one of them at least."""
    when = parse_date(name)
    dated = {f"{when} {word}" for word in _words(name)} if when else set()
    return {name.casefold().strip(), *(number for _, number in _numbers(name))} | dated


def document_keys(side: Side) -> set[str]:
    """The `keys` by which a side's document is found."""
    title = side.document or ""
    exact = {told.casefold().strip() for told in (side.document, side.registration_number) if told}
    dated = {f"{when} {word}" for when in _dates(side) for word in _words(title)}
    return exact | {number for _, number in _own_numbers(title)} | dated


def _dates(side: Side) -> set[str]:
    """The day of a side's document, and that day cut short to month and year; the years that its title names."""
    day = side.date or ""
    return {cut for cut in (day, day[:7], day[:4]) if cut} | set(YEAR.findall(side.document or ""))


def _numbers(text: str) -> list[tuple[str, str]]:
    """Series, "" where none is given, and number."""
    return [(found["series"] or "", found["number"]) for found in NUMBER.finditer(text)]


def _own_numbers(title: str) -> list[tuple[str, str]]:
    """The numbers by which a document with this title may go itself."""
    own = [found for found in NUMBER.finditer(title) if not SPOKEN_OF.search(title[: found.start()])]
    return [(found["series"] or "", found["number"]) for found in own]


def _same_number(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[1] == other[1] and (one[0] == other[0] or not (one[0] and other[0]))


@lru_cache(maxsize=10_000)
def _of_others(own: str | None, other: str | None) -> bool:
    """Whether two issuers are known to be different authorities or units beside each other."""
    if not own or not other or own == other:
        return False
    return scope_relation((own,), (other,)) in ("sibling", "disjoint")


@lru_cache(maxsize=100_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold()[:LETTERS] for word in WORD.findall(ASIDE.sub(" ", text))) - IDLE
