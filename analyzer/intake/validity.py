"""From when until when a document holds, where it says so of itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files

from .dates import DATE, first_day, last_day, parse_date

_DATA = tomllib.loads(files(__package__).joinpath("metadata.toml").read_text(encoding="utf-8"))
_SUBJECT = _DATA["validity"]["subject"]
_YEARLY = frozenset(_DATA["validity"]["yearly"])
_FROM = r"(?:från\s+och\s+med|fr\.?\s?o\.?\s?m\.?|från)"
_TO = r"(?:till\s+och\s+med|t\.?\s?o\.?\s?m\.?|till)"
_FLAGS = re.IGNORECASE
_HOLDS = re.compile(
    rf"{_SUBJECT}\s+(?:ska\s+)?gäll(?:er|a)\s+(?:{_FROM}\s+({DATE}))?\s*(?:(?:och\s+)?{_TO}\s+({DATE}))?", _FLAGS
)
_IN_FORCE = re.compile(rf"{_SUBJECT}\s+träder\s+i\s+kraft\s+({DATE})", _FLAGS)
_YEARS = re.compile(r"(?<![\d/:.-])((?:19|20)\d{2})(?:\s?[–-]\s?((?:19|20)\d{2}))?(?![\d/:.])")
_BUDGET = re.compile(r"för\s+budgetåret\s+(\d{4})", _FLAGS)
#: A label and what stands after it: a whole line of any length after a colon, little more than a date without one.
_LABELS = {
    name: re.compile(rf"^(?:{_DATA['labels'][name]})\s*(?::\s*(\S.*)|({DATE}.{{0,60}}))$", _FLAGS)
    for name in ("valid_from", "valid_to", "period")
}
_SAID_FROM = re.compile(
    rf"(?:tills\s+vidare\s+)?(?:{_FROM}\s+)?({DATE})(?:\s*(?:[–-]|,?\s*(?:och\s+)?{_TO})\s*({DATE}))?", _FLAGS
)
_SAID_TO = re.compile(rf"{_TO}\s+({DATE})", _FLAGS)
#: A year by itself, which nothing follows that would make two of it.
_SAID_YEAR = re.compile(r"(?:(?:budget|kalender|verksamhets)året\s+|år\s+)?(\d{4})\s*(?:$|[.;,(])", _FLAGS)
#: A document speaks of itself at its beginning and at its end.
_START_CHARS, _END_CHARS = 3_000, 2_000


def find_validity(
    title: str, lines: Sequence[str], text: str, document_type: str | None
) -> tuple[str | None, str | None]:
    """(first day, last day), ISO dates in full; None where it is not said.

    Labels in the head win over sentences, which win over the years that a plan's title names.
    """
    start, end = _from_labels(lines)
    if not start and not end:
        start, end = _from_sentences(text[:_START_CHARS] + "\n" + text[_START_CHARS:][-_END_CHARS:])
    if not start and not end and (found := _BUDGET.search(title) or _BUDGET.search(text[:_START_CHARS])):
        start = end = found.group(1)
    if not start and not end and document_type in _YEARLY and (found := _YEARS.search(title)):
        start, end = found.group(1), found.group(2) or found.group(1)
    return first_day(start) if start else None, last_day(end) if end else None


def _from_labels(lines: Sequence[str]) -> tuple[str | None, str | None]:
    start = end = None
    for line in lines:
        for name, label in _LABELS.items():
            if found := label.match(line):
                said = _read_said(found.group(1) or found.group(2), name)
                start, end = start or said[0], end or said[1]
                break
    return start, end


def _read_said(said: str, label: str) -> tuple[str | None, str | None]:
    """What a label's value says: "från och med …", "till och med …", "… – …", a date, or a year as a whole."""
    if until := _SAID_TO.match(said):
        return None, parse_date(until.group(1))
    if label == "period" and (year := _SAID_YEAR.match(said)):
        return year.group(1), year.group(1)
    if not (found := _SAID_FROM.match(said)):
        return None, None
    start, end = (parse_date(date) if date else None for date in found.groups())
    return (None, start) if label == "valid_to" else (start, end)


def _from_sentences(text: str) -> tuple[str | None, str | None]:
    for found in _HOLDS.finditer(text):
        start, end = (parse_date(part) if part else None for part in found.groups())
        if start or end:
            return start, end
    found_force = _IN_FORCE.search(text)
    return (parse_date(found_force.group(1)) if found_force else None), None
