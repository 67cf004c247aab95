"""Whether what a document says it replaces is another document: by number or title, or by its date and its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from analyzer.intake.dates import parse_date
from analyzer.records import Side
from analyzer.signals.organisation import ancestors, canonical, scope_relation

#: A statute's number, with the letters of its series where they stand there.
NUMBER = re.compile(r"(?<![\w:])(?:(?P<series>[A-ZÅÄÖ]{2,6})\s?)?(?P<number>\d{4}:\d{1,4})(?![\d:])")
#: What stands before a number in a title that only speaks of that document: "ändring i förordningen (2010:12)".
SPOKEN_OF = re.compile(r"(?:förordning|lag|föreskrift|beslut|kungörelse|instruktion|balk)(?:en|n|et|erna)\s*\(?$", re.I)
YEAR_LENGTH = len("2026")
#: Every four digits in a row, also those of longer numbers.
YEAR = re.compile(r"(?=(\d{4}))")
#: Words of some length, and names.
WORD = re.compile(r"[^\W\d_]{4,}|[A-ZÅÄÖ][^\W\d_]{2,}")
ASIDE = re.compile(r"\([^)]*\)")
#: Words are compared by their first letters; those of months, and such as name no matter, tell nothing.
LETTERS = 6
IDLE = frozenset(
    ("januar", "februa", "mars", "april", "maj", "juni", "juli", "august", "septem", "oktobe", "novemb", "decemb")
) | {"från", "till", "inom", "avseen", "gällan", "tidiga"}
GOVERNMENT = "Regeringen"
#: Share of the words of the shorter name that must stand in the other.
SAME = 0.7


def names(name: str, own: Side, other: Side) -> bool:
    """Whether `name`, which the document of `own` says it replaces, is the document of `other`.

    Titles and numbers as they stand; a statute's number in a title; else date or year, and most words of a title. Never
    a later document unless by its very title, nor one of another authority or a unit beside unless by its own number,
    or by a title that others hardly have.
    """
    if same_document(own, other):
        return False
    plain, title, others = name.casefold().strip(), other.document or "", _of_others(own.issuer, other.issuer)
    if title and plain == title.casefold().strip() and (not others or _is_particular(title, own, other)):
        return True
    if own.date and other.date and other.date > own.date:
        return False
    if other.registration_number and plain == other.registration_number.casefold().strip():
        return True
    if not title or others:
        return False
    if numbers := _numbers(name):
        return any(_same_number(one, two) for one in numbers for two in _own_numbers(title))
    when = parse_date(name)
    if when is None or not _dated(when, other):
        return False
    called, titled = _words(name), _words(title)
    shared = len(called & titled)
    alike = shared >= SAME * min(len(called), len(titled)) and bool(shared)
    return alike and (shared > 1 or (own.issuer is not None and own.issuer == other.issuer))


def same_document(one: Side, other: Side) -> bool:
    """Whether two sides stand in one document, by all that names it."""
    return (one.document, one.registration_number, one.date) == (other.document, other.registration_number, other.date)


class Documents:
    """Documents, each told by a side of it, to be found by what another calls them."""

    def __init__(self, sides: Sequence[Side]) -> None:
        self.sides = sides
        self.found_by: dict[str, list[int]] = {}
        self.of_year: dict[str, list[int]] = {}
        for at, side in enumerate(sides):
            title = side.document or ""
            told = {plain.casefold().strip() for plain in (title, side.registration_number) if plain}
            for key in told | ({number for _, number in _own_numbers(title)} if ":" in title else set()):
                self.found_by.setdefault(key, []).append(at)
            for year in {(side.date or "")[:YEAR_LENGTH], *YEAR.findall(title)}:
                self.of_year.setdefault(year, []).append(at)

    def named(self, name: str, own: Side) -> list[int]:
        """Positions of those that `name` is, see `names`, ascending."""
        when = parse_date(name)
        asked = {name.casefold().strip(), *(number for _, number in _numbers(name))}
        found = {at for key in asked for at in self.found_by.get(key, ())}
        if when:
            found |= {at for at in self.of_year.get(when[:YEAR_LENGTH], ()) if _dated(when, self.sides[at])}
        return sorted(at for at in found if names(name, own, self.sides[at]))


def _dated(when: str, side: Side) -> bool:
    """Whether a document is of that day, month or year, or has the year in its title."""
    return (side.date or "").startswith(when) or (len(when) == YEAR_LENGTH and when in (side.document or ""))


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


def _is_particular(title: str, own: Side, other: Side) -> bool:
    """Whether a title says more than what kind of document it is, within one authority."""
    return len(_words(title)) > 1 and _authority(own.issuer or "") == _authority(other.issuer or "")


def _authority(unit: str) -> str:
    """What a unit lies in right below the Government."""
    above = [name for name in (canonical(unit), *ancestors(unit)) if name != GOVERNMENT]
    return above[-1] if above else GOVERNMENT


@lru_cache(maxsize=100_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold()[:LETTERS] for word in WORD.findall(ASIDE.sub(" ", text))) - IDLE
