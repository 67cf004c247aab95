"""Swedish dates in running text, as ISO 8601 cut to the precision that is stated."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
_MONTH = "|".join(_MONTHS)
#: One date: ISO, day month year, month year, or a year alone.
DATE = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|(?:den\s+)?\d{{1,2}}\s+(?:{_MONTH})\s+\d{{4}}|(?:{_MONTH})\s+\d{{4}}"
    r"|\d{4}-\d{2}|(?:år\s+)?\d{4})"
)
_DAY = re.compile(rf"(?:den\s+)?(\d{{1,2}})\s+({_MONTH})\s+(\d{{4}})", re.IGNORECASE)
_WORDED_MONTH = re.compile(rf"({_MONTH})\s+(\d{{4}})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_YEARS = range(1600, 2200)


def parse_date(text: str) -> str | None:
    """The first date in `text`: "den 1 mars 2026" → 2026-03-01, "mars 2026" → 2026-03, "2026" → 2026.

    None when there is none, or when it names a day that no calendar has.
    """
    if found := _DAY.search(text):
        return _iso(int(found.group(3)), _MONTHS.index(found.group(2).lower()) + 1, int(found.group(1)))
    if found := _WORDED_MONTH.search(text):
        return _iso(int(found.group(2)), _MONTHS.index(found.group(1).lower()) + 1, None)
    if found := _ISO.search(text):
        year, month, day = found.groups()
        return _iso(int(year), int(month) if month else None, int(day) if day else None)
    return None


def _iso(year: int, month: int | None, day: int | None) -> str | None:
    if year not in _YEARS:
        return None
    try:
        checked = date(year, month or 1, day or 1).isoformat()
    except ValueError:
        return None
    return checked if day else checked[:7] if month else checked[:4]


def first_day(text: str) -> str:
    """The first day of a date that is cut short."""
    return text + "-01-01"[3 * (text.count("-")) :] if len(text) < 10 else text


def last_day(text: str) -> str:
    """The last day of a date that is cut short."""
    if len(text) == 4:
        return f"{text}-12-31"
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        following = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1).isoformat()
    return text
