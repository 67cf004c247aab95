"""The audit log in the reader's language. What is kept stays as it was written: its hashes cover it to the letter."""

from __future__ import annotations

import json
from typing import Any

from ui.language import Language

#: Details whose values are the program's own words → the table that names them.
WORDS = {"role": "roles", "decision": "statuses", "reason": "dismissals"}
#: Objects that are a kind and a number.
NUMBERED = {"pair": "work.pair", "document": "accounts.document"}


def object_words(t: Language, thing: str) -> str:
    """With what something was done: "par 5"; as it stands where it has no name."""
    kind, _, number = thing.partition(" ")
    if kind in NUMBERED and number.isdecimal():
        return t(NUMBERED[kind], number=number)
    return t.name("objects", thing)


def detail_words(t: Language, details: str) -> str:
    """Details of a row in one line, without those that say nothing; as they stand where somebody has spoilt them."""
    try:
        told = [(name, value) for name, value in json.loads(details).items() if value not in ("", None)]
    except (ValueError, AttributeError):
        return details
    return ", ".join(f"{t.name('details', name)}: {value_words(t, name, value)}" for name, value in told)


def value_words(t: Language, name: str, value: Any) -> str:
    """A value as it is called elsewhere on the pages."""
    if name in WORDS:
        return t.name(WORDS[name], str(value)).lower()
    if name == "fields":
        return ", ".join(t.name("documents", field) for field in str(value).split(", ")).lower()
    return str(value)
