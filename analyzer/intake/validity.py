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
_SPAN = re.compile(rf"({DATE})\s*(?:[–-]|{_TO})\s*({DATE})", _FLAGS)
_YEARS = re.compile(r"(?<![\d/:.-])((?:19|20)\d{2})(?:\s?[–-]\s?((?:19|20)\d{2}))?(?![\d/:.])")
_BUDGET = re.compile(r"för\s+budgetåret\s+(\d{4})", _FLAGS)
_LABELS = {
    name: re.compile(rf"^(?:{_DATA['labels'][name]})\s*:?\s*({DATE}.{{0,60}})$", _FLAGS)
    for name in ("valid_from", "valid_to", "period")
}
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
        span = _SPAN.search(line)
        if span and _LABELS["period"].match(line):
            return parse_date(span.group(1)), parse_date(span.group(2))
        if found := _LABELS["valid_from"].match(line):
            start = start or parse_date(found.group(1))
            if span:
                end = end or parse_date(span.group(2))
        elif found := _LABELS["valid_to"].match(line):
            end = end or parse_date(found.group(1))
    return start, end


def _from_sentences(text: str) -> tuple[str | None, str | None]:
    for found in _HOLDS.finditer(text):
        start, end = (parse_date(part) if part else None for part in found.groups())
        if start or end:
            return start, end
    found_force = _IN_FORCE.search(text)
    return (parse_date(found_force.group(1)) if found_force else None), None
